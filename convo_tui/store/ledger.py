"""Changing the folder: every change goes through here, and can be taken back."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from convo_tui.clock import Clock
from convo_tui.core import edits, match
from convo_tui.core.contradiction import Decision
from convo_tui.core.dates import DateOrder
from convo_tui.core.errors import ConvoError, Refused
from convo_tui.core.ids import new_id
from convo_tui.core.models import Relationship
from convo_tui.core.sides import called
from convo_tui.core.summary import Summary
from convo_tui.paths import Places
from convo_tui.store import files, system, trash
from convo_tui.store.by_hand import Copy, taken
from convo_tui.store.changes import Changes, Edit
from convo_tui.store.errors import Damage, Unwritable
from convo_tui.store.shelf import Shelf
from convo_tui.store.undo import Change


class Ledger(Shelf):
    """The relationships of a folder, for reading and changing."""

    def __init__(self, places: Places, clock: Clock, date_order: DateOrder = None) -> None:
        super().__init__(places, clock, date_order)
        self._changes = Changes(places, clock.zone, clock.now)

    @property
    def trouble(self) -> str:
        """Why the index, or what can be taken back, is not kept between runs; empty when they are."""
        return super().trouble or self._changes.trouble

    def notices(self) -> list[str]:
        """Return what there is to know about the files written since this was last asked."""
        told, self._changes.notices = [*super().notices(), *self._changes.notices], []
        return told

    def close(self) -> None:
        """Let go of the index, and of what can be taken back."""
        super().close()
        self._changes.close()

    def new_id(self) -> str:
        """Return a fresh id for something that comes to be now."""
        return new_id(self.clock.today())

    def create(self, name: str, kind: str = "person", *, another: bool = False, **fields: Any) -> Summary:
        """Make a new relationship and return it.

        Raises:
            Refused: when one of that name exists and `another` is False, or a field does not validate.
        """
        relationship = edits.new_relationship(self.new_id(), name, kind, **fields)
        same = [each for each in self.summaries() if match.slug(each.name) == match.slug(name) != ""]
        if same and not another:
            raise Refused(f"{same[0].name} is here already ({same[0].file}); --another makes a second of that name")
        (file,) = self.add([relationship])
        # One that cannot be read back stands there all the same, under the name of its file.
        return self.index.summary(relationship.id) or self.summary(file)

    def add(self, relationships: Iterable[Relationship]) -> list[str]:
        """Write a new file for each of these, and return their names. Raises Conflict, Unwritable."""
        new = list(relationships)
        if not new:
            return []
        what = f"new {new[0].name}" if len(new) == 1 else f"{len(new)} new relationships"
        made: list[str] = []
        try:
            self._changes.create(what, new, made)
        finally:
            self._reread(made)
        return made

    def change(self, key: str, what: str, edit: Edit) -> Relationship:
        """Do an edit on what stands in the file of a relationship, save it, and return the result.

        Raises:
            Refused: when the edit goes against a rule, or the relationship is read-only.
            Damage, Conflict, Unwritable: when the file cannot be read or saved; nothing is done then.
        """
        return self.change_all(what, {key: edit})[0]

    def change_all(self, what: str, changes: Mapping[str, Edit]) -> list[Relationship]:
        """Do an edit on the file of each of these keys, all or none; raises what `change` does.

        When no edit changed anything, nothing can be taken back either: `last_change` is the same as before.
        """
        work = [(self.writable(key).file, edit) for key, edit in changes.items()]
        result = self._changes.edit(what, work)
        self._reread(file for file, _ in work)
        return result

    def _reread(self, files: Iterable[str]) -> None:
        """Read what was written; where that fails it is done before the next answer, as the change is made."""
        try:
            self.refresh(files)
        except Damage:
            self._is_read = False

    # ── by hand ──────────────────────────────────────────────────────────────────────────────────────────

    def scratch(self) -> Path:
        """Return a new private folder that stays until it is removed, for a text that is edited elsewhere.

        Raises Unwritable.
        """
        files.make_folder(self.places.kept)
        try:
            return Path(tempfile.mkdtemp(prefix="edit-", dir=self.places.kept))
        except OSError as error:
            raise Unwritable(self.places.kept, system.why_unwritable(error)) from None

    def copy_of(self, summary: Summary) -> Copy:
        """Return a copy of a file, also of a damaged one, to be edited; `take` takes what was done to it.

        Raises Damage, Unwritable.
        """
        base = self.text(summary)
        copy = Copy(summary, self.scratch() / summary.file, base)
        try:
            system.write_new(copy.path, base)
        except OSError as error:
            shutil.rmtree(copy.path.parent, ignore_errors=True)
            raise Unwritable(copy.path, system.why_unwritable(error)) from None
        return copy

    def take(self, copy: Copy, decision: Decision | None = None) -> bool:
        """Take what was edited by hand, merged with what others wrote meanwhile; return whether there was anything.

        The copy goes then. With a `decision` what was not kept is put into the folder of what lost.

        Raises:
            Contradiction: when another program has changed the same, and nobody has decided yet about just that.
            Damage, Refused: when it is no relationship, or another one than it was.
            Conflict, Unwritable: when it cannot be saved. Whatever is raised: the copy stays, and is named.
        """
        is_changed = copy.is_changed
        if is_changed:
            try:
                self._take(copy, decision)
            except ConvoError as error:
                where = "" if str(copy.path) in str(error) else f" in {copy.path}"
                error.args = (f"{error}; the file is as it was, your edit is kept{where}",)
                raise
        with suppress(OSError):
            shutil.rmtree(copy.path.parent, ignore_errors=True)
        return is_changed

    def _take(self, copy: Copy, decision: Decision | None) -> None:
        path = self.path(copy.summary)
        if decision is not None and decision.lost:  # first: what cannot be kept must not lose
            self.keep_aside(f"{path.stem}.md", decision.lost)
        self._changes.replace(
            f"edit {copy.summary.name}",
            copy.summary.file,
            lambda stands: taken(copy, stands, path, self.clock.zone, decision),
        )
        self._reread([copy.summary.file])

    def keep_aside(self, name: str, text: str) -> Path:
        """Keep a text that lost to another for as long as such are kept; return where. Raises Unwritable."""
        return trash.put(self.places.kept, name, text.encode("utf-8", "replace"), self.clock.now())

    # ── whole relationships ──────────────────────────────────────────────────────────────────────────────

    def delete(self, key: str, identity: str | None = None) -> Path:
        """Move a relationship, or the entry of it with this id, to the trash, its references removed; return where."""
        summary = self.writable(key)
        now = self._catalog.document(summary.file).relationship
        gone = {identity} if identity else edits.identities(now)
        without: Edit = partial(edits.without_references, gone=gone)
        naming = [each for each in self.index.naming(gone) if each.key != key]
        others = [
            (self.writable(each.key).file, without)
            for each in naming
            if without(other := self._catalog.document(each.file).relationship) is not other
        ]
        if identity is None:
            kept = self._changes.remove(f"delete {summary.name}", summary.file, others)
        else:
            what = f"delete {called(now, identity)} of {summary.name}"
            kept = self._changes.remove_entry(what, summary.file, identity, others)
        self._reread([summary.file, *(file for file, _ in others)])
        return kept

    def join(self, key: str, other: str) -> Path:
        """Make the relationship `other` part of that with this key; return where its file is kept now.

        Raises:
            Refused: when they are one already, of two kinds, or read-only.
            NotFound, Damage, Conflict, Unwritable: with nothing joined.
        """
        into, gone = self.writable(key), self.writable(other)
        if into.key == gone.key:
            raise Refused(f"{into.name} is one relationship already; name two")
        kept = self._changes.join(f"join {gone.name} to {into.name}", into.file, gone.file)
        self._reread([into.file, gone.file])
        return kept

    # ── taking back ──────────────────────────────────────────────────────────────────────────────────────

    def together(self, what: str) -> AbstractContextManager[None]:
        """Make one change of all that is done inside, to be taken back at once."""
        return self._changes.together(what)

    @property
    def last_change(self) -> Change | None:
        """What was done last in this run and can be taken back; None when there is nothing."""
        return self._changes.last(own=True)

    def undo(self, *, own: bool = False) -> Change:
        """Take the last change back, whichever program did it, and return it; `own`: the last of this run.

        Raises:
            Refused: with the reason when it cannot be; then it is put aside, and the one before it is the last.
            NotFound, Damage, Conflict, Unwritable: with nothing taken back.
        """
        change = self._changes.undo(own=own)
        self._reread(change.files)
        return change

    def redo(self) -> Change:
        """Do what was taken back last again, and return it. Raises what `undo` does."""
        change = self._changes.redo()
        self._reread(change.files)
        return change

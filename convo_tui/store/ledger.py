"""Changing the folder: every change goes through here, and can be taken back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from convo_tui.clock import Clock
from convo_tui.core import edits, match
from convo_tui.core.dates import DateOrder
from convo_tui.core.errors import Refused
from convo_tui.core.ids import new_id
from convo_tui.core.models import Relationship
from convo_tui.core.summary import Summary
from convo_tui.paths import Places
from convo_tui.store import files
from convo_tui.store.changes import Change, Changes, Edit
from convo_tui.store.shelf import Shelf


class Ledger(Shelf):
    """The relationships of a folder, for reading and changing."""

    def __init__(self, places: Places, clock: Clock, date_order: DateOrder = None) -> None:
        super().__init__(places, clock, date_order)
        self._changes = Changes(places, clock.zone, clock.now)

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
        self.add([relationship])
        return self.summary(relationship.id)

    def add(self, relationships: Iterable[Relationship]) -> None:
        """Write a new file for each of these. Raises Conflict, Unwritable."""
        made: list[str] = []
        try:
            made += (self._changes.create(each) for each in relationships)
        finally:
            self.refresh(made)

    def change(self, key: str, what: str, edit: Edit) -> Relationship:
        """Do an edit on what stands in the file of a relationship, save it, and return the result.

        Raises:
            Refused: when the edit goes against a rule, or the relationship is read-only.
            Damage, Conflict, Unwritable: when the file cannot be read or saved; nothing is done then.
        """
        return self.change_all(what, {key: edit})[0]

    def change_all(self, what: str, changes: Mapping[str, Edit]) -> list[Relationship]:
        """Do an edit on the file of each of these keys, all or none; raises what `change` does.

        When no edit changed anything, nothing can be taken back either: `last_change` is the same object as before.
        """
        work = [(self.writable(key).file, edit) for key, edit in changes.items()]
        result = self._changes.edit(what, work)
        self.refresh(file for file, _ in work)
        return result

    def scratch(self) -> Path:
        """Return a new private folder that stays until it is removed, for a text that is edited elsewhere."""
        files.make_folder(self.places.kept)
        return Path(tempfile.mkdtemp(prefix="edit-", dir=self.places.kept))

    def replace(self, summary: Summary, edited: Path, base: bytes) -> Relationship:
        """Put `edited`, a copy of `base` changed by hand, in the place of a file; a damaged one may be repaired so.

        Raises:
            Damage: naming `edited`, when it is no relationship.
            Refused: when the id of a sound file was changed, or the format is a newer one.
            Conflict, Unwritable: when the file has changed since, or cannot be saved.
        """
        identity = "" if summary.problem else summary.id
        result = self._changes.replace(f"edit {summary.name}", summary.file, edited, base, identity)
        self.refresh([summary.file])
        return result

    def delete(self, key: str, identity: str | None = None) -> Path:
        """Move a relationship, or the entry of it with this id, to the trash, its references removed; return where."""
        summary = self.writable(key)
        gone = {identity} if identity else edits.identities(self._catalog.document(summary.file).relationship)
        without: Edit = partial(edits.without_references, gone=gone)
        naming = [each for each in self.index.naming(gone) if each.key != key]
        others = [
            (self.writable(each.key).file, without)
            for each in naming
            if without(now := self._catalog.document(each.file).relationship) is not now
        ]
        if identity is None:
            kept = self._changes.remove(f"delete {summary.name}", summary.file, others)
        else:
            kept = self._changes.remove_entry(f"delete from {summary.name}", summary.file, identity, others)
        self.refresh([summary.file, *(file for file, _ in others)])
        return kept

    @property
    def last_change(self) -> Change | None:
        """What was done last and can be taken back; None when there is nothing."""
        return self._changes.last

    def undo(self) -> Change:
        """Take the last change back. Raises Refused with the reason when it cannot be."""
        change = self._changes.undo()
        self.refresh(step.file for step in change.steps)
        return change

    def redo(self) -> Change:
        """Do what was taken back again. Raises Refused with the reason when it cannot be."""
        change = self._changes.redo()
        self.refresh(step.file for step in change.steps)
        return change

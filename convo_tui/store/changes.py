"""Changing files: each change is an edit redone on what stands in the file, under its lock, and can be taken back."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from pathlib import Path

from convo_tui.core import edits
from convo_tui.core.errors import ConvoError, NotFound, Refused
from convo_tui.core.inverse import reverted
from convo_tui.core.match import slug
from convo_tui.core.models import Relationship
from convo_tui.paths import Places
from convo_tui.store import codec, files, system
from convo_tui.store.errors import Conflict, Damage, Unwritable

Edit = Callable[[Relationship], Relationship]

_TRIES = 5
"""How often an edit is done again on what a writer that ignores our lock has put there meanwhile."""

_LONGEST_STEM = 80
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""Names that Windows keeps for itself."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a change did to one file: `before` is None when it made the file, `after` when it removed it."""

    file: str
    before: codec.Document | None
    after: codec.Document | None

    @property
    def changed(self) -> bool:
        """Whether it changed the file at all."""
        return self.before is None or self.after is None or self.before.text != self.after.text


@dataclass(frozen=True, slots=True)
class Change:
    """What a person did, in words, and what that did to each file."""

    what: str
    steps: tuple[Step, ...]


class Changes:
    """Writes the files of one folder, and remembers what can be taken back."""

    def __init__(self, places: Places, zone: tzinfo, now: Callable[[], datetime]) -> None:
        self._places, self._zone, self._now = places, zone, now
        self._done: list[Change] = []
        self._undone: list[Change] = []

    # ── doing ────────────────────────────────────────────────────────────────────────────────────────────

    def edit(self, what: str, work: Sequence[tuple[str, Edit]]) -> list[Relationship]:
        """Do each edit on its file, all or none; return the relationships as they stand now.

        Raises:
            Refused, NotFound: when an edit goes against a rule.
            Damage, Conflict, Unwritable: when a file cannot be read or saved.
        """
        steps: list[Step] = []
        try:
            for file, edit in work:
                steps.append(self._step(file, edit))
        except BaseException as error:  # an interrupt too: all or none
            self._take_back(steps, error)
            raise
        self._remember(what, steps)
        return [step.after.relationship for step in steps if step.after is not None]

    def create(self, relationship: Relationship) -> str:
        """Write a new file for a relationship and return its name."""
        files.make_folder(self._places.journal)
        text = codec.write(relationship)
        for stem in _stems(relationship):
            file = f"{stem}.toml"
            try:
                self._save(file, text, None)
            except Conflict:
                continue
            self._remember(
                f"new {relationship.name}", [Step(file, None, codec.Document(text, relationship, self._zone))]
            )
            return file
        raise Conflict(self._places.journal, f"there is a file for {relationship.name} already")

    def replace(self, what: str, file: str, edited: Path, base: bytes, identity: str) -> Relationship:
        """Put `edited`, a copy of a file changed by hand, in its place, and return what it says.

        `base` is what was copied; `identity` the id that it must have, empty when any will do.

        Raises:
            Damage: naming `edited`, when it is no relationship.
            Refused: when its id was changed, or it is of a newer format.
            Conflict, Unwritable: when the file no longer holds `base`, or cannot be saved.
        """
        data = files.read(edited)
        after = _document(edited, data, self._zone)
        if identity and after.relationship.id != identity:
            raise Refused(f"{edited}: the id of a relationship never changes; it was {identity}")
        if not after.relationship.is_writable:
            raise Refused(f"{edited}: format {after.relationship.format} is newer than this Convo can write")
        path = self._path(file)
        with files.locked(path, self._places.locks):
            files.save(path, data, base, self._places.kept)
        with suppress(codec.Malformed):  # a file that was damaged cannot be had back
            self._remember(what, [Step(file, codec.read(base, self._zone), after)])
        return after.relationship

    def remove(self, what: str, file: str, others: Sequence[tuple[str, Edit]]) -> Path:
        """Move a file to the trash, and do the edits that take the references to it out of the others.

        Return where it is now.
        """
        before = self._read(file)
        kept = self.trash(file, before.text)
        steps = [Step(file, before, None)]
        self._unlink(file, before.text)
        try:
            for other, edit in others:
                steps.append(self._step(other, edit))
        except BaseException as error:
            self._take_back(steps, error)
            raise
        self._remember(what, steps)
        return kept

    def remove_entry(self, what: str, file: str, identity: str, others: Sequence[tuple[str, Edit]]) -> Path:
        """Move the entry of a file with this id to the trash, and do the edits that take its references away.

        Return where it is now.
        """
        import tomli_w

        relationship = self._read(file).relationship
        table = edits.table_of(relationship, identity)
        if table is None:
            raise NotFound(f"{relationship.name} has nothing with the id {identity}")
        entry = next(each for each in getattr(relationship, table) if each.id == identity)
        kept = self.trash(f"{file.removesuffix('.toml')}-{identity}.toml", tomli_w.dumps({table: [entry.to_file()]}))
        self.edit(what, [(file, lambda now: edits.removed(now, identity)), *others])
        return kept

    def trash(self, name: str, text: str) -> Path:
        """Keep what is about to be deleted in the state folder; return where."""
        files.make_folder(self._places.trash)
        kept = self._places.trash / f"{self._now():%Y%m%dT%H%M%S}-{name}"
        for count in range(1, 1000):
            try:
                files.save(kept, text.encode(), None, self._places.kept)
                return kept
            except Conflict:
                kept = kept.with_name(f"{self._now():%Y%m%dT%H%M%S}-{count}-{name}")
        raise Conflict(kept, "the trash is full of files of this name; empty it")

    @property
    def last(self) -> Change | None:
        """What was done last and can be taken back."""
        return self._done[-1] if self._done else None

    # ── taking back ──────────────────────────────────────────────────────────────────────────────────────

    def undo(self) -> Change:
        """Take the last change back and return it. Raises Refused when there is none, or its place has changed."""
        if not self._done:
            raise Refused("there is nothing to take back")
        change = self._done[-1]
        self._reverse(change.steps)
        self._undone.append(self._done.pop())
        return change

    def redo(self) -> Change:
        """Do the change that was taken back last again. Raises Refused when there is none."""
        if not self._undone:
            raise Refused("there is nothing to do again")
        change = self._undone[-1]
        self._reverse([Step(step.file, step.after, step.before) for step in change.steps])
        self._done.append(self._undone.pop())
        return change

    def _remember(self, what: str, steps: Sequence[Step]) -> None:
        changed = tuple(step for step in steps if step.changed)
        if changed:
            self._done.append(Change(what, changed))
            self._undone.clear()

    def _take_back(self, steps: Sequence[Step], error: BaseException) -> None:
        """Take all of these steps back, as `error` came between; it names the files for which that fails."""
        left: list[str] = []
        for step in reversed([step for step in steps if step.changed]):
            try:
                self._reverse_one(step)
            except ConvoError as reason:
                left.append(f"{self._path(step.file)} stays changed, look at it ({reason})")
        if left:
            error.args = ("; ".join([str(error) or type(error).__name__, *left]),)

    def _reverse(self, steps: Sequence[Step]) -> None:
        """Take all of these steps back, the last first, or none."""
        reversed_: list[Step] = []
        try:
            for step in reversed(steps):
                self._reverse_one(step)
                reversed_.append(Step(step.file, step.after, step.before))
        except BaseException as error:
            self._take_back(reversed_, error)
            raise

    def _reverse_one(self, step: Step) -> None:
        if step.before is None:
            assert step.after is not None
            self._unmake(step.file, step.after)
        elif step.after is None:
            self._save(step.file, step.before.text, None)
        else:
            before, after = step.before.relationship, step.after.relationship
            self._step(step.file, partial(reverted, before=before, after=after), step)

    def _unmake(self, file: str, made: codec.Document) -> None:
        if self._read(file).relationship != made.relationship:
            raise Refused(f"{made.relationship.name} has changed since it was made; delete it instead")
        self.trash(file, made.text)
        self._unlink(file, made.text)

    # ── one file ─────────────────────────────────────────────────────────────────────────────────────────

    def _path(self, file: str) -> Path:
        return self._places.journal / file

    def _read(self, file: str) -> codec.Document:
        return _document(self._path(file), files.read(self._path(file)), self._zone)

    def _step(self, file: str, edit: Edit, undone: Step | None = None) -> Step:
        """Do an edit on what stands in a file. Where that is just what `undone` left, the text that it found, with all
        its comments, is what the edit leads to."""
        path = self._path(file)
        tries = 0
        while True:
            tries += 1
            with files.locked(path, self._places.locks):
                data = files.read(path)
                before = _document(path, data, self._zone)
                if not before.relationship.is_writable:
                    raise Refused(f"{path}: was written by a newer Convo; it is shown, never changed")
                after = edit(before.relationship)
                if after == before.relationship:
                    return Step(file, before, before)
                text = codec.splice(before, after)
                if undone and undone.before and undone.after and undone.after.text == before.text:
                    text = undone.before.text
                try:
                    files.save(path, text.encode(), data, self._places.kept)
                except Conflict:
                    if tries < _TRIES:
                        continue
                    raise
            return Step(file, before, codec.Document(text, after, self._zone))

    def _unlink(self, file: str, text: str) -> None:
        path = self._path(file)
        with files.locked(path, self._places.locks):
            if files.read(path) != text.encode():
                raise Conflict(
                    path, "another program changed it meanwhile; it was not removed: look at it and try again"
                )
            try:
                path.unlink()
                system.sync_folder(path.parent)
            except OSError as error:
                raise Unwritable(path, system.why_unwritable(error)) from None

    def _save(self, file: str, text: str, base: bytes | None) -> None:
        path = self._path(file)
        with files.locked(path, self._places.locks):
            files.save(path, text.encode(), base, self._places.kept)


def _document(path: Path, data: bytes, zone: tzinfo) -> codec.Document:
    try:
        return codec.read(data, zone)
    except codec.Malformed as problem:
        raise Damage(path, problem.line, problem.reason) from None


def _stems(relationship: Relationship) -> list[str]:
    """Return the file names to try: "an ASCII slug of the name; `-` + the end of the id when taken, or when the slug
    is empty" (CONTRACT.md, "The journal folder")."""
    plain = slug(unicodedata.normalize("NFC", relationship.name))[:_LONGEST_STEM].strip("-")
    ending = relationship.id.rpartition("-")[2]
    if not plain or _RESERVED.fullmatch(plain):
        return [f"{plain or relationship.kind}-{ending}"]
    return [plain, f"{plain}-{ending}"]

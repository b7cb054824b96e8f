"""Changing files: each change is an edit redone on what stands in the file, under its lock, and can be taken back."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, tzinfo
from pathlib import Path

from convo_tui.core import edits
from convo_tui.core.errors import ConvoError, NotFound, Refused
from convo_tui.core.inverse import reverted
from convo_tui.core.joining import joined
from convo_tui.core.match import slug
from convo_tui.core.models import Relationship
from convo_tui.paths import Places
from convo_tui.store import codec, files, trash
from convo_tui.store.errors import Conflict, Damage
from convo_tui.store.names import path_of
from convo_tui.store.undo import Change, Step, Undo

Edit = Callable[[Relationship], Relationship]

_TRIES = 5
"""How often an edit is done again on what a writer that ignores our lock has put there meanwhile."""

_LONGEST_STEM = 80
_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d")
"""Names that Windows keeps for itself."""


class Changes:
    """Writes the files of one folder, and remembers what can be taken back.

    `notices` are lines for the person about what was written: they are to be told once, and taken out.
    """

    def __init__(self, places: Places, zone: tzinfo, now: Callable[[], datetime]) -> None:
        self._places, self._zone, self._now = places, zone, now
        self._undo = Undo(places.undo)
        self._gathered: list[Step] | None = None
        self.notices: list[str] = []

    def close(self) -> None:
        """Let go of what can be taken back."""
        self._undo.close()

    @property
    def trouble(self) -> str:
        """Why changes cannot be taken back later; empty when they can."""
        return self._undo.trouble

    # ── doing ────────────────────────────────────────────────────────────────────────────────────────────

    def edit(self, what: str, work: Sequence[tuple[str, Edit]]) -> list[Relationship]:
        """Do each edit on its file, all or none; return the relationships as they stand now.

        Raises:
            Refused, NotFound: when an edit goes against a rule.
            Damage, Conflict, Unwritable: when a file cannot be read or saved.
        """
        steps: list[Step] = []
        result = self._edit_all(work, steps)
        self._remember(what, steps)
        return result

    def create(self, what: str, relationships: Iterable[Relationship], made: list[str]) -> None:
        """Write a new file for each of these, and put their names into `made`. Raises Conflict, Unwritable."""
        files.make_folder(self._places.journal)
        steps: list[Step] = []
        try:
            for each in relationships:
                steps.append(self._create(each))
                made.append(steps[-1].file)
        finally:
            self._remember(what, steps)

    def replace(self, what: str, file: str, edited: Callable[[bytes], bytes]) -> None:
        """Put what `edited` makes of a file, also of a damaged one, into its place. Raises what it does, and
        Damage, Conflict, Unwritable when the file cannot be read or saved."""
        self._remember(what, [self._rewrite(file, edited)])

    def remove(self, what: str, file: str, others: Sequence[tuple[str, Edit]]) -> Path:
        """Move a file to the trash, and do these edits on others: all or none.

        Return where it is now.

        Raises:
            Refused, NotFound, Damage, Conflict, Unwritable: with nothing removed.
        """
        before = files.read(self._path(file))
        kept = trash.put(self._places.trash, file, before, self._now())
        # The file first: a power cut in between leaves references that lead nowhere, and all of it in the trash.
        self._drop(file, before)
        steps = [Step(file, before, None)]
        self._edit_all(others, steps)
        self._remember(what, steps)
        return kept

    def join(self, what: str, into: str, file: str) -> Path:
        """Make the relationship of one file part of that in another; return where the file is kept now.

        Raises:
            Refused, Damage, Conflict, Unwritable: with nothing joined.
        """
        data = files.read(self._path(file))
        other = self._document(file, data).relationship
        kept = trash.put(self._places.trash, file, data, self._now())
        steps: list[Step] = []
        # The one that stays first: a power cut in between leaves all of it twice, and joining again mends that.
        self._edit_all([(into, lambda now: joined(now, other))], steps)
        try:
            self._drop(file, data)
        except BaseException as error:
            self._take_back(steps, error)
            raise
        self._remember(what, [*steps, Step(file, data, None)])
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
        text = tomli_w.dumps({table: [entry.to_file()]})
        name = f"{file.removesuffix('.toml')}-{identity}.toml"
        kept = trash.put(self._places.trash, name, text.encode(), self._now())
        self.edit(what, [(file, lambda now: edits.removed(now, identity)), *others])
        return kept

    @contextmanager
    def together(self, what: str) -> Iterator[None]:
        """Make one change of all that is done inside, to be taken back at once."""
        steps = self._gathered = []
        try:
            yield
        finally:
            self._gathered = None
            self._remember(what, steps)

    # ── taking back ──────────────────────────────────────────────────────────────────────────────────────

    def last(self, *, own: bool = False) -> Change | None:
        """Return what was done last and can be taken back, here or in another program; `own`: only here."""
        return self._undo.last(own=own)

    def undo(self, *, own: bool = False) -> Change:
        """Take the last change back, or the last that was done here, and return it.

        Raises:
            Refused: when there is none, or its place has changed; then it is put aside, and the next one is that
                before it, for as long as its place is not as it was.
            NotFound, Damage, Conflict, Unwritable: with nothing taken back; it can be tried again.
        """
        with self._at_once():
            change, put_by = self._undo.possible(own=own)
            for each in put_by:  # what was in the way may be gone
                with suppress(Refused, codec.Unspliceable):
                    return self._undone(each)
            if change is None:
                raise Refused(self._undo.why_not() or "there is nothing to take back")
            try:
                return self._undone(change)
            except (Refused, codec.Unspliceable) as error:
                self._undo.put_aside(change)
                raise Refused(f"{change.what}: {error}; undo again goes past it") from None

    def _undone(self, change: Change) -> Change:
        steps = self._undo.steps(change)
        if not steps:
            raise Refused(self._undo.why_not() or "nobody knows any more what was done")
        self._reverse(steps)
        self._undo.undone(change)
        return change

    def redo(self) -> Change:
        """Do the change that was taken back last again, and return it. Raises what `undo` does."""
        with self._at_once():
            change = self._undo.last_undone
            steps = self._undo.steps(change) if change is not None else []
            if change is None or not steps:
                raise Refused(self._undo.why_not() or "there is nothing to do again")
            self._reverse([step.reversed for step in reversed(steps)])
            self._undo.redone(change)
        return change

    @contextmanager
    def _at_once(self) -> Iterator[None]:
        """Keep other programs from taking back the same."""
        with files.locked(self._places.undo, self._places.locks):
            yield

    def _remember(self, what: str, steps: Sequence[Step]) -> None:
        changed = [step for step in steps if step.changed]
        if self._gathered is not None:
            self._gathered += changed
        elif changed:
            self._undo.remember(what, self._now(), changed)

    def _reverse(self, steps: Sequence[Step]) -> None:
        """Take all of these steps back, the last first, or none."""
        reversed_: list[Step] = []
        try:
            for step in reversed(steps):
                self._reverse_one(step)
                reversed_.append(step.reversed)
        except BaseException as error:
            self._take_back(reversed_, error)
            raise

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

    def _reverse_one(self, step: Step) -> None:
        """Take a step back; one that a kill has left taken back already is passed over."""
        if step.before is not None and step.after is not None and _is_gone(self._path(step.file)):
            raise Refused(f"{step.file} is gone; restore it to take that back")
        if step.before is None:
            assert step.after is not None
            self._unmake(step.file, step.after)
        elif step.after is None:
            self._bring_back(step.file, step.before)
        else:
            self._rewrite(step.file, lambda data: self._without(step, data))

    def _without(self, step: Step, data: bytes) -> bytes:
        """Return what a file says without a step. Where it holds just what the step left, or found, that is the text
        that the step found, with all its comments."""
        assert step.before is not None
        assert step.after is not None
        if data in (step.after, step.before):
            return step.before
        now = self._document(step.file, data)
        try:
            before, after = (codec.read(each, self._zone).relationship for each in (step.before, step.after))
        except codec.Malformed:
            raise Refused("the file was damaged then, and has changed since; nothing was taken back") from None
        return codec.splice(now, reverted(now.relationship, before, after)).encode()

    def _bring_back(self, file: str, data: bytes) -> None:
        try:
            self._save(file, data, None)
        except Conflict:
            if files.read(self._path(file)) != data:
                raise

    def _unmake(self, file: str, made: bytes) -> None:
        if files.entry_stamp(self._path(file)) is None:
            return
        data = files.read(self._path(file))
        if data != made and self._document(file, data).relationship != self._document(file, made).relationship:
            raise Refused("it has changed since it was made; delete it instead")
        trash.put(self._places.trash, file, data, self._now())
        self._drop(file, data)

    # ── one file ─────────────────────────────────────────────────────────────────────────────────────────

    def _path(self, file: str) -> Path:
        return path_of(self._places.journal, file)

    def _read(self, file: str) -> codec.Document:
        return self._document(file, files.read(self._path(file)))

    def _document(self, file: str, data: bytes) -> codec.Document:
        try:
            return codec.read(data, self._zone)
        except codec.Malformed as problem:
            raise Damage(self._path(file), problem.line, problem.reason) from None

    def _edit_all(self, work: Sequence[tuple[str, Edit]], steps: list[Step]) -> list[Relationship]:
        """Do each edit on its file, and put what it did into `steps`; all or none."""
        result: list[Relationship] = []
        try:
            for file, edit in work:
                step, relationship = self._edit_one(file, edit)
                steps.append(step)
                result.append(relationship)
        except BaseException as error:  # an interrupt too
            self._take_back(steps, error)
            raise
        return result

    def _edit_one(self, file: str, edit: Edit) -> tuple[Step, Relationship]:
        result: list[Relationship] = []

        def edited(data: bytes) -> bytes:
            now = self._document(file, data)
            if not now.relationship.is_writable:
                raise Refused(f"{self._path(file)}: was written by a newer Convo; it is shown, never changed")
            after = edit(now.relationship)
            result[:] = [after]
            return data if after == now.relationship else codec.splice(now, after).encode()

        return self._rewrite(file, edited), result[0]

    def _rewrite(self, file: str, edited: Callable[[bytes], bytes]) -> Step:
        """Save what `edited` makes of a file, redone on what another writer puts there meanwhile."""
        path = self._path(file)
        tries = 0
        while True:
            tries += 1
            with files.locked(path, self._places.locks):
                before = files.read(path)
                after = edited(before)
                try:
                    if after != before:
                        self._put(path, after, before)
                except Conflict:
                    if tries < _TRIES:
                        continue
                    raise
            return Step(file, before, after)

    def _create(self, relationship: Relationship) -> Step:
        data = codec.write(relationship).encode()
        for stem in stems(relationship):
            file = f"{stem}.toml"
            try:
                self._save(file, data, None)
            except Conflict:
                continue
            return Step(file, None, data)
        raise Conflict(self._places.journal, f"there is a file for {relationship.name} already")

    def _drop(self, file: str, data: bytes) -> None:
        path = self._path(file)
        with files.locked(path, self._places.locks):
            files.remove(path, data, self._places.kept)

    def _save(self, file: str, data: bytes, base: bytes | None) -> None:
        path = self._path(file)
        with files.locked(path, self._places.locks):
            self._put(path, data, base)

    def _put(self, path: Path, data: bytes, base: bytes | None) -> None:
        names = _names(path) if base is not None else 1
        files.save(path, data, base, self._places.kept)
        if names > 1:
            self.notices.append(
                f"{path}: had another name (a hard link), which keeps the old text; link it again if it should not"
            )


def _is_gone(path: Path) -> bool:
    """Whether nothing stands there; of what cannot be told reading it says why."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _names(path: Path) -> int:
    """How many names a file has."""
    try:
        return os.stat(path).st_nlink
    except OSError:
        return 1


def stems(relationship: Relationship) -> list[str]:
    """Return the file names to try: "an ASCII slug of the name; `-` + the end of the id when taken, or when the slug
    is empty" (CONTRACT.md, "The journal folder")."""
    plain = slug(unicodedata.normalize("NFC", relationship.name))[:_LONGEST_STEM].strip("-")
    ending = relationship.id.rpartition("-")[2]
    if not plain or _RESERVED.fullmatch(plain):
        return [f"{plain or relationship.kind}-{ending}"]
    return [plain, f"{plain}-{ending}"]

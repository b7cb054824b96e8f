"""`convo check --fix`: what can be put right without deciding anything for the person. Nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo
from functools import partial
from pathlib import Path

from convo_tui.core import edits
from convo_tui.core.models import ENTRY_KINDS, Relationship
from convo_tui.store import codec, emit, files, syntax
from convo_tui.store.check import Folder, is_ours
from convo_tui.store.complaints import repeated_ids, rows_with_ids
from convo_tui.store.errors import Conflict, Damage
from convo_tui.store.index.index import Index
from convo_tui.store.same import same
from convo_tui.store.splice import spliced

_BOM = "\ufeff"
_TWINS = "SELECT hash, file FROM files WHERE hash != x'' ORDER BY hash"


@dataclass(frozen=True, slots=True)
class Repair:
    """What puts one file right: its bytes before and after, and what is done, a line each.

    `after` is None for a file that goes to the trash: another has the same bytes.
    """

    file: str
    before: bytes
    after: bytes | None
    what: tuple[str, ...]

    def require(self, stands: bytes, path: Path) -> None:
        """Raise Conflict when what stands in `path` now is not what was read."""
        if stands != self.before:
            raise Conflict(path, "another program changed it meanwhile; it is left alone: run `convo check` again")

    def done(self, stands: bytes, path: Path) -> bytes:
        """Return what `path`, which holds `stands` now, is to hold. Raises Conflict."""
        self.require(stands, path)
        assert self.after is not None, "a file that goes to the trash holds nothing"
        return self.after


def repairs(index: Index, zone: tzinfo, folder: Folder, new_id: Callable[[], str]) -> list[Repair]:
    """Return what can safely be done to the files of a folder, by file name; `new_id` gives fresh ids.

    Two files with one id, and those of a newer format, are read-only and left alone.
    """
    copies = dict(_copies(index))
    found: list[Repair] = []
    for file in folder.files:
        with suppress(Damage):
            data = files.read(index.folder / file)
            if file in copies:
                found.append(Repair(file, data, None, (f"is {copies[file]} once more, byte for byte: to the trash",)))
            elif copies.keys() >= set(folder.sharing(file)):
                found += _repair(file, data, zone, folder, new_id)
    return found


def _copies(index: Index) -> Iterator[tuple[str, str]]:
    """Yield each file that has the very bytes of another, with the other: the one with the more natural name."""
    alike: defaultdict[bytes, list[str]] = defaultdict(list)
    for fingerprint, file in index.sql.execute(_TWINS):
        alike[fingerprint].append(file)
    for those in alike.values():
        natural, *others = sorted(those, key=lambda file: (len(file), file))
        for other in others:
            with suppress(Damage):
                path = index.folder / other
                data = files.read(path)
                # A link is no copy: what it leads to is there once.
                if data.strip() and not path.is_symlink() and data == files.read(index.folder / natural):
                    yield other, natural


def _repair(file: str, data: bytes, zone: tzinfo, folder: Folder, new_id: Callable[[], str]) -> Iterator[Repair]:
    """Yield what puts a file right, when anything can."""
    what: list[str] = []
    try:
        text = _with_own_ids(_without_mark(data.decode("utf-8"), what), zone, new_id, what)
    except UnicodeDecodeError:
        return
    with suppress(codec.Malformed):  # what can be done so far may be all that can be
        document = codec.read(text.encode(), zone)
        if not document.relationship.is_writable:
            return
        for work in (_without_windows_ends, _with_all_ids, partial(_without_loose_ends, folder)):
            text = work(document, what)
            document = document if text == document.text else codec.read(text.encode(), zone)
    after = text.encode()
    if after != data and len(codec.faults(after, zone)) <= len(codec.faults(data, zone)):
        yield Repair(file, data, after, tuple(what))


# ── the form ─────────────────────────────────────────────────────────────────────────────────────────────


def _without_mark(text: str, what: list[str]) -> str:
    if not text.startswith(_BOM):
        return text
    what.append("the byte order mark is taken away")
    return text.removeprefix(_BOM)


def _without_windows_ends(document: codec.Document, what: list[str]) -> str:
    """Return its text with the line ends of all other files, unless something would read otherwise then."""
    plain = document.text.replace("\r\n", "\n")
    if plain == document.text or not _says(plain, document.relationship, document.zone):
        return document.text
    what.append("the Windows line endings are taken away")
    return plain


def _says(text: str, relationship: Relationship, zone: tzinfo) -> bool:
    """Whether a text says just this."""
    try:
        return same(codec.read(text.encode(), zone).relationship, relationship)
    except codec.Malformed:
        return False


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────────────


def _with_own_ids(text: str, zone: tzinfo, new_id: Callable[[], str], what: list[str]) -> str:
    """Return it with every id once: an entry that is there twice goes, another one with the same id gets its own.

    Where anything else is wrong with the file too, it stays as it is.
    """
    try:
        table = codec.parsed(text)
        places = [path for path, *_ in repeated_ids(table)]
        if not places:
            return text
        fresh = {path: new_id() for path in places}
        document = codec.read(_with_ids(text, fresh).encode(), zone)
    except (codec.Malformed, syntax.Unclear):
        return text
    relationship, rows, said = document.relationship, dict(rows_with_ids(table)), []
    for path, identity, first in repeated_ids(table):
        if first[0] == path[0] and same(rows[first], rows[path[:2]]):
            relationship = edits.removed(relationship, fresh[path])
            said.append(f"{identity} is there twice, word for word: once is left")
        else:
            said.append(f"{identity} is the id of two entries: the second gets {fresh[path]}")
    with suppress(codec.Unspliceable):
        text = codec.splice(document, relationship)
        # A change to a file gives ids to all entries that have none.
        what += [*said, *(_gets_id(document) if relationship is not document.relationship else ())]
    return text


def _gets_id(document: codec.Document) -> Iterator[str]:
    return (f"an entry without an id gets {identity}" for identity in sorted(document.provisional))


def _with_ids(text: str, ids: Mapping[syntax.Path, str]) -> str:
    """Return it with other ids at these places. Raises Unclear."""
    parts, done = [], 0
    for path, start, end in _ids(text):
        if path in ids:
            parts += [text[done:start], emit.value(ids[path])]
            done = end
    return "".join([*parts, text[done:]])


def _ids(text: str) -> Iterator[tuple[syntax.Path, int, int]]:
    """Yield where the id of each entry stands, in blocks and in arrays of inline tables."""
    for block in syntax.blocks(text):
        for pair in block.pairs:
            if pair.keys == ("id",):
                yield (*block.path, "id"), pair.value, pair.value_end
            elif not block.path and len(pair.keys) == 1 and pair.keys[0] in ENTRY_KINDS and text[pair.value] == "[":
                for place, entry in enumerate(syntax.items(text, pair.value)):
                    for item in syntax.items(text, entry.value):
                        if item.keys == ("id",):
                            yield (*pair.keys, place, "id"), item.value, item.value_end


def _with_all_ids(document: codec.Document, what: list[str]) -> str:
    """Return its text with an id for every entry that had none."""
    if not document.provisional:
        return document.text
    relationship = document.relationship
    try:
        text = spliced(document.text, relationship, relationship, document.provisional)
    except (ValueError, TypeError):
        return document.text
    if not _says(text, relationship, document.zone):
        return document.text
    what += _gets_id(document)
    return text


# ── references ───────────────────────────────────────────────────────────────────────────────────────────


def _without_loose_ends(folder: Folder, document: codec.Document, what: list[str]) -> str:
    """Return its text without what is named twice, and without the ids that no file of the folder has."""
    relationship, said = document.relationship, []
    for issue in relationship.issues:
        once = tuple(dict.fromkeys(issue.carried))
        if once != issue.carried:
            said.append(f"{issue.id} is carried into the same encounter once only")
            relationship = edits.replaced(relationship, "issues", issue.model_copy(update={"carried": once}))
    if folder.is_whole:  # else what is missing may be in a file that cannot be read
        gone = sorted({identity for _, identity in folder.dangling(relationship) if is_ours(identity)})
        said += [f"{identity}, which is nowhere, is no longer named" for identity in gone]
        relationship = edits.without_references(relationship, gone)
    if not said:
        return document.text
    with suppress(codec.Unspliceable):
        text = codec.splice(document, relationship)
        what += said
        return text
    return document.text

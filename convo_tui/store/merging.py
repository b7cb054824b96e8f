"""The three-way merge of a file: by lines where that says the right thing, else by the ids of its entries.

Comments and hand formatting of both sides are kept in either case. What is no relationship is merged as git does it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import tzinfo

from convo_tui.core.errors import Refused
from convo_tui.core.lines import Lines, merged_lines
from convo_tui.core.merge import Merged, decided, merged
from convo_tui.core.models import Relationship
from convo_tui.core.sides import described
from convo_tui.store import codec
from convo_tui.store.marked import marked
from convo_tui.store.same import same


@dataclass(frozen=True, slots=True)
class Combined:
    """Two versions of a file as one: `text` is what to write, every clash of `merged` decided for theirs."""

    text: str
    merged: Merged
    _documents: tuple[codec.Document | None, codec.Document, codec.Document] = field(repr=False)

    def decided(self, for_ours: Collection[int]) -> str:
        """Return the text with the clashes at these positions decided for ours, the rest for theirs.

        Raises:
            Unspliceable: when no text of either side can be changed to say that.
        """
        return _text(*self._documents, decided(self.merged, for_ours)) if for_ours else self.text


def combined(base: codec.Document | None, ours: codec.Document, theirs: codec.Document) -> Combined:
    """Return both versions as one; without a `base` both made the relationship with the same id.

    Raises:
        Refused: as `merge.merged` does.
        Unspliceable: when no text of either side can be changed to say what both do.
    """
    before = None if base is None else base.relationship
    result = merged(before, ours.relationship, theirs.relationship)
    return Combined(_text(base, ours, theirs, result.relationship), result, (base, ours, theirs))


def _text(base: codec.Document | None, ours: codec.Document, theirs: codec.Document, wanted: Relationship) -> str:
    for text in _candidates(base, ours, theirs, wanted):
        if text is not None and _says(text, theirs, wanted):
            return text
    return codec.splice(theirs, wanted)


def _candidates(
    base: codec.Document | None, ours: codec.Document, theirs: codec.Document, wanted: Relationship
) -> Iterator[str | None]:
    """The texts that may say what is wanted, the best first."""
    if base is not None:
        yield merged_lines(base.text, ours.text, theirs.text)
    # Once all three say what is wanted they differ in comments and layout only, and those merge by lines.
    old = codec.write(wanted) if base is None else _spliced(base, wanted)
    mine, other = _spliced(ours, wanted), _spliced(theirs, wanted)
    if old is not None and mine is not None and other is not None:
        yield merged_lines(old, mine, other, settle=_with_comments)
    yield other
    yield mine


def _spliced(document: codec.Document, wanted: Relationship) -> str | None:
    try:
        return codec.splice(document, wanted)
    except codec.Unspliceable:
        return None


def _with_comments(base: Lines, ours: Lines, theirs: Lines) -> Lines:
    """The lines of theirs, below the comments that only ours has."""
    known = {*base, *theirs}
    return [*(line for line in ours if line.lstrip().startswith("#") and line not in known), *theirs]


def _says(text: str, document: codec.Document, wanted: Relationship) -> bool:
    try:
        return same(codec.read(text.encode("utf-8"), document.zone).relationship, wanted)
    except codec.Malformed:
        return False


# ── whole files, whatever they hold ──────────────────────────────────────────────────────────────────────


_LOOK = "look for <<<<<<< or open convo"


@dataclass(frozen=True, slots=True)
class MergedFile:
    """What came of merging the bytes of three versions.

    `undecided` tells what a person has to decide, and where to look: it stands between conflict markers in `data`,
    unless that could not be read as text at all. Nothing is undecided when the merge is clean.
    """

    data: bytes
    undecided: tuple[str, ...] = ()


def merged_file(base: bytes, ours: bytes, theirs: bytes, zone: tzinfo) -> MergedFile:
    """Return both versions as one, whatever bytes they are; times without an offset are in `zone`. Nothing is raised.

    An empty base is none, as git has it for a file that both added. What cannot be read as two versions of one
    relationship is merged by lines; should that make unreadable what can be read, both versions stand between markers.
    """
    if ours == theirs or base == theirs:
        return MergedFile(ours)
    if base == ours:
        return MergedFile(theirs)
    try:
        before, mine, other = (each.decode("utf-8") for each in (base, ours, theirs))
    except UnicodeDecodeError:
        return MergedFile(ours, ("not all versions are UTF-8 text; this is ours, take theirs with `git checkout`",))
    try:
        return _by_ids(base, ours, theirs, zone)
    except Refused as error:
        return _by_lines(before, mine, other, zone, str(error))
    except (codec.Unspliceable, ValueError, RecursionError):
        # By lines it would say something else than what both did: that is for a person to see.
        return _asking(mine, other, "no text says what both sides did")


def _by_ids(base: bytes, ours: bytes, theirs: bytes, zone: tzinfo) -> MergedFile:
    before = _read("the common version", base, zone) if base else None
    result = combined(before, _read("our version", ours, zone), _read("their version", theirs, zone))
    clashes = result.merged.clashes
    if not clashes:
        return MergedFile(result.text.encode("utf-8"))
    now = result.merged.relationship
    words = (f"both sides changed {described(each, now)}" for each in clashes)
    return _asking(result.decided(range(len(clashes))), result.text, *words)


def _by_lines(base: str, ours: str, theirs: str, zone: tzinfo, why: str) -> MergedFile:
    text = merged_lines(base, ours, theirs)
    if text is None:
        mine = merged_lines(base, ours, theirs, settle=lambda _, ours, __: ours)
        other = merged_lines(base, ours, theirs, settle=lambda _, __, theirs: theirs)
        return _asking(mine or "", other or "", why)
    if _is_readable(text, zone) or not (_is_readable(ours, zone) or _is_readable(theirs, zone)):
        return MergedFile(text.encode("utf-8"))
    return _asking(ours, theirs, why)


def _asking(ours: str, theirs: str, *words: str) -> MergedFile:
    return MergedFile(marked(ours, theirs).encode("utf-8"), tuple(f"{each}; {_LOOK}" for each in words))


def _read(which: str, data: bytes, zone: tzinfo) -> codec.Document:
    try:
        return codec.read(data, zone)
    except codec.Malformed as error:
        raise Refused(f"{which} cannot be read ({error})") from error


def _is_readable(text: str, zone: tzinfo) -> bool:
    try:
        codec.read(text.encode("utf-8"), zone)
    except codec.Malformed:
        return False
    return True

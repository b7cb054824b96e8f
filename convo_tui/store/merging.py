"""The three-way merge of a file: by lines where that says the right thing, else by the ids of its entries.

Comments and hand formatting of both sides are kept in either case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from convo_tui.core.lines import Lines, merged_lines
from convo_tui.core.merge import Merged, decided, merged
from convo_tui.core.models import Relationship
from convo_tui.store import codec
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

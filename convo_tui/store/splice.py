"""The minimal edit of a file: what changed is written anew, the rest stays byte for byte (CONTRACT.md, "The file").

The text is cut into segments: each block with the comments attached to it, and each run of comments that stands by
itself. Segments are edited inside, taken out, moved or added; then they are put together again.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from convo_tui.core.edits import Entry as Identified
from convo_tui.core.models import Relationship
from convo_tui.store import emit, inline_tables, syntax
from convo_tui.store.emit import KINDS, Entry, Table
from convo_tui.store.same import same

_COMMENT = re.compile(r"#[^\r\n]*")
_BLANK_LINES = re.compile(r"(?:[ \t]*\r?\n)*")


def spliced(text: str, old: Relationship, new: Relationship, provisional: frozenset[str]) -> str:
    """Return `text`, which holds `old`, changed to hold `new`; `provisional` are the ids that it lacks as yet.

    Raises:
        Unclear: when the text cannot be taken apart.
    """
    splice = _Splice(text, provisional)
    for kind in KINDS:
        splice.entries(kind, getattr(old, kind), getattr(new, kind))
    splice.head(emit.head(old), emit.head(new))
    return splice.text()


@dataclass(slots=True, eq=False)
class _Segment:
    """A part of the file: its text and the blank lines after it, with what is to stand around it."""

    body: str
    gap: str = ""
    start: int = 0
    is_new: bool = True
    stays: bool = True
    edits: list[tuple[int, int, str]] = field(default_factory=list)
    before: list[_Segment] = field(default_factory=list)
    after: list[_Segment] = field(default_factory=list)

    def edited(self) -> str:
        """The text with its edits; several at one place keep their order."""
        parts, done = [], 0
        for start, end, text in sorted(self.edits, key=lambda edit: edit[:2]):
            parts += [self.body[done : start - self.start], text]
            done = end - self.start
        return "".join([*parts, self.body[done:]])


class _Splice:
    """One splice under way."""

    def __init__(self, text: str, provisional: frozenset[str]) -> None:
        self._newline = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
        self._lacks_newline = not text.endswith("\n")
        self._text = text + self._newline if self._lacks_newline else text
        self._provisional = provisional
        self._blocks = list(syntax.blocks(self._text))
        self._root = self._blocks[0]
        self._segments: list[_Segment] = []
        self._segment_of: dict[int, _Segment] = {}
        self._groups: dict[str, list[list[syntax.Block]]] = defaultdict(list)
        self._unknown: list[syntax.Block] = []
        self._cut()
        self._sort()

    def head(self, old: Table, new: Table) -> None:
        """Edit the keys above the first header, and the tables that are not ours."""
        self._table(self._root, self._unknown, old, new, emit.key_order(Relationship))

    def entries(self, kind: str, old: tuple[Entry, ...], new: tuple[Entry, ...]) -> None:
        """Edit, add, move and delete the entries of one kind."""
        if old is new and not self._provisional:
            return
        plan = _plan(old, new)
        array = next((pair for pair in self._root.pairs if pair.keys == (kind,)), None)
        if array and (old or not new):
            self._array(array, kind, old, new, plan)
            return
        if array:  # `issues = []`: what comes first stands in blocks, like everything that we write
            comments = _COMMENT.findall(self._text[array.value : array.end])
            lines = "".join(comment + self._newline for comment in comments)
            self._segment_of[id(self._root)].edits.append((array.start, array.end, lines))
        kept = set(plan)
        for place, blocks in enumerate(self._groups[kind]):
            if place not in kept:
                self._delete(blocks)
        staying = _longest_rise([index for index in plan if index is not None])
        anchor: _Segment | None = None
        waiting: list[_Segment] = []
        for index, entry in zip(plan, new, strict=True):
            if index is None:
                segments = [_Segment(emit.entry(kind, entry, self._newline))]
            else:
                segments = self._edited(kind, index, old[index], entry)
            if index in staying:
                segments[0].before, anchor, waiting = waiting, segments[-1], []
                continue
            if index is not None:
                segments = [_taken_out(segments)]
            (waiting if anchor is None else anchor.after).extend(segments)
        self._anchor_of(kind).after.extend(waiting)

    def text(self) -> str:
        """Return the file as it is to be."""
        segments: list[_Segment] = []
        for segment in self._segments:
            segments += [*segment.before, *([segment] if segment.stays else []), *segment.after]
        parts = []
        for segment, following in zip_longest(segments, segments[1:]):
            gap = segment.gap
            if following is None:
                gap = gap if segment is self._segments[-1] else ""
            elif not gap and (segment.is_new or following.is_new):
                gap = self._newline
            parts += [segment.edited(), gap]
        ends_alike = self._lacks_newline and segments[-1] is self._segments[-1]
        return "".join(parts).removesuffix(self._newline if ends_alike else "")

    def _cut(self) -> None:
        ends = [block.top for block in self._blocks[1:]] + [len(self._text)]
        for block, end in zip(self._blocks, ends, strict=True):
            segment = self._segment(block.top, block.core_end)
            self._segment_of[id(block)] = segment
            begin = block.core_end + len(segment.gap)
            if begin < end:
                comments = self._text[begin:end].rstrip()
                self._segment(begin, self._text.index("\n", begin + len(comments)) + 1)

    def _segment(self, start: int, end: int) -> _Segment:
        blank = _BLANK_LINES.match(self._text, end)
        assert blank is not None
        segment = _Segment(self._text[start:end], blank[0], start, is_new=False)
        self._segments.append(segment)
        return segment

    def _sort(self) -> None:
        """Give every entry its blocks: its own and the sub-tables written by hand."""
        for block in self._blocks[1:]:
            kind = str(block.path[0])
            if kind not in KINDS:
                self._unknown.append(block)
            elif len(block.path) == 2:
                self._groups[kind].append([block])
            else:
                self._groups[kind][-1].append(block)

    def _edited(self, kind: str, index: int, old: Entry, new: Entry) -> list[_Segment]:
        blocks = self._groups[kind][index]
        if self._lacks_id(old) or not same(old, new):
            self._table(blocks[0], blocks[1:], self._as_written(old), new.to_file(), emit.key_order(type(new)))
        return [self._segment_of[id(block)] for block in blocks]

    def _table(
        self, block: syntax.Block, subs: Iterable[syntax.Block], old: Table, new: Table, order: tuple[str, ...]
    ) -> None:
        """Edit the keys of a block, of which `subs` are the sub-tables."""
        edits = self._segment_of[id(block)].edits
        for name in inline_tables.changed(old, new):
            mine = [pair for pair in block.pairs if pair.keys[0] == name]
            if name in new and [pair.keys for pair in mine] == [(name,)]:
                edits.append(self._replaced(mine[0], old.get(name, []), new[name], order))
                continue
            edits += [(pair.start, pair.end, "") for pair in mine]
            self._delete(sub for sub in subs if sub.path[len(block.path)] == name)
            if name in new:
                self._add(block, name, new[name], order)

    def _replaced(self, pair: syntax.Pair, old: Any, new: Any, order: tuple[str, ...]) -> tuple[int, int, str]:
        text = self._text[pair.value : pair.value_end]
        if isinstance(new, str):
            spreads = text.startswith(('"""', "'''")) or "\n" in new
            text = emit.value(new, emit.newline_in(pair.keys[0], order, self._newline) if spreads else "")
        else:
            text = inline_tables.edited(text, old, new)
        return pair.value, pair.value_end, text

    def _add(self, block: syntax.Block, name: str, item: Any, order: tuple[str, ...]) -> None:
        if block is self._root and emit.is_table(item):
            last = self._segment_of[id(self._blocks[-1])]
            last.after += [_Segment(text) for text in emit.tables(name, item, self._newline)]
            return
        place = emit.place([pair.keys[0] for pair in block.pairs], name, order)
        offset = block.pairs[place - 1].end if place else block.head_end
        line = emit.line(name, item, order, self._newline)
        self._segment_of[id(block)].edits.append((offset, offset, line))

    def _array(
        self, pair: syntax.Pair, kind: str, old: Sequence[Entry], new: Sequence[Entry], plan: inline_tables.Plan
    ) -> None:
        """Edit entries that were written as an array of inline tables."""
        edits = self._segment_of[id(self._root)].edits
        if old and not new:
            edits.append((pair.start, pair.end, ""))
            return
        text = inline_tables.edited_array(
            self._text[pair.value : pair.value_end],
            [self._as_written(entry) for entry in old],
            [entry.to_file() for entry in new],
            plan,
            emit.key_order(KINDS[kind]),
        )
        edits.append((pair.value, pair.value_end, text))

    def _delete(self, blocks: Iterable[syntax.Block]) -> None:
        for block in blocks:
            self._segment_of[id(block)].stays = False

    def _lacks_id(self, entry: Entry) -> bool:
        return _identity(entry) in self._provisional

    def _as_written(self, entry: Entry) -> Table:
        table = entry.to_file()
        if self._lacks_id(entry):
            del table["id"]
        return table

    def _anchor_of(self, kind: str) -> _Segment:
        """The segment after which entries of a kind stand when none of them stays in its place."""
        kinds = list(KINDS)
        for earlier in reversed(kinds[: kinds.index(kind) + 1]):
            if groups := self._groups[earlier]:
                return self._segment_of[id(groups[-1][-1])]
        return self._segment_of[id(self._root)]


def _taken_out(segments: Sequence[_Segment]) -> _Segment:
    """The segments of an entry as one, to stand elsewhere."""
    for segment in segments:
        segment.stays = False
    parts = [part for segment in segments for part in (segment.edited(), segment.gap)]
    return _Segment("".join(parts[:-1]))


def _plan(old: Sequence[Entry], new: Sequence[Entry]) -> inline_tables.Plan:
    """Which old entries the new ones continue: those with the same id, or without ids those most alike."""
    places = {identity: index for index, entry in enumerate(old) if (identity := _identity(entry))}
    if places:
        return [places.get(_identity(entry) or "") for entry in new]
    return inline_tables.by_likeness([entry.to_file() for entry in old], [entry.to_file() for entry in new])


def _identity(entry: Entry) -> str | None:
    """The id of an entry. A way to reach someone has none: there a key of that name is an unknown one."""
    return entry.id if isinstance(entry, Identified) else None


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The longest selection of `numbers` that rises: the entries that need not move."""
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        place = bisect_left(ends, number)
        before[number] = ends[place - 1] if place else None
        ends[place : place + 1] = [number]
    found: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found

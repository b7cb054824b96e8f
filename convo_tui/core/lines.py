"""A three-way merge of texts by lines: what two people changed in different places of one text is kept of both."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import TypeAlias

Lines: TypeAlias = Sequence[str]
Settle: TypeAlias = Callable[[Lines, Lines, Lines], Lines]
"""Decides a contradiction: the lines of a place in base, ours and theirs -> those that are to stand there."""

_SMALL = 40_000
"""So many pairs of lines are compared in every way; more, where no line occurs but once, count as all changed."""

Span: TypeAlias = tuple[int, int, int, int]
"""Lines of one text and lines of another: from and to, from and to."""


@dataclass(frozen=True, slots=True)
class _Change:
    """The lines from `start` to `end` of the base have become `lines`."""

    start: int
    end: int
    lines: Lines


def merged_lines(base: str, ours: str, theirs: str, settle: Settle | None = None) -> str | None:
    """Return the text with the changes of both sides; None when both changed the same place differently.

    Guaranteed: every line that either side added is in it, every line that either side removed is not (unless it
    also stands elsewhere), lines that neither touched keep their order; what both did alike is done once; ours and
    theirs may be swapped. The same place is, as for git, also what touches: two lines that follow each other, and
    insertions at one point. Line ends (`\\n`, `\\r\\n`) and the last line without one stay as they are.

    With `settle` a contradiction is decided by it instead. Takes time linear in the texts where changes are few.
    """
    if ours == theirs or base == theirs:
        return ours
    if base == ours:
        return theirs
    # A line end separates lines here, so that lines added below a last line without one leave that line unchanged.
    old, mine, other = base.split("\n"), ours.split("\n"), theirs.split("\n")
    result: list[str] = []
    done = 0
    for start, end, my_changes, other_changes in _places(_changes(old, mine), _changes(old, other)):
        place = old[start:end]
        mine, other = _applied(place, start, my_changes), _applied(place, start, other_changes)
        result += old[done:start]
        if not other_changes or mine == other:
            result += mine
        elif not my_changes:
            result += other
        elif settle is not None:
            result += settle(place, mine, other)
        else:
            return None
        done = end
    return "\n".join(result + old[done:])


def _places(mine: list[_Change], other: list[_Change]) -> Iterator[tuple[int, int, list[_Change], list[_Change]]]:
    """The places of the base that changed, each with the changes of either side in it; what touches is one place."""
    both = sorted([(change, 0) for change in mine] + [(change, 1) for change in other], key=lambda each: each[0].start)
    waiting = deque(both)
    while waiting:
        start = end = waiting[0][0].start
        here: tuple[list[_Change], list[_Change]] = ([], [])
        while waiting and waiting[0][0].start <= end:
            change, side = waiting.popleft()
            here[side].append(change)
            end = max(end, change.end)
        yield start, end, *here


def _applied(lines: list[str], start: int, changes: list[_Change]) -> list[str]:
    """The lines of a place, which begins at `start`, after these changes."""
    result: list[str] = []
    done = start
    for change in changes:
        result += [*lines[done - start : change.start - start], *change.lines]
        done = change.end
    return result + lines[done - start :]


def _changes(old: Lines, new: Lines) -> list[_Change]:
    changes = []
    at, there = 0, 0
    for start, begin, length in [*matches(old, new), (len(old), len(new), 0)]:
        if (at, there) != (start, begin):
            changes.append(_Change(at, start, new[there:begin]))
        at, there = start + length, begin + length
    return changes


def matches(old: Lines, new: Lines) -> list[tuple[int, int, int]]:
    """Return the runs of lines that stayed: where in `old`, where in `new`, how many; in order.

    Common beginnings and ends are taken off first. Lines that occur once on both sides then part the rest, and only
    what lies between them is compared in every way: a file of ten thousand like blocks would take difflib minutes.
    """
    found: list[tuple[int, int, int]] = []
    spans: list[Span] = [(0, len(old), 0, len(new))]
    while spans:
        start, end, begin, close = spans.pop()
        first, last = start, end
        while start < end and begin < close and old[start] == new[begin]:
            start, begin = start + 1, begin + 1
        found.append((first, begin - (start - first), start - first))
        while start < end and begin < close and old[end - 1] == new[close - 1]:
            end, close = end - 1, close - 1
        found.append((end, close, last - end))
        if start == end or begin == close:
            continue
        anchors = _anchors(old[start:end], new[begin:close])
        if anchors:
            cuts = [(start, begin), *((start + one, begin + other) for one, other in anchors), (end, close)]
            spans += [(one, next_one, other, next_other) for (one, other), (next_one, next_other) in pairwise(cuts)]
        elif (end - start) * (close - begin) <= _SMALL:
            matcher = SequenceMatcher(None, old[start:end], new[begin:close], autojunk=False)
            found += [(start + one, begin + other, length) for one, other, length in matcher.get_matching_blocks()]
    return sorted(run for run in found if run[2])


def _anchors(old: Lines, new: Lines) -> list[tuple[int, int]]:
    """The lines that occur once in both and stand in the same order in both: the longest such selection."""
    once = {line for line, count in Counter(old).items() if count == 1}
    once &= {line for line, count in Counter(new).items() if count == 1}
    place = {line: number for number, line in enumerate(new) if line in once}
    pairs = [(number, place[line]) for number, line in enumerate(old) if line in once]
    ends: list[int] = []
    lasts: list[int] = []
    before: list[int] = []
    for index, (_, there) in enumerate(pairs):
        length = bisect_left(ends, there)
        before.append(lasts[length - 1] if length else -1)
        ends[length : length + 1], lasts[length : length + 1] = [there], [index]
    chain = []
    index = lasts[-1] if lasts else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]

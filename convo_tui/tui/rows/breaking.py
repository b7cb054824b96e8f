"""Breaking lines by counting alone: how many rows a text takes is known before a single one is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

Span = tuple[int, int]


def breaks(text: str, width: int) -> list[Span]:
    """Return from where up to where in `text` each of its rows goes; none is wider than `width` (from 2) cells.

    Rows end at blanks, which are left out, or inside a word that has no room on one row.
    """
    if len(text) <= width and cell_len(text) <= width:
        return [(0, len(text))]
    found: list[Span] = []
    start, end = 0, len(text)
    narrow = all(cell_len(each) == 1 for each in set(text))
    while True:
        stop = min(start + width, end) if narrow else _reach(text, start, width)
        if stop >= end:
            return [*found, (start, end)]
        blank = text.rfind(" ", start, stop + 1)
        if blank > start and text[start:blank].strip():
            found.append((start, blank))
            start = blank + 1
            while start < end and text[start] == " ":
                start += 1
            if start == end:
                return found
        else:
            found.append((start, stop))
            start = stop


def height(lines: Sequence[str], width: int) -> int:
    """Return how many rows these lines take."""
    return sum(len(breaks(line, width)) for line in lines)


def _reach(text: str, start: int, width: int) -> int:
    """Return up to where characters from `start` on have room in `width` cells; at least one has."""
    room, at = width, start
    while at < len(text):
        room -= cell_len(text[at])
        if room < 0:
            return max(at, start + 1)
        at += 1
    return at

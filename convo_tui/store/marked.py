"""Texts with conflict markers, as git writes them: two versions of a text as one, and that one taken apart again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count

from convo_tui.core.lines import Lines, matches

_SIZE = 7
"""The characters of a marker, unless the text has lines of its own that look like one."""

_MARKER = re.compile(r"(<{7,}|\|{7,}|>{7,})(?: .*)?|(={7,})")
_SIDES = {"<": "ours", "|": "base", "=": "theirs"}
"""The marker that begins a part of a conflict -> the side that the part is of."""

_NEXT = {"": "<", "<": "|=", "|": "=", "=": ">"}
"""The marker that a part began with, none outside of a conflict -> those that may come next."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The texts that a text with conflict markers was made of; `base` is None when git was not asked to show it.

    In git's style zdiff3 what both sides added alike stands in `base` too: it can do to merge, not to compare.
    """

    ours: str
    theirs: str
    base: str | None = None


def marked(ours: str, theirs: str) -> str:
    """Return one text in which each place where the two differ stands between markers, and the rest once.

    A marker has seven characters, more where a line of the texts looks like one. A text that differs from the other
    in having no newline at its end ends with a marker that has none.
    """
    mine, other = ours.split("\n"), theirs.split("\n")
    size = _size([*mine, *other])
    end = "\r" if mine[0].endswith("\r") else ""
    result: list[str] = []
    at, there = 0, 0
    for start, begin, length in [*matches(mine, other), (len(mine), len(other), 0)]:
        if (at, there) != (start, begin):
            result += [f"{'<' * size} ours{end}", *mine[at:start], f"{'=' * size}{end}"]
            result += [*other[there:begin], f"{'>' * size} theirs{end}"]
        result += mine[start : start + length]
        at, there = start + length, begin + length
    return "\n".join(result)


def sides(text: str) -> Sides | None:
    """Return what a text with conflict markers was made of, whoever wrote them; None where that cannot be told.

    It cannot without any marker, when a conflict is not closed, or when a line within one looks like a marker too.
    """
    lines = text.split("\n")
    sizes = sorted({len(found[1]) for line in lines if (found := _marker(line)) and line.startswith("<")})
    # The conflicts of git within a base have longer markers than the one around them.
    return next(filter(None, (_apart(lines, size) for size in sizes)), None)


def _apart(lines: Lines, size: int) -> Sides | None:
    texts: dict[str, list[str]] = {"ours": [], "base": [], "theirs": []}
    part, parts = "", ""
    for line in lines:
        marker = _kind(line, size)
        if not marker or (not part and marker != "<"):
            for side in [_SIDES[part]] if part else texts:
                texts[side].append(line)
        elif marker not in _NEXT[part]:
            return None
        else:
            part = "" if marker == ">" else marker
            parts += marker
    if part:
        return None
    ours, base, theirs = ("\n".join(each) for each in texts.values())
    return Sides(ours, theirs, base if parts.count("|") == parts.count("<") else None)


def _marker(line: str) -> re.Match[str] | None:
    return _MARKER.fullmatch(line.removesuffix("\r"))


def _kind(line: str, size: int) -> str:
    """The character of the marker of this size that a line is; empty when it is none."""
    found = _marker(line)
    return line[0] if found and len(found[1] or found[2]) == size else ""


def _size(lines: Lines) -> int:
    taken = {len(found[1] or found[2]) for line in lines if (found := _marker(line))}
    return next(size for size in count(_SIZE) if size not in taken)

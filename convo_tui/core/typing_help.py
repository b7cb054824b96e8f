"""What the editor does for lists while a note is typed: goes on with them, moves them in and out."""

from __future__ import annotations

import re

from convo_tui.core.markers import marker

INDENT = "  "
"""One level of a list."""

_ITEM = re.compile(
    r"(?P<indent>\s*)(?:(?P<bullet>[-*+])|(?P<number>\d{1,3})(?P<stop>[.)]))(?P<gap>[ \t]+)(?P<box>\[[ xX]\][ \t]+)?"
)
_LEVEL = re.compile(rf"^(?:\t| {{1,{len(INDENT)}}})")
_OWN_LEAD = re.compile(r"\s*(?:[-*+>]|\d{1,3}[.)])[ \t]")


def is_item(line: str) -> bool:
    """Whether `line` is an item of a list: `- `, `* `, `1. `, `- [ ] `."""
    return _ITEM.match(line) is not None


def continued(line: str, column: int) -> str | None:
    """Return what the next line begins with when enter is pressed at `column` of an item: `- `, the next number.

    An empty text: the item is empty, and enter ends the list there. None: enter is just a new line. Quotes do not go
    on: what is typed next would become their words.
    """
    found = _ITEM.match(line)
    if found is None or column < found.end():
        return None
    if not line[found.end() :].strip():
        return ""
    if found["bullet"]:
        mark = found["bullet"]
    elif (number := int(found["number"]) + 1) <= 999:
        mark = f"{number}{found['stop']}"
    else:
        return None
    box = f"[ ]{found['box'][3:]}" if found["box"] else ""
    return f"{found['indent']}{mark}{found['gap']}{box}"


def takes_the_place(typed: str) -> bool:
    """Whether what is `typed` at the start of a continued line begins a line of its own kind.

    It then takes the place of what was put there: whoever types every `- ` themselves gets one, and `! ` after a
    checkbox is a marker.
    """
    if _OWN_LEAD.fullmatch(typed):
        return True
    bare = typed.lstrip()
    return marker("", bare) is not None or marker("", f"{bare}x") is not None


def indented(line: str) -> str:
    """Return `line` one level further in; an empty one stays empty."""
    return INDENT + line if line.strip() else line


def outdented(line: str) -> str:
    """Return `line` one level further out, as far as there is one."""
    return _LEVEL.sub("", line)

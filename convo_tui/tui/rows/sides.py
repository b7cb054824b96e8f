"""One side of two versions that cannot both stand: its text, what differs from the other marked."""

from __future__ import annotations

from textual.content import Content

from convo_tui.sanitize import sanitize
from convo_tui.tui.rows import parts
from convo_tui.tui.widgets.line_list import Row

_DIFFERS = "▌ "


def side_rows(text: str, other: str, width: int) -> list[Row]:
    """Return `text` in lines of `width` cells; those that `other` does not have bear a sign and are bold."""
    if not text.strip():
        return [Row(Content.styled("nothing", parts.QUIET))]
    shared = set(other.split("\n"))
    rows: list[Row] = []
    for line in text.split("\n"):
        differs = line not in shared
        first = Content.styled(_DIFFERS, "$accent") if differs else Content(" " * len(_DIFFERS))
        shown = Content.styled(sanitize(line), "bold" if differs else parts.QUIET)
        rows += [Row(first + each.content) for each in parts.wrapped(shown, width - len(_DIFFERS))]
    return rows

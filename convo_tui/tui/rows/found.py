"""What a search found: one line a place, the words that were sought marked in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import short
from convo_tui.sanitize import sanitize
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.lazy import LazyRows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.hits import Hit

SOUGHT = "bold underline $accent"
"""How the words that were sought look: never by colour alone."""

_NAME, _KIND, _WHEN = 24, 14, 13
"""Columns of the parts of a line; what was said has the rest."""
_WIDE_ENOUGH_FOR_KIND, _WIDE_ENOUGH_FOR_WHEN = 76, 44
"""Widths from which on a part is shown: what was said, and with whom, is worth more."""
_KIND_STYLE = {"issue": "", "heard": parts.NEED}

_GUIDE = (
    ("pricing", "a word, or its beginning"),
    ("pricing seats", "both of them, wherever they stand"),
    ('"price list"', "these words, one after the other"),
    ("-pricing", "nothing that has the word"),
    ("#pricing", "a topic"),
    ("with:ana", "what Ana took part in"),
    ("since:march until:2025", "from that day on, up to that day"),
    ("is:open", "open issues"),
    ("is:overdue is:mine", "of those, what is late and my move"),
    ("is:need is:idea is:story", "what they need, what they suggested"),
    ("is:call is:meeting", "said on the phone, or face to face"),
)
_EXAMPLE = 26


def room_for_text(width: int) -> int:
    """Return how many of the `width` cells of a line what was said has."""
    kind = _KIND if width >= _WIDE_ENOUGH_FOR_KIND else 0
    when = _WHEN + 1 if width >= _WIDE_ENOUGH_FOR_WHEN else 0
    return max(1, width - _name_column(width) - kind - when)


def key_of(hit: Hit) -> str:
    """Return the key of the row of a hit."""
    return f"{hit.kind}:{hit.key}:{hit.id}"


class FoundRows(LazyRows):
    """The rows of what was found, the best first as given."""

    def __init__(self, hits: Sequence[Hit], today: date, width: int) -> None:
        super().__init__(len(hits), {key_of(hit): place for place, hit in enumerate(hits)})
        self._hits, self._today, self._width = hits, today, width

    def row(self, index: int) -> Row:
        """Make the row of one hit: with whom, what it is, what was said, when."""
        hit, width, room = self._hits[index], self._width, room_for_text(self._width)
        left = _column(parts.text(hit.relationship), _name_column(width))
        if width >= _WIDE_ENOUGH_FOR_KIND:
            left += _column(Content.styled(hit.kind, _KIND_STYLE.get(hit.kind, parts.QUIET)), _KIND)
        left += marked(hit.snippet.text, hit.snippet.spans, room)
        right = None
        if width >= _WIDE_ENOUGH_FOR_WHEN:
            when = short(hit.at.date(), self._today) if hit.at else ""
            right = Content.styled(when.rjust(_WHEN), parts.QUIET)
        return parts.row(left, right, width, key_of(hit))


def marked(said: str, spans: Sequence[tuple[int, int]], room: int) -> Content:
    """Return a line with `spans` of it marked, the first of them within the first `room` cells."""
    first, last = spans[0] if spans else (0, 0)
    start = 0
    pieces: list[tuple[str, str]] = []
    if Content(sanitize(said[:last])).cell_length > room:
        start = max(0, first - room // 3)  # with letters two cells wide it still stands in sight
        start = said.find(" ", start, first) + 1 or start
        pieces.append(("…", parts.QUIET))
    for begin, end in spans:
        pieces += [(sanitize(said[start:begin]), ""), (sanitize(said[begin:end]), SOUGHT)]
        start = end
    return Content.assemble(*pieces, (sanitize(said[start:]), ""))


def guide_rows(width: int) -> list[Row]:
    """Return what can be typed, an example a line."""
    return [Row(Content.assemble((f"{example:<{_EXAMPLE}}", "$accent"), said)) for example, said in _GUIDE]


def nothing_rows(width: int) -> list[Row]:
    """Return that nothing was found, and what to try."""
    said = "Nothing is found. Fewer words, fewer letters of one, or one filter less find more."
    return [*parts.wrapped(Content(said), width), Row(Content()), *guide_rows(width)]


def _name_column(width: int) -> int:
    return max(8, min(_NAME, width // 4))


def _column(content: Content, width: int) -> Content:
    """Cut or filled to `width` cells, at least two of them blank."""
    content = content.truncate(width - 2, ellipsis=True)
    return content.pad_right(width - content.cell_length)

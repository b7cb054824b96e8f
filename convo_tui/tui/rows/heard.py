"""What was heard as lines: a heading for each group, a thing a line, and a line that unfolds what is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import age, short
from convo_tui.core.listening import WAITING
from convo_tui.core.telling import telling_id
from convo_tui.tui.place import Place
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.grouped import GroupedRows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.listening import Grouping, Listened, Listening

OVER = "over"
"""The key of the line that unfolds what was met, and what is no longer so."""

_WORD = 8
_WORDS = {"expectation": "expect"}
_WIDEST_NAME, _WIDE_ENOUGH_FOR_NAME = 20, 44
_WHEN, _WIDE_ENOUGH_FOR_WHEN = 12, 100
"""Cells of a date, and the width from which on it stands beside the age: what was said is worth more."""
_AGE = 5
_ENDED = 18


def place_of(said: Listened) -> Place:
    """Return the place of something heard."""
    return Place(said.relationship_id, "heard", said.heard.id, said.relationship)


class HeardRows(GroupedRows["Listened"]):
    """The rows of what was heard, `by` being what it is grouped by; what is over only when it is `unfolded`.

    The name stands in each line only when it is `with_names`.
    """

    def __init__(
        self, heard: Listening, today: date, by: Grouping, width: int, *, unfolded: bool, with_names: bool
    ) -> None:
        self._today, self._width = today, width
        self._has_names = with_names and width >= _WIDE_ENOUGH_FOR_NAME
        said = f" {'▾' if unfolded else '▸'} {len(heard.over):,} met or no longer so"
        foot = [Row(Content.styled(said, parts.QUIET), OVER)] if heard.over else []
        super().__init__(heard.groups, foot, heard.over if unfolded else (), under_names=by == "relationship")

    def key(self, thing: Listened) -> str:
        """Return the key of the row of something heard."""
        return place_of(thing).row

    def entry(self, thing: Listened) -> Row:
        """Make the line of something heard."""
        heard = thing.heard
        mark, style = (" ◆ ", "$accent") if thing.waits else (" ◇ ", parts.NEED if heard.is_need else "")
        if not heard.is_live:
            mark, style = " · ", parts.QUIET
        word = f"{_WORDS.get(heard.kind, heard.kind):<{_WORD}}"
        left = Content.assemble((mark, style or parts.QUIET), (word, style or parts.QUIET))
        left += parts.text(heard.text, "" if heard.is_live else parts.QUIET)
        return parts.row(left, self._end(thing), self._width, self.key(thing))

    def _end(self, said: Listened) -> Content:
        """From whom, and when."""
        name = Content()
        if self._has_names:
            room = min(_WIDEST_NAME, self._width // 5)
            name = Content(" ") + parts.text(said.relationship, parts.QUIET).truncate(room, ellipsis=True, pad=True)
        return name + Content.styled(self._when(said), parts.QUIET)

    def _when(self, said: Listened) -> str:
        heard, today = said.heard, self._today
        if not heard.is_live:
            ended = f"{'met' if heard.met else 'dropped'} {short(heard.met or heard.dropped or today, today)}"
            return f" {ended:>{_ENDED}}"
        has_when = self._width >= _WIDE_ENOUGH_FOR_WHEN
        if heard.since is None:
            return " " * (_AGE + _WHEN * has_when + 1)
        when = f"{short(heard.since, today):>{_WHEN}}" if has_when else ""
        return f" {when}{age((today - heard.since).days):>{_AGE}}"


def waiting_rows(said: Listened, width: int) -> Sequence[Row]:
    """Return that an idea was built, with the issue that is to tell them, to be selected; nothing for any other."""
    if not said.waits:
        return []
    key = f"issue:{telling_id(said.heard.id)}"
    told = parts.text(f"tell {said.relationship}; settling that issue marks the idea as met")
    return [Row(Content()), parts.heading(WAITING), *parts.wrapped(told, width, key)]

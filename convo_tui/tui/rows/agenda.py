"""The agenda as lines: a heading for each group, an issue a line, and how many have time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import short
from convo_tui.tui.place import Place
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.brief import issue_facts, stuck
from convo_tui.tui.rows.grouped import GroupedRows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.agenda import Agenda, Grouping
    from convo_tui.core.carry import Standing

REST = "rest"
"""The key of the line that unfolds what has time."""

_OWNER = 6
_WIDEST_NAME, _WIDE_ENOUGH_FOR_NAME = 20, 44
_DUE, _CARRIED = 13, 8
"""Cells of a due date, and of how often and how long it was carried."""


def place_of(standing: Standing) -> Place:
    """Return the place of an issue."""
    return Place(standing.relationship_id, "issue", standing.issue.id, standing.relationship)


class AgendaRows(GroupedRows["Standing"]):
    """The rows of an agenda, `by` being what it is grouped by; `whole` when nothing of it is left out."""

    def __init__(self, agenda: Agenda, today: date, by: Grouping, width: int, *, whole: bool) -> None:
        self._today, self._by, self._width = today, by, width
        foot = [] if agenda.groups else parts.wrapped(Content.styled(_NOTHING, parts.QUIET), width)
        if agenda.rest or whole:
            more = f"{agenda.rest:,} more {'has' if agenda.rest == 1 else 'have'} time, or are parked"
            foot.append(Row(Content.styled(" ▾ all is shown" if whole else f" ▸ {more}", parts.QUIET), REST))
        super().__init__(agenda.groups, foot, under_names=by == "relationship")

    def entry(self, thing: Standing) -> Row:
        """Make the line of an issue."""
        return _issue(thing, self._today, self._by, self._width)

    def key(self, thing: Standing) -> str:
        """Return the key of the row of an issue."""
        return place_of(thing).row


_NOTHING = "Nothing is due within 7 days."


def _issue(standing: Standing, today: date, by: Grouping, width: int) -> Row:
    issue = standing.issue
    waits = not issue.is_open(today)
    owner = (f"{issue.owner:<{_OWNER}}", parts.OWNER_STYLE[issue.owner] if not waits else parts.QUIET)
    text = parts.with_topics(parts.text(issue.text, parts.QUIET if waits else ""))
    left = Content.assemble((" ○ " if waits else " ● ", parts.QUIET), owner, text)
    right = _until(standing, today) if waits else issue_facts(standing, today, _DUE)
    if by != "relationship" and width >= _WIDE_ENOUGH_FOR_NAME:
        room = min(_WIDEST_NAME, width // 4)
        right = (
            Content(" ")
            + parts.text(standing.relationship, parts.QUIET).truncate(room, ellipsis=True, pad=True)
            + right
        )
    right = stuck(standing) + right
    return parts.row(left, right, width, place_of(standing).row)


def _until(standing: Standing, today: date) -> Content:
    until = standing.issue.parked_until
    said = f" until {short(until, today)}" if until else " until reopened"
    return Content.styled(f"{said:<{_DUE + _CARRIED}}", parts.QUIET)

"""The agenda as lines: a heading for each group, an issue a line, and how many have time."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import short
from convo_tui.tui.place import Place
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.brief import issue_facts, stuck
from convo_tui.tui.rows.lazy import LazyRows
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


class AgendaRows(LazyRows):
    """The rows of an agenda, `by` being what it is grouped by; `whole` when nothing of it is left out."""

    def __init__(self, agenda: Agenda, today: date, by: Grouping, width: int, *, whole: bool) -> None:
        self._agenda, self._today, self._by, self._width = agenda, today, by, width
        self._headings: list[int] = []
        count = 0
        for group in agenda.groups:
            count += bool(self._headings)  # a blank line before each but the first
            self._headings.append(count)
            count += 1 + len(group.standings)
        self._end = self._foot(whole)
        self._body = count
        super().__init__(count + len(self._end))

    def _foot(self, whole: bool) -> list[Row]:
        rows = [] if self._agenda.groups else parts.wrapped(Content.styled(_NOTHING, parts.QUIET), self._width)
        rest = self._agenda.rest
        if rest or whole:
            more = f"{rest:,} more {'has' if rest == 1 else 'have'} time, or are parked"
            said = " ▾ all is shown" if whole else f" ▸ {more}"
            rows += [Row(Content()), Row(Content.styled(said, parts.QUIET), REST)]
        return rows

    def row(self, index: int) -> Row:
        """Make a heading, the line of an issue, or one at the foot."""
        if index >= self._body:
            return self._end[index - self._body]
        group = bisect_right(self._headings, index) - 1
        place = index - self._headings[group] - 1
        found = self._agenda.groups[group]
        if place < 0:
            count = Content.styled(f"{len(found.standings):,}", parts.QUIET)
            return parts.heading(found.heading, count, capitals=self._by != "relationship")
        if place == len(found.standings):
            return Row(Content())
        return _issue(found.standings[place], self._today, self._by, self._width)

    def index_of(self, key: str) -> int | None:
        """Return where an issue stands, or the line that unfolds the rest."""
        if key == REST:
            return len(self) - 1 if self._end and self._end[-1].key == REST else None
        places = zip(self._headings, self._agenda.groups, strict=True)
        return next(
            (
                heading + 1 + number
                for heading, group in places
                for number, each in enumerate(group.standings)
                if place_of(each).row == key
            ),
            None,
        )


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

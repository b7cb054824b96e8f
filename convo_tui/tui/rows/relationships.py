"""The list of relationships: a name, how long ago, whether something is late, what is open, how it sparks."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Protocol

from textual.content import Content

from convo_tui.core.contradiction import UNRESOLVED
from convo_tui.core.dates import age
from convo_tui.core.summary import Summary
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.lazy import LazyRows
from convo_tui.tui.widgets.line_list import Row

_SPARKS = 4
_ROOM_FOR_SPARKS = 32
"""Columns from which on the sparks are shown: a name is worth more than its sparks."""


class Listed(Protocol):
    """Relationships in the order of a list, however many: each is fetched when it is looked at."""

    def __len__(self) -> int: ...
    def __getitem__(self, index: int, /) -> Summary: ...
    def index_of(self, key: str) -> int | None:
        """Return where the relationship with this key stands; None when it is not here."""


class Few(list[Summary]):
    """So few that they can be held and looked through."""

    def index_of(self, key: str) -> int | None:
        """Return where the relationship with this key stands; None when it is not here."""
        return next((place for place, each in enumerate(self) if each.key == key), None)


class RelationshipRows(LazyRows):
    """The rows of a list of relationships."""

    def __init__(self, summaries: Listed, today: date, in_progress: Collection[str], width: int) -> None:
        super().__init__(len(summaries))
        self._summaries, self._today, self._in_progress, self._width = summaries, today, in_progress, width

    def index_of(self, key: str) -> int | None:
        """Return where the relationship with this key stands; None when it is not here."""
        return self._summaries.index_of(key)

    def row(self, index: int) -> Row:
        """Make the row of one relationship."""
        summary = self._summaries[index]
        return _row(summary, self._today, summary.id in self._in_progress, self._width)


def _row(summary: Summary, today: date, in_progress: bool, width: int) -> Row:
    if not summary.readable:
        if summary.problem == UNRESOLVED:
            right = Content.styled("two versions", "$warning")
            return parts.row(parts.text("⎇ " + summary.name, "$warning"), right, width, summary.key)
        right = Content.styled("damaged", "$error")
        return parts.row(parts.text("✗ " + summary.name, "$error"), right, width, summary.key)
    quiet = summary.archived or summary.last_contact is None
    name = parts.text(summary.name, parts.QUIET if quiet else "")
    if in_progress:
        name = Content.styled("✎ ", "$accent") + name
    return parts.row(name, _state(summary, today, _SPARKS if width >= _ROOM_FOR_SPARKS else 0), width, summary.key)


def _state(summary: Summary, today: date, sparks: int) -> Content:
    days = summary.days_since(today)
    late = summary.days_late(today) > 0
    overdue = summary.overdue_issues(today)
    open_issues = summary.open_issues(today)
    ago = "" if days is None else "today" if days == 0 else age(days)
    held = "○" if days is not None else ""
    return Content.assemble(
        (f"{ago:>5}", "$warning" if late else parts.QUIET),
        (" !" if overdue or late else "  ", parts.OVERDUE),
        (f" {f'●{open_issues}' if open_issues else held:<3}", "" if open_issues else parts.QUIET),
        (f" {parts.sparkline(summary.sparks, sparks)}" if sparks else "", "$spark"),
    )

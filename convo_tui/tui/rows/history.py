"""The versions of a relationship: what each changed, and where the conversation stood then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import dated
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.brief import brief_rows
from convo_tui.tui.rows.lazy import LazyRows
from convo_tui.tui.rows.timeline import TimelineRows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.brief import Brief
    from convo_tui.core.difference import Difference
    from convo_tui.core.models import Encounter
    from convo_tui.store.git.repository import Past, Told

CHANGED = "changed:"
"""What the key of something that changed begins with, before its place."""

_MARK = "◆ "
_WIDEST_DAY = 11
_WHAT_LINES = 3


@dataclass(frozen=True)
class Stood:
    """A version as it is looked at: what changed since `since`, the version before where that is empty, and the
    conversation as it stood on its `day`, or stands now where `is_now`; `problem` says why it cannot be shown."""

    when: str
    since: str
    found: tuple[Difference, ...]
    meaning: str
    day: date
    brief: Brief | None = None
    timeline: tuple[Encounter, ...] = ()
    problem: str = ""
    is_now: bool = False


class PastRows(LazyRows):
    """A line for each version, the newest first; `need` is called with the place of one whose meaning is not known."""

    def __init__(
        self,
        pasts: Sequence[Past],
        told: Mapping[int, Told],
        marked: int | None,
        need: Callable[[int], object],
        today: date,
        width: int,
    ) -> None:
        self._pasts, self._told, self._marked, self._need = pasts, told, marked, need
        self._today, self._width = today, width
        super().__init__(len(pasts))

    def row(self, index: int) -> Row:
        """Make the row of a version."""
        past, told = self._pasts[index], self._told.get(index)
        if told is None:
            self._need(index)
        mark = Content.styled(_MARK if index == self._marked else " " * len(_MARK), "$accent")
        when = f"{dated(past.at.date(), self._today):<{_WIDEST_DAY}}  " if past.at else f"{past.short} · "
        meaning = Content.styled("…", parts.QUIET)
        if told is not None:
            meaning = parts.text(told.meaning, "$error" if told.is_damaged else "")
        return parts.row(mark + Content.styled(when, parts.QUIET) + meaning, width=self._width, key=str(index))

    def index_of(self, key: str) -> int | None:
        """Return where the version of `key` stands."""
        return int(key)


class StoodRows(LazyRows):
    """What changed with a version, then where we left off, then the timeline: the last is made as it is scrolled to."""

    def __init__(self, stood: Stood, names: dict[str, str], closed_shown: bool, width: int) -> None:
        self._head = [*_changes(stood, width), *_standing(stood, names, closed_shown, width)]
        self._timeline = TimelineRows(stood.timeline, {}, names, stood.day, width)
        self._keys = {row.key: index for index, row in reversed([*enumerate(self._head)])}
        super().__init__(len(self._head) + len(self._timeline))

    def row(self, index: int) -> Row:
        """Make the row at `index`."""
        before = len(self._head)
        return self._head[index] if index < before else self._timeline.row(index - before)

    def index_of(self, key: str) -> int | None:
        """Return where an entry stands."""
        if key in self._keys:
            return self._keys[key]
        found = self._timeline.index_of(key)
        return None if found is None else found + len(self._head)


def _changes(stood: Stood, width: int) -> list[Row]:
    said = f"{stood.since} → {stood.when}" if stood.since else stood.when
    rows = [parts.heading("What changed", parts.text(said, parts.QUIET))]
    for place, each in enumerate(stood.found):
        key = f"{CHANGED}{place}" if each.identity else None
        made = parts.hanging(Content.styled("• ", parts.QUIET), parts.text(each.what), width, _WHAT_LINES)
        rows += [Row(row.content, key) for row in made]
    if not stood.found:
        rows += parts.wrapped(parts.text(stood.meaning, parts.QUIET), width, indent=2)
    return [*rows, Row(Content())]


def _standing(stood: Stood, names: dict[str, str], closed_shown: bool, width: int) -> list[Row]:
    if stood.brief is None:
        return parts.wrapped(parts.text(stood.problem, "$error"), width)
    relationship = stood.brief.relationship
    who = " · ".join(filter(None, (relationship.name, relationship.role)))
    return [
        parts.heading("As it stands now" if stood.is_now else "As it stood then", parts.text(who, parts.QUIET)),
        *brief_rows(stood.brief, stood.day, width, names, closed_shown, is_past=True),
        Row(Content()),
    ]

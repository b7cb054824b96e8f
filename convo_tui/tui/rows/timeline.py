"""The timeline: one line an encounter, the newest on top, under a heading for each month."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.tui.rows import parts
from convo_tui.tui.rows.lazy import LazyRows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter

_KEY = "encounter:"
_OPENING = 1000
"""Characters of a note in which its first line is looked for: a transcript is not read for one line of it."""


class TimelineRows(LazyRows):
    """The rows of a timeline, oldest first as given, newest first as shown."""

    def __init__(
        self, timeline: Sequence[Encounter], homes: dict[str, str], names: dict[str, str], today: date, width: int
    ) -> None:
        self._timeline = timeline
        self._homes, self._names, self._today, self._width = homes, names, today, width
        self._firsts = _month_firsts(timeline)
        self._headings = [first + month for month, first in enumerate(self._firsts)]
        super().__init__(len(timeline) + len(self._firsts))

    def row(self, index: int) -> Row:
        """Make the row of a month or an encounter."""
        months = bisect_right(self._headings, index)
        if self._headings[months - 1] == index:
            return self._month(self._shown(self._firsts[months - 1]).at.date())
        return self._encounter(self._shown(index - months))

    def index_of(self, key: str) -> int | None:
        """Return where the encounter of `key` stands; None when it is not here."""
        identity = key.removeprefix(_KEY)
        found = next((place for place, each in enumerate(reversed(self._timeline)) if each.id == identity), None)
        return None if found is None else found + bisect_right(self._firsts, found)

    def _shown(self, place: int) -> Encounter:
        """The encounter at `place`, from 0, the newest first."""
        return self._timeline[-1 - place]

    def _month(self, day: date) -> Row:
        said = f"── {parts.month(day)} "
        return Row(Content.styled(said + "─" * max(0, self._width - len(said)), parts.QUIET))

    def _encounter(self, encounter: Encounter) -> Row:
        day = encounter.at.date()
        transaction = encounter.nature == "transaction"
        elsewhere = self._names.get(self._homes.get(encounter.id, ""), "")
        opening = encounter.note.lstrip()[:_OPENING]
        first = next((line for line in parts.note_lines(opening) if line.plain.strip()), None)
        left = Content.assemble(
            (f"{parts.day(day, day)[:3]} {day.day:>2}", ""),
            (f"  {encounter.channel:<8}", parts.QUIET),
            (f"{parts.spark(encounter.spark)} ", "$spark"),
            ("⇄ " if transaction else "", parts.QUIET),
            first or Content.styled("—", parts.QUIET),
        )
        right = parts.text(elsewhere, parts.QUIET) if elsewhere else None
        return parts.row(left, right, self._width, _KEY + encounter.id)


def newest_up_to(timeline: Sequence[Encounter], day: date) -> Encounter | None:
    """Return the newest encounter that was on `day` or before it, by its own local date; None when all came later.

    `timeline` is oldest first; `day` is within the years that `core.dates` knows.
    """
    # Local dates may go back where time zones mix, but two days on it is later than `day` all over the world.
    later = datetime.combine(day + timedelta(days=2), time(), UTC)
    stop = bisect_left(timeline, later, key=lambda each: each.at)
    candidates = islice(reversed(timeline), len(timeline) - stop, None)
    return next((each for each in candidates if each.at.date() <= day), None)


def _month_firsts(timeline: Sequence[Encounter]) -> list[int]:
    """The places, from 0 and newest first, of the encounters before which another month is named.

    Each one is looked at, which is 10,000 in a millisecond or two: months are those of local dates, and these may go
    back where time zones mix.
    """
    firsts: list[int] = []
    year = month = 0
    for place, encounter in enumerate(reversed(timeline)):
        at = encounter.at
        if at.month != month or at.year != year:
            year, month = at.year, at.month
            firsts.append(place)
    return firsts

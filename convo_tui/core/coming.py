"""Dates that come round: birthdays, renewals (CONTRACT.md, `[[dates]]`): yearly unless `once`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from convo_tui.core.dates import short

if TYPE_CHECKING:
    from convo_tui.core.models import Anniversary, Relationship

AHEAD = 30
"""Days before a date from which it is coming up."""

BEHIND = 14
"""Days for which a date that has passed is still worth a word."""


@dataclass(frozen=True, slots=True)
class Coming:
    """One day on which such a date falls."""

    label: str
    on: date


def coming(dates: Iterable[Anniversary], today: date) -> list[Coming]:
    """Return what falls on `today` or within the `AHEAD` days after it, the nearest first."""
    return _falling(dates, today, _moved(today, AHEAD))


def passed(dates: Iterable[Anniversary], since: date, today: date) -> list[Coming]:
    """Return what fell after the day `since` and before `today`, at most `BEHIND` days ago, the oldest first."""
    if today == date.min:
        return []
    return _falling(dates, max(_moved(since, 1), _moved(today, -BEHIND)), today - timedelta(days=1))


def next_time(relationship: Relationship, today: date) -> str:
    """Return what was meant for next time, and when: `Thu 10 Dec`, `today`, `was Thu 19 Nov`; empty for nothing."""
    on = relationship.next_on
    when = "" if on is None else f"{'was ' if on < today else ''}{short(on, today)}"
    return " · ".join(filter(None, (when, relationship.next_about)))


def upcoming(those: Iterable[Coming], today: date) -> str:
    """Return dates in words: `birthday Thu 26 Nov · renewal today`."""
    return " · ".join(f"{each.label or 'a date'} {short(each.on, today)}" for each in those)


def _falling(dates: Iterable[Anniversary], first: date, last: date) -> list[Coming]:
    found = [Coming(each.label, on) for each in dates if (on := _next(each, first)) is not None and on <= last]
    return sorted(found, key=lambda each: (each.on, each.label))


def _next(anniversary: Anniversary, first: date) -> date | None:
    """Return the first day, from `first` on, on which a date falls; None when it never does.

    One with a year never falls before that year. Without a year there is no one time to be `once` in.
    """
    on = anniversary.on
    if isinstance(on, str):
        month, day = int(on[2:4]), int(on[5:7])
    elif anniversary.once:
        return on if on >= first else None
    else:
        month, day, first = on.month, on.day, max(on, first)
    years = (first.year, first.year + 1)
    return next((found for year in years if (found := _in_year(year, month, day)) is not None and found >= first), None)


def _in_year(year: int, month: int, day: int) -> date | None:
    """The day in a year; 29 February is the 28th where there is none, so that nobody congratulates too late."""
    if year > date.max.year:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


def _moved(day: date, days: int) -> date:
    """`day` and so many days, within the calendar."""
    return date.fromordinal(max(1, min(day.toordinal() + days, date.max.toordinal())))

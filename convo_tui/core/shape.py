"""A relationship over time: what is drawn of it. Shown, never scored (PRODUCT.md, "It gets more interesting")."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from convo_tui.core.signs import TREND

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter, Issue, Relationship

MONTHS = 12
"""Lines of the calendar: this month, and those before it."""
DAYS = 31
"""Columns of the calendar."""

_ZONES = timedelta(days=2)
"""Local days may go back where time zones mix, never by more than this."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar: whether we met on it, and the best spark of it."""

    on: date
    met: bool = False
    spark: int | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """A line of the calendar; None stands for a day that does not exist or is still to come."""

    first: date
    days: tuple[Day | None, ...]


@dataclass(frozen=True, slots=True)
class Moves:
    """How many issues were mine, theirs and ours to move (PRODUCT.md, "It is a shared story")."""

    me: int = 0
    them: int = 0
    us: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return self.me + self.them + self.us


@dataclass(frozen=True, slots=True)
class Shape:
    """The last `MONTHS` of a relationship.

    `months` is the calendar, the oldest first; `encounters` counts those in it, `sparks` are theirs, the newest last.
    `moves` counts the issues that were opened in that time, `open_now` all that are open. `waiting_days` is the age of
    the oldest open issue that is my move; None when nothing is.
    """

    months: tuple[Month, ...]
    encounters: int
    sparks: tuple[int, ...]
    moves: Moves
    open_now: Moves
    waiting_days: int | None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to draw."""
        return not (self.encounters or self.moves.total or self.open_now.total)

    @property
    def lately(self) -> float | None:
        """The average of the last two sparks; None for fewer than `TREND`, of which nothing is concluded."""
        return sum(self.sparks[-2:]) / 2 if len(self.sparks) >= TREND else None


def shape(relationship: Relationship, timeline: Sequence[Encounter], today: date) -> Shape:
    """Return the shape of a relationship: `timeline` is every encounter in which it took part, oldest first.

    Notes to oneself are no encounters here: the calendar shows contact (CONTRACT.md, "Rules").
    """
    first = _month_before(today, MONTHS - 1)
    contacts = _contacts(timeline, first, today)
    open_issues = [each for each in relationship.issues if each.is_open(today)]
    return Shape(
        months=_calendar(contacts, first, today),
        encounters=len(contacts),
        sparks=tuple(each.spark for each in contacts if each.spark),
        moves=_moves(each for each in relationship.issues if each.since and first <= each.since <= today),
        open_now=_moves(open_issues),
        waiting_days=_waiting(open_issues, today),
    )


def _contacts(timeline: Sequence[Encounter], first: date, today: date) -> list[Encounter]:
    """The encounters from `first` to `today`, oldest first; of a long timeline only its end is looked at."""
    found = []
    for each in reversed(timeline):
        day = each.at.date()
        if day < first - _ZONES:
            break
        if first <= day <= today and each.is_contact:
            found.append(each)
    return found[::-1]


def _calendar(contacts: Iterable[Encounter], first: date, today: date) -> tuple[Month, ...]:
    met: dict[date, int] = {}
    for each in contacts:
        day = each.at.date()
        met[day] = max(met.get(day, 0), each.spark or 0)
    firsts = (_month_before(today, back) for back in reversed(range(MONTHS)))
    return tuple(Month(each, tuple(_days(each, met, today))) for each in firsts)


def _days(first: date, met: dict[date, int], today: date) -> Iterator[Day | None]:
    for place in range(DAYS):
        day = first + timedelta(days=place)
        is_shown = day.month == first.month and day <= today
        yield Day(day, day in met, met.get(day) or None) if is_shown else None


def _month_before(today: date, months: int) -> date:
    """The first of the month that is so many months before that of `today`."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(years, month + 1, 1)


def _moves(issues: Iterable[Issue]) -> Moves:
    owners = [each.owner for each in issues]
    return Moves(owners.count("me"), owners.count("them"), owners.count("us"))


def _waiting(open_issues: Iterable[Issue], today: date) -> int | None:
    mine = [each.since for each in open_issues if each.owner == "me" and each.since is not None]
    return max(0, (today - min(mine)).days) if mine else None

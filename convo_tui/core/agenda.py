"""The agenda: the open issues of all relationships, in groups; first those of the next days (PRODUCT.md, "agenda")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, TypeAlias

from convo_tui.core.carry import Standing, by_due
from convo_tui.core.grouping import Group
from convo_tui.core.models import Issue

Grouping: TypeAlias = Literal["due", "owner", "relationship"]

GROUPINGS: tuple[Grouping, ...] = ("due", "owner", "relationship")

SOON = 7
"""Days ahead, and days since an issue came back from being parked, that the agenda opens on (issue "agenda")."""

OWNERS = {"me": "My move", "them": "Their move", "us": "Ours together"}


@dataclass(frozen=True, slots=True)
class Agenda:
    """Issues in groups. `rest` counts those that are left out because they have time, or are parked."""

    groups: tuple[Group[Standing], ...]
    rest: int

    @property
    def count(self) -> int:
        """How many issues are shown."""
        return sum(len(each.those) for each in self.groups)


def agenda(standings: Iterable[Standing], today: date, by: Grouping = "due", *, whole: bool = False) -> Agenda:
    """Return the agenda of these issues: the `whole`, or what is overdue, due in `SOON` days or back.

    Groups by due date stand in time; by owner in the order me, them, us; by relationship, whose is due first.
    """
    everything = by_due(standings)
    shown = everything if whole else [each for each in everything if is_soon(each.issue, today)]
    return Agenda(tuple(_GROUPED[by](shown, today)), len(everything) - len(shown))


def is_soon(issue: Issue, today: date) -> bool:
    """Whether an open issue is due within `SOON` days or before today, or came back in the last `SOON` days."""
    if not issue.is_open(today):
        return False
    return (issue.due is not None and issue.due <= today + timedelta(days=SOON)) or is_back(issue, today)


def is_back(issue: Issue, today: date) -> bool:
    """Whether the day on which a parked issue returns came in the last `SOON` days."""
    until = issue.parked_until
    return issue.is_open(today) and until is not None and until >= today - timedelta(days=SOON)


def _by_due(standings: Sequence[Standing], today: date) -> Iterator[Group[Standing]]:
    grouped: defaultdict[str, list[Standing]] = defaultdict(list)
    for each in standings:
        grouped[_when(each.issue, today)].append(each)
    for heading in (_OVERDUE, _TODAY, _TOMORROW, _WEEK, _BACK, _LATER, _UNDATED, _PARKED, _SETTLED, _DROPPED):
        if found := grouped[heading]:
            yield Group(heading, tuple(sorted(found, key=_return) if heading == _PARKED else found))


_OVERDUE, _TODAY, _TOMORROW, _WEEK = "Overdue", "Today", "Tomorrow", f"Within {SOON} days"
_BACK, _LATER, _UNDATED = "Back from being parked", "Later", "Without a day"
_PARKED, _SETTLED, _DROPPED = "Parked", "Settled", "Dropped"


def _when(issue: Issue, today: date) -> str:
    if not issue.is_open(today):
        return issue.state.capitalize()
    if issue.due is not None and (issue.due - today).days <= SOON:
        days = (issue.due - today).days
        return _OVERDUE if days < 0 else _TODAY if days == 0 else _TOMORROW if days == 1 else _WEEK
    if is_back(issue, today):
        return _BACK
    return _LATER if issue.due is not None else _UNDATED


def _return(standing: Standing) -> date:
    return standing.issue.parked_until or date.max


def _by_owner(standings: Sequence[Standing], today: date) -> Iterator[Group[Standing]]:
    for owner, heading in OWNERS.items():
        if found := tuple(each for each in standings if each.issue.owner == owner):
            yield Group(heading, found)


def _by_relationship(standings: Sequence[Standing], today: date) -> Iterator[Group[Standing]]:
    grouped: dict[str, list[Standing]] = {}
    for each in standings:
        grouped.setdefault(each.relationship_id, []).append(each)
    for found in grouped.values():
        yield Group(found[0].relationship, tuple(found))


_GROUPED = {"due": _by_due, "owner": _by_owner, "relationship": _by_relationship}

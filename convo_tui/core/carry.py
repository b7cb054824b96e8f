"""The carry-forward rules: what an encounter does to the issues that live through it (CONTRACT.md, "Rules")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from convo_tui.core.models import Encounter, Heard, Issue

AVOIDED_AFTER = 3
"""Passed this often and never carried, an issue is being avoided (CONTRACT.md, "Rules")."""

CIRCLING_AFTER = 3
"""Carried in each of the last so many encounters, an issue is circling (CONTRACT.md, "Rules")."""


class Happened(Protocol):
    """As much of an encounter as the standing of an issue depends on."""

    @property
    def id(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def is_contact(self) -> bool: ...


H = TypeVar("H", bound=Happened)


@dataclass(frozen=True, slots=True)
class Standing:
    """An issue and where it stands today."""

    issue: Issue
    relationship_id: str
    relationship: str
    age_days: int
    carried: int
    passed: int
    overdue: bool
    avoided: bool
    circling: bool


def opened_before(issue: Issue, at: datetime) -> bool:
    """Whether `issue` was open already when something happened at `at`; an unknown opening counts as before."""
    if issue.opened is not None:
        return issue.opened < at
    return issue.since is None or issue.since < at.date()


def opened_after(entry: Issue | Heard, at: datetime) -> bool:
    """Whether `entry` came up only after `at`, so that nothing at `at` can close it; a need has no hour to go by."""
    if isinstance(entry, Issue) and entry.opened is not None:
        return entry.opened > at
    return entry.since is not None and entry.since > at.date()


def refusal(issue: Issue, encounter: Encounter, today: date) -> str | None:
    """Return why `issue` cannot be carried into `encounter`, in words; None when it can."""
    if not issue.is_open(today):
        return f"it is {issue.state}"
    if encounter.id == issue.opened_in or not opened_before(issue, encounter.at):
        return "it was opened in that encounter or after it"
    if encounter.id in issue.carried:
        return "it is carried into that encounter already"
    return None


def lived_through(issue: Issue, timeline: Iterable[H]) -> list[H]:
    """Return the encounters that `issue` was open for, oldest first; notes to oneself are none."""
    return [
        encounter
        for encounter in timeline
        if encounter.is_contact
        and encounter.id not in (issue.opened_in, issue.closed_in)
        and opened_before(issue, encounter.at)
        and (issue.closed is None or encounter.at <= issue.closed)
    ]


def standing(
    issue: Issue,
    timeline: Sequence[Happened],
    today: date,
    relationship_id: str = "",
    relationship: str = "",
) -> Standing:
    """Return where `issue` stands: `timeline` is every encounter of its relationship, oldest first."""
    lived = lived_through(issue, timeline)
    passed = sum(encounter.id not in issue.carried for encounter in lived)
    carried = len(issue.carried)
    recent = lived[-CIRCLING_AFTER:]
    return Standing(
        issue=issue,
        relationship_id=relationship_id,
        relationship=relationship,
        age_days=max(0, (today - issue.since).days) if issue.since else 0,
        carried=carried,
        passed=passed,
        overdue=issue.is_overdue(today),
        avoided=passed >= AVOIDED_AFTER and not carried,
        circling=len(recent) == CIRCLING_AFTER and all(each.id in issue.carried for each in recent),
    )


def rank(standings: Iterable[Standing]) -> list[Standing]:
    """Return them as one would take them up: overdue first, then due, theirs, often carried, the oldest."""
    return sorted(
        standings,
        key=lambda each: (
            not each.overdue,
            each.issue.due or date.max,
            each.issue.owner != "them",
            -each.carried,
            -each.age_days,
            each.issue.id,
        ),
    )


def by_due(standings: Iterable[Standing]) -> list[Standing]:
    """Return them by due date, none last, then the oldest (CONTRACT.md, `convo issues`)."""
    return sorted(standings, key=lambda each: (each.issue.due or date.max, -each.age_days, each.issue.id))

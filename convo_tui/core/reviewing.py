"""The weekly review: what was promised last week, and who needs attention (issue "weekly review").

What is to be gone through is fixed when it begins; what was done about it since is read off the journal, so that what
is taken back is undone here too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from convo_tui.core.carry import Standing
from convo_tui.core.dates import dated, short
from convo_tui.core.day_forms import WEEKDAYS
from convo_tui.core.models import Issue, Relationship
from convo_tui.core.pulse import AT_ONCE, Attention


@dataclass(frozen=True, slots=True)
class Review:
    """What is to be gone through: promises that are open, those that were kept, and who needs attention.

    `since` is the day on which last week began.
    """

    since: date
    promises: tuple[Standing, ...]
    kept: tuple[Standing, ...]
    people: tuple[Attention, ...]

    @property
    def promised(self) -> tuple[Standing, ...]:
        """Every promise, those that were open first."""
        return self.promises + self.kept

    @property
    def concerned(self) -> set[str]:
        """The ids of the relationships that it is about."""
        return {each.relationship_id for each in self.promised} | {each.id for each in self.people}


def review(
    standings: Iterable[Standing], pulse: Sequence[Attention], today: date, week_starts: str = "monday"
) -> Review:
    """Return the review of a day; `standings` are open and settled issues, `pulse` ranks who needs attention.

    Promises are issues whose move is mine or ours. Those that were due since last week began and are open come by due
    date; those that were due then or settled then are kept, by the day of that. `week_starts` is a weekday (`sunday`).
    """
    since = last_week(today, week_starts)
    promised = [each for each in standings if each.issue.owner != "them"]
    still_open = [each for each in promised if each.issue.is_open(today) and _between(since, each.issue.due, today)]
    kept = [
        each
        for each in promised
        if each.issue.state == "settled"
        and (_between(since, each.issue.due, today) or _between(since, settled_on(each.issue), today))
    ]
    return Review(
        since,
        tuple(sorted(still_open, key=lambda each: (each.issue.due or today, -each.age_days, each.issue.id))),
        tuple(sorted(kept, key=lambda each: (settled_on(each.issue) or since, each.issue.id))),
        tuple(pulse[:AT_ONCE]),
    )


def last_week(today: date, week_starts: str = "monday") -> date:
    """Return the day on which the calendar week before that of `today` began; `week_starts` is a weekday (`sunday`)."""
    return today - timedelta(days=(today.weekday() - WEEKDAYS.index(week_starts[:3])) % 7 + 7)


def settled_on(issue: Issue) -> date | None:
    """Return the local day on which an issue was closed; None when it is not known."""
    return issue.closed.date() if issue.closed else None


def _between(first: date, day: date | None, last: date) -> bool:
    return day is not None and first <= day <= last


def done_about(before: Issue, now: Issue, today: date) -> str:
    """Return in words what was done about a promise: that it was kept, or what the review did; nothing for nothing."""
    if not now.is_open(today):
        if now.state == "parked":
            return f"rests until {dated(now.parked_until, today)}" if now.parked_until else "rests until reopened"
        on = settled_on(now)
        return "let go" if now.state == "dropped" else f"kept {short(on, today)}" if on else "kept"
    if now.owner != before.owner:
        return {"me": "yours now", "them": "theirs now", "us": "ours now"}[now.owner]
    if now.due != before.due:
        return f"due {dated(now.due, today)}" if now.due else "without a day"
    return "talked about again" if len(now.carried) > len(before.carried) else ""


def done_with(before: Relationship, now: Relationship, today: date) -> str:
    """Return in words what the review did about a relationship; nothing for nothing."""
    until, known = now.snoozed_until, {each.id for each in before.issues}
    if until is not None and until > today and until != before.snoozed_until:
        return f"rests until {dated(until, today)}"
    if opened := [each.text for each in now.issues if each.id not in known]:
        return f"opened: {opened[-1]}"
    if now.next_on is not None and now.next_on != before.next_on:
        return f"you talk again {dated(now.next_on, today)}"
    return f"next: {now.next_about}" if now.next_about and now.next_about != before.next_about else ""

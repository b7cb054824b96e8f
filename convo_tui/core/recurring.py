"""Issues that recur (`every`): the next one, which settling opens.

Its id follows from that of the issue settled, so that two machines which settle one issue open one next.
"""

from __future__ import annotations

from datetime import date, datetime

from convo_tui.core.dates import NotADate, interval_after
from convo_tui.core.ids import derived_id
from convo_tui.core.models import Issue

_SOME_DAY = date(2000, 1, 1)


def following_id(identity: str, what: str) -> str:
    """Return the id of the issue that follows from the entry with this id; `what` tells several of them apart.

    Its date is the one in `identity`: the day on which it is opened need not be the same on two machines.
    """
    try:
        day = date.fromisoformat(identity[:8])
    except ValueError:
        day = _SOME_DAY
    return derived_id(day, identity, what)


def next_id(identity: str) -> str:
    """Return the id of the issue that settling the one with this id opens, should it recur."""
    return following_id(identity, "next")


def following(issue: Issue, at: datetime, encounter_id: str = "") -> Issue | None:
    """Return the issue that opens when this one is settled; None when it does not recur, or the calendar ends."""
    if issue.every is None:
        return None
    try:
        due = interval_after(issue.due or at.date(), issue.every)
        while due <= at.date():
            due = interval_after(due, issue.every)
    except NotADate:
        return None
    return Issue(
        id=next_id(issue.id),
        text=issue.text,
        owner=issue.owner,
        opened=at,
        opened_in=encounter_id,
        due=due,
        every=issue.every,
    )


def opened_by_both(settled: Issue, ours: Issue, theirs: Issue) -> tuple[Issue, Issue, Issue] | None:
    """Return what two sides began with that both opened the next of `settled`, and the sides as of that opening.

    The earlier opening stands, with its encounter, and of the due dates that follow from the openings also its one;
    a due date that a person has set stays. None when one side was not opened by settling.
    """
    if ours.opened is None or theirs.opened is None:
        return None
    first = min((ours, theirs), key=lambda each: (each.opened, str(each.opened), each.opened_in))
    opened, opened_in = first.opened, first.opened_in
    assert opened is not None
    began = following(settled, opened, opened_in)
    if began is None:
        return None
    opening = {"opened": opened, "opened_in": opened_in}
    sides = []
    for side in (ours, theirs):
        own = following(settled, side.opened or opened)
        is_own_due = own is not None and side.due == own.due
        sides.append(side.model_copy(update={**opening, "due": began.due if is_own_due else side.due}))
    return began, sides[0], sides[1]

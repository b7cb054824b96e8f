"""An idea that was built waits to be told (PRODUCT.md, "They tell you where to innovate").

It waits as an issue of mine in the same relationship. The id of that issue follows from the idea's, so it is opened
once however often, and on however many machines, the idea is marked as built; the file needs no key of its own for it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time

from convo_tui.core.models import Heard, Issue
from convo_tui.core.recurring import following_id


def telling_id(identity: str) -> str:
    """Return the id of the issue that is to tell them that the idea with this id was built."""
    return following_id(identity, "built")


def telling(idea: Heard, name: str, at: datetime) -> Issue:
    """Return the issue, opened at `at`, that is to tell whoever has this name that their idea was built."""
    return Issue(id=telling_id(idea.id), text=f"tell {name} that we built: {idea.text}", owner="me", opened=at)


def idea_told_by(issue: Issue, heard: Iterable[Heard]) -> Heard | None:
    """Return the idea of these that is told when `issue` is settled; None for one that is met or dropped by then."""
    return next((each for each in heard if _can_wait(each) and telling_id(each.id) == issue.id), None)


def waits(heard: Heard, unclosed: Collection[str]) -> bool:
    """Whether it is an idea that was built and waits to be told, `unclosed` being the ids of open and parked issues."""
    return _can_wait(heard) and telling_id(heard.id) in unclosed


def told_at(issue: Issue, on: date) -> datetime:
    """Return when an issue was settled by meeting the idea `on` a day: its noon, but never before it was opened."""
    zone = issue.opened.tzinfo if issue.opened else UTC
    noon = datetime.combine(on, time(12), zone)
    return max(noon, issue.opened) if issue.opened else noon


def _can_wait(heard: Heard) -> bool:
    return heard.kind == "idea" and heard.is_live

"""Where we left off: what one wants to see before saying a word. It ranks, it does not dump."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from convo_tui.core.carry import Standing, rank, standing
from convo_tui.core.coming import Coming, coming, passed
from convo_tui.core.dates import short
from convo_tui.core.models import Encounter, Heard, Issue, Relationship
from convo_tui.core.topics import Topic, topics

STALE_AFTER = 180
"""Days after which what mattered in their life is no longer asked about: by then it is over, or said again."""

ASKS_EVERY = 6
"""Conversations after which the brief suggests asking how it is for them (PRODUCT.md, "Know how well you are …")."""

QUESTIONS = (
    "What should we do differently?",
    "How is it for you, the way we work together?",
    "Is there something that we never talk about, and should?",
    "What would make our next conversation worth more to you?",
)
"""Words one could say, each in its turn."""

What: TypeAlias = Literal["due", "back", "date"]


@dataclass(frozen=True, slots=True)
class Since:
    """What has happened without us since we last spoke: an issue came `due`, one that was parked is `back`, a `date`
    passed. `text` are the words of the issue, or what is on that date."""

    what: What
    on: date
    text: str
    issue: Issue | None = None

    def happened(self, today: date) -> str:
        """Return what happened and when: `came due Fri 13 Nov`, `birthday was on Tue 17 Nov`."""
        when = short(self.on, today)
        if self.what == "date":
            return f"{self.text or 'a date'} was on {when}"
        return f"came due {when}" if self.what == "due" else f"came back {when} from being parked"


@dataclass(frozen=True, slots=True)
class Brief:
    """Where the conversation with one relationship stands today.

    `since` is what changed since we last spoke, `coming` are the dates of the next 30 days, `ask` is a question on how
    the conversation is for them; now and then, and None at all other times.
    """

    relationship: Relationship
    last: Encounter | None
    issues: tuple[Standing, ...]
    needs: tuple[Heard, ...]
    about: Heard | None
    topics: tuple[Topic, ...]
    since: tuple[Since, ...]
    coming: tuple[Coming, ...]
    ask: str | None

    @property
    def nothing_open(self) -> bool:
        """Whether nothing is left to come back to."""
        return not self.issues


def brief(relationship: Relationship, timeline: Sequence[Encounter], today: date) -> Brief:
    """Return where we left off; `timeline` is every encounter it took part in, oldest first."""
    contacts = [encounter for encounter in timeline if encounter.is_contact]
    talks = contacts or timeline
    live = [heard for heard in reversed(relationship.heard) if heard.is_live]
    issues = tuple(
        rank(
            standing(issue, timeline, today, relationship.id, relationship.name)
            for issue in relationship.issues
            if issue.is_open(today)
        )
    )
    return Brief(
        relationship=relationship,
        last=talks[-1] if talks else None,
        issues=issues,
        needs=tuple(heard for heard in live if heard.is_need),
        about=_about(live, today),
        topics=tuple(topics(timeline, relationship.issues, today)),
        since=tuple(_since(relationship, contacts[-1].at.date(), today)) if contacts else (),
        coming=tuple(coming(relationship.dates, today)),
        ask=None if relationship.archived else _question(contacts, issues),
    )


def _about(live: Iterable[Heard], today: date) -> Heard | None:
    """The newest thing that matters in their life, while it is fresh enough to ask; `live` is newest first."""
    fresh = [
        each
        for each in live
        if each.kind == "about" and (each.since is None or (today - each.since).days <= STALE_AFTER)
    ]
    return max(fresh, key=lambda each: each.since or date.min, default=None)


def _since(relationship: Relationship, last: date, today: date) -> list[Since]:
    """What came between the day of the last contact and the end of today, the newest first."""
    found = [*_issues_since(relationship.issues, last, today)]
    found += [Since("date", each.on, each.label) for each in passed(relationship.dates, last, today)]
    return sorted(found, key=lambda each: (-each.on.toordinal(), each.text))


def _issues_since(issues: Iterable[Issue], last: date, today: date) -> Iterator[Since]:
    for issue in issues:
        if not issue.is_open(today):
            continue
        if issue.due is not None and last < issue.due <= today:
            yield Since("due", issue.due, issue.text, issue)
        elif issue.parked_until is not None and last < issue.parked_until <= today:
            yield Since("back", issue.parked_until, issue.text, issue)


def _question(contacts: Iterable[Encounter], issues: Iterable[Standing]) -> str | None:
    """A question after every sixth conversation until the next one, but not while something of mine is overdue."""
    count = sum(each.nature == "conversation" for each in contacts)
    if not count or count % ASKS_EVERY or any(each.overdue and each.issue.owner == "me" for each in issues):
        return None
    return QUESTIONS[(count // ASKS_EVERY - 1) % len(QUESTIONS)]

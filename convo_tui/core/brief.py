"""Where we left off: what one wants to see before saying a word. It ranks, it does not dump."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from convo_tui.core.carry import Standing, rank, standing
from convo_tui.core.models import Encounter, Heard, Relationship
from convo_tui.core.topics import Topic, topics


@dataclass(frozen=True, slots=True)
class Brief:
    """Where the conversation with one relationship stands today."""

    relationship: Relationship
    last: Encounter | None
    issues: tuple[Standing, ...]
    needs: tuple[Heard, ...]
    about: Heard | None
    topics: tuple[Topic, ...]

    @property
    def nothing_open(self) -> bool:
        """Whether nothing is left to come back to."""
        return not self.issues


def brief(relationship: Relationship, timeline: Sequence[Encounter], today: date) -> Brief:
    """Return where we left off; `timeline` is every encounter it took part in, oldest first."""
    contacts = [encounter for encounter in timeline if encounter.is_contact] or timeline
    live = [heard for heard in reversed(relationship.heard) if heard.is_live]
    return Brief(
        relationship=relationship,
        last=contacts[-1] if contacts else None,
        issues=tuple(
            rank(
                standing(issue, timeline, today, relationship.id, relationship.name)
                for issue in relationship.issues
                if issue.is_open(today)
            )
        ),
        needs=tuple(heard for heard in live if heard.is_need),
        about=next((heard for heard in live if heard.kind == "about"), None),
        topics=tuple(topics(timeline, relationship.issues, today)),
    )

"""A relationship as a story: its encounters in chapters, one a month, each with what came of it in short sentences.

"Each relationship has a `story`: what the two of *us* do together, in the user's words, on top of the timeline."
(PRODUCT.md, "It is a shared story")
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from convo_tui.core.dates import dated
from convo_tui.core.models import Encounter, Heard, Issue, Relationship
from convo_tui.core.plain_words import MONTHS

INVITATION = "What are the two of you doing together?"
"""What is asked where nobody has written the beginning of the story yet."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_HEARD = {
    "need": "Heard that they need",
    "want": "Heard that they want",
    "expectation": "Heard that they expect",
    "unsaid": "Left unsaid",
    "idea": "Their idea",
    "rival": "A rival came up",
    "about": "What matters to them",
}


@dataclass(frozen=True, slots=True)
class Chapter:
    """The encounters of one month: those at `places` of the timeline, oldest first."""

    month: date
    places: range

    @property
    def title(self) -> str:
        """Return `November 2026`."""
        return f"{MONTHS[self.month.month - 1]} {self.month.year}"


@dataclass(frozen=True, slots=True)
class Story:
    """A relationship with its timeline, oldest first, to be told from its beginning to where we are now."""

    relationship: Relationship
    timeline: Sequence[Encounter]
    names: Mapping[str, str]
    homes: Mapping[str, str]
    outcomes: Mapping[str, tuple[str, ...]]

    def chapters(self) -> list[Chapter]:
        """Return the months in which there was an encounter, oldest first."""
        found, start = [], 0
        for (year, month), those in groupby(self.timeline, key=lambda each: (each.at.year, each.at.month)):
            stop = start + sum(1 for _ in those)
            found.append(Chapter(date(year, month, 1), range(start, stop)))
            start = stop
        return found

    def what(self, encounter: Encounter) -> str:
        """Return what an encounter was: `call with Bo Lindqvist · 25 min`; a note was one to oneself."""
        if not encounter.is_contact:
            return "a note to myself"
        ids = (*encounter.with_, self.homes.get(encounter.id, ""))
        names = dict.fromkeys(filter(None, (self.names.get(each) for each in ids)))
        names.pop(self.relationship.name, None)
        who = f"{encounter.channel} with {', '.join(names)}" if names else encounter.channel
        return f"{who} · {encounter.minutes} min" if encounter.minutes else who

    def came_of(self, encounter: Encounter) -> tuple[str, ...]:
        """Return what came of an encounter, in sentences."""
        return self.outcomes.get(encounter.id, ())


def told(
    relationship: Relationship,
    timeline: Sequence[Encounter],
    names: Mapping[str, str],
    homes: Mapping[str, str],
    today: date,
) -> Story:
    """Return the story of a relationship; `names` gives the name behind an id, `homes` where an encounter of another
    file lives."""
    return Story(relationship, timeline, names, homes, _outcomes(relationship.issues, relationship.heard, today))


def day(encounter: Encounter) -> str:
    """Return the day of an encounter within its chapter: `Thursday 19`."""
    return f"{_WEEKDAYS[encounter.at.weekday()]} {encounter.at.day}"


def _outcomes(issues: Iterable[Issue], heard: Iterable[Heard], today: date) -> dict[str, tuple[str, ...]]:
    """The sentences on each encounter, by its id: what it opened, what came up again, how things ended, what was heard.

    One pass over everything: a story of ten thousand encounters is told at once.
    """
    said: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    issues = list(issues)
    for issue in issues:
        due = f" (due {dated(issue.due, today)})" if issue.due else ""
        said[issue.opened_in]["Opened"].append(f"{issue.text}{due}")
    for issue in issues:
        for identity in issue.carried:
            said[identity]["Came back to"].append(issue.text)
    for issue in issues:
        if issue.closed_in and issue.state in ("settled", "dropped"):
            outcome = f", {issue.outcome}" if issue.outcome else ""
            said[issue.closed_in][issue.state.capitalize()].append(f"{issue.text}{outcome}")
    for each in heard:
        said[each.heard_in][_HEARD[each.kind]].append(each.text)
    return {
        identity: tuple(_sentence(lead, things) for lead, things in those.items()) for identity, those in said.items()
    }


def _sentence(lead: str, things: Iterable[str]) -> str:
    text = "; ".join(" ".join(each.split()) for each in things)
    return f"{lead}: {text}" if text.endswith((".", "!", "?", "…")) else f"{lead}: {text}."

"""What we are talking about: derived from notes and issues, never filed (PRODUCT.md, "We *are talking*")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from convo_tui.core.inline import topics as topics_in
from convo_tui.core.models import Encounter, Issue


@dataclass(frozen=True, slots=True)
class Topic:
    """Something we are talking about: since when, in how many encounters, with how many issues open."""

    topic: str
    since: date
    encounters: int
    open: int
    latest: date


def times(topic: Topic) -> str:
    """Return in how many encounters it was talked about: `6 encounters`."""
    return "1 encounter" if topic.encounters == 1 else f"{topic.encounters} encounters"


def began(topic: Topic, today: date) -> str:
    """Return since when it is talked about: `since March`, with the year when that is not this one."""
    return f"since {topic.since:%B}" if topic.since.year == today.year else f"since {topic.since:%B %Y}"


def topics(timeline: Sequence[Encounter], issues: Iterable[Issue], today: date) -> list[Topic]:
    """Return the topics of these encounters and issues, what is open and recent first.

    An encounter talks about a topic when its note says so, or when an issue with it was opened, carried or
    closed there.
    """
    days = {encounter.id: encounter.at.date() for encounter in timeline}
    talked: defaultdict[str, set[str]] = defaultdict(set)
    dated: defaultdict[str, list[date]] = defaultdict(list)
    still_open: defaultdict[str, int] = defaultdict(int)
    for encounter in timeline:
        for topic in topics_in(encounter.note):
            talked[topic].add(encounter.id)
    for issue in issues:
        for topic in topics_in(issue.text):
            talked[topic].update({issue.opened_in, issue.closed_in, *issue.carried} & days.keys())
            dated[topic].append(issue.since or today)
            still_open[topic] += issue.is_open(today)
    found = []
    for topic in talked.keys() | dated.keys():
        when = [days[identity] for identity in talked[topic]] + dated[topic]
        found.append(Topic(topic, min(when), len(talked[topic]), still_open[topic], max(when)))
    return sorted(found, key=lambda each: (-each.open, -each.latest.toordinal(), -each.encounters, each.topic))

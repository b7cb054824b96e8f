"""The thread of a topic: where we talked about it, the newest first (PRODUCT.md, "We *are talking* about")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from convo_tui.core.findable import Snippet, snippet
from convo_tui.core.folding import topic_word
from convo_tui.core.hits import Hit
from convo_tui.core.inline import topics as topics_in
from convo_tui.core.inline import unfenced
from convo_tui.core.models import Encounter, Issue
from convo_tui.core.query import Query, Term

LONGEST = 240
"""Characters of a line that are shown of it, around the topic: a transcript may be one line."""


@dataclass(frozen=True, slots=True)
class Step:
    """What was done with an issue that has the topic: `opened`, `carried`, `settled` or `dropped`."""

    verb: str
    issue: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A day on which the topic came up: in an encounter, of whose note `lines` have it, or with issues alone.

    `encounter` is the id, `channel` may be unknown. `key` and `name` say of whom it is, where that differs.
    """

    day: date
    encounter: str = ""
    channel: str = ""
    lines: tuple[Snippet, ...] = ()
    steps: tuple[Step, ...] = ()
    key: str = ""
    name: str = ""


def thread(topic: str, timeline: Sequence[Encounter], issues: Iterable[Issue], today: date) -> list[Passage]:
    """Return the passages of a topic (in lower case, without the `#`) in these encounters and issues, newest first.

    `timeline` is oldest first. What is known of no day counts as of `today`, as in `topics`.
    """
    steps, loose = _steps(topic, issues, {each.id for each in timeline}, today)
    passages = []
    for each in reversed(timeline):
        lines = lines_with(topic, each.note)
        if lines or each.id in steps:
            passages.append(Passage(each.at.date(), each.id, each.channel, lines, tuple(steps.get(each.id, ()))))
    passages += [Passage(day, steps=tuple(those)) for day, those in loose.items()]
    return _newest_first(passages)


def thread_of_hits(topic: str, hits: Iterable[Hit], today: date) -> list[Passage]:
    """Return the passages of a topic in what a search for it found, newest first: issues stand where they were opened.

    An issue is with the encounter of its relationship on that day, where there is one.
    """
    passages: dict[tuple[str, date], list[Passage]] = defaultdict(list)
    opened: dict[tuple[str, date], list[Hit]] = defaultdict(list)
    for hit in hits:
        day = hit.at.date() if hit.at else today
        if hit.kind == "encounter":
            lines = lines_with(topic, hit.text)
            passages[hit.key, day].append(Passage(day, hit.id, lines=lines, key=hit.key, name=hit.relationship))
        elif hit.kind == "issue":
            opened[hit.key, day].append(hit)
    for (key, day), those in opened.items():
        there = passages[key, day] or [Passage(day, key=key, name=those[0].relationship)]
        steps = tuple(Step("opened", each.id, each.text) for each in those)
        passages[key, day] = [replace(there[0], steps=steps), *there[1:]]
    return _newest_first([each for those in passages.values() for each in those])


def lines_with(topic: str, note: str) -> tuple[Snippet, ...]:
    """Return the lines of a note that have the topic, and where in them it stands; not those inside a code fence."""
    if topic not in topics_in(note):
        return ()
    query = Query(wanted=(Term((topic_word(topic),), whole=True),))
    lines = (line for _, line, outside in unfenced(note.split("\n")) if outside and topic in topics_in(line))
    return tuple(snippet(line, query, LONGEST) for line in lines)


def _steps(
    topic: str, issues: Iterable[Issue], encounters: set[str], today: date
) -> tuple[dict[str, list[Step]], dict[date, list[Step]]]:
    """What was done with issues that have the topic: by encounter, and where it was in none of these, by day."""
    inside: defaultdict[str, list[Step]] = defaultdict(list)
    loose: defaultdict[date, list[Step]] = defaultdict(list)
    for issue in issues:
        if topic in topics_in(issue.text):
            for verb, day, where in _way(issue, today):
                step = Step(verb, issue.id, issue.text)
                if where in encounters:
                    inside[where].append(step)
                elif day is not None:
                    loose[day].append(step)
    return inside, loose


def _way(issue: Issue, today: date) -> Iterator[tuple[str, date | None, str]]:
    yield "opened", issue.since or today, issue.opened_in
    for each in issue.carried:
        yield "carried", None, each
    if issue.closed is not None:
        yield issue.state, issue.closed.date(), issue.closed_in


def _newest_first(passages: list[Passage]) -> list[Passage]:
    return sorted(passages, key=lambda each: each.day, reverse=True)

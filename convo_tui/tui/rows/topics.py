"""What we are talking about as lines, and the thread of a topic: each place where it was said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.topics import began, times
from convo_tui.tui.place import Place
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.found import marked
from convo_tui.tui.rows.lazy import LazyRows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.thread import Passage, Step
    from convo_tui.core.topics import Topic

LONGEST_THREAD = 100
"""Passages of a thread that are shown, the newest."""

_LINES = 4
_VERB = 9
_VERB_STYLE = {"opened": "$accent", "carried": "$them", "settled": "$us"}
_WIDE_ENOUGH_FOR_SINCE = 44

EVERYONE = Place("", "relationship", "")
"""Stands for whom the topics are of when they are of everyone."""


def place_of(topic: Topic, whom: Place) -> Place:
    """Return the place of a topic, with whom it is talked about."""
    return Place(whom.key, "topic", topic.topic, whom.name)


class TopicRows(LazyRows):
    """A topic a line, in columns: in how many encounters, since when, how much of it is open."""

    def __init__(self, topics: Sequence[Topic], whom: Place, today: date, width: int) -> None:
        super().__init__(len(topics), {place_of(each, whom).row: place for place, each in enumerate(topics)})
        self._topics, self._whom, self._width, self._has_since = topics, whom, width, width >= _WIDE_ENOUGH_FOR_SINCE
        self._today = today
        self._digits = max((len(f"{each.encounters}") for each in topics), default=1)
        self._since = max((len(began(each, today)) for each in topics), default=0)
        self._open = max((len(f"{each.open}") for each in topics), default=1)

    def row(self, index: int) -> Row:
        """Make the line of a topic."""
        topic = self._topics[index]
        count = f"  {topic.encounters:>{self._digits}} {times(topic).partition(' ')[2]:<10}"
        since = f" {began(topic, self._today):<{self._since}}" if self._has_since else ""
        is_open = f"  {topic.open:>{self._open}} open" if topic.open else " " * (self._open + 7)
        right = Content.assemble(count, (since, parts.QUIET), (is_open, "$accent"), " ")
        left = Content(" ") + parts.text(f"#{topic.topic}", "$topic")
        return parts.row(left, right, self._width, place_of(topic, self._whom).row)


def thread_places(thread: Sequence[Passage], whom: Place) -> Iterator[Place]:
    """Yield the places that the rows of a thread stand for."""
    for passage in thread[:LONGEST_THREAD]:
        if passage.encounter:
            yield _encounter(passage, whom)
        for step in passage.steps:
            yield _issue(passage, step, whom)


def thread_rows(topic: Topic, thread: Sequence[Passage], whom: Place, today: date, width: int) -> list[Row]:
    """Return the thread of a topic, the newest first: the day, what was said in it, what was done with issues."""
    opening = f"{times(topic)} {began(topic, today)}" + (f" · {topic.open} open" if topic.open else "")
    rows = [Row(parts.text(f"#{topic.topic}", "bold $topic") + parts.after("  ", opening))]
    for passage in thread[:LONGEST_THREAD]:
        rows += [Row(Content()), *_passage(passage, whom, today, width)]
    if len(thread) > LONGEST_THREAD:
        rows += [Row(Content()), Row(Content.styled(f"These are the newest {LONGEST_THREAD}.", parts.QUIET))]
    return rows


def _passage(passage: Passage, whom: Place, today: date, width: int) -> Iterator[Row]:
    key = _encounter(passage, whom).row if passage.encounter else None
    said = [parts.day(passage.day, today), passage.name, passage.channel]
    yield Row(parts.text(" · ".join(filter(None, said)), "$accent"), key)
    for line in passage.lines:
        yield from parts.wrapped(marked(line.text, line.spans, len(line.text) * 2), width, key, _LINES, indent=2)
    for step in passage.steps:
        verb = Content.styled(f"  {step.verb:<{_VERB}}", _VERB_STYLE.get(step.verb, parts.QUIET))
        issue = _issue(passage, step, whom).row
        for row in parts.hanging(verb, parts.with_topics(parts.text(step.text)), width, _LINES):
            yield Row(row.content, issue)


def _encounter(passage: Passage, whom: Place) -> Place:
    return Place(passage.key or whom.key, "encounter", passage.encounter, passage.name or whom.name)


def _issue(passage: Passage, step: Step, whom: Place) -> Place:
    return Place(passage.key or whom.key, "issue", step.issue, passage.name or whom.name)

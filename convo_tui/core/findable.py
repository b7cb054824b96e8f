"""What can be found in a relationship: plain values, so that an index can hold them and leave the file alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Literal, TypeAlias

from convo_tui.core.folding import aligned, topic_word
from convo_tui.core.inline import topic_spans
from convo_tui.core.query import Query

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter, Heard, Issue, Relationship

FoundKind: TypeAlias = Literal["relationship", "person", "story", "issue", "heard", "encounter"]

NAMES, STILL_OPEN, THE_REST = 2, 1, 0
"""The ranks: names stand first, then open issues (what is parked until a day will be one), then everything else."""

_ID = re.compile(r"\d{8}-[0-9a-z]{8}", re.ASCII)
"""An organisation may be given by its id (CONTRACT.md, "The file"), which says nothing to anyone."""

_OWNERS = {"me": "mine", "them": "theirs", "us": "ours"}

_FARTHEST = 20_000
"""In how many characters a snippet looks for a match: a screen full of them may not take a second."""

_NARROW = 8
"""Below this width the beginning is all that a snippet can show."""


@dataclass(frozen=True, slots=True)
class Findable:
    """Something that can be found, with its `text` as written.

    `id` is the relationship's own for its name and its story. `at` is when it was; None for what has no time. `marks`
    are those of `query.MARKS` that no day changes: an issue has its state as written, and is open from `opens_on`.
    `with_` are the ids of those who took part in an encounter or were spoken of.
    """

    relationship_id: str
    kind: FoundKind
    id: str
    at: datetime | None
    text: str
    marks: tuple[str, ...]
    opens_on: date | None = None
    due: date | None = None
    with_: tuple[str, ...] = ()
    rank: int = THE_REST


@dataclass(frozen=True, slots=True)
class Snippet:
    """One line of a text, and where in it the matching words stand: `start` up to `end`, in order, apart."""

    text: str
    spans: tuple[tuple[int, int], ...]


def findables(relationship: Relationship) -> Iterator[Findable]:
    """Yield everything in `relationship` that can be found, in the order of its file."""
    yield from findables_but_encounters(relationship)
    for encounter in relationship.encounters:
        if encounter.note.strip():
            yield _encounter(relationship, encounter)


def findables_but_encounters(relationship: Relationship) -> Iterator[Findable]:
    """Yield the same without the encounters, of which there may be half a million."""
    home = relationship.id
    more = _of_home(relationship)
    organisation = "" if _ID.fullmatch(relationship.organisation) else relationship.organisation
    text = joined(relationship.name, *relationship.aliases, relationship.role, organisation, *relationship.tags)
    yield Findable(home, "relationship", home, None, text, ("relationship", relationship.kind, *more), rank=NAMES)
    if relationship.story.strip():
        yield Findable(home, "story", home, None, relationship.story, ("story", *more))
    for person in relationship.people:
        text = joined(person.name, person.role)
        yield Findable(home, "person", person.id, None, text, ("person", *more), rank=NAMES)
    for issue in relationship.issues:
        yield _issue(home, issue, more)
    for heard in relationship.heard:
        yield _heard(home, heard, more)


def encounter_marks(relationship: Relationship, channel: str, nature: str) -> tuple[str, ...]:
    """Return the marks of the encounters of a relationship that have this channel and nature."""
    return ("encounter", channel, nature, *_of_home(relationship))


def has_marks(query: Query, findable: Findable, today: date) -> bool:
    """Whether on `today` it has every mark that is asked for, and none that is not."""
    return all(_has(findable, mark, today) for mark in query.marks) and not any(
        _has(findable, mark, today) for mark in query.unmarked
    )


def in_time(query: Query, findable: Findable) -> bool:
    """Whether its local day lies within `since` and `until`; without a time only when neither is asked for."""
    if query.since is None and query.until is None:
        return True
    if findable.at is None:
        return False
    day = findable.at.date()
    return (query.since is None or query.since <= day) and (query.until is None or day <= query.until)


def snippet(text: str, query: Query, width: int) -> Snippet:
    """Return one line of `text` around the first place that `query` asks for, and the matching words in it.

    At most `width` characters (at least 1), with `…` where it is cut; white space is collapsed. What matches is a
    whole word, but only the part of it that was asked for when that counts anywhere inside.
    """
    line = " ".join(text[:_FARTHEST].split())
    spans = _matches(line, query)
    start = _start(line, spans[0], width) if spans else 0
    head = "…" if start else ""
    room = width - len(head)
    body, tail = line[start:], ""
    if len(body) > room:
        body, tail = body[: room - 1].rstrip(), "…"
    ahead = len(head) - start
    seen = [(max(first, start) + ahead, min(last, start + len(body)) + ahead) for first, last in spans]
    return Snippet(head + body + tail, tuple((first, last) for first, last in seen if first < last))


# How the entries of a file are found.


def joined(*texts: str) -> str:
    """Return the texts that are not empty, with dots between."""
    return " · ".join(filter(None, texts))


def _moment(at: datetime | None, day: date | None) -> datetime | None:
    """A day stands for its noon (CONTRACT.md, "Dates")."""
    return at or (datetime.combine(day, time(12), UTC) if day else None)


def _issue(home: str, issue: Issue, more: tuple[str, ...]) -> Findable:
    opens_on = issue.parked_until if issue.state == "parked" else None
    return Findable(
        home,
        "issue",
        issue.id,
        _moment(issue.opened, issue.since),
        joined(issue.text, issue.outcome),
        ("issue", issue.state, _OWNERS[issue.owner], *more),
        opens_on,
        issue.due,
        rank=STILL_OPEN if issue.state == "open" or opens_on else THE_REST,
    )


def _heard(home: str, heard: Heard, more: tuple[str, ...]) -> Findable:
    marks = ["heard", heard.kind]
    if heard.met:
        marks.append("met")
    if heard.dropped:
        marks.append("dropped")
    if heard.is_need and heard.is_live:
        marks.append("unmet")
    return Findable(home, "heard", heard.id, _moment(heard.at, heard.since), heard.text, (*marks, *more))


def _encounter(relationship: Relationship, encounter: Encounter) -> Findable:
    marks = encounter_marks(relationship, encounter.channel, encounter.nature)
    with_ = tuple(dict.fromkeys((*encounter.with_, *encounter.mentions)))
    return Findable(relationship.id, "encounter", encounter.id, encounter.at, encounter.note, marks, with_=with_)


def _of_home(relationship: Relationship) -> tuple[str, ...]:
    """The marks that everything in a file has because of its relationship."""
    return ("archived",) if relationship.archived else ()


def _has(findable: Findable, mark: str, today: date) -> bool:
    come = findable.opens_on is not None and findable.opens_on <= today
    if mark == "open":
        return mark in findable.marks or come
    if mark == "parked":
        return mark in findable.marks and not come
    if mark == "overdue":
        return findable.due is not None and findable.due < today and _has(findable, "open", today)
    return mark in findable.marks


# Where a line shows what was asked for.


def _matches(line: str, query: Query) -> list[tuple[int, int]]:
    """Where the wanted terms stand, in order; those that touch or overlap are one."""
    said, places = aligned(line)
    spans = [
        (start, end)
        for start, end in topic_spans(line)
        if any(term.is_topic and term.sought in f" {topic_word(line[start + 1 : end])} " for term in query.wanted)
    ]
    for term in query.wanted:
        begin = said.find(term.sought)
        while begin >= 0:
            end = begin + len(term.sought)
            first, last = begin + (not term.inside), end - term.whole
            if not (term.inside or term.whole):
                last = said.index(" ", last)
            spans.append((places[first][0], places[last - 1][1]))
            begin = said.find(term.sought, last)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return merged


def _start(line: str, span: tuple[int, int], width: int) -> int:
    """Where to begin, so that the match stands in the line with some words before it."""
    first, last = span
    if len(line) <= width or last < width or width < _NARROW:
        return 0
    start = max(0, min(first - width // 3, len(line) - width + 1))
    return line.find(" ", start, first) + 1 or start

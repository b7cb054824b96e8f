"""The weekly review as lines: last week's promises, who needs attention, and a kind word at the end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import short
from convo_tui.tui.place import Place
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.pulse import place_of
from convo_tui.tui.rows.shape import shape_rows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.carry import Standing
    from convo_tui.core.pulse import Attention
    from convo_tui.core.reviewing import Review
    from convo_tui.core.shape import Shape

THE_END = "That was the week. Enjoy the conversations that come."

_OWNER = 6
_WIDEST_NAME, _WIDE_ENOUGH_FOR_NAME = 20, 60
_SENTENCE = 3
"""Lines of the sentence that says why."""


def promise_place(standing: Standing) -> Place:
    """Return the place of a promise."""
    return Place(standing.relationship_id, "issue", standing.issue.id, standing.relationship)


def review_rows(review: Review, done: Mapping[str, str], today: date, width: int) -> list[Row]:
    """Return the review; `done` says by the key of a row what was done about it."""
    said = [(each, done.get(promise_place(each).row, "")) for each in review.promised]
    room = max((len(words or _due(each, today)) for each, words in said), default=0)
    promises = [_promise(each, words, _due(each, today), room, width) for each, words in said]
    people = [row for each in review.people for row in _person(each, done.get(place_of(each).row, ""), width)]
    since = Content.styled(f"since {parts.day(review.since, today)}", parts.QUIET)
    rows = [parts.row(parts.heading("Last week's promises", since).content, width=width)]
    rows += promises or [_quiet("Nothing was due.")]
    rows += [Row(Content()), parts.row(parts.heading("Who needs attention").content, width=width)]
    rows += people or [_quiet("Nobody, today.")]
    if all(done.get(each) for each in to_go_through(review)):
        rows += [Row(Content()), *parts.wrapped(Content.styled(THE_END, "$accent"), width, indent=1)]
    return rows


def to_go_through(review: Review) -> list[str]:
    """Return the keys of the rows about which something can be done: the promises that were open, and the people."""
    promises = (promise_place(each) for each in review.promises)
    return [place.row for place in (*promises, *(place_of(each) for each in review.people))]


def _quiet(said: str) -> Row:
    return Row(Content.styled(f" {said}", parts.QUIET))


def _due(standing: Standing, today: date) -> str:
    due = standing.issue.due
    return f"{short(due, today)}{' !' if standing.overdue else ''}" if due else ""


def _promise(standing: Standing, done: str, due: str, room: int, width: int) -> Row:
    """A line: whose it is, what it is, with whom, and in `room` cells when it is due, or what was done about it."""
    issue, quiet = standing.issue, parts.QUIET if done else ""
    owner = (f"{issue.owner:<{_OWNER}}", quiet or parts.OWNER_STYLE[issue.owner])
    left = Content.assemble((_mark(done), parts.QUIET), owner, parts.with_topics(parts.text(issue.text, quiet)))
    right = Content.styled(f"  {done or due:<{room}}", quiet or (parts.OVERDUE if standing.overdue else "$accent"))
    if width >= _WIDE_ENOUGH_FOR_NAME:
        name = parts.text(standing.relationship, parts.QUIET)
        right = Content(" ") + name.truncate(min(_WIDEST_NAME, width // 4), ellipsis=True, pad=True) + right
    return parts.row(left, right, width, promise_place(standing).row)


def _person(attention: Attention, done: str, width: int) -> list[Row]:
    """A name, and below it the weightiest reason, or what was done about it."""
    key, mark = place_of(attention).row, Content.styled(_mark(done), parts.QUIET)
    said = parts.text(done or attention.reasons[0].text, parts.QUIET)
    name = mark + parts.text(attention.name, parts.QUIET if done else "bold")
    return [parts.row(name, width=width, key=key), *parts.wrapped(said, width, key, _SENTENCE, mark.cell_length)]


def _mark(done: str) -> str:
    return " ✓ " if done else " ● "


def person_rows(attention: Attention, shape: Shape, today: date, width: int) -> list[Row]:
    """Return why someone needs attention, every reason of it, and the shape of it over time."""
    rows = [parts.heading("Why")]
    for reason in attention.reasons:
        rows += parts.hanging(Content.styled("· ", parts.QUIET), parts.text(reason.text), width)
    drawn = shape_rows(shape, today, width)
    return [*rows, Row(Content()), *drawn] if drawn else rows

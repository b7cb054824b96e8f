"""Where we left off: what is pinned on top of the timeline. It ranks and fits, it does not dump."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import age, short
from convo_tui.tui.rows import parts
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.brief import Brief
    from convo_tui.core.carry import Standing
    from convo_tui.core.models import Encounter, Issue

_NEEDS = 3
_WORD = 7
"""The column of owners and kinds: what they are said of begins at one edge."""
_KIND = {"expectation": "expect"}
_TOPICS = 6


def brief_rows(
    brief: Brief,
    today: date,
    width: int,
    names: dict[str, str],
    closed_shown: bool,
    *,
    is_past: bool = False,
    marked: Collection[str] = (),
) -> list[Row]:
    """Return where we left off; `names` gives the name behind an id, `closed_shown` unfolds what is not open, and
    `marked` are the keys of the rows that are marked.

    What `is_past` was so on the day `today`, and no key is named that would change it.
    """
    relationship = brief.relationship
    rows: list[Row] = []
    if relationship.story.strip():
        rows += parts.wrapped(parts.text(" ".join(relationship.story.split()), "italic $quiet"), width, lines=2)
    if relationship.next_on or relationship.next_about:
        when = short(relationship.next_on, today) if relationship.next_on else ""
        said = " · ".join(filter(None, [when, relationship.next_about]))
        rows.append(parts.heading("Next", parts.text(said, "$accent")))
    if brief.last is not None or not is_past:
        rows += _left_off(brief, today, width, names)
    rows += [parts.marked(issue_row(each, today, width, at), marked) for at, each in enumerate(brief.issues, 1)]
    if brief.nothing_open and brief.last is not None and not is_past:
        rows.append(Row(Content.styled("  nothing is left open: i opens an issue to come back to", parts.QUIET)))
    rows += [parts.marked(_heard(each.id, each.kind, each.text), marked) for each in brief.needs[:_NEEDS]]
    if len(brief.needs) > _NEEDS:
        rows.append(Row(Content.styled(f"  and {len(brief.needs) - _NEEDS} more unmet", parts.QUIET)))
    if brief.about is not None:
        rows.append(_heard(brief.about.id, "about", brief.about.text))
    rows += _closed(relationship.issues, today, width, closed_shown)
    rows += _topics(brief)
    return rows


def _left_off(brief: Brief, today: date, width: int, names: dict[str, str]) -> list[Row]:
    if brief.last is None:
        said = Content.styled("You have not talked yet: n starts an encounter.", parts.QUIET)
        return [parts.heading("Where we left off"), *parts.wrapped(said, width, indent=2)]
    rows = [parts.heading("Where we left off", parts.text(encounter_facts(brief.last, today, names), parts.QUIET))]
    first = [line for line in parts.note_lines(brief.last.note) if line.plain.strip()]
    for line in first[:2]:
        rows += parts.wrapped(line, width, lines=1 if len(first) > 1 else 2, indent=2)
    return rows


def encounter_facts(encounter: Encounter, today: date, names: dict[str, str]) -> str:
    """Return when an encounter was, how, how long and with whom: `Thu 19 Nov · call · 25 min · with Bo`."""
    who = ", ".join(filter(None, (names.get(each) for each in encounter.with_)))
    said = [parts.day(encounter.at.date(), today), encounter.channel]
    said += [f"{encounter.minutes} min"] if encounter.minutes else []
    return " · ".join([*said, *([f"with {who}"] if who else [])])


def issue_row(standing: Standing, today: date, width: int, number: int | None = None) -> Row:
    """Return an open issue: whose move it is, what it is, when it is due, how often and how long carried."""
    issue = standing.issue
    mark = f"{number:>2} " if number is not None else " ● "
    left = Content.assemble(
        (mark, parts.QUIET),
        (f"{issue.owner:<{_WORD}}", parts.OWNER_STYLE[issue.owner]),
        parts.with_topics(parts.text(issue.text)),
    )
    return parts.row(left, stuck(standing) + issue_facts(standing, today), width, f"issue:{issue.id}")


def issue_facts(standing: Standing, today: date, due_room: int = 0) -> Content:
    """Return what stands at the end of the line of an issue: when due, how often carried, how old.

    The due date has at least `due_room` cells.
    """
    due = short(standing.issue.due, today) if standing.issue.due else ""
    said = f" {due}{' !' if standing.overdue else ''}" if due else ""
    return Content.assemble(
        (f"{said:<{due_room}}", parts.OVERDUE if standing.overdue else "$accent"),
        (f" ↻{standing.carried:<2}", "" if standing.carried else parts.QUIET),
        (f"{age(standing.age_days) if standing.age_days else 'new':>4}", parts.QUIET),
    )


def stuck(standing: Standing) -> Content:
    """Return in a word that an issue is being avoided, or goes round in circles; nothing for others."""
    said = "circling" if standing.circling else "avoided" if standing.avoided else ""
    return Content.styled(f" {said}" if said else "", "$warning")


def _heard(identity: str, kind: str, said: str) -> Row:
    word = f" {'◇' if kind != 'about' else ' '} {_KIND.get(kind, kind):<{_WORD}}"
    style = parts.NEED if kind != "about" else parts.QUIET
    return Row(Content.styled(word, style) + parts.text(said), f"heard:{identity}")


def _closed(issues: Sequence[Issue], today: date, width: int, shown: bool) -> list[Row]:
    aside = [each for each in issues if not each.is_open(today)]
    if not aside:
        return []
    counts = [(state, sum(each.state == state for each in aside)) for state in ("parked", "settled", "dropped")]
    said = " · ".join(f"{count} {state}" for state, count in counts if count)
    rows = [Row(Content.styled(f" {'▾' if shown else '▸'} {said}", parts.QUIET), "closed")]
    if shown:
        aside.sort(key=lambda each: (each.state != "parked", -(each.closed.timestamp() if each.closed else 0)))
        rows += [_closed_row(each, today, width) for each in aside]
    return rows


def _closed_row(issue: Issue, today: date, width: int) -> Row:
    left = Content.styled(f"   {issue.state:<8}", parts.QUIET) + parts.text(issue.text)
    left += parts.after(" · ", issue.outcome)
    when = issue.parked_until or (issue.closed.date() if issue.closed else None)
    said = f"{'until ' if issue.state == 'parked' else ''}{short(when, today)}" if when else ""
    return parts.row(left, Content.styled(f" {said}", parts.QUIET), width, f"issue:{issue.id}")


def _topics(brief: Brief) -> list[Row]:
    if not brief.topics:
        return []
    said = Content("  ").join(
        parts.text(f"#{each.topic}", "$topic") + Content.styled(f" {each.encounters}", parts.QUIET)
        for each in brief.topics[:_TOPICS]
    )
    return [parts.heading("We are talking about", said)]

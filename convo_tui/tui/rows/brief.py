"""Where we left off: what is pinned on top of the timeline. It ranks and fits, it does not dump."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.coming import next_time, upcoming
from convo_tui.core.dates import age, short
from convo_tui.tui.rows import parts
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.brief import Brief
    from convo_tui.core.carry import Standing
    from convo_tui.core.models import Encounter, Issue

STORY, TOPICS, MORE = "story", "topics", "issues"
"""The keys of the lines that open a view, and of the one that unfolds the issues that do not fit."""

ISSUES = 9
"""How many issues are shown at first: as many as have a number of one digit."""

_NEEDS = _SINCE = 3
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
    issues_shown: bool = True,
    leads_on: bool = False,
) -> list[Row]:
    """Return where we left off; `names` gives the name behind an id, `closed_shown` unfolds what is not open,
    `issues_shown` the issues that do not fit, and `marked` are the keys of the rows that are marked.

    What `is_past` was so on the day `today`, and no key is named that would change it. Where the brief `leads_on`, the
    story and the topics can be selected: they open views.
    """
    relationship = brief.relationship
    rows: list[Row] = []
    if relationship.story.strip():
        said = parts.text(" ".join(relationship.story.split()), "italic $quiet")
        rows += parts.wrapped(said, width, STORY if leads_on else None, lines=2)
    rows += _opening(brief, today, width, marked, is_past)
    if brief.last is not None or not is_past:
        rows += _left_off(brief, today, width, names)
    rows += _issues(brief, today, width, marked, issues_shown)
    if brief.nothing_open and brief.last is not None and not is_past:
        rows.append(Row(Content.styled("  nothing is left open: i opens an issue to come back to", parts.QUIET)))
    rows += [parts.marked(_heard(each.id, each.kind, each.text), marked) for each in brief.needs[:_NEEDS]]
    if len(brief.needs) > _NEEDS:
        rows.append(Row(Content.styled(f"  and {len(brief.needs) - _NEEDS} more unmet", parts.QUIET)))
    rows += _closed(relationship.issues, today, width, closed_shown)
    if brief.ask and not is_past:
        rows += parts.wrapped(Content.styled(f"you could ask: “{brief.ask}”", parts.QUIET), width, lines=2, indent=2)
    rows += _topics(brief, leads_on)
    return rows


def first_entry(brief: Brief) -> str | None:
    """Return the key of the entry that a person who comes to the brief is on: the first that keys can work on."""
    entries = [f"issue:{each.issue.id}" for each in brief.issues[:1]]
    entries += [f"heard:{each.id}" for each in (*brief.needs[:1], *([brief.about] if brief.about else []))]
    entries += ["closed"] if brief.relationship.issues else []
    return entries[0] if entries else None


def _opening(brief: Brief, today: date, width: int, marked: Collection[str], is_past: bool) -> list[Row]:
    """What was meant for next time, what one could ask about, the dates that are near, and what has changed."""
    rows: list[Row] = []
    if meant := next_time(brief.relationship, today):
        said = parts.text(meant, "$accent")
        rows += parts.hanging(parts.heading("Next time").content + "  ", said, width, lines=2)
    if brief.about is not None:
        ask = parts.heading("Ask about").content + "  "
        lines = parts.hanging(ask, parts.text(brief.about.text), width, lines=2, key=f"heard:{brief.about.id}")
        rows += [parts.marked(lines[0], marked), *lines[1:]]
    if brief.coming and not is_past:
        said = parts.text(upcoming(brief.coming, today))
        rows += parts.hanging(parts.heading("Coming up").content + "  ", said, width, lines=2)
    if brief.since and not is_past:
        rows += parts.wrapped(parts.heading("Since we last spoke", _since(brief, today)).content, width, lines=3)
    return rows


def _since(brief: Brief, today: date) -> Content:
    """What has changed without us; an issue is named by its number in the list below."""
    numbers = {each.issue.id: number for number, each in enumerate(brief.issues, 1)}
    said = [
        f"issue {numbers[each.issue.id]} {each.happened(today)}" if each.issue else each.happened(today)
        for each in brief.since[:_SINCE]
    ]
    said += [f"and {len(brief.since) - _SINCE} more"] if len(brief.since) > _SINCE else []
    return parts.text(" · ".join(said))


def _issues(brief: Brief, today: date, width: int, marked: Collection[str], shown: bool) -> list[Row]:
    """The open issues in their order, each with its number; those beyond what fits behind a line that unfolds them."""
    fitting = brief.issues if shown else brief.issues[:ISSUES]
    rows = [parts.marked(issue_row(each, today, width, at), marked) for at, each in enumerate(fitting, 1)]
    if not shown and len(brief.issues) > ISSUES:
        rows.append(Row(Content.styled(f" ▸ {len(brief.issues) - ISSUES} more open", parts.QUIET), MORE))
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
    word = f" ◇ {_KIND.get(kind, kind):<{_WORD}}"
    return Row(Content.styled(word, parts.NEED) + parts.text(said), f"heard:{identity}")


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


def _topics(brief: Brief, leads_on: bool) -> list[Row]:
    if not brief.topics:
        return []
    said = Content("  ").join(
        parts.text(f"#{each.topic}", "$topic") + Content.styled(f" {each.encounters}", parts.QUIET)
        for each in brief.topics[:_TOPICS]
    )
    return [parts.heading("We are talking about", said, TOPICS if leads_on else None)]

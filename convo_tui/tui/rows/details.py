"""One thing in full: an encounter with what it opened and carried, an issue with its way through the encounters."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.core.dates import short
from convo_tui.sanitize import single
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.brief import encounter_facts
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.carry import Standing
    from convo_tui.core.models import Encounter, Heard, Relationship


def card_rows(relationship: Relationship, today: date, width: int) -> list[Row]:
    """Return who a relationship is: how to reach them, what to remember, the people in it."""
    said = [relationship.kind, *relationship.tags]
    said += [f"every {relationship.cadence}"] if relationship.cadence else []
    said += ["archived"] if relationship.archived else []
    rest = relationship.snoozed_until
    said += [f"rests until {parts.day(rest, today)}"] if rest is not None and rest > today else []
    rows = [Row(parts.text(" · ".join(said), parts.QUIET))]
    for each in relationship.reach:
        rows.append(_fact(each.kind, parts.text(each.value) + parts.after("  ", each.label)))
    for date_ in relationship.dates:
        on = date_.on if isinstance(date_.on, str) else parts.day(date_.on, today)
        rows.append(_fact(date_.label or "date", parts.text(on.removeprefix("--"))))
    for person in relationship.people:
        gone = [f"left {parts.day(person.left, today)}"] if person.left else []
        facts = [person.role, *(each for each in (person.influence, person.stance) if each != "unknown"), *gone]
        said_of = parts.after("  ", " · ".join(filter(None, facts)))
        rows.append(_fact("with", parts.text(person.name, parts.QUIET if person.left else "") + said_of))
    return rows


_FACT = 10


def _fact(word: str, said: Content) -> Row:
    return Row(Content.styled(f"{single(word)[: _FACT - 1]:<{_FACT}}", "$accent") + said)


def encounter_rows(
    encounter: Encounter, relationship: Relationship, today: date, width: int, names: dict[str, str]
) -> list[Row]:
    """Return an encounter in full: when and with whom, its note, and what it did to the issues."""
    rows = [Row(parts.text(encounter_facts(encounter, today, names), "bold"))]
    facts = [f"{encounter.at:%H:%M}", encounter.nature]
    if encounter.spark:
        facts.append(f"spark {parts.spark(encounter.spark)} {encounter.spark} of 5")
    spoken_of = ", ".join(filter(None, (names.get(each) for each in encounter.mentions)))
    facts += [f"spoke of {spoken_of}"] if spoken_of else []
    rows += [Row(parts.text(" · ".join(facts), parts.QUIET)), Row(Content())]
    for line in parts.note_lines(encounter.note):
        rows += parts.wrapped(line, width)
    done = _done_in(encounter, relationship)
    if done:
        rows += [Row(Content()), parts.heading("In this encounter")]
        for verb, said, style in done:
            rows += parts.wrapped(Content.assemble((f"{verb:<8} ", style), parts.text(said)), width)
    return rows


def _done_in(encounter: Encounter, relationship: Relationship) -> list[tuple[str, str, str]]:
    identity = encounter.id
    done = [("opened", each.text, "$accent") for each in relationship.issues if each.opened_in == identity]
    done += [("carried", each.text, "$them") for each in relationship.issues if identity in each.carried]
    done += [
        (each.state, " · ".join(filter(None, [each.text, each.outcome])), "$us")
        for each in relationship.issues
        if each.closed_in == identity
    ]
    done += [
        ("heard", f"{each.kind}: {each.text}", parts.NEED) for each in relationship.heard if each.heard_in == identity
    ]
    return done


def issue_rows(standing: Standing, timeline: tuple[Encounter, ...], today: date, width: int) -> list[Row]:
    """Return an issue in full: its state, and each encounter that it was opened, carried or closed in."""
    issue = standing.issue
    rows = parts.wrapped(parts.with_topics(parts.text(issue.text, "bold")), width)
    facts = [f"{issue.owner}", issue.state]
    facts += [f"due {short(issue.due, today)}"] if issue.due else []
    facts += [f"every {issue.every}"] if issue.every else []
    facts += [f"until {short(issue.parked_until, today)}"] if issue.parked_until else []
    facts += ["overdue"] if standing.overdue else []
    rows.append(Row(Content.styled(" · ".join(facts), parts.QUIET)))
    if standing.avoided:
        said = f"Passed {standing.passed} times and never carried: is it being avoided?"
        rows += parts.wrapped(Content.styled(said, "$warning"), width)
    if standing.circling:
        said = "Carried in each of the last three encounters: it is going round in circles."
        rows += parts.wrapped(Content.styled(said, "$warning"), width)
    rows += [Row(Content()), parts.heading("Its way")]
    by_id = {each.id: each for each in timeline}
    steps = [("opened", issue.since, issue.opened_in)]
    steps += [("carried", by_id[each].at.date() if each in by_id else None, each) for each in issue.carried]
    if issue.closed is not None:
        steps.append((issue.state, issue.closed.date(), issue.closed_in))
    for verb, when, identity in steps:
        rows.append(_step(verb, when, by_id.get(identity), today))
    if issue.outcome:
        rows += parts.wrapped(parts.text(issue.outcome, "$us"), width, indent=2)
    rows.append(Row(Content.styled(f"carried {standing.carried} · passed {standing.passed}", parts.QUIET)))
    return rows


def heard_rows(heard: Heard, timeline: tuple[Encounter, ...], today: date, width: int) -> list[Row]:
    """Return something heard in full, with the encounter in which it was heard."""
    rows = parts.wrapped(parts.text(heard.text, "bold"), width)
    state = (
        f"met {short(heard.met, today)}"
        if heard.met
        else "dropped"
        if heard.dropped
        else "unmet"
        if heard.is_need
        else ""
    )
    rows.append(Row(Content.styled(" · ".join(filter(None, [heard.kind, state])), parts.QUIET)))
    where = next((each for each in timeline if each.id == heard.heard_in), None)
    rows += [Row(Content()), _step("heard", heard.since, where, today)]
    for line in parts.note_lines(where.note) if where else ():
        rows += parts.wrapped(line, width, indent=2)
    return rows


def _step(verb: str, when: date | None, encounter: Encounter | None, today: date) -> Row:
    said = parts.day(when, today) if when else ""
    channel = f" · {encounter.channel}" if encounter else ""
    key = f"encounter:{encounter.id}" if encounter else None
    return Row(Content.assemble((f"{verb:<8} ", "$accent"), said, (channel, parts.QUIET)), key)

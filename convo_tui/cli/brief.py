"""`convo brief`: where we left off, read in twenty seconds. It ranks, it does not dump."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from convo_tui.cli.arguments import name_argument
from convo_tui.cli.looking import issue_row, topic_extent
from convo_tui.cli.output import bold, dim, emit_json, joined, json_option, say, table
from convo_tui.cli.session import Session
from convo_tui.cli.shapes import brief_shape

if TYPE_CHECKING:
    from convo_tui.core.brief import Brief
    from convo_tui.core.models import Encounter, Relationship

_NOTE_LINES, _ISSUES, _NEEDS, _TOPICS = 2, 10, 4, 4
"""How much of each is shown at most; the rest is counted."""


@click.command()
@name_argument
@json_option
@click.pass_obj
def brief(session: Session, name: str, as_json: bool) -> None:
    """Show where we left off."""
    journal, today = session.journal, session.clock.today()
    found = journal.view(journal.find(name).key).brief(today)
    if as_json:
        emit_json(brief_shape(found, today))
        return
    say_brief(found, today, journal.directory.name(found.relationship.organisation))


def say_brief(found: Brief, today: date, organisation: str | None, *, as_of: str = "") -> None:
    """Print where the conversation stands; `as_of` says so of a day that is past, of which no command tells more."""
    relationship = found.relationship
    facts = (relationship.role, organisation or relationship.organisation, as_of)
    say(bold(relationship.name), dim("".join(f" · {each}" for each in facts if each)))
    _say_next(relationship, today)
    if found.about:
        say("about: ", found.about.text)
    _say_last(found.last, today)
    _say_issues(found, today, as_of)
    _say_needs(found, as_of)
    _say_topics(found, today, as_of)


def _say_next(relationship: Relationship, today: date) -> None:
    from convo_tui.core.dates import short

    if relationship.next_on or relationship.next_about:
        on = short(relationship.next_on, today) if relationship.next_on else ""
        say("next: ", bold(joined(on, relationship.next_about)))


def _say_last(last: Encounter | None, today: date) -> None:
    from convo_tui.core.dates import short

    say()
    if last is None:
        say(dim("you have not talked yet"))
        return
    minutes = f"{last.minutes} min" if last.minutes else ""
    say("last: ", bold(joined(short(last.at.date(), today), last.channel, minutes)))
    lines = [line for line in last.note.split("\n") if line.strip()]
    for line in lines[:_NOTE_LINES]:
        say("  ", line, "")
    if len(lines) > _NOTE_LINES:
        say(dim("  …"))


def _say_issues(found: Brief, today: date, as_of: str) -> None:
    say()
    if found.nothing_open and as_of:
        say(dim("nothing was left open"))
        return
    if found.nothing_open:
        say(f"nothing is left open with {found.relationship.name}: what would you like to come back to?")
        return
    say("open")
    table([issue_row(each, today) for each in found.issues[:_ISSUES]], indent="  ")
    _say_rest(len(found.issues) - _ISSUES, "" if as_of else "issues", found.relationship)


def _say_needs(found: Brief, as_of: str) -> None:
    if found.needs:
        say()
        say("needs")
        table([[need.kind, bold(need.text), dim(need.id)] for need in found.needs[:_NEEDS]], indent="  ")
        _say_rest(len(found.needs) - _NEEDS, "" if as_of else "heard", found.relationship)


def _say_topics(found: Brief, today: date, as_of: str) -> None:
    if found.topics:
        say()
        say("we are talking about")
        rows = [[bold(f"#{each.topic}"), dim(topic_extent(each, today))] for each in found.topics[:_TOPICS]]
        table(rows, indent="  ")
        _say_rest(len(found.topics) - _TOPICS, "" if as_of else "topics", found.relationship)


def _say_rest(count: int, command: str, relationship: Relationship) -> None:
    if count > 0:
        more = f": `convo {command} {relationship.id}`" if command else ""
        say(dim(f"  and {count} more{more}"))

"""`convo brief`: where we left off, read in twenty seconds. It ranks, it does not dump."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from convo_tui.cli.arguments import name_argument
from convo_tui.cli.looking import issue_row
from convo_tui.cli.output import Piece, bold, dim, emit_json, joined, json_option, say, table
from convo_tui.cli.session import Session
from convo_tui.cli.shapes import brief_shape

if TYPE_CHECKING:
    from convo_tui.core.brief import Brief
    from convo_tui.core.models import Encounter, Relationship

_NOTE_LINES, _SINCE, _NEEDS, _TOPICS = 2, 3, 3, 4
"""How much of each is shown at most; the rest is counted."""

_LINES, _FEWEST, _MOST = 24, 4, 9
"""About how many lines there are in all, and how many issues at least and at most: as many as fit."""

_OWNERS = {"me": "mine", "them": "theirs", "us": "ours"}

_LABEL = 12
"""The column of what a line is about: what it says begins at one edge."""


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
    used = 1 + _say_opening(found, today, as_of)
    used += _say_last(found.last, today)
    used += 0 if as_of else _say_since(found, today)
    used += 2 + min(len(found.needs), _NEEDS + 1) + 2 * bool(found.needs) + 2 * bool(found.topics or found.ask)
    _say_issues(found, today, as_of, max(_FEWEST, min(_MOST, _LINES - used)))
    _say_needs(found, as_of)
    _say_topics(found, as_of)


def _fact(label: str, *said: Piece) -> int:
    """Print a line under its label, which the lines after it may leave out; return how many lines that is."""
    say(dim(f"{label:<{_LABEL}}"), *said)
    return 1


def _say_opening(found: Brief, today: date, as_of: str) -> int:
    from convo_tui.core.coming import next_time, upcoming

    lines = 0
    if meant := next_time(found.relationship, today):
        lines += _fact("next time", bold(meant))
    if found.about:
        lines += _fact("ask about", found.about.text)
    if found.coming and not as_of:
        lines += _fact("coming up", upcoming(found.coming, today))
    return lines


def _say_last(last: Encounter | None, today: date) -> int:
    from convo_tui.core.dates import short

    say()
    if last is None:
        say(dim("you have not talked yet"))
        return 2
    minutes = f"{last.minutes} min" if last.minutes else ""
    _fact("last", bold(joined(short(last.at.date(), today), last.channel, minutes)))
    lines = [line for line in last.note.split("\n") if line.strip()]
    shown = lines[:_NOTE_LINES]
    for place, line in enumerate(shown, 1):
        _fact("", line, dim(" …") if place == len(shown) < len(lines) else "")
    return 2 + len(shown)


def _say_since(found: Brief, today: date) -> int:
    for place, each in enumerate(found.since[:_SINCE]):
        whose = f", {_OWNERS[each.issue.owner]}: " if each.issue else ""
        _fact("" if place else "since then", f"{each.happened(today)}{whose}", bold(each.text if each.issue else ""))
    rest = len(found.since) - _SINCE
    return min(len(found.since), _SINCE) + (_fact("", dim(f"and {rest} more")) if rest > 0 else 0)


def _say_issues(found: Brief, today: date, as_of: str, fit: int) -> None:
    say()
    if found.nothing_open and as_of:
        say(dim("nothing was left open"))
        return
    if found.nothing_open:
        say(f"nothing is left open with {found.relationship.name}: what would you like to come back to?")
        return
    say("open")
    table([issue_row(each, today) for each in found.issues[:fit]], indent="  ")
    _say_rest(len(found.issues) - fit, "" if as_of else "issues", found.relationship)


def _say_needs(found: Brief, as_of: str) -> None:
    if found.needs:
        say()
        say("needs, unmet")
        table([[need.kind, bold(need.text), dim(need.id)] for need in found.needs[:_NEEDS]], indent="  ")
        _say_rest(len(found.needs) - _NEEDS, "" if as_of else "heard", found.relationship)


def _say_topics(found: Brief, as_of: str) -> None:
    if found.topics or (found.ask and not as_of):
        say()
    if found.topics:
        rest = len(found.topics) - _TOPICS
        more = "" if as_of else f": `convo topics {found.relationship.id}`"
        said = joined(*(f"#{each.topic} {each.encounters}" for each in found.topics[:_TOPICS]))
        say("we are talking about ", bold(said), dim(f" · and {rest} more{more}") if rest > 0 else "")
    if found.ask and not as_of:
        say(dim(f"you could ask: “{found.ask}”"))


def _say_rest(count: int, command: str, relationship: Relationship) -> None:
    if count > 0:
        more = f": `convo {command} {relationship.id}`" if command else ""
        say(dim(f"  and {count} more{more}"))

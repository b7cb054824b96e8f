"""The commands that look across relationships: issues, heard, topics."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from convo_tui.cli import completing
from convo_tui.cli.arguments import WORDS, maybe_name_argument
from convo_tui.cli.output import Piece, bold, dim, emit_json, joined, json_option, named, say, table
from convo_tui.cli.relationships import tell_damages
from convo_tui.cli.session import Session
from convo_tui.cli.shapes import heard_shape, issue_shape, topic_shape

if TYPE_CHECKING:
    from convo_tui.core.agenda import Grouping
    from convo_tui.core.carry import Standing
    from convo_tui.core.models import Heard
    from convo_tui.core.topics import Topic


@click.command()
@maybe_name_argument
@click.option("--owner", type=click.Choice(["me", "them", "us"]), help="Whose move it is.")
@click.option(
    "--state", type=click.Choice(["open", "parked", "settled", "dropped", "all"]), default="open", show_default=True
)
@click.option("--due", type=WORDS, metavar="WHEN", help="Only those due on that day or before.")
@click.option("--topic", type=WORDS, shell_complete=completing.topics, help="Only those with this #topic.")
@click.option("--by", type=click.Choice(["due", "owner", "relationship"]), help="In groups, as the agenda shows them.")
@json_option
@click.pass_obj
def issues(
    session: Session,
    name: str,
    owner: str | None,
    state: str,
    due: str | None,
    topic: str | None,
    by: Grouping | None,
    as_json: bool,
) -> None:
    """Show open issues, by due date.

    Those without one come last, then the oldest first.
    """
    from convo_tui.core import dates
    from convo_tui.core.carry import by_due
    from convo_tui.core.inline import topics as topics_in
    from convo_tui.core.models import ISSUE_STATES

    journal, today = session.journal, session.clock.today()
    until = dates.due(due, today, session.settings.date_order) if due else None
    said = topic.removeprefix("#").casefold() if topic else None
    states = ISSUE_STATES if state == "all" else (state,)
    if name:
        standings = journal.view(journal.find(name).key).standings(today, states)
    else:
        standings = journal.standings(states)
        tell_damages(journal)
    found = by_due(
        each
        for each in standings
        if (owner is None or each.issue.owner == owner)
        and (until is None or (each.issue.due is not None and each.issue.due <= until))
        and (said is None or said in topics_in(each.issue.text))
    )
    if as_json:
        emit_json([issue_shape(each, today) for each in found])
    elif by is None:
        table([issue_row(each, today, with_name=not name) for each in found])
    else:
        _say_groups(found, today, by, with_name=not name and by != "relationship")


def _say_groups(found: Iterable[Standing], today: date, by: Grouping, *, with_name: bool) -> None:
    from convo_tui.core.agenda import agenda

    rows: list[list[Piece]] = []
    headings: dict[int, Piece] = {}
    for group in agenda(found, today, by, whole=True).groups:
        headings[len(rows)] = bold(group.heading)
        rows += [issue_row(each, today, with_name=with_name) for each in group.those]
    table(rows, indent="  ", headings=headings)


def issue_row(standing: Standing, today: date, *, with_name: bool = False) -> list[Piece]:
    """Return an issue as a row: whose move, what, with whom, when due, how often carried, how old, and what to mind."""
    from convo_tui.core.dates import age, short

    issue = standing.issue
    open_ = issue.is_open(today)
    return [
        issue.owner,
        bold(issue.text),
        *([named(standing.relationship)] if with_name else []),
        short(issue.due, today) if issue.due else "",
        f"↻{standing.carried}" if standing.carried else "",
        dim(age(standing.age_days)),
        joined(_worth_minding(standing), "" if open_ else _closed(standing, today)),
        dim(issue.id),
    ]


def _worth_minding(standing: Standing) -> str:
    said = "overdue" if standing.overdue else ""
    if standing.avoided:
        said = joined(said, f"avoided: passed {standing.passed} times, never taken up")
    if standing.circling:
        said = joined(said, "circling: carried every time")
    return said


def _closed(standing: Standing, today: date) -> str:
    from convo_tui.core.dates import short

    issue = standing.issue
    until = f"until {short(issue.parked_until, today)}" if issue.parked_until else ""
    return joined(" ".join(filter(None, (issue.state, until))), issue.outcome)


HEARD_KINDS = ("need", "want", "expectation", "unsaid", "idea", "rival", "about")


@click.command()
@maybe_name_argument
@click.option("--kind", type=click.Choice(HEARD_KINDS))
@click.option("--unmet", is_flag=True, help="Only what is not met yet.")
@json_option
@click.pass_obj
def heard(session: Session, name: str, kind: str | None, unmet: bool, as_json: bool) -> None:
    """Show needs, ideas, rivals: what was heard.

    What is no longer so is left out.
    """
    journal = session.journal
    if not name:
        tell_damages(journal)
    found = [
        each
        for each in journal.heard(journal.find(name).key if name else None)
        if each.heard.dropped is None and (each.heard.kind == kind or kind is None) and not (unmet and each.heard.met)
    ]
    if as_json:
        emit_json([heard_shape(each.heard, each.relationship_id, each.relationship) for each in found])
    else:
        today = session.clock.today()
        waiting = _waiting(session, [each.heard for each in found])
        table([_heard_row(each.heard, each.relationship, today, waits=each.heard.id in waiting) for each in found])


def _waiting(session: Session, those: Sequence[Heard]) -> set[str]:
    """Return the ids of those that are ideas, built and waiting to be told."""
    from convo_tui.core.telling import waits

    if not any(each.kind == "idea" and each.is_live for each in those):
        return set()  # nobody need look through all the issues of a journal
    unclosed = {each.issue.id for each in session.journal.standings(("open", "parked"))}
    return {each.id for each in those if waits(each, unclosed)}


def _heard_row(heard: Heard, name: str, today: date, *, waits: bool) -> list[Piece]:
    from convo_tui.core.dates import short

    state = f"met {short(heard.met, today)}" if heard.met else "built, waiting to be told" if waits else ""
    since = short(heard.since, today) if heard.since else ""
    return [heard.kind, bold(heard.text), named(name), dim(since), state, dim(heard.id)]


@click.command()
@maybe_name_argument
@json_option
@click.pass_obj
def topics(session: Session, name: str, as_json: bool) -> None:
    """Show what we are talking about.

    Topics come from the #topics of notes and issues.
    """
    journal, today = session.journal, session.clock.today()
    if name:
        from convo_tui.core.topics import topics as topics_of

        view = journal.view(journal.find(name).key)
        found = topics_of(view.timeline, view.relationship.issues, today)
    else:
        found = journal.topics()
        tell_damages(journal)
    if as_json:
        emit_json([topic_shape(each) for each in found])
    else:
        for each in found:
            say("we are talking about ", bold(f"#{each.topic}"), dim(f" · {topic_extent(each, today)}"))


def topic_extent(topic: Topic, today: date) -> str:
    """Return how much a topic is talked about: `6 encounters since March · 2 open`."""
    from convo_tui.core.topics import began, times

    return joined(f"{times(topic)} {began(topic, today)}", f"{topic.open} open" if topic.open else "")

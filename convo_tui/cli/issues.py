"""The commands that move issues and what was heard: carry, settle, park, drop, reopen, met, built."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial, reduce
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeVar, Union

import click

from convo_tui.cli import completing
from convo_tui.cli.arguments import WORDS
from convo_tui.cli.output import bold, dim, emit_json, joined, json_option, say
from convo_tui.cli.session import Session
from convo_tui.cli.shapes import Shape, heard_shape, issue_shape
from convo_tui.core.errors import NotFound, Refused

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter, Heard, Issue, Relationship
    from convo_tui.store.journal import Journal, View

Edit: TypeAlias = "Callable[[Relationship], Relationship]"
Entry: TypeAlias = Union["Issue", "Heard"]
F = TypeVar("F", bound=Callable[..., Any])


class _Work(NamedTuple):
    """What is to be done to one issue, or to one thing heard.

    `successor` is the id of the issue that this may open: the next one, should the issue settled recur; the one that
    is to tell them, of an idea that was built.
    """

    view: View
    entry: Entry
    edit: Edit
    successor: str | None = None


def _issues_argument(complete: completing.Completer) -> Callable[[F], F]:
    return click.argument("issues", type=WORDS, nargs=-1, required=True, metavar="ISSUE...", shell_complete=complete)


_in_option = click.option(
    "--in", "in_", type=WORDS, metavar="ENCOUNTER", help="The encounter, by the end of its id; else the newest."
)
_outcome_option = click.option("--outcome", type=WORDS, default="", help="What came of it.")


@click.command()
@_issues_argument(completing.open_issues)
@_in_option
@json_option
@click.pass_obj
def carry(session: Session, issues: tuple[str, ...], in_: str | None, as_json: bool) -> None:
    """Carry open issues: they were talked about again.

    An ISSUE is an id, the end of one (4 characters or more), its text, or words of it.
    """
    from convo_tui.core import edits

    journal, today = session.journal, session.clock.today()
    work = []
    for view, issue in _each(issues, partial(journal.find_issue, usable=lambda issue: issue.is_open(today))):
        into = _encounter(journal, view, in_)
        if into is None:
            raise Refused(f"there is no encounter with {view.relationship.name} yet to carry “{issue.text}” into")
        work.append(_Work(view, issue, partial(edits.carry, identity=issue.id, into=into, today=today)))
    _do(session, "carried", work, as_json)


@click.command()
@_issues_argument(completing.open_issues)
@_in_option
@_outcome_option
@json_option
@click.pass_obj
def settle(session: Session, issues: tuple[str, ...], in_: str | None, outcome: str, as_json: bool) -> None:
    """Settle issues; one that recurs opens its next."""
    from convo_tui.core import edits, recurring

    journal = session.journal
    work = []
    for view, issue in _each(issues, partial(journal.find_issue, usable=_is_unclosed)):
        at, closed_in = _closing(session, view, issue, in_)
        edit = partial(edits.settle, identity=issue.id, at=at, encounter_id=closed_in, outcome=outcome)
        work.append(_Work(view, issue, edit, recurring.next_id(issue.id)))
    _do(session, "settled", work, as_json, outcome)


@click.command()
@_issues_argument(completing.open_issues)
@click.option("--until", type=WORDS, metavar="WHEN", help="The day on which they are open again; else when reopened.")
@json_option
@click.pass_obj
def park(session: Session, issues: tuple[str, ...], until: str | None, as_json: bool) -> None:
    """Park issues, until a day or for good.

    They are out of sight until the day of --until, or until they are reopened.
    """
    from convo_tui.core import dates, edits

    journal, today = session.journal, session.clock.today()
    day = dates.due(until, today, session.settings.date_order) if until else None
    if day is not None and day <= today:
        raise Refused(f"--until: {dates.short(day, today)} is not a day to come; nothing was parked")
    found = _each(issues, partial(journal.find_issue, usable=_is_unclosed))
    work = [_Work(view, issue, partial(edits.park, identity=issue.id, until=day)) for view, issue in found]
    _do(session, "parked", work, as_json, f"until {dates.short(day, today)}" if day else "")


@click.command()
@_issues_argument(completing.open_entries)
@_in_option
@_outcome_option
@json_option
@click.pass_obj
def drop(session: Session, issues: tuple[str, ...], in_: str | None, outcome: str, as_json: bool) -> None:
    """Drop issues, or what was heard: no longer so."""
    from convo_tui.core import edits
    from convo_tui.core.models import Issue

    work = []
    for view, entry in _each(issues, partial(_either, session.journal, _is_unclosed, lambda heard: heard.is_live)):
        at, closed_in = _closing(session, view, entry, in_)
        if isinstance(entry, Issue):
            edit = partial(edits.drop, identity=entry.id, at=at, encounter_id=closed_in, outcome=outcome)
        elif outcome:
            raise Refused(f"“{entry.text}” was heard, which keeps no outcome; leave --outcome out: nothing was dropped")
        else:
            edit = partial(edits.drop_heard, identity=entry.id, on=at.date())
        work.append(_Work(view, entry, edit))
    _do(session, "dropped", work, as_json, outcome)


@click.command()
@_issues_argument(completing.closed_entries)
@json_option
@click.pass_obj
def reopen(session: Session, issues: tuple[str, ...], as_json: bool) -> None:
    """Reopen issues, or what was met or dropped."""
    from convo_tui.core import edits
    from convo_tui.core.models import Issue

    found = _each(
        issues,
        partial(_either, session.journal, lambda issue: issue.state != "open", lambda heard: not heard.is_live),
    )
    work = [
        _Work(
            view,
            entry,
            partial(edits.reopen if isinstance(entry, Issue) else edits.reopen_heard, identity=entry.id),
        )
        for view, entry in found
    ]
    _do(session, "reopened", work, as_json)


@click.command()
@click.argument("heard", type=WORDS, nargs=-1, required=True, metavar="HEARD...", shell_complete=completing.live_heard)
@_in_option
@json_option
@click.pass_obj
def met(session: Session, heard: tuple[str, ...], in_: str | None, as_json: bool) -> None:
    """Mark needs as met, or an idea as built and told.

    The day is today, or that of the encounter of --in.
    """
    from convo_tui.core import edits

    journal = session.journal
    work = []
    for view, entry in _each(heard, partial(journal.find_heard, usable=lambda each: each.is_live)):
        on = _closing(session, view, entry, in_)[0].date()
        work.append(_Work(view, entry, partial(edits.meet, identity=entry.id, on=on)))
    _do(session, "met", work, as_json)


@click.command()
@click.argument("heard", type=WORDS, nargs=-1, required=True, metavar="HEARD...", shell_complete=completing.live_heard)
@json_option
@click.pass_obj
def built(session: Session, heard: tuple[str, ...], as_json: bool) -> None:
    """Mark ideas of theirs as built: an issue is opened to tell them.

    Settling that issue marks the idea as met.
    """
    from convo_tui.core import edits
    from convo_tui.core.telling import telling_id

    journal, at = session.journal, session.clock.now().replace(second=0)
    found = _each(heard, partial(journal.find_heard, usable=lambda each: each.kind == "idea" and each.is_live))
    work = [
        _Work(view, idea, partial(edits.build, identity=idea.id, at=at), telling_id(idea.id)) for view, idea in found
    ]
    _do(session, "built", work, as_json)


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────────


def _each(queries: Sequence[str], find: Callable[[str], tuple[View, Entry]]) -> list[tuple[View, Entry]]:
    """Return what each query means, once; all are found before anything is done."""
    found = [find(query) for query in queries]
    return list({entry.id: (view, entry) for view, entry in found}.values())


def _either(
    journal: Journal, issue_usable: Callable[[Issue], bool], heard_usable: Callable[[Heard], bool], query: str
) -> tuple[View, Entry]:
    """Return the issue that a query means; where there is none, what was heard."""
    try:
        return journal.find_issue(query, issue_usable)
    except NotFound:
        return journal.find_heard(query, heard_usable)


def _is_unclosed(issue: Issue) -> bool:
    return issue.state in ("open", "parked")


def _encounter(journal: Journal, view: View, query: str | None) -> Encounter | None:
    """Return the encounter of `--in`, else the newest one; None when there is none yet.

    Raises:
        Refused: when the relationship took no part in it.
    """
    if query is None:
        return journal.newest_encounter(view)
    encounter = journal.find_encounter(query)[1]
    if all(each.id != encounter.id for each in view.timeline):
        raise Refused(f"{view.relationship.name} took no part in the encounter {encounter.id}; name another with --in")
    return encounter


def _closing(session: Session, view: View, entry: Entry, query: str | None) -> tuple[datetime, str]:
    """Return when, and in which encounter, something is closed: now, unless `--in` says where it was.

    Raises:
        Refused: when it was not there yet in that encounter.
    """
    encounter = _encounter(session.journal, view, query)
    now = session.clock.now().replace(second=0)
    if encounter is None:
        return now, ""
    there = entry.since is None or entry.since <= encounter.at.date()
    if query is None:
        return now, encounter.id if there else ""
    if not there:
        raise Refused(f"“{entry.text}” is newer than the encounter {encounter.id}; name another with --in")
    return encounter.at, encounter.id


# ── doing ────────────────────────────────────────────────────────────────────────────────────────────────


def _do(session: Session, done: str, work: Sequence[_Work], as_json: bool, detail: str = "") -> None:
    """Do all of it or nothing, and tell what stands there now."""
    journal = session.journal
    changes: dict[str, list[Edit]] = {}
    for each in work:
        changes.setdefault(each.view.summary.key, []).append(each.edit)
    what = f"{done}: {', '.join(each.entry.text for each in work)}"
    journal.change_all(what, {key: _in_turn(those) for key, those in changes.items()})
    today = session.clock.today()
    now = {key: journal.view(key) for key in changes}
    if as_json:
        emit_json([_shape(now[each.view.summary.key], each, today) for each in work])
        return
    for each in work:
        say(done, " ", bold(each.entry.text), dim(f" · {joined(each.view.relationship.name, detail)}"))
        _say_next(now[each.view.summary.key], each, today)


def _in_turn(those: Sequence[Edit]) -> Edit:
    return lambda relationship: reduce(lambda now, edit: edit(now), those, relationship)


def _say_next(view: View, work: _Work, today: date) -> None:
    """Say which issue settling has opened, if it has."""
    from convo_tui.core.dates import short

    before = {issue.id for issue in work.view.relationship.issues}
    for issue in view.relationship.issues:
        if issue.id == work.successor and issue.id not in before:
            due = short(issue.due, today) if issue.due else ""
            say("opened ", bold(issue.text), dim(f" · {joined(view.relationship.name, due)}"))


def _shape(view: View, work: _Work, today: date) -> Shape:
    """Return what stands there now; of what may open an issue also that one as `next`, null when there is none."""
    from convo_tui.core.models import ISSUE_STATES

    issues = {each.issue.id: issue_shape(each, today) for each in view.standings(today, ISSUE_STATES)}
    shape = issues.get(work.entry.id)
    if shape is None:
        heard = next(each for each in view.relationship.heard if each.id == work.entry.id)
        shape = heard_shape(heard, view.relationship.id, view.relationship.name)
    return shape if work.successor is None else {**shape, "next": issues.get(work.successor)}

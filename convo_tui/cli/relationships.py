"""The commands about whole relationships: new, list, open, delete, join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from convo_tui.cli import completing
from convo_tui.cli.arguments import CADENCE, WORDS, Searching, name_argument
from convo_tui.cli.failures import complain
from convo_tui.cli.output import Piece, bold, dim, emit_json, joined, json_option, named, say, table
from convo_tui.cli.session import Session
from convo_tui.cli.shapes import summary_shape

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from convo_tui.core.edits import Entry
    from convo_tui.core.summary import Summary
    from convo_tui.store.journal import Journal, View
    from convo_tui.store.lookup import Lookup, Order


@click.command()
@name_argument
@click.option("--kind", type=click.Choice(["person", "organisation"]), default="person", show_default=True)
@click.option(
    "--organisation", type=WORDS, default="", help="Where a person is: the id or name of a relationship, or any text."
)
@click.option("--role", type=WORDS, default="")
@click.option("--tag", "tags", type=WORDS, multiple=True, help="May be repeated.")
@click.option("--cadence", type=CADENCE, help="How often you mean to talk: 10d, 3w, 2m or 1y.")
@click.option("--email", "emails", type=WORDS, multiple=True, help="May be repeated.")
@click.option("--phone", "phones", type=WORDS, multiple=True, help="May be repeated.")
@click.option("--another", is_flag=True, help="Add a second one of the same name.")
@json_option
@click.pass_obj
def new(
    session: Session,
    name: str,
    kind: str,
    emails: tuple[str, ...],
    phones: tuple[str, ...],
    another: bool,
    as_json: bool,
    **fields: Any,
) -> None:
    """Add a relationship: a person, or an organisation."""
    reach = [{"kind": "email", "value": each} for each in emails] + [
        {"kind": "phone", "value": each} for each in phones
    ]
    journal = session.journal
    summary = journal.create(name, kind, another=another, reach=reach, **fields)
    if as_json:
        emit_json(summary_shape(summary, session.clock.today()))
    else:
        say(bold(summary.name), " is here now: ", dim(str(journal.path(summary))))


@click.command(name="list", cls=Searching)
@click.argument("filters", type=WORDS, nargs=-1, metavar="[FILTER]...")
@click.option(
    "--sort",
    type=click.Choice(["name", "last", "pulse"]),
    help="By name, by last contact, or as `convo pulse` does; else what is due first.",
)
@click.option("--tag", "tags", type=WORDS, multiple=True, help="Only those with this tag; may be repeated.")
@click.option("--archived", is_flag=True, help="The archived ones too.")
@json_option
@click.pass_obj
def list_(
    session: Session, filters: tuple[str, ...], sort: str | None, tags: tuple[str, ...], archived: bool, as_json: bool
) -> None:
    """List relationships.

    A FILTER begins a word of a name, organisation, role or tag. More of them: -word, "two words", #topic, with:NAME,
    since:march and until:2025 for the last contact, is:late, is:open, is:overdue, is:organisation, is:archived.
    """
    ranks = {each.id: rank for rank, each in enumerate(session.pulse())} if sort == "pulse" else {}
    lookup, today = session.lookup, session.clock.today()
    found: Sequence[Summary] = lookup.listed(
        _ORDERS.get(sort, "attention"), _filter(session, " ".join(filters), archived)
    )
    if ranks:  # whom the pulse does not name keeps the order of who is due
        found = sorted(found, key=lambda each: ranks.get(each.key, len(ranks)))
    if wanted := {tag.casefold() for tag in tags}:
        found = [each for each in found if wanted <= {tag.casefold() for tag in each.tags}]
    tell_damages(lookup)
    if as_json:
        emit_json([summary_shape(each, today) for each in found if each.readable])
        return
    table([_row(each, today) for each in found])
    if not lookup.count:
        complain("nobody is here yet; `convo new NAME` adds someone")


_ORDERS: dict[str | None, Order] = {"name": "name", "last": "last contact"}


def _filter(session: Session, text: str, archived: bool) -> str:
    """Return the filter of a list, from which the archived ones are left out unless they are asked for."""
    from convo_tui.core.query import parse

    asked = parse(text, session.clock.today(), session.settings.date_order).marks
    return text if archived or "archived" in asked else f"-is:archived {text}"


def tell_damages(lookup: Lookup) -> None:
    """Tell which files cannot be read, to those who would miss them."""
    for damage in lookup.damages():
        complain(str(damage))


def _row(summary: Summary, today: date) -> list[Piece]:
    from convo_tui.core.dates import age

    if not summary.readable:
        return [named(summary.name, bold=True), "!", "", "", f"{summary.file} cannot be read"]
    since, open_, overdue = summary.days_since(today), summary.open_issues(today), summary.overdue_issues(today)
    about = joined(summary.organisation, summary.role, " ".join(f"[{tag}]" for tag in summary.tags))
    return [
        named(summary.name, bold=True),
        age(since) if since is not None else dim("never"),
        f"{open_} open" if open_ else "",
        f"{overdue} overdue" if overdue else "",
        dim(joined(about, "archived" if summary.archived else "", summary.problem)),
    ]


@click.command(name="open")
@name_argument
@click.pass_obj
def open_(session: Session, name: str) -> int:
    """Open the full screen at a relationship."""
    from convo_tui.cli.screen import open_screen

    key = session.journal.find(name).key
    click.get_current_context().exit(open_screen(session, key))


@click.command()
@click.argument("target", type=WORDS, metavar="ID|NAME", shell_complete=completing.relationships)
@json_option
@click.pass_obj
def delete(session: Session, target: str, as_json: bool) -> None:
    """Move an entry or a relationship to the trash.

    An entry is named by its id, or the last 4 characters or more of it.
    """
    journal = session.journal
    entry = _entry(journal, target)
    summary = entry[0].summary if entry else journal.find(target)
    kept = journal.delete(summary.key, entry[1].id if entry else None)
    what = _text(entry[1]) if entry else summary.name
    if as_json:
        deleted = entry[1].id if entry else summary.id
        emit_json({"deleted": deleted, "relationship": summary.name, "relationship_id": summary.id, "trash": str(kept)})
    else:
        say("deleted ", bold(what), *([f" of {summary.name}"] if entry else []), "; it is kept in ", dim(str(kept)))


@click.command()
@click.argument("keep", type=WORDS, shell_complete=completing.relationships)
@click.argument("other", type=WORDS, shell_complete=completing.relationships)
@json_option
@click.pass_obj
def join(session: Session, keep: str, other: str, as_json: bool) -> None:
    """Make two relationships one: KEEP gets all that OTHER has.

    For someone who is here twice. OTHER's name becomes another name of KEEP; what names OTHER means KEEP from now on.
    """
    journal = session.journal
    into, gone = journal.find(keep), journal.find(other)
    kept = journal.join(into.key, gone.key)
    if as_json:
        emit_json({"relationship": into.name, "relationship_id": into.id, "joined": gone.id, "trash": str(kept)})
    else:
        say(bold(gone.name), " is part of ", bold(into.name), " now; its file is kept in ", dim(str(kept)))


def _entry(journal: Journal, target: str) -> tuple[View, Entry] | None:
    """Return the one entry that `target` names; None when it can only be the name of a relationship.

    Raises:
        Ambiguous: when it names several entries, or an entry and a relationship.
    """
    from convo_tui.core.errors import Ambiguous, NotFound

    found = journal.entries(target)
    labels = [f"{_text(entry)} ({view.relationship.name}, {entry.id})" for view, entry in found]
    if found and found[0][1].id != target:
        try:
            labels.append(journal.find(target).name)
        except NotFound:
            pass
        except Ambiguous as names:
            labels += names.candidates
    if found and len(labels) > 1:
        raise Ambiguous(f"“{target}” may mean {', '.join(labels)}; give the whole id", labels)
    return found[0] if found else None


def _text(entry: Entry) -> str:
    """What an entry is called in a sentence."""
    from convo_tui.core.models import Encounter, Person

    if isinstance(entry, Encounter):
        return f"the {entry.channel} of {entry.at:%Y-%m-%d %H:%M}"
    return entry.name if isinstance(entry, Person) else entry.text

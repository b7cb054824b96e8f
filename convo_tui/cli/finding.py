"""`convo find`: whatever was said, typed or named, wherever it stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from convo_tui.cli import completing
from convo_tui.cli.arguments import WORDS, Searching
from convo_tui.cli.failures import Usage
from convo_tui.cli.output import Piece, bold, dim, emit_json, json_option, named, table, width
from convo_tui.cli.session import Session
from convo_tui.cli.shapes import hit_shape
from convo_tui.core.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from convo_tui.core.hits import Hit
    from convo_tui.store.lookup import Lookup

_HOW_TO_SAY_WHEN = "write a day, a month or a year: 2026-03-01, “last fri”, “3 weeks ago”, march, 2025"


@click.command(cls=Searching)
@click.argument("words", type=WORDS, nargs=-1, metavar="WORDS...")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="How many at most.")
@click.option(
    "--with", "with_", type=WORDS, metavar="NAME", shell_complete=completing.people, help="Only what concerns them."
)
@click.option("--since", type=WORDS, metavar="WHEN", help="Only what was on that day or later.")
@click.option("--until", type=WORDS, metavar="WHEN", help="Only what was on that day or before.")
@json_option
@click.pass_obj
def find(
    session: Session,
    words: tuple[str, ...],
    limit: int,
    with_: str | None,
    since: str | None,
    until: str | None,
    as_json: bool,
) -> None:
    """Find what was said, in notes, issues, needs, stories and names.

    Each of the WORDS begins a word. More of them: -word, '"two words"', #topic, with:NAME, since:march, until:2025,
    is:open, is:overdue, is:idea, is:call. Names come first, then open issues, then the newest.
    """
    for option, when in (("--since", since), ("--until", until)):
        _require_days(session, option, when)
    if with_ is not None:
        with_ = _called(session.lookup, with_)
    # The filters go first: a quote that is not closed reaches to the end.
    filters = {"with": with_, "since": since, "until": until}
    said = " ".join(words)
    text = " ".join([*(f'{key}:"{_unquoted(value)}"' for key, value in filters.items() if value is not None), said])
    if not text.strip():
        raise Usage("find what? Write `convo find WORDS`; `convo find --help` shows how")
    found = session.lookup.search(text, limit)
    if as_json:
        emit_json([hit_shape(each) for each in found])
    else:
        today = session.clock.today()
        table([_row(each, today) for each in found], rests=[partial(_snippet, each) for each in found])
    if not found:
        wider = "fewer words, or less of one" if said.strip() else "other filters"
        raise NotFound(f"nothing here answers to “{text.strip()}”; try {wider}")


def _unquoted(text: str) -> str:
    return " ".join(text.replace('"', " ").split())


def _require_days(session: Session, option: str, when: str | None) -> None:
    """Raise Usage unless `when` says from when until when."""
    from convo_tui.core.query import period

    if when is not None and not period(when, session.clock.today(), session.settings.date_order):
        raise Usage(f"{option}: “{when}” is no date; {_HOW_TO_SAY_WHEN}")


def _called(lookup: Lookup, name: str) -> str:
    """Return a name by which `with:` finds whom `name` means, which may also be an id or the name of a file.

    Raises:
        NotFound: when nobody is called so.
    """
    from convo_tui.core.match import slug

    begins = [f" {word}" for word in slug(name).split("-") if word]
    maybe = lookup.index.maybe_called(name)
    if begins and any(all(word in each.said for word in begins) for each in maybe):
        return name
    for each in maybe:
        if name in (each.id, each.file, each.file.removesuffix(".toml"), *each.former):
            return each.name
    raise NotFound(f"--with: nobody here is called “{name}”; `convo list` shows everyone")


def _row(hit: Hit, today: date) -> list[Piece]:
    from convo_tui.core.dates import short

    return [named(hit.relationship), hit.kind, dim(short(hit.at.date(), today)) if hit.at else ""]


def _snippet(hit: Hit, room: int | None) -> Sequence[Piece]:
    """Return one line of what was found, the words of the search bold, in so many columns of a terminal."""
    from convo_tui.core.findable import snippet

    if room is not None and room < 1:
        return []
    found = hit.snippet if room is None else snippet(hit.text, hit.query, room)
    if room is not None and width(found.text) > room:  # the wide letters of East Asia take two columns each
        found = snippet(hit.text, hit.query, max(1, room // 2))
    pieces: list[Piece] = []
    at = 0
    for start, end in found.spans:
        pieces += [found.text[at:start], bold(found.text[start:end])]
        at = end
    return [*pieces, found.text[at:]]

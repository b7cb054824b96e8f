"""`convo history`: what a relationship was at any time, what changed since, and how it comes back."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from convo_tui.cli.arguments import WORDS, name_argument
from convo_tui.cli.output import Piece, bold, dim, emit_json, json_option, say, table
from convo_tui.cli.session import Session
from convo_tui.core.errors import Ambiguous, NotFound, Refused

if TYPE_CHECKING:
    from convo_tui.cli.shapes import Shape
    from convo_tui.core.difference import Difference
    from convo_tui.core.models import Relationship
    from convo_tui.core.summary import Summary
    from convo_tui.store.git.repository import Past, Told

_ID = re.compile(r"[0-9a-f]{4,64}")
_SHORTEST = 4
"""Characters of the end of an id that name an entry, and of the beginning of one that name a version."""


@click.command()
@name_argument
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="So many versions at most.")
@click.option("--at", type=WORDS, metavar="VERSION|DATE", help="Show the relationship as it stood then.")
@click.option("--since", type=WORDS, metavar="VERSION|DATE", help="Say what changed since then, up to now or to --at.")
@click.option("--restore", type=WORDS, metavar="VERSION|DATE", help="Make it what it was then, as a new change.")
@click.option("--entry", type=WORDS, metavar="ID", help="With --restore: only this entry, by its id or the end of it.")
@json_option
@click.pass_obj
def history(
    session: Session,
    name: str,
    limit: int,
    at: str | None,
    since: str | None,
    restore: str | None,
    entry: str | None,
    as_json: bool,
) -> None:
    """Show what a relationship was at any time, and bring it back.

    Lists its versions, the newest first, each with what it changed. A version is named by the beginning of its id, or
    by a day: its last one then.

    \b
    --json                         [{version, at, author, what: [text], message}]
    --json --since                 {since, until, what: [text]}
    --json --at                    as `convo brief --json`
    --json --restore               {relationship, relationship_id, restored, what: [text]}
    `version`, `at` and the rest are null for what is in no version yet.
    """
    if restore and (at or since):
        raise Refused("--restore stands alone: nothing was restored; --at and --since show what it would be")
    if entry and not restore:
        raise Refused("--entry goes with --restore: which version is it to be taken from?")
    summary = session.journal.find(name)
    if restore:
        _restore(session, summary, restore, entry, as_json)
    elif since:
        _say_difference(session, summary, since, at, as_json)
    elif at:
        _say_as_it_was(session, summary, at, as_json)
    else:
        _list(session, summary, limit, as_json)


# ── listing ──────────────────────────────────────────────────────────────────────────────────────────────


def _list(session: Session, summary: Summary, limit: int, as_json: bool) -> None:
    repository = session.repository
    pasts = repository.history(summary.file, limit + 1)
    shown = pasts[:limit]
    told = repository.meanings(shown)
    if as_json:
        emit_json([_shape(*each) for each in zip(shown, told, strict=True)])
        return
    table([_row(session, *each) for each in zip(shown, told, strict=True)])
    if len(pasts) > limit:
        say(dim(f"and older ones: `convo history {_called(summary)} --limit {limit * 5}`"))


def _shape(past: Past, told: Told) -> Shape:
    return {
        "version": past.version or None,
        "at": past.at.isoformat() if past.at else None,
        "author": past.author or None,
        "what": [each.what for each in told.found] or [told.meaning],
        "message": past.message or None,
    }


def _row(session: Session, past: Past, told: Told) -> list[Piece]:
    return [_when(session, past), dim(past.short if past.version else ""), bold(told.meaning)]


def _when(session: Session, past: Past) -> str:
    from convo_tui.core.dates import dated

    return f"{dated(past.at.date(), session.clock.today())} {past.at:%H:%M}" if past.at else past.short


# ── one version ──────────────────────────────────────────────────────────────────────────────────────────


def _say_as_it_was(session: Session, summary: Summary, at: str, as_json: bool) -> None:
    from convo_tui.cli.brief import say_brief
    from convo_tui.cli.shapes import brief_shape
    from convo_tui.core.brief import brief

    past = _chosen(session, summary, at)
    then = session.repository.as_it_was(past)
    day = past.at.date() if past.at else session.clock.today()
    found = brief(then, sorted(then.encounters, key=lambda each: each.at), day)
    if as_json:
        emit_json(brief_shape(found, day))
        return
    as_of = f"as of {_when(session, past)}" if past.at else past.short
    say_brief(found, day, session.journal.directory.name(then.organisation), as_of=as_of)


def _say_difference(session: Session, summary: Summary, since: str, until: str | None, as_json: bool) -> None:
    pasts = session.repository.history(summary.file)
    earlier = _among(session, summary, pasts, since)
    later = _among(session, summary, pasts, until) if until else pasts[0]
    found = session.repository.difference(earlier, later)
    if as_json:
        what = [each.what for each in found]
        emit_json({"since": earlier.version or None, "until": later.version or None, "what": what})
        return
    if earlier == later:
        say(dim(f"{_when(session, earlier)} is one version; name an earlier one with --since"))
        return
    say(dim(f"from {_when(session, earlier)} to {_when(session, later)}"))
    _say_changes(found)


def _say_changes(found: Sequence[Difference]) -> None:
    for each in found:
        say("  ", each.what)
    if not found:
        say(dim("  nothing changed but comments or formatting"))


# ── bringing back ────────────────────────────────────────────────────────────────────────────────────────


def _restore(session: Session, summary: Summary, version: str, entry: str | None, as_json: bool) -> None:
    from convo_tui.core.difference import differences
    from convo_tui.core.restoring import restored
    from convo_tui.core.sides import called

    journal = session.journal
    past = _chosen(session, summary, version)
    then = session.repository.as_it_was(past)
    identity = _entry(then, entry) if entry else None
    what = called(then, identity) if identity else then.name
    before = journal.view(summary.key).relationship
    as_of = _when(session, past)
    after = journal.change(summary.key, f"restore {what} as of {as_of}", lambda now: restored(now, then, identity))
    found = differences(before, after)
    if as_json:
        emit_json(
            {
                "relationship": after.name,
                "relationship_id": after.id,
                "restored": past.version or None,
                "what": [each.what for each in found],
            }
        )
        return
    say("restored ", bold(what), dim(f" as of {as_of}; `convo undo` takes it back"))
    _say_changes(found)


def _entry(then: Relationship, query: str) -> str:
    """Return the id of the entry that is meant. Raises NotFound, Ambiguous."""
    from convo_tui.core.models import ENTRY_KINDS

    ids = [each.id for entries in ENTRY_KINDS for each in getattr(then, entries)]
    found = [each for each in ids if each == query or (len(query) >= _SHORTEST and each.endswith(query.lower()))]
    if not found:
        raise NotFound(f"{then.name} had nothing with the id {query} then; choose another version, or another entry")
    if len(found) > 1:
        raise Ambiguous(f"{query} may mean {', '.join(found)}; say which", found)
    return found[0]


# ── which version ────────────────────────────────────────────────────────────────────────────────────────


def _called(summary: Summary) -> str:
    """Return how one names a relationship in a command: its file's name, which means nobody else."""
    return summary.file.removesuffix(".toml")


def _chosen(session: Session, summary: Summary, text: str) -> Past:
    return _among(session, summary, session.repository.history(summary.file), text)


def _among(session: Session, summary: Summary, pasts: Sequence[Past], text: str) -> Past:
    """Return the version that is meant: by the beginning of its id, or the last one of a day or of one before.

    Raises:
        NotFound, Ambiguous: when there is none, or more than one.
        NotADate: when the text means neither.
    """
    from convo_tui.core.dates import NotADate, moment

    word = text.lower()
    found = [each for each in pasts if each.version.startswith(word)] if _ID.fullmatch(word) else []
    if len(found) > 1:
        ids = [each.short for each in found]
        raise Ambiguous(f"{text} may mean {', '.join(ids)}; write more of it", ids)
    if found:
        return found[0]
    if _ID.fullmatch(word) and re.search("[a-f]", word):
        raise NotFound(f"{summary.name} has no version {text}; `convo history {_called(summary)}` lists them")
    now = session.clock.now()
    try:
        day = now.date() if word == "today" else moment(text, now, session.settings.date_order).date()
    except NotADate as error:
        raise NotADate(f"{error}; or the beginning of a version's id: `convo history {_called(summary)}`") from None
    dated = [(each.at.date(), each) for each in pasts if each.at is not None and each.at.date() <= day]
    if not dated:
        raise NotFound(
            f"{summary.name} has no version from {text} or before; `convo history {_called(summary)}` lists them"
        )
    return max(dated, key=lambda each: each[0])[1]  # of several from one day the first listed, which is the last

"""`convo log`: an encounter from words, standard input or the editor."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from convo_tui.cli import completing
from convo_tui.cli.arguments import TEXT, WORDS
from convo_tui.cli.output import bold, dim, emit_json, joined, json_option, say, table
from convo_tui.cli.picking import pick
from convo_tui.cli.session import Session
from convo_tui.cli.shapes import log_shape
from convo_tui.core.errors import Ambiguous, ConvoError, NotFound, Refused
from convo_tui.editor import edit
from convo_tui.sanitize import accepted, sanitize

if TYPE_CHECKING:
    from convo_tui.core.carry import Standing
    from convo_tui.core.ending import Plan
    from convo_tui.core.meaning import Reading
    from convo_tui.core.models import Encounter
    from convo_tui.core.summary import Summary
    from convo_tui.store.journal import Journal

SCISSORS = "# ------------------------ >8 ------------------------"
"""What stands below this line in the editor is no part of the note."""

_HELP = """\
# Everything below the line above is ignored; an empty note saves nothing.
# ! an issue of mine   ? a question to them   ~ 1 talked about again   = 1 settled
# need:  want:  expect:  unsaid:  idea:  rival:  about:  next:  with:  spark:"""


@click.command()
@click.argument("name", type=WORDS, required=False, shell_complete=completing.relationships)
@click.argument("text", type=TEXT, nargs=-1, metavar="[TEXT]...")
@click.option("--channel", type=click.Choice(["call", "meeting", "email", "chat", "note"]), help="A call, unless said.")
@click.option("--at", type=WORDS, metavar="WHEN", help="When it was, if not now: 15:30, yesterday 3pm, last fri.")
@click.option(
    "--with",
    "with_",
    type=WORDS,
    multiple=True,
    metavar="NAME",
    shell_complete=completing.people,
    help="Who else took part; may be repeated.",
)
@click.option("--minutes", type=click.IntRange(0, 100_000), help="How long it took.")
@click.option("--spark", type=click.IntRange(1, 5), help="How interesting it was, 1 to 5.")
@click.option("--nature", type=click.Choice(["conversation", "transaction"]))
@click.option("--carry-all", is_flag=True, help="Carry every open issue: we talked about all of them again.")
@click.option("--last", is_flag=True, help="Add to the newest encounter instead of beginning one.")
@json_option
@click.pass_obj
def log(
    session: Session,
    name: str | None,
    text: tuple[str, ...],
    at: str | None,
    with_: tuple[str, ...],
    carry_all: bool,
    last: bool,
    as_json: bool,
    **fields: Any,
) -> None:
    """Save an encounter and what its note means.

    The note is TEXT; `-`, or no TEXT and no terminal, reads standard input; no TEXT and a terminal opens the editor.
    Without a NAME, a terminal asks for one. A mail or chat joins the entry of its day.
    """
    if last and at:
        raise click.UsageError("--last adds to the newest encounter, whose time stands; leave --at or --last out")
    from convo_tui.core import dates

    journal, now = session.journal, session.clock.now()
    key, picked = pick(session) if name is None else (journal.find(name).key, ())
    summary, more_of = journal.writable(key), None
    if last:
        summary, more_of = _newest(journal, summary)
    when = dates.moment(at, now, session.settings.date_order) if at else now.replace(second=0)
    who = [*picked, *_named(journal, summary, with_)]
    encounter = _encounter(
        journal, when, more_of, who, {key: value for key, value in fields.items() if value is not None}
    )
    agenda = journal.agenda(summary.key, encounter.with_)
    typed, folder = _typed(session, text, summary, encounter, agenda)
    typed = accepted(typed, lines=True)
    if not typed.strip():
        _remove(folder)
        raise Refused("nothing was written, nothing is saved")
    fixed = [each.issue.id for each in agenda]
    try:
        reading = journal.read_note(summary.key, encounter, typed, fixed)
        if carry_all:
            reading = _carrying_all(journal, summary, encounter, reading, fixed)
        done = journal.log(summary.key, encounter, reading, more_of)
    except ConvoError as error:
        if not text or text == ("-",):
            error.args = (f"{error}; what you wrote is kept in {_kept(journal, typed, folder)}",)
        raise
    _remove(folder)
    if as_json:
        emit_json(log_shape(done, summary.name))
    else:
        _say_receipt(journal, done, reading, summary, joined_another=done.encounter.id != encounter.id)
    if session.settings.auto_commit:
        session.make_version_aside([journal.summary(each).file for each in done.relationships])


# ── before it is written ─────────────────────────────────────────────────────────────────────────────────


def _named(journal: Journal, summary: Summary, names: Sequence[str]) -> list[str]:
    """Return the ids of those who took part. Raises NotFound, Ambiguous."""
    if not names:
        return []
    context = journal.context(summary.key, journal.clock.now())
    ids = []
    for name in names:
        found = context.called(name.removeprefix("@"))
        if not found:
            raise NotFound(f"--with: nobody here is called “{name}”; nothing is saved; `convo new` adds someone")
        if len(found) > 1:
            labels = [each.label for each in found]
            raise Ambiguous(f"--with: “{name}” may mean {', '.join(labels)}; nothing is saved; say which", labels)
        ids.append(found[0].id)
    return ids


def _newest(journal: Journal, summary: Summary) -> tuple[Summary, Encounter]:
    """Return the encounter that `--last` adds to, and in whose file it is: an encounter lives in one.

    Raises:
        Refused: when there is none, or that file is read-only.
    """
    view = journal.view(summary.key)
    newest = journal.newest_encounter(view)
    if newest is None:
        raise Refused(f"{summary.name} has no encounter to add to yet; leave --last out")
    return journal.writable(view.homes.get(newest.id, summary.key)), newest


def _encounter(
    journal: Journal, when: Any, more_of: Encounter | None, who: Sequence[str], fields: dict[str, Any]
) -> Encounter:
    from convo_tui.core.edits import changed
    from convo_tui.core.models import Encounter

    if more_of is None:
        return Encounter(id=journal.new_id(), at=when, with_=tuple(who), **fields)
    return changed(more_of, **fields, with_=tuple(dict.fromkeys((*more_of.with_, *who))), note="")


# ── the note ─────────────────────────────────────────────────────────────────────────────────────────────


def _typed(
    session: Session, text: tuple[str, ...], summary: Summary, encounter: Encounter, agenda: Sequence[Standing]
) -> tuple[str, Path | None]:
    """Return the note, and the folder in which the editor left it; None for one that was not typed there."""
    if text and text != ("-",):
        return " ".join(text), None
    if not text and sys.stdin.isatty():
        return _from_editor(session, summary, encounter, agenda)
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig"), None
    except UnicodeDecodeError:
        raise Refused("standard input is not UTF-8 text, so nothing is saved; convert it with iconv") from None


def _from_editor(
    session: Session, summary: Summary, encounter: Encounter, agenda: Sequence[Standing]
) -> tuple[str, Path]:
    folder = session.journal.scratch()
    path = folder / "note.md"
    path.write_text("\n".join(["", SCISSORS, *_agenda_lines(summary, encounter, agenda), ""]), "utf-8")
    edit(path, session.settings.editor)
    try:
        written = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"what the editor left cannot be read as UTF-8 text; it is in {path}") from error
    return f"\n{written}".partition(f"\n{SCISSORS}")[0], folder


def _agenda_lines(summary: Summary, encounter: Encounter, agenda: Sequence[Standing]) -> list[str]:
    """Return the numbered agenda, as comments."""
    from convo_tui.core.dates import short

    lines = [*_HELP.split("\n"), "#", f"# {encounter.channel} with {sanitize(summary.name)}"]
    for number, each in enumerate(agenda, 1):
        issue = each.issue
        day = short(issue.due, encounter.at.date()) if issue.due else ""
        other = each.relationship if each.relationship_id != summary.id else ""
        about = joined(issue.text, issue.owner, day, f"↻{each.carried}" if each.carried else "", other)
        lines.append(f"# {number}. {sanitize(about)}")
    return lines


def _carrying_all(
    journal: Journal, summary: Summary, encounter: Encounter, reading: Reading, fixed: Sequence[str]
) -> Reading:
    """Return `reading` with a last line `~ *`: whatever can still be carried is."""
    from convo_tui.core.meaning import Carries, Settles

    everyone = (*encounter.with_, *(who.id for who in reading.took_part))
    star = journal.read_note(summary.key, encounter.model_copy(update={"with_": everyone}), "~ *", fixed)
    settled = {each.item.issue.id for each in reading.of(Settles)}
    lines = [
        replace(line, meaning=Carries(tuple(each for each in line.meaning.items if each.issue.id not in settled)))
        for line in star.lines
        if isinstance(line.meaning, Carries)
    ]
    return replace(reading, lines=(*reading.lines, *lines))


def _kept(journal: Journal, typed: str, folder: Path | None) -> Path:
    """Return where the note is that could not be saved."""
    path = (folder or journal.scratch()) / "note.md"
    if folder is None:
        path.write_text(typed, "utf-8")
    return path


def _remove(folder: Path | None) -> None:
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


# ── the receipt ──────────────────────────────────────────────────────────────────────────────────────────


def _say_receipt(journal: Journal, done: Plan, reading: Reading, summary: Summary, *, joined_another: bool) -> None:
    from convo_tui.core import receipt
    from convo_tui.core.dates import short

    encounter, today = done.encounter, journal.clock.today()
    when = f"{short(encounter.at.date(), today)} {encounter.at:%H:%M}"
    minutes = f"{encounter.minutes} min" if encounter.minutes else ""
    added = "added to the entry of that day" if joined_another else ""
    say(bold(f"{encounter.channel} with {summary.name}"), dim(f" · {joined(when, minutes, added)}"))
    others = {each: journal.directory.name(each) for each in done.relationships if each != done.home}
    said = [each for each in receipt.done(done, today, others) if not each.doubtful]
    doubts = [each for each in receipt.phrases(reading, today) if each.doubtful]
    table([[dim(each.verb), each.text] for each in (*said, *doubts)], indent="  ")
    if encounter.is_contact and not journal.agenda(summary.key):
        say(f"nothing is left open with {summary.name}: what would you like to come back to?")

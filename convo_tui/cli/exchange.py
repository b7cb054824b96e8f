"""`convo import`, `convo export`: relationships from foreign formats, and into them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

import click

from convo_tui.cli.arguments import name_argument
from convo_tui.cli.failures import NOTHING_DONE, complain
from convo_tui.cli.output import emit_json, json_option, say
from convo_tui.cli.session import Session
from convo_tui.core.errors import Ambiguous, ConvoError, Refused

if TYPE_CHECKING:
    from convo_tui.core.models import Relationship
    from convo_tui.exchange.vcard import Book, Card, Known
    from convo_tui.store.journal import Journal


@dataclass
class _Arrivals:
    """What becomes of the cards of one import: `here` is everyone by key, as they will be after it."""

    journal: Journal
    here: dict[str, Relationship]
    book: Book
    new: set[str] = field(default_factory=set)
    added: dict[str, list[Card]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: {"new": 0, "changed": 0, "unchanged": 0})
    broken: list[str] = field(default_factory=list)

    def take(self, card: Card) -> None:
        """Find out whom a card is about, and note what it adds to them."""
        try:
            self.counts[self._taken(card)] += 1
        except Ambiguous as error:
            self.broken.append(str(error))
        except ConvoError as error:
            self.broken.append(f"{card.source}: {error}")

    def _taken(self, card: Card) -> str:
        from convo_tui.exchange import vcard

        key = self.book.find(card)
        if key is None:
            made = vcard.merge(card, None, new_identity=self.journal.new_id())
            self.new.add(made.id)
            self._note(made.id, made)
            return "new"
        merged = vcard.merge(card, self.here[key], new_identity="")
        if merged is self.here[key]:
            return "unchanged"
        if key not in self.new:
            self.journal.writable(key)
            self.added.setdefault(key, []).append(card)
        self._note(key, merged)
        return "changed"

    def _note(self, key: str, relationship: Relationship) -> None:
        self.here[key] = relationship
        self.book.add(_known(key, relationship))


@click.command(name="import")
@click.argument("format_", type=click.Choice(["vcard"]), metavar="FORMAT")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=str), metavar="FILE...")
@json_option
@click.pass_context
def import_(context: click.Context, format_: str, files: tuple[str, ...], as_json: bool) -> None:
    """Import an address book.

    FORMAT is vcard; a FILE named `-` is standard input. Importing the same again changes nothing; nothing that is
    here is changed or removed, only what was missing is added.
    """
    session: Session = context.obj
    arrivals = _read(session.journal, files)
    journal = session.journal
    with journal.together(f"import of {', '.join(_called(file) for file in files)}"):
        journal.add(arrivals.here[key] for key in arrivals.here if key in arrivals.new)
        journal.change_all("import", {key: _merging(cards) for key, cards in arrivals.added.items()})
    for line in arrivals.broken:
        complain(line)
    if as_json:
        emit_json({**arrivals.counts, "broken": arrivals.broken})
    else:
        counts = {**arrivals.counts, "broken": len(arrivals.broken)}
        say(", ".join(f"{count} {what}" for what, count in counts.items()))
    if arrivals.broken and not any(arrivals.counts.values()):
        context.exit(NOTHING_DONE)


def _read(journal: Journal, files: Sequence[str]) -> _Arrivals:
    """Read all files and work out what is new and what is added to whom; nothing is written yet."""
    from convo_tui.exchange import vcard

    here = {view.summary.key: view.relationship for view in journal.views()}
    arrivals = _Arrivals(journal, here, vcard.Book(_known(*each) for each in here.items()))
    for file in files:
        try:
            data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        except OSError as error:
            arrivals.broken.append(f"{file}: cannot be read: {error.strerror}")
            continue
        for card in vcard.read(data, _called(file, whole=True)):
            if isinstance(card, vcard.Broken):
                arrivals.broken.append(str(card))
            else:
                arrivals.take(card)
    return arrivals


def _called(file: str, whole: bool = False) -> str:
    """What a file is called in a sentence."""
    return "standard input" if file == "-" else file if whole else Path(file).name


def _known(key: str, relationship: Relationship) -> Known:
    from convo_tui.exchange import vcard

    uid = str((relationship.model_extra or {}).get(vcard.UID_KEY, ""))
    return vcard.Known(key, relationship.name, vcard.ways(relationship.reach), uid, relationship.aliases)


def _merging(cards: Sequence[Card]) -> Callable[[Relationship], Relationship]:
    from convo_tui.exchange import vcard

    return lambda relationship: reduce(lambda now, card: vcard.merge(card, now, new_identity=""), cards, relationship)


@click.command(name="export")
@click.argument("format_", type=click.Choice(["story"]), metavar="FORMAT")
@name_argument
@click.option("-o", "--output", type=click.Path(path_type=str), metavar="FILE", help="Write it there.")
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@click.pass_obj
def export(session: Session, format_: str, name: str, output: str | None, force: bool) -> None:
    """Write a relationship in a form to read elsewhere.

    FORMAT is story: the relationship as a story, in Markdown. Without -o it is printed.
    """
    from convo_tui.exchange.story import story_markdown

    journal = session.journal
    view = journal.view(journal.find(name).key)
    organisation = journal.directory.name(view.relationship.organisation)
    text = story_markdown(
        view.relationship, view.timeline, view.names, session.clock.today(), homes=view.homes, organisation=organisation
    )
    if output is None or output == "-":
        for line in text.removesuffix("\n").split("\n"):
            say(line)
    else:
        _write(Path(output), text, force)
        say(f"{output} is written")


def _write(path: Path, text: str, force: bool) -> None:
    """Put a text into a file, readable by nobody else, in one step. Raises Refused, with what stands there intact."""
    if not force and os.path.lexists(path):
        raise Refused(f"{path}: it exists already and is left as it is; --force replaces it")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with open(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(text.encode("utf-8", "replace"))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise Refused(f"{path}: it cannot be written: {error.strerror}; name another file with -o") from None

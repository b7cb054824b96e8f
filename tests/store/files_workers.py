"""Programs that save, change, overwrite and type beside a test, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from convo_tui.clock import Clock
from convo_tui.core import edits
from convo_tui.core.errors import ConvoError
from convo_tui.core.models import Encounter
from convo_tui.paths import Places
from convo_tui.store import files, system
from convo_tui.store.drafts import Draft, Drafts
from convo_tui.store.errors import Unwritable
from convo_tui.store.journal import Journal

DAY = timedelta(days=1)

# A fork server has imported everything by the time a process is needed, and has no threads to fork. It finds nothing
# that only the tests' own path leads to, and says nothing about it.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["convo_tui.store.journal", "convo_tui.store.drafts", "filelock", "ctypes"])


def start(work: Callable[..., None], *arguments: object) -> tuple[BaseProcess, Connection]:
    """Run `work(connection, *arguments)`; return its process and the other end of the connection."""
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=work, args=(theirs, *arguments), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def received(connection: Connection) -> Iterator[Any]:
    """Yield what was sent until the other end died."""
    while True:
        try:
            yield connection.recv()
        except (EOFError, ConnectionResetError):
            return


def append_lines(connection: Connection, path: Path, state: Path, name: str, count: int) -> None:
    """Add `count` lines by as many read-modify-writes, and tell of each once it is saved."""
    for number in range(count):
        with files.locked(path, state / "locks", timeout=60):
            base = files.read(path) if path.exists() else None
            files.save(path, (base or b"") + f"{name} {number}\n".encode(), base, state / "kept")
        connection.send(number)


def replace_when_told(connection: Connection, path: Path) -> None:
    """Replace the file with the content that is sent, so many seconds after it came; say when it is done."""
    other = path.with_name("foreign.part")
    while True:
        try:
            content, delay = connection.recv()
        except EOFError:
            return
        other.write_bytes(content)
        connection.send("ready")
        due = time.perf_counter() + delay
        while time.perf_counter() < due:
            pass
        other.replace(path)
        connection.send("done")


def save_when_told(connection: Connection, path: Path, state: Path) -> None:
    """Save what is sent over what is sent with it; answer with the error, or nothing when it is saved."""
    connection.send(os.getpid())
    while True:
        try:
            data, base = connection.recv()
        except EOFError:
            return
        try:
            files.save(path, data, base, state / "kept")
        except ConvoError as error:
            connection.send(str(error))
        else:
            connection.send("")


def type_text(connection: Connection, folder: Path, text: str, pace: float) -> None:
    """Type into a draft, `pace` seconds a character, and tell of each keystroke when it came."""
    now = datetime.now(UTC)
    draft = Draft(id="20261122-dddd4444", relationship="20240301-7k3q9m2f", started=now, at=now)
    log = Drafts(folder).open(draft)
    log.flush()
    for length in range(1, len(text) + 1):
        log.record(replace(draft, text=text[:length], cursor=(0, length)))
        connection.send(time.monotonic())
        time.sleep(pace)


# Whole changes, as a person makes them

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")
ACME, BO, BOB, DORA = (f"20260101-{name}" for name in ("acme0001", "b0000001", "b0b00001", "d0ra0001"))
FIRST, SECOND, MAIL = (f"2026112{day}-enc0000{day}" for day in (0, 1, 2))
ANA = "20260101-ana00001"
NOTE = "words\n! @Bo slides\n! pricing\nneed: calm"


def places_below(root: Path) -> Places:
    """Return the folders of a journal of its own."""
    return Places(root / "journal", *(root / each / "convo" for each in ("config", "cache", "state")))


def journal_below(root: Path) -> Journal:
    """Return a journal in which it is always the same moment, and which makes always the same ids."""
    assert NOW.tzinfo is not None
    journal = Journal(places_below(root), Clock(lambda: NOW, NOW.tzinfo))
    journal.new_id = lambda: DORA  # type: ignore[method-assign]
    return journal


def furnish(root: Path) -> None:
    """Make a journal of Acme with Ana in it, Bo, and Bob, who is Bo: two encounters of Acme took place with Bo."""
    journal = journal_below(root)
    journal.add(
        [
            edits.new_relationship(ACME, "Acme", "organisation", people=({"id": ANA, "name": "Ana"},)),
            edits.new_relationship(BO, "Bo", "person"),
            edits.new_relationship(BOB, "Bob", "person"),
        ]
    )
    log(journal, FIRST, "the first\n! @Bo numbers\n! terms", NOW - 2 * DAY)
    log(journal, SECOND, "the second\n~ numbers\n~ terms", NOW - DAY)
    journal.close()


def log(journal: Journal, identity: str, note: str, at: datetime = NOW, home: str = ACME) -> None:
    """End an encounter of Acme in which Bo took part."""
    encounter = Encounter(id=identity, at=at, with_=tuple(each for each in (BO,) if each != home))
    journal.log(home, encounter, journal.read_note(home, encounter, note))


def draft(text: str = NOTE) -> Draft:
    """An encounter in progress, as `ended` ends it."""
    return Draft(id=MAIL, relationship=ACME, started=NOW, at=NOW, with_=(BO,), text=text)


def ended(journal: Journal) -> None:
    """End the draft as a screen does."""
    log(journal, MAIL, NOTE)
    journal.drafts.discard(MAIL)


def typed(journal: Journal) -> None:
    """Type on in the draft, until it is safe."""
    opened = journal.drafts.open(draft())
    opened.flush()
    opened.record(draft(f"{NOTE} and more"))
    opened.flush()
    opened.close()


def edited_by_hand(journal: Journal) -> None:
    """Edit the file of Acme in an editor that replaces it."""
    copy = journal.copy_of(journal.summary(ACME))
    other = copy.path.with_suffix(".part")
    try:
        other.write_text(copy.base.decode().replace('name = "Acme"', 'name = "Acme"  # ours'), "utf-8")
        other.replace(copy.path)
    except OSError as error:  # the editor says so
        raise Unwritable(other, system.why_unwritable(error)) from None
    journal.take(copy)


def deleted(journal: Journal) -> None:
    """Delete Acme, which Bo's file names."""
    journal.delete(ACME)


def first_deleted(journal: Journal) -> None:
    """Delete the first encounter, which issues of Acme and of Bo name."""
    journal.delete(ACME, FIRST)


def joined(journal: Journal) -> None:
    """Say that Bo and Bob are one."""
    journal.join(BO, BOB)


def moved(journal: Journal) -> None:
    """Move the second encounter to Bob."""
    journal.move(ACME, SECOND, BOB)


def created(journal: Journal) -> None:
    """Make Dora."""
    journal.create("Dora")


def undone(journal: Journal) -> None:
    """Take the last change back."""
    journal.undo()


def redone(journal: Journal) -> None:
    """Do it again."""
    journal.redo()


Action = Callable[[Journal], None]
ACTIONS: dict[str, tuple[tuple[Action, ...], Action]] = {
    "log": ((), ended),
    "typing": ((), typed),
    "delete": ((), deleted),
    "delete an entry": ((), first_deleted),
    "join": ((), joined),
    "move": ((), moved),
    "create": ((), created),
    "edit": ((), edited_by_hand),
    "undo a log": ((ended,), undone),
    "redo a log": ((ended, undone), redone),
    "undo a deletion": ((deleted,), undone),
    "redo a deletion": ((deleted, undone), redone),
    "undo a join": ((joined,), undone),
    "redo a join": ((joined, undone), redone),
}
"""What a person does, and what was done before that."""


def prepare(root: Path, action: str) -> None:
    """Make a journal in which an action can be done."""
    furnish(root)
    journal = journal_below(root)
    journal.drafts.open(draft()).close()
    for each in ACTIONS[action][0]:
        each(journal)
    journal.close()


def act_when_told(connection: Connection, root: Path, action: str) -> None:
    """Do an action each time it is told to, as a program that was just started; answer with the error, or nothing."""
    connection.send(os.getpid())
    while True:
        try:
            connection.recv()
        except EOFError:
            return
        journal = journal_below(root)
        journal.refresh()
        connection.send("ready")
        connection.recv()
        try:
            ACTIONS[action][1](journal)
        except ConvoError as error:
            connection.send(str(error))
        except Exception as error:  # noqa: BLE001  (whatever escapes is what is looked for)
            connection.send(f"escaped: {error!r}")
        else:
            connection.send("")
        journal.drafts.close()
        journal.close()
        connection.send("closed")


def act(connection: Connection, root: Path, action: str) -> None:
    """Do an action once told to, and tell when it is done."""
    journal = journal_below(root)
    journal.refresh()
    connection.send("ready")
    connection.recv()
    ACTIONS[action][1](journal)
    connection.send("done")


# Four programs that write one relationship

Writer = Callable[[Connection, Path, str, int], None]


def identity_of(name: str, number: int) -> str:
    """Return the id of an encounter that a writer of four letters makes."""
    return f"20261122-{name}{number:04}"


def log_in_a_process(connection: Connection, root: Path, name: str, count: int) -> None:
    """Log `count` encounters."""
    journal = journal_below(root)
    for number in range(count):
        log(journal, identity_of(name, number), f"{name} {number}")
        connection.send(number)


def log_by_command(connection: Connection, root: Path, name: str, count: int) -> None:
    """Log as many by the command."""
    homes = {f"XDG_{kind.upper()}_HOME": str(root / kind) for kind in ("config", "cache", "state")}
    homes["CONVO_NOW"] = NOW.isoformat()
    command = [sys.executable, "-m", "convo_tui", "--dir", str(root / "journal"), "log", "Acme"]
    for number in range(count):
        subprocess.run([*command, f"{name} {number}"], env={**os.environ, **homes}, check=True, capture_output=True)
        connection.send(number)


def log_and_take_back(connection: Connection, root: Path, name: str, count: int) -> None:
    """Log as many as a screen does: each is wrong at first and taken back with what was done here last."""
    journal = journal_below(root)
    for number in range(count):
        log(journal, identity_of(name, number), f"wrong {number}")
        journal.undo(own=True)
        log(journal, identity_of(name, number), f"{name} {number}")
        connection.send(number)


def edit_in_an_editor(connection: Connection, root: Path, name: str, count: int) -> None:
    """Write as many by hand, in an editor that replaces the copy it was given."""
    journal = journal_below(root)
    for number in range(count):
        journal.refresh()
        copy = journal.copy_of(journal.summary(ACME))
        entry = (
            f'id = "{identity_of(name, number)}"\nat = {NOW.isoformat()}\nchannel = "call"\nnote = "{name} {number}"\n'
        )
        other = copy.path.with_suffix(".part")
        other.write_bytes(copy.base + f"\n[[encounters]]\n{entry}".encode())
        other.replace(copy.path)
        journal.take(copy)
        connection.send(number)


WRITERS: dict[str, Writer] = {
    "proc": log_in_a_process,
    "cmnd": log_by_command,
    "scrn": log_and_take_back,
    "edtr": edit_in_an_editor,
}

"""Programs that save, overwrite and type beside a test, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from convo_tui.core.errors import ConvoError
from convo_tui.store import files
from convo_tui.store.drafts import Draft, Drafts

# A fork server has imported everything by the time a process is needed, and has no threads to fork.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__, "filelock", "ctypes"])


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

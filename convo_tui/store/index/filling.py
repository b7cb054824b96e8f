"""Writing what was read into the index, in steps that are each whole."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path

from convo_tui.store.index import database, reading
from convo_tui.store.index.database import note, noted
from convo_tui.store.index.progress import Progress, Unread, is_settled
from convo_tui.store.index.reading import Batch
from convo_tui.store.index.tables import Tables
from convo_tui.store.index.together import Together

_STEP_BYTES = 8 << 20
"""How much is written in one step: what is asked meanwhile waits for so much at most."""


def filling(
    connection: sqlite3.Connection, folder: Path, zone: tzinfo, unread: Sequence[Unread], gone: Collection[str]
) -> Iterator[Progress]:
    """Read these files and forget those that are gone.

    What is no more than a step is done in one. Of more, what follows from all files together comes last, and until
    then the index is noted as not complete.
    """
    total = sum(each.size for each in unread)
    is_first = not _has(connection, "entries_by_place")
    tables = Tables(connection, counts_words=not is_first)
    batches = reading.digests(folder, unread, zone)
    if total <= _STEP_BYTES and not is_first and noted(connection, "complete"):
        come = list(batches)
        with _whole(connection):
            _put(tables, come)
            _remove(tables, gone)
            Together(connection).settle(tables)
        yield Progress(total, total)
        return
    done = 0
    for step in _steps(batches):
        with _whole(connection):
            note(connection, "complete", "")
            _put(tables, step)
        done += sum(each.size for files, _ in step for each in files)
        yield Progress(done, total)
    with _whole(connection):
        _remove(tables, gone)
        Together(connection).settle_all(tables)
        for statement in database.COMPLETED if is_first else ():
            connection.execute(statement)
        note(connection, "complete", "yes")
    yield Progress(total, total)


def _put(tables: Tables, batches: Iterable[Batch]) -> None:
    looked = time.time_ns()
    for files, digests in batches:
        for each, digest in zip(files, digests, strict=True):
            if digest is None:
                tables.remove(each.file)
            else:
                tables.put(digest, is_settled(digest.stamp, looked))
    tables.finish()


def _remove(tables: Tables, gone: Iterable[str]) -> None:
    for file in gone:
        tables.remove(file)
    tables.finish()


def _steps(batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    step: list[Batch] = []
    size = 0
    for batch in batches:
        step.append(batch)
        size += sum(each.size for each in batch[0])
        if size >= _STEP_BYTES:
            yield step
            step, size = [], 0
    if step:
        yield step


def _has(connection: sqlite3.Connection, name: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,)).fetchone() is not None


@contextmanager
def _whole(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")

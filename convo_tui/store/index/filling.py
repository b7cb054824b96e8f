"""Writing what was read into the index, in steps that are each whole."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import tzinfo
from itertools import pairwise
from pathlib import Path

from convo_tui.store.index import database, reading
from convo_tui.store.index.database import note, noted, version, whole
from convo_tui.store.index.progress import Progress, Unread, is_settled
from convo_tui.store.index.reading import Batch
from convo_tui.store.index.tables import Tables, read_texts, texts_are_all_read, texts_read
from convo_tui.store.index.together import Together

_STEP_BYTES = 4 << 20
_STEP_SECONDS = 0.2
"""How much is read for a step, and for how long: what is asked meanwhile waits for it."""

_TEXT_BYTES = 8 << 20
"""How much has been read when the full text takes it in, each time as one more segment to look through."""


def filling(
    connection: sqlite3.Connection,
    folder: Path,
    zone: tzinfo,
    unread: Sequence[Unread],
    gone: Collection[str],
    *,
    is_all: bool = True,
) -> Iterator[Progress]:
    """Read these files and forget those that are gone; `is_all` says that no others are unread.

    What is no more than a step is done in one. Of more, what follows from all files together comes last, and until
    then the index is noted as not complete.
    """
    total = sum(each.size for each in unread)
    batches = reading.digests(folder, unread, zone)
    if total <= _STEP_BYTES and noted(connection, "complete"):
        come = list(batches)
        with whole(connection):
            tables = Tables(connection)
            _put(tables, come)
            _remove(tables, gone)
            Together(connection).settle(tables)
        yield Progress(total, total)
        return
    done = in_texts = 0
    for step in _steps(batches):
        with whole(connection):
            note(connection, "complete", "")
            _put(Tables(connection), step)
        done += sum(map(_size, step))
        yield Progress(done, total)
        if done - in_texts >= _TEXT_BYTES:
            with whole(connection):
                read_texts(connection)
            in_texts = done
            yield Progress(done, total)
    with whole(connection):
        note(connection, "complete", "")
        _remove(Tables(connection), gone)
        read_texts(connection)
    if not is_all:  # some that were left unread come later, and what follows from all with them
        yield Progress(total, total)
        return
    for _ in _completing(connection):
        yield Progress(total, total)


def _completing(connection: sqlite3.Connection) -> Iterator[None]:
    """Add what follows from all files together, bit by bit."""
    seen = version(connection)
    for settle in Together(connection).steps():
        with whole(connection):
            settle()
        yield
    is_first = texts_read(connection) is not None
    for statement in database.COMPLETED if is_first else ():
        with whole(connection):
            connection.execute(statement)
        yield
    counted: list[tuple[str, int]] = []
    for some in _word_counts(connection) if is_first else ():
        counted += some
        yield
    with whole(connection):
        if version(connection) != seen:  # somebody else wrote meanwhile: then all at once
            for settle in Together(connection).steps():
                settle()
            read_texts(connection)
            counted = [each for some in _word_counts(connection) for each in some]
        if texts_read(connection) is not None:
            connection.executemany("INSERT INTO words VALUES (?, ?)", counted)
            texts_are_all_read(connection)
        note(connection, "complete", "yes")
    yield


def _word_counts(connection: sqlite3.Connection) -> Iterator[list[tuple[str, int]]]:
    """Yield the words of the full text and how many entries say each, some at a time."""
    connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.vocabulary USING fts5vocab (main, texts, row)")
    bounds = ["", *"0123456789abcdefghijklmnopqrstuvwxyz{", None]
    for first, last in pairwise(bounds):
        query = "SELECT term, doc FROM temp.vocabulary WHERE term >= ?"
        if last is None:
            yield connection.execute(query, (first,)).fetchall()
        else:
            yield connection.execute(f"{query} AND term < ?", (first, last)).fetchall()


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
    began = time.monotonic()
    for batch in batches:
        step.append(batch)
        if sum(map(_size, step)) >= _STEP_BYTES or time.monotonic() - began >= _STEP_SECONDS:
            yield step
            step, began = [], time.monotonic()
    if step:
        yield step


def _size(batch: Batch) -> int:
    return sum(each.size for each in batch[0])

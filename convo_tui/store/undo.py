"""What can be taken back: the last changes of a journal, by whom and whenever they were made, in the state folder.

Each change is kept as the bytes of its files before and after. They are never put back over anything newer: what
undoes a change is an inverse edit by id (`core/inverse.py`), for which the two are compared.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from convo_tui.store import system

T = TypeVar("T")

KEPT = 300
"""How many changes can be taken back; issue 5 asks for 200 at least."""

_DONE, _UNDONE, _ASIDE = range(3)

_BUSY = 5.0
"""Seconds to wait for another process that is writing."""

_TABLES = """
CREATE TABLE IF NOT EXISTS changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    what TEXT NOT NULL, at TEXT NOT NULL, run TEXT NOT NULL, state INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS steps (
    change INTEGER NOT NULL REFERENCES changes (id) ON DELETE CASCADE,
    nth INTEGER NOT NULL, file BLOB NOT NULL, before TEXT, after TEXT,
    PRIMARY KEY (change, nth)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS before ON steps (before);
CREATE INDEX IF NOT EXISTS after ON steps (after);
CREATE TABLE IF NOT EXISTS texts (digest TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;
"""
_UNUSED = """
DELETE FROM texts WHERE digest = ?1
    AND NOT EXISTS (SELECT 1 FROM steps WHERE before = ?1) AND NOT EXISTS (SELECT 1 FROM steps WHERE after = ?1)
"""


@dataclass(frozen=True, slots=True)
class Step:
    """What a change did to one file: `before` is None when it made the file, `after` when it removed it."""

    file: str
    before: bytes | None
    after: bytes | None

    @property
    def changed(self) -> bool:
        """Whether it changed the file at all."""
        return self.before != self.after

    @property
    def reversed(self) -> Step:
        """What takes it back."""
        return Step(self.file, self.after, self.before)


@dataclass(frozen=True, slots=True)
class Change:
    """What a person did, in words, when, and to which files."""

    id: int
    what: str
    at: datetime
    files: tuple[str, ...] = field(compare=False)


class Undo:
    """The changes of one journal, the newest last; several programs may use it at once.

    Where it cannot be kept it lasts as long as the program: `trouble` then says why, in one line. As long as nothing
    was done since, the file is tried again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._run = os.urandom(8).hex()
        self._sql: sqlite3.Connection | None = None
        self._in_memory = False
        self.trouble = ""

    def close(self) -> None:
        """Let go of it."""
        if self._sql is not None:
            self._sql.close()
            self._sql, self._in_memory = None, False

    def why_not(self) -> str:
        """Return why nothing is known of what was done, and take it for told; empty when that is no trouble."""
        why, self.trouble = self.trouble, ""
        return f"nothing was taken back: {why}" if why else ""

    # ── what was done ────────────────────────────────────────────────────────────────────────────────────

    def remember(self, what: str, at: datetime, steps: Sequence[Step]) -> None:
        """Keep a change as the last one. What was taken back before it can no longer be done again."""

        def write(sql: sqlite3.Connection) -> None:
            gone = [row[0] for row in sql.execute("SELECT id FROM changes WHERE state = ?", (_UNDONE,))]
            query = "INSERT INTO changes (what, at, run, state) VALUES (?, ?, ?, ?)"
            change = sql.execute(query, (what, at.isoformat(), self._run, _DONE)).lastrowid
            rows = [
                (change, nth, os.fsencode(step.file), _kept(sql, step.before), _kept(sql, step.after))
                for nth, step in enumerate(steps)
            ]
            sql.executemany("INSERT INTO steps VALUES (?, ?, ?, ?, ?)", rows)
            old = "SELECT id FROM changes ORDER BY id DESC LIMIT -1 OFFSET ?"
            _forget(sql, gone + [row[0] for row in sql.execute(old, (KEPT,))])

        self._do(write)

    def last(self, *, own: bool = False) -> Change | None:
        """Return what can be taken back next; None when there is nothing. `own`: of what this very run has done."""
        return self._do(lambda sql: self._last(sql, own))

    def _last(self, sql: sqlite3.Connection, own: bool) -> Change | None:
        runs = (self._run,) if own else ()
        return _change(sql, f"state = {_DONE}{' AND run = ?' * own} ORDER BY id DESC", runs)

    def possible(self, *, own: bool = False) -> tuple[Change | None, list[Change]]:
        """Return the last change, and those since that could not be taken back when it was tried, the newest first."""

        def found(sql: sqlite3.Connection) -> tuple[Change | None, list[Change]]:
            last = self._last(sql, own)
            since = f"state = {_ASIDE} AND id > {last.id if last else 0} ORDER BY id DESC"
            return last, [] if own else list(_changes(sql, since))

        return self._do(found)

    @property
    def last_undone(self) -> Change | None:
        """What can be done again next; None when there is nothing."""
        return self._do(lambda sql: _change(sql, f"state = {_UNDONE} ORDER BY id"))

    def steps(self, change: Change) -> list[Step]:
        """Return what a change did, in its order."""
        return self._do(lambda sql: _steps(sql, change.id))

    # ── what becomes of it ───────────────────────────────────────────────────────────────────────────────

    def undone(self, change: Change) -> None:
        """Note that a change was taken back."""
        self._mark(change, _UNDONE)

    def redone(self, change: Change) -> None:
        """Note that it was done again."""
        self._mark(change, _DONE)

    def put_aside(self, change: Change) -> None:
        """Note that it cannot be taken back as things are: it no longer stands in the way of others."""
        self._mark(change, _ASIDE)

    def _mark(self, change: Change, state: int) -> None:
        self._do(lambda sql: sql.execute("UPDATE changes SET state = ? WHERE id = ?", (state, change.id)))

    # ── the file ─────────────────────────────────────────────────────────────────────────────────────────

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do that in one transaction, in memory where the file cannot be used."""
        try:
            with _transaction(self._opened()) as sql:
                return work(sql)
        except sqlite3.Error as error:
            if _is_damage(error):  # SQLite says so too when the device failed to read for once: try that again
                self.close()
                with suppress(sqlite3.Error), _transaction(self._opened()) as sql:
                    return work(sql)
            with _transaction(self._fallen_back(error)) as sql:
                return work(sql)

    def _opened(self) -> sqlite3.Connection:
        if self._in_memory and self._sql is not None and not _is_used(self._sql):
            self.close()
            self.trouble = ""
        if self._sql is None:
            try:
                system.create_folder(self._path.parent)
                if not self._path.exists():
                    os.close(os.open(self._path, os.O_CREAT | os.O_WRONLY, 0o600))
                self._sql = _open(str(self._path))
            except OSError as error:
                return self._fallen_back(error)
        return self._sql

    def _fallen_back(self, error: Exception) -> sqlite3.Connection:
        """Begin anew beside a file that is damaged; go on in memory where none can be written."""
        self.close()
        if _is_damage(error) and not self.trouble:
            self.trouble = f"{self._path}: is damaged; what was done until now cannot be taken back"
            with suppress(OSError):
                for suffix in ("-wal", "-shm"):
                    Path(f"{self._path}{suffix}").unlink(missing_ok=True)
                self._path.replace(self._path.with_suffix(".damaged"))
                with suppress(sqlite3.Error):
                    self._sql = _open(str(self._path))
                    return self._sql
        reason = error.strerror if isinstance(error, OSError) else str(error)
        self.trouble = f"{self._path}: {reason}; what is done now cannot be taken back once this program has ended"
        self._sql, self._in_memory = _open(":memory:"), True
        return self._sql


def _open(path: str) -> sqlite3.Connection:
    """Open the file. It is not made durable at each change: a power cut may cost the last ones, never a text."""
    sql = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
    try:
        sql.execute("PRAGMA journal_mode = WAL")
        sql.execute("PRAGMA synchronous = NORMAL")
        sql.execute("PRAGMA foreign_keys = ON")
        sql.execute("PRAGMA secure_delete = ON")
        sql.executescript(_TABLES)
    except BaseException:
        sql.close()
        raise
    return sql


def _is_damage(error: Exception) -> bool:
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)


def _is_used(sql: sqlite3.Connection) -> bool:
    return sql.execute("SELECT 1 FROM changes LIMIT 1").fetchone() is not None


@contextmanager
def _transaction(sql: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    sql.execute("BEGIN IMMEDIATE")
    try:
        yield sql
    except BaseException:
        with suppress(sqlite3.Error):
            sql.execute("ROLLBACK")
        raise
    sql.execute("COMMIT")


def _kept(sql: sqlite3.Connection, data: bytes | None) -> str | None:
    """Keep a text once, whatever number of changes begin or end with it; return its digest."""
    if data is None:
        return None
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    if sql.execute("SELECT 1 FROM texts WHERE digest = ?", (digest,)).fetchone() is None:
        sql.execute("INSERT INTO texts VALUES (?, ?)", (digest, zlib.compress(data, 1)))
    return digest


def _forget(sql: sqlite3.Connection, changes: Sequence[int]) -> None:
    for change in changes:
        texts = {
            each for row in sql.execute("SELECT before, after FROM steps WHERE change = ?", (change,)) for each in row
        }
        sql.execute("DELETE FROM changes WHERE id = ?", (change,))
        sql.executemany(_UNUSED, [(each,) for each in texts if each is not None])


def _change(sql: sqlite3.Connection, which: str, values: tuple[str, ...] = ()) -> Change | None:
    return next(_changes(sql, f"{which} LIMIT 1", values), None)


def _changes(sql: sqlite3.Connection, which: str, values: tuple[str, ...] = ()) -> Iterator[Change]:
    rows = sql.execute(f"SELECT id, what, at FROM changes WHERE {which}", values).fetchall()
    for identity, what, at in rows:
        files = sql.execute("SELECT file FROM steps WHERE change = ? ORDER BY nth", (identity,))
        yield Change(identity, what, datetime.fromisoformat(at), tuple(os.fsdecode(file) for (file,) in files))


def _steps(sql: sqlite3.Connection, change: int) -> list[Step]:
    query = """
    SELECT file, steps.before IS NULL, old.data, steps.after IS NULL, new.data FROM steps
    LEFT JOIN texts AS old ON old.digest = steps.before LEFT JOIN texts AS new ON new.digest = steps.after
    WHERE change = ? ORDER BY nth
    """
    return [
        Step(os.fsdecode(file), _text(no_before, before), _text(no_after, after))
        for file, no_before, before, no_after, after in sql.execute(query, (change,))
    ]


def _text(is_none: int, data: bytes) -> bytes | None:
    return None if is_none else zlib.decompress(data)

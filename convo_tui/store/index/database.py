"""The file of the index: its tables, its version, and what takes its place when it cannot be used.

SQLite sees much of what damages a file, not all of it. So whoever closes the index last puts a seal beside it, with
the size, time and inode that it has then, and a checksum of one that is not large; one whose seal does not fit was
touched by something else, or has rotted, and is made anew.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

from convo_tui.store.errors import Unwritable

VERSION = 3
"""Of the tables below; an index of an older version is made anew, one of a newer version is left alone."""

BUSY, HARDLY = 5.0, 0.05
"""Seconds to wait for another process that writes: the journal's thread may, the screen's may not."""

_CHECKED = 16 << 20
"""Up to this size (bytes) the checksum, which takes 10 ms, is worth while whenever the index is opened."""

_ENVIRONMENT = frozenset({
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_NOLFS,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_PROTOCOL,
})  # fmt: skip
"""What SQLite cannot do although nothing is wrong with the file."""

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- One row for each file: how it looked when it was read, and what a list needs of it. From `key` on stands what
-- follows from all files together.
CREATE TABLE files (
    number INTEGER PRIMARY KEY, file TEXT NOT NULL UNIQUE,
    size INTEGER, mtime_ns INTEGER, inode INTEGER, hash BLOB, settled INTEGER, is_local INTEGER,
    has_joint INTEGER,
    id TEXT, name TEXT, kind TEXT, organisation TEXT, role TEXT, tags TEXT, archived INTEGER, cadence TEXT,
    next_on TEXT, snoozed_until TEXT, issues TEXT, problem TEXT, line INTEGER, readable INTEGER, said TEXT,
    called TEXT, own_contact TEXT, own_sparks TEXT,
    key TEXT, clash TEXT, last_contact TEXT, moment REAL, sparks TEXT, wakes TEXT, late_from TEXT,
    rank INTEGER
);
CREATE INDEX files_by_id ON files (id);
CREATE INDEX files_by_key ON files (key);
CREATE INDEX files_by_attention ON files (rank, moment DESC, name, file, wakes);

-- The signs for the pulse (`core.signs`): of one file alone, or `gathered` from others too. No row: not yet.
CREATE TABLE noticed (number INTEGER PRIMARY KEY, signs TEXT, gathered INTEGER);

-- Who can be named. `links` leads to them: by the slug of a name ("name"), by an id they had ("former"), and from the
-- organisation that they state to them ("member": an id or a slug).
CREATE TABLE names (
    number INTEGER, nth INTEGER, id TEXT, name TEXT, aliases TEXT, former TEXT, home TEXT, organisation TEXT,
    relationship TEXT, said TEXT, PRIMARY KEY (number, nth)
) WITHOUT ROWID;
CREATE INDEX names_by_id ON names (id);
CREATE INDEX names_by_home ON names (home) WHERE home != '';
CREATE INDEX names_by_relationship ON names (relationship) WHERE relationship != '';
CREATE TABLE links (
    word TEXT, sort TEXT, number INTEGER, id TEXT, PRIMARY KEY (word, sort, number, id)
) WITHOUT ROWID;
CREATE INDEX links_by_number ON links (number);
CREATE INDEX links_by_id ON links (id);

-- Those who took part in encounters of one file: each set once, with what a list needs of what they had together.
CREATE TABLE companies (company INTEGER PRIMARY KEY, number INTEGER, with_ TEXT, last_contact TEXT, sparks TEXT);
CREATE INDEX companies_by_number ON companies (number);
CREATE TABLE members (member TEXT, company INTEGER, PRIMARY KEY (member, company)) WITHOUT ROWID;
CREATE INDEX members_by_company ON members (company);
CREATE TABLE parties (party TEXT, company INTEGER, PRIMARY KEY (party, company)) WITHOUT ROWID;
CREATE INDEX parties_by_company ON parties (company);

-- Everything that has an id or can be found. `place` says what is wanted first: see `places.place`. Which topics it
-- says, and of whom an encounter speaks, stand in `talks` and `spoken`.
CREATE TABLE entries (
    entry INTEGER PRIMARY KEY, place INTEGER, number INTEGER, kind TEXT, id TEXT, at TEXT,
    company INTEGER, contact INTEGER, spark INTEGER, marks TEXT, opens_on TEXT, due TEXT, data TEXT, mark INTEGER,
    carried INTEGER, passed INTEGER, circling INTEGER, said TEXT
);
-- With all that a timeline needs: the rows themselves are long.
CREATE INDEX entries_by_number ON entries (number, kind, company, contact, at, id);
CREATE TABLE talks (topic TEXT, entry INTEGER, PRIMARY KEY (topic, entry)) WITHOUT ROWID;
CREATE INDEX talks_by_entry ON talks (entry);
CREATE TABLE spoken (id TEXT, entry INTEGER, PRIMARY KEY (id, entry)) WITHOUT ROWID;
CREATE INDEX spoken_by_entry ON spoken (entry);
CREATE TABLE refs (ref TEXT, number INTEGER, PRIMARY KEY (ref, number)) WITHOUT ROWID;
CREATE INDEX refs_by_number ON refs (number);

-- How many entries say a word, and where: the words are our own (`core.folding`), so nothing is left to split.
CREATE TABLE words (word TEXT PRIMARY KEY, entries INTEGER) WITHOUT ROWID;
"""

TEXTS = (
    "CREATE VIRTUAL TABLE texts USING fts5 (said, content='', columnsize=0, tokenize='ascii')",
    # Few and large segments while everything is read the first time.
    "INSERT INTO texts (texts, rank) VALUES ('hashsize', 16777216)",
    "INSERT INTO texts (texts, rank) VALUES ('automerge', 0)",
    "INSERT INTO texts (texts, rank) VALUES ('crisismerge', 1000)",
)

NO_TEXTS = (
    "CREATE VIEW texts (texts, rank, rowid, said) AS SELECT '', 0, 0, '' WHERE 0",
    "CREATE TRIGGER no_texts INSTEAD OF INSERT ON texts BEGIN SELECT 1; END",
    "INSERT INTO meta VALUES ('texts', 'all')",
)
"""What stands for the full text where SQLite has none: it takes everything in, keeps nothing, and lacks nothing."""

COMPLETED = (
    "CREATE UNIQUE INDEX IF NOT EXISTS entries_by_place ON entries (place)",
    "CREATE INDEX IF NOT EXISTS entries_by_id ON entries (id)",
    "CREATE INDEX IF NOT EXISTS entries_but_encounters ON entries (place, marks, said) WHERE kind != 'encounter'",
    "INSERT INTO texts (texts, rank) VALUES ('hashsize', 1048576)",
    "INSERT INTO texts (texts, rank) VALUES ('crisismerge', 16)",
    "INSERT INTO texts (texts, rank) VALUES ('automerge', 8)",
)
"""What is cheaper once than with every one of half a million rows: for when all files have been read the first time."""


class Newer(Exception):
    """The index was made by a newer version of the program."""


def opened(path: Path) -> sqlite3.Connection:
    """Return a connection to the index at `path`, made anew when there is any doubt about it.

    Raises:
        Newer: when a newer version made it; it is left as it is.
        OSError, sqlite3.Error: when it cannot be used.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return _fit(path) or _made_anew(path)


def _fit(path: Path) -> sqlite3.Connection | None:
    """Return a connection to an index that is there and beyond doubt."""
    if not path.exists() or _is_doubtful(path):
        return None
    try:
        return _usable(path)
    except (sqlite3.Error, _Doubt) as error:
        if isinstance(error, sqlite3.Error) and not is_damage(error):
            raise
        return None


def _made_anew(path: Path) -> sqlite3.Connection:
    """Return a connection to a new index, or to the one that another process has made meanwhile."""
    from convo_tui.store.files import try_lock

    # Two that take each other's new file for a doubtful one would remove it while it is written.
    try:
        lock = try_lock(path.with_suffix(".lock"), BUSY)
    except Unwritable as error:
        raise OSError(errno.EACCES, error.reason) from error
    if lock is None:
        raise OSError(errno.EBUSY, "another program is making it")
    try:
        found = _fit(path)
        if found is None:
            removed(path)
            found = _usable(path)
        return found
    finally:
        lock.release()


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file may be damaged: what SQLite says has no other reason, such as a lock or a full disk."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF not in _ENVIRONMENT


def note(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Note a value under a name."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def noted(connection: sqlite3.Connection, name: str) -> str:
    """Return what is noted under a name; nothing when nothing is."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else ""


@contextmanager
def whole(connection: sqlite3.Connection) -> Iterator[None]:
    """Do all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def version(connection: sqlite3.Connection) -> int:
    """Return a number that is another one, for the same connection, when another one has written."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def in_memory() -> sqlite3.Connection:
    """Return an empty index for this run only; one without a full text where SQLite has none."""
    connection = _connected(":memory:")
    connection.executescript(TABLES)
    try:
        for statement in TEXTS:
            connection.execute(statement)
    except sqlite3.OperationalError:
        for statement in (*NO_TEXTS, *COMPLETED):
            connection.execute(statement)
    return connection


def has_texts(connection: sqlite3.Connection) -> bool:
    """Whether the index has a full text."""
    query = "SELECT 1 FROM sqlite_master WHERE name = 'texts' AND type = 'table'"
    return connection.execute(query).fetchone() is not None


def reading(path: Path) -> sqlite3.Connection | None:
    """Return a connection for reading an index that is there and fit; None otherwise. Nothing is made or changed."""
    try:
        if not path.exists() or (not _is_in_use(path) and _looks_touched(path)):
            return None
        connection = _connected(f"{path.as_uri()}?mode=ro", uri=True, timeout=HARDLY)
        if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
            return connection
        connection.close()
    except (OSError, sqlite3.Error):
        pass
    return None


def closed(connection: sqlite3.Connection, path: Path) -> None:
    """Close it, and seal the file unless somebody else has it open."""
    with suppress(sqlite3.Error):
        connection.close()
    with suppress(OSError):
        if path.exists() and not _is_in_use(path) and _looks_touched(path):
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.write_text(f"{_stamp(path)}\n{_checksum(path)}", "ascii")
            fresh.replace(_seal(path))


def removed(path: Path) -> None:
    """Remove an index with all that belongs to it. Raises OSError."""
    for each in (_seal(path), path, _journal(path), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)


class _Doubt(Exception):
    """It is not what we left."""


def _usable(path: Path) -> sqlite3.Connection:
    connection = _connected(path)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise Newer
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version != VERSION and tables:
            raise _Doubt
        if not tables:
            _create(connection)
    except BaseException:
        connection.close()
        raise
    os.chmod(path, 0o600)
    return connection


def _create(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:  # no one else did meanwhile
        for statement in (*TABLES.split(";"), *TEXTS):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def _connected(path: Path | str, *, uri: bool = False, timeout: float | None = None) -> sqlite3.Connection:
    # Statements commit by themselves unless they stand between BEGIN and COMMIT: Python adds none of its own.
    connection = sqlite3.connect(
        path, timeout=BUSY if timeout is None else timeout, isolation_level=None, uri=uri, check_same_thread=False
    )
    # A power cut may lose the last of the index, never damage it; and what is lost is read again.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA cache_size = -16384")
    return connection


def _is_doubtful(path: Path) -> bool:
    """Whether a file that nobody has open is not the one that was closed last, or has rotted since."""
    if not path.exists() or _is_in_use(path):
        return False
    return _looks_touched(path) or _sealed(path)[1] != _checksum(path)


def _is_in_use(path: Path) -> bool:
    """Whether somebody writes to it, or was killed: then what SQLite recovers is whole."""
    try:
        return _journal(path).stat().st_size > 0  # who only reads may leave an empty one
    except OSError:
        return False


def _looks_touched(path: Path) -> bool:
    return _sealed(path)[0] != _stamp(path)


def _sealed(path: Path) -> tuple[str, str]:
    """Return the stamp and the checksum in its seal."""
    try:
        stamp, _, checksum = _seal(path).read_text("ascii").partition("\n")
    except (OSError, ValueError):
        return "", ""
    return stamp, checksum


def _stamp(path: Path) -> str:
    info = path.stat()
    return f"{info.st_size} {info.st_mtime_ns} {info.st_ino}"


def _checksum(path: Path) -> str:
    """Return what tells its bytes from others; nothing for a large file."""
    return f"{crc32(path.read_bytes()):08x}" if path.stat().st_size <= _CHECKED else ""


def _seal(path: Path) -> Path:
    return path.with_suffix(".seal")


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")

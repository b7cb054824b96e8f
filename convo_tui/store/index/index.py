"""The index of a folder: brought up to date file by file, asked instead of the files, never a reason not to start.

Light to import: what reads files, and Pydantic with it, is loaded when a file has to be read.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, tzinfo
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, NamedTuple, ParamSpec, TypeVar

from convo_tui.core.match import Named
from convo_tui.core.participation import Directory
from convo_tui.core.summary import Summary
from convo_tui.store import files
from convo_tui.store.errors import Damage
from convo_tui.store.index import database, people
from convo_tui.store.index.database import note, noted, whole
from convo_tui.store.index.lists import SUMMARY, Order, Summaries, ordered, summary_of
from convo_tui.store.index.progress import Progress, Unread, hash_of, is_settled
from convo_tui.store.names import as_text, path_of

if TYPE_CHECKING:
    from convo_tui.core.hits import Hit
    from convo_tui.core.query import Query
    from convo_tui.core.signs import Signs

_DAMAGED = (sqlite3.Error, ValueError, TypeError, LookupError)
"""What comes of a damaged index: from SQLite, or from a value that is none."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


def _mended(ask: Callable[Concatenate[Index, _P], _T]) -> Callable[Concatenate[Index, _P], _T]:
    """Ask again, of one that is made anew, when the index proves to be damaged."""

    @wraps(ask)
    def asked(self: Index, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return ask(self, *args, **kwargs)
        except _DAMAGED as error:
            self._mend(error)
            self.refresh()
            return ask(self, *args, **kwargs)

    return asked


class Index:
    """What is known of the files of one folder, kept at `path` between runs; in memory where that cannot be.

    `trouble` says in one line why it is not kept, or is empty.
    """

    def __init__(self, folder: Path, path: Path, zone: tzinfo) -> None:
        self.folder, self.path, self.zone = folder, path, zone
        self.trouble = ""
        self._connection: sqlite3.Connection | None = None
        self._directory: Directory | None = None
        self._ids: dict[str, str] = {}
        self._version = 0

    # ── the file of the index ────────────────────────────────────────────────────────────────────────────

    @property
    def sql(self) -> sqlite3.Connection:
        """The database, opened when it is first needed."""
        if self._connection is None:
            try:
                self._connection = database.opened(self.path)
            except database.Newer:
                self._go_without("a newer Convo made it")
            except (OSError, sqlite3.Error) as error:
                self._go_without(getattr(error, "strerror", None) or str(error))
            assert self._connection is not None
            self._version = database.version(self._connection)
        return self._connection

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            database.closed(self._connection, self.path)
            self._connection = None

    def forget(self) -> None:
        """Throw the index away: the next look at the folder reads everything again. Raises OSError."""
        self.close()
        database.removed(self.path)
        self._forget_names()

    def _go_without(self, why: str) -> None:
        """Do without a file: everything is read again in every run."""
        self.trouble = f"{self.path}: the index cannot be used ({why}); everything works, slower"
        if self._connection is not None:
            with_it = self._connection
            self._connection = None
            with_it.close()
        self._connection = database.in_memory()
        self._forget_names()

    # ── the folder ───────────────────────────────────────────────────────────────────────────────────────

    def refresh(self, only: Iterable[str] | None = None) -> bool:
        """Read what is new or has changed since the last time; return whether anything has.

        `only` are the names of the files that can have changed, when that is known.

        Raises:
            Damage: when the folder cannot be read.
        """
        changed = False
        for _ in self.refreshing(only):
            changed = True
        return changed

    def refreshing(self, only: Iterable[str] | None = None) -> Iterator[Progress]:
        """Do the same in steps, each of which leaves the index whole; nothing is yielded when nothing has changed."""
        try:
            yield from self._refreshing(only)
        except _DAMAGED as error:
            self._mend(error)
            yield from self._refreshing(None)

    def _mend(self, error: Exception) -> None:
        """Go on when the file cannot be used: with a new one when it is damaged, else without."""
        if self.trouble:
            raise error
        try:
            if isinstance(error, sqlite3.Error) and not database.is_damage(error):
                raise error
            self.forget()
            self.sql.execute("SELECT 1")
        except (OSError, sqlite3.Error) as reason:
            self._go_without(getattr(reason, "strerror", None) or str(reason))

    def _refreshing(self, only: Iterable[str] | None) -> Iterator[Progress]:
        looked, only = time.time_ns(), None if only is None else list(only)
        version = database.version(self.sql)
        seen, self._version = self._version, version
        present, known = self._present(only), self._known(only)
        self._settle(present, known, looked)
        zone = _signature(self.zone)
        moved = noted(self.sql, "zone") != zone
        if moved:  # what has times without an offset reads otherwise now, though its bytes are the same
            known = {file: was._replace(size=-1, hash=b"") if was.is_local else was for file, was in known.items()}
        unread = [
            Unread(file, stamp.size, known[file].hash if file in known else None)
            for file, stamp in present.items()
            if file not in known or known[file].looks_other(stamp)
        ]
        gone = [file for file in known if file not in present]
        if unread or gone or moved or (only is None and not noted(self.sql, "complete")):
            from convo_tui.store.index.filling import filling

            yield from filling(self.sql, self.folder, self.zone, unread, gone, is_all=only is None)
            if only is None:
                note(self.sql, "zone", zone)
            self._forget_names()
        elif version != seen:  # another program has read what has changed: that is news all the same
            self._forget_names()
            yield Progress(1, 1)

    def _present(self, only: Iterable[str] | None) -> dict[str, files.Stamp]:
        """Return how the files of the folder look now. Raises Damage when it cannot be read."""
        if only is not None:
            found = ((name, files.entry_stamp(path_of(self.folder, name))) for name in only if is_journal_file(name))
        else:
            try:
                entries = [entry for entry in os.scandir(self.folder) if is_journal_file(entry.name)]
            except FileNotFoundError:
                return {}
            except OSError as error:
                raise Damage(self.folder, None, f"the journal folder cannot be read: {error.strerror}") from None
            found = ((as_text(entry.name), self._stamp(entry)) for entry in entries)
        return {name: stamp for name, stamp in found if stamp is not None}

    def _stamp(self, entry: os.DirEntry[str]) -> files.Stamp | None:
        try:
            return files.Stamp.of(entry.stat())
        except OSError:  # a link that leads nowhere, or it is gone
            return files.entry_stamp(self.folder / entry.name)

    def _known(self, only: Iterable[str] | None) -> dict[str, _Known]:
        query = "SELECT file, size, mtime_ns, inode, settled, hash, is_local FROM files"
        if only is None:
            return {row[0]: _Known(*row) for row in self.sql.execute(query)}
        rows = (self.sql.execute(f"{query} WHERE file = ?", (file,)).fetchone() for file in only)
        return {row[0]: _Known(*row) for row in rows if row}

    def _settle(self, present: Mapping[str, files.Stamp], known: dict[str, _Known], looked: int) -> None:
        """Look once more into the files that had only just changed when they were read: some may have changed again.

        What looks the same and is not gets a size in `known` that no file has.
        """
        settled = []
        for file, was in list(known.items()):
            stamp = present.get(file)
            if was.settled or stamp is None or was.looks_other(stamp):
                continue
            try:
                same = hash_of(files.read(path_of(self.folder, file))) == was.hash
            except Damage:
                same = False
            if not same:
                known[file] = was._replace(size=-1)
            elif is_settled(stamp, looked):
                settled.append((file,))
        if settled:
            with whole(self.sql):
                self.sql.executemany("UPDATE files SET settled = 1 WHERE file = ?", settled)

    # ── who there is ─────────────────────────────────────────────────────────────────────────────────────

    @property
    def directory(self) -> Directory:
        """Whom every id means."""
        if self._directory is None:
            self._directory = people.directory(self.sql)
        return self._directory

    def _forget_names(self) -> None:
        self._directory = None
        self._ids.clear()

    @_mended
    def everyone(self) -> Iterator[Named]:
        """Yield everyone who can be named, in the order of their files."""
        return iter(list(people.everyone(self.sql)))

    @_mended
    def maybe_called(self, name: str) -> list[Named]:
        """Return everyone whom `match.names` may find for a name, and others: far fewer than there are."""
        return people.maybe_called(self.sql, name)

    @_mended
    def summaries(self) -> list[Summary]:
        """Return every file of the folder as a line of the list, by file name."""
        return self._summaries("ORDER BY file")

    @_mended
    def summary(self, key: str) -> Summary | None:
        """Return the summary for a key, a former id or a file name; None when there is none."""
        for where, value in (("key = ?", key), ("key = ?", self.directory.resolved(key)), ("file = ?", key)):
            if found := self._summaries(f"WHERE {where}", value):
                return found[0]
        return None

    @property
    @_mended
    def count(self) -> int:
        """How many files there are."""
        return int(self.sql.execute("SELECT count(*) FROM files").fetchone()[0])

    @_mended
    def listed(self, order: Order, today: date, query: Query | None = None) -> Summaries:
        """Return the relationships that a query lets through, all without one, in an order, fetched when looked at."""
        if query is None:
            return Summaries(self.sql, ordered(self.sql, order, today))
        from convo_tui.store.index.filter import passing

        where = passing(self.sql, query, today, self._ids_called)
        return Summaries(self.sql, ordered(self.sql, order, today, where.sql, *where.values))

    @_mended
    def problems(self) -> list[Summary]:
        """Return the files that cannot be read or written, by file name."""
        return self._summaries("WHERE problem != '' OR clash != '' ORDER BY file")

    @_mended
    def in_file(self, file: str) -> Summary | None:
        """Return the summary of a file; None when there is none of that name."""
        return next(iter(self._summaries("WHERE file = ?", file)), None)

    def _summaries(self, rest: str, *values: object) -> list[Summary]:
        return [summary_of(row) for row in self.sql.execute(f"SELECT {SUMMARY} FROM files {rest}", values)]

    # ── finding ──────────────────────────────────────────────────────────────────────────────────────────

    @_mended
    def search(self, query: Query, today: date, limit: int, width: int) -> list[Hit]:
        """Return what answers a query on `today`: names first, then open issues, then the newest; at most `limit`.

        `width` is how many characters a line has room for. A name is as recent as the last contact.
        """
        from convo_tui.core.query import settled
        from convo_tui.store.index.quoting import hits
        from convo_tui.store.index.search import begins, search

        whole = bool(noted(self.sql, "complete")) and database.has_texts(self.sql)
        query = settled(query, lambda word: begins(self.sql, word, whole))
        rows = search(self.sql, query, today, self._ids_called, limit, whole)
        return hits(self.sql, self.folder, rows, query, width)

    def _ids_called(self, name: str) -> str:
        """Return the ids of everyone called so (`people.ids_called`), as a JSON list; asked at every keystroke."""
        if name not in self._ids:
            self._ids[name] = json.dumps(sorted(people.ids_called(self.sql, name)))
        return self._ids[name]

    # ── who needs attention ──────────────────────────────────────────────────────────────────────────────

    @_mended
    def signs(self, today: date) -> list[Signs]:
        """Return the signs of those who do not rest on `today`, as far as they are known."""
        from convo_tui.store.index import noticed

        return noticed.signs(self.sql, today)

    @_mended
    def without_signs(self, today: date) -> list[str]:
        """Return the keys of those whose signs are still to be gathered."""
        from convo_tui.store.index import noticed

        return noticed.unknown(self.sql, today)

    # ── what they have together ──────────────────────────────────────────────────────────────────────────

    @_mended
    def joint(self, identity: str) -> dict[str, set[str]]:
        """Return the encounters of other files in which a relationship took part, by the id of their relationship."""
        found: dict[str, set[str]] = {}
        for home, encounter in self.sql.execute(_JOINT, (identity,)):
            found.setdefault(home, set()).add(encounter)
        return found

    @_mended
    def topics(self) -> Counter[str]:
        """Return in how many notes and issues each topic is said."""
        return Counter(dict(self.sql.execute("SELECT topic, count(*) FROM talks GROUP BY topic").fetchall()))

    @_mended
    def knows(self, identity: str) -> bool:
        """Whether someone or an encounter has this id, or had it."""
        return identity in self.directory.everyone or identity in self.directory.current or self._has_entry(identity)

    def _has_entry(self, identity: str) -> bool:
        query = "SELECT 1 FROM entries WHERE id = ? AND kind = 'encounter'"
        return self.sql.execute(query, (identity,)).fetchone() is not None

    @_mended
    def naming(self, identities: Collection[str]) -> list[Summary]:
        """Return the files that can be read and name one of these ids without having it themselves."""
        numbers = {
            row[0]
            for identity in identities
            for row in self.sql.execute("SELECT number FROM refs WHERE ref = ?", (identity,))
        }
        found = (self._summaries("WHERE number = ? AND readable", number) for number in sorted(numbers))
        return [summary for those in found for summary in those]


_JOINT = """
SELECT files.id, entries.id FROM parties JOIN companies USING (company) JOIN files USING (number)
JOIN entries ON entries.number = companies.number AND entries.kind = 'encounter' AND entries.company = parties.company
WHERE party = ?
"""


class _Known(NamedTuple):
    """How a file looked when it was read."""

    file: str
    size: int
    mtime_ns: int
    inode: int
    settled: int
    hash: bytes
    is_local: int

    def looks_other(self, stamp: files.Stamp) -> bool:
        """Whether the file has another stamp than it had then."""
        return (self.size, self.mtime_ns, self.inode) != (stamp.size, stamp.mtime_ns, stamp.inode)


def is_journal_file(name: str) -> bool:
    """Whether a file of this name is one of the journal's."""
    return name.endswith(".toml") and not name.startswith(".")


def _signature(zone: tzinfo) -> str:
    """What tells a zone from another: the offsets that it has, or had."""
    days = (datetime(year, month, 1, 12) for year in range(2000, 2040, 3) for month in (1, 7))
    return " ".join(str(zone.utcoffset(day)) for day in days)

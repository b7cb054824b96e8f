"""Writing digests into the tables of the index: what is new or has changed, and nothing else."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from convo_tui.store.files import Stamp
from convo_tui.store.index.database import note, noted
from convo_tui.store.index.digest import Digest, Row

_SAID_NOTHING = " "
"""What `folding.folded` makes of a text without words."""

_ALL = "all"

_NOTHING = Digest("", Stamp(0, 0, 0), b"")

_STANDS = "UPDATE entries SET carried = ?, passed = ?, circling = ? WHERE entry = ?"


class Tables:
    """The tables of an index, for writing in one transaction.

    What is gone is deleted at once; what has come is written by `finish`, each table in one go. While everything is
    read the first time the full text and the counts of words are left for later: see `read_texts`.

    `touched` are the numbers of the files that were written, `stirred` the ids and slugs of names that may mean
    someone else now, `parted` the relationships that had a part in something that is gone: `together` needs them.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self._rows: defaultdict[str, list[Row]] = defaultdict(list)
        self._last: dict[str, int] = {}
        self._gone: list[tuple[int, int, str]] = []
        self.touched: set[int] = set()
        self.stirred: set[str] = set()
        self.parted: set[str] = set()

    def _new(self, table: str, key: str) -> int:
        """Return a number that no row of this table has."""
        if table not in self._last:
            last = self._sql.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()[0]
            self._last[table] = max(last, texts_read(self._sql) or 0) if table == "entries" else last
        self._last[table] += 1
        return self._last[table]

    # ── files ────────────────────────────────────────────────────────────────────────────────────────────

    def put(self, digest: Digest, settled: bool) -> None:
        """Write what a file says now; `settled` says that no later change of it can go without a new stamp."""
        stamp = {
            "size": digest.stamp.size,
            "mtime_ns": digest.stamp.mtime_ns,
            "inode": digest.stamp.inode,
            "settled": settled,
        }
        known = self._sql.execute("SELECT number FROM files WHERE file = ?", (digest.file,)).fetchone()
        if digest.head is None:
            if known is not None:
                update(self._sql, known[0], stamp)
            return
        columns = stamp | {"hash": digest.hash, "is_local": digest.is_local, "has_joint": False} | digest.head
        if known is None:
            number = self._new("files", "number")
            insert(self._sql, "files", {"number": number, "file": digest.file} | columns)
        else:
            number = known[0]
            update(self._sql, number, columns)
        self._put_all(number, digest, is_new=known is None)
        self.touched.add(number)

    def remove(self, file: str) -> None:
        """Forget a file that is gone."""
        known = self._sql.execute("SELECT number FROM files WHERE file = ?", (file,)).fetchone()
        if known is not None:
            self._put_all(known[0], _NOTHING, is_new=False)
            self._sql.execute("DELETE FROM files WHERE number = ?", known)

    def _put_all(self, number: int, digest: Digest, *, is_new: bool) -> None:
        self._put_names(number, digest, is_new)
        self._put_signs(number, digest.signs)
        self._put_entries(number, digest, self._put_companies(number, digest.companies, is_new), is_new)
        if not is_new:
            self._sql.execute("DELETE FROM refs WHERE number = ?", (number,))
        self._rows["refs"] += [(each, number) for each in digest.refs]

    def _put_signs(self, number: int, signs: str | None) -> None:
        if signs is None:
            self._sql.execute("DELETE FROM noticed WHERE number = ?", (number,))
        else:
            self._rows["noticed"].append((number, signs, False))

    # ── names ────────────────────────────────────────────────────────────────────────────────────────────

    def _put_names(self, number: int, digest: Digest, is_new: bool) -> None:
        rows: list[Row] = [(number, nth, *each) for nth, each in enumerate(digest.names)]
        links: list[Row] = [(word, sort, number, identity) for word, sort, identity in digest.links]
        before, old = ([], []) if is_new else (self._of("names", number), self._of("links", number))
        if rows == before:
            return
        self.stirred |= {row[2] for row in (*rows, *before)} | {word for word, *_ in (*links, *old)}
        if not is_new:
            for table in ("names", "links"):
                self._sql.execute(f"DELETE FROM {table} WHERE number = ?", (number,))
        self._rows["names"] += rows
        self._rows["links"] += links

    def _of(self, table: str, number: int) -> list[Row]:
        return self._sql.execute(f"SELECT * FROM {table} WHERE number = ?", (number,)).fetchall()

    # ── who took part ────────────────────────────────────────────────────────────────────────────────────

    def _put_companies(self, number: int, companies: Sequence[Row], is_new: bool) -> list[int]:
        """Write the companies of a file, and return the number of each; one that it had keeps its number."""
        query = "SELECT with_, company FROM companies WHERE number = ?"
        known: dict[str, int] = {} if is_new else dict(self._sql.execute(query, (number,)).fetchall())
        found = []
        for with_, members, last_contact, sparks in companies:
            company = known.pop(with_, None)
            if company is None:
                company = self._new("companies", "company")
                self._rows["members"] += [(member, company) for member in dict.fromkeys(members)]
            self._rows["companies"].append((company, number, with_, last_contact, sparks))
            found.append(company)
        for company in known.values():
            parties = self._sql.execute("SELECT party FROM parties WHERE company = ?", (company,))
            self.parted |= {row[0] for row in parties}
            for table in ("companies", "members", "parties"):
                self._sql.execute(f"DELETE FROM {table} WHERE company = ?", (company,))
        return found

    # ── entries ──────────────────────────────────────────────────────────────────────────────────────────

    def _put_entries(self, number: int, digest: Digest, companies: Sequence[int], is_new: bool) -> None:
        query = "SELECT kind, id, entry, mark FROM entries WHERE number = ?"
        rows = () if is_new else self._sql.execute(query, (number,)).fetchall()
        known = {(kind, identity): rest for kind, identity, *rest in rows}
        numbers: list[int | None] = []
        for place, kind, identity, at, company, *rest, mark, carried, passed, circling, said in digest.entries:
            before, is_same = known.pop((kind, identity), (None, None))
            if before is not None and is_same == mark:
                if kind == "issue":
                    self._sql.execute(_STANDS, (carried, passed, circling, before))
                numbers.append(None)
                continue
            if before is not None:
                self._forget(before)
            entry = self._new("entries", "entry")
            numbers.append(entry)
            here = None if company is None else companies[company]
            stands = (mark, carried, passed, circling, said)
            self._rows["entries"].append((entry, place | entry, number, kind, identity, at, here, *rest, *stands))
        for entry, _ in known.values():
            self._forget(entry)
        for table, words in (("talks", digest.talks), ("spoken", digest.spoken)):
            self._rows[table] += [(word, numbers[nth]) for word, nth in words if numbers[nth] is not None]

    def _forget(self, entry: int) -> None:
        """Take out an entry; what it said leaves the full text when `finish` is called."""
        place, said = self._sql.execute("SELECT place, said FROM entries WHERE entry = ?", (entry,)).fetchone()
        if said != _SAID_NOTHING:
            self._gone.append((entry, place, said))
        for table in ("entries", "talks", "spoken"):
            self._sql.execute(f"DELETE FROM {table} WHERE entry = ?", (entry,))

    # ── all in one go ────────────────────────────────────────────────────────────────────────────────────

    def finish(self) -> None:
        """Write what has come, and bring the full text up to date with what was put and removed."""
        for table, rows in self._rows.items():
            if rows:
                rows.sort()  # what stands side by side costs a fraction
                values = ", ".join("?" * len(rows[0]))
                self._sql.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({values})", rows)
        read = texts_read(self._sql)
        gone = sorted(row[1:] for row in self._gone if read is None or row[0] <= read)
        self._sql.executemany("INSERT INTO texts (texts, rowid, said) VALUES ('delete', ?, ?)", gone)
        if read is None:
            # The full text wants its rows in order: what comes out of order costs a segment of its own.
            come = sorted((row[1], row[-1]) for row in self._rows["entries"] if row[-1] != _SAID_NOTHING)
            self._sql.executemany("INSERT INTO texts (rowid, said) VALUES (?, ?)", come)
            self._count_words(come, gone)
        self._rows.clear()
        self._last.clear()
        self._gone.clear()

    def _count_words(self, come: Iterable[Row], gone: Iterable[Row]) -> None:
        counts = Counter(word for _, said in come for word in set(said.split()))
        counts.subtract(word for _, said in gone for word in set(said.split()))
        self._sql.executemany(
            "INSERT INTO words VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET entries = entries + excluded.entries",
            [(word, count) for word, count in counts.items() if count],
        )
        gone_words = [(word,) for word, count in counts.items() if count < 0]
        self._sql.executemany("DELETE FROM words WHERE word = ? AND entries <= 0", gone_words)

    def forget(self) -> None:
        """Forget what was touched, stirred and parted: it is settled."""
        self.touched.clear()
        self.stirred.clear()
        self.parted.clear()


def texts_read(connection: sqlite3.Connection) -> int | None:
    """Return up to which entry the full text holds what the entries say; None when it always holds all.

    It does once everything has been read for the first time, and then the words are counted too.
    """
    written = noted(connection, "texts")
    return None if written == _ALL else int(written or 0)


def read_texts(connection: sqlite3.Connection) -> None:
    """Take what the entries say into the full text, as far as it does not hold it already."""
    read = texts_read(connection)
    if read is not None:
        newest = connection.execute("SELECT coalesce(max(entry), 0) FROM entries").fetchone()[0]
        connection.execute(
            "INSERT INTO texts (rowid, said)"
            " SELECT place, said FROM entries WHERE entry > ? AND said != ? ORDER BY place",
            (read, _SAID_NOTHING),
        )
        note(connection, "texts", str(max(read, newest)))


def texts_are_all_read(connection: sqlite3.Connection) -> None:
    """From now on the full text and the counts of words are kept up to date with every change."""
    note(connection, "texts", _ALL)


def insert(connection: sqlite3.Connection, table: str, columns: Mapping[str, object]) -> None:
    """Write a new row."""
    values = ", ".join("?" * len(columns))
    connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({values})", tuple(columns.values()))


def update(connection: sqlite3.Connection, number: int, columns: Mapping[str, object]) -> None:
    """Write these columns of the row of a file."""
    changes = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE files SET {changes} WHERE number = ?", (*columns.values(), number))

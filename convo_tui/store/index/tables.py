"""Writing digests into the tables of the index: what is new or has changed, and nothing else."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from convo_tui.core.match import Named, slug
from convo_tui.store.index.digest import Company, Digest, Entry


class Tables:
    """The tables of an index, for writing.

    `touched` are the numbers of the files that were written, `stirred` the ids and slugs of names that may mean
    someone else now, `parted` the relationships that had a part in something that is gone: `together` needs them.
    """

    def __init__(self, connection: sqlite3.Connection, *, counts_words: bool = True) -> None:
        self._sql = connection
        self._counts_words = counts_words
        self._said: dict[int, str] = {}
        self._unsaid: dict[int, str] = {}
        self.touched: set[int] = set()
        self.stirred: set[str] = set()
        self.parted: set[str] = set()

    def _one(self, query: str, *values: object) -> int:
        return int(self._sql.execute(query, values).fetchone()[0])

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
        columns = stamp | {"hash": digest.hash, "is_local": digest.is_local} | digest.head
        if known is None:
            number = self._one("SELECT coalesce(max(number), 0) + 1 FROM files")
            self._sql.execute("INSERT INTO files (number, file) VALUES (?, ?)", (number, digest.file))
        else:
            number = known[0]
        update(self._sql, number, columns)
        self.touched.add(number)
        self._put_names(number, digest.names)
        companies = self._put_companies(number, digest.companies)
        self._put_entries(number, digest.entries, companies)
        self._replace("refs", number, [(each, number) for each in sorted(digest.refs)])

    def remove(self, file: str) -> None:
        """Forget a file that is gone."""
        known = self._sql.execute("SELECT number FROM files WHERE file = ?", (file,)).fetchone()
        if known is None:
            return
        number = known[0]
        self._put_names(number, ())
        self._put_companies(number, ())
        self._put_entries(number, (), [])
        self._replace("refs", number, [])
        self._sql.execute("DELETE FROM files WHERE number = ?", (number,))

    def _replace(self, table: str, number: int, rows: Sequence[tuple[object, ...]]) -> None:
        """Put these rows of a file in the place of those it had."""
        self._sql.execute(f"DELETE FROM {table} WHERE number = ?", (number,))
        if rows:
            self._sql.executemany(f"INSERT OR IGNORE INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)

    # ── names ────────────────────────────────────────────────────────────────────────────────────────────

    def _put_names(self, number: int, named: Sequence[Named]) -> None:
        rows = [(number, nth, *_name_row(each)) for nth, each in enumerate(named)]
        before = self._sql.execute("SELECT * FROM names WHERE number = ? ORDER BY nth", (number,)).fetchall()
        if rows == before:
            return
        links = [(*link, number, each.id) for each in named for link in _links(each)]
        old = self._sql.execute("SELECT * FROM links WHERE number = ?", (number,)).fetchall()
        self.stirred |= {row[2] for row in (*rows, *before)} | {word for word, *_ in (*links, *old)}
        self._replace("names", number, rows)
        self._replace("links", number, links)

    # ── who took part ────────────────────────────────────────────────────────────────────────────────────

    def _put_companies(self, number: int, companies: Sequence[Company]) -> list[int]:
        """Write the companies of a file, and return the number of each; one that it had keeps its number."""
        query = "SELECT with_, company FROM companies WHERE number = ?"
        known: dict[str, int] = dict(self._sql.execute(query, (number,)).fetchall())
        found = []
        for company in companies:
            with_ = json.dumps(company.with_)
            last = company.last_contact.isoformat() if company.last_contact else None
            place = known.pop(with_, None)
            self._sql.execute(
                "INSERT OR REPLACE INTO companies VALUES (?, ?, ?, ?, ?)",
                (place, number, with_, last, json.dumps(company.sparks)),
            )
            if place is None:
                place = self._one("SELECT last_insert_rowid()")
                members = [(member, place) for member in company.with_]
                self._sql.executemany("INSERT OR IGNORE INTO members VALUES (?, ?)", members)
            found.append(place)
        for place in known.values():
            self.parted |= {
                row[0] for row in self._sql.execute("SELECT party FROM parties WHERE company = ?", (place,))
            }
            for table in ("companies", "members", "parties"):
                self._sql.execute(f"DELETE FROM {table} WHERE company = ?", (place,))
        return found

    # ── entries ──────────────────────────────────────────────────────────────────────────────────────────

    def _put_entries(self, number: int, entries: Iterable[Entry], companies: Sequence[int]) -> None:
        query = "SELECT kind, id, entry, mark FROM entries WHERE number = ?"
        known = {(kind, identity): rest for kind, identity, *rest in self._sql.execute(query, (number,))}
        rows, talks, spoken, standings = [], [], [], []
        last = self._one("SELECT coalesce(max(entry), 0) FROM entries")
        for each in entries:
            entry, mark = known.pop((each.kind, each.id), (None, None))
            standing = (each.carried, each.passed, each.circling)
            if entry is not None and mark == each.mark:
                if each.kind == "issue":
                    standings.append((*standing, entry, *standing))
                continue
            if entry is not None:
                self._forget(entry)
            last += 1
            place = each.place | last
            company = None if each.company is None else companies[each.company]
            # fmt: off
            rows.append((
                last, place, number, each.kind, each.id, each.at, company, each.contact, each.spark, each.marks,
                each.opens_on, each.due, each.data, each.mark, *standing, each.said,
            ))
            # fmt: on
            talks += [(topic, last) for topic in each.topics]
            spoken += [(mentioned, last) for mentioned in dict.fromkeys(each.mentions)]
            if each.said.strip():
                self._said[place] = each.said
        for entry, _ in known.values():
            self._forget(entry)
        self._sql.executemany(f"INSERT INTO entries VALUES ({', '.join('?' * 18)})", rows)
        self._sql.executemany("INSERT INTO talks VALUES (?, ?)", talks)
        self._sql.executemany("INSERT INTO spoken VALUES (?, ?)", spoken)
        self._sql.executemany(
            "UPDATE entries SET carried = ?, passed = ?, circling = ?"
            " WHERE entry = ? AND (carried, passed, circling) != (?, ?, ?)",
            standings,
        )

    def _forget(self, entry: int) -> None:
        """Take out an entry; what it said leaves the full text when `finish` is called."""
        place, said = self._sql.execute("SELECT place, said FROM entries WHERE entry = ?", (entry,)).fetchone()
        if said.strip():
            self._unsaid[place] = said
        for table in ("entries", "talks", "spoken"):
            self._sql.execute(f"DELETE FROM {table} WHERE entry = ?", (entry,))

    # ── full text ────────────────────────────────────────────────────────────────────────────────────────

    def finish(self) -> None:
        """Bring the full text up to date with what was put and removed."""
        # The full text wants its rows in order: what comes out of order costs a segment of its own.
        gone, come = sorted(self._unsaid.items()), sorted(self._said.items())
        self._sql.executemany("INSERT INTO texts (texts, rowid, said) VALUES ('delete', ?, ?)", gone)
        self._sql.executemany("INSERT INTO texts (rowid, said) VALUES (?, ?)", come)
        if self._counts_words:
            counts = Counter(word for _, said in come for word in set(said.split()))
            counts.subtract(word for _, said in gone for word in set(said.split()))
            self._sql.executemany(
                "INSERT INTO words VALUES (?, ?) ON CONFLICT (word) DO UPDATE SET entries = entries + excluded.entries",
                [(word, count) for word, count in counts.items() if count],
            )
            gone_words = [(word,) for word, count in counts.items() if count < 0]
            self._sql.executemany("DELETE FROM words WHERE word = ? AND entries <= 0", gone_words)
        self._said.clear()
        self._unsaid.clear()

    def forget(self) -> None:
        """Forget what was touched, stirred and parted: it is settled."""
        self.touched.clear()
        self.stirred.clear()
        self.parted.clear()


def update(connection: sqlite3.Connection, number: int, columns: Mapping[str, object]) -> None:
    """Write these columns of the row of a file."""
    changes = ", ".join(f"{name} = ?" for name in columns)
    connection.execute(f"UPDATE files SET {changes} WHERE number = ?", (*columns.values(), number))


def _name_row(named: Named) -> tuple[str, ...]:
    aliases, former = json.dumps(named.aliases), json.dumps(named.former)
    said = f"{named.said} {named.stem}"
    return named.id, named.name, aliases, former, named.home, named.organisation, named.relationship, said


def _links(named: Named) -> list[tuple[str, str]]:
    """What leads to a relationship: its names, the ids it had; and from its organisation, as stated, to it."""
    if named.home:
        return []
    stated = {named.organisation, slug(named.organisation)} - {""}
    return [
        *((each, "name") for each in dict.fromkeys(named.slugs) if each),
        *((each, "former") for each in named.former),
        *((each, "member") for each in sorted(stated)),
    ]

"""Whom every id means, asked of the index one at a time; and who may be meant by a name."""

from __future__ import annotations

import json
import sqlite3
from abc import abstractmethod
from collections.abc import Iterator, Mapping, ValuesView
from typing import Any, TypeVar

from convo_tui.core.match import Named, slug
from convo_tui.core.participation import Directory

T = TypeVar("T")

_NAMED = """
SELECT names.id, names.name, aliases, former, home, names.organisation, relationship, files.file
FROM names JOIN files USING (number)
"""


def directory(connection: sqlite3.Connection) -> Directory:
    """Return a directory that asks the index: nothing is read before it is needed."""
    return Directory(_Everyone(connection), _Linked(connection, "former"), _Linked(connection, "name"))


def everyone(connection: sqlite3.Connection) -> Iterator[Named]:
    """Yield everyone who can be named, in the order of their files."""
    return (_named(row) for row in connection.execute(f"{_NAMED} ORDER BY file, nth"))


def maybe_called(connection: sqlite3.Connection, query: str) -> list[Named]:
    """Return everyone whom `match.names` may find for a query, and others: far fewer than there are."""
    # What cannot be written in UTF-8 is in no file, and nothing that SQLite takes.
    wanted, exact = slug(query), query.strip().encode("utf-8", "ignore").decode("utf-8")
    said = [f" {word}" for word in filter(None, wanted.split("-"))]
    rarest = max(said, key=len, default=None)
    where = "WHERE names.id = ? OR names.id IN (SELECT id FROM links WHERE word = ? AND sort = 'former')"
    if rarest is not None:
        where += " OR instr(names.said, ?)"
    values = (exact, exact, *([rarest] if rarest is not None else []))
    return [_named(row) for row in connection.execute(f"{_NAMED} {where} ORDER BY file, nth", values)]


def ids_called(connection: sqlite3.Connection, name: str) -> set[str]:
    """Return the ids of everyone some words of whose name, alias or organisation begin like each word of `name`."""
    asked = [f" {word}" for word in slug(name).split("-") if word]
    if not asked:
        return set()
    found: set[str] = set()
    query = "SELECT said, id, relationship, former FROM names WHERE instr(said, ?)"
    for said, identity, relationship, former in connection.execute(query, (max(asked, key=len),)):
        words, _, _ = said.rpartition(" ")  # after the last blank stands the name of the file
        if all(word in words for word in asked):
            found |= {identity, relationship, *json.loads(former)}
    return found - {""}


def stating(connection: sqlite3.Connection, directory: Directory, identity: str) -> list[Named]:
    """Return the relationships that state an organisation, the one with this id, as theirs."""
    query = (
        "SELECT DISTINCT id FROM links WHERE sort = 'member'"
        " AND (word = ?1 OR word IN (SELECT word FROM links WHERE id = ?1 AND sort != 'member')) ORDER BY id"
    )
    maybe = [directory.everyone.get(row[0]) for row in connection.execute(query, (identity,)).fetchall()]
    return [each for each in maybe if each is not None and directory.organisation(each) == identity]


def _named(row: tuple[Any, ...]) -> Named:
    identity, name, aliases, former, home, organisation, relationship, file = row
    return Named(
        identity,
        name,
        tuple(json.loads(aliases)),
        "" if home else file,
        tuple(json.loads(former)),
        home,
        organisation,
        relationship,
    )


class _Asked(Mapping[str, T]):
    """A mapping that asks the index for each key once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self._known: dict[str, T | None] = {}

    @abstractmethod
    def _ask(self, key: str) -> T | None: ...

    def __getitem__(self, key: str) -> T:
        if key not in self._known:
            self._known[key] = self._ask(key)
        found = self._known[key]
        if found is None:
            raise KeyError(key)
        return found

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Everyone(_Asked[Named]):
    _all: dict[str, Named] | None = None

    def _ask(self, key: str) -> Named | None:
        if self._all is not None:
            return self._all.get(key)
        row = self._sql.execute(f"{_NAMED} WHERE names.id = ? ORDER BY file, nth LIMIT 1", (key,)).fetchone()
        return _named(row) if row else None

    def __iter__(self) -> Iterator[str]:
        return (row[0] for row in self._sql.execute("SELECT DISTINCT id FROM names"))

    def values(self) -> ValuesView[Named]:
        """Return everyone, read in one go; from then on nobody is asked for."""
        if self._all is None:
            found: dict[str, Named] = {}
            for named in everyone(self._sql):
                found.setdefault(named.id, named)
            self._all = found
        return self._all.values()


class _Linked(_Asked[str]):
    """To whom a word leads in one sort of `links`; of several the first file counts."""

    def __init__(self, connection: sqlite3.Connection, sort: str) -> None:
        super().__init__(connection)
        self._sort = sort

    def _ask(self, key: str) -> str | None:
        query = "SELECT links.id FROM links JOIN files USING (number) WHERE word = ? AND sort = ? ORDER BY file LIMIT 1"
        row = self._sql.execute(query, (key, self._sort)).fetchone()
        return row[0] if row else None

    def __iter__(self) -> Iterator[str]:
        return (row[0] for row in self._sql.execute("SELECT DISTINCT word FROM links WHERE sort = ?", (self._sort,)))

"""Whom every id means, asked of the index one at a time; and who may be meant by a name."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, ValuesView
from typing import Any

from convo_tui.core.match import Named, slug
from convo_tui.core.participation import Directory

_NAMED = """
SELECT names.id, names.name, aliases, former, home, names.organisation, relationship, files.file
FROM names JOIN files USING (number)
"""


def directory(connection: sqlite3.Connection) -> Directory:
    """Return a directory that asks the index: nothing is read before it is needed."""
    return Directory(_Everyone(connection), _Current(connection), _ByName(connection))


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


class _Asked(Mapping[str, Any]):
    """A mapping that asks the index for each key once."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self._known: dict[str, Any] = {}

    def _ask(self, key: str) -> Any:
        raise NotImplementedError

    def _keys(self) -> str:
        raise NotImplementedError

    def __getitem__(self, key: str) -> Any:
        if key not in self._known:
            self._known[key] = self._ask(key)
        if self._known[key] is None:
            raise KeyError(key)
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return (row[0] for row in self._sql.execute(self._keys()))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Everyone(_Asked):
    def _ask(self, key: str) -> Named | None:
        row = self._sql.execute(f"{_NAMED} WHERE names.id = ? ORDER BY file, nth LIMIT 1", (key,)).fetchone()
        return _named(row) if row else None

    def _keys(self) -> str:
        return "SELECT DISTINCT id FROM names"

    def values(self) -> ValuesView[Named]:
        """Return everyone, read in one go."""
        found: dict[str, Named] = {}
        for named in everyone(self._sql):
            found.setdefault(named.id, named)
        return found.values()


class _Current(_Asked):
    def _ask(self, key: str) -> str | None:
        return _linked(self._sql, key, "former")

    def _keys(self) -> str:
        return "SELECT DISTINCT word FROM links WHERE sort = 'former'"


class _ByName(_Asked):
    def _ask(self, key: str) -> str | None:
        return _linked(self._sql, key, "name")

    def _keys(self) -> str:
        return "SELECT DISTINCT word FROM links WHERE sort = 'name'"


def _linked(connection: sqlite3.Connection, word: str, sort: str) -> str | None:
    query = "SELECT id FROM links JOIN files USING (number) WHERE word = ? AND sort = ? ORDER BY file LIMIT 1"
    row = connection.execute(query.replace("SELECT id", "SELECT links.id"), (word, sort)).fetchone()
    return row[0] if row else None

"""Answering a query from the index: the rows that `query.says` and the filters let through, what is wanted most first.

Every row is tested with the words themselves, so nothing wrong comes out whatever the way in. The way in is chosen by
how often the words are said: rare ones lead through the full text; where nearly everything says them, one looks at
one entry after the other, which ends as soon as there are enough.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from convo_tui.core.findable import NAMES, STILL_OPEN, THE_REST
from convo_tui.core.query import Query, Term
from convo_tui.store.index.places import RANK_BIT, place

_FEW = 3000
"""So many entries are looked at one by one faster than a person notices."""

_MOST_WORDS = 80
"""How many words that begin alike are looked up one by one."""

_FIRST = STILL_OPEN << RANK_BIT
"""From this place on there are no encounters."""

_OF_ENCOUNTERS = frozenset(
    {"encounter", "call", "meeting", "email", "chat", "note", "conversation", "transaction", "archived"}
)
"""The marks that encounters can have; of the others they have none."""

_LAST = "\U0010ffff"

_UNKNOWN = 1 << 40
"""More entries than there can be: where nobody has counted."""

_ROW = "entries.entry, entries.number, entries.kind, entries.id, entries.at, entries.data, entries.said"

Who = Callable[[str], str]
"""Returns the ids of everyone whom a name may mean, as a JSON list."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry that answers a query; `number` is that of its file, `said` are its words as they are compared."""

    entry: int
    number: int
    kind: str
    id: str
    at: str | None
    data: str
    said: str


@dataclass(frozen=True, slots=True)
class _Way:
    """How a term can be looked up in the full text, None when it cannot be; and in about how many entries it is.

    It `is_broad` when so many words begin like it that looking them up takes long.
    """

    match: str | None
    entries: int
    is_broad: bool = False


@dataclass(frozen=True, slots=True)
class Tests:
    """What rows have to pass, in SQL, with its values."""

    sql: str
    values: tuple[object, ...]


def search(connection: sqlite3.Connection, query: Query, today: date, who: Who, limit: int, whole: bool) -> list[Row]:
    """Return the rows that answer a settled `query` on `today`, what is wanted most first, at most `limit`.

    `whole` says that the index is complete; the full text is no help before.

    Raises:
        sqlite3.Error: when the index is damaged, or the search was interrupted.
    """
    tests = _tests(query, today, who)
    if query.with_ and (entries := _entries_with(connection, who(query.with_[0]))) is not None:
        return _among(connection, entries, tests, limit)
    ways = [_way(connection, term) for term in query.wanted] if whole else []
    match = _match(connection, ways, limit)
    if match:
        return _said(connection, tests, match, limit)
    return _one_by_one(connection, tests, limit, set(query.marks) <= _OF_ENCOUNTERS)


_FILES = "SELECT number FROM files WHERE id IN (SELECT value FROM json_each(?))"
_COMPANIES = """
SELECT company FROM members WHERE member IN (SELECT value FROM json_each(?))
UNION SELECT company FROM parties WHERE party IN (SELECT value FROM json_each(?))
"""
_SPOKEN = "SELECT entry FROM spoken WHERE id IN (SELECT value FROM json_each(?))"

_THOSE_WITH = f"""
SELECT entry FROM entries WHERE number IN ({_FILES})
UNION ALL SELECT entry FROM companies JOIN entries ON entries.number = companies.number AND kind = 'encounter'
    AND entries.company = companies.company
WHERE companies.company IN ({_COMPANIES})
UNION ALL {_SPOKEN}
"""
"""What stands in the file of one of these ids, in which they took part, or where they were spoken of; some twice."""

_IS_WITH = f"""(
    +entries.number IN ({_FILES}) OR coalesce(entries.company, 0) IN ({_COMPANIES}) OR +entries.entry IN ({_SPOKEN})
)"""
"""The same as a test. The plus keeps SQLite from beginning with it."""


# ── ways in ──────────────────────────────────────────────────────────────────────────────────────────────


def _said(connection: sqlite3.Connection, tests: Tests, match: str, limit: int) -> list[Row]:
    found = connection.execute(
        f"SELECT {_ROW} FROM texts JOIN entries ON entries.place = texts.rowid"
        f" WHERE texts MATCH ? AND {tests.sql} ORDER BY texts.rowid DESC LIMIT ?",
        (match, *tests.values, limit),
    )
    return [Row(*row) for row in found]


def _one_by_one(connection: sqlite3.Connection, tests: Tests, limit: int, with_encounters: bool) -> list[Row]:
    """Look at one entry after the other. All but the encounters, few and short, have an index for just that."""
    found: list[Row] = []
    bounds = (f"kind != 'encounter' AND place >= {_FIRST}", f"place < {_FIRST}")
    for bound in bounds if with_encounters else ("kind != 'encounter'",):
        if len(found) < limit:
            rows = connection.execute(
                f"SELECT {_ROW} FROM entries WHERE {bound} AND {tests.sql} ORDER BY place DESC LIMIT ?",
                (*tests.values, limit - len(found)),
            )
            found += [Row(*row) for row in rows]
    return found


def _entries_with(connection: sqlite3.Connection, ids: str) -> set[int] | None:
    """Return the entries of everyone who has one of these ids; None when they are more than a few."""
    found = connection.execute(f"{_THOSE_WITH} LIMIT ?", (ids, ids, ids, ids, _FEW + 1)).fetchall()
    return {row[0] for row in found} if len(found) <= _FEW else None


def _among(connection: sqlite3.Connection, entries: Collection[int], tests: Tests, limit: int) -> list[Row]:
    found = connection.execute(
        f"SELECT {_ROW} FROM json_each(?) JOIN entries ON entries.entry = json_each.value WHERE {tests.sql}"
        " ORDER BY place DESC LIMIT ?",
        (json.dumps(list(entries)), *tests.values, limit),
    )
    return [Row(*row) for row in found]


def _match(connection: sqlite3.Connection, ways: Sequence[_Way], limit: int) -> str | None:
    """Return what to ask the full text for; None when looking at one entry after the other is quicker."""
    # What begins like very many words is quicker to test than to look up: what is rarer leads to it.
    rare = [way for way in ways if way.match is not None and not way.is_broad]
    if not rare and ways and all(way.match for way in ways):
        entries = connection.execute("SELECT max(entry) FROM entries").fetchone()[0]
        expected = entries * math.prod(min(1, way.entries / entries) for way in ways)
        if expected * _FEW < limit * entries:
            rare = list(ways)
    return " AND ".join(f"({way.match})" for way in rare) or None


def _way(connection: sqlite3.Connection, term: Term) -> _Way:
    if len(term.words) > 1:
        if term.inside:
            return _Way(None, _UNKNOWN)
        if term.whole:
            return _Way(_quoted(*term.words), min(_entries(connection, "word = ?", word) for word in term.words))
        # A phrase that ends in a beginning has the full text go through all places of all its words: the words lead
        # to it, and whether they stand one after the other is tested with the rest.
        *known, last = term.words
        ways = [_way(connection, Term((word,), whole=True)) for word in known]
        ways += [way for way in [_way(connection, Term((last,)))] if not way.is_broad]
        return _Way(" AND ".join(f"({way.match})" for way in ways), min(way.entries for way in ways))
    (word,) = term.words
    if term.whole:
        return _Way(_quoted(word), _entries(connection, "word = ?", word))
    where, values = ("instr(word, ?)", (word,)) if term.inside else ("word >= ? AND word < ?", (word, word + _LAST))
    words = _words(connection, where, *values)
    if words is not None:
        return _Way(" OR ".join(map(_quoted, words)) or _quoted(word), sum(words.values()))
    return _Way(None if term.inside else f"{_quoted(word)} *", _entries(connection, where, *values), is_broad=True)


def _words(connection: sqlite3.Connection, where: str, *values: str) -> dict[str, int] | None:
    """Return the words of the journal that are meant, and how many entries say each; None when it is too many."""
    query = f"SELECT word, entries FROM words WHERE {where} LIMIT ?"
    found = connection.execute(query, (*values, _MOST_WORDS + 1)).fetchall()
    return dict(found) if len(found) <= _MOST_WORDS else None


def _entries(connection: sqlite3.Connection, where: str, *values: str) -> int:
    query = f"SELECT coalesce(sum(entries), 0) FROM words WHERE {where}"
    return int(connection.execute(query, values).fetchone()[0])


def begins(connection: sqlite3.Connection, word: str, whole: bool) -> bool:
    """Whether a folded word begins any word of the journal. `whole` is as for `search`."""
    if not whole:
        query = "SELECT 1 FROM entries WHERE instr(said, ?) > 0 LIMIT 1"
        return connection.execute(query, (f" {word}",)).fetchone() is not None
    query = "SELECT 1 FROM words WHERE word >= ? AND word < ? LIMIT 1"
    return connection.execute(query, (word, word + _LAST)).fetchone() is not None


def _quoted(*words: str) -> str:
    """Words as the full text takes them: folded ones hold no quote."""
    return f'"{" ".join(words)}"'


# ── tests ────────────────────────────────────────────────────────────────────────────────────────────────


def _tests(query: Query, today: date, who: Who) -> Tests:
    marks, unmarked = ([mark_test(mark, today) for mark in those] for those in (query.marks, query.unmarked))
    parts: list[Tests] = [
        *(Tests("instr(entries.said, ?) > 0", (term.sought,)) for term in query.wanted),
        *(Tests("instr(entries.said, ?) = 0", (term.sought,)) for term in query.unwanted),
        *marks,
        *map(none_of, unmarked),
        *(Tests(_IS_WITH, (who(name),) * 4) for name in query.with_),
        *(none_of(Tests(_IS_WITH, (who(name),) * 4)) for name in query.without),
        Tests("entries.marks != ''", ()),  # an encounter without a note is nothing to find
    ]
    if "open" in query.marks or "overdue" in query.marks:  # only they have this rank: no others need be looked at
        parts.append(Tests("place >= ? AND place < ?", (_FIRST, NAMES << RANK_BIT)))
    if query.since is not None:
        day_before = datetime.combine(query.since, time(), UTC) - timedelta(days=1)
        parts.append(Tests("place >= ?", (place(THE_REST, day_before),)))
        parts.append(Tests("substr(entries.at, 1, 10) >= ?", (query.since.isoformat(),)))
    if query.until is not None:
        parts.append(Tests("substr(entries.at, 1, 10) <= ?", (query.until.isoformat(),)))
    return all_of(parts)


def all_of(tests: Sequence[Tests]) -> Tests:
    """Return what passes all of these."""
    return Tests(" AND ".join(test.sql for test in tests) or "1", tuple(each for test in tests for each in test.values))


def none_of(test: Tests) -> Tests:
    """Return what does not pass this."""
    return Tests(f"NOT ({test.sql})", test.values)


def mark_test(mark: str, today: date) -> Tests:
    """Return what entries have to pass that have a mark (`query.MARKS`) on `today`."""
    day = today.isoformat()
    come = "coalesce(opens_on <= ?, 0)"
    if mark == "open":
        return Tests(f"(instr(marks, ' open ') > 0 OR {come})", (day,))
    if mark == "parked":
        return Tests(f"(instr(marks, ' parked ') > 0 AND NOT {come})", (day,))
    if mark == "overdue":
        return Tests(f"(coalesce(due < ?, 0) AND (instr(marks, ' open ') > 0 OR {come}))", (day, day))
    return Tests("instr(marks, ?) > 0", (f" {mark} ",))

"""What follows from all files together: who took part in what, the last contact with each, where their issues stand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from convo_tui.core.carry import standing
from convo_tui.core.participation import Directory, place_in_time
from convo_tui.core.summary import Summary
from convo_tui.store.index import people
from convo_tui.store.index.digest import issue_of, last_sparks
from convo_tui.store.index.lists import SUMMARY, summary_of
from convo_tui.store.index.tables import Tables

_ASK_ALL = 300
"""From so many companies on it is cheaper to know everyone than to ask for each."""

_SAME_ID = "has the same id as {}; give one of them another id"


_JOINT = """
SELECT companies.last_contact, companies.sparks FROM parties JOIN companies USING (company) WHERE party = ?
"""
_TIMELINE = """
SELECT id, at, contact, number FROM entries WHERE number = ? AND kind = 'encounter'
UNION ALL
SELECT id, at, contact, entries.number FROM parties JOIN companies USING (company)
JOIN entries ON entries.number = companies.number AND kind = 'encounter' AND entries.company = parties.company
WHERE party = ?
"""


@dataclass(frozen=True, slots=True)
class _Encounter:
    """As much of an encounter as the standing of an issue depends on."""

    id: str
    at: datetime
    is_contact: bool
    is_own: bool


class Together:
    """Brings what follows from all files up to date with what was written into the tables."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def settle(self, tables: Tables) -> None:
        """Do that for what `tables` has put and removed."""
        touched = self._ids_of(tables.touched)
        self._give_keys(touched | tables.stirred)
        concerned = touched | tables.stirred | tables.parted | self._take_part(self._companies_of(tables))
        numbers = {number for identity in concerned - {""} for number in self._numbers(identity)}
        for number in tables.touched | numbers:
            self._sum_up(number)
        tables.touched.clear()
        tables.stirred.clear()
        tables.parted.clear()

    def _column(self, query: str, *values: object) -> list[Any]:
        return [row[0] for row in self._sql.execute(query, values)]

    def _numbers(self, identity: str) -> list[int]:
        return self._column("SELECT number FROM files WHERE id = ?", identity)

    def _ids_of(self, numbers: Iterable[int]) -> set[str]:
        query = "SELECT id FROM files WHERE number = ?"
        return {identity for number in numbers for identity in self._column(query, number)}

    # ── two files with one id ────────────────────────────────────────────────────────────────────────────

    def _give_keys(self, ids: Iterable[str]) -> None:
        """Name each file by its id; of those that share one only the first by name, the others by their file."""
        self._sql.execute("UPDATE files SET key = file, clash = '' WHERE id = '' AND key IS NOT file")
        for identity in filter(None, ids):
            sharing = self._column("SELECT file FROM files WHERE id = ? ORDER BY file", identity)
            for file in sharing:
                other = sharing[0] if file != sharing[0] else sharing[1] if len(sharing) > 1 else ""
                key, clash = identity if file == sharing[0] else file, _SAME_ID.format(other) if other else ""
                self._sql.execute("UPDATE files SET key = ?, clash = ? WHERE file = ?", (key, clash, file))

    # ── who took part ────────────────────────────────────────────────────────────────────────────────────

    def _companies_of(self, tables: Tables) -> set[int]:
        """Return the companies that were written, and those in which a name may mean someone else now."""
        found = set()
        for number in tables.touched:
            found.update(self._column("SELECT company FROM companies WHERE number = ?", number))
        if len(found) > _ASK_ALL:
            return set(self._column("SELECT company FROM companies"))
        for word in self._leading_to(tables.stirred):
            found.update(self._column("SELECT company FROM members WHERE member = ?", word))
            home = "SELECT company FROM companies JOIN files USING (number) WHERE id = ?"
            found.update(self._column(home, word))
        return found

    def _leading_to(self, words: Iterable[str]) -> set[str]:
        """Return these ids and slugs, and all from which `Directory.took_part` comes to one of them."""
        queries = (
            "SELECT id FROM names WHERE home = ?",
            "SELECT id FROM names WHERE relationship = ?",
            "SELECT id FROM links WHERE word = ? AND sort != 'name'",
            "SELECT word FROM links WHERE id = ? AND sort != 'member'",
        )
        seen, waiting = set(words), list(words)
        while waiting:
            word = waiting.pop()
            found = {each for query in queries for each in self._column(query, word)} - seen
            seen |= found
            waiting += found
        return seen

    def _take_part(self, companies: Collection[int]) -> set[str]:
        """Write down who takes part in these companies, and return those for whom that may be news."""
        directory = people.directory(self._sql)
        if len(companies) > _ASK_ALL:
            directory = Directory.of(people.everyone(self._sql))
        concerned: set[str] = set()
        query = "SELECT id, key, with_ FROM companies JOIN files USING (number) WHERE company = ?"
        for company in companies:
            home, key, with_ = self._sql.execute(query, (company,)).fetchone()
            before = set(self._column("SELECT party FROM parties WHERE company = ?", company))
            after = directory.took_part(home, json.loads(with_)) - {home} if home == key else set()
            if before != after:
                self._sql.execute("DELETE FROM parties WHERE company = ?", (company,))
                self._sql.executemany("INSERT INTO parties VALUES (?, ?)", [(each, company) for each in after])
            concerned |= before | after
        return concerned

    # ── what a list needs ────────────────────────────────────────────────────────────────────────────────

    def _sum_up(self, number: int) -> None:
        """Write down the last contact and the sparks of a file, where its issues stand, and where its place is."""
        query = "SELECT id, key, own_contact, own_sparks FROM files WHERE number = ?"
        identity, key, own_contact, own_sparks = self._sql.execute(query, (number,)).fetchone()
        contacts, sparks = _when(own_contact), json.loads(own_sparks)
        if key != identity:  # two files with one id: what happened is counted once
            contacts, sparks = [], []
        elif joint := self._sql.execute(_JOINT, (identity,)).fetchall():
            contacts += [moment for last, _ in joint for moment in _when(last)]
            sparks = [[at, "", spark] for at, _, spark in sparks]
            sparks = last_sparks(sorted([*sparks, *(each for _, those in joint for each in json.loads(those))]))
            self._stand(number, identity)
        last = max(contacts, default=None)
        self._sql.execute(
            "UPDATE files SET last_contact = ?, sparks = ? WHERE number = ?",
            (last.isoformat() if last else None, json.dumps([spark for *_, spark in sparks]), number),
        )
        summary = summary_of(self._sql.execute(f"SELECT {SUMMARY} FROM files WHERE number = ?", (number,)).fetchone())
        wakes = summary.asks_from()
        self._sql.execute(
            "UPDATE files SET moment = ?, wakes = ?, rank = ? WHERE number = ?",
            (last.timestamp() if last else 0.0, wakes.isoformat() if wakes else None, rank(summary), number),
        )

    def _stand(self, number: int, identity: str) -> None:
        """Write down where the issues of someone stand who took part in encounters of other files as well."""
        query = "SELECT entry, data FROM entries WHERE number = ? AND kind = 'issue'"
        issues = self._sql.execute(query, (number,)).fetchall()
        if not issues:
            return
        timeline = [
            _Encounter(each, datetime.fromisoformat(at), bool(contact), home == number)
            for each, at, contact, home in self._sql.execute(_TIMELINE, (number, identity))
        ]
        timeline.sort(key=lambda each: place_in_time(each.at, each.id, each.is_own))
        for entry, data in issues:
            stands = standing(issue_of(data), timeline, date.min)
            self._sql.execute(
                "UPDATE entries SET passed = ?, circling = ? WHERE entry = ?", (stands.passed, stands.circling, entry)
            )


def rank(summary: Summary) -> int:
    """Return the part of `summary.by_attention` that no day changes, as one number: the lowest comes first."""
    return 4 * (not summary.problem) + 2 * summary.archived + (summary.last_contact is None)


def _when(written: str | None) -> list[datetime]:
    return [datetime.fromisoformat(written)] if written else []

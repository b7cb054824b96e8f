"""What follows from all files together: who took part in what, the last contact with each, where their issues stand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from convo_tui.core.carry import standing
from convo_tui.core.participation import Directory, place_in_time
from convo_tui.store.index import people, tables
from convo_tui.store.index.digest import issue_of, last_sparks
from convo_tui.store.index.lists import SUMMARY, order_of, summary_of
from convo_tui.store.index.tables import Tables

_ASK_ALL = 300
"""From so many companies on it is cheaper to know everyone than to ask for each."""

_ID = "SELECT id FROM files WHERE number = ?"
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
    """Brings what follows from all files up to date with what was written into the tables.

    A row that was just written knows of its own file only: this adds what stands in others.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def settle(self, written: Tables) -> None:
        """Do that for what `written` has put and removed."""
        ids = written.stirred | {each for number in written.touched for each in self._column(_ID, number)}
        self._settle(written, ids, self._companies_of(written))

    def settle_all(self, written: Tables) -> None:
        """Do that for every file: for when so many were written that no one knows which."""
        ids = self._column("SELECT id FROM files GROUP BY id HAVING count(*) > 1 OR max(clash) != ''")
        companies = self._column("SELECT company FROM companies")
        self._settle(written, {*ids, *self._column("SELECT DISTINCT party FROM parties")}, companies)

    def _settle(self, written: Tables, ids: Collection[str], companies: Collection[int]) -> None:
        self._give_keys(ids)
        concerned = {*ids, *written.parted, *self._take_part(companies)} - {""}
        for identity in concerned:
            for number in self._column("SELECT number FROM files WHERE id = ?", identity):
                self._sum_up(number)
        written.forget()

    def _column(self, query: str, *values: object) -> list[Any]:
        return [row[0] for row in self._sql.execute(query, values)]

    # ── two files with one id ────────────────────────────────────────────────────────────────────────────

    def _give_keys(self, ids: Iterable[str]) -> None:
        """Name each file by its id; of those that share one only the first by name, the others by their file."""
        for identity in filter(None, ids):
            sharing = self._column("SELECT file FROM files WHERE id = ? ORDER BY file", identity)
            for file in sharing:
                other = sharing[0] if file != sharing[0] else sharing[1] if len(sharing) > 1 else ""
                key, clash = identity if file == sharing[0] else file, _SAME_ID.format(other) if other else ""
                self._sql.execute("UPDATE files SET key = ?, clash = ? WHERE file = ?", (key, clash, file))

    # ── who took part ────────────────────────────────────────────────────────────────────────────────────

    def _companies_of(self, written: Tables) -> set[int]:
        """Return the companies that were written, and those in which a name may mean someone else now."""
        found = set()
        for number in written.touched:
            found.update(self._column("SELECT company FROM companies WHERE number = ?", number))
        if len(found) > _ASK_ALL:
            return set(self._column("SELECT company FROM companies"))
        for word in self._leading_to(written.stirred):
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
        summary = summary_of(self._sql.execute(f"SELECT {SUMMARY} FROM files WHERE number = ?", (number,)).fetchone())
        last = max(contacts, default=None)
        tables.update(
            self._sql,
            number,
            order_of(replace(summary, last_contact=last, sparks=tuple(spark for *_, spark in sparks))),
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


def _when(written: str | None) -> list[datetime]:
    return [datetime.fromisoformat(written)] if written else []

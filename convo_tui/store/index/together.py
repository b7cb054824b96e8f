"""What follows from all files together: who took part in what, the last contact with each, where their issues stand."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from convo_tui.core.participation import Directory, place_in_time
from convo_tui.store.index import people
from convo_tui.store.index.digest import issue_of, last_sparks, stands_at
from convo_tui.store.index.lists import SUMMARY, order_of, summary_of
from convo_tui.store.index.tables import Tables

if TYPE_CHECKING:
    from convo_tui.core.match import Named

_ASK_ALL = 300
"""From so many companies on it is cheaper to know everyone than to ask for each."""

_FILES = 400
"""How many files are settled in one step: what is asked meanwhile waits for it."""

_SAME_ID = "has the same id as {}; give one of them another id"

_THESE = "(SELECT value FROM json_each(?))"

_COMPANIES = f"""
SELECT company, number, id, key, with_ FROM companies JOIN files USING (number) WHERE company IN {_THESE}
"""
_JOINT = f"""
SELECT files.number, companies.last_contact, companies.sparks
FROM files JOIN parties ON party = id JOIN companies USING (company)
WHERE files.number IN {_THESE} AND key = id
"""
_ISSUES = (
    f"SELECT number, entry, data, carried, passed, circling FROM entries WHERE kind = 'issue' AND number IN {_THESE}"
)
# Notes to oneself have no part in where an issue stands. Entries are numbered as they are written.
_OWN_TIMELINE = f"""
SELECT number, entry, id, at FROM entries WHERE number IN {_THESE} AND kind = 'encounter' AND contact
"""
_JOINT_TIMELINE = f"""
SELECT files.number, entry, entries.id, entries.at
FROM files JOIN parties ON party = files.id JOIN companies USING (company) JOIN entries
    ON entries.number = companies.number AND entries.kind = 'encounter' AND entries.company = companies.company
WHERE files.number IN {_THESE} AND key = files.id AND contact
"""

# Who took part in the encounters of an organisation depends on those who belong to it, or may.
_ORGANISATIONS = f"""
SELECT number FROM files WHERE number IN {_THESE} AND kind = 'organisation' AND (
    EXISTS (SELECT 1 FROM names WHERE home = files.id AND home != '' AND relationship != '')
    OR EXISTS (SELECT 1 FROM links WHERE word = files.id AND sort = 'member')
    OR EXISTS (
        SELECT 1 FROM links AS own CROSS JOIN links AS stated ON stated.word = own.word AND stated.sort = 'member'
        WHERE own.id = files.id AND own.sort != 'member'
    )
)
"""
_STATED = """
SELECT word FROM links WHERE sort = 'member' AND id IN (
    SELECT value FROM json_each(?1)
    UNION SELECT id FROM links WHERE sort = 'member' AND word IN (SELECT value FROM json_each(?1))
)
"""
_CALLED = f"SELECT id FROM links WHERE sort != 'member' AND word IN {_THESE}"
_EMPLOYING = f"SELECT home FROM names WHERE home != '' AND relationship IN {_THESE} AND relationship != ''"


class _Known(NamedTuple):
    """As much of a `Named` as it takes to tell who took part: making one whole costs twenty times as much."""

    id: str
    home: str
    organisation: str
    relationship: str


class _Encounter(NamedTuple):
    """As much of an encounter as the standing of an issue depends on."""

    id: str
    at: datetime
    is_contact: bool = True


class Together:
    """Brings what follows from all files up to date with what was written into the tables.

    A row that was just written knows of its own file only: this adds what stands in others.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def settle(self, written: Tables) -> None:
        """Do that for what `written` has put and removed."""
        ids = written.stirred | set(self._column(f"SELECT id FROM files WHERE number IN {_THESE}", written.touched))
        self._give_keys(ids)
        companies = self._companies_of(written)
        directory = self._everyone() if len(companies) > _ASK_ALL else people.directory(self._sql)
        organisations = self._organisations(ids)
        parties = self._take_part(companies, directory, written.touched)
        concerned = {*ids, *written.parted, *organisations, *parties}
        self._sum_up(self._column(f"SELECT number FROM files WHERE id IN {_THESE} AND id != ''", concerned))
        written.forget()

    def steps(self) -> Iterator[Callable[[], object]]:
        """Yield what does that for every file, bit by bit: for when so many were written that no one knows which."""
        yield lambda: self._give_keys(
            self._column("SELECT id FROM files GROUP BY id HAVING count(*) > 1 OR max(clash) != ''")
        )
        directory = self._everyone()
        numbers = self._column("SELECT number FROM files WHERE id != '' ORDER BY number")
        some = [numbers[first : first + _FILES] for first in range(0, len(numbers), _FILES)]
        for each in some:
            companies = self._column(f"SELECT company FROM companies WHERE number IN {_THESE}", each)
            yield partial(self._take_part, companies, directory)
        for each in some:
            yield partial(self._sum_up, each)

    def _column(self, query: str, values: Collection[object] | None = None) -> list[Any]:
        return [row[0] for row in self._among(query, values)]

    def _among(self, query: str, values: Collection[object] | None) -> sqlite3.Cursor:
        return self._sql.execute(query, () if values is None else (json.dumps(list(values)),))

    # ── two files with one id ────────────────────────────────────────────────────────────────────────────

    def _give_keys(self, ids: Iterable[str]) -> None:
        """Name each file by its id; of those that share one only the first by name, the others by their file."""
        for identity in filter(None, ids):
            query = "SELECT file FROM files WHERE id = ? ORDER BY file"
            sharing = [row[0] for row in self._sql.execute(query, (identity,))]
            for file in sharing:
                other = sharing[0] if file != sharing[0] else sharing[1] if len(sharing) > 1 else ""
                key, clash = identity if file == sharing[0] else file, _SAME_ID.format(other) if other else ""
                self._sql.execute("UPDATE files SET key = ?, clash = ? WHERE file = ?", (key, clash, file))

    # ── who took part ────────────────────────────────────────────────────────────────────────────────────

    def _companies_of(self, written: Tables) -> Collection[int]:
        """Return the companies that were written, and those in which a name may mean someone else now."""
        found = set(self._column(f"SELECT company FROM companies WHERE number IN {_THESE}", written.touched))
        if len(found) > _ASK_ALL:
            return self._column("SELECT company FROM companies")
        words = self._leading_to(written.stirred)
        found.update(self._column(f"SELECT company FROM members WHERE member IN {_THESE}", words))
        home = f"SELECT company FROM companies JOIN files USING (number) WHERE id IN {_THESE}"
        found.update(self._column(home, words))
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
            found = {row[0] for query in queries for row in self._sql.execute(query, (word,))} - seen
            seen |= found
            waiting += found
        return seen

    def _everyone(self) -> Directory:
        """Return a directory that has read everything which `Directory.took_part` looks at."""
        names = self._sql.execute(
            "SELECT names.id, home, names.organisation, relationship FROM names JOIN files USING (number)"
            " ORDER BY file DESC, nth DESC"  # the first one counts
        )
        linked = "SELECT word, links.id FROM links JOIN files USING (number) WHERE sort = ? ORDER BY file DESC"
        return Directory(
            cast("dict[str, Named]", {row[0]: _Known(*row) for row in names}),
            dict(self._sql.execute(linked, ("former",)).fetchall()),
            dict(self._sql.execute(linked, ("name",)).fetchall()),
        )

    def _take_part(
        self, companies: Collection[int], directory: Directory, touched: Collection[int] = frozenset()
    ) -> set[str]:
        """Write down who takes part in these companies, and return those for whom that is news, or may be: what they
        had together in the files `touched` was written."""

        @cache
        def through(member: str) -> frozenset[str]:
            return directory.took_part(member, ())

        before: defaultdict[int, set[str]] = defaultdict(set)
        for company, party in self._among(f"SELECT company, party FROM parties WHERE company IN {_THESE}", companies):
            before[company].add(party)
        gone, come, concerned = [], [], set[str]()
        for company, number, home, key, with_ in self._among(_COMPANIES, companies).fetchall():
            after = set().union(*map(through, (home, *json.loads(with_)))) - {home} if home == key else set[str]()
            gone += [(each, company) for each in before[company] - after]
            come += [(each, company) for each in after - before[company]]
            concerned |= before[company] | after if number in touched else before[company] ^ after
        self._sql.executemany("DELETE FROM parties WHERE party = ? AND company = ?", gone)
        self._sql.executemany("INSERT INTO parties VALUES (?, ?)", sorted(come))
        return concerned

    def _organisations(self, words: set[str]) -> set[str]:
        """Return the organisations, among others, to whom someone else may belong now that these words are stirred."""
        stated = words | set(self._column(_STATED, words))
        return stated | set(self._column(_CALLED, stated)) | set(self._column(_EMPLOYING, words))

    # ── what a list needs ────────────────────────────────────────────────────────────────────────────────

    def _sum_up(self, numbers: Collection[int]) -> None:
        """Write down the last contact and the sparks of these files, their places in a list, where issues stand."""
        joint: defaultdict[int, list[tuple[str | None, str]]] = defaultdict(list)
        for number, last, sparks in self._among(_JOINT, numbers):
            joint[number].append((last, sparks))
        rows, stale = [], set(joint)
        query = f"SELECT number, own_contact, own_sparks, has_joint, {SUMMARY} FROM files WHERE number IN {_THESE}"
        for number, own_contact, own_sparks, had_joint, *columns in self._among(query, numbers):
            if had_joint:
                stale.add(number)
            contacts, sparks = _when(own_contact), json.loads(own_sparks)
            summary = summary_of(columns)
            if summary.key != summary.id:  # two files with one id: what happened is counted once
                contacts, sparks = [], []
            elif number in joint:
                contacts += [moment for last, _ in joint[number] for moment in _when(last)]
                sparks = last_sparks([*sparks, *(each for _, those in joint[number] for each in json.loads(those))])
            last, shown = max(contacts, default=None), tuple(spark for *_, spark in sparks)
            order = order_of(replace(summary, last_contact=last, sparks=shown))
            rows.append({"number": number, "has_joint": number in joint} | order)
        if rows:
            changes = ", ".join(f"{name} = :{name}" for name in rows[0] if name != "number")
            self._sql.executemany(f"UPDATE files SET {changes} WHERE number = :number", rows)
        self._stand(stale)
        self._leave_open(numbers, joint)

    def _leave_open(self, numbers: Collection[int], joint: Iterable[int]) -> None:
        """Forget the signs of those among these files that depend on others, or did before: to be gathered again."""
        those = {*joint, *self._column(_ORGANISATIONS, numbers)}
        those.update(self._column(f"SELECT number FROM noticed WHERE gathered AND number IN {_THESE}", numbers))
        self._sql.execute(f"DELETE FROM noticed WHERE number IN {_THESE}", (json.dumps(sorted(those)),))

    def _stand(self, numbers: Collection[int]) -> None:
        """Write down where the issues of those stand who take part in encounters of other files, or did before."""
        issues = self._among(_ISSUES, numbers).fetchall()
        having = {number for number, *_ in issues}
        encounters: defaultdict[int, list[tuple[float, str, int, _Encounter]]] = defaultdict(list)
        for query, is_own in ((_OWN_TIMELINE, True), (_JOINT_TIMELINE, False)):
            for number, entry, identity, at in self._among(query, having):
                each = _Encounter(identity, datetime.fromisoformat(at))
                moment, tie = place_in_time(each.at, identity, is_own)
                encounters[number].append((moment.timestamp(), tie, entry, each))
        timelines = {number: [each for *_, each in sorted(those)] for number, those in encounters.items()}
        stands = (
            (entry, before, stands_at(issue_of(data), timelines.get(number, [])))
            for number, entry, data, *before in issues
        )
        self._sql.executemany(
            "UPDATE entries SET carried = ?, passed = ?, circling = ? WHERE entry = ?",
            [(*after, entry) for entry, before, after in stands if tuple(before) != after],
        )


def _when(written: str | None) -> list[datetime]:
    return [datetime.fromisoformat(written)] if written else []

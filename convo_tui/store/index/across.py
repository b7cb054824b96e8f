"""What stands in all relationships at once: issues, what was heard, topics, and entries by what they are called."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from convo_tui.core import match
from convo_tui.core.carry import AVOIDED_AFTER, Standing
from convo_tui.core.findable import NAMES, STILL_OPEN
from convo_tui.core.inline import topics as topics_in
from convo_tui.core.models import Heard, Issue
from convo_tui.core.topics import Topic
from convo_tui.store.index.places import RANK_BIT
from convo_tui.store.index.search import mark_test

Kind: TypeAlias = Literal["person", "issue", "heard", "encounter"]
"""What has an id within a relationship."""

_IN_ORDER = f"file, entries.kind DESC, place & {(1 << RANK_BIT) - 1}"
"""By file, issues before what was heard, then in time: the last bits of a place tell those of one minute apart."""


def _all(*kinds: Kind) -> str:
    """Return where the entries of these kinds come from."""
    wanted = ", ".join(f"'{kind}'" for kind in kinds)
    # The cross join goes from file to file: one look at each of half a million entries takes ten times as long.
    return f"FROM files CROSS JOIN entries ON entries.number = files.number AND entries.kind IN ({wanted})"


@dataclass(frozen=True, slots=True)
class HeardFrom:
    """Something heard, and from whom; `relationship` is the name."""

    heard: Heard
    relationship_id: str
    relationship: str


@dataclass(frozen=True, slots=True)
class Called:
    """An entry by what it is called: its id, and the words of an issue or of what was heard.

    `key` names the relationship in this journal; `data` is the entry as in its file, in JSON.
    """

    key: str
    relationship_id: str
    relationship: str
    kind: Kind
    id: str
    text: str
    marks: str
    data: str

    def has(self, mark: str) -> bool:
        """Whether it has one of `query.MARKS` as written: a day that has come changes nothing."""
        return f" {mark} " in self.marks

    def model(self) -> Issue | Heard:
        """Return the issue, or what was heard."""
        return _issue(self.data) if self.kind == "issue" else _heard(self.data)


# ── issues, and what was heard ───────────────────────────────────────────────────────────────────────────


def standings(connection: sqlite3.Connection, today: date, states: Collection[str]) -> list[Standing]:
    """Return where the issues of these states stand, by file; archived relationships have no open ones.

    A parked one whose day has come is open. What stands in two files with one id is there once.
    """
    tests = [mark_test(state, today) for state in sorted(set(states))]
    where = " OR ".join(test.sql for test in tests) or "0"
    source = _all("issue")
    if set(states) == {"open"}:  # they have a rank of their own: none of the others is looked at
        first, last = STILL_OPEN << RANK_BIT, NAMES << RANK_BIT
        source = f"FROM entries JOIN files USING (number) WHERE place >= {first} AND place < {last}"
        where = f"NOT archived AND ({where})"
    query = f"SELECT files.id, files.name, data, carried, passed, circling {source} AND ({where}) ORDER BY {_IN_ORDER}"
    rows = connection.execute(query, [value for test in tests for value in test.values])
    found = [_standing(row, today) for row in rows]
    return list({(each.relationship_id, each.issue.id): each for each in found}.values())


def heard(connection: sqlite3.Connection, key: str | None = None) -> list[HeardFrom]:
    """Return what was heard from the relationship with this key, or by file from everyone who is not archived."""
    where, values = ("files.key = ?", (key,)) if key else ("NOT archived", ())
    query = f"SELECT data, files.id, files.name {_all('heard')} AND {where} ORDER BY {_IN_ORDER}"
    rows = connection.execute(query, values)
    found = [HeardFrom(_heard(data), identity, name) for data, identity, name in rows]
    return list({(each.relationship_id, each.heard.id): each for each in found}.values())


def _standing(row: tuple[Any, ...], today: date) -> Standing:
    identity, name, data, carried, passed, circling = row
    issue = _issue(data)
    return Standing(
        issue=issue,
        relationship_id=identity,
        relationship=name,
        age_days=max(0, (today - issue.since).days) if issue.since else 0,
        carried=carried,
        passed=passed,
        overdue=issue.is_overdue(today),
        avoided=passed >= AVOIDED_AFTER and not carried,
        circling=bool(circling),
    )


def _issue(data: str) -> Issue:
    return Issue.model_validate(json.loads(data), by_alias=True, by_name=False)


def _heard(data: str) -> Heard:
    return Heard.model_validate(json.loads(data), by_alias=True, by_name=False)


# ── what an entry is called ──────────────────────────────────────────────────────────────────────────────


def called(connection: sqlite3.Connection) -> Iterator[Called]:
    """Yield the issues and what was heard of everyone, by file, the issues first."""
    return _called(connection, ("issue", "heard"), "1")


def maybe_meant(connection: sqlite3.Connection, kind: Literal["issue", "heard"], query: str) -> list[Called]:
    """Return what `match.texts` may find for a query among the issues, or what was heard; and others, far fewer."""
    # ASCII words stand in an ASCII text as they are; what has digits or another script is compared as a slug.
    said = [word for word in match.words(query) if word.isalpha()] if query.isascii() else []
    where = "instr(lower(entries.id), ?) OR instr(lower(data), ?) OR data GLOB '*[^ -~]*'"
    return list(_called(connection, (kind,), where, query.strip().casefold(), max(said, key=len, default="")))


def _called(connection: sqlite3.Connection, kinds: Sequence[Kind], where: str, *values: str) -> Iterator[Called]:
    query = (
        "SELECT files.key, files.id, files.name, entries.kind, entries.id, marks, data"
        f" {_all(*kinds)} AND ({where}) ORDER BY {_IN_ORDER}"
    )
    for key, home, name, kind, identity, marks, data in connection.execute(query, values):
        yield Called(key, home, name, kind, identity, json.loads(data)["text"], marks, data)


def maybe_ids(connection: sqlite3.Connection, query: str) -> list[tuple[str, str, Kind, str]]:
    """Return the key and id of the relationship, the kind and the id of each entry whose id has `query` in it."""
    wanted = query.strip().casefold()
    rows = connection.execute(
        "SELECT files.key, files.id, entries.kind, entries.id FROM entries JOIN files USING (number)"
        " WHERE entries.kind IN ('person', 'issue', 'heard', 'encounter') AND instr(lower(entries.id), ?)"
        " ORDER BY file",
        (wanted,),
    )
    return rows.fetchall() if wanted else []


# ── topics ───────────────────────────────────────────────────────────────────────────────────────────────

_DAY = "entries.id, substr(at, 1, 10)"

_SHOWN = """
(NOT archived OR EXISTS (
    SELECT 1 FROM parties JOIN files AS others ON others.id = party
    WHERE parties.company = entries.company AND NOT others.archived
))
"""
"""Which encounters stand in the timeline of someone who is not archived."""


def topics(connection: sqlite3.Connection, today: date) -> list[Topic]:
    """Return what we are talking about with everyone who is not archived: `core.topics.topics` over all of them."""
    talked: defaultdict[str, dict[str, str]] = defaultdict(dict)
    query = f"SELECT topic, {_DAY} {_all('encounter')} CROSS JOIN talks ON talks.entry = entries.entry WHERE {_SHOWN}"
    for topic, encounter, day in connection.execute(query):
        talked[topic][encounter] = day
    dated: defaultdict[str, list[str]] = defaultdict(list)
    still_open: defaultdict[str, int] = defaultdict(int)
    issues = list(_issues_with_topics(connection, today))
    days = _days(connection, {each for issue in issues for each in issue.encounters})
    for issue in issues:
        for topic in issue.topics:
            talked[topic].update((each, days[each]) for each in issue.encounters if each in days)
            dated[topic].append(issue.since)
            still_open[topic] += issue.is_open
    found = []
    for topic in talked.keys() | dated.keys():
        when = [*talked[topic].values(), *dated[topic]]
        since, latest = (date.fromisoformat(each) for each in (min(when), max(when)))
        found.append(Topic(topic, since, len(talked[topic]), still_open[topic], latest))
    return sorted(found, key=lambda each: (-each.open, -each.latest.toordinal(), -each.encounters, each.topic))


@dataclass(frozen=True, slots=True)
class _Talked:
    """As much of an issue as its topics depend on; `encounters` are those that it names."""

    topics: frozenset[str]
    encounters: frozenset[str]
    since: str
    is_open: bool


def _issues_with_topics(connection: sqlite3.Connection, today: date) -> Iterator[_Talked]:
    test = mark_test("open", today)
    query = f"SELECT data, at, {test.sql} {_all('issue')} AND NOT archived AND instr(data, '#')"
    for data, at, is_open in connection.execute(query, test.values):
        issue = json.loads(data)
        if found := topics_in(issue["text"]):
            named = {issue.get("opened_in", ""), issue.get("closed_in", ""), *issue.get("carried", ())}
            yield _Talked(found, frozenset(named), at[:10] if at else today.isoformat(), bool(is_open))


def _days(connection: sqlite3.Connection, encounters: Collection[str]) -> dict[str, str]:
    """Return the days of those of these encounters that are shown."""
    query = f"SELECT {_DAY} {_all('encounter')} AND entries.id IN (SELECT value FROM json_each(?)) WHERE {_SHOWN}"
    return dict(connection.execute(query, (json.dumps(sorted(encounters)),)).fetchall())

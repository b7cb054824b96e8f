"""The relationships as lines of a list: how they stand in the index, and how they come out of it."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal, TypeAlias, overload

from convo_tui.core.summary import OpenIssue, Summary

Order: TypeAlias = Literal["attention", "name", "last contact"]
"""The orders of `summary.by_attention`, `by_name` and `by_last_contact`."""

SUMMARY = (
    "key, id, name, kind, file, organisation, role, tags, archived, last_contact, issues, sparks, cadence, next_on,"
    " snoozed_until, problem, clash, line, readable"
)
"""The columns of `files` that `summary_of` takes."""


def summary_of(row: Sequence[Any]) -> Summary:
    """Return the summary in a row of the columns `SUMMARY`."""
    # fmt: off
    (key, identity, name, kind, file, organisation, role, tags, archived, last_contact, issues, sparks, cadence,
     next_on, snoozed_until, problem, clash, line, readable) = row
    # fmt: on
    return Summary(
        key=key,
        id=identity,
        name=name,
        kind=kind,
        file=file,
        organisation=organisation,
        role=role,
        tags=tuple(json.loads(tags)) if tags != "[]" else (),
        archived=bool(archived),
        last_contact=datetime.fromisoformat(last_contact) if last_contact else None,
        issues=tuple(OpenIssue(_day(shows), _day(due), owner) for shows, due, owner in json.loads(issues)),
        sparks=tuple(json.loads(sparks)),
        cadence=cadence,
        next_on=_day(next_on),
        snoozed_until=_day(snoozed_until),
        problem=(problem or clash) if key == identity else (clash or problem),
        line=line,
        readable=bool(readable),
    )


def columns_of(summary: Summary) -> dict[str, Any]:
    """Return the columns of `files` for a summary that is not one of two with the same id."""
    return {
        "key": summary.key,
        "id": summary.id,
        "name": summary.name,
        "called": summary.name.casefold(),
        "kind": summary.kind,
        "organisation": summary.organisation,
        "role": summary.role,
        "tags": json.dumps(summary.tags),
        "archived": summary.archived,
        "issues": json.dumps([(_iso(each.shows_from), _iso(each.due), each.owner) for each in summary.issues]),
        "cadence": summary.cadence,
        "next_on": _iso(summary.next_on),
        "snoozed_until": _iso(summary.snoozed_until),
        "problem": summary.problem,
        "clash": "",
        "line": summary.line,
        "readable": summary.readable,
        **order_of(summary),
    }


def order_of(summary: Summary) -> dict[str, Any]:
    """Return the columns of `files` that depend on encounters, and put a relationship into its place in a list.

    `rank` is the part of `summary.by_attention` that no day changes: the lowest comes first.
    """
    last = summary.last_contact
    return {
        "last_contact": _iso(last),
        "moment": last.timestamp() if last else 0.0,
        "sparks": json.dumps(summary.sparks),
        "wakes": _iso(summary.asks_from()),
        "late_from": _iso(summary.late_from()),
        "rank": 4 * (not summary.problem) + 2 * summary.archived + (last is None),
    }


_ORDERS: dict[Order, str] = {
    "attention": "rank, coalesce(wakes > ?, 1), moment DESC, name, file",
    "name": "called, key, file",
    "last contact": "moment DESC, called, file",
}
_PAGE = 128
_PAGES = 16
"""How many rows are fetched at once, and of how many pages the rows are kept."""


class Summaries(Sequence[Summary]):
    """Relationships in the order of a list, fetched from the index when they are looked at."""

    def __init__(self, connection: sqlite3.Connection, numbers: Sequence[int]) -> None:
        self._sql, self._numbers = connection, array("q", numbers)
        self._pages: OrderedDict[int, list[Summary]] = OrderedDict()

    def through(self, connection: sqlite3.Connection) -> Summaries:
        """Return the same list, fetched through another connection."""
        return Summaries(connection, self._numbers)

    def index_of(self, key: str) -> int | None:
        """Return where the relationship with this key stands; None when it is not here."""
        try:
            row = self._sql.execute("SELECT number FROM files WHERE key = ?", (key,)).fetchone()
            return self._numbers.index(row[0]) if row else None
        except (ValueError, sqlite3.Error):
            return None

    def __len__(self) -> int:
        return len(self._numbers)

    @overload
    def __getitem__(self, index: int) -> Summary: ...
    @overload
    def __getitem__(self, index: slice) -> list[Summary]: ...
    def __getitem__(self, index: int | slice) -> Summary | list[Summary]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        page, place = divmod(index % len(self), _PAGE)
        return self._page(page)[place]

    def _page(self, page: int) -> list[Summary]:
        if page not in self._pages:
            numbers = self._numbers[page * _PAGE : (page + 1) * _PAGE]
            try:
                self._pages[page] = self._fetched(numbers)
            except sqlite3.Error:  # the index is being made anew: a screen that is drawn cannot wait for that
                return [_GONE] * len(numbers)
            while len(self._pages) > _PAGES:
                self._pages.popitem(last=False)
        self._pages.move_to_end(page)
        return self._pages[page]

    def _fetched(self, numbers: Sequence[int]) -> list[Summary]:
        query = f"SELECT number, {SUMMARY} FROM files WHERE number IN (SELECT value FROM json_each(?))"
        found = self._sql.execute(query, (json.dumps(list(numbers)),))
        rows = {row[0]: summary_of(row[1:]) for row in found}
        return [rows.get(number, _GONE) for number in numbers]


_GONE = Summary("", "", "…", "person", "", problem="it is gone", readable=False)
"""What stands in a list for a file that has gone since: until the list is made anew, in a moment."""


def ordered(
    connection: sqlite3.Connection, order: Order, today: date, where: str = "1", *values: object
) -> Sequence[int]:
    """Return the numbers of the files for which `where` holds, in this order."""
    given = (today.isoformat(),) if order == "attention" else ()
    query = f"SELECT number FROM files WHERE {where} ORDER BY {_ORDERS[order]}"
    return array("q", (row[0] for row in connection.execute(query, (*values, *given))))


def first(connection: sqlite3.Connection, today: date, count: int) -> Summaries:
    """Return the first so many by attention: what the first paint needs, without looking at the others."""
    numbers: list[int] = []
    for rank in range(8):
        for due in ("wakes <= ?", "coalesce(wakes > ?, 1)"):
            query = f"SELECT number FROM files WHERE rank = ? AND {due} ORDER BY moment DESC, name, file LIMIT ?"
            found = connection.execute(query, (rank, today.isoformat(), count - len(numbers)))
            numbers += [row[0] for row in found]
        if len(numbers) >= count:
            break
    return Summaries(connection, numbers)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment is not None else None

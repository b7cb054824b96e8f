"""Which relationships of a list a query lets through, in SQL."""

from __future__ import annotations

import sqlite3
from datetime import date

from convo_tui.core.query import Query, Term, settled
from convo_tui.store.index.search import Tests, Who, all_of, mark_test, none_of

_OF_THEM = {
    "person": "kind = 'person'",
    "organisation": "kind = 'organisation'",
    "archived": "archived",
    "relationship": "1",
}
"""The marks that a relationship has by itself; it has the others when something in its file has them."""

_TOGETHER_WITH = """
id IN (SELECT value FROM json_each(?))
OR number IN (SELECT number FROM companies JOIN members USING (company)
    WHERE member IN (SELECT value FROM json_each(?)))
OR id IN (SELECT party FROM parties JOIN members USING (company)
    WHERE member IN (SELECT value FROM json_each(?)))
"""


def passing(connection: sqlite3.Connection, query: Query, today: date, who: Who) -> Tests:
    """Return what the rows of `files` have to pass.

    Words begin words of the name, an alias, the organisation, the role, the kind, the file or a tag; a #topic is one
    that is talked about; `since:` and `until:` bound the last contact; `with:` names those with whom it was, or
    themselves; `is:` marks the relationship, or something in its file.
    """
    query = settled(query, lambda word: _begins(connection, word))
    parts = [_said(term) for term in query.wanted]
    parts += [none_of(_said(term)) for term in query.unwanted]
    parts += [_marked(mark, today) for mark in query.marks]
    parts += [none_of(_marked(mark, today)) for mark in query.unmarked]
    parts += [Tests(f"({_TOGETHER_WITH})", (who(name),) * 3) for name in query.with_]
    parts += [none_of(Tests(f"({_TOGETHER_WITH})", (who(name),) * 3)) for name in query.without]
    for day, sign in ((query.since, ">="), (query.until, "<=")):
        if day is not None:
            parts.append(Tests(f"coalesce(substr(last_contact, 1, 10) {sign} ?, 0)", (day.isoformat(),)))
    return all_of(parts)


def _said(term: Term) -> Tests:
    if not term.is_topic:
        return Tests("instr(said, ?) > 0", (term.sought,))
    about = "number IN (SELECT number FROM entries WHERE instr(entries.said, ?) > 0)"
    return Tests(about, (term.sought,))


def _marked(mark: str, today: date) -> Tests:
    if mark == "late":
        return Tests("coalesce(late_from <= ?, 0)", (today.isoformat(),))
    if mark in _OF_THEM:
        return Tests(_OF_THEM[mark], ())
    test = mark_test(mark, today)
    return Tests(f"number IN (SELECT number FROM entries WHERE {test.sql})", test.values)


def _begins(connection: sqlite3.Connection, word: str) -> bool:
    query = "SELECT 1 FROM files WHERE instr(said, ?) > 0 LIMIT 1"
    return connection.execute(query, (f" {word}",)).fetchone() is not None

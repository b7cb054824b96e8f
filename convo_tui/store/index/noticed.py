"""The signs for the pulse (`core.signs`) as the index keeps them: of the relationships that may need attention."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from convo_tui.core.signs import Signs, from_json, to_json
from convo_tui.store.index.database import version, whole

# What can be told of `pulse_rules.rests` without the signs; of two files with one id the first counts.
_AWAKE = """
key = id AND readable AND NOT archived AND (snoozed_until IS NULL OR snoozed_until <= ?)
AND (last_contact IS NOT NULL OR cadence != '')
"""


def signs(connection: sqlite3.Connection, today: date) -> list[Signs]:
    """Return the signs of those who do not rest on `today`, as far as they are known."""
    query = f"SELECT signs FROM files JOIN noticed USING (number) WHERE {_AWAKE}"
    return [from_json(row[0]) for row in connection.execute(query, (today.isoformat(),))]


def unknown(connection: sqlite3.Connection, today: date) -> list[str]:
    """Return the keys of those whose signs are still to be gathered, from their file and others."""
    query = f"SELECT key FROM files WHERE {_AWAKE} AND number NOT IN (SELECT number FROM noticed) ORDER BY file"
    return [row[0] for row in connection.execute(query, (today.isoformat(),))]


def keep(connection: sqlite3.Connection, gathered: Iterable[Signs], seen: int) -> None:
    """Keep what was gathered, if it can be: unless another program has written since the version `seen`.

    It may know of changes that came too late for these signs. Then they are gathered again when they are needed.
    """
    query = "INSERT OR REPLACE INTO noticed SELECT number, ?, 1 FROM files WHERE key = ?"
    with suppress(sqlite3.Error), whole(connection):
        if version(connection) == seen:
            connection.executemany(query, [(to_json(each), each.id) for each in gathered])

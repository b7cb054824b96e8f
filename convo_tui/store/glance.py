"""A second look at the index, for the screen: before anything else is loaded, and beside what the journal does."""

from __future__ import annotations

import sqlite3

from convo_tui.clock import Clock
from convo_tui.core.summary import Summary
from convo_tui.paths import Places
from convo_tui.store.index import database, lists
from convo_tui.store.index.lists import Summaries

_FIRST = 120
"""How many relationships the first paint knows: more than any screen has lines."""


class Glance:
    """Reads the index of a journal through connections of its own, and never writes it."""

    def __init__(self, places: Places, clock: Clock) -> None:
        self._path, self._clock = places.index, clock

    def first(self) -> tuple[list[Summary], int] | None:
        """Return the first relationships by attention, and how many there are; None when the index knows none."""
        connection = database.reading(self._path)
        if connection is None:
            return None
        try:
            found = list(lists.first(connection, self._clock.today(), _FIRST))
            count = connection.execute("SELECT count(*) FROM files").fetchone()[0]
        except sqlite3.Error:
            return None
        finally:
            # The journal reads the bytes of the file before it opens it, which on POSIX would end the locks of a
            # connection of this process that is open: then another program takes itself for the only one.
            connection.close()
        return (found, int(count)) if count else None

    def through(self, listed: Summaries) -> Summaries:
        """Return the same list, fetched beside the journal where that is possible."""
        connection = database.reading(self._path)
        return listed.through(connection) if connection is not None else listed

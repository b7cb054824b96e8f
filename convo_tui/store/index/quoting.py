"""From the rows that answer a query to what is shown of them: the words as they were written."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

from convo_tui.core.findable import FoundKind, joined
from convo_tui.core.folding import TOPIC_MARK, folded
from convo_tui.core.hits import Hit
from convo_tui.core.query import Query
from convo_tui.store import files
from convo_tui.store.errors import Damage
from convo_tui.store.index.search import Row
from convo_tui.store.names import path_of

_HEADER, _NEXT = b"[[encounters]]", b"\n["
_TRIES = 8
"""How many lines that may be the next header are tried."""


def hits(connection: sqlite3.Connection, folder: Path, rows: Iterable[Row], query: Query, width: int) -> list[Hit]:
    """Return what is to be shown of these rows, in lines of at most `width` characters.

    A note is read from its file; where that has changed in this instant, the line is empty.
    """
    homes: dict[int, tuple[str, str, str, str]] = {}
    read: dict[str, bytes] = {}
    found = []
    for row in rows:
        if row.number not in homes:
            home = "SELECT key, id, name, file FROM files WHERE number = ?"
            homes[row.number] = connection.execute(home, (row.number,)).fetchone()
        key, identity, name, file = homes[row.number]
        if row.kind == "encounter":
            if file not in read:
                read[file] = _bytes(path_of(folder, file))
            text = _note(read[file], row)
        elif row.kind in ("issue", "heard"):
            said = json.loads(row.data)
            text = joined(said["text"], said.get("outcome", ""))
        else:
            text = row.data
        at = datetime.fromisoformat(row.at) if row.at else None
        found.append(Hit(key, identity, name, cast(FoundKind, row.kind), row.id, at, text, query, width))
    return found


def _bytes(path: Path) -> bytes:
    try:
        return files.read(path)
    except Damage:
        return b""


def _note(data: bytes, row: Row) -> str:
    """Return the note of an encounter in the bytes of a file.

    Only the block of the encounter is read, as far as that can be told from outside: a note may quote an entry, or
    have lines that look like a header. Where it does not say what the row says, all of the file is read.
    """
    import rtoml

    at = data.find(b'\nid = "%s"' % row.id.encode())
    start, end = data.rfind(_HEADER, 0, at + 1), at
    for _ in range(_TRIES) if 0 <= start < at else ():
        end = data.find(_NEXT, end + 1)
        with suppress(ValueError, rtoml.TomlParsingError):
            block = data[start : end if end >= 0 else len(data)]
            (encounter,) = rtoml.loads(block.decode("utf-8"))["encounters"]
            if encounter.get("id") == row.id and _says(note := str(encounter.get("note", "")), row):
                return note
        if end < 0:
            break
    return _note_of_all(data, row)


def _note_of_all(data: bytes, row: Row) -> str:
    from convo_tui.store import codec

    with suppress(codec.Malformed):
        for encounter in codec.read(data, UTC).relationship.encounters:
            if encounter.id == row.id and _says(encounter.note, row):
                return encounter.note
    return ""


def _says(note: str, row: Row) -> bool:
    """Whether these are the words of a row, after which only topics may stand."""
    words = folded(note)
    return row.said.startswith(words) and row.said[len(words) : len(words) + 1] in ("", TOPIC_MARK)

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
from convo_tui.core.hits import Hit
from convo_tui.core.query import Query
from convo_tui.store import files
from convo_tui.store.errors import Damage
from convo_tui.store.index.search import Row

_HEADER = b"[[encounters]]"


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
                read[file] = _bytes(folder / file)
            text = _note(read[file], row.id)
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


def _note(data: bytes, identity: str) -> str:
    """Return the note of an encounter in the bytes of a file.

    The file is as it was when it was found to be sound, so only the block of the encounter is read; all of it where
    that block cannot be told for sure.
    """
    import rtoml

    at = data.find(b'"%s"' % identity.encode())
    start, end = data.rfind(_HEADER, 0, at), data.find(b"\n[", at)
    block = data[start : end if end >= 0 else len(data)]
    if 0 <= start < at:
        with suppress(ValueError, rtoml.TomlParsingError):
            (encounter,) = rtoml.loads(block.decode("utf-8"))["encounters"]
            if encounter.get("id") == identity:
                return str(encounter.get("note", ""))
    return _note_of_all(data, identity)


def _note_of_all(data: bytes, identity: str) -> str:
    from convo_tui.store import codec

    with suppress(codec.Malformed):
        for encounter in codec.read(data, UTC).relationship.encounters:
            if encounter.id == identity:
                return encounter.note
    return ""

"""Restoring what a relationship, or one entry of it, was in an earlier version: as a new change, not as an old file."""

from __future__ import annotations

from typing import Any

from convo_tui.core import edits
from convo_tui.core.alike import alike
from convo_tui.core.errors import Refused
from convo_tui.core.inverse import reverted
from convo_tui.core.models import ENTRY_KINDS, FORMAT, Relationship
from convo_tui.core.sides import called


def restored(now: Relationship, then: Relationship, identity: str | None = None) -> Relationship:
    """Return `now` as it was `then`, all of it or only the entry `identity`; its id, format and former ids stay.

    With all of it the entries go that were not there then, and what names them. With one entry everything else stays;
    when it is gone it comes back at its place, and may name others that are gone ("it may live in another file").

    Raises:
        Refused: for two different relationships, a format newer than ours, an entry that was not there then or whose
            id now means another one, and when nothing would change.
    """
    if then.id not in (now.id, *now.former):
        raise Refused(f"{then.name} ({then.id}) and {now.name} ({now.id}) are two relationships; nothing was restored")
    for version in (now, then):
        if not version.is_writable:
            raise Refused(
                f"{version.name} is in format {version.format}, newer than {FORMAT}; update Convo to restore it"
            )
    result = _all(now, then) if identity is None else _one(now, then, identity)
    if alike(result, now):
        what = now.name if identity is None else f"{now.name}: {called(now, identity)}"
        raise Refused(f"{what} is as it was then already; nothing was restored")
    return result


def _all(now: Relationship, then: Relationship) -> Relationship:
    # Other files name it by the ids of what was joined into it: those resolve as before.
    more = (each for each in then.former if each not in (now.id, *now.former))
    result = then.model_copy(update={"id": now.id, "format": now.format, "former": (*now.former, *more)})
    return edits.without_references(result, _ids(now) - _ids(result))


def _one(now: Relationship, then: Relationship, identity: str) -> Relationship:
    table, table_now = edits.table_of(then, identity), edits.table_of(now, identity)
    if table is None:
        raise Refused(
            f"{now.name}: {called(now, identity)} was not there then; `convo delete {identity}` takes it away"
            if table_now
            else f"{now.name} had nothing with the id {identity} then; choose another version, or another entry"
        )
    if table_now not in (None, table) or identity in (now.id, *now.former):
        raise Refused(f"{now.name}: {identity} is the id of something else now; give that one another in its file")
    entries = {each.id: each for each in getattr(then, table)}
    entry: Any = entries.pop(identity)
    if table == "encounters":
        return edits.placed(now, entry) if table_now else edits.added(now, table, entry)
    if table_now:
        return edits.replaced(now, table, entry)
    # It was removed since: to take that back puts it behind what it stood behind.
    return reverted(now, then, then.model_copy(update={table: tuple(entries.values())}))


def _ids(relationship: Relationship) -> set[str]:
    return {entry.id for table in ENTRY_KINDS for entry in getattr(relationship, table)}

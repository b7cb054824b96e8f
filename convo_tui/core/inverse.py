"""Taking a change back: an inverse edit by id, never an old file put back, so what came in since stays."""

from __future__ import annotations

from typing import Any

from convo_tui.core import edits
from convo_tui.core.errors import Refused
from convo_tui.core.models import ENTRY_KINDS, Relationship


def reverted(current: Relationship, before: Relationship, after: Relationship) -> Relationship:
    """Return `current` without the change that led from `before` to `after`.

    Raises:
        Refused: when the same place has changed since.
    """
    fields = {
        key: old
        for key, old, new in _differences(before, after)
        if key not in ENTRY_KINDS and _unchanged(current, key, new, current.name)
    }
    result = current.model_copy(update=fields)
    for table in ENTRY_KINDS:
        result = _table_reverted(result, before, after, table)
    return result


def _table_reverted(current: Relationship, before: Relationship, after: Relationship, table: str) -> Relationship:
    old = {entry.id: entry for entry in getattr(before, table)}
    new = {entry.id: entry for entry in getattr(after, table)}
    if old == new:
        return current
    now = {entry.id: entry for entry in getattr(current, table)}
    for identity, entry in new.items():
        if identity not in old and identity in now:
            if now[identity] != entry:
                raise Refused(f"{current.name}: what was added then has changed since; nothing was taken back")
            current = edits.removed(current, identity)
        elif identity in old and old[identity] != entry:
            if identity not in now:
                raise Refused(f"{current.name}: what was changed then is gone; nothing was taken back")
            fields = {
                key: was
                for key, was, became in _differences(old[identity], entry)
                if _unchanged(now[identity], key, became, current.name)
            }
            current = edits.replaced(current, table, now[identity].model_copy(update=fields))
    for place, (identity, entry) in enumerate(old.items()):
        if identity not in new and identity not in now:
            current = _put_back(current, table, entry, place)
    return current


def _put_back(current: Relationship, table: str, entry: Any, place: int) -> Relationship:
    if table == "encounters":
        return edits.added(current, table, entry)
    entries = getattr(current, table)
    return current.model_copy(update={table: (*entries[:place], entry, *entries[place:])})


def _differences(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    keys = type(before).model_fields
    return [
        (key, getattr(before, key), getattr(after, key)) for key in keys if getattr(before, key) != getattr(after, key)
    ]


def _unchanged(current: Any, key: str, expected: Any, name: str) -> bool:
    if getattr(current, key) != expected:
        raise Refused(f"{name}: {key.rstrip('_')} has changed since; nothing was taken back")
    return True

"""Taking a change back: an inverse edit by id, never an old file put back, so what came in since stays."""

from __future__ import annotations

from typing import Any

from convo_tui.core import edits
from convo_tui.core.errors import Refused
from convo_tui.core.models import ENTRY_KINDS, Encounter, Relationship


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
    tables = {table: _entries_reverted(current, before, after, table) for table in ENTRY_KINDS}
    result = current.model_copy(update={**fields, **tables})
    # What was named before already stays named: an encounter that came from another file goes back there.
    gone = _ids(after) - _ids(before) - _ids(result) - edits.references(before)
    return edits.without_references(result, gone)


def _ids(relationship: Relationship) -> set[str]:
    return {entry.id for table in ENTRY_KINDS for entry in getattr(relationship, table)}


def _entries_reverted(current: Relationship, before: Relationship, after: Relationship, table: str) -> tuple[Any, ...]:
    old = {entry.id: entry for entry in getattr(before, table)}
    new = {entry.id: entry for entry in getattr(after, table)}
    result = []
    for entry in getattr(current, table):
        was, became = old.get(entry.id), new.get(entry.id)
        if became is None or became == was:
            result.append(entry)
        elif was is not None:
            differences = _differences(was, became)
            fields = {key: value for key, value, set_ in differences if _unchanged(entry, key, set_, current.name)}
            result.append(entry.model_copy(update=fields))
        elif entry != became:
            raise Refused(f"{current.name}: what was added then has changed since; nothing was taken back")
    present = {entry.id for entry in result}
    moved = {each.id: each for each in result if _has_moved(old.get(each.id), new.get(each.id))}
    result = [each for each in result if each.id not in moved]
    for identity in old:
        if identity in moved:
            _put_back(result, old, moved[identity])
    if any(identity not in present and old[identity] != new[identity] for identity in old.keys() & new.keys()):
        raise Refused(f"{current.name}: what was changed then is gone; nothing was taken back")
    for identity in old:
        if identity not in new and identity not in present:
            _put_back(result, old, old[identity])
    return tuple(result)


def _has_moved(was: Any, became: Any) -> bool:
    """Whether an encounter went to another place in time."""
    return isinstance(was, Encounter) and became is not None and was.at != became.at


def _put_back(entries: list[Any], old: dict[str, Any], entry: Any) -> None:
    """Behind those that stood before it; an encounter also behind what came in since and is older."""
    order = list(old)
    earlier = set(order[: order.index(entry.id)])
    place = max((index for index, each in enumerate(entries, 1) if each.id in earlier), default=0)
    if isinstance(entry, Encounter):
        while place < len(entries) and entries[place].id not in old and entries[place].at < entry.at:
            place += 1
    entries.insert(place, entry)


def _differences(before: Any, after: Any) -> list[tuple[str, Any, Any]]:
    keys = type(before).model_fields
    return [
        (key, getattr(before, key), getattr(after, key)) for key in keys if getattr(before, key) != getattr(after, key)
    ]


def _unchanged(current: Any, key: str, expected: Any, name: str) -> bool:
    if getattr(current, key) != expected:
        raise Refused(f"{name}: {key.rstrip('_')} has changed since; nothing was taken back")
    return True

"""Two relationships become one: someone who was added twice, or an organisation under two names.

"`former`: ids of relationships joined into this one; resolved everywhere" (CONTRACT.md, "The file"): no other file
has to change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain
from typing import Any, TypeVar

from convo_tui.core import edits
from convo_tui.core.errors import Refused
from convo_tui.core.models import ENTRY_KINDS, Encounter, Person, Relationship

T = TypeVar("T")

_FILLED_IN = ("organisation", "role", "cadence")
"""What is taken from the other where the one that stays says nothing."""


def joined(kept: Relationship, other: Relationship) -> Relationship:
    """Return `kept` with everything that `other` has; where only one can stand, `kept` is right.

    Its name becomes an alias, its id a former one. What both hold alike, after a join or a move that was cut short,
    is there once.

    Raises:
        Refused: when they are one already, or of two kinds, or an entry of the same id says two things.
    """
    if kept.id == other.id:
        raise Refused(f"{kept.name} is one relationship already")
    if kept.kind != other.kind:
        raise Refused(f"{kept.name} is {_a(kept)}, {other.name} {_a(other)}; only two of a kind can become one")
    selves = {kept.id, other.id, *kept.former, *other.former}
    update: dict[str, Any] = {key: getattr(other, key) for key in _FILLED_IN if not getattr(kept, key)}
    if update.get("organisation") in selves:
        update["organisation"] = ""
    if kept.next_on is None and not kept.next_about:
        update |= {"next_on": other.next_on, "next_about": other.next_about}
    update |= {
        "aliases": _once((kept.aliases, (other.name,), other.aliases), without={kept.name}),
        "former": _once((kept.former, (other.id,), other.former)),
        "tags": _once((kept.tags, other.tags)),
        "reach": (*kept.reach, *(each for each in other.reach if each.value not in {one.value for one in kept.reach})),
        "dates": (*kept.dates, *(each for each in other.dates if each not in kept.dates)),
        "story": "\n\n".join(_once(((kept.story,), (other.story,)), without={""})),
        "archived": kept.archived and other.archived,
    }
    result = kept.model_copy(update=update)
    extra = {key: value for key, value in (other.model_extra or {}).items() if key not in (kept.model_extra or {})}
    return edits.changed(_with_entries(result, other, selves), **extra)


def _with_entries(kept: Relationship, other: Relationship, selves: Collection[str]) -> Relationship:
    """Return it with the entries of both; who is at home needs no naming among those who took part."""
    here = {table: tuple(_at_home(each, selves) for each in getattr(kept, table)) for table in ENTRY_KINDS}
    result = kept.model_copy(update=here)
    known = {each.id: each for entries in here.values() for each in entries}
    for table in ENTRY_KINDS:
        for entry in getattr(other, table):
            coming = _at_home(entry, selves)
            if coming.id not in known:
                result = edits.added(result, table, coming)
            elif known[coming.id] != coming:
                raise Refused(f"{kept.name} and {other.name} both have {coming.id}, with other words: make them alike")
    return result


def _at_home(entry: T, selves: Collection[str]) -> T:
    if isinstance(entry, Encounter):
        update = {key: _once((getattr(entry, key),), without=selves) for key in ("with_", "mentions")}
        if any(value != getattr(entry, key) for key, value in update.items()):
            return entry.model_copy(update=update)
    if isinstance(entry, Person) and entry.relationship in selves:
        return entry.model_copy(update={"relationship": ""})
    return entry


def _once(values: Iterable[Iterable[str]], without: Collection[str] = ()) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys(chain.from_iterable(values)) if each not in without)


def _a(relationship: Relationship) -> str:
    return "an organisation" if relationship.kind == "organisation" else "a person"

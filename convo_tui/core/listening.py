"""What was heard, in groups: needs unmet, ideas, rivals, what matters in their life (PRODUCT.md, "Listening")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from convo_tui.core.grouping import Group
from convo_tui.core.models import Heard

Grouping: TypeAlias = Literal["kind", "relationship"]

GROUPINGS: tuple[Grouping, ...] = ("kind", "relationship")

WAITING = "Built, and waiting to be told"


@dataclass(frozen=True, slots=True)
class Listened:
    """Something heard, and from whom; `relationship` is the name.

    It `waits` when it is an idea that was built and is not told yet.
    """

    heard: Heard
    relationship_id: str
    relationship: str
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Listening:
    """What still holds, in groups, and what is `over`: met, or no longer so, what came last first."""

    groups: tuple[Group[Listened], ...]
    over: tuple[Listened, ...]


def listening(those: Iterable[Listened], by: Grouping = "kind") -> Listening:
    """Return what was heard in groups: by kind, needs first and those the oldest first, all else the newest first;
    or by relationship, in the order of their names, and in each of them in that same order.
    """
    everything = list(those)
    live = sorted((each for each in everything if each.heard.is_live), key=_since)
    groups = [Group(heading, found) for heading in _HEADINGS if (found := _under(heading, live))]
    if by == "relationship":
        groups = _by_relationship([each for group in groups for each in group.those])
    over = sorted((each for each in everything if not each.heard.is_live), key=_ended, reverse=True)
    return Listening(tuple(groups), tuple(over))


_UNMET, _IDEAS, _RIVALS, _ABOUT = "Unmet", "Their ideas", "Rivals", "About them"
_HEADINGS = (_UNMET, WAITING, _IDEAS, _RIVALS, _ABOUT)
_OTHERS = {"idea": _IDEAS, "rival": _RIVALS, "about": _ABOUT}
_OLDEST_FIRST = (_UNMET, WAITING)
"""What waits: for us to meet it, or to be told."""


def _heading(said: Listened) -> str:
    if said.heard.is_need:
        return _UNMET
    return WAITING if said.waits else _OTHERS[said.heard.kind]


def _under(heading: str, live: Sequence[Listened]) -> tuple[Listened, ...]:
    found = [each for each in live if _heading(each) == heading]
    return tuple(found if heading in _OLDEST_FIRST else reversed(found))


def _by_relationship(live: Sequence[Listened]) -> list[Group[Listened]]:
    grouped: dict[str, list[Listened]] = {}
    for each in live:
        grouped.setdefault(each.relationship_id, []).append(each)
    groups = [Group(found[0].relationship, tuple(found)) for found in grouped.values()]
    return sorted(groups, key=lambda group: group.heading.casefold())


def _since(said: Listened) -> date:
    return said.heard.since or date.min


def _ended(said: Listened) -> date:
    return said.heard.met or said.heard.dropped or date.min

"""The facts of an encounter in one line: `call · with Bo, Ana · today 10:37 · 12 min` (SCREENS.md)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from convo_tui.core.dates import DateOrder, NotADate, moment
from convo_tui.core.day_forms import MONTHS, WEEKDAYS, quoted
from convo_tui.core.errors import Ambiguous, NotFound, Refused
from convo_tui.core.match import Named

if TYPE_CHECKING:
    from convo_tui.core.models import Channel

Called: TypeAlias = Callable[[str], Sequence[Named]]

CHANNELS: dict[str, Channel] = {
    "call": "call",
    "meeting": "meeting",
    "email": "email",
    "chat": "chat",
    "note": "note",
}
"""The words for the channel of an encounter."""

_PART = re.compile(r'\s*([·,]|"[^"]*"|[^·,"]+|")')
_WITH = re.compile(r"with(?:\s+|$)", re.IGNORECASE)
_MINUTES = re.compile(r"(\d{1,4})\s*(?:m|mins?|minutes?)(\s+so\s+far)?", re.IGNORECASE | re.ASCII)
_SEPARATED = re.compile(r"[·,]")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a line says of an encounter; what it does not say is None, or nobody.

    `minutes` are None also when the line says `12 min so far`: the clock goes on counting.
    """

    channel: Channel | None = None
    who: tuple[Named, ...] = ()
    at: datetime | None = None
    minutes: int | None = None


def parse_facts(text: str, now: datetime, called: Called, order: DateOrder = None) -> Facts:
    """Return what a line says: its parts, between ` · ` or commas, in any order.

    `called` gives those whom a name means (`Context.called`). A time is an expression that looks back from `now`.

    Raises:
        Refused: when something is said twice.
        NotFound, Ambiguous: when a name is nobody's, or several people's.
        NotADate: when a part is a time that cannot be meant, or nothing that is known here.
    """
    facts, counting = Facts(), False
    for part in _parts(text):
        bare = _WITH.sub("", part, count=1)
        name = bare.strip('" ')
        if channel := CHANNELS.get(part.casefold()):
            facts = _also(facts, "channel", channel=channel)
        elif minutes := _MINUTES.fullmatch(part):
            counting = counting or bool(minutes[2])
            facts = _also(facts, "minutes", minutes=None if counting else int(minutes[1]))
        elif bare != part or part.startswith('"') or called(name):
            facts = replace(facts, who=(*facts.who, *_meant(name, called, facts.who)))
        else:
            facts = _also(facts, "time", at=_time(part, now, order))
    return facts


def facts_line(facts: Facts, now: datetime, called: Called, so_far: int | None = None) -> str:
    """Return the line that says `facts`, as `parse_facts` reads it; `so_far` are the minutes on the clock."""
    parts: list[str] = [facts.channel] if facts.channel else []
    if facts.who:
        parts.append("with " + ", ".join(_spelled(each, called) for each in facts.who))
    if facts.at is not None:
        parts.append(f"{_spelled_day(facts.at.date(), now.date())} {facts.at:%H:%M}")
    if facts.minutes is not None:
        parts.append(f"{facts.minutes} min")
    elif so_far:
        parts.append(f"{so_far} min so far")
    return " · ".join(parts)


def _also(facts: Facts, what: str, **fact: Any) -> Facts:
    if any(getattr(facts, key) is not None for key in fact):
        raise Refused(f"the line says the {what} twice; leave one of them")
    return replace(facts, **fact)


def _parts(text: str) -> list[str]:
    """The parts of a line; what stands in quotes is never parted."""
    parts = [""]
    for found in _PART.finditer(text):
        if found[1] in "·,":
            parts.append("")
        else:
            parts[-1] += found[0]
    return [part.strip() for part in parts if part.strip()]


def _meant(name: str, called: Called, already: Sequence[Named]) -> list[Named]:
    """The one whom a name means, unless it is nobody's or someone who is named already."""
    found = called(name) if name else []
    if name and not found:
        raise NotFound(f"nobody is called {quoted(name)}; correct the name, or add them first")
    if len(found) > 1:
        labels = [each.label for each in found]
        raise Ambiguous(f"{len(found)} answer to {quoted(name)}: {', '.join(labels[:3])}; say which", labels)
    return [each for each in found if each not in already]


def _time(part: str, now: datetime, order: DateOrder) -> datetime:
    try:
        return moment(part, now, order)
    except NotADate as error:
        if any(character.isdecimal() for character in part):
            raise
        raise NotADate(
            f"{quoted(part)} is neither call, meeting, email, chat or note, nor someone, a time or minutes"
        ) from error


def _spelled(named: Named, called: Called) -> str:
    """A name that is read as that one alone, in quotes where it would be read as something else."""
    name = " ".join(named.name.replace('"', " ").split())
    if len(called(name)) != 1:
        name = named.file.removesuffix(".toml") or named.id
    other = name.casefold() in CHANNELS or _MINUTES.fullmatch(name) or _WITH.match(name)
    return f'"{name}"' if other or _SEPARATED.search(name) else name


def _spelled_day(day: date, today: date) -> str:
    if day == today:
        return "today"
    if day == today - timedelta(days=1):
        return "yesterday"
    year = "" if timedelta() < today - day < timedelta(days=330) else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()].title()} {day.day} {MONTHS[day.month - 1].title()}{year}"

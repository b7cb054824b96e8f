"""Reads the sample's content: what to replay, in days before today. No clock and no journal here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convo_tui.core.models import Channel, Influence, Kind, ReachKind, Stance


@dataclass(frozen=True)
class SampleReach:
    """A way to reach someone, as in CONTRACT.md, "The file"."""

    kind: ReachKind
    value: str
    label: str = ""


@dataclass(frozen=True)
class SampleDate:
    """A birthday or a renewal that comes round `in_days` days after today; below 0 it came round before."""

    label: str
    in_days: int
    once: bool = False


@dataclass(frozen=True)
class SamplePerson:
    """Someone in an organisation; `has_relationship` when a relationship of the same name is their own file."""

    name: str
    role: str = ""
    influence: Influence = "unknown"
    stance: Stance = "unknown"
    reach: tuple[str, ...] = ()
    has_relationship: bool = False
    left_days_ago: int | None = None


@dataclass(frozen=True)
class SampleParked:
    """An issue to park once all is replayed: the one open issue that `match` names, all words.

    `until_days` counts from today, 0 is back today; None parks it until it is reopened.
    """

    match: str
    until_days: int | None = None


@dataclass(frozen=True)
class SampleEncounter:
    """One encounter, `days_ago` days before today at the local `time`.

    `with_` names people of the home organisation or other relationships. `note` is as typed: its marker
    lines are still in it, and their dates look forward from the day of the encounter.
    """

    days_ago: int
    time: time
    note: str
    channel: Channel = "call"
    with_: tuple[str, ...] = ()
    minutes: int | None = None
    spark: int | None = None


@dataclass(frozen=True)
class SampleRelationship:
    """A relationship with its encounters, oldest first.

    `parked`, `dropped` (words of one open issue each) and `built` (words of one idea each) are to be done after the
    replay. It is snoozed for `snoozed_days` from today.
    """

    name: str
    kind: Kind
    organisation: str = ""
    role: str = ""
    aliases: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    cadence: str | None = None
    snoozed_days: int | None = None
    story: str = ""
    reach: tuple[SampleReach, ...] = ()
    dates: tuple[SampleDate, ...] = ()
    people: tuple[SamplePerson, ...] = ()
    parked: tuple[SampleParked, ...] = ()
    dropped: tuple[str, ...] = ()
    built: tuple[str, ...] = ()
    encounters: tuple[SampleEncounter, ...] = ()


def script() -> tuple[SampleRelationship, ...]:
    """Return the relationships of the sample, by file name."""
    import rtoml

    content = sorted(
        (file for file in files("convo_tui.sample").iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    return tuple(_relationship(rtoml.loads(file.read_text(encoding="utf-8"))) for file in content)


def _relationship(table: dict[str, Any]) -> SampleRelationship:
    made = {key: _MADE.get(key, _as_it_is)(value) for key, value in table.items()}
    return SampleRelationship(**made)


def _as_it_is(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _person(row: dict[str, Any]) -> SamplePerson:
    return SamplePerson(**{key: _as_it_is(value) for key, value in row.items()})


def _encounter(row: dict[str, Any]) -> SampleEncounter:
    fields = {key: _as_it_is(value) for key, value in row.items()}
    return SampleEncounter(
        time=time.fromisoformat(fields.pop("time")),
        note=fields.pop("note").strip(),
        with_=fields.pop("with", ()),
        **fields,
    )


_MADE: dict[str, Callable[[Any], Any]] = {
    "story": str.strip,
    "reach": lambda rows: tuple(SampleReach(**row) for row in rows),
    "dates": lambda rows: tuple(SampleDate(**row) for row in rows),
    "people": lambda rows: tuple(map(_person, rows)),
    "parked": lambda rows: tuple(SampleParked(**row) for row in rows),
    "encounters": lambda rows: tuple(map(_encounter, rows)),
}

"""What the lines of a note can mean, and what a note is read against (CONTRACT.md, "The note grammar")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TypeAlias, TypeVar

from convo_tui.core.dates import DateOrder
from convo_tui.core.match import Named, names
from convo_tui.core.models import Heard, HeardKind, Issue, Owner, Relationship


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """An open issue of someone who takes part; its place in the agenda is its number."""

    issue: Issue
    relationship_id: str


@dataclass(frozen=True)
class Context:
    """What a note is read against: who takes part, what is open with them, who can be named.

    `parties` are the relationships taking part, home first; `agenda` is in the order of its numbers; `needs`
    are the live things heard, each with its relationship's id; `everyone` are those who can be named, by id.
    """

    at: datetime
    today: date
    parties: tuple[Named, ...]
    agenda: tuple[AgendaItem, ...] = ()
    needs: tuple[tuple[str, Heard], ...] = ()
    everyone: Mapping[str, Named] = field(default_factory=dict)
    date_order: DateOrder = None

    @classmethod
    def between(
        cls,
        parties: Sequence[Relationship],
        agenda: Sequence[Issue],
        everyone: Mapping[str, Named] | Iterable[Named],
        at: datetime,
        today: date,
        date_order: DateOrder = None,
    ) -> Context:
        """Return the context of an encounter of `parties`, home first."""
        home_of = {issue.id: party.id for party in parties for issue in party.issues}
        by_id = everyone if isinstance(everyone, Mapping) else {named.id: named for named in everyone}
        return cls(
            at=at,
            today=today,
            parties=tuple(by_id[party.id] for party in parties),
            agenda=tuple(AgendaItem(issue, home_of.get(issue.id, parties[0].id)) for issue in agenda),
            needs=tuple((party.id, heard) for party in parties for heard in party.heard if heard.is_live),
            everyone=by_id,
            date_order=date_order,
        )

    @cached_property
    def people(self) -> tuple[Named, ...]:
        """Everyone who can be named, the people of home first. Only few notes name anyone: it is not read before."""
        return tuple(
            sorted(self.everyone.values(), key=lambda named: (named.home != self.parties[0].id, bool(named.home)))
        )

    def called(self, name: str) -> list[Named]:
        """Return those whom `name` means; someone in an organisation with a file of their own is one, not two."""
        found = names(name, self.people)
        return found[:1] if len({each.relationship or each.id for each in found}) == 1 else found

    @property
    def home(self) -> str:
        """The id of the relationship in whose file the encounter lives."""
        return self.parties[0].id


@dataclass(frozen=True, slots=True)
class Opens:
    """Opens an issue in the file of `relationship_id`."""

    relationship_id: str
    text: str
    owner: Owner
    due: date | None = None
    every: str | None = None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carries:
    """Carries these issues into the encounter."""

    items: tuple[AgendaItem, ...]


@dataclass(frozen=True, slots=True)
class Settles:
    """Settles an issue."""

    item: AgendaItem
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Meets:
    """Marks something heard as met."""

    relationship_id: str
    heard: Heard


@dataclass(frozen=True, slots=True)
class Hears:
    """Something heard from the relationship at home."""

    kind: HeardKind
    text: str


@dataclass(frozen=True, slots=True)
class TalksNext:
    """When, and about what, to talk again."""

    on: date | None
    about: str


@dataclass(frozen=True, slots=True)
class Takes:
    """Who took part."""

    who: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Sets:
    """A field of the encounter: `spark`, `nature` or `minutes`."""

    field: str
    value: int | str


@dataclass(frozen=True, slots=True)
class Quotes:
    """Their own words; they stay in the note."""


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A marked line that could not be understood: it stays in the note as typed."""

    reason: str


Meaning: TypeAlias = Opens | Carries | Settles | Meets | Hears | TalksNext | Takes | Sets | Quotes | Unmatched

M = TypeVar("M")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the note that means something: its index from 0, as typed, and what it means."""

    index: int
    typed: str
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Reading:
    """What a note means: the marked lines, and the note that is left."""

    lines: tuple[Line, ...] = ()
    note: str = ""
    mentions: tuple[str, ...] = ()

    def of(self, kind: type[M]) -> list[M]:
        """Return the meanings of one kind, in the order typed."""
        return [line.meaning for line in self.lines if isinstance(line.meaning, kind)]

    @property
    def unmatched(self) -> tuple[Line, ...]:
        """The marked lines that stay in the note because they match nothing, or more than one thing."""
        return tuple(line for line in self.lines if isinstance(line.meaning, Unmatched))

    def field(self, name: str) -> int | str | None:
        """Return the last value set for a field of the encounter."""
        values = [found.value for found in self.of(Sets) if found.field == name]
        return values[-1] if values else None

    @property
    def took_part(self) -> tuple[Named, ...]:
        """Everyone named in `with:` lines, once each."""
        return tuple({who.id: who for found in self.of(Takes) for who in found.who}.values())

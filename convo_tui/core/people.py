"""The people of an organisation: who decides, who supports, whom you have not spoken with, who was spoken of by whom.

"A relationship is many people" (PRODUCT.md). Someone may also have a file of their own; the two are linked both ways:
`people.relationship` leads to the file, and `organisation` in the file leads back (CONTRACT.md, "The file").
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from convo_tui.core import edits, pulse_rules
from convo_tui.core.errors import NotFound
from convo_tui.core.form_lines import kind_of
from convo_tui.core.match import Named, slug
from convo_tui.core.models import Encounter, Influence, Person, Reach, Relationship, Stance
from convo_tui.core.noticing import meant_by, present
from convo_tui.core.pulse_rules import Reason, Rule, Thresholds
from convo_tui.core.reaching import Way, ways
from convo_tui.core.signs import Signs

T = TypeVar("T")

INFLUENCES: tuple[Influence, ...] = ("unknown", "decides", "influences", "uses", "partner")
STANCES: tuple[Stance, ...] = ("unknown", "advocate", "neutral", "critic")

_RULES: tuple[Rule, ...] = (pulse_rules.nobody_decides, pulse_rules.silent_decider, pulse_rules.silent_critic)
_SAID = 2
"""So many sentences stand on top of the map at most."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An encounter in which someone was spoken of, and the names of those who took part in it, as far as is known."""

    encounter: Encounter
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Someone:
    """Someone of an organisation, and how far one is in touch with them.

    `own` is the id of their own relationship, empty without one. Who `is_listed` stands among the people of the
    organisation, and has the id there; who is not has that of their relationship, which states the organisation.
    `encounters` are the contacts in which they took part, newest first; so are `mentions`.
    """

    id: str
    name: str
    role: str = ""
    influence: Influence = "unknown"
    stance: Stance = "unknown"
    left: date | None = None
    own: str = ""
    is_listed: bool = True
    encounters: tuple[Encounter, ...] = ()
    mentions: tuple[Mention, ...] = ()

    @property
    def last(self) -> date | None:
        """The day of the last encounter in which they took part."""
        return self.encounters[0].at.date() if self.encounters else None

    def has_left(self, today: date) -> bool:
        """Whether they are no longer there on `today`."""
        return self.left is not None and self.left <= today


def people_of(
    organisation: Relationship,
    timeline: Iterable[Encounter],
    belonging: Sequence[Named],
    homes: Mapping[str, str],
    name_of: Callable[[str], str],
    today: date,
    roles: Mapping[str, str] = MappingProxyType({}),
) -> list[Someone]:
    """Return everyone of an organisation: its people as written, then those with only a file of their own, last of all
    those who left.

    `timeline` holds every encounter in which it took part or one of them was spoken of, in any order; `homes` gives the
    relationship in whose file one of them lives that is not in this one's. `belonging` are the relationships that
    belong to it, `roles` what they are there by their ids, and `name_of` gives the name behind an id.
    """
    meant = meant_by(organisation, belonging)
    met: defaultdict[str, list[Encounter]] = defaultdict(list)
    spoken_of: defaultdict[str, list[Mention]] = defaultdict(list)
    for encounter in sorted(timeline, key=lambda each: each.at, reverse=True):
        there = present(encounter, meant, homes) if encounter.is_contact else ()
        for each in there:
            met[each].append(encounter)
        for each in {meant[who] for who in encounter.mentions if who in meant}:
            spoken_of[each].append(Mention(encounter, _names(encounter, homes, name_of)))
    own = {meant[each.id]: each.id for each in belonging}
    listed = [_someone(each, own.get(each.id, "")) for each in organisation.people]
    known = {each.id for each in listed}
    others = [
        Someone(each.id, each.name, roles.get(each.id, ""), own=each.id, is_listed=False)
        for each in belonging
        if meant[each.id] not in known
    ]
    everyone = [
        replace(each, encounters=tuple(met[each.id]), mentions=tuple(spoken_of[each.id])) for each in (*listed, *others)
    ]
    return sorted(everyone, key=lambda each: each.has_left(today))


def _someone(person: Person, own: str) -> Someone:
    return Someone(person.id, person.name, person.role, person.influence, person.stance, person.left, own)


def _names(encounter: Encounter, homes: Mapping[str, str], name_of: Callable[[str], str]) -> tuple[str, ...]:
    ids = (homes.get(encounter.id, ""), *encounter.with_)
    return tuple(dict.fromkeys(filter(None, map(name_of, filter(None, ids)))))


def remarks(signs: Signs, today: date, thresholds: Thresholds) -> list[Reason]:
    """Return what the pulse says of the people of an organisation, in at most two sentences."""
    return [found for rule in _RULES if (found := rule(signs, today, thresholds)) is not None][:_SAID]


def ways_to(organisation: Relationship, identity: str, own: Relationship | None) -> list[Way]:
    """Return every way to reach someone: those of their own file, then those that stand with the organisation."""
    people = tuple(each.model_copy(update={"left": None}) for each in organisation.people if each.id == identity)
    reach = own.reach if own is not None else ()
    unique: dict[str, Way] = {}
    for each in ways(organisation.model_copy(update={"reach": reach, "people": people})):
        unique.setdefault(each.value, replace(each, name=""))
    return list(unique.values())


# Changing who is there.


def person(organisation: Relationship, identity: str) -> Person:
    """Return the person with this id. Raises NotFound."""
    found = next((each for each in organisation.people if each.id == identity), None)
    if found is None:
        raise NotFound(f"{organisation.name} has no person {identity} any more")
    return found


def next_influence(organisation: Relationship, identity: str) -> Relationship:
    """Return it with the next influence for a person. Raises NotFound."""
    now = person(organisation, identity)
    return with_person(organisation, edits.changed(now, influence=_next(INFLUENCES, now.influence)))


def next_stance(organisation: Relationship, identity: str) -> Relationship:
    """Return it with the next stance for a person. Raises NotFound."""
    now = person(organisation, identity)
    return with_person(organisation, edits.changed(now, stance=_next(STANCES, now.stance)))


def left_or_back(organisation: Relationship, identity: str, today: date) -> Relationship:
    """Return it with a person who is there having left today, or one who left back again. Raises NotFound."""
    now = person(organisation, identity)
    return with_person(organisation, edits.changed(now, left=None if now.left else today))


def with_person(organisation: Relationship, new: Person) -> Relationship:
    """Return it with a person in the place of the one with the same id, or at the end."""
    is_here = any(each.id == new.id for each in organisation.people)
    return (edits.replaced if is_here else edits.added)(organisation, "people", new)


def linked_to(organisation: Relationship, identity: str, own: str) -> Relationship:
    """Return it with a person linked to the relationship of their own with the id `own`. Raises NotFound."""
    return with_person(organisation, edits.changed(person(organisation, identity), relationship=own))


def namesake(organisation: Relationship, own: Relationship) -> Person | None:
    """Return the one person, without a file of their own, who is called like a relationship; None if not just one."""
    names = {slug(each) for each in (own.name, *own.aliases)} - {""}
    found = [each for each in organisation.people if not each.relationship and slug(each.name) in names]
    return found[0] if len(found) == 1 else None


def linked(organisation: Relationship, own: Relationship) -> Relationship:
    """Return it with its person of the same name linked to their own relationship; the same when there is not just one.

    Nothing changes either when somebody there is linked to it already.
    """
    ids = {own.id, *own.former}
    found = namesake(organisation, own)
    if found is None or any(each.relationship in ids for each in organisation.people):
        return organisation
    return linked_to(organisation, found.id, own.id)


def taken_in(organisation: Relationship, own: Relationship, identity: str) -> Relationship:
    """Return it with someone among its people who has a relationship of their own: linked, or new with this id."""
    now = linked(organisation, own)
    if any(each.relationship in {own.id, *own.former} for each in now.people):
        return now
    return with_person(now, Person(id=identity, name=own.name, role=own.role, relationship=own.id))


def ways_of(someone: Person) -> tuple[Reach, ...]:
    """Return the ways to reach a person as a relationship of their own holds them: each with its kind."""
    return tuple(Reach(kind=kind_of(each), value=each) for each in someone.reach if each.strip())


def _next(those: Sequence[T], one: T) -> T:
    return those[(those.index(one) + 1) % len(those)]

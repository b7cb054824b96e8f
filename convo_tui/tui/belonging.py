"""Who belongs to an organisation: what the map of its people asks of the journal, on the journal's thread.

Not imported before the first paint: Pydantic comes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from convo_tui.core import edits, noticing, people
from convo_tui.core.match import slug
from convo_tui.core.models import Encounter, Person, Relationship
from convo_tui.core.people import Someone
from convo_tui.core.pulse_rules import Reason, Thresholds
from convo_tui.core.reaching import Way
from convo_tui.sanitize import single
from convo_tui.tui.place import Place

if TYPE_CHECKING:
    from convo_tui.settings import Settings
    from convo_tui.store.journal import Journal, View


@dataclass(frozen=True)
class Map:
    """The people of an organisation, and what is to be said of them."""

    everyone: Sequence[Someone]
    said: Sequence[Reason]


def organisation_of(journal: Journal, key: str) -> Place | str:
    """Return the organisation whose people are meant by the relationship of `key`, or in a line why there is none.

    Raises:
        NotFound, Damage: when the relationship, or the organisation, cannot be read.
    """
    now = journal.view(key).relationship
    if now.kind == "organisation":
        return Place(key, "relationship", now.id, now.name)
    named = journal.directory.everyone.get(now.id)
    stated = journal.directory.organisation(named) if named is not None else ""
    for each in filter(None, (stated, *(other.key for other in journal.index.naming({now.id})))):
        found = journal.view(each)
        if found.relationship.kind == "organisation" and (each == stated or _lists(found.relationship, now)):
            return Place(found.summary.key, "relationship", found.relationship.id, found.relationship.name)
    if now.organisation.strip():
        return f"{single(now.organisation)} has no file here as an organisation; N adds it."
    return f"{single(now.name)} is in no organisation; e names one."


def _lists(organisation: Relationship, own: Relationship) -> bool:
    return any(each.relationship in (own.id, *own.former) for each in organisation.people)


def map_of(journal: Journal, key: str, settings: Settings) -> Map:
    """Return the people of an organisation as they stand. Raises NotFound, Damage."""
    view, today = journal.view(key), journal.clock.today()
    organisation = view.relationship
    theirs = [each for each in journal.belonging(organisation) if each.id != organisation.id]
    timeline, homes = _timeline(journal, view, noticing.meant_by(organisation, theirs))
    summaries = {each.id: journal.index.summary(each.id) for each in theirs}
    roles = {identity: found.role for identity, found in summaries.items() if found is not None}
    everyone = people.people_of(organisation, timeline, theirs, homes, journal.directory.name, today, roles)
    signs = noticing.signs(organisation, view.timeline, theirs, view.homes)
    return Map(everyone, people.remarks(signs, today, Thresholds.of(settings.pulse)))


def _timeline(journal: Journal, view: View, ids: Iterable[str]) -> tuple[list[Encounter], dict[str, str]]:
    """Return the encounters in which an organisation took part or someone of it was spoken of, and where they live."""
    timeline, homes, spoken_of = list(view.timeline), dict(view.homes), frozenset(ids)
    known = {each.id for each in timeline}
    for other in journal.index.naming(spoken_of):
        for each in journal.view(other.key).relationship.encounters:
            if each.id not in known and not spoken_of.isdisjoint(each.mentions):
                timeline.append(each)
                homes[each.id] = other.id
    return timeline, homes


def ways_to(journal: Journal, key: str, someone: Someone) -> list[Way]:
    """Return every way to reach someone of the organisation of `key`. Raises NotFound, Damage."""
    own = journal.view(someone.own).relationship if someone.own else None
    return people.ways_to(journal.view(key).relationship, someone.id, own)


# ── a file of their own ──────────────────────────────────────────────────────────────────────────────────


def own_relationship(journal: Journal, key: str, identity: str) -> str:
    """Give a person of the organisation of `key` a relationship of their own, linked both ways; return its key.

    It is the one of that name which has no other organisation, when there is just one; else a new one. Raises what
    `Journal.change` does.
    """
    organisation = journal.view(key).relationship
    person = people.person(organisation, identity)
    with journal.together(f"a file of their own for {person.name}"):
        own = _namesake(journal, organisation, person) or _create(journal, organisation, person)
        journal.change(key, f"link {person.name}", lambda now: people.linked_to(now, identity, own))
    return own


def _namesake(journal: Journal, organisation: Relationship, person: Person) -> str:
    """Return the id of the one relationship that can only be theirs, its organisation stated; empty for none."""
    linked = {each.relationship for each in organisation.people}
    found = [
        each
        for each in journal.summaries()
        if slug(each.name) == slug(person.name) != "" and each.kind == "person" and not each.problem
        if each.id not in linked and _may_belong(journal, each.id, organisation.id)
    ]
    if len(found) != 1:
        return ""
    if not found[0].organisation:
        what = f"organisation of {found[0].name}"
        journal.change(found[0].key, what, lambda now: edits.changed(now, organisation=organisation.id))
    return found[0].id


def _may_belong(journal: Journal, identity: str, organisation: str) -> bool:
    named = journal.directory.everyone.get(identity)
    return named is not None and (not named.organisation or journal.directory.organisation(named) == organisation)


def _create(journal: Journal, organisation: Relationship, person: Person) -> str:
    reach = people.ways_of(person)
    new = journal.create(person.name, another=True, organisation=organisation.id, role=person.role, reach=reach)
    return new.id


def take_in(journal: Journal, key: str, own: str) -> Relationship:
    """Add the relationship `own` to the people of the organisation of `key`. Raises what `Journal.change` does."""
    relationship, identity = journal.view(own).relationship, journal.new_id()
    what = f"{relationship.name} among the people"
    return journal.change(key, what, lambda now: people.taken_in(now, relationship, identity))

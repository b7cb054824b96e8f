"""Moving an encounter to another relationship: what was opened and heard in it moves along, nothing is lost.

Issues that stay keep naming it: "it may live in another file" (CONTRACT.md, "The file").
"""

from __future__ import annotations

from dataclasses import dataclass

from convo_tui.core import edits
from convo_tui.core.errors import Refused
from convo_tui.core.models import Encounter, Heard, Issue, Relationship
from convo_tui.core.telling import telling_id


@dataclass(frozen=True, slots=True)
class Moved:
    """An encounter, with the issues opened in it and what was heard in it."""

    encounter: Encounter
    issues: tuple[Issue, ...]
    heard: tuple[Heard, ...]


def belongings(relationship: Relationship, identity: str) -> Moved:
    """Return an encounter of this file and what moves along. Raises NotFound.

    The next of a recurring issue, opened when the one before was settled there, stays with it. What is to tell that an
    idea of this encounter was built goes with the idea.
    """
    encounter = edits.encounter(relationship, identity)
    heard = tuple(each for each in relationship.heard if each.heard_in == identity)
    telling = {telling_id(each.id) for each in heard}
    series = {(each.text, each.every) for each in relationship.issues if each.closed_in == identity and each.every}
    return Moved(
        encounter,
        tuple(
            each
            for each in relationship.issues
            if each.id in telling
            or (each.opened_in == identity and (each.closed_in == identity or (each.text, each.every) not in series))
        ),
        heard,
    )


def moved_out(moved: Moved, relationship: Relationship) -> Relationship:
    """Return the old home without them.

    Raises:
        Refused, NotFound: when another writer has changed them since they were read.
    """
    if belongings(relationship, moved.encounter.id) != moved:
        raise Refused(f"{relationship.name}: the encounter has changed meanwhile; nothing was moved, try again")
    update = {
        "encounters": tuple(each for each in relationship.encounters if each != moved.encounter),
        "issues": tuple(each for each in relationship.issues if each not in moved.issues),
        "heard": tuple(each for each in relationship.heard if each not in moved.heard),
    }
    return relationship.model_copy(update=update)


def moved_in(moved: Moved, relationship: Relationship) -> Relationship:
    """Return the new home with them; who is at home no longer needs naming among those who took part.

    What is there already, as after a move that was cut short, stays as it is.
    """
    with_ = tuple(each for each in moved.encounter.with_ if each != relationship.id)
    encounter = moved.encounter.model_copy(update={"with_": with_})
    for table, entries in (("encounters", (encounter,)), ("issues", moved.issues), ("heard", moved.heard)):
        present = {each.id for each in getattr(relationship, table)}
        for entry in entries:
            if entry.id not in present:
                relationship = edits.added(relationship, table, entry)
    return relationship

"""Every change as a function: `(relationship, …) -> relationship`. What goes against a rule is `Refused`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from convo_tui.core.carry import refusal
from convo_tui.core.errors import NotFound, Refused
from convo_tui.core.match import Named
from convo_tui.core.models import (
    ENTRY_KINDS,
    FORMAT,
    Encounter,
    Heard,
    Issue,
    Person,
    Relationship,
)
from convo_tui.core.recurring import following
from convo_tui.core.telling import idea_told_by, telling, telling_id, told_at

Entry = Person | Issue | Heard | Encounter
M = TypeVar("M", bound=BaseModel)


def changed(model: M, **fields: Any) -> M:
    """Return `model` with these fields, validated.

    Raises:
        Refused: naming the field and what is wrong with its value.
    """
    known = {_key(name): getattr(model, name) for name in type(model).model_fields}
    new = {_key(name) if name in type(model).model_fields else name: value for name, value in fields.items()}
    current = {**(model.model_extra or {}), **known}
    try:
        return type(model).model_validate({**current, **new}, by_alias=True, by_name=False)
    except ValidationError as error:
        raise Refused(_plain(error)) from None


def _key(field: str) -> str:
    """The key of a field in a file: `with` of `with_`; a key `with_` in a file is an unknown one, and kept."""
    return field.rstrip("_")


def _plain(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg'].removeprefix('Value error, ')} (not {first['input']!r})"


# ── relationships ────────────────────────────────────────────────────────────────────────────────────────


def new_relationship(identity: str, name: str, kind: str = "person", **fields: Any) -> Relationship:
    """Return a relationship that begins today: nothing is compulsory but its name.

    Raises:
        Refused: when a field does not validate.
    """
    try:
        return Relationship.model_validate(
            {"format": FORMAT, "id": identity, "name": name.strip(), "kind": kind, **fields}
        )
    except ValidationError as error:
        raise Refused(_plain(error)) from None


def rename(relationship: Relationship, name: str) -> Relationship:
    """Return it under a new name; the old one becomes an alias."""
    name = name.strip()
    if name == relationship.name:
        return relationship
    aliases = [alias for alias in relationship.aliases if alias not in (name, relationship.name)]
    return changed(relationship, name=name, aliases=(*aliases, relationship.name))


# ── entries by id ────────────────────────────────────────────────────────────────────────────────────────


def table_of(relationship: Relationship, identity: str) -> str | None:
    """Return the table (`issues`, `heard`, `encounters`, `people`) in which an entry stands; None when in none."""
    for table in ENTRY_KINDS:
        if any(entry.id == identity for entry in getattr(relationship, table)):
            return table
    return None


def _entry(relationship: Relationship, table: str, identity: str) -> Any:
    for entry in getattr(relationship, table):
        if entry.id == identity:
            return entry
    raise NotFound(f"{relationship.name} has no {identity} in its {table}")


def issue(relationship: Relationship, identity: str) -> Issue:
    """Return the issue with this id. Raises NotFound."""
    found: Issue = _entry(relationship, "issues", identity)
    return found


def heard(relationship: Relationship, identity: str) -> Heard:
    """Return what was heard under this id. Raises NotFound."""
    found: Heard = _entry(relationship, "heard", identity)
    return found


def encounter(relationship: Relationship, identity: str) -> Encounter:
    """Return the encounter with this id. Raises NotFound."""
    found: Encounter = _entry(relationship, "encounters", identity)
    return found


def replaced(relationship: Relationship, table: str, entry: Entry) -> Relationship:
    """Return it with the entry of the same id replaced by `entry`, at the same place."""
    entries = tuple(entry if each.id == entry.id else each for each in getattr(relationship, table))
    return relationship.model_copy(update={table: entries})


def added(relationship: Relationship, table: str, entry: Entry) -> Relationship:
    """Return it with `entry` at the end of its table; an encounter goes to its place in time."""
    entries = getattr(relationship, table)
    place = len(entries)
    if isinstance(entry, Encounter):
        while place and entries[place - 1].at > entry.at:
            place -= 1
    return relationship.model_copy(update={table: (*entries[:place], entry, *entries[place:])})


def placed(relationship: Relationship, new: Encounter) -> Relationship:
    """Return it with the encounter of the same id replaced; one whose time changed goes to its place in time."""
    if encounter(relationship, new.id).at == new.at:
        return replaced(relationship, "encounters", new)
    others = tuple(each for each in relationship.encounters if each.id != new.id)
    return added(relationship.model_copy(update={"encounters": others}), "encounters", new)


def references(relationship: Relationship) -> set[str]:
    """Return the ids of encounters, people and relationships that its entries name."""
    found = {relationship.organisation, *(each.relationship for each in relationship.people)}
    for issue_ in relationship.issues:
        found.update((issue_.opened_in, issue_.closed_in, *issue_.carried))
    found.update(each.heard_in for each in relationship.heard)
    for encounter_ in relationship.encounters:
        found.update((*encounter_.with_, *encounter_.mentions))
    return found - {""}


def identities(relationship: Relationship) -> frozenset[str]:
    """Return every id that means it or one of its entries, former ones included."""
    entries = {entry.id for table in ENTRY_KINDS for entry in getattr(relationship, table)}
    return frozenset({relationship.id, *relationship.former, *entries})


def removed(relationship: Relationship, identity: str) -> Relationship:
    """Return it without the entry of this id and without the references to it. Raises NotFound."""
    table = table_of(relationship, identity)
    if table is None:
        raise NotFound(f"{relationship.name} has nothing with the id {identity}")
    entries = tuple(each for each in getattr(relationship, table) if each.id != identity)
    return without_references(relationship.model_copy(update={table: entries}), {identity})


def without_references(relationship: Relationship, gone: Collection[str]) -> Relationship:
    """Return it with every mention of the ids in `gone` taken out; the same object when there was none."""

    def kept(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(each for each in ids if each not in gone) if any(each in gone for each in ids) else ids

    def cleaned(entry: Entry, plural: tuple[str, ...], single: tuple[str, ...]) -> Entry:
        update: dict[str, Any] = {key: kept(getattr(entry, key)) for key in plural}
        update |= {key: "" for key in single if getattr(entry, key) in gone}
        update = {key: value for key, value in update.items() if value != getattr(entry, key)}
        return entry.model_copy(update=update) if update else entry

    tables = {
        "people": ((), ("relationship",)),
        "issues": (("carried",), ("opened_in", "closed_in")),
        "heard": ((), ("heard_in",)),
        "encounters": (("with_", "mentions"), ()),
    }
    update: dict[str, Any] = {}
    for table, (plural, single) in tables.items():
        entries = getattr(relationship, table)
        new = tuple(cleaned(entry, plural, single) for entry in entries)
        if any(one is not other for one, other in zip(entries, new, strict=True)):
            update[table] = new
    if relationship.organisation in gone:
        update["organisation"] = ""
    return relationship.model_copy(update=update) if update else relationship


# ── issues ───────────────────────────────────────────────────────────────────────────────────────────────


def carry(relationship: Relationship, identity: str, into: Encounter, today: date) -> Relationship:
    """Return it with an open issue carried into an encounter: "we talked about it again".

    Raises:
        Refused: "An issue is carried into an encounter at most once, never into one at or before its opening;
            only open issues are carried." (CONTRACT.md, "Rules")
    """
    found = issue(relationship, identity)
    why = refusal(found, into, today)
    if why:
        raise Refused(f"cannot carry “{found.text}”: {why}")
    times = {each.id: each.at for each in relationship.encounters}
    carried = in_order(found.carried, into.id, into.at, times)
    return replaced(relationship, "issues", found.model_copy(update={"carried": carried}))


def in_order(carried: tuple[str, ...], identity: str, at: datetime, times: Mapping[str, datetime]) -> tuple[str, ...]:
    """Return `carried` with an encounter at its place: "oldest first" (CONTRACT.md, "The file")."""
    place = len(carried)
    while place and times.get(carried[place - 1], at) > at:
        place -= 1
    return (*carried[:place], identity, *carried[place:])


def settle(
    relationship: Relationship,
    identity: str,
    at: datetime,
    *,
    encounter_id: str = "",
    outcome: str = "",
) -> Relationship:
    """Return it with an open issue settled; one that recurs (`every`) opens its next, once however often it is settled.

    One that was to tell them of their idea (`build`) marks the idea as met on that day.

    Raises:
        Refused: when it is settled or dropped already.
    """
    found = _unclosed(relationship, identity, "settle")
    relationship = _closed(relationship, found, "settled", at, encounter_id, outcome)
    told = idea_told_by(found, relationship.heard)
    if told is not None:
        relationship = replaced(relationship, "heard", changed(told, met=at.date()))
    opened = following(found, at, encounter_id)
    if opened is None or table_of(relationship, opened.id):
        return relationship
    return added(relationship, "issues", opened)


def drop(
    relationship: Relationship, identity: str, at: datetime, *, encounter_id: str = "", outcome: str = ""
) -> Relationship:
    """Return it with an open issue dropped: no longer ours to carry. Raises Refused when it is closed already."""
    found = _unclosed(relationship, identity, "drop")
    return _closed(relationship, found, "dropped", at, encounter_id, outcome)


def park(relationship: Relationship, identity: str, until: date | None = None) -> Relationship:
    """Return it with an open issue parked: out of sight until that day, or until it is reopened."""
    found = _unclosed(relationship, identity, "park")
    return replaced(relationship, "issues", changed(found, state="parked", parked_until=until))


def reopen(relationship: Relationship, identity: str) -> Relationship:
    """Return it with an issue open again: "Reopening removes `closed closed_in outcome parked_until`".

    Raises:
        Refused: when it is open.
    """
    found = issue(relationship, identity)
    if found.state == "open":
        raise Refused(f"“{found.text}” is open already")
    opened = changed(found, state="open", closed=None, closed_in="", outcome="", parked_until=None)
    return replaced(relationship, "issues", opened)


def change_issue(relationship: Relationship, identity: str, **fields: Any) -> Relationship:
    """Return it with these fields of an issue (owner, due, text, every) changed. Raises NotFound, Refused."""
    return replaced(relationship, "issues", changed(issue(relationship, identity), **fields))


def _unclosed(relationship: Relationship, identity: str, verb: str) -> Issue:
    found = issue(relationship, identity)
    if found.state in ("settled", "dropped"):
        raise Refused(f"cannot {verb} “{found.text}”: it is {found.state} already; reopen it first")
    return found


def _closed(
    relationship: Relationship, found: Issue, state: str, at: datetime, encounter_id: str, outcome: str
) -> Relationship:
    fields = {"state": state, "closed": at, "closed_in": encounter_id, "outcome": outcome.strip()}
    return replaced(relationship, "issues", changed(found, **fields, parked_until=None))


# ── what was heard ───────────────────────────────────────────────────────────────────────────────────────


def meet(relationship: Relationship, identity: str, on: date) -> Relationship:
    """Return it with a need met (an idea: built, and told) on that day. Raises Refused when it was met before.

    The issue that was to tell them of an idea (`build`) is settled: that is done.
    """
    found = heard(relationship, identity)
    if found.met is not None:
        raise Refused(f"“{found.text}” was met already, on {found.met}")
    relationship = replaced(relationship, "heard", changed(found, met=on, dropped=None))
    for each in relationship.issues:
        if each.id == telling_id(identity) and each.state in ("open", "parked"):
            relationship = _closed(relationship, each, "settled", told_at(each, on), "", "")
    return relationship


def build(relationship: Relationship, identity: str, at: datetime) -> Relationship:
    """Return it with an idea of theirs built, and waiting to be told: an issue of mine is open to tell them.

    It is one issue however often this is done; closed by then, it is open again.

    Raises:
        Refused: when it is no idea, or is met or dropped already.
    """
    idea = heard(relationship, identity)
    if idea.kind != "idea":
        raise Refused(f"“{idea.text}” is no idea of theirs ({idea.kind}): only ideas are built")
    if not idea.is_live:
        raise Refused(f"“{idea.text}” is {'met' if idea.met else 'dropped'} already; reopen it first")
    new = telling(idea, relationship.name, at)
    known = next((each for each in relationship.issues if each.id == new.id), None)
    if known is None:
        return added(relationship, "issues", new)
    return reopen(relationship, known.id) if known.state in ("settled", "dropped") else relationship


def drop_heard(relationship: Relationship, identity: str, on: date) -> Relationship:
    """Return it with something heard marked as no longer so. Raises Refused when it was already."""
    found = heard(relationship, identity)
    if found.dropped is not None:
        raise Refused(f"“{found.text}” was dropped already, on {found.dropped}")
    return replaced(relationship, "heard", changed(found, dropped=on, met=None))


def reopen_heard(relationship: Relationship, identity: str) -> Relationship:
    """Return it with something heard live again. Raises Refused when it is."""
    found = heard(relationship, identity)
    if found.is_live:
        raise Refused(f"“{found.text}” is unmet already")
    return replaced(relationship, "heard", changed(found, met=None, dropped=None))


# ── names ────────────────────────────────────────────────────────────────────────────────────────────────


def named(relationship: Relationship, file: str = "") -> list[Named]:
    """Return how a relationship and the people in it can be named; those who left are named last."""
    own = Named(
        id=relationship.id,
        name=relationship.name,
        aliases=relationship.aliases,
        file=file,
        former=relationship.former,
        organisation=relationship.organisation,
    )
    people = sorted(relationship.people, key=lambda person: person.left is not None)
    return [own] + [
        replace(
            own,
            id=person.id,
            name=person.name,
            aliases=(),
            file="",
            former=(),
            home=relationship.id,
            organisation=relationship.name,
            relationship=person.relationship,
        )
        for person in people
    ]

"""What ending an encounter does to the file of everyone who took part.

`plan` gives every new record its id once; `applied` then works on one relationship at a time and may be repeated, so
that a save that met another writer starts over on what is there now, and nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from convo_tui.core import edits
from convo_tui.core.carry import opened_before, refusal
from convo_tui.core.markers import cleaned
from convo_tui.core.meaning import Carries, Hears, Meets, Opens, Reading, Settles, TalksNext
from convo_tui.core.models import Encounter, Heard, Issue, Relationship

DAILY = frozenset({"email", "chat"})
"""The channels whose encounters of one day are one entry."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An issue settled, with the id of the next one should it recur."""

    relationship_id: str
    issue: Issue
    outcome: str
    successor: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an encounter does: each record with the id of the relationship in whose file it stands.

    `at` is when it was said: the time of the encounter, but later for what is added to the entry of a day.
    """

    home: str
    encounter: Encounter
    at: datetime
    opened: tuple[tuple[str, Issue], ...] = ()
    carried: tuple[tuple[str, Issue], ...] = ()
    settled: tuple[Settled, ...] = ()
    met: tuple[tuple[str, Heard], ...] = ()
    heard: tuple[Heard, ...] = ()
    next: TalksNext | None = None
    unmatched: tuple[str, ...] = ()

    @property
    def relationships(self) -> tuple[str, ...]:
        """The ids of those whose files it changes, home first."""
        records = (*self.opened, *self.carried, *self.met)
        others = [home for home, _ in records] + [each.relationship_id for each in self.settled]
        return tuple(dict.fromkeys([self.home, *others]))


def plan(
    home: str, encounter: Encounter, reading: Reading, new_id: Callable[[], str], at: datetime | None = None
) -> Plan:
    """Return what `encounter`, whose note was read as `reading`, does; `at` is when it was said, if not at its time.

    The note's own lines (`spark:`, `minutes:`, `nature:`, `with:`) win over the fields that `encounter` has.
    """
    at = at or encounter.at
    with_ = (*encounter.with_, *(who.id for who in reading.took_part))
    fields = {name: value for name in ("spark", "minutes", "nature") if (value := reading.field(name)) is not None}
    encounter = edits.changed(
        encounter,
        **fields,
        note=cleaned(reading.note),
        with_=tuple(dict.fromkeys(each for each in with_ if each != home)),
        mentions=tuple(dict.fromkeys((*encounter.mentions, *reading.mentions))),
    )
    opened = [
        (
            each.relationship_id,
            Issue(
                id=new_id(),
                text=each.text,
                owner=each.owner,
                opened=at,
                opened_in=encounter.id,
                due=each.due,
                every=each.every,
            ),
        )
        for each in reading.of(Opens)
    ]
    carried = {item.issue.id: item for each in reading.of(Carries) for item in each.items}
    nexts = reading.of(TalksNext)
    return Plan(
        home=home,
        encounter=encounter,
        at=at,
        opened=tuple(opened),
        carried=tuple((item.relationship_id, item.issue) for item in carried.values()),
        settled=tuple(
            Settled(each.item.relationship_id, each.item.issue, each.outcome, new_id()) for each in reading.of(Settles)
        ),
        met=tuple((each.relationship_id, each.heard) for each in reading.of(Meets)),
        heard=tuple(
            Heard(id=new_id(), kind=each.kind, text=each.text, heard_in=encounter.id, at=at)
            for each in reading.of(Hears)
        ),
        next=nexts[-1] if nexts else None,
        unmatched=tuple(line.typed for line in reading.unmatched),
    )


def applied(plan: Plan, relationship: Relationship, today: date) -> Relationship:
    """Return `relationship` after the encounter; what stands in it already is not done again.

    An issue that another writer settled meanwhile stays as that writer left it.
    """
    if relationship.id == plan.home:
        relationship = _at_home(plan, relationship)
    for home, opened in plan.opened:
        if home == relationship.id and not _has(relationship, opened.id):
            relationship = edits.added(relationship, "issues", opened)
    for home, carried in plan.carried:
        if home == relationship.id:
            relationship = _carried(relationship, carried.id, plan.encounter, today)
    for settled in plan.settled:
        if settled.relationship_id == relationship.id and _is_open(relationship, settled.issue.id):
            relationship = edits.settle(
                relationship,
                settled.issue.id,
                plan.at,
                successor=settled.successor,
                encounter_id=plan.encounter.id,
                outcome=settled.outcome,
            )
    for home, heard in plan.met:
        if home == relationship.id and _has(relationship, heard.id) and not edits.heard(relationship, heard.id).met:
            relationship = edits.meet(relationship, heard.id, plan.at.date())
    return relationship


def continued(plan: Plan, before: Encounter, relationship: Relationship, today: date) -> Relationship:
    """Return `relationship` with more of an encounter that is saved already, as `applied` does.

    `before` is the encounter as it was read, `plan.encounter` the same with what changes, its note only the new words:
    they follow those that stand in the file now, so that two who add at once both keep theirs.

    Raises:
        NotFound: when the encounter is gone.
    """
    if relationship.id != plan.home:
        return applied(plan, relationship, today)
    now, new = edits.encounter(relationship, plan.encounter.id), plan.encounter
    fields = {key: getattr(new, key) for key in ("channel", "nature", "spark", "minutes")}
    joined = edits.changed(
        now,
        **{key: value for key, value in fields.items() if value != getattr(before, key)},
        note="\n\n".join(filter(None, (now.note, new.note))),
        with_=tuple(dict.fromkeys((*now.with_, *new.with_))),
        mentions=tuple(dict.fromkeys((*now.mentions, *new.mentions))),
    )
    return applied(replace(plan, encounter=joined), relationship, today)


def entry_of_day(relationship: Relationship, encounter: Encounter, reading: Reading) -> Encounter | None:
    """Return the entry that a mail or a chat joins: the newest of its channel on the same local day.

    None when there is none, or `reading` talks again about what was opened in that entry or after it: an issue is
    "never [carried] into one at or before its opening" (CONTRACT.md, "Rules"), so that becomes an entry of its own.
    """
    if encounter.channel not in DAILY:
        return None
    carried = [item.issue for each in reading.of(Carries) for item in each.items]
    settled = [each.item.issue for each in reading.of(Settles)]
    entries = [
        each
        for each in relationship.encounters
        if each.channel == encounter.channel
        and each.at.date() == encounter.at.date()
        and all(opened_before(issue, each.at) and issue.opened_in != each.id for issue in carried)
        and all(opened_before(issue, each.at) or issue.opened_in == each.id for issue in settled)
    ]
    return max(entries, key=lambda each: each.at, default=None)


def joining(entry: Encounter, encounter: Encounter) -> Encounter:
    """Return `entry` with what `encounter` adds to it, its note empty: what `entry` has stays, unless given anew."""
    given = {key: value for key in ("spark", "minutes") if (value := getattr(encounter, key)) is not None}
    if encounter.nature != Encounter.model_fields["nature"].default:
        given["nature"] = encounter.nature
    return edits.changed(
        entry,
        **given,
        note="",
        with_=tuple(dict.fromkeys((*entry.with_, *encounter.with_))),
        mentions=tuple(dict.fromkeys((*entry.mentions, *encounter.mentions))),
    )


def _at_home(plan: Plan, relationship: Relationship) -> Relationship:
    encounter = plan.encounter
    known = any(each.id == encounter.id for each in relationship.encounters)
    place = edits.replaced if known else edits.added
    relationship = place(relationship, "encounters", encounter)
    for heard in plan.heard:
        if not _has(relationship, heard.id):
            relationship = edits.added(relationship, "heard", heard)
    if not known:
        relationship = _talked_again(relationship, encounter)
    if plan.next is None:
        return relationship
    on = plan.next.on or relationship.next_on
    return edits.changed(relationship, next_on=on, next_about=plan.next.about)


def _talked_again(relationship: Relationship, encounter: Encounter) -> Relationship:
    """What was meant for next time has had its time once an encounter reaches that day."""
    meant = relationship.next_on or relationship.next_about
    later = any(each.is_contact and each.at > encounter.at for each in relationship.encounters)
    if not meant or later or not encounter.is_contact:
        return relationship
    if relationship.next_on is not None and encounter.at.date() < relationship.next_on:
        return relationship
    return edits.changed(relationship, next_on=None, next_about="")


def _carried(relationship: Relationship, identity: str, into: Encounter, today: date) -> Relationship:
    gone = not _has(relationship, identity)
    if gone or refusal(edits.issue(relationship, identity), into, today):
        return relationship
    return edits.carry(relationship, identity, into, today)


def _has(relationship: Relationship, identity: str) -> bool:
    return edits.table_of(relationship, identity) is not None


def _is_open(relationship: Relationship, identity: str) -> bool:
    return any(each.id == identity and each.state in ("open", "parked") for each in relationship.issues)

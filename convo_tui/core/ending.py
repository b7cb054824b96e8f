"""What ending an encounter does to the file of everyone who took part.

`plan` gives every new record its id; `applied` then works on one relationship at a time and may be repeated, so that a
save that met another writer starts over on what is there now, and nothing is done twice. Nor is it when the draft of a
new encounter outlives its save: planned again, the same line gives the same id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from convo_tui.core import edits
from convo_tui.core.carry import opened_before, refusal
from convo_tui.core.ids import derived_id
from convo_tui.core.markers import cleaned
from convo_tui.core.meaning import Carries, Hears, M, Meets, Opens, Reading, Settles, TalksNext
from convo_tui.core.models import Encounter, Heard, Issue, Relationship
from convo_tui.core.participation import newest

DAILY = frozenset({"email", "chat"})
"""The channels whose encounters of one day are one entry."""


@dataclass(frozen=True, slots=True)
class Settled:
    """An issue settled, with what came of it."""

    relationship_id: str
    issue: Issue
    outcome: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What an encounter does: each record with the id of the relationship in whose file it stands.

    `at` is when it was said: the time of the encounter, but later for what is added to the entry of a day. `talked` are
    the others who took part and whose `next_on` it uses up; `is_new` says that it adds to nothing saved before.
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
    talked: tuple[str, ...] = ()
    is_new: bool = False
    unmatched: tuple[str, ...] = ()

    @property
    def relationships(self) -> tuple[str, ...]:
        """The ids of those whose files it changes, home first."""
        records = (*self.opened, *self.carried, *self.met)
        others = [home for home, _ in records] + [each.relationship_id for each in self.settled]
        return tuple(dict.fromkeys([self.home, *others, *self.talked]))


def plan(
    home: str,
    encounter: Encounter,
    reading: Reading,
    new_id: Callable[[], str] | None = None,
    at: datetime | None = None,
) -> Plan:
    """Return what `encounter`, whose note was read as `reading`, does; `at` is when it was said, if not at its time.

    What is added to an encounter that is saved already takes fresh ids, from `new_id`: the same words may be meant a
    second time. A new encounter needs none, its ids follow from its own and from its lines, wherever they stand.
    The note's own lines (`spark:`, `minutes:`, `nature:`, `with:`) win over the fields that `encounter` has.
    """
    at = at or encounter.at
    ids = _ids(encounter, reading, new_id)
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
                id=ids[line],
                text=each.text,
                owner=each.owner,
                opened=at,
                opened_in=encounter.id,
                due=each.due,
                every=each.every,
            ),
        )
        for line, each in _lines(reading, Opens)
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
            Settled(each.item.relationship_id, each.item.issue, each.outcome) for each in reading.of(Settles)
        ),
        met=tuple((each.relationship_id, each.heard) for each in reading.of(Meets)),
        heard=tuple(
            Heard(id=ids[line], kind=each.kind, text=each.text, heard_in=encounter.id, at=at)
            for line, each in _lines(reading, Hears)
        ),
        next=nexts[-1] if nexts else None,
        is_new=new_id is None,
        unmatched=tuple(line.typed for line in reading.unmatched),
    )


def _ids(encounter: Encounter, reading: Reading, new_id: Callable[[], str] | None) -> dict[int, str]:
    """The id of the record that each line makes, by the index of the line. Typed again, a line makes another."""
    ids: dict[int, str] = {}
    times: Counter[str] = Counter()
    for line in reading.lines:
        if isinstance(line.meaning, Opens | Hears):
            words = line.typed.strip()
            ids[line.index] = (
                new_id() if new_id else derived_id(encounter.at.date(), encounter.id, words, str(times[words]))
            )
            times[words] += 1
    return ids


def _lines(reading: Reading, kind: type[M]) -> list[tuple[int, M]]:
    return [(line.index, line.meaning) for line in reading.lines if isinstance(line.meaning, kind)]


def applied(plan: Plan, relationship: Relationship, today: date) -> Relationship:
    """Return `relationship` after the encounter; what stands in it already is not done again.

    An issue that another writer settled meanwhile stays as that writer left it.
    """
    if relationship.id == plan.home:
        relationship = _at_home(plan, relationship)
    elif relationship.id in plan.talked:
        relationship = talked_again(relationship, plan.encounter)
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
    return newest(entries)


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
        relationship = talked_again(relationship, encounter)
    elif plan.is_new and _talked_since(relationship, encounter):
        return relationship  # a draft that outlived its save: what was said of the next time has had its time
    if plan.next is None:
        return relationship
    on = plan.next.on or relationship.next_on
    return edits.changed(relationship, next_on=on, next_about=plan.next.about)


def talked_again(relationship: Relationship, encounter: Encounter) -> Relationship:
    """Return `relationship` after `encounter`, in which it took part: what was meant for next time has had its time
    once an encounter reaches that day. The same object when that changes nothing.
    """
    meant = relationship.next_on or relationship.next_about
    if not meant or not encounter.is_contact or _talked_since(relationship, encounter):
        return relationship
    if relationship.next_on is not None and encounter.at.date() < relationship.next_on:
        return relationship
    return edits.changed(relationship, next_on=None, next_about="")


def _talked_since(relationship: Relationship, encounter: Encounter) -> bool:
    return any(each.is_contact and each.at > encounter.at for each in relationship.encounters)


def _carried(relationship: Relationship, identity: str, into: Encounter, today: date) -> Relationship:
    gone = not _has(relationship, identity)
    if gone or refusal(edits.issue(relationship, identity), into, today):
        return relationship
    return edits.carry(relationship, identity, into, today)


def _has(relationship: Relationship, identity: str) -> bool:
    return edits.table_of(relationship, identity) is not None


def _is_open(relationship: Relationship, identity: str) -> bool:
    return any(each.id == identity and each.state in ("open", "parked") for each in relationship.issues)

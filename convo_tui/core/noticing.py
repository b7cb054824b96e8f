"""Noticing: a relationship and the encounters in which it took part, condensed into the signs that the pulse reads."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from statistics import median
from types import MappingProxyType
from typing import TypeAlias

from convo_tui.core.carry import standing
from convo_tui.core.inline import topics as topics_in
from convo_tui.core.match import Named
from convo_tui.core.models import Encounter, Heard, Issue, Person, Relationship
from convo_tui.core.signs import (
    EVIDENCE,
    ISSUES,
    NEEDS,
    NO_RUN,
    PEOPLE,
    RIVALS,
    TREND,
    HeardSign,
    IssueSign,
    Lengths,
    PersonSign,
    Run,
    Signs,
    quotable,
)

FAMILIES: Mapping[str, str] = MappingProxyType(
    {"call": "spoken", "meeting": "spoken", "email": "written", "chat": "written"}
)
"""Channels whose notes may be compared: calls are never compared with mail or chat."""

_RHYTHM = 12
"""So many gaps between contacts are its rhythm now: what was usual years ago is not."""

_RECENT = 12
"""Sparks count while they stand among so many of the newest contacts."""

_COMPARED = 8
"""So many of the newest notes of a family are compared, the later half with the earlier."""

_TOPICS = 2
"""So few topics in encounter after encounter are "the same topics"."""

_CONSIDERED = 100
"""Of how many open issues it is worked out where they stand: takes time in each encounter."""

_NO_HOMES: Mapping[str, str] = MappingProxyType({})
_Present: TypeAlias = Mapping[str, frozenset[str]]
_Common: TypeAlias = Callable[[Encounter], Iterable[str]]


def signs(
    relationship: Relationship,
    timeline: Sequence[Encounter],
    people: Iterable[Named] = (),
    homes: Mapping[str, str] = _NO_HOMES,
) -> Signs:
    """Return the signs of a relationship; `timeline` is every encounter in which it took part, oldest first.

    For an organisation: `people` are the relationships that belong to it (`organisation`, `people.relationship`), who
    may have taken part under ids of their own, and `homes` gives the relationship in whose file an encounter lives that
    is not in this one's (CONTRACT.md, "Rules"). Takes time linear in the timeline.
    """
    contacts = [each for each in timeline if each.is_contact]
    last = contacts[-1] if contacts else None
    talked = _talked(relationship.issues)
    met: _Present = {}
    if relationship.kind == "organisation":
        meant = meant_by(relationship, people)
        met = {each.id: present(each, meant, homes) for each in contacts}
    newest_first = contacts[::-1]
    return Signs(
        id=relationship.id,
        name=relationship.name,
        kind=relationship.kind,
        archived=relationship.archived,
        cadence=relationship.cadence or "",
        known_since=_day_in(relationship.id),
        next_on=relationship.next_on,
        next_about=quotable(relationship.next_about),
        snoozed_until=relationship.snoozed_until,
        contacts=len(contacts),
        last_contact=last.at.date() if last else None,
        last_id=last.id if last else "",
        days_between=rhythm(newest_first),
        people_noted=sum(map(bool, met.values())),
        transactions=_run(newest_first, lambda each: (each.nature,), 1, only="transaction"),
        same_topics=_run(newest_first, lambda each: _topics(each) | talked.get(each.id, frozenset()), _TOPICS),
        one_person=_one_person(relationship, newest_first, met),
        one_sided=_one_sided(relationship.issues),
        sparks=tuple((each.id, each.spark) for each in contacts[-_RECENT:] if each.spark)[-TREND:],
        lengths=tuple(_lengths(relationship, newest_first)),
        issues=_issues(relationship.issues, contacts),
        needs=_heard((each for each in relationship.heard if each.is_need and each.is_live), NEEDS),
        rivals=_heard((each for each in relationship.heard if each.kind == "rival" and each.is_live), -RIVALS),
        people=_people(relationship, newest_first, met),
    )


def _day_in(identity: str) -> date | None:
    try:
        return date.fromisoformat(identity[:8])
    except ValueError:
        return None


# Runs: what the newest encounters have in common.


def _run(newest_first: Iterable[Encounter], common: _Common, most: int, only: str | None = None) -> Run:
    """Return the newest encounters that have together at most so many things in common; those without any are none.

    With `only`, that one thing alone.
    """
    counts: defaultdict[str, int] = defaultdict(int)
    run: list[Encounter] = []
    for encounter in newest_first:
        found = set(common(encounter))
        if len(found | counts.keys()) > most or (only and found != {only}):
            break
        for each in found:
            counts[each] += 1
        if found:
            run.append(encounter)
    if not run:
        return NO_RUN
    words = sorted(counts, key=lambda each: (-counts[each], each))
    return Run(
        len(run),
        run[-1].at.date(),
        run[0].at.date(),
        () if only else tuple(words),
        tuple(each.id for each in run[:EVIDENCE]),
    )


def _topics(encounter: Encounter) -> frozenset[str]:
    return frozenset(map(quotable, topics_in(encounter.note)))


def _talked(issues: Iterable[Issue]) -> dict[str, frozenset[str]]:
    """The topics of issues by the encounters in which they were opened, carried or closed (as in `topics`)."""
    talked: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
    for issue in issues:
        if found := frozenset(map(quotable, topics_in(issue.text))):
            for encounter in filter(None, {issue.opened_in, issue.closed_in, *issue.carried}):
                talked[encounter] |= found
    return dict(talked)


def _one_sided(issues: Iterable[Issue]) -> Run:
    """The newest issues that have the same owner; what was dropped is no move, what recurs is one."""
    moves: dict[str, Issue] = {}
    dated = sorted((each for each in issues if each.state != "dropped"), key=lambda each: each.since or date.min)
    for issue in reversed(dated):
        moves.setdefault(f"every {issue.every}: {issue.text}" if issue.every else issue.id, issue)
    run: list[Issue] = []
    for issue in moves.values():
        if run and issue.owner != run[0].owner:
            break
        run.append(issue)
    if not run:
        return NO_RUN
    ids = tuple(each.id for each in run[:EVIDENCE])
    return Run(len(run), run[-1].since, run[0].since, (run[0].owner,), ids)


# Rhythm and length.


def rhythm(newest_first: Iterable[Encounter]) -> float | None:
    """Return the median of days from one day of contact to the next; None for fewer than `TREND` such days."""
    days: dict[date, None] = {}
    for encounter in newest_first:
        days[encounter.at.date()] = None
        if len(days) > _RHYTHM:
            break
    if len(days) < TREND:
        return None
    return float(median(abs((later - earlier).days) for later, earlier in pairwise(days)))


def _lengths(relationship: Relationship, newest_first: Iterable[Encounter]) -> Iterator[Lengths]:
    """The lengths of notes with all that was typed: a marked line left the note when it was saved, and counts."""
    typed: defaultdict[str, int] = defaultdict(int)
    for issue in relationship.issues:
        typed[issue.opened_in] += len(issue.text)
    for heard in relationship.heard:
        typed[heard.heard_in] += len(heard.text)
    found: dict[str, list[tuple[str, int]]] = {"spoken": [], "written": []}
    for encounter in newest_first:
        length = len(encounter.note.strip()) + typed.get(encounter.id, 0)
        those = found[FAMILIES[encounter.channel]]
        if length and len(those) < _COMPARED:
            those.append((encounter.id, length))
    for family, those in found.items():
        if len(those) >= TREND:
            half = len(those) // 2
            later, earlier = those[:half], those[half:]
            yield Lengths(
                family,
                float(median(length for _, length in earlier)),
                float(median(length for _, length in later)),
                tuple(identity for identity, _ in later),
            )


# Issues and what was heard.


def _issues(issues: Iterable[Issue], contacts: Sequence[Encounter]) -> tuple[IssueSign, ...]:
    """The open issues, and those parked until a day: one that shows now if there is any, some due soonest, what shows
    and is avoided or circling, and the rest."""
    lasting = [each for each in issues if each.state == "open" or (each.state == "parked" and each.parked_until)]
    lasting.sort(key=lambda each: (_shows_from(each) or date.min, each.due or date.max, each.since or date.min))
    noticed = [_issue(each, contacts) for each in lasting[:_CONSIDERED]]
    due = [each for each in noticed if each.due][: ISSUES // 2]
    stuck = [each for each in noticed if not each.shows_from and (each.avoided or each.circling)]
    return tuple(dict.fromkeys((*noticed[:1], *due, *stuck, *noticed)))[:ISSUES]


def _shows_from(issue: Issue) -> date | None:
    return issue.parked_until if issue.state == "parked" else None


def _issue(issue: Issue, contacts: Sequence[Encounter]) -> IssueSign:
    first = bisect_right(contacts, issue.opened, key=lambda each: each.at) if issue.opened else 0
    stands = standing(issue, contacts[first:], date.min)
    return IssueSign(
        issue.id,
        quotable(issue.text),
        issue.owner,
        issue.due,
        _shows_from(issue),
        stands.passed,
        stands.avoided,
        stands.circling,
    )


def _heard(entries: Iterable[Heard], kept: int) -> tuple[HeardSign, ...]:
    """The oldest of these of which is known since when; the newest where `kept` is negative."""
    dated = [HeardSign(each.id, each.kind, quotable(each.text), since) for each in entries if (since := each.since)]
    dated.sort(key=lambda each: each.since)
    return tuple(dated[:kept] if kept > 0 else dated[kept:])


# The people of an organisation.


def meant_by(relationship: Relationship, people: Iterable[Named]) -> dict[str, str]:
    """Return whom of an organisation each id means: the id of one of its people, else of their own relationship.

    `people` are the relationships that belong to it, as for `signs`.
    """
    meant = {each.relationship: each.id for each in relationship.people if each.relationship}
    for named in people:
        ids = (named.id, *named.former)
        meant |= dict.fromkeys(ids, next((meant[each] for each in ids if each in meant), named.id))
    return meant | {each.id: each.id for each in relationship.people}


def present(encounter: Encounter, meant: Mapping[str, str], homes: Mapping[str, str]) -> frozenset[str]:
    """Return who of an organisation took part in an encounter, by the ids to which `meant` leads."""
    return frozenset(meant[who] for who in (*encounter.with_, homes.get(encounter.id, "")) if who in meant)


def _one_person(relationship: Relationship, newest_first: Iterable[Encounter], met: _Present) -> Run:
    """The newest encounters in which the same one person took part, and nobody else of theirs; none if they left."""
    run = _run(newest_first, lambda each: met.get(each.id, ()), 1)
    person = next((each for each in relationship.people if each.id in run.words), None)
    if person is None or person.left is not None:
        return NO_RUN
    return run._replace(words=(quotable(person.name),), evidence=(person.id, *run.evidence[:-1]))


def _people(relationship: Relationship, newest_first: Iterable[Encounter], met: _Present) -> tuple[PersonSign, ...]:
    """Those who decide, critics, and those spoken with: whose influence is not known first, then the last spoken with.

    What nobody has said of someone must not be overlooked: it counts against no one.
    """
    if relationship.kind != "organisation":
        return ()
    last: dict[str, Encounter] = {}
    for encounter in newest_first:
        for person_id in met[encounter.id]:
            last.setdefault(person_id, encounter)

    def counts(person: Person) -> bool:
        return person.influence == "decides" or person.stance == "critic" or person.id in last

    def order(person: Person) -> tuple[bool, bool, bool, bool, int]:
        spoken = last[person.id].at.toordinal() if person.id in last else 0
        unknown = person.influence == "unknown"
        return person.left is not None, person.influence != "decides", person.stance != "critic", not unknown, -spoken

    return tuple(
        PersonSign(
            each.id,
            quotable(each.name),
            each.influence,
            each.stance,
            each.left,
            last[each.id].at.date() if each.id in last else None,
            last[each.id].id if each.id in last else "",
        )
        for each in sorted(filter(counts, relationship.people), key=order)[:PEOPLE]
    )

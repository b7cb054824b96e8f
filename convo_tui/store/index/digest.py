"""What one file says to the index, as plain values: made of its bytes alone, so that other processes can make it."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from convo_tui.core.carry import standing
from convo_tui.core.edits import identities, named
from convo_tui.core.findable import THE_REST, Findable, findables
from convo_tui.core.folding import folded, topic_word
from convo_tui.core.inline import topics
from convo_tui.core.match import Named
from convo_tui.core.models import Encounter, Heard, Issue, Relationship
from convo_tui.core.participation import place_in_time
from convo_tui.core.summary import OpenIssue, Summary
from convo_tui.store import codec, files
from convo_tui.store.errors import Damage
from convo_tui.store.index.lists import columns_of
from convo_tui.store.index.places import place
from convo_tui.store.index.progress import hash_of

SPARKS = 8
"""How many sparks a list shows."""

_NAME = re.compile(rb"""^name\s*=\s*["'](.+?)["']\s*(?:#.*)?$""", re.MULTILINE)


Spark: TypeAlias = tuple[float, str, int]
"""When, in which encounter, from 1 to 5."""


class Company(NamedTuple):
    """Those in `with` of some encounters of a file: their last contact, and their last sparks as `Spark`."""

    with_: tuple[str, ...]
    last_contact: datetime | None
    sparks: tuple[Spark, ...]


class Entry(NamedTuple):
    """Something that has an id or can be found. `company` counts the companies of the file, from 0.

    `mark` is another one when anything but the standing of an issue has changed.
    """

    place: int
    kind: str
    id: str
    at: str | None = None
    company: int | None = None
    contact: bool = False
    spark: int | None = None
    marks: str = ""
    opens_on: str | None = None
    due: str | None = None
    data: str = ""
    carried: int = 0
    passed: int = 0
    circling: bool = False
    said: str = " "
    topics: frozenset[str] = frozenset()
    mentions: tuple[str, ...] = ()
    mark: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """What is kept of one file. `head` are columns of the table `files`; None when the bytes are as known."""

    file: str
    stamp: files.Stamp
    hash: bytes
    is_local: bool = False
    head: dict[str, Any] | None = None
    names: tuple[Named, ...] = ()
    companies: tuple[Company, ...] = ()
    entries: tuple[Entry, ...] = ()
    refs: frozenset[str] = frozenset()


class _Noticing(tzinfo):
    """A zone that notices whether it was needed: then the file reads otherwise in another one."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone, self.was_needed = zone, False

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        self.was_needed = True
        return self._zone.utcoffset(dt)

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None

    def tzname(self, dt: datetime | None) -> str:
        return ""


def digest(folder: Path, file: str, zone: tzinfo, known: bytes | None = None) -> Digest | None:
    """Return what a file says to the index; None when it is gone. `known` is the hash it had when it was last read."""
    path = folder / file
    stamp = files.entry_stamp(path)
    if stamp is None:
        return None
    try:
        data = files.read(path)
    except Damage as damage:
        if files.entry_stamp(path) is None:
            return None  # it vanished meanwhile
        return Digest(file, stamp, b"", head=_damaged(file, b"", damage.line, damage.reason))
    fingerprint = hash_of(data)
    if fingerprint == known:
        return Digest(file, stamp, fingerprint)
    noticing = _Noticing(zone)
    try:
        relationship = codec.read(data, noticing).relationship
    except codec.Malformed as problem:
        return Digest(file, stamp, fingerprint, head=_damaged(file, data, problem.line, problem.reason))
    companies, places = _companies(relationship)
    return Digest(
        file,
        stamp,
        fingerprint,
        noticing.was_needed,
        _head(relationship, file, companies),
        tuple(named(relationship, file)),
        companies,
        tuple(_entries(relationship, places)),
        _refs(relationship),
    )


def _damaged(file: str, data: bytes, line: int | None, reason: str) -> dict[str, Any]:
    found = _NAME.search(data[:65536])
    name = found[1].decode("utf-8", "replace") if found else file.removesuffix(".toml")
    return columns_of(Summary(file, "", name, "person", file, problem=reason, line=line, readable=False)) | {
        "said": folded(f"{name} {file.removesuffix('.toml')}"),
        "own_contact": None,
        "own_sparks": "[]",
    }


def _head(relationship: Relationship, file: str, companies: tuple[Company, ...]) -> dict[str, Any]:
    said = (
        relationship.name,
        *relationship.aliases,
        relationship.organisation,
        relationship.role,
        relationship.kind,
        file.removesuffix(".toml"),
        *relationship.tags,
    )
    last = max((each.last_contact for each in companies if each.last_contact is not None), default=None)
    sparks = last_sparks(spark for company in companies for spark in company.sparks)
    summary = Summary(
        key=relationship.id,
        id=relationship.id,
        name=relationship.name,
        kind=relationship.kind,
        file=file,
        organisation=relationship.organisation,
        role=relationship.role,
        tags=relationship.tags,
        archived=relationship.archived,
        last_contact=last,
        issues=tuple(_open(relationship)),
        sparks=tuple(spark for *_, spark in sparks),
        cadence=relationship.cadence or "",
        next_on=relationship.next_on,
        snoozed_until=relationship.snoozed_until,
        problem="" if relationship.is_writable else "was written by a newer Convo: it is shown, never changed",
    )
    return columns_of(summary) | {
        "said": folded(" ".join(said)),
        "own_contact": _iso(last),
        "own_sparks": json.dumps(sparks),
    }


def last_sparks(sparks: Iterable[Spark]) -> list[Spark]:
    """Return the last few of these, in the order of time."""
    return sorted(sparks, key=itemgetter(0))[-SPARKS:]


def _open(relationship: Relationship) -> Iterator[OpenIssue]:
    """The issues that are open, or will be when their day comes."""
    for issue in relationship.issues:
        if issue.state == "open":
            yield OpenIssue(None, issue.due, issue.owner)
        elif issue.state == "parked" and issue.parked_until is not None:
            yield OpenIssue(issue.parked_until, issue.due, issue.owner)


def _companies(relationship: Relationship) -> tuple[tuple[Company, ...], dict[str, int]]:
    """Return who took part together, and which company it was in each encounter, by its id."""
    together: dict[tuple[str, ...], list[Encounter]] = {}
    for encounter in relationship.encounters:
        together.setdefault(encounter.with_, []).append(encounter)
    companies: list[Company] = []
    places: dict[str, int] = {}
    for number, (with_, encounters) in enumerate(together.items()):
        contacts = [each for each in encounters if each.is_contact]
        sparks = [(each.at.timestamp(), each.id, each.spark) for each in contacts if each.spark is not None]
        last = max((each.at for each in contacts), default=None)
        companies.append(Company(with_, last, tuple(last_sparks(sparks))))
        places.update((each.id, number) for each in encounters)
    return tuple(companies), places


def _entries(relationship: Relationship, places: dict[str, int]) -> Iterator[Entry]:
    entries: dict[str, Issue | Heard | Encounter] = {each.id: each for each in relationship.issues}
    entries |= {each.id: each for each in relationship.heard}
    entries |= {each.id: each for each in relationship.encounters}
    timeline = sorted(relationship.encounters, key=lambda each: place_in_time(each.at, each.id, True))
    recent = max((each.at for each in timeline if each.is_contact), default=None)
    said: set[str] = set()
    for found in findables(relationship):
        entry = entries.get(found.id)
        if isinstance(entry, Encounter):
            said.add(found.id)
            yield _of_encounter(entry, places, found.text, f" {' '.join(found.marks)} ")
        else:
            yield _of_words(found, entry, timeline, recent)
    for encounter in relationship.encounters:
        if encounter.id not in said:
            yield _of_encounter(encounter, places, "", "")


def _of_encounter(encounter: Encounter, places: dict[str, int], text: str, marks: str) -> Entry:
    stands, at, (said, found) = place(THE_REST, encounter.at), encounter.at.isoformat(), _said(text)
    contact, spark = encounter.is_contact, encounter.spark
    return Entry(
        stands,
        "encounter",
        encounter.id,
        at,
        places[encounter.id],
        contact,
        spark,
        marks,
        said=said,
        topics=found,
        mentions=encounter.mentions,
        # Which number a company has may change with others; who is in it says whether this one has.
        mark=_mark(stands, encounter.id, at, encounter.with_, encounter.mentions, contact, spark, marks, text),
    )


def _of_words(
    found: Findable, entry: Issue | Heard | Encounter | None, timeline: Sequence[Encounter], recent: datetime | None
) -> Entry:
    data = found.text if entry is None else json.dumps(entry.to_file(), default=str, ensure_ascii=False)
    carried = passed = 0
    circling = False
    if isinstance(entry, Issue):
        stands = standing(entry, timeline, date.min)
        carried, passed, circling = stands.carried, stands.passed, stands.circling
    # A name and a story are as recent as the last contact.
    where = place(found.rank, recent if entry is None else found.at)
    marks = f" {' '.join(found.marks)} "
    said, topics_ = _said(found.text)
    return Entry(
        where,
        found.kind,
        found.id,
        _iso(found.at),
        marks=marks,
        opens_on=_iso(found.opens_on),
        due=_iso(found.due),
        data=data,
        carried=carried,
        passed=passed,
        circling=circling,
        said=said,
        topics=topics_,
        mark=_mark(where, found.kind, found.id, marks, data, found.text),
    )


def _said(text: str) -> tuple[str, frozenset[str]]:
    """Return the words of a text as the full text keeps them, and its topics."""
    if "#" not in text:
        return folded(text), frozenset()
    found = topics(text)
    return folded(text) + "".join(f"{topic_word(topic)} " for topic in sorted(found)), found


def _mark(*values: object) -> int:
    return zlib.crc32(repr(values).encode("utf-8", "surrogatepass"))


def issue_of(data: str) -> Issue:
    """Return the issue that stands in the column `data` of an entry."""
    return Issue.model_validate(json.loads(data), by_alias=True, by_name=False)


def _refs(relationship: Relationship) -> frozenset[str]:
    """Return the ids that the file names without having them."""
    named_here: set[str] = {relationship.organisation, *relationship.former}
    for issue in relationship.issues:
        named_here.update((issue.opened_in, issue.closed_in, *issue.carried))
    for encounter in relationship.encounters:
        named_here.update((*encounter.with_, *encounter.mentions))
    named_here.update(each.heard_in for each in relationship.heard)
    named_here.update(each.relationship for each in relationship.people)
    return frozenset(named_here - identities(relationship) - {""})


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment is not None else None

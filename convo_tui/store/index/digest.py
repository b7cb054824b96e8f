"""What one file says to the index, as plain values: made of its bytes alone, so that other processes can make it."""

from __future__ import annotations

import json
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import Any, TypeAlias

from convo_tui.core.carry import Happened, standing
from convo_tui.core.edits import identities, named
from convo_tui.core.findable import THE_REST, Findable, encounter_marks, findables_but_encounters
from convo_tui.core.folding import folded, topic_word
from convo_tui.core.inline import topics
from convo_tui.core.match import Named, slug
from convo_tui.core.models import Encounter, Heard, Issue, Relationship
from convo_tui.core.noticing import signs
from convo_tui.core.participation import place_in_time
from convo_tui.core.signs import to_json
from convo_tui.core.summary import OpenIssue, Summary
from convo_tui.store import codec, files
from convo_tui.store.errors import Damage
from convo_tui.store.index.lists import columns_of
from convo_tui.store.index.places import place
from convo_tui.store.index.progress import hash_of
from convo_tui.store.names import path_of

SPARKS = 8
"""How many sparks a list shows."""

_NAME = re.compile(rb"""^name\s*=\s*["'](.+?)["']\s*(?:#.*)?$""", re.MULTILINE)

_AT = attrgetter("at")

_json = json.JSONEncoder(default=str, ensure_ascii=False).encode


Spark: TypeAlias = tuple[float, str, int]
"""When, in which encounter, from 1 to 5."""

Row: TypeAlias = tuple[Any, ...]
"""A row of a table without what only the writer knows: plain values go from process to process several times as fast
as objects."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What is kept of one file: rows of the tables of the index. `head` are columns of the table `files`, None when
    the bytes are as known. `signs` are those of its own encounters, as JSON; None of a file that cannot be read.

    The rows of `names` begin with their `id`; those of `links` are word, sort and id; those of `companies` are those
    in `with`, as JSON and as they are, the last contact and the last sparks; those of `entries` begin with `place` (its
    last bits free), have the company counted from 0, and end with `said`. `talks` and `spoken` count the entries.
    """

    file: str
    stamp: files.Stamp
    hash: bytes
    is_local: bool = False
    head: dict[str, Any] | None = None
    signs: str | None = None
    names: Sequence[Row] = ()
    links: Sequence[Row] = ()
    companies: Sequence[Row] = ()
    entries: Sequence[Row] = ()
    talks: Sequence[tuple[str, int]] = ()
    spoken: Sequence[tuple[str, int]] = ()
    refs: Sequence[str] = ()


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
    path = path_of(folder, file)
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
    all_named = named(relationship, file)
    timeline = sorted(relationship.encounters, key=lambda each: place_in_time(each.at, each.id, True))
    companies = _Companies(relationship)
    entries = _Entries(relationship, timeline, companies)
    return Digest(
        file,
        stamp,
        fingerprint,
        noticing.was_needed,
        _head(relationship, file, companies),
        to_json(signs(relationship, timeline)),
        [_name(each) for each in all_named],
        [link for each in all_named for link in _links(each)],
        companies.rows,
        entries.rows,
        entries.talks,
        entries.spoken,
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


def _head(relationship: Relationship, file: str, companies: _Companies) -> dict[str, Any]:
    said = (
        relationship.name,
        *relationship.aliases,
        relationship.organisation,
        relationship.role,
        relationship.kind,
        file.removesuffix(".toml"),
        *relationship.tags,
    )
    sparks = last_sparks(companies.sparks())
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
        last_contact=companies.last_contact,
        issues=tuple(_open(relationship)),
        sparks=tuple(spark for *_, spark in sparks),
        cadence=relationship.cadence or "",
        next_on=relationship.next_on,
        snoozed_until=relationship.snoozed_until,
        problem="" if relationship.is_writable else "was written by a newer Convo: it is shown, never changed",
    )
    return columns_of(summary) | {
        "said": folded(" ".join(said)),
        "own_contact": _iso(companies.last_contact),
        "own_sparks": json.dumps(sparks),
    }


def last_sparks(sparks: Iterable[Spark]) -> list[Spark]:
    """Return the last few of these, in the order of a timeline."""
    return sorted(sparks, key=itemgetter(0, 1))[-SPARKS:]


def _open(relationship: Relationship) -> Iterator[OpenIssue]:
    """The issues that are open, or will be when their day comes."""
    for issue in relationship.issues:
        if issue.state == "open":
            yield OpenIssue(None, issue.due, issue.owner)
        elif issue.state == "parked" and issue.parked_until is not None:
            yield OpenIssue(issue.parked_until, issue.due, issue.owner)


class _Companies:
    """Who took part together in the encounters of a file, with what they had: the last contact, the last sparks."""

    def __init__(self, relationship: Relationship) -> None:
        together: dict[tuple[str, ...], list[Encounter]] = {}
        for encounter in relationship.encounters:
            together.setdefault(encounter.with_, []).append(encounter)
        self.numbers = {with_: number for number, with_ in enumerate(together)}
        self.last_contact: datetime | None = None
        self._contacts = [each for each in relationship.encounters if each.is_contact]
        self.rows = [self._row(with_, encounters) for with_, encounters in together.items()]

    def _row(self, with_: tuple[str, ...], encounters: Iterable[Encounter]) -> Row:
        contacts = [each for each in encounters if each.is_contact]
        sparks = last_sparks((each.at.timestamp(), each.id, each.spark) for each in contacts if each.spark is not None)
        last = max((each.at for each in contacts), default=None)
        if last is not None and (self.last_contact is None or self.last_contact < last):
            self.last_contact = last
        return json.dumps(with_), with_, _iso(last), json.dumps(sparks)

    def sparks(self) -> Iterator[Spark]:
        """Yield the sparks of the relationship itself, for whom encounters of one moment stay as written."""
        return ((each.at.timestamp(), "", each.spark) for each in self._contacts if each.spark is not None)


class _Entries:
    """Everything of a file that has an id or can be found, as rows of the table `entries`."""

    def __init__(self, relationship: Relationship, timeline: Sequence[Encounter], companies: _Companies) -> None:
        self.rows: list[Row] = []
        self.talks: list[tuple[str, int]] = []
        self.spoken: list[tuple[str, int]] = []
        self._add_words(relationship, timeline)
        self._add_encounters(relationship, companies, _tied(timeline))

    def _add_encounters(self, relationship: Relationship, companies: _Companies, tied: Mapping[str, str]) -> None:
        marks_of: dict[tuple[str, str], str] = {}
        for each in relationship.encounters:
            at, contact, spark, note = each.at.isoformat(), each.is_contact, each.spark, each.note
            if note.isspace():
                note = ""
            what = each.channel, each.nature
            marks = marks_of.get(what)
            if marks is None:
                marks = marks_of[what] = f" {' '.join(encounter_marks(relationship, *what))} "
            if not note:
                marks = ""
            # Which number a company has may change with others; who is in it says whether this one has.
            who = f"{each.id}\0{each.with_}\0{each.mentions}"
            mark = _mark(f"{who}\0{at}\0{contact}\0{spark}\0{marks}\0{note}\0{tied.get(each.id, '')}")
            company = companies.numbers[each.with_]
            self.spoken += [(mentioned, len(self.rows)) for mentioned in dict.fromkeys(each.mentions)]
            # fmt: off
            self.rows.append((
                place(THE_REST, each.at), "encounter", each.id, at, company, contact, spark, marks, None, None, "",
                mark, 0, 0, False, self._said(note),
            ))
            # fmt: on

    def _add_words(self, relationship: Relationship, timeline: Sequence[Encounter]) -> None:
        entries: dict[str, Issue | Heard] = {each.id: each for each in relationship.issues}
        entries |= {each.id: each for each in relationship.heard}
        recent = next((each.at for each in reversed(timeline) if each.is_contact), None)
        for found in findables_but_encounters(relationship):
            entry = entries.get(found.id) if found.kind in ("issue", "heard") else None
            data = found.text if entry is None else _json(entry.to_file())
            stands = stands_at(entry, timeline) if isinstance(entry, Issue) else (0, 0, False)
            # A name and a story are as recent as the last contact.
            where = place(found.rank, recent if entry is None else found.at)
            self._add_found(found, where, data, stands)

    def _add_found(self, found: Findable, where: int, data: str, stands: Row) -> None:
        marks = f" {' '.join(found.marks)} "
        mark = _mark(f"{where}\0{found.kind}\0{found.id}\0{marks}\0{data}\0{found.text}")
        # fmt: off
        self.rows.append((
            where, found.kind, found.id, _iso(found.at), None, False, None, marks, _iso(found.opens_on),
            _iso(found.due), data, mark, *stands, self._said(found.text),
        ))
        # fmt: on

    def _said(self, text: str) -> str:
        """Return the words of a text as the full text keeps them, and note the topics of the row that comes next."""
        if "#" not in text:
            return folded(text)
        found = sorted(topics(text))
        self.talks += [(topic, len(self.rows)) for topic in found]
        return folded(text) + "".join(f"{topic_word(topic)} " for topic in found)


def _tied(timeline: Iterable[Encounter]) -> dict[str, str]:
    """Return the encounters of one moment, by id: when one is written again all are, so that they stay in order."""
    same = [each for pair in pairwise(timeline) if pair[0].at == pair[1].at for each in pair]
    return dict.fromkeys((each.id for each in same), repr(same))


def stands_at(issue: Issue, timeline: Sequence[Happened]) -> tuple[int, int, bool]:
    """Return how often an issue was carried and passed, and whether it is circling (`carry.standing`).

    `timeline` is every encounter of its relationship, oldest first; few of them lie within the life of an issue.
    """
    first = bisect_right(timeline, issue.opened, key=_AT) if issue.opened else 0
    last = bisect_right(timeline, issue.closed, key=_AT) if issue.closed else len(timeline)
    stands = standing(issue, timeline[first:last], date.min)
    return stands.carried, stands.passed, stands.circling


def _mark(said: str) -> int:
    """Return a number that is another one when anything but the standing of an issue has changed."""
    return zlib.crc32(said.encode("utf-8", "surrogatepass"))


def issue_of(data: str) -> Issue:
    """Return the issue that stands in the column `data` of an entry."""
    return Issue.model_validate_json(data, by_alias=True, by_name=False)


def _name(named: Named) -> Row:
    aliases, former = json.dumps(named.aliases), json.dumps(named.former)
    said = f"{named.said} {named.stem}"
    return named.id, named.name, aliases, former, named.home, named.organisation, named.relationship, said


def _links(named: Named) -> list[Row]:
    """What leads to a relationship: its names, the ids it had; and from its organisation, as stated, to it."""
    if named.home:
        return []
    stated = {named.organisation, slug(named.organisation)} - {""}
    return [
        *((each, "name", named.id) for each in dict.fromkeys(named.slugs) if each),
        *((each, "former", named.id) for each in dict.fromkeys(named.former)),
        *((each, "member", named.id) for each in sorted(stated)),
    ]


def _refs(relationship: Relationship) -> list[str]:
    """Return the ids that the file names without having them."""
    named_here: set[str] = {relationship.organisation, *relationship.former}
    for issue in relationship.issues:
        named_here.update((issue.opened_in, issue.closed_in, *issue.carried))
    for encounter in relationship.encounters:
        named_here.update((*encounter.with_, *encounter.mentions))
    named_here.update(each.heard_in for each in relationship.heard)
    named_here.update(each.relationship for each in relationship.people)
    return sorted(named_here - identities(relationship) - {""})


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment is not None else None

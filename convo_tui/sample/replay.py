"""The sample journal: its script typed again, encounter by encounter, through the grammar that people type into."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from convo_tui.clock import Clock
from convo_tui.core import edits, grammar, match
from convo_tui.core.ending import applied, plan
from convo_tui.core.ids import derived_id
from convo_tui.core.meaning import Context
from convo_tui.core.models import Encounter, Relationship
from convo_tui.sample.script import SampleEncounter, SampleRelationship, script
from convo_tui.store import codec

_BEGAN = 365
"""How many days before today the sample's relationships begin."""


def build(folder: Path, clock: Clock) -> None:
    """Write the sample journal, dated relative to the clock's today, into an existing folder."""
    for relationship in relationships(clock):
        (folder / f"{match.slug(relationship.name)}.toml").write_text(codec.write(relationship), "utf-8")


def relationships(clock: Clock) -> list[Relationship]:
    """Return the relationships of the sample as they stand today."""
    return _Replay(clock).played()


class _Replay:
    def __init__(self, clock: Clock) -> None:
        self.clock, self.today = clock, clock.today()
        self.yesterday = clock.now() - timedelta(days=1)
        self.script = script()
        self.ids = {each.name: self._id(_BEGAN, "relationship", each.name) for each in self.script}
        self.by_id = {self.ids[each.name]: self._begun(each) for each in self.script}
        self.count = 0

    def played(self) -> list[Relationship]:
        encounters = [(home, each) for home in self.script for each in home.encounters]
        for home, each in sorted(encounters, key=lambda pair: (-pair[1].days_ago, pair[1].time)):
            self._play(self.ids[home.name], each)
        for home in self.script:
            self._put_aside(home)
            self._build(home)
        return list(self.by_id.values())

    def _begun(self, home: SampleRelationship) -> Relationship:
        return edits.new_relationship(
            self.ids[home.name],
            home.name,
            home.kind,
            organisation=home.organisation,
            role=home.role,
            aliases=home.aliases,
            tags=home.tags,
            cadence=home.cadence,
            snoozed_until=self._in(home.snoozed_days),
            story=home.story,
            reach=[vars(each) for each in home.reach],
            dates=[
                {"label": each.label, "on": self.today + timedelta(each.in_days), "once": each.once}
                for each in home.dates
            ],
            people=[self._person(home, each) for each in home.people],
        )

    def _person(self, home: SampleRelationship, person: Any) -> dict[str, Any]:
        return {
            "id": self._id(_BEGAN, "person", home.name, person.name),
            "name": person.name,
            "role": person.role,
            "influence": person.influence,
            "stance": person.stance,
            "reach": person.reach,
            "relationship": self.ids[person.name] if person.has_relationship else "",
            "left": None if person.left_days_ago is None else self._day(person.left_days_ago),
        }

    def _play(self, home: str, sample: SampleEncounter) -> None:
        day = self._day(sample.days_ago)
        at = datetime.combine(day, sample.time, self.clock.zone)
        everyone = [named for each in self.by_id.values() for named in edits.named(each)]
        near = [named for named in everyone if named.home == home]
        who = [(match.names(name, near) or match.names(name, everyone))[0] for name in sample.with_]
        others = [self.by_id.get(each.relationship or each.id) for each in who]
        parties = [self.by_id[home], *(other for other in others if other is not None and other.id != home)]
        agenda = [issue for party in parties for issue in party.issues if issue.is_open(day)]
        encounter = Encounter(
            id=self._id(sample.days_ago, "encounter", home, str(sample.time)),
            at=at,
            channel=sample.channel,
            with_=tuple(each.id for each in who),
            spark=sample.spark,
            minutes=sample.minutes,
        )
        context = Context.between(parties, agenda, everyone, encounter.at, day)
        done = plan(home, encounter, grammar.read(sample.note, context), lambda: self._next_id(sample.days_ago))
        for identity in done.relationships:
            self.by_id[identity] = applied(done, self.by_id[identity], day)

    def _put_aside(self, home: SampleRelationship) -> None:
        identity = self.ids[home.name]
        for parked in home.parked:
            until = self._in(parked.until_days)
            self.by_id[identity] = edits.park(self.by_id[identity], self._open(identity, parked.match), until)
        for words in home.dropped:
            self.by_id[identity] = edits.drop(self.by_id[identity], self._open(identity, words), self.yesterday)

    def _build(self, home: SampleRelationship) -> None:
        identity = self.ids[home.name]
        for words in home.built:
            ideas = [(each.id, each.text, each.id) for each in self.by_id[identity].heard if each.kind == "idea"]
            (found,) = match.texts(words, ideas)
            self.by_id[identity] = edits.build(self.by_id[identity], found, self.yesterday)

    def _open(self, identity: str, words: str) -> str:
        issues = [(each.id, each.text, each.id) for each in self.by_id[identity].issues if each.is_open(self.today)]
        (found,) = match.texts(words, issues)
        return found

    def _day(self, days_ago: int) -> date:
        return self.today - timedelta(days_ago)

    def _in(self, days: int | None) -> date | None:
        return None if days is None else self.today + timedelta(days)

    def _next_id(self, days_ago: int) -> str:
        self.count += 1
        return self._id(days_ago, "entry", str(self.count))

    def _id(self, days_ago: int, *parts: str) -> str:
        return derived_id(self._day(days_ago), *parts)

"""The sample's content replays without surprises: a simulation of the note grammar, written apart from it.

It is stricter than the grammar: what `~` and `=` name must be clear among the issues and things heard of the
relationship at home as well as among those of everyone taking part, by whole words as well as by parts of words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from typing import get_args

import pytest

from convo_tui.core.models import Channel, Encounter, HeardKind, Influence, Kind, Owner, Reach, Stance
from convo_tui.sample.script import SampleEncounter, SampleRelationship, script

LEAD = r"\s*(?:[-*+] |\d+[.)] )?"
SIGN = re.compile(LEAD + r"([!?~=]) (.+)")
WORD = re.compile(LEAD + r"([a-z]+): (.+)", re.IGNORECASE)
HEARD = {
    "need": "need",
    "want": "want",
    "expect": "expectation",
    "unsaid": "unsaid",
    "idea": "idea",
    "rival": "rival",
    "about": "about",
}
FIELDS = ("nature", "next")
IN_DAYS = {"d": 1, "w": 7, "m": 30}
OF_THE_CALENDAR = re.compile(
    r"\b((Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter|Christmas|Easter|Q[1-4]|20\d\d)\b"
)


@dataclass
class Entry:
    """An issue or something heard, in the file of `home`; days count from today, forward."""

    home: str
    text: str
    kind: str = "issue"
    owner: str = "me"
    opened: int = 0
    due: int | None = None
    every: int = 0
    carried: list[int] = field(default_factory=list)
    lived: list[int] = field(default_factory=list)
    live: bool = True

    @property
    def avoided(self) -> bool:
        return len(self.lived) >= 3 and not self.carried

    @property
    def circling(self) -> bool:
        return len(self.lived) >= 3 and set(self.lived[-3:]) <= set(self.carried)


def tokens(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def answering(query: str, entries: list[Entry]) -> list[list[Entry]]:
    """Return what answers by whole words, and what answers by parts of words."""
    asked = tokens(query)
    return [
        [entry for entry in entries if asked <= tokens(entry.text)],
        [entry for entry in entries if all(word in entry.text.casefold() for word in asked)],
    ]


class Replay:
    """Plays the sample in time order and keeps a list of what would surprise."""

    def __init__(self, relationships: tuple[SampleRelationship, ...]) -> None:
        self.relationships = {each.name: each for each in relationships}
        self.entries: list[Entry] = []
        self.problems: list[str] = []
        self.next_in: dict[str, int] = {}
        self.natures: defaultdict[str, list[str]] = defaultdict(list)
        for moment, (home, encounter) in enumerate(in_time_order(relationships)):
            self.moment, self.home, self.encounter = moment, home, encounter
            self.play()

    @property
    def issues(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind == "issue" and entry.live]

    def play(self) -> None:
        parties = self.taking_part()
        agenda = [entry for entry in self.entries if entry.live and entry.home in parties]
        for entry in agenda:
            if self.encounter.channel != "note":
                entry.lived.append(self.moment)
        if self.next_in.get(self.home, 0) <= -self.encounter.days_ago:
            self.next_in.pop(self.home, None)
        nature = "conversation"
        for line in self.encounter.note.split("\n"):
            self.resolve_mentions(line)
            if found := SIGN.fullmatch(line):
                self.sign(found[1], found[2], agenda, parties)
            elif (found := WORD.fullmatch(line)) and found[1].lower() in (*HEARD, *FIELDS, "met"):
                word, text = found[1].lower(), found[2]
                if word == "nature":
                    nature = text
                self.word(word, text, agenda)
            elif re.match(LEAD + r"[!?~=\\]", line):
                self.complain(f"is no marker and looks like one: {line}")
        self.natures[self.home].append(nature)

    def sign(self, sign: str, text: str, agenda: list[Entry], parties: set[str]) -> None:
        if sign in "!?":
            self.open("them" if sign == "?" else "me", text, parties)
            return
        query, _, _ = text.partition(" : ")
        if sign == "~":
            found = self.one(query, agenda)
            if found and found.kind != "issue":
                self.complain(f"carries what is no issue: {query}")
            elif found:
                found.carried.append(self.moment)
        else:
            self.settle(query, agenda)

    def word(self, word: str, text: str, agenda: list[Entry]) -> None:
        if word in HEARD:
            self.entries.append(Entry(self.home, text, HEARD[word], opened=-self.encounter.days_ago))
        elif word == "met":
            self.settle(text.partition(" : ")[0], agenda)
        elif word == "next":
            found = re.match(r"in (\d+) (day|week)s? \S", text)
            if found:
                self.next_in[self.home] = int(found[1]) * IN_DAYS[found[2][0]] - self.encounter.days_ago
            else:
                self.complain(f"says no day: {text}")

    def open(self, owner: str, text: str, parties: set[str]) -> None:
        entry = Entry(self.home, text, owner=owner, opened=-self.encounter.days_ago)
        for key, value in re.findall(r"(due|every):(\S+)", text):
            found = re.fullmatch(r"([1-9]\d?)([dwm])", value)
            if not found:
                self.complain(f"has a date that is not like 5d: {value}")
                continue
            days = int(found[1]) * IN_DAYS[found[2]]
            if key == "due":
                entry.due = entry.opened + days
            else:
                entry.every = days
        for said in re.findall(r"@(me|them|us)\b", text):
            entry.owner = said
        if addressed := re.match(r"@\"([^\"]+)\" ", text):
            entry.home = addressed[1]
            text = text[addressed.end() :]
            if addressed[1] not in parties:
                self.complain(f"opens an issue for somebody absent: {addressed[1]}")
        entry.text = re.sub(r"\s*(due:\S+|every:\S+|@(me|them|us)\b)", "", text).strip()
        self.entries.append(entry)

    def settle(self, query: str, agenda: list[Entry]) -> None:
        found = self.one(query, agenda)
        if not found:
            return
        found.live = False
        if found.every and found.due is not None:
            self.entries.append(
                Entry(
                    found.home,
                    found.text,
                    owner=found.owner,
                    opened=-self.encounter.days_ago,
                    due=found.due + found.every,
                    every=found.every,
                )
            )

    def one(self, query: str, agenda: list[Entry]) -> Entry | None:
        at_home = [entry for entry in agenda if entry.home == self.home]
        for answers in answering(query, at_home) + answering(query, agenda):
            if len(answers) != 1 or not answers[0].live:
                names = [f"{each.home}: {each.text}" for each in answers]
                self.complain(f"“{query}” is answered by {names}")
                return None
        found = answering(query, at_home)[0][0]
        if self.moment in found.carried:
            self.complain(f"touches twice: {found.text}")
        return found

    def taking_part(self) -> set[str]:
        """Return everyone for whom this counts (CONTRACT.md: `with`, `people.relationship`, `organisation`)."""
        found: set[str] = set()
        for name in (self.home, *self.encounter.with_):
            home = self.relationships[self.home]
            person = next((each for each in home.people if each.name == name), None)
            if person and person.has_relationship and name not in self.relationships:
                self.complain(f"{name} has no file")
            if name in self.relationships:
                found |= {name, self.relationships[name].organisation} & self.relationships.keys()
            elif not person:
                self.complain(f"nobody is called {name}")
        return found

    def resolve_mentions(self, line: str) -> None:
        known = [person.name for each in self.relationships.values() for person in each.people]
        known += self.relationships
        for name in re.findall(r"(?:^|(?<=[\s(]))@(?:\"([^\"]+)\"|(?!(?:me|them|us)\b)(\w+))", line):
            if known.count("".join(name)) != 1:
                self.complain(f"mentions nobody, or more than one: {name}")

    def complain(self, what: str) -> None:
        self.problems.append(f"{self.home}, {self.encounter.days_ago} days ago: {what}")


def in_time_order(relationships: tuple[SampleRelationship, ...]) -> list[tuple[str, SampleEncounter]]:
    pairs = [(each.name, encounter) for each in relationships for encounter in each.encounters]
    return sorted(pairs, key=lambda pair: (-pair[1].days_ago, pair[1].time))


@cache
def sample() -> tuple[SampleRelationship, ...]:
    return script()


@cache
def replay() -> Replay:
    return Replay(sample())


def encounters() -> Iterator[SampleEncounter]:
    return (encounter for _, encounter in in_time_order(sample()))


def test_it_is_a_year_of_about_fifteen_relationships() -> None:
    days = [encounter.days_ago for encounter in encounters()]

    assert 13 <= len(sample()) <= 16
    assert 150 <= len(days) <= 175
    assert 330 <= max(days) <= 365
    assert min(days) == 1, "nothing may lie in the future of somebody who looks at it early in the morning"


def test_the_last_ten_weeks_are_the_fullest() -> None:
    days = [encounter.days_ago for encounter in encounters()]

    assert sum(each <= 70 for each in days) / 70 > 1.2 * len(days) / 365


def test_a_file_is_read_as_it_is_written() -> None:
    ana = next(each for each in sample() if each.name == "Ana Ruiz")
    first, last = ana.encounters[0], ana.encounters[-1]

    assert (ana.kind, ana.organisation, ana.cadence) == ("person", "Halden Robotics", "2w")
    assert ana.story.startswith("We are making changeovers")
    assert [each.kind for each in ana.reach] == ["email", "phone"]
    assert (first.days_ago, first.time, first.channel, first.minutes) == (352, time(14), "meeting", 60)
    assert (last.channel, last.with_) == ("call", ()), "a call with the relationship itself is the default"
    assert first.note.splitlines()[-1] == "need: numbers the shift leads themselves believe"


def test_reading_it_twice_gives_the_same() -> None:
    assert script() == script()


def test_every_file_goes_forward_in_time_and_no_two_encounters_coincide() -> None:
    for relationship in sample():
        days = [encounter.days_ago for encounter in relationship.encounters]
        assert days == sorted(set(days), reverse=True), relationship.name
    moments = [(encounter.days_ago, encounter.time) for encounter in encounters()]
    assert len(moments) == len(set(moments))


def test_every_line_with_a_mark_means_exactly_one_thing() -> None:
    """CONTRACT.md: "More than one or none: nothing is guessed, the line stays in the note as typed"."""
    assert replay().problems == []


@pytest.mark.parametrize("channel", get_args(Channel))
def test_every_channel_appears(channel: str) -> None:
    assert channel in {encounter.channel for encounter in encounters()}


@pytest.mark.parametrize("kind", get_args(HeardKind))
def test_every_kind_of_what_is_heard_appears_and_some_of_it_is_still_live(kind: str) -> None:
    assert any(entry.kind == kind and entry.live for entry in replay().entries)


def test_needs_and_ideas_have_been_met() -> None:
    met = {entry.kind for entry in replay().entries if entry.kind != "issue" and not entry.live}

    assert met >= {"need", "want", "idea"}


def test_the_fields_hold_only_what_a_journal_may_hold() -> None:
    for relationship in sample():
        assert relationship.kind in get_args(Kind)
        for reach in relationship.reach:
            Reach(kind=reach.kind, label=reach.label, value=reach.value)
        for person in relationship.people:
            assert person.influence in get_args(Influence)
            assert person.stance in get_args(Stance)
        for encounter in relationship.encounters:
            Encounter(
                id="x",
                at=f"2026-01-01T{encounter.time}",
                channel=encounter.channel,
                spark=encounter.spark,
                minutes=encounter.minutes,
            )


def test_nothing_in_it_is_tied_to_a_season_because_it_is_dated_from_today() -> None:
    texts = [text for each in sample() for text in (each.story, *(encounter.note for encounter in each.encounters))]

    assert [found[0] for text in texts for found in OF_THE_CALENDAR.finditer(text)] == []


def test_about_thirty_issues_are_open_in_the_end_and_everybody_has_a_move() -> None:
    shown = [entry for entry in replay().issues if entry not in set_aside()]
    owners = [entry.owner for entry in shown]

    assert 25 <= len(shown) <= 35
    assert all(owners.count(owner) >= 5 for owner in get_args(Owner))


def test_a_few_issues_are_overdue_one_of_them_theirs_and_the_next_three_weeks_hold_the_other_dates() -> None:
    dues = [entry.due for entry in replay().issues if entry.due is not None]
    theirs = [entry.due for entry in replay().issues if entry.due is not None and entry.owner == "them"]

    assert sum(due < -3 for due in theirs) == 1
    assert 3 <= sum(due < 0 for due in dues) <= 4
    assert sum(0 <= due <= 7 for due in dues) >= 2
    assert sum(8 <= due <= 21 for due in dues) >= 3
    assert max(dues) <= 21


def test_one_issue_is_avoided_and_one_is_circling() -> None:
    """CONTRACT.md: "passed three times and never carried, it is *avoided*; carried in each of the last three, it
    is *circling*"."""
    assert [entry.text for entry in replay().issues if entry.avoided] == ["raise the fee for the second clinic #fees"]
    assert [entry.text for entry in replay().issues if entry.circling] == ["agree on a start date #start"]


def set_aside() -> list[Entry]:
    asked = [(each.name, parked.match) for each in sample() for parked in each.parked]
    asked += [(each.name, words) for each in sample() for words in each.dropped]
    found = [
        answering(query, [entry for entry in replay().issues if entry.home == home])[part]
        for home, query in asked
        for part in (0, 1)
    ]
    assert all(len(entries) == 1 for entries in found), asked
    return [entries[0] for entries in found]


def test_what_is_to_be_parked_or_dropped_names_one_open_issue_each() -> None:
    assert set_aside()
    assert {parked.until_days is None for each in sample() for parked in each.parked} == {True, False}
    assert any(each.dropped for each in sample())


def test_two_relationships_have_gone_quiet() -> None:
    quiet = [
        each.name
        for each in sample()
        if each.encounters and each.encounters[-1].days_ago > 70 and each.cadence in ("3w", "6w")
    ]

    assert quiet == ["Farah Siddiqui", "Wouter de Vries"]


def test_one_relationship_has_only_been_transactions_for_a_while() -> None:
    lately = {home for home, natures in replay().natures.items() if set(natures[-5:]) == {"transaction"}}

    assert lately == {"Oakbridge Council"}


def test_one_organisation_is_known_without_anybody_who_decides() -> None:
    strangers = []
    for each in sample():
        met = {name for encounter in each.encounters for name in encounter.with_}
        deciders = {person.name for person in each.people if person.influence == "decides"}
        strangers += [each.name] if each.people and not deciders & met else []

    assert strangers == ["Oakbridge Council"]


def test_people_who_have_left_are_not_met_afterwards() -> None:
    for each in sample():
        for person in each.people:
            for encounter in each.encounters:
                if person.left_days_ago is not None and person.name in encounter.with_:
                    assert encounter.days_ago >= person.left_days_ago


def test_when_to_talk_again_lies_ahead_but_with_one_of_them() -> None:
    passed = {name: days for name, days in replay().next_in.items() if days <= 0}

    assert len(replay().next_in) >= 4
    assert passed == {"Wouter de Vries": -7}


def test_an_encounter_with_several_relationships_leaves_issues_with_each() -> None:
    shared = [
        (home, name)
        for home, encounter in in_time_order(sample())
        for name in encounter.with_
        if name in replay().relationships and replay().relationships[name].organisation != home
    ]

    assert shared == [("Halden Robotics", "Niamh Byrne"), ("Niamh Byrne", "Aiko Tanaka")]
    assert {
        entry.home for entry in replay().entries if entry.text.startswith(("split the day's fee", "send the course"))
    } == {
        "Niamh Byrne",
        "Aiko Tanaka",
    }


def test_people_never_spoken_with_are_an_address_book() -> None:
    assert [each.name for each in sample() if not each.encounters] == ["Imran Qureshi"]

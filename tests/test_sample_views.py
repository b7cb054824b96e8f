"""What the sample shows on whichever day it is opened: every rule of the pulse, and something for every view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from convo_tui.clock import Clock
from convo_tui.core import coming
from convo_tui.core.carry import standing
from convo_tui.core.models import Person, Relationship
from convo_tui.core.noticing import signs
from convo_tui.core.pulse import explained, pulse, reasons
from convo_tui.core.pulse_rules import RULES
from convo_tui.core.reviewing import review
from convo_tui.core.signs import Signs
from convo_tui.core.telling import waits
from convo_tui.paths import Places
from convo_tui.sample import build
from convo_tui.store.journal import Journal

ZONE = timezone(timedelta(hours=1))
NEW_YEAR = [date(2026, 12, 28) + timedelta(days) for days in range(7)]
"""Every day of a week, Monday to Sunday, with New Year in it."""
ODD_DAYS = [date(2028, 2, 29), date(2027, 3, 1), date(2027, 3, 31), date(2027, 5, 31)]
"""A day of leap years, one after the day that February lacks, and ends of months that the one before lacks."""
LEAP_YEAR = [date(2028, 1, 1) + timedelta(days) for days in range(366)]
TODAY = NEW_YEAR[2]


@dataclass(frozen=True)
class Opened:
    """The sample as it is on a day: the relationships and their signs."""

    relationships: tuple[Relationship, ...]
    signs: tuple[Signs, ...]

    def rules_seen(self, today: date) -> set[str]:
        return {reason.rule for each in self.signs for reason in reasons(each, today)}


@cache
def opened(today: date, at: time = time(0, 5)) -> Opened:
    clock = Clock(lambda: datetime.combine(today, at, ZONE), ZONE)
    with TemporaryDirectory() as root:
        places = Places(*(Path(root, name) for name in ("journal", "config", "cache", "state")))
        places.journal.mkdir()
        build(places.journal, clock)
        journal = Journal(places, clock)
        try:
            noticed, views = journal.signs(), list(journal.views())
        finally:
            journal.close()
    return Opened(tuple(view.relationship for view in views), tuple(noticed))


def relationships() -> tuple[Relationship, ...]:
    return opened(TODAY).relationships


def people() -> Iterator[Person]:
    return (person for each in relationships() for person in each.people)


RULE_NAMES = {rule.__name__.replace("_", "-") for rule in RULES}


def test_every_rule_has_a_name_that_is_explained() -> None:
    assert explained.keys() == RULE_NAMES


@pytest.mark.parametrize("today", NEW_YEAR, ids=str)
def test_every_rule_of_the_pulse_gives_a_reason_on_every_day_of_the_week_and_at_new_year(today: date) -> None:
    """Issue: "the demo journal shows every rule at least once"; what is snoozed or archived gives no reasons."""
    assert opened(today).rules_seen(today) == RULE_NAMES


@pytest.mark.parametrize("today", ODD_DAYS, ids=str)
def test_every_rule_gives_a_reason_late_on_the_odd_days_of_the_calendar(today: date) -> None:
    assert opened(today, time(23, 55)).rules_seen(today) == RULE_NAMES


@pytest.mark.long
@pytest.mark.parametrize("today", LEAP_YEAR, ids=str)
def test_every_rule_gives_a_reason_on_every_day_of_a_leap_year(today: date) -> None:
    assert opened(today, time(9, 30)).rules_seen(today) == RULE_NAMES


def test_some_are_fine_and_the_pulse_does_not_name_them() -> None:
    named = {each.name for each in pulse(opened(TODAY).signs, TODAY)}

    assert {"Aiko Tanaka", "Niamh Byrne"} <= {each.name for each in relationships()} - named


def test_someone_is_snoozed_whom_the_pulse_would_name_otherwise() -> None:
    snoozed = {each.name: each.snoozed_until for each in relationships() if each.snoozed_until}
    awake = [replace(each, snoozed_until=None) for each in every_sign()]

    assert snoozed.keys() == {"Solveig Haug"}
    assert all(until > TODAY + timedelta(weeks=2) for until in snoozed.values())
    assert "Solveig Haug" not in {each.name for each in pulse(opened(TODAY).signs, TODAY)}
    assert "Solveig Haug" in {each.name for each in pulse(awake, TODAY)}


def every_sign() -> list[Signs]:
    return [signs(each, each.encounters) for each in relationships()]


def test_an_idea_was_built_and_waits_to_be_told() -> None:
    """PRODUCT.md: "an idea that was built is waiting to be told ("we built yours")"."""
    found = [
        heard.text
        for each in relationships()
        for heard in each.heard
        if waits(heard, {issue.id for issue in each.issues if issue.state == "open"})
    ]

    assert found == ["show a filled-in example beside the form #forms"]


def test_a_birthday_and_a_renewal_are_coming_up_within_a_month_and_a_birthday_has_just_passed() -> None:
    ahead = [found.label for each in relationships() for found in coming.coming(each.dates, TODAY)]
    behind = [found for each in relationships() for found in coming.passed(each.dates, since_talked(each), TODAY)]

    assert {"birthday", "contract renewal"} <= set(ahead)
    assert [(found.label, (TODAY - found.on).days) for found in behind] == [("birthday", 4)]


def since_talked(relationship: Relationship) -> date:
    return max((each.at.date() for each in relationship.encounters if each.is_contact), default=date.min)


def test_an_issue_that_was_parked_is_back_today() -> None:
    parked = [issue for each in relationships() for issue in each.issues if issue.state == "parked"]

    assert [issue.text for issue in parked if issue.parked_until == TODAY and issue.is_open(TODAY)] == [
        "ask the harbour office whether the kiosk may keep towels #guests"
    ]
    assert sum(not issue.is_open(TODAY) for issue in parked) >= 2, "others rest until a later day, or until reopened"


def test_the_weekly_review_begins_with_promises_some_of_them_kept() -> None:
    standings = [
        standing(issue, each.encounters, TODAY, each.id, each.name) for each in relationships() for issue in each.issues
    ]
    found = review(standings, pulse(opened(TODAY).signs, TODAY), TODAY)

    assert len(found.promises) >= 2
    assert len(found.kept) >= 2


def test_an_organisation_has_many_people_of_every_influence_and_stance_and_one_has_left() -> None:
    large = [each for each in relationships() if len(each.people) >= 5]

    assert {person.influence for person in people()} >= {"decides", "influences", "uses", "partner"}
    assert {person.stance for person in people()} == {"advocate", "neutral", "critic", "unknown"}
    for each in large:
        assert len({person.influence for person in each.people}) >= 3
        assert len({person.stance for person in each.people}) >= 3
        assert sum(person.left is not None for person in each.people) == 1
    assert [each.name for each in large] == ["Halden Robotics", "Saltwind Hotels"]


def test_some_people_are_spoken_of_by_others() -> None:
    """CONTRACT.md: `mentions` are "who was spoken of; shown with them, never contact"."""
    names = {person.id: person.name for person in people()}
    spoken_of = {
        names[each]
        for relationship in relationships()
        for encounter in relationship.encounters
        if encounter.with_
        for each in encounter.mentions
        if each in names and each not in encounter.with_
    }

    assert {"Greta Halden", "Jonas Weber", "Samuel Okafor", "Colin Marsh", "Hanne Vik"} <= spoken_of

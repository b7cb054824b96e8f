"""The carry-forward rules: CONTRACT.md, "Rules"."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from core_builders import ACME_ID, NOW, TODAY, acme, day, encounter, issue

from convo_tui.core import edits
from convo_tui.core.carry import by_due, lived_through, rank, refusal, standing
from convo_tui.core.errors import Refused
from convo_tui.core.models import Encounter, Issue


def carried(*days_ago: int) -> tuple[str, ...]:
    return tuple(encounter(each).id for each in days_ago)


TIMELINE = [encounter(each) for each in (12, 8, 6, 4, 2)]


def test_an_issue_is_carried_into_an_encounter() -> None:
    """Carrying never copies and never edits the earlier encounter."""
    relationship = acme(issue("pricing"), encounters=(encounter(2),))
    result = edits.carry(relationship, relationship.issues[0].id, encounter(2), TODAY)
    assert result.issues == (relationship.issues[0].model_copy(update={"carried": carried(2)}),)
    assert result.encounters == relationship.encounters


def test_at_most_once_into_the_same_encounter() -> None:
    """An issue is carried into an encounter at most once."""
    relationship = acme(issue("pricing", carried=carried(2)))
    with pytest.raises(Refused, match=r"pricing.*already"):
        edits.carry(relationship, relationship.issues[0].id, encounter(2), TODAY)


@pytest.mark.parametrize("days_ago", [9, 10, 30])
def test_never_at_or_before_its_opening(days_ago: int) -> None:
    """Never into one at or before its opening."""
    relationship = acme(issue("pricing", days_ago=9))
    with pytest.raises(Refused, match="opened"):
        edits.carry(relationship, relationship.issues[0].id, encounter(days_ago), TODAY)


def test_never_into_the_encounter_in_which_it_was_opened() -> None:
    """Never into one at or before its opening."""
    late = encounter(2)
    assert refusal(issue("pricing", opened_in=late.id), late, TODAY) is not None


@pytest.mark.parametrize("state", ["parked", "settled", "dropped"])
def test_only_open_issues_are_carried(state: str) -> None:
    """Only open issues are carried."""
    relationship = acme(issue("pricing", state=state))
    with pytest.raises(Refused, match=state):
        edits.carry(relationship, relationship.issues[0].id, encounter(2), TODAY)


def test_what_was_parked_until_a_day_that_has_come_is_carried() -> None:
    """`parked_until`: past it the issue reads as open everywhere; nothing is written."""
    relationship = acme(issue("pricing", state="parked", parked_until=TODAY))
    result = edits.carry(relationship, relationship.issues[0].id, encounter(0), TODAY)
    assert result.issues[0].carried == carried(0)
    assert result.issues[0].state == "parked"


def test_encounters_are_kept_oldest_first() -> None:
    """`carried`: encounters in which it was talked about again, oldest first."""
    relationship = acme(issue("pricing", carried=carried(8, 2)), encounters=tuple(TIMELINE))
    identity = relationship.issues[0].id
    assert edits.carry(relationship, identity, encounter(4), TODAY).issues[0].carried == carried(8, 4, 2)
    assert edits.carry(relationship, identity, encounter(0), TODAY).issues[0].carried == carried(8, 2, 0)


def test_encounters_that_it_lived_through_unmentioned_are_counted() -> None:
    """Encounters that an open issue lives through without being carried are counted by themselves ("passed")."""
    found = standing(issue("pricing", carried=carried(4)), TIMELINE, TODAY, ACME_ID, "Acme")
    assert (found.passed, found.carried) == (3, 1)
    assert (found.age_days, found.relationship_id, found.relationship) == (9, ACME_ID, "Acme")


def test_notes_to_oneself_pass_nothing() -> None:
    """`note` (to oneself) is no contact."""
    notes = [encounter(each, channel="note") for each in (8, 6, 4)]
    assert standing(issue("pricing"), notes, TODAY).passed == 0


def test_the_encounter_of_its_opening_passes_nothing() -> None:
    opening = encounter(8)
    assert lived_through(issue("pricing", opened_in=opening.id), [opening, encounter(2)]) == [encounter(2)]


def test_once_closed_nothing_passes() -> None:
    """Encounters that an open issue lives through."""
    closed = issue("pricing", state="settled", closed=encounter(4).at, closed_in=encounter(4).id)
    assert [each.id for each in lived_through(closed, TIMELINE)] == list(carried(8, 6))


@pytest.mark.parametrize(
    ("passed", "carried_in", "avoided"),
    [((8, 6, 4), (), True), ((8, 6), (), False), ((8, 6, 4, 2), (2,), False), ((12, 8, 6), (), False)],
)
def test_avoided(passed: tuple[int, ...], carried_in: tuple[int, ...], avoided: bool) -> None:
    """Passed three times and never carried, it is *avoided*."""
    found = standing(issue("pricing", carried=carried(*carried_in)), [encounter(each) for each in passed], TODAY)
    assert found.avoided is avoided


@pytest.mark.parametrize(
    ("lived", "carried_in", "circling"),
    [
        ((6, 4, 2), (6, 4, 2), True),
        ((8, 6, 4, 2), (6, 4, 2), True),
        ((8, 6, 4, 2), (8, 6, 4), False),
        ((4, 2), (4, 2), False),
    ],
)
def test_circling(lived: tuple[int, ...], carried_in: tuple[int, ...], circling: bool) -> None:
    """Carried in each of the last three, it is *circling*."""
    found = standing(issue("pricing", carried=carried(*carried_in)), [encounter(each) for each in lived], TODAY)
    assert found.circling is circling
    assert not found.avoided


def test_days_are_differences_of_local_calendar_dates() -> None:
    """Days are differences of local calendar dates."""
    late = NOW.replace(hour=23, minute=59) - timedelta(days=1)
    assert standing(Issue(id="x", text="x", opened=late), [], TODAY).age_days == 1


@pytest.mark.parametrize(("identity", "age"), [("20261101-q2w3e4r5", 21), ("by-hand", 0), ("20991231-x", 0)])
def test_an_issue_without_its_opening_is_as_old_as_its_id(identity: str, age: int) -> None:
    found = standing(Issue(id=identity, text="x"), [], TODAY)
    assert found.age_days == age


def test_an_unknown_opening_counts_as_before() -> None:
    assert refusal(Issue(id="by-hand", text="x"), encounter(500), TODAY) is None
    assert refusal(Issue(id="20261101-x", text="x"), encounter(20), TODAY) is None
    assert refusal(Issue(id="20261102-x", text="x"), encounter(20), TODAY) is not None


def test_in_which_order_one_would_take_them_up() -> None:
    issues = [
        issue("oldest", days_ago=90),
        issue("often carried", carried=("a", "b")),
        issue("theirs", owner="them"),
        issue("due later", due=date(2026, 12, 24)),
        issue("due soon", due=date(2026, 11, 24)),
        issue("overdue", due=date(2026, 11, 21)),
        issue("long overdue", due=date(2026, 1, 1)),
        issue("young", days_ago=1),
    ]
    ranked = [each.issue.text for each in rank(standing(each, [], TODAY) for each in reversed(issues))]
    assert ranked == [
        "long overdue",
        "overdue",
        "due soon",
        "due later",
        "theirs",
        "often carried",
        "oldest",
        "young",
    ]


def test_by_due_date_none_last_then_the_oldest() -> None:
    """Open issues, by due date (none last), then oldest."""
    issues = [issue("young", 1), issue("old", 20), issue("due", due=day(-3)), issue("due sooner", due=day(-1))]
    assert [each.issue.text for each in by_due(standing(each, [], TODAY) for each in issues)] == [
        "due sooner",
        "due",
        "old",
        "young",
    ]


def test_a_timeline_is_of_all_who_took_part() -> None:
    elsewhere = Encounter(id="20261120-e15ewher", at=encounter(2).at)
    assert standing(issue("pricing"), [encounter(6), elsewhere], TODAY).passed == 2

"""The agenda over all relationships: what it opens on, and its three groupings (issue "agenda")."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from core_builders import TODAY, issue

from convo_tui.core.agenda import SOON, Agenda, Grouping, agenda, is_back, is_soon
from convo_tui.core.carry import Standing, standing


def stands(text: str, home: str = "Ana", **fields: Any) -> Standing:
    return standing(issue(text, **fields), [], TODAY, home.lower(), home)


def shown(found: Agenda) -> dict[str, list[str]]:
    return {group.heading: [each.issue.text for each in group.those] for group in found.groups}


def due(days: int) -> dict[str, Any]:
    return {"due": TODAY + timedelta(days)}


def parked(days: int | None) -> dict[str, Any]:
    return {"state": "parked", "parked_until": None if days is None else TODAY + timedelta(days)}


EVERYTHING = [
    stands("late", "Bo", owner="them", **due(-3)),
    stands("later still", owner="me", **due(-9)),
    stands("now", owner="us", **due(0)),
    stands("soon", "Bo", owner="me", **due(1)),
    stands("this week", owner="me", **due(7)),
    stands("back", owner="me", **parked(0)),
    stands("in a while", "Bo", owner="me", **due(8)),
    stands("some day", owner="them"),
    stands("asleep", owner="me", **parked(4)),
    stands("for good", owner="me", **parked(None)),
]


def test_it_opens_on_what_is_due_within_seven_days_mine_and_theirs() -> None:
    found = agenda(EVERYTHING, TODAY)
    assert shown(found) == {
        "Overdue": ["later still", "late"],
        "Today": ["now"],
        "Tomorrow": ["soon"],
        "Within 7 days": ["this week"],
        "Back from being parked": ["back"],
    }
    assert (found.count, found.rest) == (6, 4)


def test_the_rest_is_later_without_a_day_or_parked_the_next_to_return_first() -> None:
    found = agenda(reversed(EVERYTHING), TODAY, whole=True)
    assert {name: texts for name, texts in shown(found).items() if name in ("Later", "Without a day", "Parked")} == {
        "Later": ["in a while"],
        "Without a day": ["some day"],
        "Parked": ["asleep", "for good"],
    }
    assert (found.count, found.rest) == (10, 0)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("owner", {"My move": ["later still", "soon", "this week", "back"], "Their move": ["late"], "Ours": ["now"]}),
        ("relationship", {"Ana": ["later still", "now", "this week", "back"], "Bo": ["late", "soon"]}),
    ],
)
def test_it_is_grouped_by_owner_or_by_relationship(by: Grouping, groups: dict[str, list[str]]) -> None:
    found = shown(agenda(EVERYTHING, TODAY, by))
    assert {name.removesuffix(" together"): texts for name, texts in found.items()} == groups
    assert list(found) == [next(each for each in found if each.startswith(name)) for name in groups]


def test_relationships_of_one_name_are_two_groups() -> None:
    twins = [standing(issue(each, **due(1)), [], TODAY, each, "Ana Ruiz") for each in ("one", "other")]
    assert [group.heading for group in agenda(twins, TODAY, "relationship").groups] == ["Ana Ruiz", "Ana Ruiz"]


@pytest.mark.parametrize(("days", "soon"), [(-40, True), (0, True), (SOON, True), (SOON + 1, False)])
def test_soon_is_up_to_seven_days_ahead(days: int, soon: bool) -> None:
    assert is_soon(issue("it", **due(days)), TODAY) == soon


@pytest.mark.parametrize(("days", "back"), [(1, False), (0, True), (-SOON, True), (-SOON - 1, False), (None, False)])
def test_a_parked_issue_returns_on_its_date(days: int | None, back: bool) -> None:
    """CONTRACT.md: parked_until: past it the issue reads as open everywhere; nothing is written."""
    assert is_back(issue("it", **parked(days)), TODAY) == is_soon(issue("it", **parked(days)), TODAY) == back


def test_what_is_parked_is_not_due() -> None:
    assert not is_soon(issue("it", **parked(3), **due(-2)), TODAY)
    assert is_soon(issue("it", **parked(-2), **due(-2)), TODAY)


def test_of_nothing_there_is_no_group() -> None:
    assert agenda([], TODAY) == Agenda((), 0)


def test_what_is_closed_stands_in_groups_of_its_own() -> None:
    closed = [stands("done", state="settled"), stands("gone", state="dropped", **due(-3))]
    assert shown(agenda(closed, TODAY, whole=True)) == {"Settled": ["done"], "Dropped": ["gone"]}

"""A relationship as a line of the list."""

from __future__ import annotations

from datetime import date

import pytest
from core_builders import NOW, TODAY, ago, day

from convo_tui.core.summary import OpenIssue, Summary, by_attention, by_last_contact, by_name, matches


def summary(name: str, days_ago: int | None = None, **fields: object) -> Summary:
    last = None if days_ago is None else ago(days_ago)
    return Summary(name, name, name, "person", f"{name}.toml", last_contact=last, **fields)  # type: ignore[arg-type]


def test_issues_count_from_the_day_they_show() -> None:
    """`parked_until`: past it the issue reads as open everywhere."""
    found = summary(
        "Ana",
        issues=(
            OpenIssue(None, None, "me"),
            OpenIssue(None, day(1), "me"),
            OpenIssue(TODAY, TODAY, "me"),
            OpenIssue(day(-1), day(9), "me"),
        ),
    )
    assert (found.open_issues(TODAY), found.open_issues(day(-1))) == (3, 4)
    assert (found.overdue_issues(TODAY), found.overdue_issues(day(-1))) == (1, 3)


def test_days_since_the_last_contact() -> None:
    """Days are differences of local calendar dates."""
    assert summary("Ana", 1).days_since(TODAY) == 1
    assert summary("Ana").days_since(TODAY) is None
    assert summary("Ana", cadence="1d").days_late(TODAY) == 0


@pytest.mark.parametrize(
    ("days_ago", "cadence", "rests", "late"),
    [
        (22, "3w", {}, 1),
        (21, "3w", {}, 0),
        (11, "10d", {}, 1),
        (61, "2m", {}, 1),
        (366, "1y", {}, 1),
        (99, "", {}, 0),
        (22, "3w", {"next_on": date(2026, 11, 23)}, 0),
        (22, "3w", {"next_on": TODAY}, 1),
        (22, "3w", {"snoozed_until": date(2026, 12, 1)}, 0),
        (22, "3w", {"snoozed_until": date(2026, 11, 1), "next_on": date(2026, 12, 1)}, 0),
    ],
)
def test_days_past_the_cadence(days_ago: int, cadence: str, rests: dict[str, object], late: int) -> None:
    """`next_on`: when we mean to talk again; the cadence rests until then."""
    assert summary("Ana", days_ago, cadence=cadence, **rests).days_late(TODAY) == late


def test_the_list_ranks_by_attention_first() -> None:
    """The relationship list ranks by attention first … never spoken with are an address book, listed last."""
    everyone = [
        summary("address book"),
        summary("archived", 1, archived=True),
        summary("recent", 1),
        summary("older", 9),
        summary("overdue", 30, issues=(OpenIssue(None, day(1), "me"),)),
        summary("late", 20, cadence="1w"),
        summary("meant today", 40, next_on=TODAY),
        summary("damaged", problem="unreadable"),
    ]
    assert [each.name for each in by_attention(everyone, TODAY)] == [
        "damaged",
        "late",
        "overdue",
        "meant today",
        "recent",
        "older",
        "address book",
        "archived",
    ]


def test_the_list_by_name_or_last_contact() -> None:
    everyone = [summary("bo", 9), summary("Ana"), summary("Åsa"), summary("Cy", 1)]
    assert [each.name for each in by_name(everyone)] == ["Ana", "bo", "Cy", "Åsa"]
    assert [each.name for each in by_last_contact(everyone)] == ["Cy", "bo", "Ana", "Åsa"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("  ", True),
        ("so be", True),
        ("berg søren", True),
        ("acme", True),
        ("head client", True),
        ("person", True),
        ("erg", False),
        ("soren zoe", False),
        ("🎉", False),
    ],
)
def test_the_filter_looks_for_beginnings_of_words(query: str, found: bool) -> None:
    line = summary("Søren Berg", organisation="Acme GmbH", role="Head of Operations", tags=("client",))
    assert matches(line, query) is found
    assert NOW.date() == TODAY

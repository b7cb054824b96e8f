"""Birthdays and renewals: yearly unless `once`, a date or `--04-15` without a year (CONTRACT.md, `[[dates]]`)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convo_tui.core.coming import AHEAD, BEHIND, coming, passed
from convo_tui.core.models import Anniversary

TODAY = date(2026, 11, 22)


def on(day: date | str, *, once: bool = False) -> list[Anniversary]:
    return [Anniversary(label="birthday", on=day, once=once)]


@pytest.mark.parametrize(
    ("day", "today", "falls"),
    [
        ("--11-22", TODAY, TODAY),
        ("--12-22", TODAY, date(2026, 12, 22)),
        ("--12-23", TODAY, None),
        ("--11-21", TODAY, None),
        (date(1980, 12, 1), TODAY, date(2026, 12, 1)),
        (date(2027, 12, 1), TODAY, None),  # never before its year
        ("--01-05", date(2026, 12, 20), date(2027, 1, 5)),
        ("--02-29", date(2027, 2, 1), date(2027, 2, 28)),
        ("--02-29", date(2028, 2, 1), date(2028, 2, 29)),
        (date(2024, 2, 29), date(2026, 2, 28), date(2026, 2, 28)),
        ("--01-05", date(9999, 12, 20), None),
    ],
)
def test_a_date_is_coming_up_thirty_days_before(day: date | str, today: date, falls: date | None) -> None:
    assert [each.on for each in coming(on(day), today)] == ([falls] if falls else [])


def test_a_date_that_is_once_does_not_come_again() -> None:
    """yearly unless once = true"""
    assert coming(on(date(2026, 12, 1), once=True), TODAY)
    assert not coming(on(date(2025, 12, 1), once=True), TODAY)
    assert not passed(on(date(2025, 11, 20), once=True), date(2026, 1, 1), TODAY)


@pytest.mark.parametrize(
    ("day", "since", "falls"),
    [
        ("--11-21", date(2026, 11, 1), date(2026, 11, 21)),
        ("--11-22", date(2026, 11, 1), None),  # today is not past
        ("--11-08", date(2026, 11, 1), date(2026, 11, 8)),
        ("--11-07", date(2026, 11, 1), None),  # more than 14 days ago
        ("--11-19", date(2026, 11, 19), None),  # we spoke that day
        ("--11-20", date(2026, 11, 19), date(2026, 11, 20)),
    ],
)
def test_what_passed_since_we_last_spoke_is_worth_a_word_for_two_weeks(day: str, since: date, falls: date) -> None:
    assert [each.on for each in passed(on(day), since, TODAY)] == ([falls] if falls else [])


def test_the_nearest_stands_first_and_years_have_no_edge() -> None:
    dates = [*on("--01-02"), *on("--12-30"), *on("--12-31")]
    assert [each.on.day for each in coming(dates, date(2026, 12, 28))] == [30, 31, 2]
    assert [each.on for each in passed(dates, date(2026, 12, 1), date(2027, 1, 2))] == [
        date(2026, 12, 30),
        date(2026, 12, 31),
    ]


@given(st.dates(), st.dates(), st.dates(), st.booleans(), st.booleans())
def test_every_date_on_every_day_is_within_its_bounds(
    day: date, since: date, today: date, once: bool, yearless: bool
) -> None:
    dates = on(f"--{day:%m-%d}" if yearless else day, once=once)
    assert all(timedelta() <= each.on - today <= timedelta(AHEAD) for each in coming(dates, today))
    assert all(
        each.on > since and timedelta() < today - each.on <= timedelta(BEHIND) for each in passed(dates, since, today)
    )

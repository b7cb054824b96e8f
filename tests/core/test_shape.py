"""What is drawn of a relationship over time (issue "Shape over time")."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from core_builders import TODAY, acme, encounter, issue
from hypothesis import given
from hypothesis import strategies as st

from convo_tui.core.models import Encounter
from convo_tui.core.shape import DAYS, MONTHS, Moves, Shape, shape


def on(day: date, **fields: Any) -> Encounter:
    at = datetime.combine(day, time(9), UTC)
    return Encounter(id=f"{day:%Y%m%d}-enc00000", at=at, **fields)


def drawn(*timeline: Encounter, today: date = TODAY) -> Shape:
    return shape(acme(), sorted(timeline, key=lambda each: each.at), today)


def met(found: Shape) -> dict[date, int | None]:
    return {each.on: each.spark for month in found.months for each in month.days if each and each.met}


def test_without_anything_it_is_blank() -> None:
    found = drawn()
    assert (found.is_blank, found.encounters, found.sparks, found.lately, found.waiting_days) == (
        True,
        0,
        (),
        None,
        None,
    )
    assert not shape(acme(issue("send the offer")), [], TODAY).is_blank


def test_the_calendar_is_the_last_twelve_months_up_to_today_the_oldest_first() -> None:
    months = drawn().months
    assert [each.first for each in months] == [date(2025, 12, 1), *(date(2026, month, 1) for month in range(1, 12))]
    november = months[-1].days
    assert [each.on.day for each in november if each] == list(range(1, 23))
    assert november[22:] == (None,) * 9, "days to come are blank"
    assert [sum(day is not None for day in each.days) for each in months[:-1]] == [
        *(31, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31),
    ], "and so are days that do not exist"


@pytest.mark.parametrize(("today", "days"), [(date(2028, 2, 29), 29), (date(2028, 3, 1), 29), (date(2027, 3, 1), 28)])
def test_a_leap_day_is_a_day(today: date, days: int) -> None:
    found = drawn(on(date(2028, 2, 29), spark=3), today=today)
    february = next(each for each in found.months if each.first.month == 2 and each.first.year == today.year)
    assert sum(day is not None for day in february.days) == days
    assert met(found) == ({date(2028, 2, 29): 3} if today.year == 2028 else {})


def test_a_day_with_several_encounters_has_the_best_spark_of_them() -> None:
    plain = on(date(2026, 11, 3))
    assert met(drawn(plain)) == {date(2026, 11, 3): None}
    several = drawn(plain, on(date(2026, 11, 3), spark=2), on(date(2026, 11, 3), spark=4), on(date(2026, 11, 3)))
    assert (met(several), several.encounters) == ({date(2026, 11, 3): 4}, 4)


def test_what_was_before_the_calendar_what_is_to_come_and_notes_to_oneself_are_not_in_it() -> None:
    first, after = date(2025, 12, 1), TODAY + timedelta(days=1)
    found = drawn(
        on(first, spark=5),
        on(first - timedelta(days=1), spark=1),
        on(after, spark=1),
        on(TODAY, channel="note", spark=1),
    )
    assert (met(found), found.sparks) == ({first: 5}, (5,))


def test_local_days_count_also_where_time_zones_mix() -> None:
    west = Encounter(
        id="20251201-west0000", at=datetime(2025, 11, 30, 23, tzinfo=timezone(timedelta(hours=-10))), spark=1
    )
    east = Encounter(id="20251201-east0000", at=datetime(2025, 12, 1, 1, tzinfo=timezone(timedelta(hours=14))), spark=2)
    assert shape(acme(), [east, west], TODAY).sparks == (2,), "the later one was on an earlier local day"


def test_nothing_is_concluded_from_fewer_than_four_sparks() -> None:
    """ "No trend from fewer than 4 encounters"."""
    days = [encounter(each, spark=spark) for each, spark in ((40, 1), (30, 2), (20, 5), (10, 4))]
    assert (drawn(*days[1:]).sparks, drawn(*days[1:]).lately) == ((2, 5, 4), None)
    assert (drawn(*days).sparks, drawn(*days).lately) == ((1, 2, 5, 4), 4.5)


def test_the_balance_counts_the_moves_of_the_year_and_those_open_now() -> None:
    found = shape(
        acme(
            issue("mine", owner="me", days_ago=18),
            issue("mine too", owner="me", state="settled"),
            issue("theirs", owner="them", state="dropped"),
            issue("asleep", owner="us", state="parked"),
            issue("old", owner="them", days_ago=800),
        ),
        [],
        TODAY,
    )
    assert (found.moves, found.open_now) == (Moves(2, 1, 1), Moves(1, 1, 0))
    assert (found.moves.total, found.open_now.total) == (4, 2)


def test_they_wait_as_long_as_the_oldest_open_issue_that_is_my_move() -> None:
    """ "How long they wait for an answer that is mine, is shown, not scored"."""
    others = (issue("theirs", owner="them", days_ago=90), issue("done", state="settled", days_ago=50))
    assert shape(acme(*others), [], TODAY).waiting_days is None
    mine = (issue("a", days_ago=18), issue("b", days_ago=3))
    assert shape(acme(*others, *mine), [], TODAY).waiting_days == 18
    assert shape(acme(issue("tomorrow's", days_ago=-1)), [], TODAY).waiting_days == 0
    back = issue("back", days_ago=30, state="parked", parked_until=TODAY)
    assert shape(acme(back), [], TODAY).waiting_days == 30


@given(st.dates(date(1901, 1, 1), date(2199, 12, 31)))
def test_every_day_of_a_year_is_in_it_once(today: date) -> None:
    found = drawn(today=today)
    days = [each.on for month in found.months for each in month.days if each]
    assert days == [days[0] + timedelta(days=place) for place in range(len(days))]
    assert (days[-1], days[0].day, len(found.months)) == (today, 1, MONTHS)
    assert all(len(month.days) == DAYS for month in found.months)
    assert len(days) > 334

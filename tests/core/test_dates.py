"""What people type for dates: CONTRACT.md, "Dates"."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convo_tui.core.dates import (
    NotADate,
    age,
    due,
    interval_after,
    interval_days,
    leading_date,
    moment,
    short,
)

SUNDAY = date(2026, 11, 22)
MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 22, 10, 37, 12, tzinfo=MADRID)

days = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-10", "2026-12-10"),
        ("today", "2026-11-22"),
        ("Tomorrow", "2026-11-23"),
        ("the day after tomorrow", "2026-11-24"),
        ("yesterday", "2026-11-21"),
        ("fri", "2026-11-27"),
        ("on Friday", "2026-11-27"),
        ("next fri", "2026-11-27"),
        ("last fri", "2026-11-20"),
        ("2w", "2026-12-06"),
        ("3d", "2026-11-25"),
        ("1m", "2026-12-22"),
        ("in 2 weeks", "2026-12-06"),
        ("two weeks", "2026-12-06"),
        ("a week from now", "2026-11-29"),
        ("3 days ago", "2026-11-19"),
        ("eow", "2026-11-27"),
        ("eom", "2026-11-30"),
        ("eoq", "2026-12-31"),
        ("eoy", "2026-12-31"),
        ("end of month", "2026-11-30"),
        ("end of next week", "2026-11-27"),
        ("end of february", "2027-02-28"),
        ("end of november 2027", "2027-11-30"),
        ("next week", "2026-11-23"),
        ("next month", "2026-12-01"),
        ("next quarter", "2027-01-01"),
        ("27 nov", "2026-11-27"),
        ("Nov. 27th, 2027", "2027-11-27"),
        ("22 nov", "2026-11-22"),
        ("21 nov", "2027-11-21"),
        ("the 1st of december", "2026-12-01"),
        ("Fri 27 Nov", "2026-11-27"),
        ("29 feb", "2028-02-29"),
        ("27.11.", "2026-11-27"),
        ("1.12.2026", "2026-12-01"),
        ("1. 2. 27", "2027-02-01"),
        ("the 7th", "2026-12-07"),
    ],
)
def test_a_due_date_looks_forward(text: str, expected: str) -> None:
    """CONTRACT.md: "due dates look forward"."""
    assert due(text, SUNDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("morgen", "2026-11-23"),
        ("vendredi", "2026-11-27"),
        ("mañana", "2026-11-23"),
        ("in zwei wochen", "2026-12-06"),
        ("10 décembre", "2026-12-10"),
        ("22 novembre", "2026-11-22"),
        ("明日", "2026-11-23"),
    ],
)
def test_other_languages_are_understood(text: str, expected: str) -> None:
    assert due(text, SUNDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pricing",
        "the board",
        "12",
        "2026",
        "may",
        "march on",
        "sat down",
        "now and then",
        "to",
        "so",
        "a",
        "nine",
        "november 2026",
        "3 open points",
        "12 apples",
        "second",
        "today 9",
        "diese woche",
        "3 a",
        "mon 3/4",
        "now",
        "7 h",
    ],
)
def test_words_and_bare_numbers_are_no_dates(text: str) -> None:
    """CONTRACT.md: "only a whole expression counts as a date"."""
    with pytest.raises(NotADate, match="is not a date; write one like"):
        due(text, SUNDAY)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("31 feb", "no such day"),
        ("2026-13-01", "no such day"),
        ("thu 27 nov", "is a Fri, not a Thu"),
        ("1 nov 1850", "not within 1900 and 2200"),
        ("999y", "not within"),
        ("fri 3pm", "no time of day"),
        ("noon", "no time of day"),
    ],
)
def test_a_refused_date_says_why_on_one_line(text: str, reason: str) -> None:
    with pytest.raises(NotADate) as caught:
        due(text, SUNDAY)
    assert reason in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_slashed_date_needs_a_date_order() -> None:
    """CONTRACT.md: "`3/4` is refused unless `date_order` is set"."""
    for text in ("3/4", "13/4", "3/4/2027", "3-4"):
        with pytest.raises(NotADate, match="two ways"):
            due(text, SUNDAY)
    assert due("3/4", SUNDAY, "DMY") == date(2027, 4, 3)
    assert due("3/4", SUNDAY, "MDY") == due("3/4", SUNDAY, "YMD") == date(2027, 3, 4)
    assert due("3/4/28", SUNDAY, "DMY") == date(2028, 4, 3)
    assert due("28/3/4", SUNDAY, "YMD") == date(2028, 3, 4)
    assert due("27.11.", SUNDAY, "MDY") == date(2026, 11, 27)


@given(days, st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]))
def test_a_weekday_never_means_today(today: date, weekday: str) -> None:
    """CONTRACT.md: "a weekday never means today"."""
    noon = datetime.combine(today, datetime.min.time(), UTC) + timedelta(hours=12)
    for distance in ((due(weekday, today) - today).days, (today - moment(weekday, noon).date()).days):
        assert 1 <= distance <= 7
    assert due(f"next {weekday}", today).isocalendar()[:2] == (today + timedelta(days=7)).isocalendar()[:2]


@given(days)
def test_the_end_of_the_week_is_a_friday_to_come(today: date) -> None:
    friday = due("eow", today)
    assert friday.weekday() == 4
    assert 1 <= (friday - today).days <= 7


@given(days, st.integers(0, 50), st.sampled_from("dwmy"))
def test_short_forms_never_look_back(today: date, count: int, unit: str) -> None:
    for text in (f"{count}{unit}", f"eo{unit}" if unit != "d" else "eoq", "27 nov", "29 feb", "the 31st", "1.1."):
        assert due(text, today) >= today


@given(days, days)
def test_what_lists_show_within_this_year_can_be_typed_again(day: date, today: date) -> None:
    shown = short(day, today)
    if day >= today and abs((day - today).days) <= 300:
        assert due(shown, today) == day


any_text = st.text(max_size=50) | st.text("0123456789:/-. amphdwtofr", max_size=16)


@settings(max_examples=80, deadline=None)
@given(any_text)
def test_no_text_raises_anything_else(text: str) -> None:
    leading_date(text, SUNDAY)
    with suppress(NotADate):
        assert 1900 <= due(text, SUNDAY).year <= 2200
    with suppress(NotADate):
        assert moment(text, NOW, "DMY") <= NOW


@pytest.mark.long
@pytest.mark.timeout(900)
@settings(max_examples=10_000, deadline=None)
@given(any_text)
def test_no_text_of_ten_thousand_raises_anything_else(text: str) -> None:
    test_no_text_raises_anything_else.hypothesis.inner_test(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("now", "2026-11-22T10:37+01:00"),
        ("today", "2026-11-22T10:37+01:00"),
        ("today 9:00", "2026-11-22T09:00+01:00"),
        ("9am", "2026-11-22T09:00+01:00"),
        ("10:37", "2026-11-22T10:37+01:00"),
        ("10:38", "2026-11-21T10:38+01:00"),
        ("3pm", "2026-11-21T15:00+01:00"),
        ("12 am", "2026-11-22T00:00+01:00"),
        ("yesterday", "2026-11-21T12:00+01:00"),
        ("yesterday 3pm", "2026-11-21T15:00+01:00"),
        ("3 p.m. yesterday", "2026-11-21T15:00+01:00"),
        ("mon 15:30", "2026-11-16T15:30+01:00"),
        ("sunday", "2026-11-15T12:00+01:00"),
        ("last friday at 15h30", "2026-11-20T15:30+01:00"),
        ("20 nov", "2026-11-20T12:00+01:00"),
        ("27 nov", "2025-11-27T12:00+01:00"),
        ("3 days ago", "2026-11-19T12:00+01:00"),
        ("2d ago", "2026-11-20T12:00+01:00"),
        ("2w", "2026-11-08T12:00+01:00"),
        ("half an hour ago", "2026-11-22T10:07+01:00"),
        ("2h ago", "2026-11-22T08:37+01:00"),
        ("2026-11-20 15:00", "2026-11-20T15:00+01:00"),
        ("2026-11-20T15:00:30Z", "2026-11-20T16:00+01:00"),
        ("1 jul", "2026-07-01T12:00+02:00"),
        ("2026-07-01T15:00+00:00", "2026-07-01T17:00+02:00"),
        ("gestern 15:30", "2026-11-21T15:30+01:00"),
        ("vor 2 stunden", "2026-11-22T08:37+01:00"),
    ],
)
def test_an_encounter_looks_back(text: str, expected: str) -> None:
    """CONTRACT.md: "encounter times back … a time given without one is noon, today it is now"."""
    assert moment(text, NOW).isoformat(timespec="minutes") == expected
    assert moment(text, NOW).second == 0


@pytest.mark.parametrize("text", ["tomorrow", "today 23:00", "in 2w", "2026-12-01", "2026-11-22 10:38", "next week"])
def test_an_encounter_is_never_in_the_future(text: str) -> None:
    with pytest.raises(NotADate, match="still to come"):
        moment(text, NOW)


@pytest.mark.parametrize("text", ["", "pricing", "5pm est", "today 9", "25:00", "13pm", "2026-02-30 10:00"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        moment(text, NOW)


class _SystemLike(tzinfo):
    """A zone that knows its offsets, but nothing of summer time: as the system's is."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        return timedelta(hours=2 if dt and 4 <= dt.month <= 10 else 1)

    def dst(self, dt: datetime | None) -> None:
        return None

    def tzname(self, dt: datetime | None) -> str:
        return "here"


def test_a_zone_without_summer_time_of_its_own_is_enough() -> None:
    now = datetime(2026, 11, 22, 10, 37, tzinfo=_SystemLike())
    assert moment("2026-07-01T15:00Z", now).isoformat() == "2026-07-01T17:00:00+02:00"
    assert moment("an hour ago", now).isoformat() == "2026-11-22T09:37:00+01:00"
    assert moment("1 jul", now).tzinfo == timezone(timedelta(hours=2))


def test_hours_ago_are_exact_when_the_clocks_changed() -> None:
    now = datetime(2026, 10, 25, 4, 0, tzinfo=MADRID)
    assert moment("3h ago", now).isoformat() == "2026-10-25T02:00:00+02:00"


@pytest.mark.parametrize(
    ("text", "expected", "rest"),
    [
        ("in 3 weeks the board's answer", "2026-12-13", "the board's answer"),
        ("fri", "2026-11-27", ""),
        ("by sat the draft", "2026-11-28", "the draft"),
        ("Fri: the board", "2026-11-27", "the board"),
        ("10 dec - kickoff", "2026-12-10", "kickoff"),
        ("10 dec 3 offers", "2026-12-10", "3 offers"),
        ("10 dec 2027 3 offers", "2027-12-10", "3 offers"),
        ("2026-12-10 renewal", "2026-12-10", "renewal"),
        ("tomorrow", "2026-11-23", ""),
        ("next week they decide", "2026-11-23", "they decide"),
        ("eom", "2026-11-30", ""),
        ("end of next month, the audit", "2026-12-31", "the audit"),
        ("2w the pilot", "2026-12-06", "the pilot"),
        ("sat, the marathon", "2026-11-28", "the marathon"),
        ("2 weeks", "2026-12-06", ""),
    ],
)
def test_a_leading_date_is_told_from_what_it_is_about(text: str, expected: str, rest: str) -> None:
    assert leading_date(text, SUNDAY) == (date.fromisoformat(expected), rest)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "may bring news",
        "second opinion",
        "march on",
        "3 open points",
        "sat down with legal",
        "2 weeks of rain",
        "may 4 people come?",
        "1st meeting",
        "3/4 of the seats",
        "31 feb",
        "today's agenda",
        "pricing",
        "nine lives",
    ],
)
def test_a_sentence_does_not_begin_with_a_date(text: str) -> None:
    """CONTRACT.md: "never the start of a sentence"."""
    assert leading_date(text, SUNDAY) is None


def test_intervals_clamp_the_end_of_a_month() -> None:
    assert interval_after(date(2026, 1, 31), "1m") == date(2026, 2, 28)
    assert interval_after(date(2028, 2, 29), "1y") == date(2029, 2, 28)
    assert interval_after(date(2026, 11, 30), "14m") == date(2028, 1, 30)
    assert interval_after(SUNDAY, "10d") == date(2026, 12, 2)
    assert interval_after(SUNDAY, "3w") == date(2026, 12, 13)
    assert [interval_days(interval) for interval in ("10d", "3w", "2m", "1y")] == [10, 21, 60, 365]


@pytest.mark.parametrize("interval", ["", "0d", "3", "w", "3 w", "3x", "-1d", "9999y", "٣d"])
def test_what_is_no_interval_is_refused(interval: str) -> None:
    with pytest.raises(NotADate):
        interval_after(SUNDAY, interval)


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, "today"), (-1, "today"), (1, "1d"), (59, "59d"), (60, "2mo"), (719, "23mo"), (720, "2y"), (1100, "3y")],
)
def test_ages_are_short(count: int, expected: str) -> None:
    assert age(count) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 28), "Sat"),
        (date(2026, 11, 29), "Sun 29 Nov"),
        (date(2026, 11, 20), "Fri 20 Nov"),
        (date(2026, 1, 2), "Fri 2 Jan"),
        (date(2027, 9, 1), "Wed 1 Sep"),
        (date(2027, 11, 27), "27 Nov 2027"),
    ],
)
def test_days_are_shown_short(day: date, expected: str) -> None:
    assert short(day, SUNDAY) == expected


def test_common_forms_do_not_load_dateparser() -> None:
    program = (
        "import sys; from datetime import date; from convo_tui.core.dates import due, leading_date\n"
        "due('next fri', date(2026, 11, 22)); leading_date('pricing for all', date(2026, 11, 22))\n"
        "sys.exit('dateparser' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

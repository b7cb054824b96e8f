"""The weekly review: which promises are last week's, and what was done about what (issue "weekly review")."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from core_builders import TODAY, acme, issue, soren
from hypothesis import given
from hypothesis import strategies as st

from convo_tui.core.carry import Standing, standing
from convo_tui.core.models import Issue, Relationship
from convo_tui.core.pulse import AT_ONCE, Attention
from convo_tui.core.reviewing import done_about, done_with, last_week, review

MONDAY = date(2026, 11, 9)
"""Last week's; today is Sunday, the 22nd."""
YESTERDAY = TODAY - timedelta(days=1)


def stands(text: str, **fields: Any) -> Standing:
    return standing(issue(text, **fields), [], TODAY, "ana", "Ana")


def settled(text: str, on: date | None, **fields: Any) -> Standing:
    closed = datetime.combine(on, time(11), UTC) if on else None
    return stands(text, state="settled", closed=closed, **fields)


def texts(found: tuple[Standing, ...]) -> list[str]:
    return [each.issue.text for each in found]


@pytest.mark.parametrize(
    ("today", "week_starts", "since"),
    [
        (TODAY, "monday", MONDAY),
        (TODAY, "sunday", date(2026, 11, 15)),
        (TODAY, "saturday", date(2026, 11, 14)),
        (date(2026, 11, 23), "monday", date(2026, 11, 16)),
        (date(2027, 1, 1), "monday", date(2026, 12, 21)),
        (date(2027, 1, 4), "monday", date(2026, 12, 28)),
        (date(2028, 3, 1), "wednesday", date(2028, 2, 23)),
    ],
)
def test_last_week_is_the_calendar_week_before_this_one(today: date, week_starts: str, since: date) -> None:
    assert last_week(today, week_starts) == since


@given(st.dates(date(1901, 1, 1)), st.sampled_from(["monday", "tuesday", "sunday"]))
def test_last_week_began_seven_to_thirteen_days_ago_on_the_day_that_is_set(today: date, week_starts: str) -> None:
    since = last_week(today, week_starts)
    assert (7 <= (today - since).days <= 13, f"{since:%A}".lower()) == (True, week_starts)


def test_promises_are_mine_or_ours_due_since_last_week_began_up_to_today() -> None:
    found = review(
        [
            stands("today", due=TODAY),
            stands("monday", due=MONDAY, owner="us"),
            stands("before", due=MONDAY - timedelta(days=1)),
            stands("tomorrow", due=TODAY + timedelta(days=1)),
            stands("no day"),
            stands("theirs", due=MONDAY, owner="them"),
            stands("asleep", due=MONDAY, state="parked"),
            stands("back", due=MONDAY, state="parked", parked_until=TODAY, days_ago=10),
        ],
        [],
        TODAY,
    )
    assert texts(found.promises) == ["back", "monday", "today"]
    assert (found.kept, found.people, found.since) == ((), (), MONDAY)
    assert texts(found.promised) == texts(found.promises)


def test_kept_is_what_was_settled_in_that_time_or_due_in_it_and_settled_before() -> None:
    found = review(
        [
            settled("yesterday", YESTERDAY),
            settled("early", MONDAY - timedelta(days=5), due=MONDAY, owner="us"),
            settled("ages ago", MONDAY - timedelta(days=5), due=MONDAY - timedelta(days=1)),
            settled("theirs", YESTERDAY, owner="them"),
            settled("no one knows when", None),
            settled("no one knows when, due", None, due=MONDAY),
            stands("let go", state="dropped", due=MONDAY),
        ],
        [],
        TODAY,
    )
    assert (found.promises, texts(found.kept)) == ((), ["early", "no one knows when, due", "yesterday"])
    assert found.concerned == {"ana"}


def test_the_day_on_which_the_week_starts_decides() -> None:
    those = [stands("monday", due=MONDAY), stands("sunday", due=date(2026, 11, 15))]
    assert texts(review(those, [], TODAY).promises) == ["monday", "sunday"]
    assert texts(review(those, [], TODAY, "sunday").promises) == ["sunday"]


def test_the_first_seven_who_need_attention_are_gone_through() -> None:
    pulse = [Attention(str(each), f"Person {each}", 1, (), None, None, None) for each in range(9)]
    found = review([], pulse, TODAY)
    assert [each.id for each in found.people] == [str(each) for each in range(AT_ONCE)] == sorted(found.concerned)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"state": "settled", "closed": datetime.combine(TODAY, time(9), UTC)}, "kept today"),
        ({"state": "settled", "closed": datetime.combine(MONDAY, time(9), UTC)}, "kept Mon 9 Nov"),
        ({"state": "settled"}, "kept"),
        ({"state": "dropped"}, "let go"),
        ({"state": "parked"}, "rests until reopened"),
        ({"state": "parked", "parked_until": date(2026, 12, 10)}, "rests until Thu 10 Dec"),
        ({"owner": "them"}, "theirs now"),
        ({"owner": "us"}, "ours now"),
        ({"due": date(2026, 11, 27)}, "due Fri 27 Nov"),
        ({"due": None}, "without a day"),
        ({"carried": ("20261122-enc00000",)}, "talked about again"),
        ({"text": "in other words"}, ""),
    ],
)
def test_what_was_done_about_a_promise_is_said_in_words(fields: dict[str, Any], said: str) -> None:
    before = issue("send the offer", due=MONDAY)
    assert done_about(before, before.model_copy(update=fields), TODAY) == said


def test_what_was_kept_and_is_opened_again_is_no_longer_done() -> None:
    before = settled("send the offer", YESTERDAY).issue
    assert done_about(before, before, TODAY) == "kept Sat 21 Nov"
    assert done_about(before, Issue(id=before.id, text=before.text, state="open"), TODAY) == ""


NEW = issue("the contract", days_ago=0)


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (soren(), soren(), ""),
        (soren(), soren(snoozed_until=date(2026, 12, 10)), "rests until Thu 10 Dec"),
        (soren(), soren(snoozed_until=TODAY), ""),
        (soren(snoozed_until=MONDAY), soren(snoozed_until=MONDAY), ""),
        (soren(), soren(NEW), "opened: the contract"),
        (soren(NEW), soren(NEW), ""),
        (acme(), acme(NEW, snoozed_until=date(2026, 12, 10)), "rests until Thu 10 Dec"),
        (acme(), acme(next_on=date(2026, 12, 10)), "you talk again Thu 10 Dec"),
        (acme(), acme(next_about="the offer"), "next: the offer"),
        (acme(next_on=MONDAY, next_about="the offer"), acme(), ""),
    ],
)
def test_what_was_done_about_a_person_is_said_in_words(before: Relationship, now: Relationship, said: str) -> None:
    assert done_with(before, now, TODAY) == said

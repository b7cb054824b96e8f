"""The facts of an encounter in one line."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from core_builders import NOW, acme, context, everyone, soren
from hypothesis import given, settings
from hypothesis import strategies as st

from convo_tui.core.dates import NotADate
from convo_tui.core.errors import Ambiguous, ConvoError, NotFound, Refused
from convo_tui.core.facts import CHANNELS, Facts, facts_line, parse_facts
from convo_tui.core.models import Person

HERE = context(acme(), others=[soren()])
ACME, ANA, BO, SOREN = (HERE.called(name)[0] for name in ("acme gmbh", "ana", "bo", "søren"))


def parsed(text: str) -> Facts:
    return parse_facts(text, NOW, HERE.called)


def hours_ago(hours: float) -> datetime:
    return NOW - timedelta(hours=hours)


@pytest.mark.parametrize(
    ("line", "facts"),
    [
        ("", Facts()),
        (" · , ", Facts()),
        ("call", Facts("call")),
        ("Meeting", Facts("meeting")),
        ("with Bo, Ana", Facts(who=(BO, ANA))),
        ("with Bo, with Ana, Bo", Facts(who=(BO, ANA))),
        ("bo", Facts(who=(BO,))),
        ("with", Facts()),
        ("with ,", Facts()),
        ("25 min", Facts(minutes=25)),
        ("25m", Facts(minutes=25)),
        ("0 minutes", Facts(minutes=0)),
        ("12 min so far", Facts()),
        ("today 10:00", Facts(at=hours_ago(0.5))),
        ("9:30", Facts(at=hours_ago(1))),
        ("30 min ago", Facts(at=hours_ago(0.5))),
        ("yesterday 3pm", Facts(at=hours_ago(19.5))),
        ("call · with Bo, Ana · today 10:00 · 25 min", Facts("call", (BO, ANA), hours_ago(0.5), 25)),
        ("25 min, with Søren, yesterday 3pm, email", Facts("email", (SOREN,), hours_ago(19.5), 25)),
        ("with Bo, meeting", Facts("meeting", (BO,))),
    ],
)
def test_a_line_says_channel_people_time_and_minutes_in_any_order(line: str, facts: Facts) -> None:
    assert parsed(line) == facts


@pytest.mark.parametrize(
    ("line", "error", "words"),
    [
        ("call · meeting", Refused, "the channel twice"),
        ("5 min, 6 min", Refused, "the minutes twice"),
        ("9:00, 10:00", Refused, "the time twice"),
        ("with Zed", NotFound, "nobody is called “Zed”"),
        ("fax", NotADate, "“fax” is neither call, meeting, email, chat or note"),
        ("call · tomorrow 3pm", NotADate, "tomorrow"),
        ("2099-01-01", NotADate, "still to come"),
        ("31/12", NotADate, "31/12"),
    ],
)
def test_what_cannot_be_meant_is_told_in_one_line(line: str, error: type[ConvoError], words: str) -> None:
    with pytest.raises(error) as told:
        parsed(line)
    assert words in str(told.value)
    assert "\n" not in str(told.value)


def test_a_name_that_several_have_is_never_guessed() -> None:
    twins = everyone(acme(people=(Person(id="20240301-a", name="Ana Ruiz"), Person(id="20240301-b", name="Ana Sol"))))
    with pytest.raises(Ambiguous) as told:
        parse_facts("with Ana", NOW, lambda name: twins[1:])
    assert "2 answer to “Ana”: Ana Ruiz (Acme GmbH), Ana Sol (Acme GmbH); say which" in str(told.value)


def test_the_line_shows_what_is_known() -> None:
    known = Facts("call", (BO, ANA), NOW - timedelta(minutes=3))
    assert facts_line(known, NOW, HERE.called, 12) == "call · with Bo Lindqvist, Ana Ruiz · today 10:27 · 12 min so far"
    assert facts_line(Facts("note", minutes=5), NOW, HERE.called, 12) == "note · 5 min"


@pytest.mark.parametrize(
    ("days", "said"), [(1, "yesterday"), (2, "Fri 20 Nov"), (329, "Sun 28 Dec"), (400, "Sat 18 Oct 2025")]
)
def test_days_are_said_so_that_they_are_read_again(days: int, said: str) -> None:
    at = NOW - timedelta(days=days)
    assert facts_line(Facts(at=at), NOW, HERE.called) == f"{said} 10:30"
    assert parsed(f"{said} 10:30").at == at


ODD = [
    "call",
    "12 min",
    "With Love Ltd",
    "Ruiz, Ana",
    "a · b",
    'Bo "the" B',
    "today",
    "10:37",
    "Sun",
    "山田",
    "Ana Ruiz",
]


@given(
    st.sampled_from([None, *CHANNELS]),
    st.lists(st.sampled_from(ODD), max_size=3),
    st.none() | st.integers(0, 100_000),
    st.none() | st.integers(0, 9999),
    st.none() | st.integers(0, 99),
)
@settings(max_examples=200, deadline=None)
def test_what_the_line_shows_is_what_it_says(
    channel: str | None, names: list[str], ago: int | None, minutes: int | None, so_far: int | None
) -> None:
    people = tuple(Person(id=f"20240301-p{place}", name=name) for place, name in enumerate(names))
    where = context(acme(people=people))
    who = tuple(named for named in where.people if named.home)
    at = None if ago is None else NOW - timedelta(minutes=ago * 37)
    facts = Facts(channel, who, at, minutes)  # type: ignore[arg-type]
    assert parse_facts(facts_line(facts, NOW, where.called, so_far), NOW, where.called) == facts


@given(st.text(max_size=40) | st.lists(st.sampled_from(["with ", "·", ",", '"', "5 min", "call", " "])).map("".join))
@settings(max_examples=150, deadline=None)
def test_any_line_is_read_or_refused(line: str) -> None:
    with suppress(ConvoError):
        parsed(line)

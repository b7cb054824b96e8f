"""Years of encounters with one person: they scroll like ten, and any day is one key and a few letters away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

import pytest
from journey import ANA, BO, FIRST, LAST, NARROW, NOW, SECOND, Home, Screenful
from textual.widgets import Input

COUNT, EVERY = 10_000, timedelta(hours=7)
OLDEST, NEWEST = f"e{COUNT - 1:07}", "e0000000"


def moments() -> Iterator[tuple[str, datetime]]:
    """The id and the time of each encounter, the newest first: eight years of them."""
    return ((f"e{number:07}", NOW - number * EVERY) for number in range(COUNT))


@cache
def years() -> str:
    entry = '[[encounters]]\nid = "{}"\nat = {}\nchannel = "call"\nnature = "conversation"\nnote = "about #pilot"\n'
    encounters = [entry.format(identity, at.isoformat()) for identity, at in moments()]
    return "\n".join([ANA.partition("[[issues]]")[0], *reversed(encounters)])


def newest_up_to(day: date) -> str:
    return next(identity for identity, at in moments() if at.date() <= day)


def selected(convo: Screenful) -> str:
    return (convo.list("timeline").selected or "").removeprefix("encounter:")


def seen(convo: Screenful) -> list[str]:
    """The lines of the timeline that stand on the screen."""
    pane = convo.list("timeline")
    return [pane.render_line(y).text.strip() for y in range(pane.size.height)]


async def to_day(convo: Screenful, said: str) -> None:
    await convo.press("T")
    await convo.answer(said)


@pytest.fixture
def long(home: Home) -> Home:
    return home.put(ana=years(), bo=BO)


async def test_ten_thousand_encounters_are_gone_through_by_line_page_and_end(long: Home) -> None:
    async with long.convo() as convo:
        await convo.press("enter")
        assert convo.focused == "timeline"
        page = convo.list("timeline").size.height
        assert seen(convo)[0].startswith("── November 2026 ──")
        assert seen(convo)[1].startswith("▌Sun 22  call")
        await convo.press("pagedown")
        assert selected(convo) == f"e{page:07}"
        await convo.press("pageup", "j")
        assert selected(convo) == "e0000001"
        await convo.press("G")
        assert selected(convo) == OLDEST
        assert seen(convo)[-1].startswith("▌")
        await convo.press("k")
        assert selected(convo) == f"e{COUNT - 2:07}"
        await convo.press("g")
        assert selected(convo) == NEWEST
        assert seen(convo)[0].startswith("── November 2026 ──")


async def test_t_goes_to_a_day_among_ten_thousand_encounters(long: Home) -> None:
    async with long.convo() as convo:
        for said, last in (
            ("march 2024", date(2024, 3, 31)),
            ("2025", date(2025, 12, 31)),
            ("3 weeks ago", date(2026, 11, 1)),
            ("14 feb", date(2026, 2, 14)),
        ):
            await to_day(convo, said)
            assert selected(convo) == newest_up_to(last), said
            assert convo.focused == "timeline"
        await to_day(convo, "march 2024")
        lines = seen(convo)
        here = next(place for place, line in enumerate(lines) if line.startswith("▌"))
        assert lines[here].startswith("▌Sun 31")
        assert lines[here - 1].startswith("── March 2024 ──"), "its month stands above it"
        assert here < len(lines) - 2, "what came before it is seen as well"
        assert convo.said == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("12 nov", SECOND),
        ("18 nov", SECOND),
        ("last week", SECOND),
        ("november", LAST),
        ("today", LAST),
        ("next year", LAST),
        ("le 12 novembre", SECOND),
    ],
)
async def test_a_day_without_an_encounter_is_the_last_one_before_it(ana: Home, said: str, found: str) -> None:
    async with ana.convo() as convo:
        await to_day(convo, said)
        assert (selected(convo), convo.said) == (found, [])


async def test_what_is_older_than_everything_is_the_oldest_and_said(ana: Home) -> None:
    async with ana.convo() as convo:
        await to_day(convo, "2025")
        assert selected(convo) == FIRST
        assert convo.said == ["No encounter is as old as 31 Dec 2025; this is the oldest."]


async def test_what_is_no_day_is_told_where_it_was_typed_and_can_be_mended(ana: Home) -> None:
    async with ana.convo() as convo:
        await to_day(convo, "the moon")
        assert "“the moon” is not a time" in convo.text
        assert convo.app.screen.query_one(Input).value == "the moon"
        await convo.answer("31 feb")
        assert "there is no such day" in convo.text
        await convo.answer("4 nov")
        assert selected(convo) == FIRST


@pytest.mark.parametrize("key", ["escape", "enter"])
async def test_no_answer_goes_nowhere(ana: Home, key: str) -> None:
    async with ana.convo() as convo:
        await convo.press("T", key)
        assert (convo.focused, selected(convo), convo.said) == ("list", LAST, [])


async def test_an_encounter_in_another_file_is_gone_to_as_well(three: Home) -> None:
    joint = BO.replace('channel = "call"', 'channel = "call"\nwith = ["20240301-anaruiz1"]')
    async with three.put(bo=joint).convo(start="20240301-anaruiz1") as convo:
        await to_day(convo, "october")
        assert selected(convo) == "20261022-enc00004"
        assert next(line for line in seen(convo) if line.startswith("▌")).endswith("Bo Lindqvist")


async def test_a_pane_that_was_not_seen_yet_shows_the_day(ana: Home) -> None:
    async with ana.convo(NARROW) as convo:
        await to_day(convo, "12 nov")
        assert convo.shows("timeline")
        assert selected(convo) == SECOND
        assert any(line.startswith("▌Thu 12") for line in seen(convo))


async def test_with_nobody_to_look_at_the_key_is_dimmed_and_does_nothing(home: Home) -> None:
    async with home.convo() as convo:
        assert convo.journal.check_action("go_to_day", ()) is None
        await convo.press("T")
        assert convo.app.screen is convo.journal


async def test_without_an_encounter_it_says_how_to_start_one(three: Home) -> None:
    async with three.convo() as convo:
        await convo.talk_to("Chiara Neri")
        await convo.press("T")
        assert convo.said == ["There is no encounter yet to go to; n starts one."]
        assert convo.app.screen is convo.journal


async def test_in_a_note_it_is_a_letter(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "T")
        assert convo.note == "T"

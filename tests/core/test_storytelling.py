"""The relationship as a story."""

from __future__ import annotations

from datetime import date

from core_builders import ANA_ID, BO_ID, SOREN_ID, TODAY, acme, day, encounter, heard, issue

from convo_tui.core.models import Encounter, Relationship
from convo_tui.core.storytelling import Story, told
from convo_tui.core.storytelling import day as day_of

NAMES = {ANA_ID: "Ana Ruiz", BO_ID: "Bo Lindqvist", SOREN_ID: "Søren Berg"}


def story(relationship: Relationship, *timeline: Encounter, homes: dict[str, str] | None = None) -> Story:
    return told(relationship, timeline, NAMES, homes or {}, TODAY)


def test_chapters_are_months_from_the_first_to_where_we_are_now() -> None:
    found = story(acme(), encounter(400), encounter(30), encounter(20), encounter(1)).chapters()
    assert [(each.title, each.places) for each in found] == [
        ("October 2025", range(1)),
        ("October 2026", range(1, 2)),
        ("November 2026", range(2, 4)),
    ]
    assert found[0].month == date(2025, 10, 1)
    assert story(acme()).chapters() == []


def test_an_encounter_says_when_how_how_long_and_with_whom() -> None:
    joint = encounter(3, channel="meeting", with_=(ANA_ID, BO_ID), minutes=25)
    elsewhere, aside = encounter(2, with_=("nobody",)), encounter(1, channel="note")
    found = story(acme(), joint, elsewhere, aside, homes={elsewhere.id: SOREN_ID})
    assert [found.what(each) for each in found.timeline] == [
        "meeting with Ana Ruiz, Bo Lindqvist · 25 min",
        "call with Søren Berg",
        "a note to myself",
    ]
    assert day_of(joint) == "Thursday 19"


def test_what_came_of_it_is_said_in_short_sentences() -> None:
    first, second = encounter(9), encounter(2)
    relationship = acme(
        issue("send pricing", opened_in=first.id, due=day(-5), carried=(second.id,)),
        issue("who signs?", opened_in=first.id, state="dropped", closed_in=second.id),
        issue("book the room", state="settled", closed_in=second.id, outcome="it is the big one"),
        issue("parked since", state="parked", closed_in=second.id),
        heard=[heard("a plan", heard_in=first.id), heard("afraid of it", "unsaid", heard_in=first.id)],
    )
    found = story(relationship, first, second)
    assert " ".join(found.came_of(first)) == (
        "Opened: send pricing (due Fri 27 Nov); who signs? Heard that they need: a plan. Left unsaid: afraid of it."
    )
    assert " ".join(found.came_of(second)) == (
        "Came back to: send pricing. Dropped: who signs? Settled: book the room, it is the big one."
    )
    assert found.came_of(encounter(1)) == ()

"""Where we left off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from core_builders import TODAY, acme, day, encounter, heard, issue, texts

from convo_tui.core.brief import QUESTIONS, STALE_AFTER, Brief, brief
from convo_tui.core.coming import next_time, upcoming
from convo_tui.core.models import Anniversary, Encounter


def test_it_picks_up_where_it_left_off() -> None:
    """*Where we left off*: the last encounter …, every open issue with its age and whose move it is, the needs still
    unmet."""
    timeline = [encounter(9, "#pricing"), encounter(2, "the last")]
    relationship = acme(
        issue("young", 1),
        issue("overdue", due=day(1)),
        issue("theirs", owner="them"),
        issue("parked", state="parked"),
        issue("back", state="parked", parked_until=TODAY),
        issue("done", state="settled"),
        heard=[
            heard("need"),
            heard("unsaid", "unsaid"),
            heard("want", "want"),
            heard("expected", "expectation"),
            heard("met", met=day(1)),
            heard("no longer so", dropped=day(1)),
            heard("an idea", "idea"),
            heard("her marathon", "about"),
            heard("her son's exam", "about"),
        ],
    )
    found = brief(relationship, timeline, TODAY)
    assert found.relationship is relationship
    assert found.last == timeline[1]
    assert texts([each.issue for each in found.issues]) == ["overdue", "theirs", "back", "young"]
    assert {each.relationship for each in found.issues} == {"Acme GmbH"}
    assert texts(found.needs) == ["expected", "want", "unsaid", "need"]
    assert found.about is not None
    assert found.about.text == "her son's exam"
    assert [each.topic for each in found.topics] == ["pricing"]
    assert not found.nothing_open


def test_the_last_encounter_is_contact_rather_than_a_note() -> None:
    """Last contact is the newest encounter that is not a `note`."""
    contact, note = encounter(9), encounter(2, channel="note")
    assert brief(acme(), [contact, note], TODAY).last == contact
    assert brief(acme(), [note], TODAY).last == note


def test_nothing_open_is_said() -> None:
    """An encounter that ends with nothing open is pointed out."""
    found = brief(acme(issue("done", state="dropped")), [], TODAY)
    assert found.nothing_open
    assert (found.last, found.about) == (None, None)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, ""),
        ({"next_on": TODAY, "next_about": "the board's answer"}, "today · the board's answer"),
        ({"next_on": day(3)}, "was Thu 19 Nov"),
        ({"next_on": TODAY + timedelta(3)}, "Wed"),
        ({"next_about": "the board's answer"}, "the board's answer"),
    ],
)
def test_it_opens_with_what_was_meant_for_next_time(fields: dict[str, Any], said: str) -> None:
    assert next_time(acme(**fields), TODAY) == said


def test_what_matters_in_their_life_is_asked_about_while_it_is_fresh() -> None:
    old, fresh = heard("her exam", "about", STALE_AFTER + 1), heard("her marathon", "about", STALE_AFTER)
    assert brief(acme(heard=[old]), [], TODAY).about is None
    assert brief(acme(heard=[fresh, old]), [], TODAY).about == fresh


def since(found: Brief) -> list[str]:
    return [f"{each.happened(TODAY)}: {each.text}" if each.issue else each.happened(TODAY) for each in found.since]


def test_what_changed_since_we_last_spoke_is_told_the_newest_first() -> None:
    dates = (Anniversary(label="birthday", on="--11-17"), Anniversary(on="--12-01"))
    relationship = acme(
        issue("mine", due=day(2)),
        issue("theirs", due=TODAY, owner="them"),
        issue("due when we spoke", due=day(7)),
        issue("still to come", due=TODAY + timedelta(1)),
        issue("done", due=day(2), state="settled"),
        issue("back", state="parked", parked_until=day(3)),
        issue("back before", state="parked", parked_until=day(7)),
        dates=dates,
    )
    found = brief(relationship, [encounter(7), encounter(1, channel="note")], TODAY)
    assert since(found) == [
        "came due today: theirs",
        "came due Fri 20 Nov: mine",
        "came back Thu 19 Nov from being parked: back",
        "birthday was on Tue 17 Nov",
    ]
    assert upcoming(found.coming, TODAY) == "a date Tue 1 Dec"


def test_nothing_has_changed_since_a_conversation_that_was_never_begun() -> None:
    relationship = acme(issue("mine", due=day(2)), dates=(Anniversary(label="birthday", on="--11-17"),))
    assert since(brief(relationship, [encounter(3, channel="note")], TODAY)) == []


def talks(count: int, nature: str = "conversation") -> list[Encounter]:
    return [encounter(count - each, nature=nature) for each in range(count)]


def test_now_and_then_it_suggests_asking_how_it_is_for_them() -> None:
    """Now and then the brief suggests asking them, in words one could say."""
    asked = [brief(acme(), talks(count), TODAY).ask for count in range(31)]
    assert [count for count, ask in enumerate(asked) if ask] == [6, 12, 18, 24, 30]
    assert [ask for ask in asked if ask] == [*QUESTIONS, QUESTIONS[0]]
    assert brief(acme(), [*talks(6), encounter(0, nature="transaction")], TODAY).ask == QUESTIONS[0]
    assert brief(acme(), talks(6, "transaction"), TODAY).ask is None


def test_it_suggests_nothing_while_they_wait_for_me_or_when_it_is_over() -> None:
    mine, theirs = issue("mine", due=day(1)), issue("theirs", due=day(1), owner="them")
    assert brief(acme(mine), talks(6), TODAY).ask is None
    assert brief(acme(theirs), talks(6), TODAY).ask is not None
    assert brief(acme(archived=True), talks(6), TODAY).ask is None

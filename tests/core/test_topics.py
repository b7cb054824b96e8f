"""What we are talking about: PRODUCT.md, "We *are talking* about"."""

from __future__ import annotations

from core_builders import TODAY, day, encounter, issue

from convo_tui.core.models import Issue
from convo_tui.core.topics import Topic, topics


def test_a_topic_is_counted_once_in_every_encounter_that_has_it() -> None:
    """Every `#topic` in notes and issues becomes a line "we are talking about pricing · 6 encounters since March · 2
    open"."""
    first, second, third = encounter(30, "#pricing #Pricing"), encounter(8, "x"), encounter(2, "#PRICING again")
    one = issue("send #pricing", opened_in=second.id, carried=(third.id, "elsewhere"))
    two = issue("new #pricing", days_ago=20, state="settled", closed_in=third.id)
    assert topics([first, second, third], [one, two], TODAY) == [Topic("pricing", day(30), 3, 1, day(2))]


def test_an_issue_alone_makes_a_topic() -> None:
    assert topics([], [issue("the #pilot", 9)], TODAY) == [Topic("pilot", day(9), 0, 1, day(9))]
    assert topics([], [Issue(id="by-hand", text="the #pilot")], TODAY) == [Topic("pilot", TODAY, 0, 1, TODAY)]


def test_what_is_open_and_recent_comes_first() -> None:
    timeline = [encounter(9, "#a #b #c"), encounter(5, "#b"), encounter(2, "#d #e"), encounter(2, "#e")]
    found = topics(timeline, [issue("#a is open", 9), issue("#f is not", 1, state="dropped")], TODAY)
    assert [each.topic for each in found] == ["a", "f", "d", "e", "b", "c"]


def test_more_encounters_go_before_fewer_of_the_same_day() -> None:
    assert [each.topic for each in topics([encounter(3, "#z"), encounter(2, "#a #z")], [], TODAY)] == ["z", "a"]


def test_nothing_said_is_no_topic() -> None:
    assert topics([encounter(1, "no topic, `#code` neither")], [issue("plain")], TODAY) == []

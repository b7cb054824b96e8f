"""The thread of a topic: "the lines of the note in which the topic stands", where issues were opened and closed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from core_builders import TODAY, ago, day, encounter, issue

from convo_tui.core.hits import Hit
from convo_tui.core.models import Issue
from convo_tui.core.query import Query
from convo_tui.core.thread import LONGEST, Passage, Step, lines_with, thread, thread_of_hits


def lines(passage: Passage) -> list[str]:
    return [each.text for each in passage.lines]


def steps(passage: Passage) -> list[tuple[str, str]]:
    return [(each.verb, each.text) for each in passage.steps]


def test_the_lines_that_have_the_topic_are_shown_with_the_place_where_it_stands() -> None:
    note = "about #Pricing, again\n#pricing-model is another\n```\n#pricing in code\n```\n- (#pricing)  twice #PRICING"
    found = lines_with("pricing", note)
    assert [each.text for each in found] == ["about #Pricing, again", "- (#pricing) twice #PRICING"]
    assert [[each.text[a:b] for a, b in each.spans] for each in found] == [["#Pricing"], ["#pricing", "#PRICING"]]
    assert lines_with("pricing", "nothing of it") == ()


def test_a_long_line_is_shown_around_the_topic() -> None:
    (found,) = lines_with("pricing", f"{'word ' * 2000}#pricing {'word ' * 2000}")
    assert len(found.text) <= LONGEST
    assert found.text[slice(*found.spans[0])] == "#pricing"


def test_what_was_done_with_issues_stands_in_the_encounters_where_it_was_done() -> None:
    first, second, third, last = encounter(30), encounter(20, "x"), encounter(9, "more #pricing"), encounter(2, "y")
    sent = issue("send #pricing", 30, opened_in=first.id, carried=(third.id, "elsewhere"), closed=ago(2))
    sent = sent.model_copy(update={"state": "settled", "closed_in": last.id})
    others = [issue("no topic", 20, opened_in=second.id), issue("#other", 20, opened_in=second.id)]
    found = thread("pricing", [first, second, third, last], [sent, *others], TODAY)
    assert [(each.day, each.encounter, steps(each)) for each in found] == [
        (day(2), last.id, [("settled", "send #pricing")]),
        (day(9), third.id, [("carried", "send #pricing")]),
        (day(30), first.id, [("opened", "send #pricing")]),
    ]
    assert [lines(each) for each in found] == [[], ["more #pricing"], []]
    assert [each.channel for each in found] == ["call"] * 3


def test_what_was_done_outside_of_any_encounter_stands_at_its_day() -> None:
    dropped = issue("#pricing for two", 9, state="dropped", closed=ago(4), opened_in="gone")
    by_hand = Issue(id="by-hand", text="by hand #pricing")
    found = thread("pricing", [encounter(6, "#pricing")], [dropped, by_hand], TODAY)
    assert [(each.day, bool(each.encounter), steps(each)) for each in found] == [
        (TODAY, False, [("opened", "by hand #pricing")]),
        (day(4), False, [("dropped", "#pricing for two")]),
        (day(6), True, []),
        (day(9), False, [("opened", "#pricing for two")]),
    ]


def hit(kind: Any, identity: str, text: str, at: datetime | None, key: str = "ana") -> Hit:
    return Hit(key, key, key.title(), kind, identity, at, text, Query(), 80)


def test_with_everyone_the_issues_stand_with_the_encounter_of_their_day() -> None:
    found = thread_of_hits(
        "pricing",
        [
            hit("issue", "i1", "send #pricing", ago(5)),
            hit("issue", "i2", "ask for #pricing", ago(7), "bo"),
            hit("issue", "i3", "undated #pricing", None),
            hit("encounter", "e1", "x\nnew #pricing", ago(5)),
            hit("encounter", "e2", "#pricing", ago(3), "bo"),
            hit("heard", "h1", "likes #pricing", ago(1)),
        ],
        TODAY,
    )
    assert [(each.day, each.name, each.encounter, lines(each)) for each in found] == [
        (TODAY, "Ana", "", []),
        (day(3), "Bo", "e2", ["#pricing"]),
        (day(5), "Ana", "e1", ["new #pricing"]),
        (day(7), "Bo", "", []),
    ]
    assert found[2].steps == (Step("opened", "i1", "send #pricing"),)

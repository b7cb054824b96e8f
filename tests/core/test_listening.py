"""What was heard, in groups: PRODUCT.md, "Listening" and "They tell you where to innovate"."""

from __future__ import annotations

from typing import Any

from core_builders import day, heard

from convo_tui.core.listening import Listened, Listening, listening
from convo_tui.core.models import Heard


def said(text: str, kind: str, days_ago: int, by: str = "Ana", *, waits: bool = False, **fields: Any) -> Listened:
    return Listened(heard(text, kind, days_ago, **fields), by.casefold(), by, waits)


def shown(found: Listening) -> list[tuple[str, list[str]]]:
    return [(group.heading, [each.heard.text for each in group.those]) for group in found.groups]


THOSE = [
    said("young need", "need", 1),
    said("rival", "rival", 9),
    said("old fear", "unsaid", 30, "bo"),
    said("wish", "want", 20),
    said("idea", "idea", 5),
    said("newer idea", "idea", 2, "bo"),
    said("built second", "idea", 3, waits=True),
    said("built first", "idea", 8, "bo", waits=True),
    said("newer rival", "rival", 2),
    said("a marathon", "about", 4),
    said("met", "need", 9, met=day(5)),
    said("no longer so", "want", 9, dropped=day(2)),
]


def test_needs_come_first_and_the_oldest_before_the_newer_then_ideas_rivals_and_what_matters_to_them() -> None:
    assert shown(listening(THOSE)) == [
        ("Unmet", ["old fear", "wish", "young need"]),
        ("Built, and waiting to be told", ["built first", "built second"]),
        ("Their ideas", ["newer idea", "idea"]),
        ("Rivals", ["newer rival", "rival"]),
        ("About them", ["a marathon"]),
    ]


def test_what_was_met_or_is_no_longer_so_is_over_the_last_first() -> None:
    assert [each.heard.text for each in listening(THOSE).over] == ["no longer so", "met"]


def test_by_relationship_each_has_its_own_in_the_same_order_by_name_in_any_case() -> None:
    assert shown(listening(reversed(THOSE), "relationship")) == [
        ("Ana", ["wish", "young need", "built second", "idea", "newer rival", "rival", "a marathon"]),
        ("bo", ["old fear", "built first", "newer idea"]),
    ]


def test_a_thing_of_no_day_has_waited_longest_and_nothing_is_no_group() -> None:
    by_hand = Listened(Heard(id="by-hand", kind="need", text="by hand"), "ana", "Ana")
    assert shown(listening([*THOSE[:1], by_hand])) == [("Unmet", ["by hand", "young need"])]
    assert listening([]) == Listening((), ())

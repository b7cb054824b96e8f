"""Fine as it is: a relationship is left alone for as long as one cadence."""

from __future__ import annotations

from typing import Any

import pytest
from core_builders import TODAY, day, encounter, soren
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import relationships

from convo_tui.core.models import Relationship
from convo_tui.core.noticing import signs
from convo_tui.core.pulse_rules import rests
from convo_tui.core.snoozing import one_cadence


@pytest.mark.parametrize(
    ("fields", "talked", "default", "days"),
    [
        ({"cadence": "3w"}, (), "1w", 21),
        ({}, (), "1w", 7),
        ({}, (40, 30, 20, 10), "1w", 7),
        ({}, (40, 30, 20, 10), None, 10),
        ({}, (30, 20, 10), None, 28),
        ({}, (), None, 28),
    ],
)
def test_its_cadence_else_the_default_else_its_own_rhythm_else_four_weeks(
    fields: dict[str, Any], talked: tuple[int, ...], default: str | None, days: int
) -> None:
    """Issue "pulse": "fine as it is (snoozes one cadence)"."""
    calls = tuple(encounter(each) for each in talked)
    assert one_cadence(soren(**fields, encounters=calls), calls, TODAY, default) == day(-days)


@settings(max_examples=40)
@given(relationships(), st.dates(), st.sampled_from([None, "1d", "9999y"]))
def test_whoever_is_left_alone_rests_from_then_on(relationship: Relationship, today: Any, default: str | None) -> None:
    timeline = sorted(relationship.encounters, key=lambda each: each.at)
    until = one_cadence(relationship, timeline, today, default)
    assert rests(signs(relationship.model_copy(update={"snoozed_until": until}), timeline), today)

"""Leaving a relationship alone for a while: fine as it is, for as long as one cadence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from convo_tui.core.models import Encounter, Relationship
from convo_tui.core.noticing import rhythm
from convo_tui.core.pulse_rules import cadence_days

WITHOUT_A_RHYTHM = 28
"""Days of a snooze where neither a cadence nor its own rhythm says how often we talk."""


def one_cadence(
    relationship: Relationship, timeline: Sequence[Encounter], today: date, default_cadence: str | None = None
) -> date:
    """Return the day until which it is left alone when all is fine as it is (issue "weekly review").

    That is one cadence: its own, else the default (`3w`), else the usual gap between its encounters, else four weeks.
    `timeline` is every encounter in which it took part, oldest first.
    """
    stated = relationship.cadence or default_cadence
    if stated:
        days: float = cadence_days(stated)
    else:
        days = rhythm([each for each in reversed(timeline) if each.is_contact]) or WITHOUT_A_RHYTHM
    longest = (date.max - today).days  # `9999y` is a cadence
    return today + timedelta(days=min(max(1, round(days)), longest))

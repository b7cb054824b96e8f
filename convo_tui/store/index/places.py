"""Where something stands among all that can be found: one number, the highest for what is wanted first."""

from __future__ import annotations

from datetime import UTC, datetime

RANK_BIT, MINUTE_BIT = 61, 28
"""A place is a rank, the minute since the year 1, and 28 bits that tell those of one minute apart."""

_YEAR_1 = datetime(1, 1, 1, tzinfo=UTC)


def place(rank: int, at: datetime | None) -> int:
    """Return the place of what has this `rank` and was at `at`, the last 28 bits left free; no time comes last."""
    minute = 0 if at is None else max(0, int((at - _YEAR_1).total_seconds()) // 60)
    return rank << RANK_BIT | minute << MINUTE_BIT

"""The one clock of the program, frozen by `$CONVO_NOW` (CONTRACT.md, "Commands")."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from convo_tui.core.errors import Refused


class LocalZone(tzinfo):
    """The system's zone, with the offset that held at the time asked about."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Return the system's offset at the wall time of `dt`."""
        return (dt or datetime.now()).replace(tzinfo=None).astimezone().utcoffset()

    def fromutc(self, dt: datetime) -> datetime:
        """Return the local time at `dt`, which is in UTC."""
        return dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)

    def dst(self, dt: datetime | None) -> timedelta | None:
        """Return None: the system does not tell summer time apart from its offset."""
        return None

    def tzname(self, dt: datetime | None) -> str:
        """Return the name that the system gives the zone."""
        return (dt or datetime.now()).replace(tzinfo=None).astimezone().tzname() or ""


@dataclass(frozen=True)
class Clock:
    """Tells the time in the zone of the person at the screen.

    `monotonic` (seconds) is for measuring how long something lasts: it goes on where `read` is frozen or corrected.
    """

    read: Callable[[], datetime]
    zone: tzinfo
    monotonic: Callable[[], float] = time.monotonic

    def now(self) -> datetime:
        """Return this moment, with the local offset, to the second."""
        return self.read().replace(microsecond=0)

    def today(self) -> date:
        """Return the local calendar day."""
        return self.now().date()


def system_clock(environ: Mapping[str, str] = os.environ) -> Clock:
    """Return the running clock, or one that stands at `$CONVO_NOW` (ISO 8601; its offset is the local zone).

    Raises:
        Refused: when `$CONVO_NOW` is not a date and time.
    """
    frozen = environ.get("CONVO_NOW", "").strip()
    if not frozen:
        zone = LocalZone()
        return Clock(lambda: datetime.now(zone), zone)
    try:
        moment = datetime.fromisoformat(frozen)
    except ValueError:
        raise Refused(f"CONVO_NOW={frozen}: not an ISO 8601 time; write one like 2026-11-22T10:30+01:00") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=LocalZone())
    assert moment.tzinfo is not None
    return Clock(lambda: moment, moment.tzinfo)

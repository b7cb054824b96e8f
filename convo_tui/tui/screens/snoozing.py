"""Leaving a relationship alone for a while, from any screen: until a day, as long as its cadence, or no longer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from convo_tui.core.dates import dated, due
from convo_tui.core.errors import Refused
from convo_tui.sanitize import single
from convo_tui.tui import verbs
from convo_tui.tui.screens.prompts import Ask

if TYPE_CHECKING:
    from textual.app import App

    from convo_tui.core.day_forms import DateOrder
    from convo_tui.tui.place import Place
    from convo_tui.tui.screens.over_journal import Host

_HINT = "fri, 2w, 10 dec; empty: as long as its cadence"


async def snooze(host: Host, app: App[None], place: Place) -> bool:
    """Ask until when to leave the relationship of `place` alone, and do so; wake one that rests.

    Return whether it was done. For a worker: it waits for the answer.
    """
    name, key = single(place.name), place.key
    rests = await host.attempt(lambda journal: verbs.rests(journal, key))
    if rests:
        woken = await host.attempt(lambda journal: verbs.snooze(journal, key, None))
        return _say(host, f"{name} no longer rests", woken)
    if rests is None:  # why was said
        return False

    def day(said: str) -> date | None:
        return _to_come(said, host.today, host.date_order)

    said = await app.push_screen_wait(Ask(f"Leave {name} alone until", _HINT, day))
    if said is None:
        return False
    until = day(said)
    if until is None:
        return await leave_as_it_is(host, place)
    done = await host.attempt(lambda journal: verbs.snooze(journal, key, until))
    return _say(host, f"{name} rests until {dated(until, host.today)}", done)


async def leave_as_it_is(host: Host, place: Place) -> bool:
    """Leave the relationship of `place` alone for one cadence: all is fine as it is. Return whether it was done."""
    cadence = host.settings.default_cadence
    until = await host.attempt(lambda journal: verbs.leave_as_it_is(journal, place.key, cadence))
    return until is not None and _say(host, f"{single(place.name)} rests until {dated(until, host.today)}", True)


def _say(host: Host, said: str, done: bool | None) -> bool:
    if done:
        host.say(f"{said} · u takes it back")
    return bool(done)


def _to_come(said: str, today: date, order: DateOrder) -> date | None:
    """Return the day that was typed; None for nothing typed. Raises NotADate, Refused."""
    if not said.strip():
        return None
    day = due(said, today, order)
    if day <= today:
        raise Refused(f"{dated(day, today)} is not to come; write a later day, like fri, 2w or 10 dec")
    return day

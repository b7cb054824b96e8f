"""Keys pressed at the pace of someone quick, in a program that runs in this process: a process of its own for each.

`python -m tests.bench.keyboard WHAT JOURNAL FOLDER KEYS` prints the seconds of each key as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App
from textual.widgets import TextArea

from convo_tui.settings import Settings
from convo_tui.tui.app import ConvoApp
from convo_tui.tui.desk import Desk
from convo_tui.tui.screens.journal import JournalScreen
from tests.bench.bare import Bare, BareEditor
from tests.bench.journals import CLOCK, Home

PACE = 1 / 12
"""Seconds from key to key of someone quick."""
SETTLING = 2.0
PATIENCE = 60.0
SIZE = (140, 40)
LETTERS = "the plan that we talked about is "


class Painted:
    """Knows when an app that runs without a terminal has painted what is waited for."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._is_shown: Callable[[], bool] = lambda: False
        self._at, self._seen = 0.0, asyncio.Event()
        self._display = app._display
        app._display = self._painted  # type: ignore

    def _painted(self, *what: Any) -> None:
        self._display(*what)
        if not self._seen.is_set() and self._is_shown():
            self._at = time.perf_counter()
            self._seen.set()

    async def press(self, key: str, is_shown: Callable[[], bool]) -> float:
        """Return the seconds from a key to the first paint with which its effect is shown."""
        driver = self._app._driver
        assert driver is not None
        self._is_shown = is_shown
        self._seen.clear()
        began = time.perf_counter()
        driver.send_message(events.Key("space" if key == " " else key, key))
        async with asyncio.timeout(PATIENCE):
            await self._seen.wait()
        return self._at - began


async def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.perf_counter() + PATIENCE
    while not is_so():
        assert time.perf_counter() < end
        await asyncio.sleep(0.02)


async def pressed(app: App[Any], count: int, keys: str, effect: Callable[[str], Callable[[], bool]]) -> list[float]:
    """Press so many keys, and return the seconds of each; `effect` gives what tells whether one has done its work."""
    painted, took = Painted(app), []
    for number in range(count):
        key = keys[number % len(keys)]
        took.append(await painted.press(key, effect(key)))
        await asyncio.sleep(max(0.0, PACE - took[-1]))
    return took


def typed_into(area: TextArea) -> Callable[[str], Callable[[], bool]]:
    """Return the effect of typing a letter."""

    def effect(letter: str) -> Callable[[], bool]:
        wanted = area.text + letter
        return lambda: area.text == wanted

    return effect


async def in_bare_editor(count: int) -> list[float]:
    """Type into a bare text area."""
    app = BareEditor()
    async with app.run_test(size=SIZE):
        await asyncio.sleep(SETTLING)
        return await pressed(app, count, LETTERS, typed_into(app.query_one(TextArea)))


async def in_bare(count: int) -> list[float]:
    """Press a key that changes one of three bare panes."""
    app = Bare()

    def effect(_: str) -> Callable[[], bool]:
        wanted = app.pressed + 1
        return lambda: app.pressed == wanted

    async with app.run_test(size=SIZE):
        await asyncio.sleep(SETTLING)
        return await pressed(app, count, "j", effect)


async def in_note(count: int, home: Home) -> list[float]:
    """Type into a note, beside the timeline of the relationship that is selected."""
    desk = Desk(home.places, Settings(), CLOCK)
    app = ConvoApp(desk)
    async with app.run_test(size=SIZE) as pilot:
        screen = await _is_open(app)
        await pilot.press("n")
        await until(lambda: screen.talk is not None and app.focused is screen.note_pane.editor)
        await asyncio.sleep(SETTLING)
        took = await pressed(app, count, LETTERS, typed_into(screen.note_pane.editor))
    desk.close()
    return took


async def in_list(count: int, home: Home) -> list[float]:
    """Move down the list, until the brief and the timeline of the next relationship are there."""
    desk = Desk(home.places, Settings(), CLOCK)
    app = ConvoApp(desk)
    async with app.run_test(size=SIZE):
        screen = await _is_open(app)

        def effect(_: str) -> Callable[[], bool]:
            before = screen.listing.selected
            return lambda: _shown(screen) == screen.listing.selected != before

        took = await pressed(app, count, "j", effect)
    desk.close()
    return took


async def _is_open(app: ConvoApp) -> JournalScreen:
    """Wait until someone is shown and nothing more happens."""
    await until(lambda: isinstance(app.screen, JournalScreen) and _shown(app.screen))
    await asyncio.sleep(SETTLING)
    assert isinstance(app.screen, JournalScreen)
    return app.screen


def _shown(screen: JournalScreen) -> str | None:
    return screen.shown.view.summary.key if screen.shown is not None else None


def main() -> None:
    """Press keys in the program that the command line asks for."""
    what, journal, folder, keys = sys.argv[1:]
    home = Home(Path(journal), Path(folder))
    programs: dict[str, Callable[[int], Coroutine[Any, Any, list[float]]]] = {
        "bare-editor": in_bare_editor,
        "bare": in_bare,
        "note": partial(in_note, home=home),
        "list": partial(in_list, home=home),
    }
    print(json.dumps(asyncio.run(programs[what](int(keys)))))


if __name__ == "__main__":
    main()

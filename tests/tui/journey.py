"""The full screen as a person uses it: a journal in a temporary folder, a clock that stands, keys, what is seen.

Nothing sleeps: `Screenful.until` waits for a condition, `settle` for the screen to have nothing more to do.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import rtoml
from textual import events
from textual._compositor import Compositor
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Input

from convo_tui.clock import Clock
from convo_tui.paths import Places
from convo_tui.settings import Settings
from convo_tui.tui import keys
from convo_tui.tui.app import ConvoApp
from convo_tui.tui.desk import Desk
from convo_tui.tui.screens.journal import JournalScreen
from convo_tui.tui.screens.picker import Picker
from convo_tui.tui.widgets.line_list import LineList
from convo_tui.tui.widgets.note_editor import NoteEditor

NOW = datetime.fromisoformat("2026-11-22T10:37:00+01:00")
"""A Sunday."""

WIDE, MEDIUM, NARROW = (140, 32), (100, 32), (70, 30)
PATIENCE = 20.0
"""Seconds after which a condition will not come true any more."""
_CALM, _HOPS = 12, 4
"""Turns of the loop without a message, and of those waits in a row without work, after which nothing more comes."""

ANA = """\
format = 1
id = "20240301-anaruiz1"
name = "Ana Ruiz"
kind = "person"
organisation = "Acme GmbH"
role = "Head of Operations"
story = "We are building the January pilot together."

[[issues]]
id = "20261104-pr1c1ng1"
text = "send pricing for 40 seats #pricing"
owner = "me"
state = "open"
opened = 2026-11-04T10:00:00+01:00
opened_in = "20261104-enc00001"
due = 2026-11-27
carried = ["20261112-enc00002", "20261119-enc00003"]

[[issues]]
id = "20261119-1ega1000"
text = "who signs in legal?"
owner = "them"
state = "open"
opened = 2026-11-19T15:00:00+01:00
opened_in = "20261119-enc00003"

[[issues]]
id = "20261104-sett1ed1"
text = "name the sponsor"
owner = "us"
state = "settled"
opened = 2026-11-04T10:00:00+01:00
closed = 2026-11-12T11:00:00+01:00
closed_in = "20261112-enc00002"
outcome = "it is Bo"

[[heard]]
id = "20261119-unsa1d01"
kind = "unsaid"
text = "afraid the migration makes her look bad"
heard_in = "20261119-enc00003"
at = 2026-11-19T15:00:00+01:00

[[encounters]]
id = "20261104-enc00001"
at = 2026-11-04T10:00:00+01:00
channel = "meeting"
nature = "conversation"
note = "Walked through the #pilot together."

[[encounters]]
id = "20261112-enc00002"
at = 2026-11-12T11:00:00+01:00
channel = "call"
nature = "conversation"
spark = 3
note = "Talked about #pricing."

[[encounters]]
id = "20261119-enc00003"
at = 2026-11-19T15:00:00+01:00
channel = "call"
nature = "conversation"
minutes = 25
note = "Legal has the draft; she wants the #pilot in January."
"""
PRICING, LEGAL, SPONSOR, UNSAID = "20261104-pr1c1ng1", "20261119-1ega1000", "20261104-sett1ed1", "20261119-unsa1d01"
FIRST, SECOND, LAST = "20261104-enc00001", "20261112-enc00002", "20261119-enc00003"

BO = """\
format = 1
id = "20240301-b01indq1"
name = "Bo Lindqvist"
kind = "person"

[[encounters]]
id = "20261022-enc00004"
at = 2026-10-22T09:00:00+02:00
channel = "call"
nature = "conversation"
note = "A long talk about sailing."
"""

CHIARA = """\
format = 1
id = "20240301-ch1ara01"
name = "Chiara Neri"
kind = "person"
"""


class Time:
    """The clock on the wall and the stopwatch: both stand until they are told to go on."""

    def __init__(self) -> None:
        self.moment, self.seconds = NOW, 1000.0

    def go_on(self, **span: float) -> None:
        passed = timedelta(**span)
        self.moment += passed
        self.seconds += passed.total_seconds()

    @property
    def clock(self) -> Clock:
        zone = NOW.tzinfo
        assert zone is not None
        return Clock(lambda: self.moment, zone, lambda: self.seconds)


@contextmanager
def unpainted() -> Iterator[None]:
    """Paint only what a test looks at: nobody sees what comes between, and painting it takes a third of the time."""
    whole = Compositor.render_update

    def update(compositor: Compositor, full: bool = False, **how: Any) -> Any:
        if full:
            return whole(compositor, full, **how)
        compositor._dirty_regions.clear()
        return None

    with patch.object(Compositor, "render_update", update):
        yield


@dataclass
class Home:
    """A person's folders; each `convo()` is one start of the program, as after a restart of the machine."""

    root: Path
    settings: Settings = field(default_factory=Settings)
    time: Time = field(default_factory=Time)

    def __post_init__(self) -> None:
        self.places.journal.mkdir(parents=True)

    @property
    def places(self) -> Places:
        return Places(*(self.root / each for each in ("journal", "config", "cache", "state")))

    def path(self, name: str) -> Path:
        return self.places.journal / f"{name}.toml"

    def put(self, **files: str) -> Home:
        """Write files by hand: `put(ana=ANA)` makes `ana.toml`."""
        for name, text in files.items():
            self.path(name).write_text(text, "utf-8")
        return self

    def file(self, name: str) -> dict[str, Any]:
        """What a file holds."""
        return rtoml.load(self.path(name))

    def entry(self, name: str, table: str, identity: str) -> dict[str, Any]:
        """One entry of a file, by its id."""
        return next(each for each in self.file(name)[table] if each["id"] == identity)

    @asynccontextmanager
    async def convo(
        self,
        size: tuple[int, int] = WIDE,
        start: str | None = None,
        *,
        watches: bool = False,
        asks_git: bool = False,
        paints: bool = False,
    ) -> AsyncIterator[Screenful]:
        desk = Desk(self.places, self.settings, self.time.clock, watches=watches, asks_git=asks_git)
        app = ConvoApp(desk, start)
        app.animation_level = "none"
        seen = Screenful(app)
        try:
            with nullcontext() if paints else unpainted():
                async with app.run_test(size=size) as pilot:
                    seen.pilot = pilot
                    await seen.until(lambda: seen.journal is not None, "the journal screen")
                    await seen.settle()
                    yield seen
        finally:
            desk.close()


class Screenful:
    """What a person sees and does."""

    pilot: Pilot[None]

    def __init__(self, app: ConvoApp) -> None:
        self.app = app
        self.said: list[str] = []
        notify = app.notify

        def noting(message: str, **how: Any) -> None:
            self.said.append(message)
            assert how.get("markup") is False, "what is said may hold text from a file"
            notify(message, **how)

        app.notify = noting  # type: ignore[method-assign]

    # ── doing ────────────────────────────────────────────────────────────────────────────────────────────

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each when what the one before did is seen."""
        for key in keys:
            self.send(key)
            await self.settle()

    async def hurry(self, *keys: str) -> None:
        """Press keys faster than the program answers."""
        for key in keys:
            self.send(key)
        await self.settle()

    def send(self, key: str) -> None:
        # `Pilot.press` waits for an idle processor after each key, 60 ms of it; `settle` waits for what matters.
        driver = self.app._driver
        assert driver is not None
        typed = " " if key == "space" else keys.character(key)
        driver.send_message(events.Key(_character_to_key(key) if len(key) == 1 else key, typed))

    async def write(self, text: str) -> None:
        """Type into the note; what is typed in one go saves the time of single keys."""
        self.editor.insert(text)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste into what has the focus."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def answer(self, text: str) -> None:
        """Answer the question on the screen."""
        self.app.screen.query_one(Input).value = text
        await self.press("enter")

    async def talk_to(self, name: str) -> None:
        """Select a relationship by its name in the list."""
        key = next(each.key for each in self.journal.summaries if each.name == name)
        self.journal.listing.select(key)
        self.journal.go("relationships")
        await self.until(lambda: bool(self.journal.shown and self.journal.shown.view.summary.key == key), name)
        await self.settle()

    async def select(self, pane: str, key: str) -> None:
        """Put the cursor of a pane on an entry."""
        found = self.list(pane)
        found.select(key)
        found.focus()
        await self.settle()

    async def resize(self, width: int, height: int) -> None:
        await self.pilot.resize_terminal(width, height)
        await self.settle()

    # ── waiting ──────────────────────────────────────────────────────────────────────────────────────────

    async def until(self, condition: Callable[[], object], what: str = "the condition") -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"waited in vain for {what}; the screen:\n{self.text}"
            await asyncio.sleep(0.002)
            await self._drain()

    async def settle(self) -> None:
        """Wait until nothing is under way but a question that waits for its answer, and knows who could be meant."""
        quiet = 0
        while quiet < _HOPS:
            await self._drain()
            if self._is_quiet():
                quiet += 1
            else:
                quiet = 0
                await self.until(self._is_quiet, "quiet")

    async def _drain(self) -> None:
        """Let every message be handled, and what it changed be painted."""
        app, calm = self.app, 0
        if app.is_running:
            pumps = [app, *app.screen.walk_children(with_self=True)]
            while calm < _CALM:
                await asyncio.sleep(0)
                calm = 0 if any(each.message_queue_size for each in pumps) else calm + 1
            app.screen._on_timer_update()

    def _is_quiet(self) -> bool:
        front = self.app.screen
        asking = isinstance(front, ModalScreen) and not (isinstance(front, Picker) and front._search is None)
        return not self.app.is_running or asking or all(each.is_finished for each in self.app.workers)

    # ── seeing ───────────────────────────────────────────────────────────────────────────────────────────

    @property
    def journal(self) -> JournalScreen:
        found = [each for each in self.app.screen_stack if isinstance(each, JournalScreen)]
        return found[0] if found else None  # type: ignore[return-value]

    @property
    def editor(self) -> NoteEditor:
        return self.journal.query_one(NoteEditor)

    @property
    def note(self) -> str:
        return self.editor.text

    @property
    def mode(self) -> str:
        """What the third pane shows: details, writing or ended."""
        return self.journal.note_pane.mode

    @property
    def focused(self) -> str | None:
        """The id of what has the focus."""
        return self.app.focused.id if self.app.focused else None

    @property
    def selected(self) -> str | None:
        """The name of the relationship selected in the list."""
        key = self.journal.listing.selected
        return next((each.name for each in self.journal.summaries if each.key == key), None)

    def list(self, pane: str) -> LineList:
        return self.journal.query_one(f"#{pane}", LineList)

    def lines(self, pane: str) -> list[str]:
        """The lines of a list, also those scrolled out of sight."""
        found = self.list(pane)
        return [found._rows[index].content.plain.rstrip() for index in range(len(found._rows))]

    def pane(self, pane: str) -> str:
        return "\n".join(self.lines(pane))

    def told(self, pane: str) -> str:
        """The same as one line, whatever the width of the pane broke."""
        return " ".join(self.pane(pane).split())

    @property
    def title(self) -> str:
        """What stands over the third pane."""
        return str(self.journal.note_pane.border_title)

    @property
    def strips(self) -> list[str]:
        """What stands on the screen, line by line, as the terminal gets it."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(self.strips)

    def shows(self, pane: str) -> bool:
        """Whether a part of the screen has room on it."""
        return self.journal.query_one(f"#{pane}").size.area > 0

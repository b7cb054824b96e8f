"""The full-screen program: composition only."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import actions, events
from textual.app import App, SystemCommand
from textual.css.query import NoMatches
from textual.message import Message
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Input
from textual.worker import WorkerFailed

from convo_tui.sanitize import sanitize
from convo_tui.tui import keys, themes
from convo_tui.tui.desk import Desk
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.screens.journal import JournalScreen
from convo_tui.tui.signals import Signals
from convo_tui.tui.widgets.ended_list import EndedList
from convo_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from convo_tui.clock import Clock
    from convo_tui.paths import Places
    from convo_tui.settings import Settings


_CLOSING = 2.0
"""Seconds after an error in which everything on the screen may end by itself."""

_HANGUP = 129

_MOVES = frozenset(each for key in keys.KEYS if key.where == "list" for each in key.keys)

_CALM, _PATIENT = 30, 300
"""Turns of the loop without a message after which nothing more is asked, and after which a key waits no longer."""


class ConvoApp(App[None]):
    """Convo, full screen."""

    CSS_PATH = Path(__file__).with_name("app.tcss")
    TITLE = "Convo"
    ENABLE_COMMAND_PALETTE = True

    @dataclass
    class Trouble(Message):
        """What is typed cannot be kept; `said` is the line that says why."""

        said: str

    def __init__(self, desk: Desk, start: str | None = None, title: str = "") -> None:
        """Create the program over a desk; `start` is the key of the relationship to open at."""
        super().__init__()
        self._desk, self._start, self._journal_title = desk, start, title
        self.signals = Signals(self._leave_soon)
        self._main: asyncio.Task[Any] | None = None
        desk.trouble = lambda said: self.post_message(self.Trouble(said))
        found, self._unread_themes = themes.load([themes.builtin(), desk.places.themes])
        for theme in found.values():
            self.register_theme(theme)
        wanted = desk.settings.theme
        self._put_on(wanted if wanted in self.available_themes else "convo-dark")

    def _put_on(self, theme: str) -> None:
        """Take a theme before any styles are read: one that changes later has all of them read again."""
        self.set_reactive(ConvoApp.theme, theme)
        self.stylesheet.set_variables(self.get_css_variables())
        dark = self.current_theme.dark
        self.update_classes({f"-theme-{theme}": True, "-dark-mode": dark, "-light-mode": not dark}, update=False)

    def on_mount(self) -> None:
        """Put on the keys that the person chose, then the journal."""
        self._main = asyncio.current_task()
        asyncio.get_running_loop().set_exception_handler(self._failed_aside)
        settings = self._desk.settings
        self.set_keymap(keys.accepted(settings.keys))
        screen = JournalScreen(self._desk, self._start, self._journal_title)
        self.push_screen(screen)
        unknown = [] if settings.theme in self.available_themes else [f"there is no theme called {settings.theme}"]
        for problem in (*settings.problems, *keys.check(settings.keys), *self._unread_themes, *unknown):
            self.notify(sanitize(problem), severity="warning", markup=False)

    def on_convo_app_trouble(self, event: Trouble) -> None:
        """Say that what is typed is not safe, and why."""
        self.notify(sanitize(f"{event.said}; go on typing, it is tried again"), severity="error", markup=False)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return what the palette offers: every key that works here and now, by its name, and the themes."""
        for key in keys.effective(self._desk.settings.keys):
            _, name, parameters = actions.parse(key.action)
            if key.where not in ("list", "editor") and screen.check_action(name, parameters):
                pressed = ", ".join(keys.display(each) for each in key.keys)  # `[ b ]` would be read as markup
                yield SystemCommand(key.help.rstrip("."), f"key: {pressed}", partial(screen.run_action, key.action))
        yield SystemCommand("Changes the colours", "for as long as Convo is open", self.action_change_theme)

    async def on_event(self, event: events.Event) -> None:
        """Do what a key means before the next key is looked at: it may be typed into what this one opens, or goes on
        to the next question."""
        if not isinstance(event, events.Key) or event.is_forwarded:
            await super().on_event(event)
            return
        on_list = isinstance(self.focused, LineList) and not isinstance(self.focused, EndedList)
        asking = isinstance(self.screen, Asking)
        if asking and isinstance(self.focused, Input):
            if event.is_printable:
                await super().on_event(event)
                return
            await self._let_it_ask()  # of the letters before, what they answer
        # What a line does not take comes back to the app, behind the keys that follow: `enter` would be too late.
        at_once = on_list or (asking and not event.is_printable)
        if not at_once or not (
            await self._check_bindings(event.key, priority=True) or await self._check_bindings(event.key)
        ):
            await super().on_event(event)
        if asking or (on_list and event.key not in _MOVES):
            await self._let_it_ask()

    async def _let_it_ask(self) -> None:
        """Let what a key began ask its question, and what an answer lets go on ask the next."""
        calm = 0
        for _ in range(_PATIENT):
            busy = any(each.message_queue_size for each in (*self.screen_stack, self.focused) if each is not None)
            calm = 0 if busy else calm + 1
            if calm == _CALM:
                break
            await asyncio.sleep(0)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave ctrl+p, which Textual binds by itself, to screens of ours: there it moves in a list as well."""
        if action == "command_palette" and isinstance(self.screen, JournalScreen | Asking):
            return False
        return super().check_action(action, parameters)

    async def action_quit(self) -> None:
        """Leave as the journal does, which takes the last letters first: Textual binds ctrl+q by itself."""
        for screen in self.screen_stack:
            if isinstance(screen, JournalScreen):
                await screen.action_quit_convo()

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our own colours, for the themes that do not set them."""
        theme: Theme | None = self.available_themes.get(self.theme)
        return themes.defaults(theme) if theme is not None else themes.DARK

    # ── the end, when nobody pressed a key for it ────────────────────────────────────────────────────────

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Lend the terminal to another program, and take it back when that fails too; signals to end wait for it."""
        failed: Exception | None = None
        with self.signals.lent(), super().suspend():
            try:
                yield
            except Exception as error:  # noqa: BLE001 - Textual would leave the terminal as it is, and hear no key
                failed = error
        if failed is not None:
            raise failed

    def _leave_soon(self, code: int) -> None:
        """End with an exit code, as a signal asks; without a loop nothing has begun, or all is over."""
        if self._loop is None:
            raise SystemExit(code)
        self._loop.call_soon_threadsafe(self.call_later, self._leave, code)

    async def _leave(self, code: int) -> None:
        await self.action_quit()
        self.exit(return_code=code)

    def _handle_exception(self, error: Exception) -> None:
        """Leave the terminal as it was found; `run` raises the error, and the command line tells it in one line."""
        cause = error.error if isinstance(error, WorkerFailed) else error
        if isinstance(cause, NoMatches) and not self._running:
            return  # it looked for something on a screen that has been left meanwhile
        self._return_code = 1
        if self._exception is None:
            self._exception = cause  # type: ignore[assignment]
            self._exception_event.set()
            asyncio.get_running_loop().call_later(_CLOSING, self._stop_waiting)
        self._close_messages_no_wait()

    def _stop_waiting(self) -> None:
        """Interrupt what still waits, perhaps for the very widget that failed."""
        if self._running and self._main is not None:
            self._main.cancel()

    def _fatal_error(self) -> None:
        """Do the same where Textual would print the traceback of the exception being handled."""
        error = sys.exc_info()[1]
        self._handle_exception(error if isinstance(error, Exception) else RuntimeError("unknown"))

    def panic(self, *_: object) -> None:
        """Do the same when the terminal cannot be read."""
        self._failed_at_terminal(RuntimeError("the terminal cannot be read"))

    def _failed_at_terminal(self, error: Exception) -> None:
        """Take an error for what it is, unless the terminal was closed: then whoever closed it wants an end."""
        if sys.__stdin__ is not None and sys.__stdin__.isatty():
            self._handle_exception(error)
        else:
            self.exit(return_code=_HANGUP)

    def _failed_aside(self, _loop: object, context: dict[str, Any]) -> None:
        """Take what fails in a callback or a task that nobody waits for as seriously as the rest."""
        error = context.get("exception")
        if isinstance(error, Exception) and self._running:
            self._handle_exception(error)

    def failed_in_thread(self, failed: threading.ExceptHookArgs) -> None:
        """Take what ends a thread as seriously: without the one that writes the drafts, nothing typed is kept."""
        error = failed.exc_value
        if isinstance(error, Exception) and self._loop is not None:
            take = self._failed_at_terminal if isinstance(error, OSError) else self._handle_exception
            self._loop.call_soon_threadsafe(take, error)


def run(places: Places, settings: Settings, clock: Clock, relationship: str | None = None, sample: bool = False) -> int:
    """Open the full screen, at the relationship with the key `relationship` if one is given; return the exit code.

    Raises:
        Exception: what nobody expected first, once the terminal is restored and the drafts are safe.
    """
    desk = Desk(places, settings, clock, watches=True, asks_git=True)
    app = ConvoApp(desk, relationship, "sample journal" if sample else "")
    before, threading.excepthook = threading.excepthook, app.failed_in_thread
    try:
        with app.signals.heeded():
            try:
                app.run()
            finally:
                desk.close()
    except Exception as error:
        if app._exception is None:
            raise
        raise app._exception from error  # what went wrong while all was put away comes second
    finally:
        threading.excepthook = before
    if app._exception is not None:
        raise app._exception
    return app.return_code or 0

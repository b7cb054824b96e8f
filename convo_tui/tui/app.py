"""The full-screen program: composition only."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import actions, events
from textual.app import App, SystemCommand
from textual.message import Message
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import WorkerFailed

from convo_tui.sanitize import sanitize
from convo_tui.tui import keys, themes
from convo_tui.tui.desk import Desk
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.screens.journal import JournalScreen
from convo_tui.tui.widgets.ended_list import EndedList
from convo_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from convo_tui.clock import Clock
    from convo_tui.paths import Places
    from convo_tui.settings import Settings


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
                pressed = " ".join(keys.display(each) for each in key.keys)
                yield SystemCommand(key.help.rstrip("."), f"key: {pressed}", partial(screen.run_action, key.action))
        yield SystemCommand("Changes the colours", "for as long as Convo is open", self.action_change_theme)

    async def on_event(self, event: events.Event) -> None:
        """Do what a key on a list means before the next key is looked at: it may be typed into what this one opens."""
        typed = isinstance(event, events.Key) and not event.is_forwarded and isinstance(self.focused, LineList)
        if typed and not isinstance(self.focused, EndedList):
            assert isinstance(event, events.Key)
            if await self._check_bindings(event.key, priority=True) or await self._check_bindings(event.key):
                return
        await super().on_event(event)

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

    def _handle_exception(self, error: Exception) -> None:
        """Leave the terminal as it was found; `run` raises the error, and the command line tells it in one line."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error.error if isinstance(error, WorkerFailed) else error  # type: ignore[assignment]
            self._exception_event.set()
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        """Do the same where Textual would print the traceback of the exception being handled."""
        error = sys.exc_info()[1]
        self._handle_exception(error if isinstance(error, Exception) else RuntimeError("unknown"))


def run(places: Places, settings: Settings, clock: Clock, relationship: str | None = None, sample: bool = False) -> int:
    """Open the full screen, at the relationship with the key `relationship` if one is given; return the exit code.

    Raises:
        Exception: what nobody expected, once the terminal is restored and the drafts are safe.
    """
    desk = Desk(places, settings, clock, watches=True)
    app = ConvoApp(desk, relationship, "sample journal" if sample else "")
    try:
        app.run()
    finally:
        desk.close()
    if app._exception is not None:
        raise app._exception
    return app.return_code or 0

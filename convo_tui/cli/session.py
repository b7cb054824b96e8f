"""What every command works with: the folders, the settings, the clock and the journal, each made when it is needed."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from convo_tui.cli.failures import complain
from convo_tui.clock import Clock, system_clock
from convo_tui.paths import Places, config_dir, places
from convo_tui.settings import Settings, load

if TYPE_CHECKING:
    from convo_tui.store.journal import Journal


class Session:
    """One run of the program on the journal in `directory`; None leaves the folder to the environment and settings.

    Cache and state go to the folder `apart` where it is given, so that the user's own stay untouched.
    """

    def __init__(self, directory: str | None, apart: Path | None = None) -> None:
        self._directory, self._apart = directory, apart

    @cached_property
    def settings(self) -> Settings:
        """What the user set."""
        return load(config_dir())

    @cached_property
    def places(self) -> Places:
        """The folders of the journal."""
        found = places(self._directory, self.settings.journal_dir)
        if self._apart is None:
            return found
        return replace(found, cache=self._apart / "cache", state=self._apart / "state")

    @cached_property
    def clock(self) -> Clock:
        """The time. Raises Refused when `$CONVO_NOW` is none."""
        return system_clock()

    @cached_property
    def journal(self) -> Journal:
        """The journal, for a command: what is wrong with the settings, and what killed saves left, is told here.

        Raises:
            Damage: when the folder cannot be read.
        """
        from convo_tui.store.errors import Damage
        from convo_tui.store.journal import Journal

        for problem in self.settings.problems:
            complain(problem)
        journal = Journal(self.places, self.clock, self.settings.date_order)
        try:
            journal.refresh()
        except Damage as error:
            error.args = (f"{error}; put that right, or name another folder with --dir",)
            raise
        for kept in journal.sweep():
            complain(f"{kept}: a version that another program wrote while a save was killed; compare it and delete it")
        return journal

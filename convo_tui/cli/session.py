"""What every command works with: the folders, the settings, the clock and the journal, each made when it is needed."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from convo_tui.cli.failures import complain
from convo_tui.clock import Clock, system_clock
from convo_tui.paths import Places, config_dir, places
from convo_tui.settings import Settings, load

if TYPE_CHECKING:
    from convo_tui.core.pulse import Attention
    from convo_tui.store.git.repository import Repository
    from convo_tui.store.journal import Journal
    from convo_tui.store.lookup import Lookup, Progress

L = TypeVar("L", bound="Lookup")

_MANY = 300
"""To gather the signs of so many takes seconds, which is worth a word."""


class Session:
    """One run of the program on the journal in `directory`; None leaves the folder to the environment and settings.

    Cache and state go to the folder `apart` where it is given, so that the user's own stay untouched.
    """

    def __init__(self, directory: str | None, apart: Path | None = None) -> None:
        self._directory, self._apart = directory, apart
        self._told: set[str] = set()

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
    def lookup(self) -> Lookup:
        """The journal for looking things up only: nothing heavy is loaded for it, and no file is read without need.

        Raises:
            Damage: when the folder cannot be read.
        """
        if "journal" in self.__dict__:
            return self.journal
        from convo_tui.store.lookup import Lookup

        return self._ready(Lookup(self.places, self.clock, self.settings.date_order))

    @cached_property
    def journal(self) -> Journal:
        """The journal, for a command: what is wrong with the settings, and what killed saves left, is told here.

        Raises:
            Damage: when the folder cannot be read.
        """
        from convo_tui.store.journal import Journal

        self.close()  # one index in one process
        journal = self._ready(Journal(self.places, self.clock, self.settings.date_order))
        for kept in journal.sweep():
            complain(f"{kept}: a version that another program wrote while a save was killed; compare it and delete it")
        return journal

    def pulse(self) -> list[Attention]:
        """Return who needs attention, by the thresholds of the settings. Raises Damage as `lookup` does."""
        from convo_tui.core.pulse_rules import Thresholds

        # What the index lacks is gathered from whole files, once: that takes the journal.
        missing = self.lookup.without_signs
        if missing >= _MANY and sys.stderr.isatty():
            complain(f"looking closer at {missing:,} relationships, this once; that takes a moment")
        lookup = self.journal if missing else self.lookup
        return lookup.pulse(Thresholds.of(self.settings.pulse), self.settings.default_cadence)

    @cached_property
    def repository(self) -> Repository:
        """The versions of the journal."""
        from convo_tui.store.git.repository import Repository

        return Repository(self.places, self.clock)

    def make_version_aside(self, files: Sequence[str]) -> None:
        """Have a version of these files made by a process of its own, which nobody waits for (`auto_commit`)."""
        import subprocess

        with suppress(OSError):
            subprocess.Popen(
                [
                    *(sys.executable, "-P", "-m", "convo_tui", "--dir", str(self.places.journal)),
                    *("git", "commit", "--by-itself", "--", *files),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def close(self) -> None:
        """Let go of the journal, and tell why its index is not kept if it is not."""
        for name in ("journal", "lookup"):
            used: Lookup | None = self.__dict__.pop(name, None)
            if used is not None:
                for line in filter(None, (used.trouble, *used.notices())):
                    self._tell(line)
                used.close()

    def _tell(self, line: str) -> None:
        """Complain, once: a command may begin with `lookup` and go on with `journal`."""
        if line not in self._told:
            self._told.add(line)
            complain(line)

    def reindex(self) -> tuple[int, int]:
        """Make the index anew; return how many files it knows and how many bytes were read.

        Raises:
            Damage, Refused: when the folder cannot be read, or the old index not removed.
        """
        from convo_tui.store.journal import Journal

        self.close()
        journal = self.__dict__["journal"] = Journal(self.places, self.clock, self.settings.date_order)
        read = self._read(journal.rebuilding(), patience=0)
        return journal.count, read

    def _ready(self, journal: L) -> L:
        self._read(journal.refreshing())
        return journal

    def _read(self, steps: Iterator[Progress], **how: float) -> int:
        """Bring the index up to date, and return how many bytes that has read."""
        from convo_tui.cli.progress import shown
        from convo_tui.store.errors import Damage

        for problem in self.settings.problems:
            self._tell(problem)
        try:
            return shown(steps, self.clock.monotonic, **how)
        except Damage as error:
            error.args = (f"{error}; put that right, or name another folder with --dir",)
            raise

"""The journals that are measured: written once, with a home beside them that holds the index."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from convo_tui.clock import Clock
from convo_tui.core.match import slug
from convo_tui.paths import APP, Places
from convo_tui.store.journal import Journal
from tests.bench.believable import NOW, write_journal
from tests.bench.measuring import finished

assert NOW.tzinfo is not None
CLOCK = Clock(lambda: NOW, NOW.tzinfo)


class Size(NamedTuple):
    """How large a journal is: relationships, and encounters of each in the mean."""

    relationships: int
    encounters: int

    def __str__(self) -> str:
        return f"{self.relationships}x{self.encounters}"


SMALL, GATED, LARGE = Size(1_000, 50), Size(10_000, 50), Size(100_000, 5)


@dataclass(frozen=True)
class Home:
    """A journal, and the `folder` in which everything derived from it is kept: nothing of the user's is touched."""

    journal: Path
    folder: Path

    @property
    def places(self) -> Places:
        """Where a program that runs in `environment` finds everything."""
        return Places(self.journal, *(self.folder / kind / APP for kind in ("config", "cache", "state")))

    @property
    def environment(self) -> dict[str, str]:
        """Everything that a program finds in its environment."""
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        folders = {f"XDG_{kind.upper()}_HOME": str(self.folder / kind) for kind in ("config", "cache", "state", "data")}
        own = {"HOME": str(self.folder), "TERM": "xterm-256color", "LANG": "C.UTF-8", "CONVO_NOW": NOW.isoformat()}
        return {**kept, **folders, **own}

    def command(self, *arguments: str) -> list[str]:
        """Return the command line for `convo` on this journal."""
        return [sys.executable, "-m", "convo_tui", "--dir", str(self.journal), *arguments]

    def convo(self, *arguments: str) -> str:
        """Run `convo` and return what it printed."""
        return finished(self.command(*arguments), self.environment)

    def opened(self) -> Journal:
        """Return the journal, read."""
        journal = Journal(self.places, CLOCK)
        journal.refresh()
        return journal

    @cached_property
    def someone(self) -> dict[str, Any]:
        """A person with a name of their own, as `convo list --json` tells of them."""
        listed = json.loads(self.convo("list", "--json"))
        names = Counter(slug(each["name"]) for each in listed)
        return next(
            each
            for each in listed
            if each["kind"] == "person" and each["last_encounter"] and names[slug(each["name"])] == 1
        )


@dataclass
class Journals:
    """Journals of the sizes wanted: in `kept` those that are only read, in `scratch` copies to write to."""

    kept: Path
    scratch: Path
    say: Callable[[str], None]
    _homes: dict[Path, Home] = field(default_factory=dict)

    def read_only(self, size: Size) -> Home:
        """Return a journal for reading, with its index; it is written when it is not there."""
        return self._with_index(Home(self._written(size), self.kept / "home"))

    def copy(self, size: Size) -> Home:
        """Return a journal for writing, with its index."""
        folder = self.scratch / "copies"
        home = Home(folder / str(size), folder / "home")
        if not home.journal.exists():
            shutil.copytree(self._written(size), home.journal)
        return self._with_index(home)

    def _written(self, size: Size) -> Path:
        journal = self.kept / str(size)
        if not journal.exists():
            self.say(f"  writing {size.relationships:,} relationships")
            begun = journal.with_suffix(".part")
            shutil.rmtree(begun, ignore_errors=True)
            write_journal(begun, *size)
            begun.rename(journal)
        return journal

    def _with_index(self, home: Home) -> Home:
        """Return the home with its index up to date, always the same for the same journal."""
        if home.journal not in self._homes:
            self.say(f"  bringing the index of {home.journal.name} up to date")
            home.convo("list")
            self._homes[home.journal] = home
        return self._homes[home.journal]

"""`convo` as people have it: a process in a terminal, with a home of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from terminal import Terminal

NOW = "2026-11-22T10:30:00+01:00"
CONVO = (sys.executable, "-m", "convo_tui")


@dataclass
class Home:
    """A home in which nothing is set; every terminal opened in it is closed when the test ends."""

    folder: Path
    terminals: ExitStack = field(default_factory=ExitStack)

    @property
    def journal(self) -> Path:
        return self.folder / "data" / "convo"

    @property
    def state(self) -> Path:
        return self.folder / "state" / "convo"

    def environment(self, now: str = NOW, **more: str) -> dict[str, str]:
        """Everything that a program started here finds in its environment."""
        folders = {f"XDG_{kind.upper()}_HOME": str(self.folder / kind) for kind in ("data", "config", "state", "cache")}
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        own = {"HOME": str(self.folder), "TERM": "xterm-256color", "LANG": "C.UTF-8", "CONVO_NOW": now}
        return {**kept, **folders, **own, **more}

    def open(self, *arguments: str, now: str = NOW, columns: int = 120, lines: int = 36, **more: str) -> Terminal:
        """Start `convo` in a terminal."""
        return self.start([*CONVO, *arguments], self.environment(now, **more), columns, lines)

    def start(self, command: list[str], environment: dict[str, str], columns: int = 120, lines: int = 36) -> Terminal:
        """Start any program in a terminal."""
        return self.terminals.enter_context(Terminal(command, environment, columns, lines))

    def run(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run `convo` without a terminal."""
        return subprocess.run(
            [*CONVO, *arguments],
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def write(self, name: str, text: str) -> Path:
        """Write a file of the journal as someone with another editor does."""
        self.journal.mkdir(parents=True, exist_ok=True)
        path = self.journal / name
        path.write_text(text, "utf-8")
        return path


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    home = Home(tmp_path)
    with home.terminals:
        yield home


ANA = """format = 1
id = "20260301-7k3q9m2f"
name = "Ana Ruiz"
kind = "person"
role = "Head of Operations"

[[issues]]
id = "20261119-q2w3e4r5"
text = "send pricing for 40 seats #pricing"
owner = "me"
state = "open"
opened = 2026-11-19T15:00:00+01:00
opened_in = "20261119-aaaa1111"

[[encounters]]
id = "20261119-aaaa1111"
at = 2026-11-19T15:00:00+01:00
channel = "call"
nature = "conversation"
minutes = 25
note = \"\"\"
Legal has the draft.\"\"\"
"""
"""A relationship, last spoken with three days before `NOW`."""


@pytest.fixture
def ana(home: Home) -> Home:
    """A home whose journal holds Ana."""
    home.write("ana-ruiz.toml", ANA)
    return home

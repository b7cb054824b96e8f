"""`python crashing.py FAULT [ARGUMENTS…]`: the program with one fault in it, which ships nowhere.

The fault waits until the file `armed` lies in the home of the one who started it, so that a note can be typed first.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from convo_tui import editor
from convo_tui.cli import main
from convo_tui.core.models import Issue
from convo_tui.store import drafts
from convo_tui.tui.app import ConvoApp
from convo_tui.tui.desk import Desk
from convo_tui.tui.screens.help import Help
from convo_tui.tui.screens.journal import JournalScreen
from convo_tui.tui.screens.writing import Writing
from convo_tui.tui.widgets.line_list import LineList
from convo_tui.tui.widgets.note_editor import NoteEditor

ARMED = Path(os.environ["HOME"]) / "armed"


class Fault(Exception):
    """What nobody expected; its message quotes a note, as messages do."""


def fail(what: Callable[[], object] | None = None) -> None:
    """Fail as something deep inside would, with the names and the note of someone in reach."""
    if ARMED.exists():
        secret = {"note": "Zanzibar is secret", "name": "Ana Ruiz"}
        if what is not None:
            what()
        raise Fault(f"cannot take {secret['note']!r} of {secret['name']!r}")


def before(owner: type, method: str, what: Callable[[], object] | None = None) -> None:
    """Let `method` fail at its beginning."""
    original = getattr(owner, method)

    def failing(self: Any, *arguments: Any, **named: Any) -> Any:
        fail(what)
        return original(self, *arguments, **named)

    setattr(owner, method, failing)


def _recurse() -> None:
    _recurse()


def _out_of_memory() -> None:
    raise MemoryError


def _invalid() -> None:
    """The complaint of Pydantic quotes what it complains about."""
    Issue.model_validate({"id": "x", "text": "", "owner": "Zanzibar", "due": "Ana Ruiz"})


def _in_task() -> None:
    """A task that nobody waits for fails."""

    async def failing() -> None:
        fail()

    original = JournalScreen.tick

    def tick(self: JournalScreen) -> None:
        if ARMED.exists():
            asyncio.ensure_future(failing())  # noqa: RUF006
        original(self)

    JournalScreen.tick = tick  # type: ignore[method-assign]


def _in_thread() -> None:
    original = JournalScreen.tick

    def tick(self: JournalScreen) -> None:
        if ARMED.exists():
            threading.Thread(target=fail).start()
        original(self)

    JournalScreen.tick = tick  # type: ignore[method-assign]


def _twice() -> None:
    """Crash, and crash again while everything is put away."""
    before(JournalScreen, "tick")
    before(Desk, "_put_away")


def _with_the_editor_gone() -> None:
    """The editor of notes fails, and a key waits for what it has not yet taken."""
    before(NoteEditor, "_on_paste")


FAULTS: Mapping[str, Callable[[], object]] = {
    "none": lambda: None,
    "key": lambda: before(JournalScreen, "action_show_help"),
    "worker": lambda: before(Writing, "catch_up"),
    "journal thread": lambda: before(Desk, "_opened"),
    "timer": lambda: before(JournalScreen, "tick"),
    "render": lambda: before(LineList, "render_line"),
    "compose": lambda: before(Help, "compose"),
    "mount": lambda: before(ConvoApp, "on_mount"),
    "start": lambda: before(JournalScreen, "compose"),
    "message": lambda: before(Writing, "_take_note"),
    "editor": lambda: setattr(editor, "_run", lambda command: fail()),
    "draft writer": lambda: before(drafts.DraftLog, "write"),
    "recursion": lambda: before(JournalScreen, "tick", _recurse),
    "memory": lambda: before(JournalScreen, "tick", _out_of_memory),
    "validation": lambda: before(JournalScreen, "tick", _invalid),
    "task": _in_task,
    "thread": _in_thread,
    "twice": _twice,
    "editor gone": _with_the_editor_gone,
}

if __name__ == "__main__":
    FAULTS[sys.argv.pop(1)]()
    main()

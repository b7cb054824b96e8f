"""What nobody expected, wherever it happens: the program ends with that very error, and the note is there again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from journey import PATIENCE, Home, Screenful
from textual import events

from convo_tui.tui import app as program
from convo_tui.tui.app import ConvoApp
from convo_tui.tui.desk import Desk
from convo_tui.tui.screens.help import Help
from convo_tui.tui.screens.journal import JournalScreen
from convo_tui.tui.screens.prompts import Ask
from convo_tui.tui.widgets.line_list import LineList
from convo_tui.tui.widgets.note_editor import NoteEditor

NOTE = "Legal wants\n! a second look"


class Fault(Exception):
    """What nobody expected."""


def broken(*_: object, **__: object) -> Any:
    raise Fault("cannot take 'Legal wants'")


async def broken_soon(*_: object, **__: object) -> Any:
    await asyncio.sleep(0)
    raise Fault("cannot take 'Legal wants'")


async def ended(seen: Screenful) -> None:
    """Wait for the end of the program; a widget that failed handles no message any more, so nothing else is awaited."""
    async with asyncio.timeout(PATIENCE):
        while seen.app.is_running:
            await asyncio.sleep(0.002)


@asynccontextmanager
async def crashing(home: Home) -> AsyncIterator[Screenful]:
    """The program, which is to end with a fault."""
    async with home.convo(paints=True) as seen:
        yield seen
        await ended(seen)


def asked(seen: Screenful, patch: pytest.MonkeyPatch, handler: str) -> None:
    """Put a question on the screen that fails at something."""
    patch.setattr(Ask, handler, broken, raising=False)
    seen.app.push_screen(Ask("Due", "fri, 2w, 27 nov"))


Break = Callable[[Screenful, pytest.MonkeyPatch], None]
PLACES: dict[str, tuple[Break, tuple[str, ...]]] = {
    "a key": (lambda _, patch: patch.setattr(JournalScreen, "action_show_help", broken), ("f1",)),
    "a key that waits": (lambda _, patch: patch.setattr(JournalScreen, "action_quit_convo", broken_soon), ("ctrl+q",)),
    "a worker": (lambda _, patch: patch.setattr(JournalScreen, "catch_up", broken_soon), ("ctrl+s",)),
    "the thread of the journal": (lambda _, patch: patch.setattr(Desk, "_opened", broken), ("ctrl+s",)),
    "a reading beside the screen": (lambda _, patch: patch.setattr("convo_tui.core.grammar.read", broken), ("x",)),
    "a timer": (lambda seen, patch: seen.journal.set_timer(0.001, broken) and None, ()),
    "after a refresh": (lambda seen, patch: seen.journal.call_after_refresh(broken) and None, ()),
    "drawing a line": (lambda _, patch: patch.setattr(LineList, "render_line", broken), ("enter", "!", "space", "x")),
    "what a screen is made of": (lambda _, patch: patch.setattr(Help, "compose", broken), ("f1",)),
    "a question": (lambda seen, patch: asked(seen, patch, "on_mount"), ()),
    "a key on a question": (lambda seen, patch: asked(seen, patch, "on_key"), ("f12",)),
    "a message": (lambda _, patch: patch.setattr(JournalScreen, "_take_note", broken), ("x",)),
    "the editor": (lambda _, patch: patch.setattr(NoteEditor, "_on_key", broken_soon), ("x",)),
    "a message of the program": (lambda seen, patch: seen.app.call_later(broken) and None, ()),
}


EVERYDAY = ("a key", "a worker", "the thread of the journal", "a timer", "drawing a line", "a question", "a message")


@pytest.mark.parametrize(
    "place", [pytest.param(each, marks=[] if each in EVERYDAY else [pytest.mark.long]) for each in PLACES]
)
async def test_an_error_anywhere_ends_the_program_and_keeps_the_note(
    ana: Home, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ "A crash (any exception in the full screen): … drafts kept"."""
    breaks, keys = PLACES[place]
    with pytest.raises(Fault), monkeypatch.context() as patch:
        await _crashes(ana, breaks, keys, patch)
    async with ana.convo() as seen:
        await seen.until(lambda: seen.mode == "writing", "the note")
        assert seen.note.startswith("Legal wants\n! a second ")


async def _crashes(home: Home, breaks: Break, keys: tuple[str, ...], patch: pytest.MonkeyPatch) -> None:
    async with crashing(home) as seen:
        await begun(seen)
        breaks(seen, patch)
        for key in keys:
            seen.send(key)
    assert seen.app.return_code == 1
    assert seen.app._exit_renderables == [], "nothing that Textual would print"


async def begun(seen: Screenful) -> None:
    await seen.press("n")
    await seen.until(lambda: seen.mode == "writing", "an encounter")
    await seen.write(NOTE)


def a_task(seen: Screenful) -> object:
    return seen.app.workers, asyncio.ensure_future(broken_soon())


def a_callback(_: Screenful) -> object:
    return asyncio.get_running_loop().call_soon(broken)


def a_thread(seen: Screenful) -> object:
    threading.excepthook = seen.app.failed_in_thread
    return threading.Thread(target=broken).start()


@pytest.mark.parametrize("begin", [a_task, a_callback, a_thread])
async def test_what_fails_where_nobody_looks_is_taken_as_seriously(
    ana: Home, begin: Callable[[Screenful], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A thread, for one: without the one that writes the drafts nothing typed would be kept."""
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    with pytest.raises(Fault):
        await _begins(ana, begin)


async def _begins(home: Home, begin: Callable[[Screenful], object]) -> None:
    async with crashing(home) as seen:
        begin(seen)


async def test_the_first_error_is_the_one_that_is_told(ana: Home) -> None:
    def again(*_: object) -> None:
        raise ValueError("and this as well")

    def twice(seen: Screenful) -> None:
        seen.app.call_later(broken)
        seen.app.call_later(again)

    with pytest.raises(Fault):
        await _begins(ana, twice)


async def test_what_waits_for_a_widget_that_failed_does_not_wait_forever(
    ana: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "_CLOSING", 0.05)

    def leaves(seen: Screenful) -> None:
        seen.editor.call_later(broken)
        seen.send("ctrl+q")  # which waits for the editor to catch up

    with pytest.raises(Fault):
        await _begins(ana, leaves)


async def test_a_terminal_that_is_gone_ends_it_quietly(ana: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.__stdin__", None)
    async with ana.convo() as seen:
        seen.app.call_later(seen.app.panic, "what Textual would print")
        await ended(seen)
        assert (seen.app.return_code, seen.app._exit_renderables) == (129, [])


async def test_a_signal_takes_the_last_letters_and_ends_it(ana: Home) -> None:
    async with ana.convo() as seen:
        await begun(seen)
        seen.editor.post_message(events.Key("exclamation_mark", "!"))
        seen.app._leave_soon(143)
        await ended(seen)
        assert seen.app.return_code == 143
    async with ana.convo() as seen:
        await seen.until(lambda: seen.mode == "writing", "the note")
        assert seen.note == f"{NOTE}!"


def test_before_there_is_a_screen_a_signal_just_ends_it(ana: Home) -> None:
    with pytest.raises(SystemExit) as ended:
        ConvoApp(Desk(ana.places, ana.settings, ana.time.clock))._leave_soon(143)
    assert ended.value.code == 143

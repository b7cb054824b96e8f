"""A crash of the full screen, in a real terminal: it is left as it was found, and nothing typed is lost."""

from __future__ import annotations

import os
import re
import signal
import sys
import termios
from pathlib import Path

import pytest
from conftest import Home
from terminal import Terminal

_SEQUENCES = re.compile(r"\x1b\[[<>=?0-9;]*[a-z]", re.IGNORECASE)
RUNNER = str(Path(__file__).with_name("crashing.py"))
MODES = {
    "the alternate screen": b"\x1b[?1049",
    "reports of clicks": b"\x1b[?1000",
    "reports of moves": b"\x1b[?1003",
    "reports in another form": b"\x1b[?1006",
    "reports of the focus": b"\x1b[?1004",
    "marks around what is pasted": b"\x1b[?2004",
}
NOTE = "Zanzibar is secret"
SECRETS = ("Zanzibar", "secret", "Ana", "Ruiz", "pricing", "Legal", "cannot take")


def started(home: Home, fault: str, **more: str) -> Terminal:
    """Start the program with a fault in it, which waits."""
    return home.start([sys.executable, RUNNER, fault], home.environment(**more))


def arm(home: Home) -> None:
    (home.folder / "armed").touch()


def disarm(home: Home) -> None:
    (home.folder / "armed").unlink()


def typing(home: Home, convo: Terminal) -> None:
    """Begin an encounter and type a note; return when it is safe."""
    convo.wait_for("send pricing")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.type(NOTE)
    convo.wait_for(NOTE)
    convo.wait_for(lambda: any(NOTE.encode() in each.read_bytes() for each in home.state.rglob("drafts/*.jsonl")))


def left_behind(convo: Terminal) -> str:
    """Return what was written after the screen was left; everything that was switched on must be off."""
    for what, mode in MODES.items():
        assert convo.raw.rfind(mode + b"l") > convo.raw.rfind(mode + b"h"), what
    assert convo.raw.rfind(b"\x1b[?25h") > convo.raw.rfind(b"\x1b[?25l"), "the cursor"
    flags = termios.tcgetattr(convo._master)[3]
    assert flags & termios.ECHO, "what is typed shows again"
    assert flags & termios.ICANON
    assert flags & termios.ISIG
    return _SEQUENCES.sub("", convo.raw[convo.raw.rfind(b"\x1b[?1049l") :].decode())


def report(home: Home) -> str:
    """Return the only report there is: nobody else may read it, and it has no word of anyone's."""
    (path,) = (home.state / "crashes").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    text = path.read_text("utf-8")
    assert [word for word in SECRETS if word in text] == []
    return text


def comes_back(home: Home) -> None:
    """The note goes on where it stopped."""
    convo = home.open()
    convo.wait_for(NOTE)
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    convo.press("ctrl+q")
    assert convo.finish() == 0
    assert NOTE in (home.journal / "ana-ruiz.toml").read_text("utf-8")


CRASHES: dict[str, tuple[str, list[str]]] = {
    "key": ("Fault", ["f1"]),
    "worker": ("Fault", ["ctrl+s"]),
    "journal thread": ("Fault", ["ctrl+s"]),
    "timer": ("Fault", []),
    "render": ("Fault", ["enter", "!", " ", "x"]),
    "compose": ("Fault", ["f1"]),
    "message": ("Fault", ["x"]),
    "editor": ("Fault", ["\x1b[20~"]),
    "draft writer": ("Fault", ["x"]),
    "recursion": ("RecursionError", []),
    "memory": ("MemoryError", []),
    "validation": ("ValidationError", []),
    "task": ("Fault", []),
    "thread": ("Fault", []),
    "twice": ("Fault", []),
    "editor gone": ("Fault", ["\x1b[200~x\x1b[201~", "ctrl+q"]),
}
EVERYDAY = frozenset({"key", "draft writer"})


@pytest.mark.parametrize(
    "fault", [pytest.param(each, marks=[] if each in EVERYDAY else [pytest.mark.long]) for each in CRASHES]
)
def test_a_crash_restores_the_terminal_keeps_the_note_and_says_where_in_one_line(ana: Home, fault: str) -> None:
    """ "A crash (any exception in the full screen): terminal restored, drafts kept, a report without note text"."""
    kind, keys = CRASHES[fault]
    convo = started(ana, fault)
    typing(ana, convo)
    arm(ana)
    convo.press(*keys)
    assert convo.finish() == 1
    said = left_behind(convo)
    assert said.count("\n") == 1, said
    assert said.startswith(f"convo: something went wrong that should not have ({kind}); what happened is written in ")
    assert f"{ana.state}/crashes/" in said
    assert kind in report(ana)
    assert [word for word in SECRETS if word in said] == []
    comes_back(ana)


@pytest.mark.parametrize("fault", ["mount", pytest.param("start", marks=pytest.mark.long)])
def test_a_crash_at_the_start_restores_the_terminal(ana: Home, fault: str) -> None:
    arm(ana)
    convo = started(ana, fault)
    assert convo.finish() == 1
    assert left_behind(convo).count("\n") == 1
    report(ana)


@pytest.mark.parametrize(
    "number", [signal.SIGTERM, *(pytest.param(each, marks=pytest.mark.long) for each in (signal.SIGHUP, signal.SIGINT))]
)
def test_a_signal_ends_it_quietly_with_the_note_kept(ana: Home, number: signal.Signals) -> None:
    convo = started(ana, "none")
    typing(ana, convo)
    convo.process.send_signal(number)
    assert convo.finish() == 128 + number
    assert left_behind(convo) == ""
    assert not (ana.state / "crashes").exists()
    comes_back(ana)


@pytest.mark.long
def test_a_terminal_that_is_closed_ends_it_with_the_note_kept(ana: Home) -> None:
    convo = started(ana, "none")
    typing(ana, convo)
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), convo._master)  # nobody holds the other end any more
    assert convo.process.wait(20) == 128 + signal.SIGHUP
    assert not (ana.state / "crashes").exists()
    comes_back(ana)


def editor(home: Home, line: str) -> str:
    program = home.folder / "its-editor"
    program.write_text(f"#!/bin/sh\n{line}\nprintf '%s\\n' ' and more' >> \"$1\"\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.long
def test_an_interrupt_in_the_editor_is_the_business_of_the_editor(ana: Home) -> None:
    convo = started(ana, "none", EDITOR=editor(ana, "kill -INT $PPID"))
    typing(ana, convo)
    convo.type("\x1b[20~")
    convo.wait_for("and more")
    convo.press("ctrl+q")
    assert convo.finish() == 0


@pytest.mark.long
def test_being_asked_to_end_while_the_editor_is_open_waits_for_it(ana: Home) -> None:
    convo = started(ana, "none", EDITOR=editor(ana, "kill -TERM $PPID"))
    typing(ana, convo)
    convo.type("\x1b[20~")
    assert convo.finish() == 128 + signal.SIGTERM
    assert left_behind(convo) == ""
    convo = ana.open()
    convo.wait_for("and more")

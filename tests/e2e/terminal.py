"""A terminal to drive programs in: a pty, what it shows by pyte, and every byte that came out of it."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest
from typing import Self

import pyte

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "home": "\x1b[H",
    "left": "\x1b[D",
    "f1": "\x1bOP",
    **{f"ctrl+{letter}": chr(ord(letter) & 0x1F) for letter in "abcdefghijklmnopqrstuvwxyz"},
}
_PATIENCE = 20.0
"""Seconds after which what is waited for is taken not to come; a machine under load is slow, not wrong."""

_FRAMES = re.compile(r"[\s─│╭╮╰╯▌]")


def _begin() -> None:
    """Be a program in a terminal: one that is told when the size changes, and listens to ctrl+c.

    What a shell starts in the background is deaf to it, with all that it starts.
    """
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Terminal:
    """A program in a pty. What it writes is read whenever something is waited for, and all of it is in `raw`."""

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], columns: int = 120, lines: int = 36
    ) -> None:
        """Start `command` in a terminal of its own with exactly this environment."""
        self.raw = bytearray()
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self._lines: list[str] | None = None
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._master, slave = os.openpty()
        self._set_size(columns, lines)
        self.process = subprocess.Popen(
            command,
            env=dict(environment),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_begin,
        )
        os.close(slave)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        os.close(self._master)

    # What it shows

    @property
    def lines(self) -> list[str]:
        """The screen as it is now, trailing blanks off."""
        if self._lines is None:
            self._lines = [line.rstrip() for line in self._screen.display]
        return self._lines

    @property
    def text(self) -> str:
        """The screen as it is now."""
        return "\n".join(self.lines)

    @property
    def decoded(self) -> str:
        """Everything that came out so far."""
        return self.raw.decode("utf-8", "replace")

    def wait_for(self, wanted: str | Callable[[], object], timeout: float = _PATIENCE) -> None:
        """Return as soon as the screen shows a text, or a condition holds; fail with what it shows instead."""
        is_there = (lambda: wanted in self.text) if isinstance(wanted, str) else wanted
        end = time.monotonic() + timeout
        while not is_there():
            left = end - time.monotonic()
            assert left > 0, f"waited in vain for {wanted!r}; the screen shows\n{self.text}"
            assert self._take(min(left, 0.02)) or is_there(), (
                f"ended with {self.process.wait()} before {wanted!r}; the screen shows\n{self.text}"
            )

    def wait_to_hear(self, sentence: str) -> None:
        """Return as soon as the screen, or one of the panes beside each other, says a sentence over several lines."""
        wanted = _FRAMES.sub("", sentence)

        def is_said() -> bool:
            panes = zip_longest(*(line.split("││") for line in self.lines), fillvalue="")
            return any(wanted in _FRAMES.sub("", "".join(each)) for each in (self.lines, *panes))

        try:
            self.wait_for(is_said)
        except AssertionError as error:
            raise AssertionError(f"waited in vain to hear {sentence!r}: {error}") from None

    def wait_for_more(self) -> None:
        """Return as soon as anything more comes out."""
        so_far = len(self.raw)
        self.wait_for(lambda: len(self.raw) > so_far)

    def wait_without(self, unwanted: str) -> None:
        """Return as soon as the screen no longer shows a text."""
        self.wait_for(lambda: unwanted not in self.text)

    # What is done to it

    def press(self, *keys: str) -> None:
        """Press keys: names such as `enter` and `ctrl+s`, or characters."""
        self.type("".join(KEYS.get(key, key) for key in keys))

    def type(self, text: str) -> None:
        """Send characters as a keyboard does."""
        os.write(self._master, text.encode())

    def paste(self, text: str) -> None:
        """Send `text` as a terminal sends what is pasted."""
        self.type(f"\x1b[200~{text}\x1b[201~")

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size; the kernel tells the program."""
        self._screen.resize(lines, columns)
        self._lines = None
        self._set_size(columns, lines)

    def kill(self) -> None:
        """End the program as a power cut does: it hears nothing of it."""
        self.process.kill()
        self.process.wait()

    def finish(self) -> int:
        """Wait until the program has ended and all that it wrote is read; return its exit code."""
        end = time.monotonic() + _PATIENCE
        while self._take(0.02):
            assert time.monotonic() < end, f"it goes on and on; the screen shows\n{self.text}"
        return self.process.wait(_PATIENCE)

    def _set_size(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def _take(self, timeout: float) -> bool:
        """Read what there is, waiting `timeout` seconds at most; False when nothing will come any more."""
        if not select.select([self._master], [], [], timeout)[0]:
            return True
        data = b""
        # Linux reports the end of a pty, when the last program has closed it, as an error.
        with contextlib.suppress(OSError):
            data = os.read(self._master, 65536)
        self.raw += data
        self._stream.feed(self._decoder.decode(data))
        self._lines = None
        return bool(data)

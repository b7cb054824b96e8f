"""How far the reading of a large folder is: one line on standard error, for someone who sits at a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convo_tui.store.lookup import Progress

_LARGE = 8 << 20
_PATIENCE = 0.5
"""Reading so many bytes and so many seconds is worth a word."""

_LONGEST_BAR = 40


def shown(steps: Iterable[Progress], seconds: Callable[[], float], *, patience: float = _PATIENCE) -> int:
    """Go through the steps of a reading, showing how far it is, and return how many bytes were read.

    `seconds` tells the time; nothing is shown before `patience` seconds have passed, or in a pipe.
    """
    began, read, seen = seconds(), 0, ""
    try:
        for step in steps:
            read = step.total
            if sys.stderr.isatty() and read >= _LARGE and seconds() - began >= patience:
                seen = line(step, _columns())
                print(f"\r{seen}", end="", file=sys.stderr, flush=True)
    finally:
        if seen:
            print(f"\r{' ' * len(seen)}\r", end="", file=sys.stderr, flush=True)
    return read


def line(progress: Progress, columns: int) -> str:
    """Return what a terminal of so many columns shows; the last column stays free, where some wrap."""
    part = progress.done / progress.total
    said = f"reading the journal {part:4.0%} of {size(progress.total)}"
    room = min(_LONGEST_BAR, columns - len(said) - 4)
    bar = f" [{'#' * int(part * room):-<{room}}]" if room > 0 else ""
    return f"{said}{bar}"[: max(0, columns - 1)]


def size(count: int) -> str:
    """Return how much so many bytes are: `700 bytes`, `29 kB`, `292 MB`."""
    if count < 1000:
        return f"{count} bytes" if count != 1 else "1 byte"
    return f"{count / 1e3:,.0f} kB" if count < 1e6 else f"{count / 1e6:,.0f} MB"


def _columns() -> int:
    """How wide the terminal is; standard output may be a file."""
    import shutil

    size = os.terminal_size((80, 24))
    with suppress(OSError, ValueError):
        size = os.get_terminal_size(sys.stderr.fileno())
    return shutil.get_terminal_size(size).columns

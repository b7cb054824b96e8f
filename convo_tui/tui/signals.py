"""Being asked to end by the system: the terminal was closed, the machine goes down, someone interrupts."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

PATIENCE = 3.0
"""Seconds after which the process ends whatever it hangs at: a terminal that is gone takes no more output.

By then the drafts are safe: their own thread writes them several times a second."""

_ASKING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Signals:
    """Turns the signals that ask a process to end into one call of `leave`, with the exit code: 128 + their number."""

    def __init__(self, leave: Callable[[int], object]) -> None:
        self._leave = leave
        self._lent = False
        self._waiting: int | None = None

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """Listen inside, in the main thread; what is ignored already (`nohup`) stays so."""
        listened = [each for each in _ASKING if signal.getsignal(each) not in (signal.SIG_IGN, None)]
        before = {each: signal.signal(each, self._asked) for each in listened}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    @contextmanager
    def lent(self) -> Iterator[None]:
        """While another program has the terminal, an interrupt is its own business, and the rest waits for its end."""
        self._lent = True
        try:
            yield
        finally:
            self._lent = False
            if self._waiting is not None:
                signal.raise_signal(self._waiting)

    def _asked(self, number: int, _frame: FrameType | None) -> None:
        if not self._lent:
            code = 128 + number
            end = threading.Timer(PATIENCE, os._exit, (code,))
            end.daemon = True
            end.start()
            self._leave(code)
        elif number != signal.SIGINT:
            self._waiting = number

"""Noticing what other programs change in the journal folder (GATES.md i).

The system's own notifications tell at once (watchfiles); a look at the whole folder now and then finds what they
cannot: what a symbolic link leads to, what another machine writes on a network drive. Where there are no
notifications, the looks alone do it, more often.

A look costs 40 ms for 10,000 files, and is repeated only so soon that its share of the time stays small: 10,000 files
are looked at every 5 s when polling and every 20 s when watching, a few hundred once a second. In between, once a
second, only the folder itself is asked whether an entry came, went or was replaced, as it is when most programs save.
"""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from convo_tui.store import system

_TICK = 1.0
"""Seconds between two questions to the folder itself; no look comes sooner after another, unless there is a reason."""

_POLLING_SHARE, _WATCHING_SHARE = 1 / 125, 1 / 500
"""How much of the time may go into looking when nothing happens: with all the rest, below 1 % (GATES.md i)."""

_RETRY = 60.0
"""Seconds of polling before watching is tried again: the system's limits and odd file names come and go."""

_STEP_MS, _BURST_MS = 50, 500
"""The watcher tells when nothing happened for a step, or this long into a burst; it also stops within a step."""

_STOP_WITHIN = 0.2

Wait = Callable[[float], set[str]]
"""Waits at most so many seconds for changes; returns the paths that changed, as far as it is told."""


class Watch:
    """Calls `on_change`, from a thread of its own, after `*.toml` of a folder were added, changed or removed.

    Changes that come together are told in one call. The first call comes as soon as it has begun, so that nothing is
    missed that changed since the folder was read. A folder that is missing is waited for. A listener that raises is
    reported as for any thread, and called again for the next change.

    `on_trouble` gets a line for a person when the folder cannot be looked at, once until it can be again.
    `polling` does without the system's notifications.
    """

    def __init__(
        self,
        folder: Path,
        on_change: Callable[[], object],
        on_trouble: Callable[[str], object] = lambda line: None,
        *,
        polling: bool = False,
    ) -> None:
        self.how: Literal["watching", "polling"] = "polling"
        self._folder, self._on_change, self._on_trouble = folder, on_change, on_trouble
        self._only_polls = polling
        self._seen: int | None = None
        self._trouble = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin, once. Importing the watcher takes its thread 60 ms: best when the screen has been painted."""
        self._thread.start()

    def stop(self) -> None:
        """End, within 0.2 s; no call begins afterwards."""
        self._stop.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_STOP_WITHIN)

    # ── two ways to wait ─────────────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        while not self._stop.is_set():
            if self._only_polls:
                self._poll(math.inf)
            else:
                self._watch_or_poll()

    def _watch_or_poll(self) -> None:
        try:
            self._watch()
        except Exception:  # noqa: BLE001 - whatever is wrong with the watcher or its installation, looking goes on
            self._poll(_RETRY)

    def _poll(self, seconds: float) -> None:
        def told(longest: float) -> set[str]:
            self._stop.wait(longest)
            return set()

        self.how = "polling"
        self._follow(told, _POLLING_SHARE, seconds)

    def _watch(self) -> None:
        # Not `watchfiles.watch`: it begins only when it is asked for the first change, and polls by itself under WSL.
        from watchfiles._rust_notify import RustNotify

        def told(longest: float) -> set[str]:
            changes = watcher.watch(_BURST_MS, _STEP_MS, int(longest * 1000), self._stop)
            return set() if isinstance(changes, str) else {path for _, path in changes}

        with RustNotify(
            [str(self._folder)],
            debug=False,
            force_polling=False,
            poll_delay_ms=0,
            recursive=False,
            ignore_permission_denied=False,
        ) as watcher:
            self.how = "watching"
            self._follow(told, _WATCHING_SHARE)

    # ── what is done either way ──────────────────────────────────────────────────────────────────────────

    def _follow(self, wait: Wait, share: float, seconds: float = math.inf) -> None:
        """Notice changes for so many seconds, or until another folder, or none, stands in the place."""
        until = time.monotonic() + seconds
        begun, last, next_look = _state(self._folder), None, 0.0
        told: set[str] = set()
        while not self._stop.is_set() and time.monotonic() < until:
            now = _state(self._folder)
            if now[:2] != begun[:2] or str(self._folder) in told:  # made again, it may have the same inode
                return
            hinted = any(_concerns(os.path.basename(path)) for path in told)
            if hinted or now != last or time.monotonic() >= next_look:
                last = now
                next_look = time.monotonic() + self._notice(hinted) / share
            told = wait(_TICK)

    def _notice(self, hinted: bool) -> float:
        """Look, call when something is new or known to be by a hint, and return the seconds that the look took."""
        began = time.monotonic()
        try:
            look = _look(self._folder)
        except OSError as error:
            self._seen = None  # so that there is a call when it can be looked at again
            self._complain(f"{self._folder}: cannot look for changes: {system.why_unreadable(error)}")
            return time.monotonic() - began
        took = time.monotonic() - began
        self._trouble = ""
        if hinted or look != self._seen:
            self._seen = look
            self._call(self._on_change)
        return took

    def _complain(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._call(lambda: self._on_trouble(trouble))

    def _call(self, listener: Callable[[], object]) -> None:
        if self._stop.is_set():
            return
        try:
            listener()
        except Exception:  # noqa: BLE001 - reported, and the next change is told all the same
            threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))


def _concerns(name: str) -> bool:
    """Whether a file of this name is a relationship (CONTRACT.md, "The journal folder")."""
    return name.endswith(".toml") and not name.startswith(".")


def _state(folder: Path) -> tuple[int, ...]:
    """Which folder stands there, in two numbers, and when its entries changed last; nothing when there is none."""
    try:
        info = os.stat(folder)
    except OSError:
        return ()
    return info.st_dev, info.st_ino, info.st_mtime_ns


def _look(folder: Path) -> int:
    """Return a number that is another one when any relationship's file is; 0 when there is none. Raises OSError.

    One number, because the stamps of 10,000 files would take megabytes.
    """
    try:
        with os.scandir(folder) as entries:
            return sum(hash((entry.name, *_stamp(entry))) for entry in entries if _concerns(entry.name))
    except FileNotFoundError:
        return 0


def _stamp(entry: os.DirEntry[str]) -> tuple[int, ...]:
    """As `files.stamp`, at half of its cost; nothing for a link that leads nowhere, and for what is just going away."""
    try:
        info = entry.stat()
    except OSError:
        return ()
    return info.st_size, info.st_mtime_ns, info.st_ino

"""Typing in the user's own editor."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from pathlib import Path

from convo_tui.core.errors import Refused


def edit(path: Path, setting: str | None = None) -> None:
    """Open a file in the editor that is set, `$VISUAL` or `$EDITOR`, and wait until it is closed.

    Raises:
        Refused: when the editor cannot be started or fails; the file stays, and is named.
    """
    chosen = setting or os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(chosen, posix=os.name != "nt") or ["notepad" if os.name == "nt" else "vi"]
    except ValueError:
        raise Refused(
            f"the editor “{chosen}” has an open quote; set EDITOR to a program; the text is in {path}"
        ) from None
    try:
        code = _run([*words, str(path)])
    except OSError as error:
        raise Refused(
            f"the editor {words[0]} did not start: {error.strerror}; set EDITOR to another; the text is in {path}"
        ) from None
    if code:
        raise Refused(f"the editor ended with code {code}, so nothing was saved; the text is kept in {path}")


def _run(command: list[str]) -> int:
    """Run a program without a shell; an interrupt is its own business, not ours."""
    with subprocess.Popen(command) as process:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return process.wait()
        finally:
            signal.signal(signal.SIGINT, before)

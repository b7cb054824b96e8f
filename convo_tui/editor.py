"""Typing in the user's own editor."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath, PureWindowsPath

from convo_tui.core.errors import Refused

_LINE_FIRST = (
    *("vi", "vim", "nvim", "view", "ex", "gvim", "nano", "pico", "emacs", "emacsclient", "kak", "micro", "ne", "joe"),
    *("jed", "mg", "gedit"),
)
_AT_LINE: Mapping[str, Callable[[str, int], list[str]]] = {
    **dict.fromkeys(_LINE_FIRST, lambda path, line: [f"+{line}", path]),
    **dict.fromkeys(("hx", "helix", "subl", "zed"), lambda path, line: [f"{path}:{line}"]),
    **dict.fromkeys(("code", "codium", "code-insiders", "cursor"), lambda path, line: ["--goto", f"{path}:{line}"]),
    **dict.fromkeys(("kate", "kwrite"), lambda path, line: ["--line", str(line), path]),
    "notepad++": lambda path, line: [f"-n{line}", path],
}
"""What editors by these names are given to open a file at a line, as their manuals say; others open it at its top."""


def edit(path: Path, setting: str | None = None, line: int | None = None) -> None:
    """Open a file in the editor that is set, `$VISUAL` or `$EDITOR`, and wait until it is closed.

    It is opened at `line`, counted from 1, where the editor is known to take one.

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
        code = _run([*words, *_place(words[0], path, line)])
    except OSError as error:
        raise Refused(
            f"the editor {words[0]} did not start: {error.strerror}; set EDITOR to another; the text is in {path}"
        ) from None
    if code:
        raise Refused(f"the editor ended with code {code}, so nothing was saved; the text is kept in {path}")


def _place(program: str, path: Path, line: int | None) -> list[str]:
    """Return what to give a program so that it opens a file at a line; the whole path, which is never an option."""
    whole = os.path.abspath(path)
    pure = PureWindowsPath(program) if os.name == "nt" else PurePath(program)
    known = _AT_LINE.get(pure.name.lower().removesuffix(".exe").removesuffix(".cmd"))
    return known(whole, line) if known and line else [whole]


def _run(command: list[str]) -> int:
    """Run a program without a shell; an interrupt is its own business, not ours."""
    with subprocess.Popen(command) as process:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            return process.wait()
        finally:
            signal.signal(signal.SIGINT, before)

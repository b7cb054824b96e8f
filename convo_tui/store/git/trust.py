"""What a repository would run when its git is used: a person is told once, before the first time.

A folder that came from somebody else may bring hooks and settings along that run whatever they like (GATES.md 17).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from convo_tui.store.git.running import OWN, Git
from convo_tui.store.git.state import Home

_RUNNING = re.compile(
    r"core\.(sshcommand|askpass|gitproxy|alternaterefscommand|worktree)|credential(\..*)?\.helper"
    r"|filter\..*\.(clean|smudge|process)|merge\.(?!convo\.driver$).*\.driver|gpg\.(.*\.)?program"
    r"|gpg\.ssh\.defaultkeycommand|remote\..*\.(vcs|uploadpack|receivepack)|trailer\..*\.(command|cmd)"
    r"|protocol\.(.*\.)?allow|hook\..*\.command",
    re.DOTALL,
)
"""The settings that name a program; what is only used for showing is switched off anyway (`running`)."""

_TRANSPORT = re.compile(r"[a-z][a-z0-9+-]*::")
_LOCATION = re.compile(r"remote\..*\.(?:push)?url|url\..*\.(?:push)?insteadof|submodule\..*\.(?:url|update)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the repository itself would run: what it is called, and a digest of all it says."""

    name: str
    digest: str


def commands(git: Git, at: Home) -> list[Command]:
    """Return what git would run here because this clone says so, and not the person's own settings."""
    settings = git.settings
    chosen = [(where, value) for where, name, value in settings if name == "core.hookspath" and where != "command"]
    where, folder = chosen[-1] if chosen else ("local", str(at.common / "hooks"))
    hooks = _hooks(at.top / Path(folder).expanduser()) if where in OWN else ()
    return sorted({*hooks, *_set(settings)}, key=lambda each: each.name)


def _set(settings: Iterable[tuple[str, str, str]]) -> Iterator[Command]:
    for where, name, value in settings:
        if where not in OWN:
            continue
        calls = _LOCATION.fullmatch(name) and (_TRANSPORT.match(value) or value.startswith("!"))
        rewrites = name.startswith("url.") and _TRANSPORT.match(name.removeprefix("url."))
        if _RUNNING.fullmatch(name) or calls or rewrites:
            yield Command(f"{name} = {value}", _digest(f"{name}\0{value}".encode("utf-8", "surrogateescape")))


def _hooks(folder: Path) -> Iterator[Command]:
    """Every hook that git would run; the samples that it puts there itself end in `.sample`."""
    try:
        found = sorted(os.scandir(folder), key=lambda each: each.name)
    except OSError:
        return
    for each in found:
        if each.is_file() and not each.name.endswith(".sample") and os.access(each.path, os.X_OK):
            try:
                content = Path(each.path).read_bytes()
            except OSError as error:
                content = str(error).encode()
            yield Command(f"the hook {each.name}", _digest(content))


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

"""What a repository would run when its git is used: a person is told once, before the first time.

A folder that came from somebody else may bring hooks and settings along that run whatever they like (GATES.md 17).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from convo_tui.store.git import setting_up
from convo_tui.store.git.running import OWN, Git
from convo_tui.store.git.state import Home

_RUNNING = re.compile(
    r"core\.(sshcommand|hookspath|askpass|gitproxy|alternaterefscommand|worktree|protect(ntfs|hfs))"
    r"|credential(\..*)?\.helper|filter\..*\.(clean|smudge|process)|merge\.(?!convo\.driver$).*\.driver"
    r"|gpg\.(.*\.)?program|gpg\.ssh\.defaultkeycommand|remote\..*\.(vcs|uploadpack|receivepack)"
    r"|trailer\..*\.(command|cmd)|protocol\.(.*\.)?allow|hook\..*\.command|gc\.recentobjectshook"
    r"|lfs\.(customtransfer|extension)\..*|include(if\..*)?\.path",
    re.DOTALL,
)
"""The settings that name a program, or files that another machine may change to name one, or let git write where it
should not; what is only used for showing is switched off anyway (`running`)."""

_URL = re.compile(r"remote\..*\.(?:push)?url|submodule\..*\.(?:url|update)", re.DOTALL)
_CHOSEN = re.compile(r"remote\.pushdefault|branch\..*\.(?:push)?remote", re.DOTALL)
"""The settings that name a remote, or say at once where it is."""
_REWRITTEN = re.compile(r"url\.(.*)\.(?:push)?insteadof", re.DOTALL)
_REMOTE = re.compile(r"remote\.(.*)\.[^.]*", re.DOTALL)
_TRANSPORT = re.compile(r"[A-Za-z0-9][A-Za-z0-9+.-]*::")
_SYSTEM = ("/proc/", "/dev/")
"""Where a path may lead to the folder that git is in, whatever it is called."""


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
    hooks = _hooks(at.top / os.path.expanduser(folder)) if where in OWN else ()
    own = [(name, value) for where, name, value in settings if where in OWN]
    found = [*_running(own), *_elsewhere(own, at.top)]
    driver = setting_up.driver(git)
    if driver != setting_up.command() and (setting_up.DRIVER, driver) in own:
        found.append((setting_up.DRIVER, str(driver)))
    return sorted({*hooks, *(_setting(*each) for each in found)}, key=lambda each: each.name)


def _setting(name: str, value: str) -> Command:
    return Command(f"{name} = {value}", _digest(f"{name}\0{value}".encode("utf-8", "surrogateescape")))


def _running(settings: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in settings if _RUNNING.fullmatch(name))


def _elsewhere(settings: Sequence[tuple[str, str]], top: Path) -> Iterator[tuple[str, str]]:
    """Yield the settings that send git to a program, or to a repository of which the hooks would run."""
    remotes = {found[1] for name, _ in settings if (found := _REMOTE.fullmatch(name))}
    for name, value in settings:
        rewritten = _REWRITTEN.fullmatch(name)
        is_chosen = _CHOSEN.fullmatch(name) and value != "." and value not in remotes
        is_url = _URL.fullmatch(name) or is_chosen
        if (rewritten and _is_brought(rewritten[1], top)) or (is_url and _is_brought(value, top)):
            yield name, value
    named = {name for name, _ in settings}
    for each in sorted(remotes):
        if f"remote.{each}.url" not in named:  # its name is taken for a path then, or looked up in a file of git
            yield f"remote.{each}.url", each


def _is_brought(url: str, top: Path) -> bool:
    """Whether it runs a program, or is a repository that can have come with this one: its hooks run when it is sent
    something. A path from the root outside of the folder is the person's own."""
    if url.startswith("!") or _TRANSPORT.match(url):
        return True
    path = url.removeprefix("file://")
    if path == url and ":" in url.partition("/")[0] and not os.path.splitdrive(url)[0]:
        return False  # another machine
    path = os.path.normpath(path)
    is_unclear = not os.path.isabs(path) or "%" in path or f"{path}/".replace("//", "/").startswith(_SYSTEM)
    return is_unclear or Path(os.path.realpath(path)).is_relative_to(os.path.realpath(top))


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
            yield Command(
                f"the hook {each.name}", _digest(f"{each.name}\0".encode("utf-8", "surrogateescape") + content)
            )


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

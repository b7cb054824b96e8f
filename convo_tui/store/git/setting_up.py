"""`convo git init`: a repository for the folder and the merge by meaning in this clone; adds only what is missing."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from convo_tui.paths import Places
from convo_tui.store import files
from convo_tui.store.git import state
from convo_tui.store.git.running import Git, NoGit

DRIVER = "merge.convo.driver"
_NAME = "merge.convo.name"
_CALLED = "Convo: relationships merged by meaning"
_ARGUMENTS = "merge-file %O %A %B %P"
_LINES = {state.ATTRIBUTES: "*.toml text eol=lf merge=convo", state.IGNORED: "/.convo-*.tmp"}
_WHY = {
    state.ATTRIBUTES: "Convo merges relationships by meaning (`convo git init` sets that up in each clone)",
    state.IGNORED: "what a save that was killed leaves behind",
}


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not set up yet: `what` in words, and how to add it."""

    what: str
    add: Callable[[], object]


def command() -> str:
    """Return how git is to call this program to merge a file, by its absolute path.

    `-P` keeps Python from importing what lies in the folder that is merged.
    """
    return f"{shlex.quote(sys.executable)} -P -m convo_tui {_ARGUMENTS}"


def overriding() -> list[str]:
    """Return the options with which git merges by meaning for once, whatever this clone says."""
    return ["-c", f"{DRIVER}={command()}"]


def driver(git: Git) -> str | None:
    """Return the merge driver of this clone; None when there is none, or its program is gone."""
    found = [value for where, name, value in git.settings if name == DRIVER]
    return found[-1] if found and _is_there(found[-1]) else None


def _is_there(called: str) -> bool:
    try:
        words = shlex.split(called)
    except ValueError:
        return False
    return bool(words) and shutil.which(words[0]) is not None and words[-4:] == _ARGUMENTS.split()[1:]


def missing(git: Git, places: Places) -> list[Missing]:
    """Return what is to be added so that the folder has versions and they merge by meaning; nothing is written yet.

    Raises:
        GitFailed: when git is not there, or refuses to tell.
        Damage: when a file of git in the folder cannot be read.
    """
    folder, found = places.journal, []
    if not folder.is_dir():
        found.append(Missing(f"the folder {folder}", lambda: files.make_folder(folder)))
        there = Git(next(each for each in folder.parents if each.is_dir()))
    else:
        there = git
    if not _is_repository(there):
        found.append(Missing(f"a git repository in {folder}", lambda: git.act("init", "--quiet")))
    for file, line in _LINES.items():
        if line not in _lines(folder / file):
            found.append(Missing(f"{file}: {line}", partial(_add_line, folder / file, places)))
    if driver(there) is None:
        gone = any(name == DRIVER for _, name, _ in there.settings)
        found.append(
            Missing("the merge by meaning in this clone" + gone * ", whose program is gone", lambda: _set(git))
        )
    return found


def _is_repository(git: Git) -> bool:
    try:
        state.home(git)
    except NoGit as error:
        if error.code is None:  # there is no git at all
            raise
        return False
    return True


def _set(git: Git) -> None:
    for name, value in ((_NAME, _CALLED), (DRIVER, command())):
        git.act("config", "--local", "--replace-all", name, value)


def _lines(path: Path) -> list[str]:
    if files.entry_stamp(path) is None:
        return []
    return files.read(path).decode("utf-8", "surrogateescape").splitlines()


def _add_line(path: Path, places: Places) -> None:
    """Add our line below what stands in a file of git: there it has the last word."""
    with files.locked(path, places.locks):
        base = files.read(path) if files.entry_stamp(path) is not None else None
        before = base or b""
        gap = b"" if before.endswith(b"\n") or not before else b"\n"
        added = f"# {_WHY[path.name]}\n{_LINES[path.name]}\n".encode()
        files.save(path, before + gap + added, base, places.kept)

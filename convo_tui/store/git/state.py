"""Where the versions of the folder stand: the branch, what is not in a version yet, what another machine has."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Literal, TypeAlias

from convo_tui.store import names
from convo_tui.store.git.running import Git, NoGit, text
from convo_tui.store.git.running import names as separated

ATTRIBUTES, IGNORED = ".gitattributes", ".gitignore"

Doing: TypeAlias = Literal["", "merge", "rebase", "cherry-pick", "revert", "am"]

# git's own marks of what is going on, in its folder.
_MARKS: tuple[tuple[str, Doing], ...] = (
    ("rebase-merge", "rebase"),
    ("rebase-apply/rebasing", "rebase"),
    ("rebase-apply", "am"),
    ("MERGE_HEAD", "merge"),
    ("CHERRY_PICK_HEAD", "cherry-pick"),
    ("REVERT_HEAD", "revert"),
)
_REMOTE = re.compile(r"remote\.(?P<name>.+)\.url", re.DOTALL)
_DRIVEN = re.compile(r"^\*\.toml\s.*\bmerge=convo\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Home:
    """Where the repository is: its top folder, our folder in it (`""` or ending in `/`), git's own folder for this
    worktree, and the one that all worktrees share."""

    top: Path
    prefix: str
    git: Path
    common: Path


@dataclass(frozen=True, slots=True)
class State:
    """How the versions stand at a moment.

    `branch` is empty where the head is detached, `commit` before the first version, `upstream` where none is followed;
    `ahead` and `behind` count versions as of `fetched`. `changed` and `unmerged` are names of files of the journal,
    `elsewhere` counts what is unmerged in the rest of the repository. `driven` says that `.gitattributes` asks for the
    merge by meaning, `is_set_up` that this clone can do it. `synced` and `error` tell of the last sync.
    """

    branch: str
    commit: str
    upstream: str
    ahead: int
    behind: int
    changed: tuple[str, ...]
    unmerged: tuple[str, ...]
    elsewhere: int
    doing: Doing
    fetched: datetime | None
    driven: bool
    is_set_up: bool
    is_ours: bool
    """Whether the folder has versions, or is to have some; else it only lies in somebody's repository."""
    remote: str = ""
    synced: datetime | None = None
    error: str = ""
    rebased_from: str = ""
    """Of which version a rebase that is going on has begun."""
    is_own_rebase: bool = False
    """Whether it was a sync that began it."""

    @property
    def is_unmerged(self) -> bool:
        """Whether anything anywhere waits to be merged: nothing is committed meanwhile."""
        return bool(self.unmerged or self.elsewhere)


@dataclass(frozen=True, slots=True)
class Stage:
    """One version of a file that git could not merge: 1 is the base, 2 ours, 3 theirs. A link is no file."""

    path: str
    number: int
    blob: str
    is_file: bool


def home(git: Git) -> Home:
    """Return where the repository of a folder is. Raises NoGit, GitFailed."""
    words = ("--is-inside-work-tree", "--show-toplevel", "--show-prefix", "--absolute-git-dir", "--git-common-dir")
    answer = text(git.look("rev-parse", *words)).split("\n")
    if answer[0] != "true":
        raise NoGit("this folder is inside git's own; choose another one for the journal")
    return Home(Path(answer[1]), answer[2], Path(answer[3]), git.folder / answer[4])


def read(git: Git, at: Home, zone: tzinfo, driver: str | None) -> State:
    """Return how the versions stand; `driver` is the merge driver that is set up in this clone.

    Raises:
        GitFailed: when git cannot tell.
    """
    status = git.look(
        *("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignore-submodules=all"),
        *("--no-renames", "--", ":(glob)*.toml", ATTRIBUTES, IGNORED),
    )
    head: dict[str, str] = {}
    changed: list[str] = []
    unmerged: list[str] = []
    for record in separated(status):
        kind, _, rest = record.partition(" ")
        if kind == "#":
            key, _, value = rest.partition(" ")
            head[key] = value
        elif kind == "u":
            unmerged.append(rest.split(" ", 9)[9])
        else:
            changed.append(rest.split(" ", 7)[7] if kind == "1" else rest)
    branch, commit = head.get("branch.head", ""), head.get("branch.oid", "")
    ahead, behind = _counted(head.get("branch.ab", "+0 -0"))
    driven = _is_driven(git.folder)
    followed = head.get("branch.upstream", "")
    return State(
        branch="" if branch == "(detached)" else branch,
        commit="" if commit == "(initial)" else commit,
        upstream=followed if "branch.ab" in head else "",  # else nothing is there, or not any more
        ahead=ahead,
        behind=behind,
        changed=tuple(in_folder(each, at) for each in changed),
        unmerged=tuple(in_folder(each, at) for each in unmerged),
        elsewhere=len({each.path for each in stages(git)}.difference(unmerged)),
        doing=next((doing for mark, doing in _MARKS if (at.git / mark).exists()), ""),
        fetched=_fetched(at.git / "FETCH_HEAD", zone),
        driven=driven,
        is_set_up=driver is not None,
        is_ours=driven or git.asked("rev-parse", "--quiet", "--verify", "HEAD:./") is not None,
        remote=_remote(git, followed),
        rebased_from=_read(at.git / "rebase-merge" / "orig-head"),
    )


def stages(git: Git, *paths: str) -> list[Stage]:
    """Return the versions of what git could not merge anywhere in the repository, or of these paths from its top."""
    where = [f":(top,literal){each}" for each in paths] or [":/"]
    found = []
    for record in separated(git.look("ls-files", "--unmerged", "--full-name", "-z", "--", *where)):
        about, _, path = record.partition("\t")
        mode, blob, number = about.split(" ")
        found.append(Stage(path, int(number), blob, mode.startswith("100")))
    return found


def _remote(git: Git, upstream: str) -> str:
    """The other place to send versions to: that of what is followed, or the only one there is."""
    found = (_REMOTE.fullmatch(name) for _, name, _ in git.settings)
    remotes = list(dict.fromkeys(each["name"] for each in found if each))
    followed = [each for each in remotes if upstream.startswith(f"{each}/")]
    return max(followed, key=len) if followed else (remotes[0] if len(remotes) == 1 else "")


def _counted(said: str) -> Iterator[int]:
    return (abs(int(each)) for each in said.split(" "))


def in_folder(path: str, at: Home) -> str:
    """The name in the folder, as the journal writes names, of a path from the top of the repository."""
    return names.as_text(path.removeprefix(at.prefix))


def _is_driven(folder: Path) -> bool:
    try:
        return _DRIVEN.search((folder / ATTRIBUTES).read_text("utf-8", "replace")) is not None
    except OSError:
        return False


def _read(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return ""


def _fetched(path: Path, zone: tzinfo) -> datetime | None:
    """When the other place has answered last: a fetch that fails leaves git's file empty."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return datetime.fromtimestamp(found.st_mtime, zone) if found.st_size else None

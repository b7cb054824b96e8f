"""Bringing the versions of this machine and of the other place together: first what would be done, then doing it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from convo_tui.paths import Places
from convo_tui.store import files
from convo_tui.store.git import setting_up
from convo_tui.store.git.committing import Version
from convo_tui.store.git.running import TRAVELLING, Git, GitFailed, names
from convo_tui.store.git.setting_up import Missing
from convo_tui.store.git.state import ATTRIBUTES, IGNORED, State

NOWHERE = (
    "no other place to keep versions is known; `git remote add origin URL` names one,"
    " `git push -u` chooses one of several"
)
_REBASE = ("-c", "rebase.backend=merge", "rebase")  # the other one stops at what has become empty
_LOCKED = 400
"""So many files are kept from being saved while git changes them; of more, git's own look before each write remains."""
_OTHERS = {
    "cherry-pick": "a cherry-pick is going on; finish it with `git cherry-pick --continue`, or give it up with --abort",
    "revert": "a revert is going on; finish it with `git revert --continue`, or give it up with --abort",
    "am": "patches are being applied; finish that with `git am --continue`, or give it up with --abort",
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a sync does: `what` in words, `detail` lines below it."""

    what: str
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sync would do, in order; `hindrance` says why nothing can be done, `commands` what git would run here
    that the person has not been told of. `state` is None where there are no versions yet."""

    state: State | None
    steps: tuple[Step, ...]
    hindrance: str = ""
    commands: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What a sync did: each step, the messages of the versions that came, how many went, and the files of which a
    person has to say what stands."""

    steps: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    went: int = 0
    undecided: tuple[str, ...] = ()
    note: str = ""
    """What there is to know besides."""


def steps(state: State, missing: Sequence[Missing], version: Version | None, now: datetime) -> Iterator[Step]:
    """Yield what a sync would do as things stand; what another machine has sent since the last fetch is not known."""
    if missing:
        yield Step("set up", tuple(each.what for each in missing))
    if state.unmerged:
        asking = "you are asked where only one side can stand"
        yield Step(f"merge {counted(len(state.unmerged), 'file')} by meaning", (*state.unmerged, asking))
    if state.doing in ("merge", "rebase"):
        yield Step(f"finish the {state.doing} that is going on")
    if version is not None and version.files:
        others = ", ".join(each for each in version.files if each in (ATTRIBUTES, IGNORED))
        detail = (*(version.body or (version.subject,)), *((others,) if others else ()))
        yield Step(f"make a version of {counted(len(version.files), 'file')}", detail)
    if state.remote:
        new = "" if state.behind else ", and merge what is new there"
        yield Step(f"fetch from {state.remote}{new}", (fetched(state, now),))
    if state.behind:
        yield Step(f"merge {counted(state.behind, 'version')} of {state.upstream}")
    ahead = state.ahead + bool(version is not None and version.files)
    if state.remote and (ahead or not state.upstream):
        follow = "" if state.upstream else f", and follow {state.remote}/{state.branch} from then on"
        yield Step(f"push {counted(ahead, 'version')} to {state.remote}{follow}" if ahead else f"push{follow}")


def hindrance(state: State) -> str:
    """Return why no sync can be done; empty when one can."""
    if state.doing in _OTHERS:
        return _OTHERS[state.doing]
    if state.doing == "rebase" and not state.is_own_rebase:
        return "a rebase of yours is going on; finish it with `git rebase --continue`, or give it up with --abort"
    if state.upstream and not state.upstream.startswith(f"{state.remote}/"):
        return (
            f"{state.branch} follows {state.upstream}, which is no branch of another place; `git push -u` follows one"
        )
    if state.elsewhere:
        return f"{counted(state.elsewhere, 'file')} elsewhere in the repository to be merged; do that by hand first"
    if not state.branch and state.doing != "rebase":
        return "no branch is checked out (a detached head); `git switch` goes back to one"
    return ""


def fetched(state: State, now: datetime) -> str:
    """Return in words when the other place was last asked."""
    if state.fetched is None:
        return "never fetched"
    return f"fetched {ago((now - state.fetched).total_seconds())}"


def ago(seconds: float) -> str:
    """Return in words how long ago something was."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{int(seconds // size)} {unit} ago"
    return "just now"


def fetch(git: Git, remote: str) -> None:
    """Ask the other place what it has; no version of ours changes. Raises GitFailed."""
    git.act("fetch", "--quiet", remote, seconds=TRAVELLING)


def follow(git: Git, state: State) -> bool:
    """Follow the branch of this name at the other place, where there is one; return whether there is."""
    theirs = f"{state.remote}/{state.branch}"
    if git.asked("rev-parse", "--quiet", "--verify", f"refs/remotes/{theirs}") is None:
        return False
    git.act("branch", "--quiet", "--set-upstream-to", theirs)
    return True


def coming(git: Git) -> list[str]:
    """Return the messages of the versions that the other place has and we do not, oldest first."""
    return _subjects(git, "HEAD..@{upstream}")


def arriving(git: Git) -> list[str]:
    """Return the same of a merge that is going on."""
    return _subjects(git, "HEAD..MERGE_HEAD")


def _subjects(git: Git, versions: str) -> list[str]:
    said = git.asked("log", "--reverse", "--no-merges", "--format=%s", versions, "--")
    return said.split("\n") if said else []


def integrate(git: Git, state: State, coming: Sequence[str], places: Places) -> None:
    """Merge what was fetched, or put our versions on top of it, as the person's git is set up.

    `coming` are the messages of what was fetched; that of the merge says them.

    Raises:
        GitFailed: when git refuses, or left something unmerged: the state tells which.
    """
    found = {name: value for _, name, value in git.settings}
    rebase = found.get(f"branch.{state.branch}.rebase", found.get("pull.rebase", "false")).lower()
    words = ["merge", "--quiet", "--no-edit", "-m", _merged(state, coming)]
    if rebase not in ("false", "no", "off", "0"):
        words = [*_REBASE, "--quiet", *(["--rebase-merges"] if rebase in ("merges", "m") else [])]
    elif found.get("pull.ff", "") == "only":
        if state.ahead:
            raise GitFailed(
                "both places have versions of their own, and pull.ff = only forbids to merge them;"
                " `git config pull.ff false` allows it here"
            )
        words.append("--ff-only")
    if git.asked("merge-base", "HEAD", "@{upstream}") is None:
        raise GitFailed(
            f"{state.upstream} began by itself and shares no version with this folder; if both are this journal,"
            " `git merge --allow-unrelated-histories @{u}` joins them once"
        )
    with _kept_from_saving(git, places, "HEAD", "@{upstream}"):
        git.act(*setting_up.overriding(), *words, "@{upstream}")


def conclude(git: Git, state: State, places: Places) -> None:
    """Finish what git is in the middle of, now that nothing is unmerged any more. Raises GitFailed."""
    if state.doing == "merge":
        git.act("commit", "--quiet", "--no-edit")
    elif state.doing == "rebase":
        with _kept_from_saving(git, places, state.rebased_from, "HEAD"):
            git.act(*setting_up.overriding(), *_REBASE, "--continue")


def _merged(state: State, coming: Sequence[str]) -> str:
    """The message of a merge: what it brings."""
    more = f" and {len(coming) - 1} more" if len(coming) > 1 else ""
    return f"Merge {state.upstream}: {coming[0]}{more}" if coming else f"Merge {state.upstream}"


def push(git: Git, state: State) -> None:
    """Send the versions of this branch, and nothing else, to the place that is followed. Raises GitFailed."""
    theirs = state.upstream.removeprefix(f"{state.remote}/") or state.branch
    follow = [] if state.upstream else ["--set-upstream"]
    git.act("push", "--quiet", *follow, state.remote, f"HEAD:refs/heads/{theirs}", seconds=TRAVELLING)


def is_overtaken(error: GitFailed) -> bool:
    """Whether the other place has got something new since it was fetched."""
    return "non-fast-forward" in error.said or "fetch first" in error.said or "cannot lock ref" in error.said


@contextmanager
def _kept_from_saving(git: Git, places: Places, one: str, other: str) -> Iterator[None]:
    """Keep every Convo from saving the files that either side has changed, for as long as git writes them: a rebase
    takes ours back before it does them again."""
    paths: list[str] = []
    for versions in (f"{one}...{other}", f"{other}...{one}"):
        with suppress(GitFailed):  # the two have nothing in common: git says so itself
            paths += names(git.look("diff", "--name-only", "--relative", "-z", versions, "--", "."))
    with ExitStack() as held:
        for each in _flat(paths)[:_LOCKED]:
            held.enter_context(files.locked(places.journal / each, places.locks))
        yield


def _flat(paths: Iterable[str]) -> list[str]:
    return sorted(each for each in set(paths) if "/" not in each and each.endswith(".toml"))


def counted(count: int, what: str) -> str:
    """Return a number of things in words: `1 version`, `2 versions`."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"

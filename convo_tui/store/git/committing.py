"""A version of the folder: named files only, and a message that says what happened in the conversations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo

from convo_tui.core.difference import differences, headline, label
from convo_tui.core.models import Relationship
from convo_tui.store import codec, files
from convo_tui.store.errors import Damage
from convo_tui.store.git import blobs
from convo_tui.store.git.running import Git, GitFailed, listed, names
from convo_tui.store.git.state import ATTRIBUTES, IGNORED, State
from convo_tui.store.names import path_of

_TOLD = 100
"""So many files are told one by one; a version of more says how many it has."""
_SUBJECT = 72
"""Characters of the first line of a message, as git's own tools show it whole."""
_SETTING_UP = "Keep versions of the journal"
_NAMED = ("--literal-pathspecs",)
_FROM = ("--pathspec-from-file=-", "--pathspec-file-nul")


@dataclass(frozen=True, slots=True)
class Version:
    """A version to be made: of which files, and what its message says; `left_out` says which files are not in it."""

    files: tuple[str, ...]
    subject: str
    body: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


def planned(git: Git, state: State, zone: tzinfo, only: Sequence[str] | None = None) -> Version | None:
    """Return the version that would be made of what has changed; None when nothing has.

    `only` limits it to these files. A damaged one is left out: git would keep the damage.

    Raises:
        GitFailed: when git cannot tell what was there before.
    """
    wanted = [each for each in state.changed if only is None or each in only]
    journal = [each for each in wanted if each not in (ATTRIBUTES, IGNORED)]
    others = [each for each in wanted if each in (ATTRIBUTES, IGNORED)]
    changes, left_out = _changes(git, state, journal[:_TOLD], zone)
    more = [file for file, _ in _readable(git, journal[_TOLD:], zone, left_out)]
    kept = [*(each.file for each in changes), *more, *others]
    if not kept:
        return Version((), "", (), tuple(left_out)) if left_out else None
    told = list(_told(changes))
    lines = [f"{name}: {what}" for name, what in told]
    subject = "; ".join(lines) or _SETTING_UP
    if len(subject) > _SUBJECT or len(journal) > _TOLD:
        count = len(told) + len(more)
        subject = lines[0] if count == 1 else f"{count:,} relationships: {_those([name for name, _ in told], count)}"
    body = lines if len(lines) > 1 or lines[:1] != [subject] else []
    return Version(tuple(kept), _cut(subject), tuple(body), tuple(left_out))


def commit(git: Git, version: Version) -> None:
    """Make the version, with the author, hooks and signing of the person's own git; all of it or nothing.

    Raises:
        GitFailed: when git or a hook refuses.
    """
    paths = listed(path_of(git.folder, each).name for each in version.files)
    fresh = _untracked(git, version.files)
    message = ["--message", version.subject, *(("--message", "\n".join(version.body)) if version.body else ())]
    try:
        if fresh:
            git.act(*_NAMED, "add", "--intent-to-add", *_FROM, given=listed(fresh))
        git.act(*_NAMED, "commit", "--quiet", "--only", "--cleanup=verbatim", *message, *_FROM, given=paths)
    except BaseException:
        if fresh:
            with suppress(GitFailed):
                git.act(*_NAMED, "reset", "--quiet", *_FROM, given=listed(fresh))
        raise


@dataclass(frozen=True, slots=True)
class _Change:
    """What became of a file: None where it was not there, or cannot be read."""

    file: str
    before: Relationship | None
    after: Relationship | None


def _changes(git: Git, state: State, wanted: Sequence[str], zone: tzinfo) -> tuple[list[_Change], list[str]]:
    """Return what became of each file that can be read, and why the others are left out."""
    paths = {each: path_of(git.folder, each).name for each in wanted}
    ids = blobs.in_version(git, "HEAD", list(paths.values())) if state.commit else {}
    old = blobs.contents(git, ids.values())
    found: list[_Change] = []
    left_out: list[str] = []
    for file, after in _readable(git, wanted, zone, left_out):
        path = paths[file]
        found.append(_Change(file, _relationship(old[ids[path]], zone) if path in ids else None, after))
    return found, left_out


def _readable(
    git: Git, wanted: Iterable[str], zone: tzinfo, left_out: list[str]
) -> Iterator[tuple[str, Relationship | None]]:
    """Yield each file that can be read with what it says now, None when it is gone; the others go to `left_out`."""
    for file in wanted:
        path = path_of(git.folder, file)
        try:
            now = codec.read(files.read(path), zone).relationship if files.entry_stamp(path) is not None else None
        except (codec.Malformed, Damage) as problem:
            left_out.append(f"{file} is damaged and left out: {problem}")
        else:
            yield file, now


def _told(changes: Sequence[_Change]) -> Iterator[tuple[str, str]]:
    """Yield who each change is about, and what happened; a file that was renamed by hand is one change."""
    gone = {each.before.id: each for each in changes if each.before is not None and each.after is None}
    come = {each.after.id for each in changes if each.before is None and each.after is not None}
    for each in changes:
        known = each.after or each.before
        name = (_printable(known.name) if known is not None else "") or each.file
        if each.after is None and each.before is not None and each.before.id in come:
            continue
        moved = gone.get(each.after.id) if each.before is None and each.after is not None else None
        if moved is None:
            yield name, headline(each.before, each.after)
        else:
            more = label(found) if (found := differences(moved.before, each.after)) else ""
            yield name, ", ".join(filter(None, (f"file renamed to {_printable(each.file)}", more)))


def _relationship(data: bytes, zone: tzinfo) -> Relationship | None:
    try:
        return codec.read(data, zone).relationship
    except codec.Malformed:
        return None


def _untracked(git: Git, wanted: Sequence[str]) -> list[str]:
    known = set(names(git.look("ls-files", "--cached", "-z", "--", ".")))
    return [each for each in (path_of(git.folder, file).name for file in wanted) if each not in known]


def _those(people: Sequence[str], count: int) -> str:
    more = count - 2
    return f"{', '.join(people[:2])} and {more:,} more" if more > 0 else " and ".join(people)


def _printable(name: str) -> str:
    """A name on one line; git would take one that begins with `#` for a comment when it goes on with a rebase."""
    return "".join(each for each in " ".join(name.split()) if each.isprintable()).lstrip("# ")


def _cut(subject: str) -> str:
    return subject if len(subject) <= _SUBJECT else f"{subject[: _SUBJECT - 1].rstrip()}…"

"""The versions of one file of the journal: when each came, what it changed, and the relationship as it stood then.

Versions are listed without reading one; what they say is read for those that somebody looks at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from itertools import islice
from pathlib import Path
from typing import TypeAlias

from convo_tui.core.difference import Difference, differences, label
from convo_tui.core.errors import Refused
from convo_tui.core.models import Relationship
from convo_tui.store import codec, files
from convo_tui.store.errors import Damage
from convo_tui.store.git import blobs
from convo_tui.store.git.running import Git, names
from convo_tui.store.git.state import Home
from convo_tui.store.names import as_text, path_of

NOT_KEPT = "not in a version yet"
"""What stands where the id of a version would."""

_SHORT = 8
_FIELDS = ("%H", "%P", "%aI", "%an", "%s")
# Every word that a setting of the person's could turn into something else.
_LOG = (
    *("log", "-z", "--raw", "--no-abbrev", "--no-renames", "--root", "--diff-merges=first-parent", "--date-order"),
    *("--no-follow", "--no-color", "--no-ext-diff", "--encoding=UTF-8", f"--format={'%x00'.join(_FIELDS)}"),
)
_RENAMES = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--no-relative", "-M", "--diff-filter=R")


@dataclass(frozen=True, slots=True)
class Past:
    """One version of a file.

    `version` is the id of the commit, empty for what stands in the folder and is in no version yet, which has no time,
    author or message either; `parent` is the id of the one before. `file` is its path from the top of the repository,
    `was_called` the one that it had before when it was renamed. `before` and `after` are the ids of the contents, empty
    where there was none. `is_first_known` says that a shallow clone has nothing older.
    """

    version: str
    parent: str
    at: datetime | None
    author: str
    message: str
    file: str
    before: str
    after: str
    is_merge: bool = False
    is_first_known: bool = False
    was_called: str = ""

    @property
    def short(self) -> str:
        """The beginning of its id, as people write it."""
        return self.version[:_SHORT] or NOT_KEPT


@dataclass(frozen=True, slots=True)
class Told:
    """What a version changed: `meaning` in a few words, `found` in all of them; both as far as it could be read."""

    meaning: str
    found: tuple[Difference, ...] = ()
    is_damaged: bool = False


_Read: TypeAlias = "Relationship | codec.Malformed | None"
"""What a content says; why it cannot be read; None where there is none."""


class History:
    """The versions of the files of one journal."""

    def __init__(self, git: Git, at: Home, zone: tzinfo) -> None:
        self._git, self._at, self._zone = git, at, zone

    def pasts(self, file: str, limit: int | None = None) -> list[Past]:
        """Return the versions of a file, the newest first, through its renames; at most `limit` of them.

        What stands in the folder comes first when it is in no version yet. Raises GitFailed, Damage.
        """
        path = f"{self._at.prefix}{path_of(self._git.folder, file).name}"
        if self._git.asked("rev-parse", "--verify", "--quiet", "HEAD") is None:
            return [_not_kept(path, "")]
        return list(islice(self._all(path, limit), limit))

    def _all(self, path: str, limit: int | None) -> Iterator[Past]:
        kept = blobs.in_version(self._git, "HEAD", [path.removeprefix(self._at.prefix)])
        newest = next(iter(kept.values()), "")
        if self._has_changed(path, newest):
            yield _not_kept(path, newest)
        edges = self._edges()
        wanted = [(path, ["HEAD"])]
        while wanted:
            path, since = wanted.pop(0)
            found = self._versions(path, since, limit, edges)
            origins = self._origins(found)
            older: dict[str, list[str]] = {}
            for each in found:
                origin = origins.get(each.version)
                yield origin or each
                if origin is not None:
                    older.setdefault(origin.was_called, []).append(origin.parent)
                    if not origin.is_merge:
                        break  # what had the name earlier is something else, or is reached through the other name
            wanted += older.items()

    def _versions(self, path: str, since: Sequence[str], limit: int | None, edges: frozenset[str]) -> list[Past]:
        most = () if limit is None else (f"--max-count={limit}",)
        words = names(self._git.look(*_LOG, *most, *since, "--", f":(top,literal){path}"))
        found: list[Past] = []
        at = 0
        while at < len(words):
            version, parents, moment, author, message, *change = words[at : at + len(_FIELDS) + 1]
            at += len(_FIELDS)
            if not change or not change[0].startswith("\n:"):
                continue
            at += 2  # the change and its path
            _, _, before, after, _ = change[0].split(" ")
            if before != after:  # else only the mode of the file changed
                parent, *others = parents.split(" ")
                when = _moment(moment)
                past = Past(version, parent, when, as_text(author), as_text(message), path, _id(before), _id(after))
                found.append(replace(past, is_merge=bool(others), is_first_known=version in edges))
        return found

    def _origins(self, found: Iterable[Past]) -> dict[str, Past]:
        """Return, by their ids, the versions in which the file got its name: as what they made of another file."""
        came = {each.version: each for each in found if each.after and not each.before and each.parent}
        if not came:
            return {}
        asked = "".join(f"{each.version} {each.parent}\n" for each in came.values())
        words = iter(names(self._git.look(*_RENAMES, given=asked.encode())))
        renamed: dict[str, Past] = {}
        version = ""
        for word in words:
            if not word.startswith(":"):
                version = word
                continue
            old, new = next(words), next(words)
            if new == came[version].file:
                renamed[version] = replace(came[version], before=word.split(" ")[2], was_called=old)
        said = self._read(renamed.values())
        return {key: each for key, each in renamed.items() if _is_same(said[each.before], said[each.after])}

    def _edges(self) -> frozenset[str]:
        """Where a shallow clone ends: what those versions changed is not known."""
        try:
            return frozenset((self._at.common / "shallow").read_text("ascii", "replace").split())
        except OSError:
            return frozenset()

    # ── what they say ────────────────────────────────────────────────────────────────────────────────────

    def told(self, pasts: Sequence[Past]) -> list[Told]:
        """Return what each of these versions changed, in their order; damage is told, too. Raises GitFailed."""
        said = self._read(pasts)
        return [_told(each, said[each.before], said[_after(each)]) for each in pasts]

    def as_it_was(self, past: Past) -> Relationship:
        """Return the relationship as it stood in a version.

        Raises:
            Damage: when nobody can read what stood in the file.
            Refused: when the file was not there.
            GitFailed: when git cannot tell.
        """
        found = self._existing(past, _after(past))
        if found is None:
            raise Refused(f"{past.file} was deleted in {past.short}; choose an earlier version")
        return found

    def before(self, past: Past) -> Relationship | None:
        """Return the relationship as it stood before a version; None where it was not there. Raises Damage,
        GitFailed."""
        return self._existing(past, past.before)

    def difference(self, earlier: Past, later: Past) -> tuple[Difference, ...]:
        """Return what changed between two versions. Raises Damage, GitFailed."""
        return differences(self._existing(earlier, _after(earlier)), self._existing(later, _after(later)))

    def _existing(self, past: Past, content: str) -> Relationship | None:
        """Return what the content before or after a version says. Raises Damage, GitFailed."""
        found = self._read([past])[content]
        if isinstance(found, codec.Malformed):
            raise Damage(Path(f"{past.file} as of {past.short}"), found.line, found.reason)
        return found

    def _read(self, pasts: Iterable[Past]) -> dict[str, _Read]:
        """Return what the contents before and after these versions say, by their ids; each is read once."""
        pasts = list(pasts)
        data = blobs.contents(self._git, (key for each in pasts for key in (each.before, each.after)))
        said: dict[str, _Read] = {"": None, **{key: self._parsed(each) for key, each in data.items()}}
        for each in pasts:
            if not each.version:
                said[NOT_KEPT] = self._standing(each.file)
        return said

    def _parsed(self, data: bytes) -> _Read:
        try:
            return codec.read(data, self._zone).relationship
        except codec.Malformed as problem:
            return problem

    def _standing(self, path: str) -> _Read:
        """What stands in the folder now."""
        try:
            data = self._data(path)
        except Damage as problem:
            return codec.Malformed(problem.line, problem.reason)
        return None if data is None else self._parsed(data)

    def _has_changed(self, path: str, kept: str) -> bool:
        """Whether the file in the folder is another than in the newest version; line ends are git's affair."""
        data = self._data(path)
        old = blobs.contents(self._git, [kept])[kept] if kept else None
        if data is None or old is None:
            return data is not old
        return data.replace(b"\r\n", b"\n") != old.replace(b"\r\n", b"\n")

    def _data(self, path: str) -> bytes | None:
        standing = self._at.top / path
        return files.read(standing) if files.entry_stamp(standing) is not None else None


def _not_kept(path: str, kept: str) -> Past:
    return Past("", "", None, "", "", path, kept, "")


def _id(blob: str) -> str:
    """The id of a content; git writes zeros for none."""
    return blob if blob.strip("0") else ""


def _after(past: Past) -> str:
    return past.after if past.version else NOT_KEPT


def _is_same(before: _Read, after: _Read) -> bool:
    """Whether both are about one relationship, as far as they can be read."""
    return not (isinstance(before, Relationship) and isinstance(after, Relationship)) or before.id == after.id


def _told(past: Past, before: _Read, after: _Read) -> Told:
    if isinstance(after, codec.Malformed):
        return Told(f"damaged: {after}", is_damaged=True)
    if past.is_first_known:
        return Told("as it was then; nothing older is in this clone")
    if isinstance(before, codec.Malformed):
        return Told("readable again")
    if not _is_same(before, after):
        before = None  # somebody else got the name of the file
    found = differences(before, after)
    meaning = label(found)
    if past.was_called and past.was_called != past.file:
        said = f"file renamed from {Path(past.was_called).name}"
        meaning = f"{said}; {meaning}" if found else said
    return Told(f"merged: {meaning}" if past.is_merge else meaning, found)


def _moment(said: str) -> datetime | None:
    """When a version was made; None where its author's clock says what is no time."""
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None

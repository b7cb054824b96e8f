"""`convo check`: every problem of a folder, with its file, line and reason.

Each file is read by itself, one after the other; what only all of them together can tell is asked of the index.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TypeAlias

from convo_tui.clock import Clock
from convo_tui.core.carry import opened_before
from convo_tui.core.edits import identities
from convo_tui.core.models import ENTRY_KINDS, Issue, Relationship
from convo_tui.store import codec, files, syntax
from convo_tui.store.catalog import Catalog
from convo_tui.store.complaints import Complaint, lines_of
from convo_tui.store.errors import Damage
from convo_tui.store.index.index import Index

Level: TypeAlias = Literal["error", "warning"]

_SHARED = """
SELECT entries.id, file FROM entries JOIN files USING (number) WHERE entries.id IN (
    SELECT id FROM entries WHERE kind IN ('person', 'issue', 'heard', 'encounter')
    GROUP BY id HAVING count(DISTINCT number) > 1
) AND entries.kind IN ('person', 'issue', 'heard', 'encounter') ORDER BY entries.id, file
"""
_NAMING = {
    "issues": ("opened_in", "closed_in", "carried"),
    "heard": ("heard_in",),
    "people": ("relationship",),
    "encounters": ("with", "mentions"),
}
"""The keys of entries that hold ids."""

_CONFLICT = re.compile(r"^<<<<<<< .*?^=======\r?$.*?^>>>>>>> ", re.MULTILINE | re.DOTALL)

_NOWHERE = """
SELECT DISTINCT ref FROM refs WHERE NOT EXISTS (SELECT 1 FROM names WHERE id = ref)
AND NOT EXISTS (SELECT 1 FROM links WHERE word = ref AND sort = 'former')
AND NOT EXISTS (SELECT 1 FROM entries WHERE id = ref AND kind = 'encounter')
"""
_OURS = re.compile(r"\d{8}-[0-9a-z]{8}")

_HAPPENED = "SELECT at FROM entries WHERE id = ? AND kind = 'encounter'"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a file: an `error` keeps it from being used or written, a `warning` does not.

    `line` counts from 1; None where no line is at fault.
    """

    file: str
    line: int | None
    message: str
    level: Level


def check(index: Index, catalog: Catalog, clock: Clock) -> list[Problem]:
    """Return the problems of all files, by file and line. Raises Damage when the folder cannot be read."""
    folder = Folder(index, clock.now())
    problems: list[Problem] = []
    for file in folder.files:
        path = index.folder / file
        try:
            document = catalog.document(file)
        except Damage as damage:
            problems += _damages(path, damage, clock)
            continue
        found: list[tuple[Level, Complaint]] = [("error", each) for each in folder.clashes(file)]
        found += [("warning", each) for each in folder.oddities(file, document.relationship)]
        lines = lines_of(document.text, [place for _, (place, _) in found])
        problems += [Problem(file, line, said, level) for line, (level, (_, said)) in zip(lines, found, strict=True)]
        problems += [Problem(file, line, said, "warning") for line, said in _form(path, document)]
    return sorted(problems, key=lambda each: (each.file, each.line or 0, each.level, each.message))


def _damages(path: Path, damage: Damage, clock: Clock) -> list[Problem]:
    """Everything that keeps a file from being read."""
    if path.is_symlink() and not path.exists():
        leads = f"a link to {os.readlink(path)}, where nothing is; point it at a file or remove it"
        return [Problem(path.name, None, leads, "error")]
    found: list[codec.Malformed] = []
    with suppress(Damage):
        found = codec.faults(files.read(path), clock.zone)
    told = [(each.line, each.reason) for each in found] or [(damage.line, damage.reason)]
    return [Problem(path.name, line, reason, "error") for line, reason in told]


def _form(path: Path, document: codec.Document) -> Iterator[tuple[int | None, str]]:
    """What is odd about a file that can be read, whatever it says."""
    text = document.text
    if not document.relationship.is_writable:
        yield None, "was written by a newer Convo: it is shown, never changed"
    if text.startswith("\ufeff"):
        yield 1, "begins with a byte order mark; other tools may stumble over it"
    if "\r\n" in text:
        line = syntax.line_at(text, text.index("\r\n"))
        yield line, "has Windows line endings; git will show whole lines as changed"
    if _CONFLICT.search(text):
        for line in codec.conflicts(text):
            yield line, "looks like a git conflict in a note: keep what is right and remove the markers"
    with suppress(OSError):
        links = os.stat(path).st_nlink
        if links > 1:
            yield None, f"has {links} names (hard links): a save leaves the others with the old text"


class Folder:
    """What all files of a folder together say about one of them."""

    def __init__(self, index: Index, now: datetime) -> None:
        self._index, self._now = index, now
        summaries = index.summaries()
        self.files = [each.file for each in summaries]
        self.is_whole = all(each.readable for each in summaries)
        """Whether every file can be read: else what seems to be nowhere may be in one that cannot."""
        self._nowhere = frozenset(row[0] for row in index.sql.execute(_NOWHERE))
        by_id: defaultdict[str, list[str]] = defaultdict(list)
        for each in summaries:
            if each.readable:
                by_id[each.id].append(each.file)
        self._files = {identity: those[0] for identity, those in by_id.items()}
        self._clashing = {file: those for those in by_id.values() if len(those) > 1 for file in those}
        self._shared: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for identity, sharing in self._shared_ids():
            for file in sharing:
                self._shared[file][identity] = next(other for other in sharing if other != file)

    def _shared_ids(self) -> Iterator[tuple[str, list[str]]]:
        """Every id of an entry that is in several files; those of two files with one id are not told one by one."""
        sharing: defaultdict[str, list[str]] = defaultdict(list)
        for identity, file in self._index.sql.execute(_SHARED):
            sharing[identity].append(file)
        for identity, those in sharing.items():
            if self._clashing.get(those[0], those[:1]) != those:
                yield identity, those

    def sharing(self, file: str) -> list[str]:
        """Return the other files whose relationship has the same id: all of them are read-only."""
        return [other for other in self._clashing.get(file, ()) if other != file]

    def clashes(self, file: str) -> Iterator[Complaint]:
        """Yield the id of a relationship that another file has as well."""
        for other in self.sharing(file):
            yield ("id",), f"has the same id as {other}; give one of them another id"

    def oddities(self, file: str, relationship: Relationship) -> Iterator[Complaint]:
        """Yield what a file says that cannot be so."""
        shared = self._shared.get(file, {})
        for kind in ENTRY_KINDS:
            for place, entry in enumerate(getattr(relationship, kind)):
                if entry.id in shared:
                    yield (kind, place, "id"), f"has the same id as an entry in {shared[entry.id]}; give one another"
        for place, identity in enumerate(relationship.former):
            if identity in self._files:
                said = (
                    f"former names {identity}, which is still {self._files[identity]}; join them again, or take it out"
                )
                yield ("former", place), said
        where = "nowhere in this journal" if self.is_whole else "in no file that can be read"
        for path, identity in self.dangling(relationship):
            key = next(part for part in reversed(path) if isinstance(part, str))
            yield path, f"{key} names {identity}, which is {where}"
        times = {each.id: each.at for each in relationship.encounters}
        for place, issue in enumerate(relationship.issues):
            yield from ((("issues", place, *path), said) for path, said in self._of_issue(issue, times))
        for path, moment in _moments(relationship):
            if moment > self._now:
                yield path, f"{path[-1]} is in the future"

    def dangling(self, relationship: Relationship) -> Iterator[tuple[syntax.Path, str]]:
        """Yield each id that a file names and that no file of the folder has, with its place."""
        if self._nowhere:
            own = identities(relationship)
            for path, identity in _references(relationship):
                if identity in self._nowhere and identity not in own:
                    yield path, identity

    def _of_issue(self, issue: Issue, times: Mapping[str, datetime]) -> Iterator[Complaint]:
        before: set[str] = set()
        for place, identity in enumerate(issue.carried):
            if identity in before:
                yield ("carried", place), "is carried into the same encounter twice"
                continue
            before.add(identity)
            at = times.get(identity) or self._happened(identity)
            if identity == issue.opened_in or (at is not None and not opened_before(issue, at)):
                yield ("carried", place), f"is carried into {identity}, in which it was opened or which was before that"
        if issue.state in ("open", "parked") and issue.closed is not None:
            yield ("closed",), f"is {issue.state}, but has a day on which it was closed"
        if issue.opened is not None and issue.closed is not None and issue.closed < issue.opened:
            yield ("closed",), "is closed before it was opened"

    def _happened(self, identity: str) -> datetime | None:
        """When an encounter of another file was."""
        row = self._index.sql.execute(_HAPPENED, (identity,)).fetchone()
        return datetime.fromisoformat(row[0]) if row else None


def _moments(relationship: Relationship) -> Iterator[tuple[syntax.Path, datetime]]:
    for kind, keys in (("issues", ("opened", "closed")), ("heard", ("at",)), ("encounters", ("at",))):
        for place, entry in enumerate(getattr(relationship, kind)):
            for key in keys:
                if (moment := getattr(entry, key)) is not None:
                    yield (kind, place, key), moment


def is_ours(identity: str) -> bool:
    """Whether an id is one as this program makes them: anything else that names nobody may be a name."""
    return _OURS.fullmatch(identity) is not None


def _references(relationship: Relationship) -> Iterator[tuple[syntax.Path, str]]:
    """Every id that a file names, with its place. An organisation may be free text as well."""
    if is_ours(relationship.organisation):
        yield ("organisation",), relationship.organisation
    for kind, keys in _NAMING.items():
        for place, entry in enumerate(getattr(relationship, kind)):
            for key in keys:
                named = getattr(entry, "with_" if key == "with" else key)
                if isinstance(named, str):
                    if named:
                        yield (kind, place, key), named
                else:
                    yield from (((kind, place, key, number), each) for number, each in enumerate(named))

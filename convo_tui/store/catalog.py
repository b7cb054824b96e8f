"""What stands in the folder: every file read once, and again when it changes.

Everything that a list needs is kept as plain values; whole relationships only for the few files in use. An index can
take the place of the digests without anything above noticing.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from pathlib import Path

from convo_tui.core.edits import named
from convo_tui.core.inline import topics as topics_in
from convo_tui.core.match import Named
from convo_tui.core.models import Relationship
from convo_tui.core.participation import Directory, place_in_time
from convo_tui.core.summary import OpenIssue, Summary
from convo_tui.store import codec, files
from convo_tui.store.errors import Damage

_DOCUMENTS = 32
"""How many whole files are kept in memory: those looked at last."""

_SPARKS = 8
"""How many sparks a list shows."""

_NAME = re.compile(rb"""^name\s*=\s*["'](.+?)["']\s*(?:#.*)?$""", re.MULTILINE)

_QUOTED = re.compile(rb"""["']([A-Za-z0-9][A-Za-z0-9._-]{0,63})["']""")
"""What may be an id (`models.Identity`) in the text of a file."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What others need to know of an encounter: where it stands, when it was, who took part."""

    id: str
    home: str
    at: datetime
    is_contact: bool
    spark: int | None
    with_: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What is kept of one file: how it looked when it was read, and what a list needs of it."""

    stamp: files.Stamp
    summary: Summary
    named: tuple[Named, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    topics: tuple[tuple[str, int], ...] = ()
    damage: Damage | None = None


class Catalog:
    """The files of one folder, and what is known of them."""

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        self.folder, self.zone = folder, zone
        self.directory = Directory()
        self._digests: dict[str, Digest] = {}
        self._documents: OrderedDict[str, tuple[files.Stamp, codec.Document]] = OrderedDict()
        self._summaries: dict[str, Summary] = {}
        self._meetings: dict[str, list[Meeting]] = {}

    # ── reading the folder ───────────────────────────────────────────────────────────────────────────────

    def refresh(self) -> bool:
        """Read what is new or has changed since the last time; return whether anything has."""
        present = dict(self._present())
        changed = present.keys() != self._digests.keys()
        for file, stamp in list(present.items()):
            known = self._digests.get(file)
            if known is None or known.stamp != stamp:
                self._digests[file] = self._digest(file, stamp)
                if self._digests[file].damage is not None and files.entry_stamp(self.folder / file) is None:
                    del present[file]  # it vanished while the folder was read
                changed = True
        for file in self._digests.keys() - present.keys():
            del self._digests[file]
        if changed:
            self._derive()
        return changed

    def _present(self) -> Iterable[tuple[str, files.Stamp]]:
        try:
            entries = sorted(self.folder.iterdir())
        except FileNotFoundError:
            return
        except OSError as error:
            raise Damage(self.folder, None, f"the journal folder cannot be read: {error.strerror}") from None
        for path in entries:
            if path.suffix == ".toml" and not path.name.startswith("."):
                stamp = files.entry_stamp(path)
                if stamp is not None:
                    yield path.name, stamp

    def _digest(self, file: str, stamp: files.Stamp) -> Digest:
        try:
            document = self._read(file, stamp)
        except Damage as damage:
            name = self._guessed_name(file)
            summary = Summary(file, "", name, "person", file, problem=damage.reason, line=damage.line, readable=False)
            return Digest(stamp, summary, (Named(file, name, file=file),), damage=damage)
        relationship = document.relationship
        return Digest(
            stamp,
            _summary(relationship, file),
            tuple(named(relationship, file)),
            _meetings(relationship),
            _topics(relationship),
        )

    def _guessed_name(self, file: str) -> str:
        try:
            found = _NAME.search(files.read(self.folder / file)[:65536])
        except Damage:
            found = None
        return found[1].decode("utf-8", "replace") if found else file.removesuffix(".toml")

    def _read(self, file: str, stamp: files.Stamp) -> codec.Document:
        path = self.folder / file
        try:
            document = codec.read(files.read(path), self.zone)
        except codec.Malformed as problem:
            raise Damage(path, problem.line, problem.reason) from None
        self._documents[file] = (stamp, document)
        self._documents.move_to_end(file)
        while len(self._documents) > _DOCUMENTS:
            self._documents.popitem(last=False)
        return document

    # ── what follows from all files together ─────────────────────────────────────────────────────────────

    def _derive(self) -> None:
        self.directory = Directory.of(each for digest in self._digests.values() for each in digest.named)
        self._summaries = {}
        first_with: dict[str, str] = {}
        for file, digest in self._digests.items():
            summary = digest.summary
            other = first_with.setdefault(summary.id, file) if summary.id else file
            if other != file:
                problem = f"has the same id as {other}; give one of them another id"
                summary = replace(summary, key=file, problem=problem)
                first = self._summaries[digest.summary.id]
                if not first.problem:
                    told = f"has the same id as {file}; give one of them another id"
                    self._summaries[first.key] = replace(first, problem=told)
            self._summaries[summary.key] = summary
        self._meetings = {}
        for file, digest in self._digests.items():
            if first_with.get(digest.summary.id) != file:
                continue  # two files with one id: what happened is counted once
            for meeting in digest.meetings:
                for identity in self.directory.took_part(meeting.home, meeting.with_):
                    self._meetings.setdefault(identity, []).append(meeting)
        for identity, meetings in self._meetings.items():
            meetings.sort(key=lambda each: place_in_time(each.at, each.id, each.home == identity))
            if identity in self._summaries:
                self._summaries[identity] = _with_contact(self._summaries[identity], meetings)

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────

    def summaries(self) -> list[Summary]:
        """Return every file of the folder as a line of the list, by file name."""
        return list(self._summaries.values())

    def summary(self, key: str) -> Summary | None:
        """Return the summary for a key, a former id or a file name; None when there is none."""
        found = self._summaries.get(key) or self._summaries.get(self.directory.resolved(key))
        return found or next((each for each in self._summaries.values() if each.file == key), None)

    def meetings(self, identity: str) -> list[Meeting]:
        """Return all encounters in which a relationship took part, oldest first."""
        return self._meetings.get(identity, [])

    def topics(self) -> Counter[str]:
        """Return in how many notes and issues each topic is said."""
        found: Counter[str] = Counter()
        for digest in self._digests.values():
            found.update(dict(digest.topics))
        return found

    def naming(self, identities: Collection[str]) -> list[Summary]:
        """Return the files that can be read and in which one of these ids stands, quoted: parsing costs far more.

        Raises:
            Damage: when one of them cannot be read any more.
        """
        wanted = {each.encode() for each in identities}
        able = [each for each in self._summaries.values() if each.readable]
        return [each for each in able if not wanted.isdisjoint(_QUOTED.findall(files.read(self.folder / each.file)))]

    def damages(self) -> list[Damage]:
        """Return the files that cannot be read, by file name."""
        return [digest.damage for digest in self._digests.values() if digest.damage is not None]

    def document(self, file: str) -> codec.Document:
        """Return a whole file as it stands now. Raises Damage."""
        stamp = files.stamp(self.folder / file)
        cached = self._documents.get(file)
        if cached is not None and cached[0] == stamp:
            return cached[1]
        return self._read(file, stamp)


def _summary(relationship: Relationship, file: str) -> Summary:
    return Summary(
        key=relationship.id,
        id=relationship.id,
        name=relationship.name,
        kind=relationship.kind,
        file=file,
        organisation=relationship.organisation,
        role=relationship.role,
        tags=relationship.tags,
        archived=relationship.archived,
        issues=tuple(
            OpenIssue(issue.parked_until if issue.state == "parked" else None, issue.due, issue.owner)
            for issue in relationship.issues
            if issue.state == "open" or (issue.state == "parked" and issue.parked_until is not None)
        ),
        cadence=relationship.cadence or "",
        next_on=relationship.next_on,
        snoozed_until=relationship.snoozed_until,
        problem="" if relationship.is_writable else "was written by a newer Convo: it is shown, never changed",
    )


def _meetings(relationship: Relationship) -> tuple[Meeting, ...]:
    return tuple(
        Meeting(each.id, relationship.id, each.at, each.is_contact, each.spark, each.with_)
        for each in relationship.encounters
    )


def _topics(relationship: Relationship) -> tuple[tuple[str, int], ...]:
    texts = [each.note for each in relationship.encounters] + [each.text for each in relationship.issues]
    return tuple(Counter(topic for text in texts for topic in topics_in(text)).items())


def _with_contact(summary: Summary, meetings: list[Meeting]) -> Summary:
    contacts = [meeting for meeting in meetings if meeting.is_contact]
    sparks = [meeting.spark for meeting in contacts if meeting.spark is not None]
    last = contacts[-1].at if contacts else None
    return replace(summary, last_contact=last, sparks=tuple(sparks[-_SPARKS:]))

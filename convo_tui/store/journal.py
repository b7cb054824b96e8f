"""The journal: the one façade over the folder. The command line and the full screen import no other store module."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from convo_tui.clock import Clock
from convo_tui.core import edits, grammar, match
from convo_tui.core.brief import Brief, brief
from convo_tui.core.carry import Standing, rank, standing
from convo_tui.core.dates import DateOrder
from convo_tui.core.ending import Plan, applied, continued, plan
from convo_tui.core.errors import Ambiguous, NotFound, Refused
from convo_tui.core.ids import new_id
from convo_tui.core.match import Named
from convo_tui.core.meaning import Context, Reading
from convo_tui.core.models import ENTRY_KINDS, ISSUE_STATES, Encounter, Heard, Issue, Relationship
from convo_tui.core.participation import Directory
from convo_tui.core.summary import Summary
from convo_tui.paths import Places
from convo_tui.store import files
from convo_tui.store.catalog import Catalog
from convo_tui.store.changes import Change, Changes, Edit
from convo_tui.store.check import Problem, check
from convo_tui.store.drafts import Draft, DraftInUse, DraftLog, Drafts
from convo_tui.store.errors import Damage

__all__ = ["Change", "Draft", "DraftInUse", "DraftLog", "Journal", "Problem", "View"]


@dataclass(frozen=True)
class View:
    """A relationship with every encounter in which it took part, oldest first, also those of other files.

    `homes` gives the relationship in whose file such an encounter lives, `names` the name behind each id in it.
    """

    summary: Summary
    relationship: Relationship
    timeline: tuple[Encounter, ...]
    homes: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def brief(self, today: date) -> Brief:
        """Return where we left off."""
        return brief(self.relationship, self.timeline, today)

    def standings(self, today: date, states: Iterable[str] = ("open",)) -> list[Standing]:
        """Return where its issues of these states stand; parked ones whose day has come read as open."""
        wanted = set(states)
        return [
            standing(issue, self.timeline, today, self.relationship.id, self.relationship.name)
            for issue in self.relationship.issues
            if ("open" if issue.is_open(today) else issue.state) in wanted
        ]


class Journal:
    """A folder of relationships."""

    def __init__(self, places: Places, clock: Clock, date_order: DateOrder = None) -> None:
        self.places, self.clock, self.date_order = places, clock, date_order
        self.drafts = Drafts(places.drafts)
        self._catalog = Catalog(places.journal, clock.zone)
        self._changes = Changes(places, clock.zone, clock.now)
        self._is_read = False

    # ── who there is ─────────────────────────────────────────────────────────────────────────────────────

    def refresh(self) -> bool:
        """Read what has changed in the folder; return whether anything has. Raises Damage when it cannot be read."""
        self._is_read = True
        return self._catalog.refresh()

    def sweep(self) -> list[Path]:
        """Clear away what killed saves left behind; return the versions that were kept instead of removed."""
        if not self.places.journal.is_dir():
            return []
        return files.sweep(self.places.journal, self.places.locks, self.places.kept)

    @property
    def _read(self) -> Catalog:
        if not self._is_read:
            self.refresh()
        return self._catalog

    @property
    def directory(self) -> Directory:
        """Whom every id means."""
        return self._read.directory

    def summaries(self) -> list[Summary]:
        """Return every file of the folder as a line of a list, damaged ones included."""
        return self._read.summaries()

    def damages(self) -> list[Damage]:
        """Return the files that cannot be read."""
        return self._read.damages()

    def find(self, name: str) -> Summary:
        """Return the relationship that `name` means (CONTRACT.md, "NAME").

        Raises:
            NotFound, Ambiguous: when nothing or more than one answers to it.
        """
        summaries = [(each, _named(each, self.directory)) for each in self.summaries()]
        found = match.names(name, [named for _, named in summaries])
        if not found:
            raise NotFound(f"nobody here is called “{name}”; `convo list` shows everyone, `convo new` adds someone")
        if len(found) > 1:
            labels = [each.label for each in found]
            raise Ambiguous(f"“{name}” may mean {', '.join(labels)}; say which", labels)
        return next(summary for summary, named in summaries if named is found[0])

    def path(self, summary: Summary) -> Path:
        """Return where the file of a relationship is."""
        return self.places.journal / summary.file

    # ── one relationship ─────────────────────────────────────────────────────────────────────────────────

    def summary(self, key: str) -> Summary:
        """Return the summary for a key. Raises NotFound."""
        found = self._read.summary(key)
        if found is None:
            raise NotFound(f"{key} is no longer in the journal")
        return found

    def view(self, key: str) -> View:
        """Return a relationship with its timeline. Raises NotFound, Damage."""
        summary = self.summary(key)
        relationship = self._catalog.document(summary.file).relationship
        timeline = list(relationship.encounters)
        homes: dict[str, str] = {}
        elsewhere: dict[str, set[str]] = {}
        for meeting in self._catalog.meetings(relationship.id):
            if meeting.home != relationship.id:
                elsewhere.setdefault(meeting.home, set()).add(meeting.id)
        for home, wanted in elsewhere.items():
            other = self._catalog.document(self.summary(home).file).relationship
            joint = [each for each in other.encounters if each.id in wanted]
            homes.update((each.id, home) for each in joint)
            timeline += joint
        if elsewhere:
            timeline.sort(key=lambda each: each.at)
        ids = {each for encounter in timeline for each in (*encounter.with_, *encounter.mentions)}
        names = {each: self.directory.name(each) for each in (*ids, *homes.values())}
        return View(summary, relationship, tuple(timeline), homes, names)

    def standings(self, states: Iterable[str] = ("open",)) -> list[Standing]:
        """Return where the issues of these states stand, across all relationships that can be read."""
        today = self.clock.today()
        wanted = set(states)
        found: list[Standing] = []
        for summary in self.summaries():
            if summary.readable and not (summary.archived and wanted == {"open"}):
                found += self.view(summary.key).standings(today, wanted)
        return found

    # ── issues and what was heard ────────────────────────────────────────────────────────────────────────

    def find_issue(self, query: str, usable: Callable[[Issue], bool]) -> tuple[View, Issue]:
        """Return the issue that `query` means: an id or its ending, the exact text, then all words.

        `usable` says which ones the caller can do something with; an id finds the others too.

        Raises:
            NotFound, Ambiguous: when nothing or more than one answers to it.
        """
        found: tuple[View, Issue] = self._find_entry(query, "issue", "issues", usable)
        return found

    def find_heard(self, query: str, usable: Callable[[Heard], bool]) -> tuple[View, Heard]:
        """Return what was heard that `query` means, as `find_issue` does."""
        found: tuple[View, Heard] = self._find_entry(query, "need or idea", "heard", usable)
        return found

    def _find_entry(self, query: str, what: str, table: str, usable: Callable[[Any], bool]) -> Any:
        everything = [
            (entry.id, entry.text, (view, entry))
            for view in self.views()
            for entry in getattr(view.relationship, table)
        ]
        found = match.texts(query, [each for each in everything if usable(each[2][1])])
        found = found or match.texts(query, everything)
        if not found:
            raise NotFound(f"no {what} answers to “{query}”; `convo issues` and `convo brief NAME` show them")
        if len(found) > 1:
            labels = [f"{entry.text} ({view.relationship.name}, {entry.id})" for view, entry in found]
            raise Ambiguous(f"“{query}” may mean {', '.join(labels)}; give the id or its end", labels)
        return found[0]

    def views(self) -> Iterable[View]:
        """Return everyone who can be read, each with their timeline."""
        return (self.view(each.key) for each in self.summaries() if each.readable)

    def newest_encounter(self, view: View) -> Encounter | None:
        """Return the newest encounter of a relationship; None when there is none yet."""
        return view.timeline[-1] if view.timeline else None

    def find_encounter(self, query: str) -> tuple[View, Encounter]:
        """Return the encounter with this id or ending of an id. Raises NotFound, Ambiguous."""
        found = [(view, each) for view, each in self.entries(query) if isinstance(each, Encounter)]
        if not found:
            raise NotFound(f"no encounter has an id that ends with “{query}”")
        if len(found) > 1:
            labels = [each.id for _, each in found]
            raise Ambiguous(f"“{query}” may mean {', '.join(labels)}; give more of the id", labels)
        return found[0]

    def entries(self, query: str) -> list[tuple[View, edits.Entry]]:
        """Return the entries of all files that have this id, or an id that ends with these 4 characters or more."""
        everything = [
            (entry.id, "", (view, entry))
            for view in self.views()
            for table in ENTRY_KINDS
            for entry in getattr(view.relationship, table)
        ]
        return match.texts(query, everything)

    # ── changing ─────────────────────────────────────────────────────────────────────────────────────────

    def new_id(self) -> str:
        """Return a fresh id for something that comes to be now."""
        return new_id(self.clock.today())

    def create(self, name: str, kind: str = "person", *, another: bool = False, **fields: Any) -> Summary:
        """Make a new relationship and return it.

        Raises:
            Refused: when one of that name exists and `another` is False, or a field does not validate.
        """
        relationship = edits.new_relationship(self.new_id(), name, kind, **fields)
        same = [each for each in self.summaries() if match.slug(each.name) == match.slug(name) != ""]
        if same and not another:
            raise Refused(f"{same[0].name} is here already ({same[0].file}); --another makes a second of that name")
        self.add([relationship])
        return self.summary(relationship.id)

    def add(self, relationships: Iterable[Relationship]) -> None:
        """Write a new file for each of these. Raises Conflict, Unwritable."""
        try:
            for each in relationships:
                self._changes.create(each)
        finally:
            self.refresh()

    def change(self, key: str, what: str, edit: Edit) -> Relationship:
        """Do an edit on what stands in the file of a relationship, save it, and return the result.

        Raises:
            Refused: when the edit goes against a rule, or the relationship is read-only.
            Damage, Conflict, Unwritable: when the file cannot be read or saved; nothing is done then.
        """
        return self.change_all(what, {key: edit})[0]

    def change_all(self, what: str, changes: Mapping[str, Edit]) -> list[Relationship]:
        """Do an edit on the file of each of these keys, all or none; raises what `change` does."""
        work = [(self.writable(key).file, edit) for key, edit in changes.items()]
        result = self._changes.edit(what, work)
        self.refresh()
        return result

    def scratch(self) -> Path:
        """Return a new private folder that stays until it is removed, for a text that is edited elsewhere."""
        files.make_folder(self.places.kept)
        return Path(tempfile.mkdtemp(prefix="edit-", dir=self.places.kept))

    def text(self, summary: Summary) -> bytes:
        """Return the bytes of a file, also of a damaged one. Raises Damage when they cannot be read."""
        return files.read(self.path(summary))

    def replace(self, summary: Summary, edited: Path, base: bytes) -> Relationship:
        """Put `edited`, a copy of `base` changed by hand, in the place of a file; a damaged one may be repaired so.

        Raises:
            Damage: naming `edited`, when it is no relationship.
            Refused: when the id of a sound file was changed, or the format is a newer one.
            Conflict, Unwritable: when the file has changed since, or cannot be saved.
        """
        identity = "" if summary.problem else summary.id
        result = self._changes.replace(f"edit {summary.name}", summary.file, edited, base, identity)
        self.refresh()
        return result

    def writable(self, key: str) -> Summary:
        """Return the summary for a key whose file can be changed. Raises NotFound, Damage, Refused."""
        summary = self.summary(key)
        if not summary.readable:
            raise Damage(self.path(summary), summary.line, summary.problem)
        if summary.problem:
            raise Refused(f"{self.path(summary)}: {summary.problem}")
        return summary

    def delete(self, key: str, identity: str | None = None) -> Path:
        """Move a relationship, or the entry of it with this id, to the trash, its references removed; return where."""
        summary = self.writable(key)
        gone = identity or summary.id
        others = [
            (self.writable(view.summary.key).file, _without(gone))
            for view in self.views()
            if view.summary.key != key and edits.without_references(view.relationship, {gone}) is not view.relationship
        ]
        if identity is None:
            kept = self._changes.remove(f"delete {summary.name}", summary.file, others)
        else:
            kept = self._changes.remove_entry(f"delete from {summary.name}", summary.file, identity, others)
        self.refresh()
        return kept

    def undo(self) -> Change:
        """Take the last change back. Raises Refused with the reason when it cannot be."""
        change = self._changes.undo()
        self.refresh()
        return change

    def redo(self) -> Change:
        """Do what was taken back again. Raises Refused with the reason when it cannot be."""
        change = self._changes.redo()
        self.refresh()
        return change

    # ── encounters ───────────────────────────────────────────────────────────────────────────────────────

    def parties(self, key: str, with_: Iterable[str]) -> list[Summary]:
        """Return the relationships that take part in an encounter of `key` with these, home first."""
        home = self.summary(key)
        named = [self.directory.everyone.get(self.directory.resolved(each)) for each in with_]
        ids = [each.relationship if each.home else each.id for each in named if each is not None]
        others = [found for identity in ids if identity and (found := self._read.summary(identity)) is not None]
        return list({each.key: each for each in (home, *others)}.values())

    def agenda(self, key: str, with_: Iterable[str] = (), fixed: Sequence[str] = ()) -> list[Standing]:
        """Return the open issues of everyone who takes part, home first, each ranked: their order numbers them.

        The issues with the ids in `fixed` keep the numbers they have, whatever became of them meanwhile.
        """
        today = self.clock.today()
        views = [self.view(party.key) for party in self.parties(key, with_) if party.readable]
        standings = {each.issue.id: each for view in views for each in view.standings(today, ISSUE_STATES)}
        current = [each.issue.id for view in views for each in rank(view.standings(today))]
        return [standings[each] for each in dict.fromkeys((*fixed, *current)) if each in standings]

    def context(self, key: str, at: datetime, with_: Sequence[str] = (), fixed: Sequence[str] = ()) -> Context:
        """Return what a note of an encounter of `key` is read against; `fixed` are the ids already numbered."""
        parties = [self.view(party.key).relationship for party in self.parties(key, with_) if party.readable]
        issues = [each.issue for each in self.agenda(key, with_, fixed)]
        everyone = self.directory.everyone.values()
        return Context.between(parties, issues, everyone, at, self.clock.today(), self.date_order)

    def read_note(self, key: str, encounter: Encounter, note: str, fixed: Sequence[str] = ()) -> Reading:
        """Return what a note means, whom its `with:` lines name included; `fixed` are the ids already numbered."""
        reading = grammar.read(note, self.context(key, encounter.at, encounter.with_, fixed))
        if reading.took_part:
            everyone = (*encounter.with_, *(who.id for who in reading.took_part))
            reading = grammar.read(note, self.context(key, encounter.at, everyone, fixed))
        return reading

    def log(self, key: str, encounter: Encounter, reading: Reading, more_of: Encounter | None = None) -> Plan:
        """Save an encounter and all that its note means, into the file of everyone whom it concerns.

        `more_of` is the encounter as it was read, when it is saved already and `reading` is to be added to it.

        Raises:
            Refused, Damage, Conflict, Unwritable: with nothing saved.
        """
        today = self.clock.today()
        done = plan(self.summary(key).id, encounter, reading, self.new_id)
        name = self.summary(key).name
        work = [
            (
                self.writable(each).file,
                lambda now: continued(done, more_of, now, today) if more_of else applied(done, now, today),
            )
            for each in done.relationships
        ]
        self._changes.edit(f"{encounter.channel} with {name}", work)
        self.refresh()
        return done

    # ── the folder ───────────────────────────────────────────────────────────────────────────────────────

    def check(self) -> list[Problem]:
        """Return every problem of the folder, each with its file, line and reason."""
        return check(self._read, self.clock)


def _named(summary: Summary, directory: Directory) -> Named:
    """How a file answers to a name: one that is damaged or shares its id answers to its file name."""
    known = directory.everyone.get(summary.key)
    if known is not None and known.file == summary.file:
        return known
    return Named(summary.key, summary.name, file=summary.file)


def _without(identity: str) -> Edit:
    return lambda relationship: edits.without_references(relationship, {identity})

"""The folder as it is read: who there is, each relationship with its timeline, and what is found in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

from convo_tui.clock import Clock
from convo_tui.core import edits, finding, match, noticing
from convo_tui.core.brief import Brief, brief
from convo_tui.core.carry import Standing, standing
from convo_tui.core.dates import DateOrder
from convo_tui.core.errors import Ambiguous, NotFound, Refused
from convo_tui.core.finding import Offer
from convo_tui.core.match import Named
from convo_tui.core.models import Encounter, Heard, Issue, Relationship
from convo_tui.core.participation import Directory, place_in_time
from convo_tui.core.signs import Signs
from convo_tui.core.summary import Summary
from convo_tui.core.topics import Topic
from convo_tui.paths import Places
from convo_tui.store import files, trash
from convo_tui.store.catalog import Catalog
from convo_tui.store.check import Problem, check
from convo_tui.store.errors import Damage
from convo_tui.store.index import across, database, noticed, people
from convo_tui.store.index.across import Called, HeardFrom, Kind
from convo_tui.store.index.progress import Progress
from convo_tui.store.lookup import Lookup

_STEP, _AT_ONCE = 0.05, 50
"""Seconds after which, and of how many at the most, the signs gathered so far are kept: a step that a screen can wait
for, and no more is lost by whoever grows impatient."""


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

    def standing(self, identity: str, today: date) -> Standing | None:
        """Return where the issue with this id stands; None when it has none. A long timeline takes its time."""
        issue = next((each for each in self.relationship.issues if each.id == identity), None)
        return self._stands(issue, today) if issue is not None else None

    def standings(self, today: date, states: Iterable[str] = ("open",)) -> list[Standing]:
        """Return where its issues of these states stand; parked ones whose day has come read as open."""
        wanted = set(states)
        return [
            self._stands(issue, today)
            for issue in self.relationship.issues
            if ("open" if issue.is_open(today) else issue.state) in wanted
        ]

    def _stands(self, issue: Issue, today: date) -> Standing:
        return standing(issue, self.timeline, today, self.relationship.id, self.relationship.name)


class Shelf(Lookup):
    """The relationships of a folder, for reading."""

    def __init__(self, places: Places, clock: Clock, date_order: DateOrder = None) -> None:
        super().__init__(places, clock, date_order)
        self._catalog = Catalog(self._index)

    # ── who there is ─────────────────────────────────────────────────────────────────────────────────────

    def sweep(self) -> list[Path]:
        """Clear away what killed saves left behind, and what was kept for long enough.

        Return the versions of other programs that were found among it: they are kept.
        """
        trash.tidy(self.places.kept, self.clock.now())
        folders = [each for each in (self.places.journal, self.places.trash, self.places.kept) if each.is_dir()]
        return [kept for each in folders for kept in files.sweep(each, self.places.locks, self.places.kept)]

    @property
    def directory(self) -> Directory:
        """Whom every id means."""
        return self.index.directory

    def find(self, name: str) -> Summary:
        """Return the relationship that `name` means (CONTRACT.md, "NAME").

        Raises:
            NotFound, Ambiguous: when nothing or more than one answers to it.
        """
        found = match.names(name, self._relationships_called(name))
        if not found:
            raise NotFound(f"nobody here is called “{name}”; `convo list` shows everyone, `convo new` adds someone")
        if len(found) > 1:
            labels = [each.label for each in found]
            raise Ambiguous(f"“{name}” may mean {', '.join(labels)}; say which", labels)
        return self.summary(found[0].id)

    def _relationships_called(self, name: str) -> list[Named]:
        """Return who may be meant, each by their key: one that is damaged or shares its id answers to its file name."""
        found = [each for each in self.index.maybe_called(name) if not each.home]
        odd = {each.file: Named(each.key, each.name, file=each.file) for each in self.index.problems()}
        return [*(each for each in found if each.file not in odd), *odd.values()]

    def text(self, summary: Summary) -> bytes:
        """Return the bytes of a file, also of a damaged one. Raises Damage when they cannot be read."""
        return files.read(self.path(summary))

    # ── one relationship ─────────────────────────────────────────────────────────────────────────────────

    def summary(self, key: str) -> Summary:
        """Return the summary for a key, or for an id joined into another. Raises NotFound."""
        found = self.index.summary(key) or self.index.summary(self.directory.resolved(key))
        if found is None:
            raise NotFound(f"{key} is no longer in the journal")
        return found

    def in_file(self, file: str) -> Summary:
        """Return the summary of a file, also of a damaged one. Raises NotFound."""
        found = self.index.in_file(file)
        if found is None:
            raise NotFound(f"{file} is no longer in the journal")
        return found

    def view(self, key: str) -> View:
        """Return a relationship with its timeline. Raises NotFound, Damage."""
        summary = self.summary(key)
        relationship = self._catalog.document(summary.file).relationship
        timeline = list(relationship.encounters)
        homes: dict[str, str] = {}
        for home, wanted in self.index.joint(relationship.id).items():
            other = self._catalog.document(self.summary(home).file).relationship
            joint = [each for each in other.encounters if each.id in wanted]
            homes.update((each.id, home) for each in joint)
            timeline += joint
        timeline.sort(key=lambda each: place_in_time(each.at, each.id, each.id not in homes))
        ids = {each for encounter in timeline for each in (*encounter.with_, *encounter.mentions)}
        names = {each: self.directory.name(each) for each in (*ids, *homes.values())}
        return View(summary, relationship, tuple(timeline), homes, names)

    def writable(self, key: str) -> Summary:
        """Return the summary for a key whose file can be changed. Raises NotFound, Damage, Refused."""
        known = self.index.summary(key)
        if known is None or known.problem:
            self.refresh()  # it may have been put right since
        summary = self.summary(key)
        if not summary.readable:
            raise Damage(self.path(summary), summary.line, summary.problem)
        if summary.problem:
            raise Refused(f"{self.path(summary)}: {summary.problem}")
        return summary

    def views(self) -> Iterable[View]:
        """Return everyone who can be read, each with their timeline: every file is read."""
        return (self.view(each.key) for each in self.summaries() if each.readable)

    def newest_encounter(self, view: View) -> Encounter | None:
        """Return the newest encounter of a relationship; None when there is none yet."""
        return view.timeline[-1] if view.timeline else None

    # ── across relationships ─────────────────────────────────────────────────────────────────────────────

    def standings(self, states: Iterable[str] = ("open",)) -> list[Standing]:
        """Return where the issues of these states stand, across all relationships that can be read.

        Archived ones count only when other states than `open` are asked for.
        """
        return across.standings(self.index.sql, self.clock.today(), frozenset(states))

    def heard(self, key: str | None = None) -> list[HeardFrom]:
        """Return what was heard from one relationship, or from everyone who is not archived, in time for each."""
        return across.heard(self.index.sql, key)

    def signs(self) -> list[Signs]:
        """Return the signs of everyone who may need attention; what the index lacks is gathered, and kept in it."""
        found = super().signs()
        for some, _ in self._steps():
            found += some
        return found

    def gathering(self) -> Iterator[Progress]:
        """Gather the signs that the index lacks in steps, between which everything else can be asked.

        Progress counts relationships. Nothing is yielded when nothing lacks.
        """
        return (progress for _, progress in self._steps())

    def _steps(self) -> Iterator[tuple[list[Signs], Progress]]:
        """Yield the signs that the index lacked, some at a time, each time when they are kept."""
        keys, done = self.index.without_signs(self.clock.today()), 0
        while done < len(keys):
            seen, until = database.version(self.index.sql), self.clock.monotonic() + _STEP
            some: list[Signs] = []
            for key in keys[done : done + _AT_ONCE]:
                some += self._signs(key)
                done += 1
                if self.clock.monotonic() >= until:
                    break
            noticed.keep(self.index.sql, some, seen)
            yield some, Progress(done, len(keys))

    def _signs(self, key: str) -> Iterator[Signs]:
        """The signs of one relationship; nothing when it has changed so: the next look at the folder tells."""
        with suppress(Damage, NotFound):
            view = self.view(key)
            yield noticing.signs(view.relationship, view.timeline, self.belonging(view.relationship), view.homes)

    def belonging(self, relationship: Relationship) -> list[Named]:
        """Return the relationships that belong to an organisation: that state it, or are those of people in it."""
        theirs = (self.directory.resolved(each.relationship) for each in relationship.people if each.relationship)
        known = [self.directory.everyone[each] for each in theirs if each in self.directory.everyone]
        return known + people.stating(self.index.sql, self.directory, relationship.id)

    def topics(self) -> list[Topic]:
        """Return what we are talking about with everyone who is not archived, what is open and recent first."""
        return across.topics(self.index.sql, self.clock.today())

    def called(self) -> Iterable[Called]:
        """Return the issues and what was heard of everyone, by what they are called."""
        return across.called(self.index.sql)

    # ── entries that people mean ─────────────────────────────────────────────────────────────────────────

    def find_issue(self, query: str, usable: Callable[[Issue], bool]) -> tuple[View, Issue]:
        """Return the issue that `query` means: an id or its ending, the exact text, then all words.

        `usable` says which ones the caller can do something with; an id finds the others too.

        Raises:
            NotFound, Ambiguous: when nothing or more than one answers to it.
        """
        found: tuple[View, Issue] = self._find_entry(query, "issue", "issue", usable)
        return found

    def find_heard(self, query: str, usable: Callable[[Heard], bool]) -> tuple[View, Heard]:
        """Return what was heard that `query` means, as `find_issue` does."""
        found: tuple[View, Heard] = self._find_entry(query, "need or idea", "heard", usable)
        return found

    def _find_entry(self, query: str, what: str, kind: Literal["issue", "heard"], usable: Callable[[Any], bool]) -> Any:
        maybe = [(each.id, each.text, each) for each in across.maybe_meant(self.index.sql, kind, query)]
        meant = [each for each in maybe if match.texts(query, [each])]
        answers = match.texts(query, [each for each in meant if usable(each[2].model())]) or match.texts(query, meant)
        found = list({(each.relationship_id, each.id): each for each in answers}.values())
        if len(found) > 1:
            labels = [f"{each.text} ({each.relationship}, {each.id})" for each in found]
            raise Ambiguous(f"“{query}” may mean {', '.join(labels)}; give the id or its end", labels)
        for view, entry in self._whole((each.key, each.kind, each.id) for each in found):
            return view, entry
        raise NotFound(f"no {what} answers to “{query}”; `convo issues` and `convo brief NAME` show them")

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
        maybe = [(each[-1], "", each) for each in across.maybe_ids(self.index.sql, query)]
        # Two files with one id are one relationship to choose from; why it is read-only is told when it is changed.
        found = {(home, identity): (key, kind, identity) for key, home, kind, identity in match.texts(query, maybe)}
        return list(self._whole(found.values()))

    def _whole(self, found: Iterable[tuple[str, Kind, str]]) -> Iterator[tuple[View, Any]]:
        """Yield the entries with these keys, kinds and ids as they stand in their files."""
        for key, kind, identity in found:
            view = self.view(key)
            for entry in getattr(view.relationship, _TABLES[kind]):
                if entry.id == identity:
                    yield view, entry
                    break

    # ── offering ─────────────────────────────────────────────────────────────────────────────────────────

    def everyone(self) -> list[Named]:
        """Return with whom an encounter can begin: each relationship that can be written, and the people in it.

        Someone in an organisation who has a file of their own is in the list once, as that relationship.
        """
        unable = {each.id for each in self.index.problems()}
        everyone = {each.id: each for each in reversed(list(self.index.everyone()))}
        return [
            each
            for each in reversed(everyone.values())
            if (each.home or each.id) not in unable
            and ((own := self.directory.resolved(each.relationship)) not in everyone or own in unable)
        ]

    def nearness(self) -> dict[str, int]:
        """Return the rank of each relationship by id, for `finding.fuzzy`: due first, then the last spoken with."""
        return finding.nearness(self.summaries(), self.clock.today())

    def completions(self, kind: Literal["names", "topics"], prefix: str, limit: int = 50) -> list[Offer]:
        """Return what completes `prefix`: names as `finding.fuzzy` finds them, or topics, the most frequent first."""
        if kind == "names":
            found = finding.fuzzy(prefix, self.everyone(), self.nearness(), limit)
            return [Offer(each.name, self.directory.name(each.organisation) or each.organisation) for each in found]
        begun = prefix.removeprefix("#").casefold()
        topics = [(topic, count) for topic, count in self.index.topics().items() if topic.startswith(begun)]
        topics.sort(key=lambda each: (-each[1], each[0]))
        return [Offer(topic, count=count) for topic, count in topics[:limit]]

    # ── the folder ───────────────────────────────────────────────────────────────────────────────────────

    def check(self) -> list[Problem]:
        """Return every problem of the folder, each with its file, line and reason."""
        return check(self.index, self._catalog, self.clock)

    def rebuilding(self) -> Iterator[Progress]:
        """Throw the index away and read everything again, in steps. Raises Refused when it cannot be removed."""
        try:
            self._index.forget()
        except OSError as error:
            path = self.places.index
            raise Refused(f"{path}: the index cannot be removed: {error.strerror}; remove it by hand") from None
        return self.refreshing()


_TABLES: dict[Kind, str] = {"person": "people", "issue": "issues", "heard": "heard", "encounter": "encounters"}
"""In which table of a file the entries of a kind stand."""

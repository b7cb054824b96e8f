"""The versions of the folder: how they stand, a sync with another machine, what only a person can merge."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.message import Message

from convo_tui.core.contradiction import UNRESOLVED, Contradiction, Decision
from convo_tui.core.errors import ConvoError, Refused
from convo_tui.sanitize import single
from convo_tui.tui.rows.versions import Course, standing
from convo_tui.tui.screens.conflict import Conflict
from convo_tui.tui.screens.listing import Listing
from convo_tui.tui.screens.problems import Problems
from convo_tui.tui.screens.recalling import Recalling
from convo_tui.tui.screens.versions import Versions
from convo_tui.tui.widgets.header import Header

if TYPE_CHECKING:
    from convo_tui.store.git.repository import Done, Plan, Repository, State, Version
    from convo_tui.store.journal import Journal, Problem

_LOOKING, _FETCHING = 60, 600
"""Seconds between two looks at how the versions stand, and between two questions to the other place (`auto_fetch`)."""
_ELSEWHERE = "the other version"


class Versioning(Recalling):
    """Asks git, on a thread of its own: nothing here waits for it but what a person waits for."""

    class CourseChanged(Message):
        """A sync has told a further step."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Create the screen; the arguments are those of `Browsing`."""
        super().__init__(*args, **kwargs)
        self._course: Course | None = None
        self._is_looking = self._is_outdated = self._is_unreachable = False
        self._hinted: set[str] = set()
        self._uncommitted: set[str] = set()

    # ── how they stand ───────────────────────────────────────────────────────────────────────────────────

    def on_mount(self) -> None:
        """Look again now and then: a fetch grows old, and other programs use git as well."""
        if self.desk.asks_git:
            self.set_interval(_LOOKING, self.look_at_versions)
            if self.desk.settings.auto_fetch:
                self.set_interval(_FETCHING, self._fetch)

    def was_read(self) -> None:
        """Do what had to wait until the folder was read."""
        super().was_read()
        self.look_at_versions()
        if self.desk.asks_git and self.desk.settings.auto_fetch:
            self._fetch()

    async def reload(self, select: str | None = None) -> None:
        """Read what has changed in the folder and show it, also what is in no version yet."""
        await super().reload(select)
        self.look_at_versions()

    @on(Listing.FolderChanged)
    def look_at_versions(self) -> None:
        """Bring the header up to date: one look at a time, and one more for what changed meanwhile."""
        self._is_outdated = True
        if self.desk.asks_git and not self._is_looking:
            self._is_looking = True
            self.run_worker(self._look_on(), group="versions")

    async def _look_on(self) -> None:
        try:
            while self._is_outdated and self.app.is_running:
                self._is_outdated = False
                self._show_state(await self._state())
        finally:
            self._is_looking = False

    async def _state(self) -> State | None:
        try:
            return await self.desk.versions(lambda repository: repository.state())
        except ConvoError:  # S tells why
            return None

    def _show_state(self, state: State | None) -> None:
        if not self.app.is_running:
            return
        now = standing(state, self.desk.clock.now(), self._is_unreachable)
        header = self.query_one(Header)
        header.versions, header.urgency = now.texts, now.urgency
        count = len(state.unmerged) if state is not None and state.is_ours else 0
        files = "file is" if count == 1 else "files are"
        self._hint("unmerged", count > 0, f"{count:,} {files} to be merged · S does it")
        by_lines = state is not None and state.driven and not state.is_set_up
        self._hint("by lines", by_lines, "This clone merges by lines only · S sets up the merge by meaning")

    def _hint(self, what: str, holds: bool, said: str) -> None:
        """Say something once, and again only after it has ceased to be so; not to a person who is at it."""
        if not holds:
            self._hinted.discard(what)
        elif what not in self._hinted:
            self._hinted.add(what)
            if self._versions_screen() is None:
                self.say(said, "warning")

    @work(group="fetch", exclusive=True)
    async def _fetch(self) -> None:
        """Ask the other place what it has, as `auto_fetch` says; without an answer, only the header tells."""
        try:
            await self.desk.versions(_fetched)
            self._is_unreachable = False
        except ConvoError:
            self._is_unreachable = True
        self.look_at_versions()

    # ── a sync ───────────────────────────────────────────────────────────────────────────────────────────

    async def action_sync_versions(self) -> None:
        """Show what a sync would do, or how the one goes that is under way."""
        if not self.has_class("-curtain"):  # it would show what the curtain hides
            await self.app.push_screen(Versions(self._plan, self._begin_sync, self._course))

    async def _plan(self) -> Plan:
        return await self.desk.versions(lambda repository: repository.plan())

    def _begin_sync(self, plan: Plan, only_commit: bool) -> Course:
        course = self._course = Course()
        self._sync(plan, only_commit, course)
        return course

    @work(group="sync")
    async def _sync(self, plan: Plan, only_commit: bool, course: Course) -> None:
        """Do what a plan says; where it is looked on, a person decides at once what only a person can."""
        await self.catch_up()
        try:
            if plan.state is None:
                await self.desk.versions(lambda repository: repository.set_up())
            elif only_commit:
                course.end = _commit_told(await self.desk.versions(lambda repository: repository.commit()))
            else:
                course.end = await self._sync_to_the_end(course)
        except ConvoError as error:
            course.failed = f"{error}; what was done before stays."
        course.is_over, self._course = True, None
        await self.reload()
        screen = self._versions_screen()
        if screen is None:
            self.say(course.failed or course.end, "error" if course.failed else "information")
        elif plan.state is None and not course.failed:
            screen.look()  # there is something to make a version of now
        else:
            screen.show_course()

    async def _sync_to_the_end(self, course: Course) -> str:
        """Sync until nothing is left to decide, or a person leaves it for later; return how it ended, in words."""

        def told(step: str) -> None:  # on git's thread
            course.steps.append(step)
            self.post_message(self.CourseChanged())

        went = 0
        while True:
            done = await self.desk.versions(lambda repository: repository.sync(told))
            went += done.went
            course.came += done.came
            if not done.undecided:
                return _told(done, len(course.came), went)
            await self.reload()
            for file in done.undecided:
                name = await self.merge_file(file) if self._versions_screen() is not None else ""
                if not name:
                    return f"{_files(len(done.undecided))} left to be decided · S asks again"
                course.steps.append(f"decided {single(name)}")

    @on(CourseChanged)
    def _show_course(self) -> None:
        screen = self._versions_screen()
        if screen is not None:
            screen.show_course()

    def _versions_screen(self) -> Versions | None:
        return next((each for each in self.app.screen_stack if isinstance(each, Versions)), None)

    # ── what could not be merged ─────────────────────────────────────────────────────────────────────────

    async def merge_file(self, file: str) -> str:
        """Make one version of a file that has two; a person decides what contradicts.

        Return the name of the relationship; nothing when it still has two versions, and that was told.
        """
        decision: Decision | None = None
        while True:
            try:
                return await self.desk.versions(_resolving(file, decision))
            except Contradiction as contradiction:
                decision = await self.app.push_screen_wait(Conflict(contradiction, _ELSEWHERE))
                if decision is None:
                    self.say(f"{file} is left for later; nothing of it was changed.", "warning")
                    return ""
            except ConvoError as error:
                self.say(str(error), "error")
                return ""

    def problems(self, at: Problem | None) -> Problems:
        """Return the list of problems, in which a file with two versions can be merged."""
        return Problems(self._check, at, self._merge_problem)

    async def _merge_problem(self, file: str) -> bool:
        name = await self.merge_file(file)
        if name:
            self.say(f"{single(name)}: the two versions are one again.")
            await self.reload()
        return bool(name)

    def cure(self, problem: str) -> str:
        """Say what can be done about a file that cannot be read."""
        said = super().cure(problem)
        return (
            f"S merges the two versions; so does m in the list of problems, D. {said}"
            if UNRESOLVED in problem
            else said
        )

    # ── a version after each encounter ───────────────────────────────────────────────────────────────────

    def encounter_is_over(self, ids: Iterable[str]) -> None:
        """Make a version of the files of these relationships, as `auto_commit` says, now that a receipt was left."""
        if self.desk.settings.auto_commit:
            self._uncommitted.update(ids)
            self._commit()

    @work(group="commit")
    async def _commit(self) -> None:
        wanted = frozenset(self._uncommitted)
        files = await self.attempt(lambda journal: _names(journal, wanted))
        if not files:
            return
        try:
            is_used = await self.desk.versions(lambda repository: _committed(repository, files))
        except ConvoError as error:
            self._hint("refused", isinstance(error, Refused), str(error))
            if not isinstance(error, Refused):
                self.say(str(error), "error")
        else:
            self._uncommitted -= wanted
            self._hinted.discard("refused")
            self._hint("unused", not is_used, "No version was made yet: S first shows what git does here.")
        self.look_at_versions()

    async def leave_versions(self) -> None:
        """Have made what is not made yet, while the screen goes."""
        wanted = frozenset(self._uncommitted)
        files = await self.attempt(lambda journal: _names(journal, wanted)) if wanted else None
        if files:
            self.desk.before_leaving(lambda repository: _committed(repository, files))


def _fetched(repository: Repository) -> None:
    if repository.is_used():
        repository.fetch()


def _committed(repository: Repository, files: list[str]) -> bool:
    """Make a version of these files; False where git was never used here, and nothing happens by itself."""
    is_used = repository.is_used()
    if is_used:
        repository.commit_by_itself(files)
    return is_used


def _resolving(file: str, decision: Decision | None) -> Callable[[Repository], str]:
    return lambda repository: repository.resolve(file, decision)


def _names(journal: Journal, ids: Iterable[str]) -> list[str]:
    """The names of the files of relationships; of those that are gone, none."""
    found = (journal.index.summary(each) for each in ids)
    return sorted({each.file for each in found if each is not None})


def _commit_told(version: Version | None) -> str:
    if version is None or not version.files:
        return "Nothing has changed since the last version."
    return f"Made a version: {version.subject}"


def _told(done: Done, came: int, went: int) -> str:
    """How a sync ended, in words."""
    counts = [f"{count:,} {what}" for count, what in ((came, "came"), (went, "went")) if count]
    if done.note:
        return f"Done here; {done.note}."
    if counts:
        return f"Both places have the same now: {', '.join(counts)}."
    return "Done." if done.steps else "Nothing was to be done."


def _files(count: int) -> str:
    return "1 file is" if count == 1 else f"{count:,} files are"

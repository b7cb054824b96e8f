"""The versions of the folder, for the command line and the full screen: the one face of the user's git.

It knows nothing of the index or of what is on the screen, so it can work on a thread of its own: talking to another
machine takes as long as it takes, and nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace

from convo_tui.clock import Clock
from convo_tui.core.contradiction import Contradiction, Decision
from convo_tui.core.difference import Difference
from convo_tui.core.errors import ConvoError, Refused
from convo_tui.core.models import Relationship
from convo_tui.paths import Places
from convo_tui.store import files
from convo_tui.store.errors import Conflict
from convo_tui.store.git import committing, running, setting_up, state, syncing, trust
from convo_tui.store.git.committing import Version
from convo_tui.store.git.history import History, Past, Told
from convo_tui.store.git.memory import Memory
from convo_tui.store.git.running import Git, GitFailed, NoGit
from convo_tui.store.git.state import State
from convo_tui.store.git.syncing import Done, Plan, Step, ago, fetched
from convo_tui.store.git.unmerged import Resolving

__all__ = [
    "Done",
    "GitFailed",
    "NoGit",
    "Past",
    "Plan",
    "Repository",
    "State",
    "Step",
    "Told",
    "Version",
    "ago",
    "fetched",
]

_TRIES = 3
"""How often a push is tried again because another machine was faster."""
_STOPS = 1000
"""At how many versions a rebase may stop to be merged."""
_PATIENCE = 60.0
"""Seconds to wait for another Convo that uses git here."""


class Repository:
    """The git of one journal. Each question is asked anew: other programs use it, too."""

    def __init__(self, places: Places, clock: Clock) -> None:
        self._places, self._clock = places, clock
        self._memory = Memory(places.own_state)

    # ── how it stands ────────────────────────────────────────────────────────────────────────────────────

    def state(self) -> State | None:
        """Return how the versions stand; None where there are none, or no git. Nothing of the repository is executed.

        Raises:
            GitFailed: when git cannot tell.
        """
        try:
            return self._state(Git(self._places.journal))
        except NoGit:
            return None

    def _state(self, git: Git) -> State:
        now = state.read(git, state.home(git), self._clock.zone, setting_up.driver(git))
        remembered = self._memory.read()
        return replace(
            now,
            fetched=now.fetched or remembered.synced,
            synced=remembered.synced,
            error=remembered.error,
            is_own_rebase=now.rebased_from == remembered.rebasing != "",
        )

    def unknown_commands(self) -> list[str]:
        """Return what this repository would run of its own when its git is used, as far as the person was not told.

        Raises:
            GitFailed: when git cannot tell.
        """
        git = Git(self._places.journal)
        try:
            return self._memory.read().unknown(trust.commands(git, state.home(git)))
        except NoGit:
            return []

    def is_used(self) -> bool:
        """Whether the person has used git here through us, and knows what it runs: only then is anything done by
        itself."""
        return self._memory.read().trusted is not None and not self.unknown_commands()

    # ── setting up ───────────────────────────────────────────────────────────────────────────────────────

    def missing(self) -> list[str]:
        """Return what `set_up` would add. Raises GitFailed, Damage."""
        return [each.what for each in setting_up.missing(Git(self._places.journal), self._places)]

    def set_up(self) -> list[str]:
        """Add what is missing so that the folder has versions, and this clone merges by meaning; return what it was.

        Raises:
            GitFailed, Damage, Conflict, Unwritable: what was added before stays.
        """
        with self._alone():
            done = self._add_missing(Git(self._places.journal))
            self._trust()
        return done

    def _add_missing(self, git: Git) -> list[str]:
        done: list[str] = []
        while found := [each for each in setting_up.missing(git, self._places) if each.what not in done]:
            for each in found:
                each.add()
                done.append(each.what)
        return done

    def _trust(self) -> None:
        git = Git(self._places.journal)
        self._memory.trust(trust.commands(git, state.home(git)))

    # ── versions ─────────────────────────────────────────────────────────────────────────────────────────

    def version(self, only: Sequence[str] | None = None) -> Version | None:
        """Return the version that `commit` would make; None when nothing has changed. Raises GitFailed."""
        git = Git(self._places.journal)
        return committing.planned(git, self._state(git), self._clock.zone, only)

    def commit(self, only: Sequence[str] | None = None) -> Version | None:
        """Make a version of what has changed, of these files `only` where they are given; return it.

        Asking for it is to know what the repository runs then: `unknown_commands` has been shown before.

        Raises:
            GitFailed: when git or a hook refuses.
            Refused: while anything is unmerged.
        """
        with self._alone():
            git = Git(self._places.journal)
            self._trust()
            version = self._commit(git, only)
            self._memory.cured()
            return version

    def commit_by_itself(self, only: Sequence[str]) -> Version | None:
        """Do the same because the settings ask for it (`auto_commit`): nothing where the person has not used git here
        yet, or does not know of what it would run.

        Raises:
            GitFailed, Refused: as `commit` does; the state tells of it, too.
        """
        if not self.is_used():
            return None
        try:
            version = self.commit(only)
        except (GitFailed, Refused) as error:
            self._memory.failed(str(error))
            raise
        return version

    def _commit(self, git: Git, only: Sequence[str] | None = None) -> Version | None:
        now = self._state(git)
        if now.is_unmerged:
            where = ", ".join(now.unmerged) or "elsewhere in the repository"
            raise Refused(
                f"something is not merged yet ({where}); no version is made before: `convo git sync` merges it"
            )
        if now.doing:
            how = "`convo git sync` finishes it" if not syncing.hindrance(now) else "finish it first"
            raise Refused(f"a {now.doing} is going on; no version is made in between: {how}")
        version = committing.planned(git, now, self._clock.zone, only)
        if version is None or not version.files:
            return version
        committing.commit(git, version)
        return version

    # ── together with another machine ────────────────────────────────────────────────────────────────────

    def plan(self) -> Plan:
        """Return what `sync` would do, as far as is known without asking the other place. Raises GitFailed, Damage."""
        git = Git(self._places.journal)
        missing = setting_up.missing(git, self._places)
        try:
            now = self._state(git)
        except NoGit:
            return Plan(None, (Step("begin to keep versions", tuple(each.what for each in missing)),))
        hindrance = syncing.hindrance(now)
        version = None if now.is_unmerged or hindrance else committing.planned(git, now, self._clock.zone)
        notes = list(version.left_out) if version is not None else []
        if not now.remote:
            notes.append(syncing.NOWHERE)
        if git.asked("check-ignore", "--no-index", "a.toml") is not None:
            notes.append("git is told to ignore *.toml here, so nothing new of the journal gets into a version")
        found = () if hindrance else tuple(syncing.steps(now, missing, version, self._clock.now()))
        return Plan(now, found, hindrance, tuple(self.unknown_commands()), tuple(notes))

    def sync(self, told: Callable[[str], object] = lambda _: None) -> Done:
        """Bring this machine and the other place together; `told` hears of each step as it begins.

        A version is made of what has changed, what the other place has is merged by meaning, and ours is sent there.
        What only a person can decide is left unmerged, and named: `resolve` it, and sync again.

        Raises:
            GitFailed, Refused, Damage, Conflict, Unwritable: when it cannot be done; what was done before stays.
        """
        with self._alone():
            git = Git(self._places.journal)
            try:
                done = self._sync(git, told)
            except ConvoError as error:
                self._memory.failed(str(error))
                raise
            finally:
                self._forget_rebase(git)
            if done.undecided:
                self._memory.failed(f"someone has to decide about {', '.join(done.undecided)}")
            else:
                self._memory.synced(self._clock.now())
            return done

    def _forget_rebase(self, git: Git) -> None:
        """Once no rebase of a sync is going on, the next one that is was begun by the person."""
        with suppress(GitFailed):
            if not self._state(git).doing:
                self._memory.rebasing("")

    def _sync(self, git: Git, told: Callable[[str], object]) -> Done:
        done: list[str] = []

        def tell(step: str) -> None:
            told(step)
            done.append(step)

        if added := self._add_missing(git):
            tell(f"set up: {'; '.join(added)}")
        self._trust()
        now = self._state(git)
        if why := syncing.hindrance(now):
            raise Refused(why)
        came = syncing.arriving(git) if now.doing == "merge" else []
        if undecided := self._merge_on(git, tell):
            return Done(tuple(done), undecided=undecided)
        version = self._commit(git)
        if version is not None and version.files:
            tell(f"made a version: {version.subject}")
        for attempt in range(_TRIES):
            now = self._state(git)
            if not now.remote:
                return Done(tuple(done), tuple(came), note=syncing.NOWHERE)
            told(f"fetching from {now.remote}")
            syncing.fetch(git, now.remote)
            if not now.upstream and now.commit and syncing.follow(git, now):
                tell(f"follows {now.remote}/{now.branch} from now on")
            now = self._state(git)
            if now.behind:
                coming = syncing.coming(git)
                tell(f"merging {syncing.counted(now.behind, 'version')} of {now.upstream}")
                if undecided := self._integrate(git, now, coming, tell):
                    return Done(tuple(done), undecided=undecided)  # what came is told when it has
                came += coming
                now = self._state(git)
            if not now.commit or (now.upstream and not now.ahead):
                return Done(tuple(done), tuple(came))
            told(f"pushing to {now.remote}")
            try:
                syncing.push(git, now)
            except GitFailed as error:
                if attempt + 1 < _TRIES and syncing.is_overtaken(error):
                    continue
                raise
            tell(
                f"pushed {syncing.counted(now.ahead, 'version') if now.ahead else 'the first versions'} to {now.remote}"
            )
            return Done(tuple(done), tuple(came), went=now.ahead)
        raise GitFailed(f"other machines were faster {_TRIES} times; try again")

    def _integrate(self, git: Git, now: State, coming: Sequence[str], tell: Callable[[str], None]) -> tuple[str, ...]:
        self._memory.rebasing(now.commit)
        try:
            syncing.integrate(git, now, coming, self._places)
        except GitFailed:
            if not self._state(git).is_unmerged:
                raise
            return self._merge_on(git, tell)
        if self._state(git).is_unmerged:  # what was in no version was put aside, and does not fit back by itself
            tell("what is in no version was put back by git, which keeps it in its stash, too")
            return self._merge_on(git, tell)
        return ()

    def _merge_on(self, git: Git, tell: Callable[[str], None]) -> tuple[str, ...]:
        """Merge what git could not, and finish what it is in the middle of; return what a person has to decide."""
        for _ in range(_STOPS):
            now = self._state(git)
            if why := syncing.hindrance(now):
                raise Refused(why)
            undecided = []
            for file in now.unmerged:
                try:
                    tell(f"merged {self._resolve(git, now, file, None)} by meaning")
                except Contradiction:
                    undecided.append(file)
            if undecided:
                return tuple(undecided)
            if not now.doing:
                break
            try:
                syncing.conclude(git, now, self._places)
            except GitFailed:
                if not self._state(git).is_unmerged:
                    raise
        return ()

    def fetch(self) -> None:
        """Ask the other place what it has; nothing of ours changes. Raises GitFailed, Refused."""
        with self._alone():
            git = Git(self._places.journal)
            now = self._state(git)
            if now.remote:
                syncing.fetch(git, now.remote)

    def hang_up(self) -> None:
        """Let go of another machine that is talked to on another thread, because Convo is left; it fails there."""
        running.hang_up()

    # ── what could not be merged ─────────────────────────────────────────────────────────────────────────

    def resolve(self, file: str, decision: Decision | None = None) -> str:
        """Make one version of a file that git could not merge, or that has its markers; return the name in it.

        Raises:
            Contradiction: when a person has to say which side stands, and `decision` does not.
            Refused: when a side is damaged, or nothing is to be merged.
            Damage, Conflict, Unwritable, GitFailed: with the file as it was.
        """
        with self._alone():
            git = Git(self._places.journal)
            try:
                now = self._state(git)
            except NoGit:
                return self._resolving(None).resolve(file, decision, turned=False)
            name = self._resolve(git, now, file, decision)
            self._memory.cured()
            return name

    def _resolve(self, git: Git, now: State, file: str, decision: Decision | None) -> str:
        return self._resolving(git).resolve(file, decision, turned=now.doing == "rebase")

    def _resolving(self, git: Git | None) -> Resolving:
        at = state.home(git) if git is not None else None
        return Resolving(self._places, self._clock.zone, self._clock.now(), git, at)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep other Convos from using git here at the same time. Raises Refused after a minute."""
        try:
            with files.locked(self._places.own_state / "git", self._places.locks, _PATIENCE):
                yield
        except Conflict as error:
            if error.path != self._places.own_state / "git":
                raise
            raise Refused("another Convo is at work with git here; try again in a moment") from None

    # ── what was ─────────────────────────────────────────────────────────────────────────────────────────

    def history(self, file: str, limit: int | None = None) -> list[Past]:
        """Return the versions of a file, the newest first, through its renames; at most `limit` of them.

        Raises:
            NoGit: when there are none.
            GitFailed, Damage: when git, or the file, cannot tell.
        """
        return self._history().pasts(file, limit)

    def meanings(self, pasts: Sequence[Past]) -> list[Told]:
        """Return what each of these versions changed; damage is told, too. Raises GitFailed."""
        return self._history().told(pasts)

    def as_it_was(self, past: Past) -> Relationship:
        """Return the relationship as it stood in a version. Raises Damage, Refused when it was deleted, GitFailed."""
        return self._history().as_it_was(past)

    def as_it_was_before(self, past: Past) -> Relationship | None:
        """Return the relationship as it stood before a version; None where it was not there. Raises Damage,
        GitFailed."""
        return self._history().before(past)

    def difference(self, earlier: Past, later: Past) -> tuple[Difference, ...]:
        """Return what changed between two versions, in words. Raises Damage, GitFailed."""
        return self._history().difference(earlier, later)

    def _history(self) -> History:
        git = Git(self._places.journal)
        return History(git, state.home(git), self._clock.zone)

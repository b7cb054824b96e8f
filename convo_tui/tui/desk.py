"""The journal on a thread of its own: the screen asks, and never waits for the disk; git on another one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from convo_tui.clock import Clock
    from convo_tui.core.summary import Summary
    from convo_tui.paths import Places
    from convo_tui.settings import Settings
    from convo_tui.store.git.repository import Repository
    from convo_tui.store.glance import Glance
    from convo_tui.store.journal import Journal
    from convo_tui.store.lookup import Summaries, Watch

T = TypeVar("T")

_GRACE, _AGAIN = 2.0, 0.1
"""Seconds that another machine is still waited for when Convo is left, and after which it is hung up on again."""


class Desk:
    """Does what a screen asks of the journal, one thing after the other, in the order asked.

    The journal, and with it Pydantic, is imported on that thread after the first paint; git's thread imports its own.
    """

    def __init__(
        self, places: Places, settings: Settings, clock: Clock, *, watches: bool = False, asks_git: bool = False
    ) -> None:
        """Create the desk; `watches` says that it notices what other programs change in the folder, `asks_git` that a
        screen may ask for the versions of the folder without being told to."""
        self.places, self.settings, self.clock = places, settings, clock
        self.asks_git = asks_git
        self._glance: Glance | None = None
        self._watches = watches
        self._watch: Watch | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._git = ThreadPoolExecutor(max_workers=1, thread_name_prefix="git")  # takes no thread before it is asked
        self._journal: Journal | None = None
        self._repository: Repository | None = None
        self.trouble: Callable[[str], object] = lambda message: None
        """Called, from any thread, with a line when what is typed cannot be kept."""

    async def do(self, work: Callable[[Journal], T]) -> T:
        """Return what `work` returns; an exception of its reaches the caller."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(self._opened()))

    async def versions(self, work: Callable[[Repository], T]) -> T:
        """Return what `work` returns for the git of the folder, which may take long; the journal goes on meanwhile."""
        return await asyncio.get_running_loop().run_in_executor(self._git, lambda: work(self._found()))

    def before_leaving(self, work: Callable[[Repository], object]) -> None:
        """Have git do this while the screen goes; what goes wrong is seen at the next start."""
        self._git.submit(lambda: work(self._found()))

    def first(self) -> tuple[list[Summary], int] | None:
        """Return the relationships that ask for attention first, and how many the index knows; None when it has none.

        This is for the first paint: it takes no thread and reads no file.
        """
        from convo_tui.store.glance import Glance

        self._glance = Glance(self.places, self.clock)
        return self._glance.first()

    def beside(self, listed: Summaries) -> Summaries:
        """Return the same list, for looking at while the journal does something else."""
        return self._glance.through(listed) if self._glance is not None else listed

    async def look_out(self, on_change: Callable[[], object], on_trouble: Callable[[str], object]) -> None:
        """Call these, from another thread, when something in the folder may have changed, or cannot be noticed."""
        if self._watches and self._watch is None:
            self._watch = await self.do(lambda journal: journal.watch(on_change, on_trouble))

    def close(self) -> None:
        """Finish what was asked, make the drafts safe, and end the threads."""
        if self._watch is not None:
            self._watch.stop()
        self._thread.submit(self._put_away).result()
        self._thread.shutdown()
        self._leave_git()

    def _put_away(self) -> None:
        self._glance = None
        if self._journal is not None:
            self._journal.drafts.close()
            self._journal.close()

    def _leave_git(self) -> None:
        """Wait for git, but not for another machine.

        A commit or a merge that were cut off would leave its work half done, so they are waited for. What only talks
        to another machine is hung up on: git takes back what it has not finished, and the next sync does it again.
        """
        last = self._git.submit(lambda: None)
        patience = _GRACE
        while wait_for([last], patience).not_done:
            if self._repository is not None:
                self._repository.hang_up()  # again and again: after it, a sync may call somebody else
            patience = _AGAIN
        self._git.shutdown()

    def _found(self) -> Repository:
        if self._repository is None:
            from convo_tui.store.git.repository import Repository

            self._repository = Repository(self.places, self.clock)
        return self._repository

    def _opened(self) -> Journal:
        if self._journal is None:
            from convo_tui.store.journal import Journal

            self._journal = Journal(self.places, self.clock, self.settings.date_order)
            self._journal.drafts.on_error = self.trouble
            self._journal.trust()
        return self._journal

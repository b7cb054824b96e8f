"""The journal on a thread of its own: the screen asks, and never waits for the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from convo_tui.clock import Clock
    from convo_tui.core.summary import Summary
    from convo_tui.paths import Places
    from convo_tui.settings import Settings
    from convo_tui.store.glance import Glance
    from convo_tui.store.journal import Journal
    from convo_tui.store.lookup import Summaries, Watch

T = TypeVar("T")


class Desk:
    """Does what a screen asks of the journal, one thing after the other, in the order asked.

    The journal, and with it Pydantic, is imported on that thread after the first paint.
    """

    def __init__(self, places: Places, settings: Settings, clock: Clock, *, watches: bool = False) -> None:
        """Create the desk; `watches` says that it notices what other programs change in the folder."""
        self.places, self.settings, self.clock = places, settings, clock
        self._glance: Glance | None = None
        self._watches = watches
        self._watch: Watch | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._journal: Journal | None = None
        self.trouble: Callable[[str], object] = lambda message: None
        """Called, from any thread, with a line when what is typed cannot be kept."""

    async def do(self, work: Callable[[Journal], T]) -> T:
        """Return what `work` returns; an exception of its reaches the caller."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(self._opened()))

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

    def _put_away(self) -> None:
        self._glance = None
        if self._journal is not None:
            self._journal.drafts.close()
            self._journal.close()

    def _opened(self) -> Journal:
        if self._journal is None:
            from convo_tui.store.journal import Journal

            self._journal = Journal(self.places, self.clock, self.settings.date_order)
            self._journal.drafts.on_error = self.trouble
            self._journal.trust()
        return self._journal

"""The journal on a thread of its own: the screen asks, and never waits for the disk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from convo_tui.clock import Clock
    from convo_tui.paths import Places
    from convo_tui.settings import Settings
    from convo_tui.store.journal import Journal

T = TypeVar("T")


class Desk:
    """Does what a screen asks of the journal, one thing after the other, in the order asked.

    The journal, and with it Pydantic, is imported on that thread after the first paint.
    """

    def __init__(self, places: Places, settings: Settings, clock: Clock) -> None:
        self.places, self.settings, self.clock = places, settings, clock
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._journal: Journal | None = None
        self.trouble: Callable[[str], object] = lambda message: None
        """Called, from any thread, with a line when what is typed cannot be kept."""

    async def do(self, work: Callable[[Journal], T]) -> T:
        """Return what `work` returns; an exception of its reaches the caller."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: work(self._opened()))

    def close(self) -> None:
        """Finish what was asked, make the drafts safe, and end the thread."""
        self._thread.submit(lambda: self._journal.drafts.close() if self._journal else None).result()
        self._thread.shutdown()

    def _opened(self) -> Journal:
        if self._journal is None:
            from convo_tui.store.journal import Journal

            self._journal = Journal(self.places, self.clock, self.settings.date_order)
            self._journal.drafts.on_error = self.trouble
        return self._journal

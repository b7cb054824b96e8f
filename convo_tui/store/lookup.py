"""Looking things up in the folder: all that the index can answer, without Pydantic or a file being read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from convo_tui.clock import Clock
from convo_tui.core.hits import Hit
from convo_tui.core.query import parse
from convo_tui.core.summary import Summary
from convo_tui.paths import Places
from convo_tui.store.errors import Damage
from convo_tui.store.index.index import Index
from convo_tui.store.index.lists import Order, Summaries
from convo_tui.store.index.progress import Progress
from convo_tui.store.names import path_of
from convo_tui.store.watch import Watch

if TYPE_CHECKING:
    from convo_tui.core.day_forms import DateOrder
    from convo_tui.core.pulse import Attention
    from convo_tui.core.pulse_rules import Thresholds
    from convo_tui.core.signs import Signs

__all__ = ["Lookup", "Order", "Progress", "Summaries", "Watch"]


class Lookup:
    """The relationships of a folder as the index knows them, brought up to date before the first question."""

    def __init__(self, places: Places, clock: Clock, date_order: DateOrder = None) -> None:
        self.places, self.clock, self.date_order = places, clock, date_order
        self._index = Index(places.journal, places.index, clock.zone)
        self._is_read = False

    # ── the folder ───────────────────────────────────────────────────────────────────────────────────────

    @property
    def index(self) -> Index:
        """The index, which has read the folder."""
        if not self._is_read:
            self.refresh()
        return self._index

    @property
    def trouble(self) -> str:
        """Why the index is not kept between runs, in one line; empty when it is."""
        return self._index.trouble

    def notices(self) -> list[str]:
        """Return what there is to know about the files written since this was last asked."""
        return []

    def refresh(self, only: Iterable[str] | None = None) -> bool:
        """Read what has changed in the folder; return whether anything has. Raises Damage when it cannot be read.

        `only` are the names of the files that can have changed, when that is known.
        """
        only = only if self._is_read else None
        self._is_read = True
        return self._index.refresh(only)

    def refreshing(self) -> Iterator[Progress]:
        """Do the same in steps, between which everything else can be asked; nothing is yielded without a change."""
        self._is_read = True
        return self._index.refreshing()

    def trust(self) -> None:
        """Answer from the index as it was left, until the folder is read: for a screen that paints before it reads."""
        self._is_read = True

    def close(self) -> None:
        """Let go of the index."""
        self._index.close()

    def watch(self, on_change: Callable[[], object], on_trouble: Callable[[str], object]) -> Watch:
        """Call `on_change`, from a thread of its own, when something in the folder may have changed; return the watch.

        `on_trouble` gets a line when that cannot be noticed.
        """
        watch = Watch(self.places.journal, on_change, on_trouble)
        watch.start()
        return watch

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────

    def summaries(self) -> list[Summary]:
        """Return every file of the folder as a line of a list, damaged ones included."""
        return self.index.summaries()

    @property
    def count(self) -> int:
        """How many files the folder has."""
        return self.index.count

    def listed(self, order: Order = "attention", text: str = "") -> Summaries:
        """Return the relationships that `text` lets through (`query.parse`), in an order, fetched when looked at."""
        today = self.clock.today()
        return self.index.listed(order, today, parse(text, today, self.date_order) if text.strip() else None)

    def damages(self) -> list[Damage]:
        """Return the files that cannot be read."""
        problems = (each for each in self.index.problems() if not each.readable)
        return [Damage(self.path(each), each.line, each.problem) for each in problems]

    def path(self, summary: Summary) -> Path:
        """Return where the file of a relationship is."""
        return path_of(self.places.journal, summary.file)

    def search(self, text: str, limit: int = 50, width: int = 160) -> list[Hit]:
        """Return what `text` finds (`query.parse`): names first, then open issues, then the newest; at most `limit`.

        `width` is how many characters a line has room for. Nothing is asked for, nothing is found.
        """
        today = self.clock.today()
        query = parse(text, today, self.date_order)
        return [] if query.is_empty else self.index.search(query, today, limit, width)

    # ── who needs attention ──────────────────────────────────────────────────────────────────────────────

    @property
    def without_signs(self) -> int:
        """Of how many the index lacks what `pulse` needs: a `Shelf` gathers it from their files."""
        return len(self.index.without_signs(self.clock.today()))

    def signs(self) -> list[Signs]:
        """Return the signs of everyone who may need attention, as far as the index knows them."""
        return self.index.signs(self.clock.today())

    def pulse(self, thresholds: Thresholds, default_cadence: str | None = None) -> list[Attention]:
        """Return who needs attention, and why, the most urgent first (`core.pulse`)."""
        return self._ranked(self.signs(), thresholds, default_cadence)

    def pulse_so_far(self, thresholds: Thresholds, default_cadence: str | None = None) -> list[Attention]:
        """Return the same of those whose signs the index knows: at once, whatever it lacks."""
        return self._ranked(Lookup.signs(self), thresholds, default_cadence)

    def _ranked(self, signs: Iterable[Signs], thresholds: Thresholds, default_cadence: str | None) -> list[Attention]:
        from convo_tui.core.pulse import pulse

        return pulse(signs, self.clock.today(), thresholds, default_cadence)

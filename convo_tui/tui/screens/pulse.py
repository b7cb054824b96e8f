"""The pulse: who needs attention, and why, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual import work
from textual.binding import BindingType
from textual.content import Content

from convo_tui.core.pulse import AT_ONCE, Attention
from convo_tui.core.pulse_rules import Thresholds
from convo_tui.store.lookup import Progress
from convo_tui.tui import keys
from convo_tui.tui.place import Place
from convo_tui.tui.rows import pulse as pulse_pane
from convo_tui.tui.screens import snoozing
from convo_tui.tui.screens.over_journal import Host, next_of
from convo_tui.tui.screens.overview import Overview
from convo_tui.tui.widgets.line_list import Layout, Row

if TYPE_CHECKING:
    from convo_tui.store.journal import Journal

Pulse: TypeAlias = tuple[list[Attention], Progress]
"""Who needs attention, as far as it is known by now, and of how many it is."""

_ALL = Progress(0, 0)
"""Nothing lacks."""
_SECONDS = 1.0
"""How often what is known so far is shown, while more is read."""


class PulseView(Overview[Pulse]):
    """At most seven relationships, a sentence each; closer by every reason, with what shows it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings_of("show-pulse", "snooze-relationship", "leave-as-it-is"),
    ]

    def __init__(self, host: Host) -> None:
        """Create the pulse of what `host` shows."""
        super().__init__(host)
        self._found: list[Attention] = []
        self._progress = _ALL
        self._is_whole = False

    # ── what it shows ────────────────────────────────────────────────────────────────────────────────────

    def look(self, journal: Journal) -> Pulse:
        """Return what the index knows, after one short step of gathering what it lacks.

        With that step whoever was changed in this view is known again, and stays where they are.
        """
        progress = next(journal.gathering(), _ALL)
        return self._known(journal), progress

    def take(self, found: Pulse) -> Iterable[Place]:
        """Keep what was found."""
        self._found, self._progress = found
        self.listed.placeholder = Content(self.nothing())
        return map(pulse_pane.place_of, self._found)

    def rows(self, width: int) -> Sequence[Row]:
        """Return the relationships, the name and why."""
        return pulse_pane.PulseRows(self._found, width, whole=self._is_whole)

    def heading(self) -> str:
        """Return how many there are, and how far the reading is."""
        count = f" · {len(self._found):,}" if self._found else ""
        return f"Pulse{count}{f' · {self._reading}…' if self._reading else ''}"

    @property
    def _reading(self) -> str:
        """How far the reading is, in words; nothing when it is done."""
        done, total = self._progress
        return f"reading {done:,} of {total:,}" if done < total else ""

    def keys_line(self) -> str:
        """Return the keys."""
        more = " · v fewer" if self._is_whole else " · v all" if len(self._found) > AT_ONCE else ""
        return f"z snooze · Z fine as it is · n encounter · @ reach · i issue{more} · tab why"

    def nothing(self) -> str:
        """Return that all is well; as long as that is not known, that it is looked at."""
        if self._reading:
            return "Looking closer, this once…"
        return "Nobody needs attention today; enjoy the conversations that come."

    async def closer(self, place: Place) -> Layout | None:
        """Return every reason, with the entries that show it."""
        attention = next((each for each in self._found if each.id == place.key), None)
        view = await self.host.attempt(lambda journal: journal.view(place.key)) if attention else None
        if attention is None or view is None:
            return None
        today = self.host.today
        return lambda width: pulse_pane.reason_rows(attention, view, today, width)

    def here(self) -> Place | None:
        """Return what a key acts on: the relationship, or the entry that is selected closer by."""
        place = self.place
        if place is None or self.focused is not self._closer:
            return place
        return pulse_pane.entry_at(place, self._closer.selected)

    # ── gathering ────────────────────────────────────────────────────────────────────────────────────────

    async def read_again(self) -> None:
        """Ask the journal again, and for what the index lacks."""
        await super().read_again()
        if self._reading:
            self._gather()

    @work(group="gather", exclusive=True)
    async def _gather(self) -> None:
        """Read what the index lacks, and show it about once a second, until nothing lacks or the view is left."""
        time = asyncio.get_running_loop().time
        steps, shown = await self.host.attempt(lambda journal: journal.gathering()), time()
        while steps and self.is_open and (progress := await self.host.attempt(next_of(steps))):
            self._progress = progress
            self._head()
            if time() - shown >= _SECONDS:
                await self._show_so_far(progress)
                shown = time()
        await self._show_so_far(_ALL)

    async def _show_so_far(self, progress: Progress) -> None:
        found = await self.host.attempt(self._known)
        if found is not None and self.is_open:
            self.show_found((found, progress))

    def _known(self, journal: Journal) -> list[Attention]:
        """Return who needs attention, of those whom the index knows."""
        settings = self.host.settings
        return journal.pulse_so_far(Thresholds.of(settings.pulse), settings.default_cadence)

    # ── what the keys do ─────────────────────────────────────────────────────────────────────────────────

    def opened(self, key: str) -> bool:
        """Unfold the others, or fold them."""
        if key == pulse_pane.REST:
            self.action_show_pulse()
        return key == pulse_pane.REST

    def action_show_pulse(self) -> None:
        """Show the others too, or again only the first."""
        self._is_whole = not self._is_whole
        others = self._found[AT_ONCE:]
        is_at_foot = self.listed.selected == pulse_pane.REST
        first = pulse_pane.place_of(others[0]).row if others and is_at_foot and self._is_whole else None
        self.draw(select=first)

    @work
    async def action_snooze_relationship(self) -> None:
        """Leave the relationship alone until a day."""
        place = self.place
        if place is not None and await snoozing.snooze(self.host, self.app, place):
            await self.show_change()

    @work
    async def action_leave_as_it_is(self) -> None:
        """Leave the relationship alone for as long as its cadence: all is fine."""
        place = self.place
        if place is not None and await snoozing.leave_as_it_is(self.host, place):
            await self.show_change()

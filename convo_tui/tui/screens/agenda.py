"""The agenda: the open issues of all relationships, with the keys that work on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual.binding import Binding, BindingType

from convo_tui.core.agenda import GROUPINGS, Agenda, agenda
from convo_tui.core.carry import Standing
from convo_tui.tui import keys
from convo_tui.tui.place import Place
from convo_tui.tui.rows import agenda as agenda_pane
from convo_tui.tui.screens.over_journal import Host
from convo_tui.tui.screens.overview import Overview
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.store.journal import Journal


Grouped: TypeAlias = tuple[Agenda, Mapping[str, Place]]
"""The agenda as it is shown, and the places of its issues by the keys of their rows."""


class AgendaView(Overview[Grouped]):
    """What is due within 7 days, mine and theirs; the rest is one key away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings_of("show-agenda"),
        Binding("b", "group", "By", show=False, id="sort-list"),
    ]

    def __init__(self, host: Host) -> None:
        """Create the agenda of what `host` shows."""
        super().__init__(host)
        self._standings: list[Standing] | None = None
        self._by = GROUPINGS[0]
        self._is_whole = False
        self._agenda = Agenda((), 0)

    def look(self, journal: Journal) -> Grouped:
        """Return the open and parked issues in groups; the journal is asked once, until something is changed."""
        if self._standings is None:
            self._standings = journal.standings(("open", "parked"))
        found = agenda(self._standings, journal.clock.today(), self._by, whole=self._is_whole)
        places = (agenda_pane.place_of(each) for group in found.groups for each in group.those)
        return found, {place.row: place for place in places}

    def take(self, found: Grouped) -> Mapping[str, Place]:
        """Keep what was found."""
        self._agenda, places = found
        return places

    def rows(self, width: int) -> Sequence[Row]:
        """Return the groups, an issue a line."""
        return agenda_pane.AgendaRows(self._agenda, self.host.today, self._by, width, whole=self._is_whole)

    async def show_change(self) -> None:
        """Show what was changed just now."""
        self._standings = None
        await super().show_change()

    def heading(self) -> str:
        """Return how much there is."""
        return f"Agenda · {self._agenda.count:,} by {self._by}"

    def keys_line(self) -> str:
        """Return the keys."""
        more = "a fewer" if self._is_whole else "a all"
        return f"s settles · c carries · p parks · t due · space marks · b by · {more} · enter goes there"

    def nothing(self) -> str:
        """Return that nothing is open at all."""
        return "Nothing is open with anyone.\n\ni opens an issue with whoever is selected in the journal."

    def opened(self, key: str) -> bool:
        """Unfold what has time, or fold it."""
        if key == agenda_pane.REST:
            self.action_show_agenda()
        return key == agenda_pane.REST

    def action_show_agenda(self) -> None:
        """Show the rest too, or again only what is due soon."""
        self._is_whole = not self._is_whole
        self.reread()

    def action_group(self) -> None:
        """Group by the next of due date, owner and relationship."""
        self._by = GROUPINGS[(GROUPINGS.index(self._by) + 1) % len(GROUPINGS)]
        self.reread()

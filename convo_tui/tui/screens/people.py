"""The people of an organisation: who decides, who supports, whom you have not spoken with; edited where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from convo_tui.core import people
from convo_tui.core.people import Someone
from convo_tui.sanitize import single
from convo_tui.tui import belonging, keys
from convo_tui.tui.belonging import Map
from convo_tui.tui.place import Place
from convo_tui.tui.rows import people as people_pane
from convo_tui.tui.screens.editing import new_person, person_form
from convo_tui.tui.screens.form import fill_in
from convo_tui.tui.screens.overview import Host, Leave, Overview
from convo_tui.tui.screens.reach import Reach
from convo_tui.tui.screens.shown import Target
from convo_tui.tui.widgets.line_list import Layout, LineList, Row

if TYPE_CHECKING:
    from convo_tui.store.journal import Journal
    from convo_tui.tui.verbs import Edit


class PeopleView(Overview[Map]):
    """Who there is in an organisation stays where they stand while the view is open, whatever is changed about them."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - a table is wide
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings_of("show-people"),
        Binding("f", "next_influence", "Influence", show=False),
        Binding("s", "next_stance", "Stance", show=False),
        Binding("l", "leave_or_return", "Left", show=False),
        Binding("e", "edit_person", "Edit", show=False),
        Binding("N", "add_person", "Add", show=False),
        Binding("O", "own_file", "Own file", show=False),
        Binding("plus", "take_in", "Among the people", show=False),
        Binding("delete", "delete_person", "Trash", show=False),
    ]

    def __init__(self, host: Host, organisation: Place, someone: str = "") -> None:
        """Create the map of `organisation`; it opens at the one with the id `someone`, or with that file."""
        super().__init__(host)
        self._organisation, self._first = organisation, someone
        self._map = Map((), ())
        self._order: dict[str, int] = {}
        self._by_row: dict[str, Someone] = {}

    # ── what it shows ────────────────────────────────────────────────────────────────────────────────────

    def look(self, journal: Journal) -> Map:
        """Return the people as they stand."""
        return belonging.map_of(journal, self._organisation.key, self.host.settings)

    def take(self, found: Map) -> Mapping[str, Place]:
        """Keep what was found, everyone where they stood before."""
        order = self._order
        everyone = sorted(found.everyone, key=lambda each: order.setdefault(each.id, len(order)))
        self._map = Map(everyone, found.said)
        self._by_row = {people_pane.place_of(each, self._organisation).row: each for each in everyone}
        return {row: people_pane.place_of(each, self._organisation) for row, each in self._by_row.items()}

    def show_found(self, found: Map) -> None:
        """Show what was found; the first time, the one it is opened at is selected."""
        super().show_found(found)
        if self._first:
            self.draw(next((row for row, each in self._by_row.items() if self._first in (each.id, each.own)), None))
            self._first = ""

    def rows(self, width: int) -> Sequence[Row]:
        """Return the table."""
        found = self._map
        return people_pane.people_rows(found.everyone, found.said, self._organisation, self.host.today, width)

    def heading(self) -> str:
        """Return whose people they are."""
        count = f" · {len(self._map.everyone):,}" if self._map.everyone else ""
        return f"People of {self._organisation.name}{count}"

    def keys_line(self) -> str:
        """Return the keys for who is selected."""
        someone = self._someone
        if someone is None:
            return "N adds a person · esc leaves"
        if not someone.is_listed:
            return "+ adds them to the people · O goes to their file · n encounter"
        return f"f influence · s stance · e edit · l {'back' if someone.left else 'left'} · O own file · N adds"

    def nothing(self) -> str:
        """Return that nobody is noted yet."""
        return f"Nobody of {self._organisation.name} is noted yet.\n\nN adds a person."

    @on(LineList.Highlighted, "#rows")
    def _name_keys(self) -> None:
        self._head()

    @property
    def _someone(self) -> Someone | None:
        """Who is selected."""
        return self._by_row.get(self.listed.selected or "")

    async def closer(self, place: Place) -> Layout | None:
        """Return how to reach who is selected, and when they were spoken with, and of."""
        someone, today, key = self._by_row.get(place.row), self.host.today, self._organisation.key
        if someone is None:
            return None
        ways = await self.host.attempt(lambda journal: belonging.ways_to(journal, key, someone))
        return lambda width: people_pane.someone_rows(someone, ways or [], today, width)

    def entry(self, place: Place, target: Target) -> Place:
        """Return the place of an encounter: in the timeline of the organisation."""
        return Place(self._organisation.key, target.kind, target.id, self._organisation.name)

    # ── going ────────────────────────────────────────────────────────────────────────────────────────────

    def opened(self, key: str) -> bool:
        """Look at who is selected from closer by."""
        self.action_turn("closer")
        return True

    def action_show_people(self) -> None:
        """Leave, with the key that opened it."""
        self.answer()

    def action_new_encounter(self) -> None:
        """Leave for an encounter with who is selected, else with the organisation."""
        someone = self._someone
        if someone is None:
            place, then = self._organisation, "new_encounter"
        else:
            place, then = self._home(someone), f"encounter_with_person({someone.own or someone.id!r})"
        self.answer(Leave(place, then))

    def _home(self, someone: Someone) -> Place:
        """The place of the file in which an encounter with someone lives."""
        return Place(someone.own, "relationship", someone.own, someone.name) if someone.own else self._organisation

    # ── what the keys do ─────────────────────────────────────────────────────────────────────────────────

    async def _change(self, said: str, what: str, edit: Edit) -> None:
        """Change the organisation, and show it."""
        key = self._organisation.key
        if await self.host.attempt(lambda journal: journal.change(key, what, edit)) is not None:
            self.host.say(f"{said} · u takes it back")
            await self.show_change()

    def _listed(self) -> Someone | None:
        """Return who is selected among the people; say what to do where only a file of their own is."""
        someone = self._someone
        if someone is not None and not someone.is_listed:
            name = single(someone.name)
            self.host.say(f"{name} is not among the people yet: + adds them, O goes to their own file.")
            return None
        return someone

    @work
    async def action_next_influence(self) -> None:
        """Give who is selected the next influence."""
        someone = self._listed()
        if someone is not None:
            await self._change(
                "Influence", f"influence of {someone.name}", partial(people.next_influence, identity=someone.id)
            )

    @work
    async def action_next_stance(self) -> None:
        """Give who is selected the next stance."""
        someone = self._listed()
        if someone is not None:
            await self._change("Stance", f"stance of {someone.name}", partial(people.next_stance, identity=someone.id))

    @work
    async def action_leave_or_return(self) -> None:
        """Note that who is selected has left, or is back."""
        someone, today = self._listed(), self.host.today
        if someone is not None:
            said = f"{single(someone.name)} is back" if someone.left else f"{single(someone.name)} has left"
            edit = partial(people.left_or_back, identity=someone.id, today=today)
            await self._change(said, said, edit)

    @work
    async def action_edit_person(self) -> None:
        """Open the form of who is selected."""
        someone = self._listed()
        sheet = await person_form(self.host, self._organisation, someone.id) if someone is not None else None
        if sheet is not None and await fill_in(self.app, sheet) is not None:
            await self.show_change()

    @work
    async def action_add_person(self) -> None:
        """Open the form for someone new, and select them."""
        new = await fill_in(self.app, new_person(self.host, self._organisation))
        if new is not None:
            self._first = new
            await self.show_change()

    @work
    async def action_own_file(self) -> None:
        """Go to the relationship of who is selected; make one where there is none, linked both ways."""
        someone, key = self._someone, self._organisation.key
        if someone is None:
            return
        if someone.own:
            self.answer(Leave(self._home(someone)))
        elif await self.host.attempt(lambda journal: belonging.own_relationship(journal, key, someone.id)):
            self.host.say(f"{single(someone.name)} has a file of their own now · u takes it back")
            await self.show_change()

    @work
    async def action_take_in(self) -> None:
        """Add who has only a file of their own to the people."""
        someone, key = self._someone, self._organisation.key
        if someone is not None and not someone.is_listed:
            done = await self.host.attempt(lambda journal: belonging.take_in(journal, key, someone.id))
            if done is not None:
                self.host.say(f"{single(someone.name)} is among the people now · u takes it back")
                self._first = someone.own
                await self.show_change()

    @work
    async def action_delete_person(self) -> None:
        """Move who is selected to the trash."""
        someone, key = self._listed(), self._organisation.key
        kept = await self.host.attempt(lambda journal: journal.delete(key, someone.id)) if someone is not None else None
        if kept is not None:
            self.host.say("Moved to the trash · u brings it back")
            await self.show_change()

    @work
    async def action_reach_them(self) -> None:
        """List every way to reach who is selected."""
        someone, key = self._someone, self._organisation.key
        ways = (
            await self.host.attempt(lambda journal: belonging.ways_to(journal, key, someone))
            if someone is not None
            else None
        )
        if ways is not None and someone is not None:
            self.app.push_screen(Reach(someone.name, ways))

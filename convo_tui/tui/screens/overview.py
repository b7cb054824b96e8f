"""What the views over the journal have in common: a list, beside it the selected line from closer by, and the verbs.

A view is asked of the journal off the screen's thread, shows places (`Place`), works on them with the keys that work
everywhere, and closes with the place to go to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content

from convo_tui.core.dates import due
from convo_tui.sanitize import single
from convo_tui.tui import keys, verbs
from convo_tui.tui.place import Place
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.brief import brief_rows
from convo_tui.tui.rows.lazy import MarkedRows
from convo_tui.tui.screens.over_journal import Host, Leave, OverJournal
from convo_tui.tui.screens.prompts import DUE_HINT, ISSUE_HINT, PARK_HINT, Ask
from convo_tui.tui.screens.reach import Reach
from convo_tui.tui.screens.shown import Target, detail_rows, gathered, target_of
from convo_tui.tui.widgets.line_list import Layout, LineList, Row

if TYPE_CHECKING:
    from convo_tui.core.reaching import Way
    from convo_tui.store.journal import Journal
    from convo_tui.tui.verbs import Verb

T = TypeVar("T")
Found = TypeVar("Found")


class Overview(OverJournal, Generic[Found]):
    """A view over the journal. A subclass says what it asks (`look`), what it shows (`take`, `rows`) and its keys."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings("issue"),
        *keys.bindings_of("new-encounter", "reach-them", "new-issue"),
        Binding("tab,shift+tab", "turn", "The other side", show=False),
        Binding("right", "turn('closer')", "Closer", show=False),
        Binding("left", "turn('rows')", "Back", show=False),
    ]
    DEFAULT_CSS = """
    Overview {
        #rows { width: 2fr; min-width: 48; }
        #closer { width: 1fr; min-width: 38; }
        &.-narrow #rows { width: 100%; min-width: 0; height: 3fr; }
        &.-narrow #closer { width: 100%; min-width: 0; height: 2fr; }
    }
    """

    def __init__(self, host: Host) -> None:
        """Create the view over what `host` shows."""
        super().__init__(host, "overview sides")
        self.marked: frozenset[str] = frozenset()
        self._looked_at: Place | None = None
        self._places: Mapping[str, Place] = {}

    # ── what a view says of itself ───────────────────────────────────────────────────────────────────────

    def look(self, journal: Journal) -> Found:
        """Return what is to be shown; runs off the screen's thread."""
        raise NotImplementedError

    def take(self, found: Found) -> Iterable[Place] | Mapping[str, Place]:
        """Keep what was found, and return the places that its rows stand for; of very many, by the keys of their rows.

        Runs on the screen's thread: what takes its time belongs into `look`.
        """
        raise NotImplementedError

    def rows(self, width: int) -> Sequence[Row]:
        """Return the rows; those that can be selected have the key of their place (`Place.row`)."""
        raise NotImplementedError

    def heading(self) -> str:
        """Return what stands over it."""
        raise NotImplementedError

    def keys_line(self) -> str:
        """Return the keys of the side that has the focus, in a line."""
        raise NotImplementedError

    def nothing(self) -> str:
        """Return what is said where there is nothing to show."""
        return "Nothing is here."

    def opened(self, key: str) -> bool:
        """Do what opening a row means that stands for no place; return whether it was one of those."""
        return False

    async def closer(self, place: Place) -> Layout | None:
        """Return what is shown of the selected place; of a relationship, where we left off."""
        today = self.host.today
        shown = await self.host.attempt(lambda journal: gathered(journal, place.key, today))
        if shown is None:
            return None
        target = target_of(f"{place.kind}:{place.id}")
        if target is not None:
            return lambda width: detail_rows(shown, target, today, width)
        return lambda width: brief_rows(shown.brief, today, width, shown.view.names, closed_shown=False)

    # ── the parts ────────────────────────────────────────────────────────────────────────────────────────

    def compose(self) -> ComposeResult:
        """Make both sides, one beside or below the other."""
        with Container(classes="sides--box"):
            yield LineList(id="rows", classes="sides--list", placeholder=Content("Looking…"))
            yield LineList(id="closer", classes="sides--list")

    async def on_mount(self) -> None:
        """Ask the journal; the keys are taken at once, the next one may be there already."""
        self.listed.focus()
        self._head()
        self.reread()

    @property
    def listed(self) -> LineList:
        """The list of places."""
        return self.query_one("#rows", LineList)

    @property
    def _closer(self) -> LineList:
        return self.query_one("#closer", LineList)

    @work(group="reread", exclusive=True)
    async def reread(self) -> None:
        """Ask the journal, and show what it says."""
        await self.read_again()

    async def read_again(self) -> None:
        """Ask the journal again, and show what it says."""
        found = await self.host.attempt(self.look)
        if found is not None and self.is_open:
            self.listed.placeholder = Content(self.nothing())
            self.show_found(found)

    def show_found(self, found: Found) -> None:
        """Show what was found, as far as it is to be shown."""
        places = self.take(found)
        self._places = places if isinstance(places, Mapping) else {place.row: place for place in places}
        self.marked &= self._places.keys()
        self.draw()
        self.look_closer()

    def draw(self, select: str | None = None) -> None:
        """Draw the list."""
        marked = self.marked

        def layout(width: int) -> Sequence[Row]:
            made = self.rows(width)
            return MarkedRows(made, marked) if marked else made

        self.listed.show(layout, select=select)
        self._head()

    def _head(self) -> None:
        box = self.query_one(".sides--box")
        box.border_title = Content(single(self.heading()))
        box.border_subtitle = Content.styled(self._keys(), parts.QUIET)

    def _keys(self) -> str:
        if self.focused is self._closer:
            return "enter goes there · tab back · esc leaves"
        return f"{len(self.marked)} marked · {self.keys_line()}" if self.marked else self.keys_line()

    # ── closer by ────────────────────────────────────────────────────────────────────────────────────────

    @property
    def place(self) -> Place | None:
        """The place that is selected in the list."""
        return self._places.get(self.listed.selected or "")

    @on(LineList.Highlighted, "#rows")
    def _chosen(self) -> None:
        self.look_closer()

    @work(group="closer", exclusive=True)
    async def look_closer(self) -> None:
        """Show what is selected from closer by; of somebody quick, only where they stop."""
        place = self.place
        layout = await self.closer(place) if place is not None else None
        if self.is_open and place == self.place:
            self._closer.border_title = Content(single(place.name)) if place is not None else None
            self._closer.show(layout or _nothing, fresh=place != self._looked_at)
            self._looked_at = place

    def here(self) -> Place | None:
        """Return what a key acts on: the place selected, on the side that has the focus."""
        place = self.place
        if place is None or self.focused is not self._closer:
            return place
        target = target_of(self._closer.selected)
        return self.entry(place, target) if target is not None else None

    def entry(self, place: Place, target: Target) -> Place:
        """Return the place of an entry of the same relationship."""
        return Place(place.key, target.kind, target.id, place.name)

    def on_descendant_focus(self) -> None:
        """Name the keys of the side that has the focus."""
        self._head()

    # ── going ────────────────────────────────────────────────────────────────────────────────────────────

    @on(LineList.Selected)
    def _open(self, event: LineList.Selected) -> None:
        event.stop()
        if event.control is self.listed and self.opened(event.key):
            return
        self.go()

    def go(self, then: str = "") -> None:
        """Leave for what is selected."""
        place = self.here()
        if place is not None:
            self.answer(Leave(place, then))

    def action_new_encounter(self) -> None:
        """Leave for an encounter with whom the place is of."""
        place = self.place
        if place is not None:
            self.answer(Leave(Place(place.key, "relationship", place.key, place.name), "new_encounter"))

    def action_turn(self, to: str = "") -> None:
        """Go to the other side."""
        self.query_one(f"#{to or ('closer' if self.focused is self.listed else 'rows')}").focus()

    # ── what the keys do ─────────────────────────────────────────────────────────────────────────────────

    def action_mark_entry(self) -> None:
        """Mark what is selected, for the next key to act on all that is marked; once more takes the mark away."""
        place = self.place
        if place is not None and place.can_be_worked_on and self.focused is self.listed:
            self.marked ^= {place.row}
            self.draw()
            self.listed.action_list_down()

    def _meant(self, *kinds: str) -> list[Place]:
        """Return what a verb acts on: all that is marked, else what is selected, as far as it is of these kinds."""
        here = self.here()
        places = [self._places[each] for each in sorted(self.marked)] or ([here] if here is not None else [])
        return [each for each in places if each.kind in kinds]

    async def do(self, what: str, places: Sequence[Place], verb: Verb) -> None:
        """Do it to all of these, as one change, and show what came of it."""
        if not places:
            return
        done = await self.host.attempt(lambda journal: verbs.do(journal, what, places, verb))
        if done is not None:
            several = f" {len(places)}" if len(places) > 1 else ""
            self.host.say(f"{what}{several} · u takes it back" if done else "There is nothing to change.")
            self.marked = frozenset()
            await self.show_change()

    @work
    async def action_carry_issue(self) -> None:
        """Carry the issue into the newest encounter of its relationship."""
        await self.do("Carried", self._meant("issue"), verbs.carry)

    @work
    async def action_settle_issue(self) -> None:
        """Settle the issue, or mark the need as met."""
        places = self._meant("issue", "heard")
        await self.do("Met" if all(each.kind == "heard" for each in places) else "Settled", places, verbs.settle)

    @work
    async def action_drop_issue(self) -> None:
        """Drop the issue, or what was heard."""
        await self.do("Dropped", self._meant("issue", "heard"), verbs.drop)

    @work
    async def action_reopen_issue(self) -> None:
        """Open the issue again, or what was met or dropped."""
        await self.do("Reopened", self._meant("issue", "heard"), verbs.reopen)

    @work
    async def action_change_owner(self) -> None:
        """Hand the issue on, between me, them and us."""
        await self.do("Handed on", self._meant("issue"), verbs.hand_on)

    @work
    async def action_park_issue(self) -> None:
        """Put the issue out of sight, until a day or until it is reopened."""
        places = self._meant("issue")
        said = await self.ask("Park until", PARK_HINT) if places else None
        if said is not None:
            await self.do("Parked", places, verbs.park(self.day(said)))

    @work
    async def action_set_due(self) -> None:
        """Set the day by which the issue is due."""
        places = self._meant("issue")
        said = await self.ask("Due", DUE_HINT) if places else None
        if said is not None:
            await self.do("Due date set", places, verbs.set_due(self.day(said)))

    async def ask(self, question: str, hint: str) -> str | None:
        """Return the day that the person types, as typed; None when they think better of it."""
        return await self.app.push_screen_wait(Ask(question, hint, self.day))

    def day(self, said: str) -> date | None:
        """Return the day that was typed; None for nothing typed. Raises NotADate."""
        return due(said, self.host.today, self.host.date_order) if said.strip() else None

    @work
    async def action_new_issue(self) -> None:
        """Open an issue with the relationship of what is selected."""
        place = self.place
        if place is None:
            return
        said = await self.app.push_screen_wait(Ask(f"Issue with {single(place.name)}", ISSUE_HINT))
        if said and said.strip():
            line = said.strip()
            if await self.host.attempt(lambda journal: verbs.open_issue(journal, place.key, line)) is not None:
                await self.show_change()

    @work
    async def action_reach_them(self) -> None:
        """List every way to reach the relationship of what is selected."""
        place = self.place
        ways = await self.host.attempt(lambda journal: _ways(journal, place.key)) if place is not None else None
        if ways is not None and place is not None:
            self.app.push_screen(Reach(place.name, ways))


def _nothing(width: int) -> list[Row]:
    return []


def _ways(journal: Journal, key: str) -> list[Way]:
    from convo_tui.core.reaching import ways

    return ways(journal.view(key).relationship)

"""The list of relationships: painted from the index before anything is read, then kept true to the folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from convo_tui.core.contradiction import UNRESOLVED
from convo_tui.core.errors import ConvoError
from convo_tui.core.summary import Summary
from convo_tui.sanitize import sanitize
from convo_tui.tui.desk import Desk
from convo_tui.tui.rows import parts
from convo_tui.tui.rows.relationships import Few, Listed, RelationshipRows
from convo_tui.tui.widgets.header import Header
from convo_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from convo_tui.core.day_forms import DateOrder
    from convo_tui.settings import Settings
    from convo_tui.store.journal import Journal
    from convo_tui.store.lookup import Order, Progress

T = TypeVar("T")

Severity: TypeAlias = Literal["information", "warning", "error"]

_WORTH_TELLING = 8 << 20
"""Bytes to read from which on it takes so long that the screen says how far it is."""
_SECONDS = 1.0
"""How often what is known so far is shown meanwhile."""

ORDERS: tuple[Order, ...] = ("attention", "name", "last contact")


class Listing(Screen[None]):
    """Asks the journal, and lists who is in it."""

    @dataclass
    class FolderChanged(Message):
        """Something in the folder may have changed."""

    def __init__(self, desk: Desk, start: str | None = None) -> None:
        """Create the screen; `start` is the key of the relationship to open at."""
        super().__init__()
        self.desk, self._start = desk, start
        self.summaries: Listed = Few()
        self.count = 0
        self.order = ORDERS[0]
        self._is_reading = self._is_behind = False
        self._trouble = ""

    @property
    def listing(self) -> LineList:
        """The list of relationships."""
        return self.query_one("#list", LineList)

    @property
    def today(self) -> date:
        """The local day."""
        return self.desk.clock.today()

    @property
    def date_order(self) -> DateOrder:
        """How `3/4` is read."""
        return self.desk.settings.date_order

    @property
    def settings(self) -> Settings:
        """What the person has set."""
        return self.desk.settings

    # ── asking the journal ───────────────────────────────────────────────────────────────────────────────

    async def attempt(self, task: Callable[[Journal], T]) -> T | None:
        """Return what `task` returns; what goes wrong is said in one line, and None returned.

        None too when Convo was left meanwhile: nothing is on the screen any more to show an answer.
        """
        try:
            done = await self.desk.do(task)
        except ConvoError as error:
            self.say(str(error), "error")
            return None
        return done if self.app.is_running else None

    def say(self, message: str, severity: Severity = "information") -> None:
        """Show a line in a corner of the screen."""
        self.notify(sanitize(message), severity=severity, markup=False, timeout=8 if severity == "error" else 4)

    # ── what is in the folder ────────────────────────────────────────────────────────────────────────────

    def paint_first(self) -> None:
        """List the first of those that the index knows, before anything is read."""
        first = self.desk.first()
        if first is not None:
            self.summaries, self.count = Few(first[0]), first[1]
            self.show_list(self._start)

    @work(group="load")
    async def load(self) -> None:
        """Read what has changed in the folder, show it, and look out for what changes from now on."""
        self._is_reading = True
        await self.show_selected()
        able = await self._take_in()
        await self.show_anew(self._start)
        self._start = None
        self.was_read()
        if able is None and not self.count:
            self.listing.placeholder = Content("The journal cannot be read.")
        await self._keep_up()
        for kept in await self.attempt(lambda journal: journal.sweep()) or ():
            self.say(f"{kept}: a version that another program wrote while a save was killed; compare it", "warning")
        await self.desk.look_out(lambda: self.post_message(self.FolderChanged()), self._tell_trouble)

    async def show_selected(self) -> None:
        """Show the relationship that is selected."""

    def was_read(self) -> None:
        """Do what had to wait until the folder was read."""

    @on(FolderChanged)
    def _look_again(self) -> None:
        self._is_behind = True
        if not self._is_reading:
            self._is_reading = True
            self.run_worker(self._keep_up(), group="load")

    async def _keep_up(self) -> None:
        """Show what has changed since the folder was read, until nothing has."""
        while self._is_behind:
            self._is_behind = False
            if await self._take_in():
                await self.show_anew()
        self._is_reading = False

    async def _take_in(self) -> bool | None:
        """Read what has changed, a step at a time; return whether anything has, None when it cannot be read.

        Between two steps the journal answers what else is asked, and what is known already is shown.
        """
        header, clock = self.query_one(Header), self.desk.clock
        steps = await self.attempt(lambda journal: journal.refreshing())
        changed, able, told = False, steps is not None, clock.monotonic() - _SECONDS
        while steps is not None:
            progress = await self.attempt(_next(steps))
            if not progress:
                able = progress is False
                break
            changed = True
            header.middle = parts.progress(*progress) if progress.total > _WORTH_TELLING else ""
            if clock.monotonic() - told >= _SECONDS:
                told = clock.monotonic()
                await self.relist()
        header.middle = ""
        return changed if able else None

    def _tell_trouble(self, said: str) -> None:
        self.app.call_from_thread(self.say, said, "warning")

    async def reload(self, select: str | None = None) -> None:
        """Read what has changed in the folder and show it, the selection kept unless `select` names another."""
        if self._is_reading:  # in steps, while what we change ourselves is known: the rest is looked at afterwards
            self._is_behind = True
        else:
            await self.attempt(lambda journal: journal.refresh())
        await self.show_anew(select)

    async def show_anew(self, select: str | None = None) -> None:
        """Show what may have changed, the selection kept unless `select` names another."""
        damaged = await self.attempt(_damaged) if await self.relist(select) else None
        if damaged is not None:
            self.query_one(Header).damaged = damaged

    # ── the list ─────────────────────────────────────────────────────────────────────────────────────────

    def in_progress(self) -> frozenset[str]:
        """The ids of the relationships with an encounter in progress."""
        return frozenset()

    async def relist(self, select: str | None = None) -> bool:
        """Ask again who is to be listed, and in which order; return whether there was an answer."""
        if not self.app.is_running:
            return False
        order, text = self.order, self.query_one("#filter", Input).value
        found = await self.attempt(
            lambda journal: (journal.listed(order, text), journal.count, journal.trouble, journal.notices())
        )
        if found is not None:
            listed, self.count, trouble, notices = found
            for notice in notices:
                self.say(notice, "warning")
            self.summaries = self.desk.beside(listed)
            self.show_list(select)
            if trouble and not self._trouble:
                self.say(trouble, "warning")
            self._trouble = trouble
        return found is not None

    def show_list(self, select: str | None = None) -> None:
        """Draw the list."""
        summaries, today, busy = self.summaries, self.today, self.in_progress()
        pane = self.query_one("#relationships")
        listed = len(summaries) if self.query_one("#filter", Input).value else self.count
        pane.border_title = f"Relationships · {listed:,}"
        pane.border_subtitle = f"by {self.order}"
        empty = "Nobody answers to that." if self.count else "Nobody is here yet.\n\nN adds a relationship."
        self.listing.placeholder = Content(empty)
        self.listing.show(lambda width: RelationshipRows(summaries, today, busy, width), select=select)

    def summary(self, key: str | None) -> Summary | None:
        """Return the line of the list with this key; None when it is not listed."""
        place = self.summaries.index_of(key) if key is not None else None
        return self.summaries[place] if place is not None else None

    def show_relationship(self, key: str) -> None:
        """Select a relationship, also one that the filter hides."""
        if not self.listing.select(key):
            with self.prevent(Input.Changed):
                self.query_one("#filter", Input).value = ""
            self.run_worker(self.relist(key), group="list", exclusive=True)

    @on(Input.Changed, "#filter")
    def _filtered(self) -> None:
        self.run_worker(self.relist(), group="list", exclusive=True)

    def action_sort_list(self) -> None:
        """Rank the list by the next of attention, name and last contact."""
        self.order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        self.run_worker(self.relist(), group="list", exclusive=True)


def _damaged(journal: Journal) -> int:
    """How many files cannot be read. One that holds two versions is not damaged: it waits for a decision."""
    return sum(each.reason != UNRESOLVED for each in journal.damages())


def _next(steps: Iterator[Progress]) -> Callable[[Journal], Progress | Literal[False]]:
    """Return what does the next step; False when there is none."""
    return lambda journal: next(steps, False)

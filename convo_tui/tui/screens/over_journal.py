"""What every view over the journal has in common: whom it asks, how it is left, and that changes can be taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from textual import work
from textual.binding import Binding, BindingType

from convo_tui.tui import keys
from convo_tui.tui.place import Place
from convo_tui.tui.screens.asking import Asking

if TYPE_CHECKING:
    from convo_tui.core.day_forms import DateOrder
    from convo_tui.settings import Settings
    from convo_tui.store.journal import Journal
    from convo_tui.tui.screens.listing import Severity

T = TypeVar("T")


class Host(Protocol):
    """What a view needs of the screen that opened it."""

    @property
    def today(self) -> date:
        """The local day."""
        ...

    @property
    def date_order(self) -> DateOrder:
        """How `3/4` is read."""
        ...

    @property
    def settings(self) -> Settings:
        """What the person has set."""
        ...

    def attempt(self, task: Callable[[Journal], T]) -> Awaitable[T | None]:
        """Return what `task` returns; what goes wrong is said in one line, and None returned."""
        ...

    def say(self, message: str, severity: Severity = "information") -> None:
        """Show a line in a corner of the screen."""
        ...


def next_of(steps: Iterator[T]) -> Callable[[Journal], T | None]:
    """Return what does the next step of a long piece of work; the journal answers others in between."""
    return lambda journal: next(steps, None)


@dataclass(frozen=True)
class Leave:
    """How a view was left: to go to a place, and to do something there at once, by the name of an action."""

    place: Place
    then: str = ""


class OverJournal(Asking[Leave | None]):
    """A view over the journal; closes with the place to go to.

    `changed` is whether something was done that the screen behind it does not show yet.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings_of("undo-change", "redo-change"),
        Binding("escape", "close", "Leave", show=False),
    ]

    def __init__(self, host: Host, classes: str) -> None:
        """Create the view over what `host` shows."""
        super().__init__(classes=classes)
        self.host = host
        self.changed = False

    async def read_again(self) -> None:
        """Ask the journal again, and show what it says."""
        raise NotImplementedError

    async def show_change(self) -> None:
        """Show what was changed just now."""
        self.changed = True
        await self.read_again()

    def action_close(self) -> None:
        """Leave."""
        self.answer()

    @work
    async def action_undo_change(self) -> None:
        """Take the last change back."""
        change = await self.host.attempt(lambda journal: journal.undo())
        if change is not None:
            self.host.say(f"Taken back: {change.what} · U does it again")
            await self.show_change()

    @work
    async def action_redo_change(self) -> None:
        """Do again what was taken back."""
        change = await self.host.attempt(lambda journal: journal.redo())
        if change is not None:
            self.host.say(f"Done again: {change.what}")
            await self.show_change()

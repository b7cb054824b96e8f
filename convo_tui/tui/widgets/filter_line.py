"""The line above a list that narrows it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input


class FilterLine(Input):
    """Enter and down go on to what is left of the list, escape gives the whole list back; both post `Submitted`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "submit", show=False),
        Binding("escape", "give_up", show=False),
    ]

    async def action_give_up(self) -> None:
        """Narrow no longer."""
        self.value = ""
        await self.action_submit()

"""Where one line is typed."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from convo_tui.sanitize import sanitize


class LineInput(Input):
    """A line of text that nothing harmful gets into: Textual draws what is pasted as it came."""

    def validate_value(self, value: str) -> str:
        """Return the value fit for a terminal."""
        return sanitize(value)


class FilterLine(LineInput):
    """Enter and down go on to what is left of the list, escape gives the whole list back; both post `Submitted`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "submit", show=False),
        Binding("escape", "give_up", show=False),
    ]

    async def action_give_up(self) -> None:
        """Narrow no longer."""
        self.value = ""
        await self.action_submit()

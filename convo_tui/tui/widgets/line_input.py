"""Where one line is typed."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import set_cell_size
from rich.segment import Segment
from textual.binding import Binding, BindingType
from textual.strip import Strip
from textual.widgets import Input

from convo_tui.sanitize import accepted, drawable


def safely_drawn(strip: Strip) -> Strip:
    """Return a line that someone types, as wide as it was and fit for a terminal: Textual draws it as it came."""
    if drawable(strip.text) == strip.text:
        return strip
    segments = [
        Segment(set_cell_size(drawable(text), Segment(text).cell_length), style, control)
        for text, style, control in strip
    ]
    return Strip(segments, strip.cell_length)


class LineInput(Input):
    """A line of text that nothing harmful gets into, typed or pasted."""

    def validate_value(self, value: str) -> str:
        """Return the value fit for a file."""
        return accepted(value)

    def render_line(self, y: int) -> Strip:
        """Draw what is typed."""
        return safely_drawn(super().render_line(y))


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

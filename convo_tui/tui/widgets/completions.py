"""The few lines under the cursor that offer to finish a word; it takes no focus, and no key of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Offset, Region
from textual.widget import Widget

from convo_tui.core.completing import Choice
from convo_tui.sanitize import single

_CHOSEN, _OTHER = "▌", " "
_WIDEST, _NARROWEST = 56, 12


class Completions(Widget, can_focus=False):
    """Shows choices beside a place of the screen, one of them chosen; a click calls `take` with the one clicked."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"completions--chosen", "completions--hint"}
    DEFAULT_CSS = """
    Completions {
        display: none;
        overlay: screen;
        width: auto;
        height: auto;
        background: $panel;
        color: $foreground;
        & > .completions--chosen { background: $accent 30%; text-style: bold; }
        & > .completions--hint { color: $text-muted; }
    }
    """

    def __init__(self, take: Callable[[Choice], None]) -> None:
        """Create an empty list."""
        super().__init__()
        self._take = take
        self._choices: Sequence[Choice] = ()
        self._index = 0
        self._room = _WIDEST

    @property
    def chosen(self) -> Choice | None:
        """The choice that one key takes; None while nothing is offered."""
        return self._choices[self._index] if self._choices else None

    def offer(self, choices: Sequence[Choice], at: Offset, within: Region) -> None:
        """Show `choices` under the place `at` of the screen, or over it; the first is chosen."""
        self._choices, self._index = choices, 0
        self.display = bool(choices)
        self.place(at, within)

    def place(self, at: Offset, within: Region) -> None:
        """Move to another place: the line under it, or those over it where the screen ends too soon.

        To the left and the right it stays `within` a part of the screen.
        """
        self._room = within.width
        width, height = self._width, len(self._choices)
        fits = at.y + height < self.screen.size.height
        x = max(within.x, min(at.x, within.right - width))
        self.absolute_offset = Offset(x, at.y + 1 if fits else at.y - height)
        self.refresh(layout=True)

    def close(self) -> None:
        """Offer nothing."""
        if self._choices:
            self._choices = ()
            self.display = False

    def move(self, step: int) -> None:
        """Choose another, going round at the ends."""
        if self._choices:
            self._index = (self._index + step) % len(self._choices)
            self.refresh()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Leave the focus, and the selection, where they are."""
        event.stop()
        event.prevent_default()

    def on_click(self, event: events.Click) -> None:
        """Take the choice under the mouse."""
        event.stop()
        if 0 <= event.y < len(self._choices):
            self._take(self._choices[event.y])

    def render(self) -> Content:
        """Draw a line for each choice: what would be typed, and its hint at the end."""
        width = self.size.width
        return Content("\n").join(self._line(index, width) for index in range(len(self._choices)))

    def _line(self, index: int, width: int) -> Content:
        choice = self._choices[index]
        edge = _CHOSEN if index == self._index else _OTHER
        said = Content(edge + single(choice.shown))
        hint = Content(f" {single(choice.hint)} ").truncate(max(width // 3, width - said.cell_length), ellipsis=True)
        said = said.truncate(width - hint.cell_length, ellipsis=True)
        gap = " " * (width - said.cell_length - hint.cell_length)
        line = Content.assemble(said, gap, hint.stylize(self.get_visual_style("completions--hint", partial=True)))
        if index == self._index:
            line = line.stylize_before(self.get_visual_style("completions--chosen", partial=True))
        return line

    def get_content_width(self, container: object, viewport: object) -> int:
        """Return the room that the widest choice needs, within reason."""
        return self._width

    @property
    def _width(self) -> int:
        widths = (Content(f" {single(each.shown)}  {single(each.hint)} ").cell_length for each in self._choices)
        return min(_WIDEST, self._room, max([_NARROWEST, *widths]))

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """Return a line for each choice."""
        return len(self._choices)

"""Where a few lines are typed."""

from __future__ import annotations

from textual.content import Content
from textual.strip import Strip
from textual.widgets import TextArea

from convo_tui.sanitize import TAB, accepted
from convo_tui.tui.widgets.line_input import safely_drawn


def lines_shown(text: str) -> str:
    """Return a text as it is shown where it is typed: fit for a file, tabs as the blanks that they look like."""
    return accepted(text, lines=True).expandtabs(TAB)


class LinesInput(TextArea):
    """A few lines of text, as high as they are; what is harmful is never drawn. Tab leaves it."""

    def __init__(self, text: str = "", *, hint: str = "", id: str | None = None) -> None:
        """Create it with a text; an empty one shows the hint."""
        super().__init__(
            lines_shown(text),
            soft_wrap=True,
            show_line_numbers=False,
            tab_behavior="focus",
            compact=True,
            highlight_cursor_line=False,
            placeholder=Content(hint),
            id=id,
        )
        self.move_cursor(self.document.end)

    @property
    def value(self) -> str:
        """The text, fit for a file."""
        return accepted(self.text, lines=True)

    def render_line(self, y: int) -> Strip:
        """Draw what is typed."""
        return safely_drawn(super().render_line(y))

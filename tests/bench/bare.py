"""The bare programs that Convo is held against: three panes, and no more than a measure needs."""

from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

LAST_PANE = "the third pane"


class Bare(App[None]):
    """Three panes; a key writes into the first."""

    CSS = "Horizontal > * { width: 1fr; }"
    BINDINGS = [("j", "count", "Count")]
    pressed = 0

    def compose(self) -> ComposeResult:
        """Make the panes."""
        with Horizontal():
            yield Static("the first pane")
            yield Static("the second pane")
            yield self.last_pane()

    def last_pane(self) -> Any:
        """Return what stands in the third."""
        return Static(LAST_PANE)

    def action_count(self) -> None:
        """Show that a key was pressed."""
        self.pressed += 1
        self.query(Static).first().update(f"pressed {self.pressed} times")


class BareEditor(Bare):
    """The same with an editor in the third pane."""

    def last_pane(self) -> Any:
        """Return a text area, imported only here: the others do not need it."""
        from textual.widgets import TextArea

        return TextArea()

    def on_mount(self) -> None:
        """Type there."""
        self.query("TextArea").focus()


if __name__ == "__main__":
    Bare().run()

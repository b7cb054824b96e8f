"""The receipt of an encounter that ended: a few keys act on it, any other character goes back to the note."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from convo_tui.tui.widgets.line_list import LineList

_KEYS = frozenset("12345miu")
"""What is a key here (SCREENS.md, "An encounter in progress"); any other character is typed."""


class EndedList(LineList):
    """The lines of a receipt."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,escape", "close", "Close", show=False)]

    class Closed(Message):
        """The person has read it."""

    @dataclass
    class TypedOn(Message):
        """Stray typing after the end: this character belongs to the note."""

        character: str

    def action_close(self) -> None:
        """Close the receipt."""
        self.post_message(self.Closed())

    def on_key(self, event: events.Key) -> None:
        """Give what is no key here back to the note."""
        if event.is_printable and event.character and event.character not in _KEYS:
            event.stop()
            event.prevent_default()
            self.post_message(self.TypedOn(event.character))

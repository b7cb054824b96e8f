"""The facts of an encounter in one line above its note, to be read and typed over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from convo_tui.core.errors import ConvoError
from convo_tui.sanitize import sanitize
from convo_tui.tui.widgets.line_input import LineInput

if TYPE_CHECKING:
    from convo_tui.core.facts import Facts


class EncounterLine(Vertical):
    """Channel, people, time and minutes as text; enter takes what is typed, escape gives back what stood there.

    What cannot be meant is told below the line, which stays as typed.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "restore", "Leave", show=False)]
    DEFAULT_CSS = """
    EncounterLine {
        height: auto;
        LineInput {
            height: 1;
            border: none;
            margin: 0 1;
            background: $background;
            color: $text-muted;
            &:focus { background: $surface; color: $foreground; }
        }
        .encounter-line--fault {
            display: none;
            height: auto;
            padding: 0 1;
            color: $error;
        }
        &.-refused .encounter-line--fault { display: block; }
    }
    """

    @dataclass
    class Changed(Message):
        """The person said something else of the encounter."""

        facts: Facts

    @dataclass
    class Refused(Message):
        """What was typed cannot be meant; `reason` is shown below the line already."""

        reason: str

    class Left(Message):
        """The person is done with the line, and nothing is to be changed."""

    def __init__(self, *, id: str | None = None) -> None:
        """Create an empty line."""
        super().__init__(id=id)
        self._said = ""
        self._parse: Callable[[str], Facts] | None = None

    def compose(self) -> ComposeResult:
        """Make the line and the place for what is wrong with it."""
        yield LineInput(compact=True, select_on_focus=False)
        yield Static("", classes="encounter-line--fault", markup=False)

    def show(self, said: str, parse: Callable[[str], Facts]) -> None:
        """Show what is known of an encounter; what is being typed over it stays. `parse` raises ConvoError."""
        said = sanitize(said)
        untouched = self._line.value == self._said or not self._line.has_focus
        self._said, self._parse = said, parse
        if untouched and self._line.value != said:
            self._restore()

    def edit(self) -> None:
        """Go into the line, its end first: people change the minutes most."""
        self._line.focus()
        self._line.cursor_position = len(self._line.value)

    @property
    def _line(self) -> LineInput:
        return self.query_one(LineInput)

    @on(LineInput.Changed)
    def _typed(self, event: LineInput.Changed) -> None:
        event.stop()
        self._tell("")

    @on(LineInput.Submitted)
    def _submitted(self, event: LineInput.Submitted) -> None:
        event.stop()
        if event.value.strip() == self._said.strip() or self._parse is None:
            self.action_restore()
            return
        try:
            facts = self._parse(event.value)
        except ConvoError as error:
            self._tell(sanitize(str(error)))
            self.post_message(self.Refused(str(error)))
        else:
            self._said = event.value
            self.post_message(self.Changed(facts))

    def action_restore(self) -> None:
        """Give back what stood there, and leave."""
        self._restore()
        self.post_message(self.Left())

    def _restore(self) -> None:
        self._line.value = self._said
        self._tell("")

    def _tell(self, reason: str) -> None:
        self.query_one(".encounter-line--fault", Static).update(Content(reason))
        self.set_class(bool(reason), "-refused")

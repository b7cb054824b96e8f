"""The third pane: the thing selected in full, the note being typed, or the receipt of the one that ended."""

from __future__ import annotations

from typing import Literal, TypeAlias

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Rule

from convo_tui.tui.widgets.encounter_line import EncounterLine
from convo_tui.tui.widgets.ended_list import EndedList
from convo_tui.tui.widgets.line_list import Layout, LineList
from convo_tui.tui.widgets.note_editor import NoteEditor

Mode: TypeAlias = Literal["details", "writing", "ended"]


class NotePane(Vertical):
    """Shows one of three things; which, is its `mode`."""

    def __init__(self, *, id: str | None = None) -> None:
        """Create the pane, with nothing to show yet."""
        super().__init__(id=id, classes="pane -details")
        self.mode: Mode = "details"

    def compose(self) -> ComposeResult:
        """Make the parts; one of them shows at a time."""
        yield LineList(id="details")
        with Vertical(id="writing"):
            yield EncounterLine(id="facts")
            yield LineList(id="agenda")
            yield Rule()
            yield NoteEditor(id="note")
            yield Rule()
            yield LineList(id="receipt")
        yield EndedList(id="ended")

    def turn(self, mode: Mode, title: str) -> None:
        """Show the part for `mode` under a title."""
        self.border_title = Content(title)  # a plain text would be read as markup
        if mode != self.mode:
            self.set_class(False, f"-{self.mode}")
            self.mode = mode
            self.set_class(True, f"-{mode}")

    def show(self, part: Literal["details", "agenda", "receipt", "ended"], layout: Layout) -> None:
        """Show rows in one of the lists; details are of another thing each time, and begin at the top."""
        self.query_one(f"#{part}", LineList).show(layout, fresh=part == "details")

    @property
    def editor(self) -> NoteEditor:
        """Where the note is typed."""
        return self.query_one(NoteEditor)

    @property
    def facts(self) -> EncounterLine:
        """The line that says how, with whom, when and for how long."""
        return self.query_one(EncounterLine)

    @property
    def front(self) -> LineList | NoteEditor:
        """The part that takes the focus."""
        if self.mode == "writing":
            return self.editor
        return self.query_one(f"#{self.mode}", LineList)

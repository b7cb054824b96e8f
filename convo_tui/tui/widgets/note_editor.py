"""Where a note is typed: a text area that colours what the grammar understands, and helps where it can tell how."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.document._document import EditResult, Location, Selection
from textual.document._edit import Edit
from textual.geometry import Offset
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import TextArea

from convo_tui.core import typing_help
from convo_tui.core.completing import Choice, Wanted, completion_at
from convo_tui.core.inline import mentions, topic_spans, unfenced
from convo_tui.core.markers import marker_span
from convo_tui.core.pasting import defused, freed_lines
from convo_tui.sanitize import TAB, accepted
from convo_tui.tui import keys
from convo_tui.tui.widgets.completions import Completions
from convo_tui.tui.widgets.line_input import safely_drawn

_NEAR = 16
"""Characters before the cursor that tell whether a letter typed there is one mark too many."""


class NoteEditor(TextArea, inherit_bindings=True):
    """A text area for one note; posts `Typed` after each change.

    It posts `Wants` when what is typed could be completed; who knows the answer gives it to `offer`.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings("editor")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"note-editor--marker", "note-editor--quote", "note-editor--topic"}
    DEFAULT_CSS = """
    NoteEditor {
        & > .note-editor--marker { color: $accent; text-style: bold; }
        & > .note-editor--quote { color: $quote; text-style: italic; }
        & > .note-editor--topic { color: $topic; }
    }
    """

    @dataclass
    class Typed(Message):
        """The note changed, or its cursor moved on a change: the whole text and the cursor (line, column)."""

        text: str
        cursor: tuple[int, int]

    @dataclass
    class Left(Message):
        """The person pressed escape; `empty` says that nothing is written."""

        empty: bool

    @dataclass
    class Wants(Message):
        """What is being typed could be completed; of many letters between two paints only the last is told."""

        editor: NoteEditor
        wanted: Wanted

    def __init__(self, *, id: str | None = None) -> None:
        """Create an empty editor."""
        self._pasted = range(0)
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="indent", compact=True)
        self.highlight_cursor_line = False
        self.indent_width = len(typing_help.INDENT)
        self._completions = Completions(self._take)
        self._asking = False
        self._forget()

    def _forget(self) -> None:
        """Know nothing of the note that was here before."""
        self._fenced: frozenset[int] = frozenset()
        self._wanted: Wanted | None = None
        self._spot: tuple[int, str, int] | None = None
        self._declined = False
        self._pasted = range(0)
        self._continued: tuple[int, str] | None = None
        self._completions.close()

    def on_mount(self) -> None:
        """Put the completions beside the editor: they may stand over what is around it."""
        assert isinstance(self.parent, Widget)
        self.parent.mount(self._completions, after=self)

    def open(self, text: str, cursor: tuple[int, int]) -> None:
        """Show another note, the cursor where it was."""
        with self.prevent(TextArea.Changed):
            self.load_text(_cleaned(text))
        self._forget()
        self._find_fences()
        line = min(cursor[0], self.document.line_count - 1)
        self.move_cursor((line, min(cursor[1], len(self.document[line]))))

    def add_line(self, line: str) -> None:
        """Put `line` on a line of its own at the end of the note, the cursor after it."""
        last = self.document.line_count - 1
        end = (last, len(self.document[last]))
        before = "" if not self.document[last].strip() else "\n"
        self.insert(f"{before}{_cleaned(line)}", end, maintain_selection_offset=False)
        self.move_cursor(self.document.end)

    def rewrite(self, text: str) -> None:
        """Put another text in the place of the note, in one step that can be taken back."""
        self.replace(_cleaned(text), (0, 0), self.document.end)

    def close_completions(self) -> None:
        """Offer nothing more here."""
        self._decline()

    def action_leave_editor(self) -> None:
        """Leave the completions, else the editor; the text is kept."""
        if self.completing:
            self.close_completions()
        else:
            self.post_message(self.Left(not self.text.strip()))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell what was typed."""
        event.stop()
        self._find_fences()
        self._look(typed=True)
        self.post_message(self.Typed(self.text, self.cursor_location))

    def on_text_area_selection_changed(self, event: TextArea.SelectionChanged) -> None:
        """Take back what is offered for another place."""
        event.stop()
        self._look(typed=False)

    def on_blur(self) -> None:
        """Offer nothing to someone who has left."""
        self._decline()

    def on_resize(self) -> None:
        """Keep the cursor in sight, and what is offered beside it: the receipt below grows as one types."""
        self.scroll_cursor_visible()
        if self.completing and self._wanted is not None:
            self._completions.place(self._beginning(self._wanted), self.region)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take no key for selecting: `f6` and `f7` are the journal's, and a letter typed next would replace it all."""
        return action not in ("select_line", "select_all") and super().check_action(action, parameters)

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Say which keys are text here; Textual does not know the character behind some of their names."""
        return super().check_consume_key(key, character or keys.character(key))

    async def _on_key(self, event: events.Key) -> None:
        """Do what is bound here at once: on its way up to the bindings, a key is overtaken by the letters after it."""
        if self._helps(event):
            event.stop()
            event.prevent_default()
            return
        active = None if event.is_printable else self.screen.active_bindings.get(event.key)
        if active is not None and active.node is self:
            event.stop()
            event.prevent_default()
            await self.run_action(active.binding.action)
        elif event.key == "escape":
            event.prevent_default()  # a text area would move the focus by itself

    def _helps(self, event: events.Key) -> bool:
        """Help with a key that a plain text area would take otherwise; False when it is to take it."""
        if event.key == "tab":
            return self._complete() or self._shift_lines(typing_help.indented)
        if event.key == "shift+tab":
            return self._shift_lines(typing_help.outdented)
        if event.key == "enter":
            return self._continue_list()
        return event.is_printable and event.character is not None and self._replace_lead(event.character)

    async def caught_up(self) -> None:
        """Return when the keys pressed so far are in the text: what works everywhere overtakes them."""
        done = asyncio.Event()
        if self.call_later(done.set):
            await done.wait()

    # Foreign text

    async def _on_paste(self, event: events.Paste) -> None:
        """Take foreign text cleaned; several lines make no records by themselves: their markers arrive escaped."""
        event.prevent_default()  # or the text area would take it too, as it came
        (row, column), end = sorted(self.selection)
        before, after = self.document[row][:column], self.document[end[0]][end[1] :]
        text = defused(_cleaned(event.text), list(self.document.lines[:row]), before, after)
        await super()._on_paste(events.Paste(text))
        if "\n" in text:
            self._pasted = range(row, self.cursor_location[0] + 1)

    def action_free_pasted(self) -> None:
        """Let the marker lines count that arrived escaped: of the selection, the last paste, or the line here."""
        start, end = sorted(self.selection)
        if not (start == end and self._free(self._pasted)):
            self._free(range(start[0], end[0] + 1))
        self._pasted = range(0)

    def _free(self, rows: range) -> bool:
        """Take a `\\` away before each escaped marker of these rows; False when there is none."""
        rows = range(rows.start, min(rows.stop, self.document.line_count))
        return self._change_lines(rows, freed_lines(self.document.lines, rows))

    def edit(self, edit: Edit) -> EditResult:
        """Change the text, and remember where the last paste has moved to."""
        row, column = edit.top
        before = self.document[row][max(0, column - _NEAR) : column]
        edit.text = _cleaned(before + edit.text).removeprefix(before)  # letters that are typed come as they are
        count = self.document.line_count
        result = super().edit(edit)
        grown, rows = self.document.line_count - count, self._pasted
        if edit.bottom[0] < rows.start:
            self._pasted = range(rows.start + grown, rows.stop + grown)
        elif edit.top[0] < rows.stop:
            self._pasted = range(rows.start, rows.stop + grown)
        return result

    def undo(self) -> None:
        """Take the last change back; where the last paste stood is not known any more."""
        self._pasted = range(0)
        super().undo()

    def redo(self) -> None:
        """Make the change again."""
        self._pasted = range(0)
        super().redo()

    # Lists

    def _continue_list(self) -> bool:
        """Go on with a list on the next line, or end it on an empty item."""
        row, column = here = self.cursor_location
        line = self.document[row]
        lead = typing_help.continued(line, column) if self.selection.is_empty else None
        if lead is None or self._is_code(row):
            return False
        if lead:
            self._replace_via_keyboard(f"\n{lead}", here, here)
            self._continued = (row + 1, lead)
        else:
            self._replace_via_keyboard("", (row, 0), (row, len(line)))
        return True

    def _is_code(self, row: int) -> bool:
        self._find_fences()  # the last letters may be too new for what is known
        return row in self._fenced

    def _replace_lead(self, character: str) -> bool:
        """Let someone who types the beginning of an item themselves have it once."""
        if self._continued is None:
            return False
        (row, column), (place, lead) = self.cursor_location, self._continued
        line = self.document[row]
        if row != place or not line.startswith(lead) or column < len(lead) or not self.selection.is_empty:
            self._continued = None
            return False
        typed = line[len(lead) : column] + character
        if not typing_help.takes_the_place(typed):
            return False
        self._continued = None
        self._replace_via_keyboard(typed, (row, 0), (row, column))
        return True

    def _shift_lines(self, shifted: Callable[[str], str]) -> bool:
        """Move the item at the cursor, or the lines of the selection, in or out; False for any other line."""
        start, end = sorted(self.selection)
        if start == end and not typing_help.is_item(self.document[start[0]]):
            return False
        last = end[0] - (end[0] > start[0] and end[1] == 0)
        rows = range(start[0], last + 1)
        self._change_lines(rows, [shifted(self.document[row]) for row in rows])
        return True

    def _change_lines(self, rows: range, lines: Sequence[str]) -> bool:
        """Put other lines in the place of some, in one step; cursor and selection stay with their letters."""
        before, selection = [self.document[row] for row in rows], self.selection
        if before == list(lines):
            return False

        def moved(location: Location) -> Location:
            row, column = location
            if row not in rows:
                return location
            return row, max(0, column + len(lines[row - rows.start]) - len(before[row - rows.start]))

        self.replace("\n".join(lines), (rows.start, 0), (rows.stop - 1, len(before[-1])))
        self.selection = Selection(moved(selection.start), moved(selection.end))
        return True

    # Completions

    @property
    def completing(self) -> bool:
        """Whether something is offered: `tab` takes it, `escape` closes it first."""
        return self._completions.chosen is not None

    def offer(self, wanted: Wanted, choices: Sequence[Choice]) -> None:
        """Offer what answers to `wanted`; an answer that comes too late is not shown."""
        if wanted != self._wanted or self._declined or not self.has_focus:
            return
        if choices:
            self._completions.offer(choices, self._beginning(wanted), self.region)
        else:
            self._completions.close()

    def action_completion_next(self) -> None:
        """Choose the next of what is offered."""
        self._completions.move(1)

    def action_completion_previous(self) -> None:
        """Choose the one before."""
        self._completions.move(-1)

    def _beginning(self, wanted: Wanted) -> Offset:
        """Where on the screen the word begins that is being typed; under its last line, when it is wrapped."""
        cursor = self.wrapped_document.location_to_offset(self.cursor_location)
        start = self.wrapped_document.location_to_offset((self.cursor_location[0], wanted.start))
        back = cursor.x - start.x if start.y == cursor.y else cursor.x
        return self.cursor_screen_offset - Offset(back + 1, 0)

    def _look(self, *, typed: bool) -> None:
        """See whether something could be completed here; ask for it when it is being typed."""
        row, column = self.cursor_location
        writing = self.selection.is_empty and row not in self._fenced
        wanted = completion_at(self.document[row], column) if writing else None
        spot = (row, wanted.kind, wanted.start) if wanted is not None else None
        if spot != self._spot or (not typed and wanted != self._wanted):
            self._completions.close()
        self._declined = self._declined and spot == self._spot and bool(wanted and wanted.prefix)
        self._wanted, self._spot = wanted, spot
        if typed and wanted is not None and not self._asking:
            self._asking = True
            self.call_after_refresh(self._ask)

    def _ask(self) -> None:
        self._asking = False
        if self._wanted is not None and not self._declined and self.has_focus:
            self.post_message(self.Wants(self, self._wanted))

    def _decline(self) -> None:
        self._declined = True
        self._completions.close()

    def _complete(self) -> bool:
        """Take what is chosen, unless what is typed has gone on from there."""
        self._look(typed=False)
        chosen = self._completions.chosen
        if chosen is not None:
            self._take(chosen)
        return chosen is not None

    def _take(self, choice: Choice) -> None:
        if self._wanted is not None:
            row = self.cursor_location[0]
            self._replace_via_keyboard(accepted(choice.text), (row, self._wanted.start), self.cursor_location)
            self._decline()

    # Colours

    def _find_fences(self) -> None:
        lines = list(self.document.lines)
        self._fenced = frozenset(index for index, _, outside in unfenced(lines) if not outside)

    def render_line(self, y: int) -> Strip:
        """Draw what is typed."""
        return safely_drawn(super().render_line(y))

    def get_line(self, line_index: int) -> Text:
        """Return one line with its marker, quote, topics and mentions coloured."""
        line = super().get_line(line_index)
        if line_index in self._fenced:
            return line
        said = line.plain
        marked = marker_span(said)
        if marked is not None:
            quote = said[marked[0]] == ">"
            style = self._part("quote" if quote else "marker")
            line.stylize(style, marked[0], len(said) if quote else marked[1])
        spans = topic_spans(said) + [(each.start, each.end) for each in mentions(said)]
        for start, end in spans:
            line.stylize(self._part("topic"), start, end)
        return line

    def _part(self, name: str) -> Style:
        return self.get_component_rich_style(f"note-editor--{name}", partial=True)


def _cleaned(text: str) -> str:
    """Return text fit for a note, all of it, its tabs as columns."""
    return accepted(text, lines=True).expandtabs(TAB)

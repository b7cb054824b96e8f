"""Where a note is typed: a text area that colours what the grammar understands."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.widgets import TextArea

from convo_tui.core.inline import mentions, topic_spans, unfenced
from convo_tui.core.markers import escaped, marker_span
from convo_tui.sanitize import LINE_LIMIT, sanitize
from convo_tui.tui import keys


_PIECE = re.compile(rf"\r\n|[^\r\n]{{1,{LINE_LIMIT}}}|[\r\n]")


class NoteEditor(TextArea, inherit_bindings=True):
    """A text area for one note; posts `Typed` after each change."""

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

    def __init__(self, *, id: str | None = None) -> None:
        """Create an empty editor."""
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="indent", compact=True)
        self._fenced: frozenset[int] = frozenset()
        self.highlight_cursor_line = False

    def open(self, text: str, cursor: tuple[int, int]) -> None:
        """Show another note, the cursor where it was."""
        with self.prevent(TextArea.Changed):
            self.load_text(_cleaned(text))
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

    def action_leave_editor(self) -> None:
        """Leave the editor; the text is kept."""
        self.post_message(self.Left(not self.text.strip()))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Tell what was typed."""
        event.stop()
        self._find_fences()
        self.post_message(self.Typed(self.text, self.cursor_location))

    def check_consume_key(self, key: str, character: str | None = None) -> bool:
        """Say which keys are text here; Textual does not know the character behind some of their names."""
        return super().check_consume_key(key, character or keys.character(key))

    async def _on_key(self, event: events.Key) -> None:
        """Do what is bound here at once: on its way up to the bindings, a key is overtaken by the letters after it."""
        active = None if event.is_printable else self.screen.active_bindings.get(event.key)
        if active is not None and active.node is self:
            event.stop()
            event.prevent_default()
            await self.run_action(active.binding.action)
        elif event.key == "escape":
            event.prevent_default()  # a text area would move the focus by itself

    async def caught_up(self) -> None:
        """Return when the keys pressed so far are in the text: what works everywhere overtakes them."""
        done = asyncio.Event()
        if self.call_later(done.set):
            await done.wait()

    async def _on_paste(self, event: events.Paste) -> None:
        """Take foreign text cleaned; several lines make no records by themselves: their markers arrive escaped."""
        event.prevent_default()  # or the text area would take it too, as it came
        cleaned = _cleaned(event.text)
        if "\n" in cleaned.strip("\n"):
            cleaned = escaped(cleaned)
        await super()._on_paste(events.Paste(cleaned))

    def _find_fences(self) -> None:
        lines = list(self.document.lines)
        self._fenced = frozenset(index for index, _, outside in unfenced(lines) if not outside)

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
    """Return text fit for the screen, all of it: in one go `sanitize` would cut a long line."""
    return "".join(sanitize(piece, lines=True) for piece in _PIECE.findall(text))

"""The keys as they are set now, searchable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from convo_tui.tui import keys
from convo_tui.tui.rows import parts
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_input import LineInput
from convo_tui.tui.widgets.line_list import LineList, Row

_MARKERS = (
    ("! text", "opens an issue that is mine; @them @us, due:fri, every:1m, #topic"),
    ("? text", "opens an issue that is theirs: a question to come back to"),
    ("~ words", "carries the open issue that matches, or its number ~1; ~ * carries all"),
    ("= words : outcome", "settles the issue, or meets the need, that matches; =2 by its number"),
    ("need: want: expect: unsaid:", "what they need, want, expect, or did not say"),
    ("idea: rival: about:", "an idea of theirs; a competitor; what matters in their life"),
    ("next: in 3 weeks the offer", "when, and about what, to talk again"),
    ("with: spark: nature: minutes:", "who took part; facts of the encounter"),
    ("> words", "their own words: they stay in the note"),
    ("\\! text", "a backslash keeps the line as text"),
)
_WIDEST_KEY = 30


class Help(Asking[None]):
    """Lists every key with what it does, and the marks of the note grammar."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "close", "Close", show=False),
        Binding("down", "into_list", show=False),
    ]

    def __init__(self, keymap: Mapping[str, str]) -> None:
        """Create the page for the keys of `keymap`."""
        super().__init__(classes="form")
        self._table = keys.effective(keymap)

    def compose(self) -> ComposeResult:
        """Make the search line and the list."""
        with Vertical(classes="form--box help") as box:
            box.border_title = "Help"
            box.border_subtitle = "type to search · esc closes"
            yield LineInput(placeholder="search the keys", compact=True)
            yield LineList()

    def on_mount(self) -> None:
        """Show everything."""
        self._show("")

    @on(Input.Changed)
    def _search(self, event: Input.Changed) -> None:
        event.stop()
        self._show(event.value)

    def _show(self, wanted: str) -> None:
        self.query_one(LineList).show(lambda width: help_rows(self._table, wanted))

    def action_into_list(self) -> None:
        """Go from the search line to the list."""
        self.query_one(LineList).focus()

    def action_close(self) -> None:
        """Go back."""
        self.answer()


def help_rows(table: Sequence[keys.Key], wanted: str) -> list[Row]:
    """Return the keys and marks whose words contain every word of `wanted`, under a heading each."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for key in table:
        shown = " ".join(keys.display(each) for each in key.keys)
        groups.setdefault(key.where, []).append((shown, key.help))
    groups["in a note"] = list(_MARKERS)
    asked = wanted.casefold().split()
    rows: list[Row] = []
    for name, entries in groups.items():
        found = [entry for entry in entries if all(word in f"{entry[0]} {entry[1]}".casefold() for word in asked)]
        if found:
            rows += [*([Row(Content())] if rows else []), parts.heading(name)]
            rows += [Row(_entry(*entry), f"{name}:{entry[0]}:{entry[1]}") for entry in found]
    return rows or [Row(Content.styled("No key answers to that.", parts.QUIET))]


def _entry(shown: str, said: str) -> Content:
    return Content.assemble((f"{shown:<{_WIDEST_KEY}}", "bold $accent"), said)

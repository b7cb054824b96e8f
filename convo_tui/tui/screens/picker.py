"""Whom it is about: a few letters find anyone, several names with commas, and an unknown one can be added."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from convo_tui.sanitize import single
from convo_tui.tui.rows import parts
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_input import LineInput
from convo_tui.tui.widgets.line_list import LineList, Row

_CREATE, _DONE = " create", " done"
"""Keys of rows that are nobody: no relationship's key begins with a space."""


@dataclass(frozen=True, slots=True)
class Found:
    """Someone who answers: the key that the screen knows them by, the name, and a hint, like their organisation."""

    key: str
    name: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Picked:
    """Whom the person picked: the keys in the order named, and the name of someone to add."""

    keys: tuple[str, ...]
    create: str | None = None


class NameLine(LineInput):
    """Where the letters are typed; backspace at its very beginning posts `Back`."""

    class Back(Message):
        """There was nothing left to delete."""

    def action_delete_left(self) -> None:
        """Delete a letter, or tell that there is none."""
        if self.value:
            super().action_delete_left()
        else:
            self.post_message(self.Back())


class Picker(Asking[Picked | None]):
    """Asks for someone by a few letters; gives whom, or None when the person thinks better of it.

    `search` gives those who answer to a few letters, the best first; to none, whoever is likely. With `several` a
    comma keeps whoever is chosen and asks on, and a name that nobody has can be added.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Leave", show=False),
        Binding("down,ctrl+n", "move('down')", "Down", show=False),
        Binding("up,ctrl+p", "move('up')", "Up", show=False),
        Binding("pagedown", "move('page_down')", "Page down", show=False),
        Binding("pageup", "move('page_up')", "Page up", show=False),
    ]
    DEFAULT_CSS = """
    Picker {
        align: center top;
        .picker--box {
            width: 72;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            margin-top: 2;
            padding: 0 1;
            background: $background;
            border: round $border;
            border-title-style: bold;
        }
        .picker--line {
            height: 1;
        }
        .picker--kept {
            width: auto;
            max-width: 60%;
            color: $accent;
        }
        NameLine {
            width: 1fr;
            background: $background;
        }
        LineList {
            height: auto;
            min-height: 1;
            max-height: 12;
            margin-top: 1;
        }
    }
    """

    def __init__(
        self,
        question: str,
        search: Callable[[str], Sequence[Found]] | None = None,
        *,
        several: bool = False,
        hint: str = "",
    ) -> None:
        """Create the question; without a `search`, `find_with` brings it while the first letters are typed."""
        super().__init__(classes="picker")
        self._question, self._search, self._several, self._hint = question, search, several, hint
        self._kept: list[Found] = []
        self._found: dict[str, Found] = {}
        self._keys: list[str] = []
        self._asked: tuple[str, int] | None = None
        self._entered_early: str | None = None

    def compose(self) -> ComposeResult:
        """Make the line and the list."""
        with Vertical(classes="picker--box") as box:
            box.border_title = Content(single(self._question))  # a plain text would be read as markup
            with Horizontal(classes="picker--line"):
                yield Static("", classes="picker--kept", markup=False)
                yield NameLine(placeholder=self._hint, compact=True)
            found = LineList(placeholder=Content.styled("Nobody answers to that.", "$text-muted"))
            found.can_focus = False  # every letter is for the line above, also after a click
            yield found

    def on_mount(self) -> None:
        """Offer whoever is likely."""
        self.query_one(NameLine).focus()  # at once: the next key may be there already
        self._look("")

    def find_with(self, search: Callable[[str], Sequence[Found]]) -> None:
        """Show who answers to what is typed by now, and take what was entered already."""
        self._search = search
        if self._entered_early is None:
            self._take_typed(self.query_one(NameLine).value)
        else:
            self._enter(self._entered_early)

    @on(NameLine.Changed)
    def _typed(self, event: NameLine.Changed) -> None:
        event.stop()
        self._take_typed(event.value)

    def _take_typed(self, typed: str) -> None:
        """Keep the names before each comma, as far as they are someone's, and look for what follows the last."""
        while self._several and "," in typed:
            name, rest = typed.split(",", 1)
            self._look(name)
            chosen = self._found.get(self._chosen or "")
            if name.strip() and chosen is None:
                break
            if name.strip() and chosen is not None:
                self._kept.append(chosen)
            typed = rest
        typed = typed.lstrip()
        line = self.query_one(NameLine)
        if line.value != typed:
            with line.prevent(NameLine.Changed):
                line.value = typed
            line.cursor_position = len(typed)
        self._look(typed)

    def _look(self, typed: str) -> None:
        """Show who answers; an answer that is shown already stays, with the one selected."""
        asked = " ".join(typed.split()).strip(", ")
        if self._search is None or self._asked == (asked, len(self._kept)):
            return
        self._asked = (asked, len(self._kept))
        kept = {each.key for each in self._kept}
        self._found = {each.key: each for each in self._search(asked) if each.key not in kept}
        known = {each.name.casefold() for each in (*self._found.values(), *self._kept)}
        done = [_DONE] if self._kept and not asked else []
        create = [_CREATE] if self._several and asked and asked.casefold() not in known else []
        self._keys = [*done, *self._found, *create]
        names = "".join(f"{single(each.name)}, " for each in self._kept)
        self.query_one(".picker--kept", Static).update(Content(names))
        self._list.show(lambda width: [self._row(key, asked, width) for key in self._keys], fresh=True)

    def _row(self, key: str, asked: str, width: int) -> Row:
        if key == _DONE:
            return parts.row(parts.text("nobody else", "$accent"), width=width, key=key)
        if key == _CREATE:
            return parts.row(parts.text(f"create “{asked}”", "$accent"), width=width, key=key)
        found = self._found[key]
        return parts.row(parts.text(found.name), parts.text(found.hint, parts.QUIET), width, key)

    @property
    def _list(self) -> LineList:
        return self.query_one(LineList)

    @property
    def _chosen(self) -> str | None:
        """The key of the row that enter takes; before the first paint, of the first."""
        selected = self._list.selected
        return selected if selected in self._keys else next(iter(self._keys), None)

    @on(NameLine.Submitted)
    def _entered(self, event: NameLine.Submitted) -> None:
        event.stop()
        if self._search is not None:
            self._enter(event.value)
        elif self._entered_early is None:
            self._entered_early = event.value

    def _enter(self, typed: str) -> None:
        self._take_typed(typed)
        if self._chosen is not None:
            self._pick(self._chosen)

    @on(LineList.Selected)
    def _clicked(self, event: LineList.Selected) -> None:
        event.stop()
        self._pick(event.key)

    def _pick(self, key: str) -> None:
        keys = tuple(each.key for each in self._kept)
        if key == _CREATE and self._asked is not None:
            self.answer(Picked(keys, create=self._asked[0]))
        elif key == _DONE:
            self.answer(Picked(keys))
        else:
            self.answer(Picked((*keys, key)))

    @on(NameLine.Back)
    def _drop_last(self, event: NameLine.Back) -> None:
        event.stop()
        if self._kept:
            self._kept.pop()
            self._look("")

    def action_move(self, where: str) -> None:
        """Select another row, while the letters stay where they are typed."""
        getattr(self._list, f"action_list_{where}")()

    def action_cancel(self) -> None:
        """Pick nobody."""
        self.answer(None)

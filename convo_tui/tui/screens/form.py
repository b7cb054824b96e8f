"""A form: a line for each field, checked as it is typed, several lines where there is more to say."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, TypeAlias

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, RadioButton, RadioSet, Static, TextArea

from convo_tui.sanitize import accepted, sanitize, single
from convo_tui.tui.rows import parts
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_input import LineInput
from convo_tui.tui.widgets.lines_input import LinesInput, lines_shown

Outcome: TypeAlias = "str | Mapping[str, str] | None"
"""What saving came to: the key of what was saved; or by field what is wrong; or None, when that was said elsewhere."""

_KEYS = "tab next line · esc leaves"
_NOT_SAVED = "It was not saved; all you typed is here."
_UNSAVED = "esc again leaves without saving · ctrl+s saves"


@dataclass(frozen=True, slots=True)
class Line:
    """A field as it stands in a form: its key and what it is called, a hint for when it is empty.

    It is several lines high where `height` says so, or one of `choices`; a line of air comes before the first of each
    part of the form.
    """

    key: str
    label: str
    hint: str = ""
    height: int = 1
    choices: tuple[str, ...] = ()
    begins_part: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a form is about: its lines with the texts that they begin with, and what becomes of them.

    `fault` says in a sentence what is wrong with the text of a field, `save` takes the texts that were changed. Enter
    on the first line is enough for one that `adds`.
    """

    title: str
    lines: Sequence[Line]
    texts: Mapping[str, str]
    fault: Callable[[str, str], str]
    save: Callable[[Mapping[str, str]], Awaitable[Outcome]]
    adds: bool = False


async def fill_in(app: App[Any], sheet: Sheet) -> str | None:
    """Let the person fill in a form; return the key of what was saved, or None when they think better of it.

    The form is gone before it is saved, so that the next key is for the screen behind it; what could not be saved
    comes back as it was typed. For a worker: it waits.
    """
    typed: Mapping[str, str] | None = {}
    faults: Mapping[str, str] = {}
    while (typed := await app.push_screen_wait(Form(sheet, typed or {}, faults))) is not None:
        outcome = await sheet.save(typed)
        if isinstance(outcome, str):
            return outcome
        faults = {sheet.lines[0].key: _NOT_SAVED} if outcome is None else outcome
    return None


class Choice(RadioButton):
    """A radio button whose dot is there only when it is chosen: not by colour alone."""

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual's name
        """The sign in the button."""
        return "●" if self.value else " "


class Choices(RadioSet):
    """One of a few words, in a row; more of them in two columns."""

    def __init__(self, words: Sequence[str], chosen: str, *, id: str) -> None:
        """Create it with a word chosen."""
        self._words = words
        super().__init__(*(Choice(each, value=each == chosen) for each in words), id=id, compact=True)
        if len(words) > _IN_A_ROW:
            self.styles.layout, self.styles.grid_size_columns, self.styles.grid_rows = "grid", 2, "1"

    @property
    def value(self) -> str:
        """The word that is chosen."""
        return self._words[max(0, self.pressed_index)]


_IN_A_ROW = 3


def _as_shown(line: Line, text: str) -> str:
    """The text of a field as its line gives it back untouched: what is harmful does not come into it."""
    return text if line.choices else lines_shown(text) if line.height > 1 else accepted(text)


class Form(Asking[Mapping[str, str] | None]):
    """Asks for fields; gives the texts that were changed, or None when the person thinks better of it.

    Nothing typed is lost silently: what is not saved is left only when that is said twice.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Save", show=False, priority=True, id="end-encounter"),
        Binding("escape", "leave", "Leave", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Form {
        .form--box { scrollbar-size: 0 1; }
        .form--row { height: auto; }
        .form--row.-part { margin-top: 1; }
        .form--name { width: 14; color: $text-muted; }
        .form--fault { height: auto; margin-left: 15; color: $warning; display: none; }
        .form--fault.-told { display: block; }
        LinesInput { width: 1fr; border: none; padding: 0 1; background: $panel; max-height: 12; }
    }
    """

    def __init__(
        self,
        sheet: Sheet,
        typed: Mapping[str, str] = MappingProxyType({}),
        faults: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Create the form of `sheet`, with what was `typed` into it before, and what was wrong with that."""
        super().__init__(classes="form")
        self._sheet, self._faults = sheet, faults
        self._before = {line.key: _as_shown(line, sheet.texts.get(line.key, "")) for line in sheet.lines}
        self._now = self._before | dict(typed)
        self._told: dict[str, str] = {}
        self._warned = False

    def compose(self) -> ComposeResult:
        """Make the lines."""
        with VerticalScroll(classes="form--box", can_focus=False) as box:
            box.border_title = Content(single(self._sheet.title))
            for line in self._sheet.lines:
                with Horizontal(classes="form--row -part" if line.begins_part else "form--row"):
                    yield Static(line.label, classes="form--name", markup=False)
                    yield self._made(line)
                yield Static(id=f"fault-{line.key}", classes="form--fault", markup=False)

    def _made(self, line: Line) -> LineInput | LinesInput | Choices:
        text = self._now[line.key]
        if line.choices:
            return Choices(line.choices, text, id=line.key)
        if line.height > 1:
            area = LinesInput(text, hint=line.hint, id=line.key)
            area.styles.height = "auto"
            area.styles.min_height = line.height
            return area
        hint = line.hint
        return LineInput(text, placeholder=hint, id=line.key, compact=True)

    def on_mount(self) -> None:
        """Begin with the first line: at once, the next key may be there already."""
        self._field(self._sheet.lines[0].key).focus()
        self._show(self._faults)
        self._head()

    def _head(self) -> None:
        box = self.query_one(".form--box")
        keys = f"{'enter' if self._is_first else 'ctrl+s'} adds it" if self._sheet.adds else "ctrl+s saves"
        said = _UNSAVED if self._warned else f"{keys} · {_KEYS}"
        box.border_subtitle = Content.styled(said, "$warning" if self._warned else parts.QUIET)

    @property
    def _is_first(self) -> bool:
        """Whether the first line is typed in: enter adds at once there."""
        return self.focused is self._field(self._sheet.lines[0].key)

    def on_descendant_focus(self) -> None:
        """Name the keys of the line that is typed in."""
        self._head()

    def _field(self, key: str) -> Widget:
        return self.query_one(f"#{key}")

    def _text(self, key: str) -> str:
        field = self._field(key)
        return field.value if isinstance(field, LineInput | LinesInput | Choices) else ""

    @property
    def typed(self) -> dict[str, str]:
        """The texts that were changed, by the keys of their fields."""
        now = {line.key: self._text(line.key) for line in self._sheet.lines}
        return {key: text for key, text in now.items() if text != self._before[key]}

    # ── while it is typed ────────────────────────────────────────────────────────────────────────────────

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(RadioSet.Changed)
    def _changed(self, event: Input.Changed | TextArea.Changed | RadioSet.Changed) -> None:
        event.stop()
        key = event.control.id
        if key is not None and (text := self._text(key)) != self._now[key]:
            self._now[key] = text
            self._tell(key, self._sheet.fault(key, text) if text != self._before[key] else "")
            self._warn(False)

    def _tell(self, key: str, said: str) -> None:
        """Say under a field what is wrong with it; nothing when nothing is."""
        if said != self._told.get(key, ""):
            self._told[key] = said
            line = self.query_one(f"#fault-{key}", Static)
            line.update(Content(sanitize(said)))
            line.set_class(bool(said), "-told")

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self._sheet.adds and self._is_first:
            self.action_save()
        else:
            self.focus_next()

    # ── saving and leaving ───────────────────────────────────────────────────────────────────────────────

    def action_save(self) -> None:
        """Leave with what was changed; what is wrong is said where it is."""
        typed = self.typed
        if self._sheet.adds:
            first = self._sheet.lines[0].key
            typed = {first: self._text(first)} | typed
        faults = {key: said for key, text in typed.items() if (said := self._sheet.fault(key, text))}
        if faults:
            self._show(faults)
        else:
            self.answer(typed or None)

    def _show(self, faults: Mapping[str, str]) -> None:
        for key, said in faults.items():
            self._tell(key, said)
        if faults:
            self._field(next(iter(faults))).focus()

    def action_leave(self) -> None:
        """Leave; what is not saved only when it is said again."""
        if self._warned or not self.typed:
            self.answer()
        else:
            self._warn(True)

    def _warn(self, warned: bool) -> None:
        if warned != self._warned:
            self._warned = warned
            self._head()

"""The form for a new relationship: nothing is compulsory but the name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, RadioButton, RadioSet, Static

from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_input import LineInput

_FIELDS = (
    ("organisation", "Organisation", "where they are"),
    ("role", "Role", "what they do there"),
    ("email", "Mail", "ana@acme.example"),
    ("phone", "Phone", "+34 600 000 000"),
)


@dataclass(frozen=True)
class Filled:
    """What was typed into the form; only `name` is sure not to be empty."""

    name: str
    kind: str
    organisation: str
    role: str
    email: str
    phone: str


class Choice(RadioButton):
    """A radio button whose dot is there only when it is chosen: not by colour alone."""

    @property
    def BUTTON_INNER(self) -> str:  # type: ignore[override]  # noqa: N802 - Textual's name
        """The sign in the button."""
        return "●" if self.value else " "


class NewRelationship(Asking[Filled | None]):
    """Asks who it is; gives what was typed, or None when the person thinks better of it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Leave", show=False)]

    def __init__(self, name: str = "") -> None:
        """Create the form, a name typed elsewhere already in it."""
        super().__init__(classes="form")
        self._name = name

    def compose(self) -> ComposeResult:
        """Make the fields."""
        with Vertical(classes="form--box") as box:
            box.border_title = "New relationship"
            with Horizontal(classes="form--line"):
                yield Static("Name", classes="form--label", markup=False)
                yield LineInput(self._name, id="name", compact=True)
            with Horizontal(classes="form--line"):
                yield Static("Kind", classes="form--label", markup=False)
                with RadioSet(id="kind", compact=True):
                    yield Choice("person", value=True)
                    yield Choice("organisation")
            for identity, label, hint in _FIELDS:
                with Horizontal(classes="form--line"):
                    yield Static(label, classes="form--label", markup=False)
                    yield LineInput(placeholder=hint, id=identity, compact=True)
            yield Static("", classes="prompt--fault", markup=False)
            yield Static(
                Content.styled("enter adds it · tab next field · esc leaves", "$text-muted"),
                classes="form--keys",
                markup=False,
            )

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        event.stop()
        typed = {
            each: self.query_one(f"#{each}", Input).value.strip() for each in ("name", *(row[0] for row in _FIELDS))
        }
        if not typed["name"]:
            self.query_one(".prompt--fault", Static).update("A name is all that is needed.")
            self.query_one("#name", Input).focus()
            return
        kind = "organisation" if self.query_one(RadioSet).pressed_index == 1 else "person"
        self.answer(Filled(kind=kind, **typed))

    def action_cancel(self) -> None:
        """Add nobody."""
        self.answer(None)

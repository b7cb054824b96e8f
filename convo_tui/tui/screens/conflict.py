"""Two versions of one thing, of which only one can stand: both sides, and one key each."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical
from textual.content import Content
from textual.widgets import Static

from convo_tui.core.contradiction import Contradiction, Decision
from convo_tui.sanitize import single
from convo_tui.tui.rows.sides import side_rows
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_list import LineList


class Conflict(Asking[Decision | None]):
    """Asks for each place which side stands; gives the decision, or None to leave all as it is."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "keep(True)", "Yours", show=False),
        Binding("2", "keep(False)", "Theirs", show=False),
        Binding("tab,left,right,shift+tab", "turn", "The other side", show=False),
        Binding("backspace,u", "back", "Back", show=False),
        Binding("escape", "leave", "Later", show=False),
    ]

    def __init__(self, contradiction: Contradiction, theirs: str = "in the file now") -> None:
        """Create the question about the places of `contradiction`; `theirs` says where the other side is from."""
        super().__init__(classes="conflict")
        self._theirs = theirs
        self._name, self._places = single(contradiction.name), contradiction.places
        self._answers: list[bool] = []

    def compose(self) -> ComposeResult:
        """Make both sides, one beside or below the other."""
        with Vertical(classes="conflict--box") as box:
            box.border_subtitle = "1 keeps yours · 2 keeps theirs · tab to read · esc later"
            yield Static("", classes="conflict--what", markup=False)
            with Container(classes="conflict--sides"):
                yield LineList(id="ours", classes="conflict--side")
                yield LineList(id="theirs", classes="conflict--side")
            yield Static("What is not kept is put aside for 30 days.", classes="conflict--kept", markup=False)

    def on_mount(self) -> None:
        """Ask about the first place."""
        self.query_one("#ours").border_title = "1 yours"
        self.query_one("#theirs").border_title = Content(f"2 theirs, {self._theirs}")
        self.query_one("#ours").focus()
        self._ask()

    def _ask(self) -> None:
        number = len(self._answers)
        place, count = self._places[number], len(self._places)
        many = f" · {number + 1} of {count}" if count > 1 else ""
        self.query_one(".conflict--box").border_title = Content(f"Two versions of {self._name}{many}")
        self.query_one(".conflict--what", Static).update(Content(f"Both sides changed {single(place.what)}."))
        ours, theirs = self.query_one("#ours", LineList), self.query_one("#theirs", LineList)
        ours.show(lambda width: side_rows(place.ours, place.theirs, width), fresh=True)
        theirs.show(lambda width: side_rows(place.theirs, place.ours, width), fresh=True)

    def action_keep(self, ours: bool) -> None:
        """Let one side stand, and go on to the next place."""
        if len(self._answers) < len(self._places):
            self._answers.append(ours)
        if len(self._answers) < len(self._places):
            self._ask()
        else:
            self.answer(Decision(self._places, frozenset(n for n, each in enumerate(self._answers) if each)))

    def action_back(self) -> None:
        """Ask about the place before once more."""
        if self._answers:
            self._answers.pop()
            self._ask()

    def action_turn(self) -> None:
        """Go to the other side, to read on in it."""
        ours, theirs = self.query_one("#ours"), self.query_one("#theirs")
        (theirs if self.focused is ours else ours).focus()

    def action_leave(self) -> None:
        """Leave everything as it is."""
        self.answer(None)

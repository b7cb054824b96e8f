"""Small questions at the foot of the screen. None of them is needed to keep what was typed: escape answers nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input, Static

from convo_tui.core.errors import ConvoError
from convo_tui.sanitize import sanitize, single
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_input import LineInput

ISSUE_HINT = "send the offer @me due:fri #pricing; or next: in 2 weeks the offer"
PARK_HINT = "fri, 2w, 10 dec; empty: until you reopen it"
DUE_HINT = "fri, 2w, 27 nov, eom; empty: no day"


class Ask(Asking[str | None]):
    """Asks for one line; gives it, or None when the person thinks better of it.

    `check` may refuse the answer by raising ConvoError: its words are shown and the line stays to be mended.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Leave", show=False)]

    def __init__(self, question: str, hint: str = "", check: Callable[[str], object] | None = None) -> None:
        """Create the question."""
        super().__init__(classes="prompt")
        self._question, self._hint, self._check = question, hint, check

    def compose(self) -> ComposeResult:
        """Make the line."""
        with Vertical(classes="prompt--box"):
            with Horizontal(classes="prompt--line"):
                yield Static(Content.styled(single(self._question), "bold"), classes="prompt--question", markup=False)
                yield LineInput(placeholder=self._hint, compact=True)
            yield Static("", classes="prompt--fault", markup=False)

    @on(Input.Submitted)
    def _answer(self, event: Input.Submitted) -> None:
        event.stop()
        try:
            if self._check is not None:
                self._check(event.value)
        except ConvoError as refusal:
            self.query_one(".prompt--fault", Static).update(Content(sanitize(str(refusal))))
            return
        self.answer(event.value)

    def action_cancel(self) -> None:
        """Answer nothing."""
        self.answer(None)


class WhichIssue(Asking[int | None]):
    """Asks for the number of an issue: the one digit that `s2` needs, or several and enter."""

    def __init__(self, verb: str, count: int) -> None:
        """Create the question for `count` numbered issues."""
        super().__init__(classes="prompt")
        self._verb, self._count, self._typed = verb, count, ""

    def compose(self) -> ComposeResult:
        """Make the line."""
        with Vertical(classes="prompt--box"):
            yield Static(Content.styled(f"{self._verb} which one?  1 to {self._count}", "bold"), markup=False)

    def on_key(self, event: events.Key) -> None:
        """Take a digit; anything else but enter answers nothing."""
        event.stop()
        if event.character and event.character.isdigit():
            self._typed += event.character
            number = int(self._typed)
            if number > self._count or not number:
                self.answer(None)
            elif number * 10 > self._count:
                self.answer(number)
        elif event.key == "enter" and self._typed:
            self.answer(int(self._typed))
        else:
            self.answer(None)

"""Find: a word, and every place where it was said, while it is typed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from convo_tui.tui.rows import found, parts
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_input import LineInput
from convo_tui.tui.widgets.line_list import Layout, LineList

if TYPE_CHECKING:
    from convo_tui.core.hits import Hit

FIRST, MOST = 50, 1_000
"""How many hits are asked for at first, and how many at most."""
_FRAME = 6
"""Cells of border, padding, marker and scrollbar around a line of the list."""
_FILTERS = '"phrase"  -not  #topic  with:ana  since:march  is:open'


@dataclass(frozen=True, slots=True)
class Question:
    """What the journal is asked: the text as typed, how many hits at most, in how many characters each."""

    text: str = ""
    limit: int = FIRST
    width: int = 0


class Find(Asking["Hit | None"]):
    """Asks for words; gives the place to go to, or None. `text` is what was typed when it closed.

    `search` gives the hits for a text, the best first: at most so many, their snippets at most so many characters
    long. It is never asked twice at once, and of what is typed meanwhile only the newest.
    """

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Leave", show=False),
        Binding("f4", "cancel", "Leave", show=False, id="find-everywhere"),
        Binding("down,ctrl+n", "move('down')", "Down", show=False),
        Binding("up,ctrl+p", "move('up')", "Up", show=False),
        Binding("pagedown", "move('page_down')", "Page down", show=False),
        Binding("pageup", "move('page_up')", "Page up", show=False),
        Binding("ctrl+home", "move('first')", "First", show=False),
        Binding("ctrl+end", "move('last')", "Last", show=False),
    ]

    def __init__(
        self, search: Callable[[str, int, int], Awaitable[list[Hit] | None]], today: date, text: str = ""
    ) -> None:
        """Create the screen with `text` typed already, for the next letter to replace."""
        super().__init__(classes="find")
        self.text = text
        self._search, self._today = search, today
        self._asked = self._answered = Question()
        self._hits: dict[str, Hit] = {}
        self._looking = self._entered_early = False

    def compose(self) -> ComposeResult:
        """Make the line and the list."""
        with Vertical(classes="find--box") as box:
            box.border_title = "Find"
            with Horizontal(classes="find--line"):
                yield LineInput(self.text, placeholder="a word that was said, to anyone, at any time", compact=True)
                yield Static(Content(_FILTERS), classes="find--filters", markup=False)
            places = LineList()
            places.can_focus = False  # every letter is for the line above, also after a click
            yield places

    def on_mount(self) -> None:
        """Show what was found the last time, or what can be typed."""
        self.query_one(LineInput).focus()  # at once: the next key may be there already
        self._show(Question(), ())
        self._ask(FIRST)

    def on_resize(self) -> None:
        """Ask for lines of the width that there is now."""
        if self._asked.text:
            self._ask(self._asked.limit)

    # ── asking ───────────────────────────────────────────────────────────────────────────────────────────

    @on(LineInput.Changed)
    def _typed(self, event: LineInput.Changed) -> None:
        event.stop()
        if self._typed_text != self._asked.text:
            self._entered_early = False
            self._ask(FIRST)

    @property
    def _typed_text(self) -> str:
        return self.query_one(LineInput).value.strip()

    def _ask(self, limit: int) -> None:
        self._asked = Question(self._typed_text, limit, found.room_for_text(self.app.size.width - _FRAME))
        if not self._asked.text:
            self._show(self._asked, ())
        elif not self._looking:
            self._looking = True
            self._look()

    @work
    async def _look(self) -> None:
        """Ask until the newest question has its answer; what older ones bring comes too late."""
        while (asked := self._asked) != self._answered:
            hits = await self._search(asked.text, asked.limit, asked.width)
            if not self.is_open:
                return
            if asked == self._asked:
                self._show(asked, hits or ())
        self._looking = False

    # ── what was found ───────────────────────────────────────────────────────────────────────────────────

    def _show(self, asked: Question, hits: Sequence[Hit]) -> None:
        """Show the answer; the hit that the person moved to stays selected, else the first one is."""
        chosen = self._chosen
        moved = chosen is not None and chosen != next(iter(self._hits))
        self._answered = asked
        self._hits = {found.key_of(hit): hit for hit in hits}
        self._list.show(self._layout(asked, hits), fresh=not moved or chosen not in self._hits)
        count = f"{len(hits):,}{'+' if len(hits) >= asked.limit else ''} found · " if asked.text else ""
        keys = "enter goes there · esc closes" if hits else "esc closes"
        self.query_one(".find--box").border_subtitle = Content.styled(f"{count}{keys}", parts.QUIET)
        if self._entered_early:
            self._entered_early = False
            self._go()

    def _layout(self, asked: Question, hits: Sequence[Hit]) -> Layout:
        if hits:
            return lambda width: found.FoundRows(hits, self._today, width)
        return found.nothing_rows if asked.text else found.guide_rows

    @property
    def _list(self) -> LineList:
        return self.query_one(LineList)

    @property
    def _chosen(self) -> str | None:
        """The key of the hit that enter goes to; before the first paint, of the first."""
        selected = self._list.selected
        return selected if selected in self._hits else next(iter(self._hits), None)

    @on(LineList.Highlighted)
    def _moved(self, event: LineList.Highlighted) -> None:
        """Ask for more as soon as the last one may be in sight."""
        event.stop()
        limit, near = self._answered.limit, list(self._hits)[-self._list.size.height :]
        if self._asked == self._answered and len(self._hits) >= limit and limit < MOST and event.key in near:
            self._ask(min(2 * limit, MOST))

    # ── what the keys do ─────────────────────────────────────────────────────────────────────────────────

    @on(LineInput.Submitted)
    def _entered(self, event: LineInput.Submitted) -> None:
        event.stop()
        if self._asked == self._answered:
            self._go()
        else:
            self._entered_early = True

    @on(LineList.Selected)
    def _clicked(self, event: LineList.Selected) -> None:
        event.stop()
        self._go()

    def _go(self) -> None:
        if self._chosen is not None:
            self.answer(self._hits[self._chosen])

    def answer(self, result: Hit | None = None) -> None:
        """Close, and leave behind what was typed."""
        self.text = self.query_one(LineInput).value
        super().answer(result)

    def action_move(self, where: str) -> None:
        """Select another hit, while the letters stay where they are typed."""
        getattr(self._list, f"action_list_{where}")()

    def action_cancel(self) -> None:
        """Go nowhere."""
        self.answer(None)

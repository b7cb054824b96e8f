"""Every way to reach a relationship, one key away: opened where it makes a link, else copied."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from convo_tui.core.errors import Refused
from convo_tui.opening import open_link
from convo_tui.sanitize import sanitize, single
from convo_tui.tui.rows import parts
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from convo_tui.core.reaching import Way

_NUMBERED = 9
"""So many have a digit."""
_WIDEST_LABEL = 18


class Reach(Asking[None]):
    """Lists the ways to reach a relationship; opens or copies the one chosen, and closes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,at", "close", "Leave", show=False),
        Binding("y", "copy", "Copy", show=False),
        *(Binding(str(digit), f"choose({digit - 1})", show=False) for digit in range(1, _NUMBERED + 1)),
    ]
    DEFAULT_CSS = """
    Reach {
        LineList {
            height: auto;
            min-height: 3;
            max-height: 20;
            background: $surface;
        }
    }
    """

    def __init__(self, name: str, ways: Sequence[Way]) -> None:
        """Create the list for the relationship called `name`."""
        super().__init__(classes="form")
        self._name, self._ways = single(name), ways

    def compose(self) -> ComposeResult:
        """Make the list."""
        nothing = (
            f"No way to reach {self._name} is noted. E opens the file: a [[reach]] block with kind and value adds one."
        )
        with Vertical(classes="form--box reach") as box:
            box.border_title = Content(f"Reach {self._name}")
            keys = "enter or its digit opens · y copies · esc leaves" if self._ways else "esc leaves"
            box.border_subtitle = Content.styled(keys, parts.QUIET)
            yield LineList(self._rows, placeholder=Content(nothing))

    def on_mount(self) -> None:
        """Let the list have the keys: at once, the next one may be there already."""
        self.query_one(LineList).focus()

    def _rows(self, width: int) -> list[Row]:
        return [self._row(number, way, width) for number, way in enumerate(self._ways)]

    def _row(self, number: int, way: Way, width: int) -> Row:
        digit = Content.styled(f"{number + 1} " if number < _NUMBERED else "  ", parts.QUIET)
        label = parts.text(way.label, parts.QUIET).truncate(_WIDEST_LABEL, ellipsis=True, pad=True)
        copied = Content.styled(" copies", parts.QUIET) if way.link is None else Content()
        return parts.row(
            digit + label + " " + parts.text(way.value), parts.text(way.name, parts.QUIET) + copied, width, str(number)
        )

    @on(LineList.Selected)
    def _selected(self, event: LineList.Selected) -> None:
        event.stop()
        self.action_choose(int(event.key))

    def action_choose(self, number: int) -> None:
        """Open a way that makes a link, copy any other."""
        if number < len(self._ways) and self.is_current:
            way, app = self._ways[number], self.app
            if way.link is None:
                _copy(app, way)
            else:
                app.run_worker(_open(app, way.link))
            self.answer()

    def action_copy(self) -> None:
        """Copy the way that is selected."""
        selected = self.query_one(LineList).selected
        if self._ways and self.is_current:
            _copy(self.app, self._ways[int(selected or 0)])
            self.answer()

    def action_close(self) -> None:
        """Do nothing."""
        self.answer()


def _copy(app: App[object], way: Way) -> None:
    """Put what is seen of a way on the clipboard: nothing invisible comes along."""
    shown = single(way.value)
    app.copy_to_clipboard(shown)
    app.notify(f"Copied {shown}", markup=False)


async def _open(app: App[object], link: str) -> None:
    """Open a link while the screen goes on, and tell what came of it."""
    try:
        await asyncio.to_thread(open_link, link)
    except Refused as refusal:
        app.notify(sanitize(str(refusal)), severity="warning", markup=False, timeout=8)
    else:
        app.notify(sanitize(f"Opened {link}"), markup=False)

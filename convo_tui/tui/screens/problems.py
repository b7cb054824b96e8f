"""What is wrong in the folder: every file that is damaged, and whatever else does not fit together."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from convo_tui.core.contradiction import UNRESOLVED
from convo_tui.tui.rows import parts
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_list import LineList, Row

if TYPE_CHECKING:
    from convo_tui.store.journal import Problem

_SIGNS = {"error": ("✗ error", "$error"), "warning": ("· warning", parts.QUIET)}
_WIDEST_SIGN = 11
_INDENT = 2
_WELL = "All is well: every file can be read, and everything that is named is there."
_FAILED = "The journal cannot be checked."


class Problems(Asking["Problem | None"]):
    """Lists the problems; gives the one whose file is to be opened, at its line, or None.

    `check` asks the journal for them, off the screen's thread; None says that it could not, and that this was told.
    `merge` makes one version of a file that has two, and returns whether it has.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,D", "close", "Leave", show=False),
        Binding("E", "open", "Open", show=False),
        Binding("m", "merge", "Merge", show=False),
    ]

    def __init__(
        self,
        check: Callable[[], Awaitable[Sequence[Problem] | None]],
        at: Problem | None = None,
        merge: Callable[[str], Awaitable[bool]] | None = None,
    ) -> None:
        """Create the screen; `at` is the problem to begin at, when it is still there."""
        super().__init__(classes="form")
        self._check, self._at, self._merge = check, at, merge
        self._problems: dict[str, Problem] = {}

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical(classes="form--box problems") as box:
            box.border_title = "Problems"
            box.border_subtitle = "esc leaves"
            yield LineList(placeholder=Content("Looking through every file…"))

    def on_mount(self) -> None:
        """Look through the folder."""
        self.query_one(LineList).focus()
        self._look()

    @work
    async def _look(self) -> None:
        problems = await self._check()
        if not self.is_open:
            return
        places = self.query_one(LineList)
        places.placeholder = Content(_FAILED if problems is None else _WELL)
        self._problems = {f"{number}": each for number, each in enumerate(problems or ())}
        start = next((key for key, each in self._problems.items() if each == self._at), None)
        places.show(lambda width: problem_rows(self._problems, width), select=start)
        box = self.query_one(".form--box")
        box.border_title = "Problems"
        if problems:
            box.border_title = f"Problems · {_counted(problems)}"
        self._show_keys()

    @on(LineList.Highlighted)
    def _show_keys(self) -> None:
        keys = ["enter opens the file there"] if self._problems else []
        keys += ["m merges its two versions"] if self._mergeable() else []
        self.query_one(".form--box").border_subtitle = Content(" · ".join([*keys, "esc leaves"]))

    def _mergeable(self) -> str | None:
        """The file selected, if it has two versions that can be merged."""
        problem = self._problems.get(self.query_one(LineList).selected or "")
        return (
            problem.file if problem is not None and self._merge is not None and problem.message == UNRESOLVED else None
        )

    @on(LineList.Selected)
    def _chosen(self, event: LineList.Selected) -> None:
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Have the file of the selected problem opened."""
        selected = self.query_one(LineList).selected
        if selected is not None:
            self.answer(self._problems[selected])

    @work(exclusive=True, group="merge")
    async def action_merge(self) -> None:
        """Make one version of the selected file, where it has two, and look again."""
        file = self._mergeable()
        if file is not None and self._merge is not None and await self._merge(file):
            self._look()

    def action_close(self) -> None:
        """Go back."""
        self.answer(None)


def problem_rows(problems: dict[str, Problem], width: int) -> list[Row]:
    """Return each problem by its key: how bad it is and where, then why; errors before warnings, in their order."""
    rows: list[Row] = []
    for level in _SIGNS:
        for key, each in problems.items():
            if each.level == level:
                rows += _rows(key, each, width)
    return rows


def _rows(key: str, problem: Problem, width: int) -> list[Row]:
    sign, style = _SIGNS[problem.level]
    place = f"{problem.file}:{problem.line}" if problem.line else problem.file
    head = Content.styled(f"{sign:<{_WIDEST_SIGN}}", style) + parts.text(place, "bold")
    return [parts.row(head, width=width, key=key), *parts.wrapped(parts.text(problem.message), width, key, 3, _INDENT)]


def _counted(problems: Sequence[Problem]) -> str:
    """`1 error, 2 warnings`."""
    counts = {level: sum(each.level == level for each in problems) for level in _SIGNS}
    return ", ".join(f"{count:,} {level}{'s' * (count > 1)}" for level, count in counts.items() if count)

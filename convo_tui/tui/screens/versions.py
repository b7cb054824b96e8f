"""What a sync would do, for a person to say so; then how it goes. It goes on when the screen is left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content

from convo_tui.core.errors import ConvoError
from convo_tui.tui.rows import parts
from convo_tui.tui.rows import versions as rows
from convo_tui.tui.rows.versions import Course
from convo_tui.tui.screens.asking import Asking
from convo_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from convo_tui.store.git.repository import Plan


class Versions(Asking[None]):
    """Shows a plan and begins what it says; or the course of what is under way.

    `plan` asks git for it, off the screen's thread, and raises ConvoError; `begin` gets the plan and whether only a
    version is to be made, and returns the course of that.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,S", "close", "Leave", show=False),
        Binding("c", "begin(True)", "Commit", show=False),
        Binding("enter", "begin(False)", "All", show=False, priority=True),
    ]

    def __init__(
        self,
        plan: Callable[[], Awaitable[Plan]],
        begin: Callable[[Plan, bool], Course],
        course: Course | None = None,
    ) -> None:
        """Create the screen; `course` is of what is under way already."""
        super().__init__(classes="form")
        self._ask, self._begin = plan, begin
        self._plan: Plan | None = None
        self._course = course

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical(classes="form--box versions") as box:
            box.border_title = "Sync"
            yield LineList(placeholder=Content("Looking…"))

    def on_mount(self) -> None:
        """Show what is under way, or what would be done."""
        self.query_one(LineList).focus()
        if self._course is None:
            self.look()
        else:
            self.show_course()

    @work(exclusive=True)
    async def look(self) -> None:
        """Ask anew what would be done."""
        self._course = self._plan = None
        self._show_keys("esc leaves")
        lines = self.query_one(LineList)
        try:
            plan = self._plan = await self._ask()
        except ConvoError as error:
            said = str(error)
            if self.is_open:
                lines.show(lambda width: parts.wrapped(parts.text(said), width), fresh=True)
            return
        if not self.is_open:
            return
        place = rows.place(plan.state)
        self.query_one(".form--box").border_title = Content(f"Sync · {place}" if place else "Sync")
        lines.show(lambda width: rows.plan_rows(plan, width), fresh=True)
        keys = (
            [] if plan.hindrance or not plan.steps else ["enter begins" if plan.state is None else "enter does it all"]
        )
        keys += ["c only makes the version"] if rows.can_commit(plan) else []
        self._show_keys(" · ".join([*keys, "esc leaves"]))

    def show_course(self) -> None:
        """Show how far it is, and where it stands with all that it has told."""
        course = self._course
        if course is not None and self.is_open:
            lines = self.query_one(LineList)
            lines.show(lambda width: rows.course_rows(course, width))
            lines.scroll_end(animate=False)
            if not course.is_over:
                self._show_keys("esc leaves, it goes on")
            else:
                self._show_keys(
                    "enter shows what is left to do · esc leaves" if course.failed else "enter or esc leaves"
                )

    def action_begin(self, only_commit: bool) -> None:
        """Do what the plan says, or only make the version of it; afterwards go on."""
        plan, course = self._plan, self._course
        if not self.is_current:
            return
        if course is not None:
            if course.is_over and course.failed:
                self.look()
            elif course.is_over and not only_commit:
                self.answer()
        elif plan is not None and (rows.can_commit(plan) if only_commit else plan.steps and not plan.hindrance):
            self._course = self._begin(plan, only_commit)
            self.show_course()

    def action_close(self) -> None:
        """Go back; what is under way goes on."""
        self.answer()

    def _show_keys(self, keys: str) -> None:
        self.query_one(".form--box").border_subtitle = Content.styled(keys, parts.QUIET)

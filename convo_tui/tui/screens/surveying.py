"""Looking over all of it: the agenda, and what else is asked of the whole journal, each in a view of its own."""

from __future__ import annotations

from typing import Any

from textual import work

from convo_tui.tui.screens.overview import Leave, Overview
from convo_tui.tui.screens.versioning import Versioning


class Surveying(Versioning):
    """Opens the views over the journal, and goes where they lead."""

    @work(group="survey")
    async def action_show_agenda(self) -> None:
        """Show the open issues of all relationships."""
        from convo_tui.tui.screens.agenda import AgendaView

        await self.survey(AgendaView(self))

    async def survey(self, view: Overview[Any]) -> None:
        """Show a view, and go where the person goes in it."""

        def left(leave: Leave | None) -> None:
            self._back_from(view, leave)

        if not self.has_class("-curtain"):  # it would show what the curtain hides
            await self.catch_up()
            await self.app.push_screen(view, left)

    @work(group="back")
    async def _back_from(self, view: Overview[Any], leave: Leave | None) -> None:
        if leave is not None:
            self.go_to(leave.place, leave.then)
        if view.changed:
            await self.reload()

"""Looking over all of it: the agenda, and what else is asked of the whole journal, each in a view of its own."""

from __future__ import annotations

from textual import work

from convo_tui.tui.screens.overview import Overview
from convo_tui.tui.screens.versioning import Versioning


class Surveying(Versioning):
    """Opens the views over the journal, and goes where they lead."""

    @work(group="survey")
    async def action_show_agenda(self) -> None:
        """Show the open issues of all relationships."""
        from convo_tui.tui.screens.agenda import AgendaView

        await self.survey(AgendaView(self))

    async def survey(self, view: Overview) -> None:
        """Show a view, and go where the person goes in it."""
        if self.has_class("-curtain"):  # it would show what the curtain hides
            return
        await self.catch_up()
        leave = await self.app.push_screen_wait(view)
        if view.changed:
            await self.reload()
        if leave is not None and self.app.is_running:
            self.go_to(leave.place, leave.then)

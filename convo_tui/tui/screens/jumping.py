"""Straight to a day of the timeline."""

from __future__ import annotations

from datetime import date

from textual import work

from convo_tui.core.dates import dated, moment
from convo_tui.tui.rows.timeline import newest_up_to
from convo_tui.tui.screens.browsing import Browsing
from convo_tui.tui.screens.prompts import Ask
from convo_tui.tui.widgets.line_list import LineList

_HINT = "march, 2025, 3 weeks ago, 14 feb"


class Jumping(Browsing):
    """Going where the hand would scroll for long."""

    @work
    async def action_go_to_day(self) -> None:
        """Ask for a day, and go to the newest encounter on it or before it."""
        if self.shown is None:
            return
        if not self.shown.view.timeline:
            self.say("There is no encounter yet to go to; n starts one.")
            return
        said = await self.app.push_screen_wait(Ask("Go to", _HINT, self._last_day))
        day = self._last_day(said or "")
        if day is not None:
            self._go_to_day(day)

    def _go_to_day(self, day: date) -> None:
        timeline = self.shown.view.timeline if self.shown else ()
        if not timeline:
            return  # deleted meanwhile, by another program
        found = newest_up_to(timeline, day)
        if found is None:
            self.say(f"No encounter is as old as {dated(day, self.today)}; this is the oldest.")
            found = timeline[0]
        pane = self.query_one("#timeline", LineList)
        self.go("conversation", pane)
        pane.select(f"encounter:{found.id}")

    def _last_day(self, said: str) -> date | None:
        """The last day of what was typed, which looks back; None for nothing typed. Raises NotADate."""
        from convo_tui.core.query import period

        if not said.strip():
            return None
        order = self.desk.settings.date_order
        days = period(said, self.today, order)
        return days[1] if days else moment(said, self.desk.clock.now(), order).date()

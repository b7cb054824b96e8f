"""The timeline: one line an encounter, the newest on top, under a heading for each month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from convo_tui.tui.rows import parts
from convo_tui.tui.rows.lazy import LazyRows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter


class TimelineRows(LazyRows):
    """The rows of a timeline, oldest first as given, newest first as shown."""

    def __init__(
        self, timeline: Sequence[Encounter], homes: dict[str, str], names: dict[str, str], today: date, width: int
    ) -> None:
        self._homes, self._names, self._today, self._width = homes, names, today, width
        self._entries: list[Encounter | date] = []
        places: dict[str, int] = {}
        month = (0, 0)
        for encounter in reversed(timeline):
            day = encounter.at.date()
            if (day.year, day.month) != month:
                month = (day.year, day.month)
                self._entries.append(day)
            places[f"encounter:{encounter.id}"] = len(self._entries)
            self._entries.append(encounter)
        super().__init__(len(self._entries), places)

    def row(self, index: int) -> Row:
        """Make the row of a month or an encounter."""
        entry = self._entries[index]
        return self._month(entry) if isinstance(entry, date) else self._encounter(entry)

    def _month(self, day: date) -> Row:
        said = f"── {parts.month(day)} "
        return Row(Content.styled(said + "─" * max(0, self._width - len(said)), parts.QUIET))

    def _encounter(self, encounter: Encounter) -> Row:
        day = encounter.at.date()
        transaction = encounter.nature == "transaction"
        elsewhere = self._names.get(self._homes.get(encounter.id, ""), "")
        first = next((line for line in parts.note_lines(encounter.note) if line.plain.strip()), None)
        left = Content.assemble(
            (f"{parts.day(day, day)[:3]} {day.day:>2}", ""),
            (f"  {encounter.channel:<8}", parts.QUIET),
            (f"{parts.spark(encounter.spark)} ", "$spark"),
            ("⇄ " if transaction else "", parts.QUIET),
            first or Content.styled("—", parts.QUIET),
        )
        right = parts.text(elsewhere, parts.QUIET) if elsewhere else None
        return parts.row(left, right, self._width, f"encounter:{encounter.id}")

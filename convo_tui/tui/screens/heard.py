"""Listening: what was heard of one relationship or of everyone, with the keys that work on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from textual import work
from textual.binding import Binding, BindingType

from convo_tui.core.listening import GROUPINGS, Listened, Listening, listening
from convo_tui.tui import keys
from convo_tui.tui.place import Place
from convo_tui.tui.rows import heard as heard_pane
from convo_tui.tui.screens.over_journal import Host
from convo_tui.tui.screens.overview import Overview
from convo_tui.tui.widgets.line_list import Layout, Row

if TYPE_CHECKING:
    from convo_tui.store.journal import Journal
    from convo_tui.tui.verbs import Edit

Heard: TypeAlias = tuple[Listening, Mapping[str, Place], Mapping[str, Listened]]
"""What was heard as it is shown, and by the keys of the rows the places and what stands there."""


class HeardView(Overview[Heard]):
    """What they need and what they suggested; what was met or dropped is one key away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *keys.bindings_of("show-heard"),
        Binding("b", "group", "By", show=False, id="sort-list"),
        Binding("w", "widen", "With everyone", show=False),
        Binding("B", "build", "Built", show=False),
    ]

    def __init__(self, host: Host, whom: Place | None) -> None:
        """Create the view; it opens on what was heard from `whom`, or from everyone."""
        super().__init__(host)
        self._whom = whom
        self._with_everyone = whom is None
        self._by = GROUPINGS[0]
        self._is_unfolded = False
        self._heard = Listening((), ())
        self._said: Mapping[str, Listened] = {}

    def look(self, journal: Journal) -> Heard:
        """Return what was heard, in groups."""
        whom = None if self._with_everyone else self._whom
        those = _listened(journal, whom.key if whom else None)
        found = listening(those, "kind" if whom else self._by)
        said = {heard_pane.place_of(each).row: each for each in those}
        return found, {row: heard_pane.place_of(each) for row, each in said.items()}, said

    def take(self, found: Heard) -> Mapping[str, Place]:
        """Keep what was found."""
        self._heard, places, self._said = found
        return places

    def rows(self, width: int) -> Sequence[Row]:
        """Return the groups, a thing heard a line."""
        return heard_pane.HeardRows(
            self._heard,
            self.host.today,
            self._by if self._with_everyone else "kind",
            width,
            unfolded=self._is_unfolded,
            with_names=self._with_everyone and self._by == "kind",
        )

    def heading(self) -> str:
        """Return from whom it was heard."""
        return f"Listening to {self._who()}"

    def _who(self) -> str:
        return "everyone" if self._whom is None or self._with_everyone else self._whom.name

    def keys_line(self) -> str:
        """Return the keys."""
        more = [f"w {'everyone' if not self._with_everyone else self._whom.name}"] if self._whom else []
        more += ["b by"] if self._with_everyone else []
        return " · ".join(["s met", "x dropped", "B built", "space marks", *more, "enter goes there"])

    def nothing(self) -> str:
        """Return that nothing was heard, and how it comes here."""
        return f"Nothing was heard from {self._who()} yet.\n\nneed: idea: rival: or about: begins a line of a note."

    def opened(self, key: str) -> bool:
        """Unfold what is over, or fold it."""
        if key == heard_pane.OVER:
            self.action_show_heard()
        return key == heard_pane.OVER

    async def closer(self, place: Place) -> Layout | None:
        """Return it in full with the encounter in which it was heard; of an idea that waits, what is to tell them."""
        layout, said = await super().closer(place), self._said.get(place.row)
        if layout is None or said is None:
            return layout
        return lambda width: [*layout(width), *heard_pane.waiting_rows(said, width)]

    # ── what the keys do ─────────────────────────────────────────────────────────────────────────────────

    def action_show_heard(self) -> None:
        """Unfold what was met or dropped, or fold it again."""
        self._is_unfolded = not self._is_unfolded
        self.draw()

    def action_widen(self) -> None:
        """Change between this relationship and everyone."""
        if self._whom is not None:
            self._with_everyone = not self._with_everyone
            self.reread()

    def action_group(self) -> None:
        """Group by kind, or by relationship."""
        if self._with_everyone:
            self._by = GROUPINGS[(GROUPINGS.index(self._by) + 1) % len(GROUPINGS)]
            self.reread()

    @work
    async def action_build(self) -> None:
        """Mark the idea as built: an issue of mine is opened to tell them."""
        await self.do("Built, and waiting to be told", self._meant("heard"), _build)


def _build(journal: Journal, place: Place) -> Edit:
    from convo_tui.core import edits

    return partial(edits.build, identity=place.id, at=journal.clock.now().replace(second=0))


def _listened(journal: Journal, key: str | None) -> list[Listened]:
    """Return what was heard from one relationship, or from everyone, and which ideas wait to be told."""
    from convo_tui.core.telling import waits

    found = journal.heard(key)
    unclosed: set[str] = set()
    if any(each.heard.kind == "idea" and each.heard.is_live for each in found):
        states = ("open", "parked")
        standings = journal.view(key).standings(journal.clock.today(), states) if key else journal.standings(states)
        unclosed = {each.issue.id for each in standings}
    return [
        Listened(each.heard, each.relationship_id, each.relationship, waits(each.heard, unclosed)) for each in found
    ]

"""Finding words in everything there is, and going to the place where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import work

from convo_tui.sanitize import single
from convo_tui.tui.place import Place
from convo_tui.tui.screens.find import Find
from convo_tui.tui.screens.shown import target_of
from convo_tui.tui.screens.starting import Starting
from convo_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from convo_tui.core.hits import Hit
    from convo_tui.store.journal import Journal


class Finding(Starting):
    """Opens the search, and goes to what it found."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Create the screen; the arguments are those of `Browsing`."""
        super().__init__(*args, **kwargs)
        self._sought = ""

    async def action_find_everywhere(self) -> None:
        """Find words in every encounter, issue and name there is."""
        if not self.has_class("-curtain"):  # it would show what the curtain hides
            find = Find(self._hits, self.today, self._sought)
            await self.app.push_screen(find, lambda hit: self._leave_search(find.text, hit))

    async def _hits(self, text: str, limit: int, width: int) -> list[Hit] | None:
        return await self.attempt(lambda journal: journal.search(text, limit, width))

    def _leave_search(self, text: str, hit: Hit | None) -> None:
        self._sought = text
        if hit is not None:
            self.go_to(Place(hit.key, hit.kind, hit.id, hit.relationship))

    def go_to(self, place: Place, then: str = "") -> None:
        """Go to a place, wherever it is, and do the action called `then` there."""
        self.go("relationships")  # at once: what is typed next is not for the note
        self._go_there(place, then)

    @work(group="found", exclusive=True)
    async def _go_there(self, place: Place, then: str) -> None:
        """Show the relationship of a place, with what is there selected in it."""
        await self.catch_up()
        if self.summary(place.key) is None and not await self.attempt(lambda journal: _is_there(journal, place.key)):
            await self.reload()
            self.say(f"{single(place.name)} is no longer in the journal.", "warning")
            return
        self.show_relationship(place.key)
        await self.open(place.key)
        shown = self.shown
        if shown is None or shown.view.summary.key != place.key:
            return  # it cannot be read, and why stands there
        self.unfold(place.id)
        if self.focused is self.listing:  # whoever has gone on meanwhile is not called back
            self.go("conversation")
            self.call_after_refresh(self._land_on, place)
        if then:
            await self.run_action(then)

    def _land_on(self, place: Place) -> None:
        """Select what was found where it stands; what has no line of its own is shown in full."""
        if self.current_pane() != "conversation":
            return
        self.show_conversation()  # below 80 columns its lists had no room for lines until now
        if place.kind not in ("issue", "heard", "encounter"):
            # Below 80 columns the list would show nothing of it.
            self.go("conversation" if self.has_class("-narrow") else "relationships")
        elif not self._select(f"{place.kind}:{place.id}"):
            if self.note_pane.mode == "details":
                self._in_full = target_of(f"{place.kind}:{place.id}")
                self.go("note-pane")
            else:
                self._select(f"encounter:{self._heard_in(place.id)}")

    def _select(self, key: str) -> bool:
        for pane in ("#brief", "#timeline"):
            if self.query_one(pane, LineList).select(key):
                self.go("conversation", pane)
                return True
        return False

    def _heard_in(self, identity: str) -> str:
        heard = self.shown.view.relationship.heard if self.shown else ()
        return next((each.heard_in for each in heard if each.id == identity), "")


def _is_there(journal: Journal, key: str) -> bool:
    """Whether someone has this key, also someone whom the filter hides."""
    summary = journal.index.summary(key)
    if summary is not None:
        journal.refresh([summary.file])
    return journal.index.summary(key) is not None

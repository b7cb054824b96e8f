"""The weekly review: last week's promises, then who needs attention, one key each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import BindingType

from convo_tui.core.errors import ConvoError
from convo_tui.core.shape import shape
from convo_tui.tui import keys
from convo_tui.tui.place import Place
from convo_tui.tui.rows import review as review_pane
from convo_tui.tui.rows.pulse import place_of
from convo_tui.tui.screens import snoozing
from convo_tui.tui.screens.over_journal import Host, next_of
from convo_tui.tui.screens.overview import Overview
from convo_tui.tui.screens.reach import Reach
from convo_tui.tui.screens.shown import gathered
from convo_tui.tui.widgets.line_list import Layout, LineList, Row

if TYPE_CHECKING:
    from convo_tui.core.models import Relationship
    from convo_tui.core.reviewing import Review
    from convo_tui.store.journal import Journal

_REACHED = "you are reaching out"


@dataclass(frozen=True)
class Stands:
    """What is gone through, the relationships that it is about, and which of them need attention by now."""

    review: Review
    relationships: Mapping[str, Relationship]
    attention: frozenset[str]


class ReviewView(Overview[Stands]):
    """What is gone through is fixed when it opens; it stays in its place, with what was done about it."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings_of("snooze-relationship", "leave-as-it-is")]

    def __init__(self, host: Host) -> None:
        """Create the review of what `host` shows."""
        super().__init__(host)
        self._began: Stands | None = None
        self._now: Stands | None = None
        self._done: dict[str, str] = {}
        self._reading = ""
        self._reached: frozenset[str] = frozenset()

    # ── what it shows ────────────────────────────────────────────────────────────────────────────────────

    def look(self, journal: Journal) -> Stands:
        """Return what is to be gone through the first time, from then on how that stands."""
        from convo_tui.core.pulse_rules import Thresholds
        from convo_tui.core.reviewing import review

        settings = self.host.settings
        pulse = journal.pulse(Thresholds.of(settings.pulse), settings.default_cadence)
        if self._began is None:
            standings = [*journal.standings(("open",)), *journal.standings(("settled",))]
            through = review(standings, pulse, journal.clock.today(), settings.week_starts)
        else:
            through, newest = self._began.review, {each.id: each for each in pulse}
            through = replace(through, people=tuple(newest.get(each.id, each) for each in through.people))
        return Stands(through, _relationships(journal, through), frozenset(each.id for each in pulse))

    async def read_again(self) -> None:
        """Ask the journal again, once the index lacks nothing."""
        steps = await self.host.attempt(lambda journal: journal.gathering())
        while steps and self.is_open and (progress := await self.host.attempt(next_of(steps))):
            self._reading = f" · reading {progress.done:,} of {progress.total:,}…"
            self._head()
        await super().read_again()

    def take(self, found: Stands) -> Iterable[Place]:
        """Keep how it stands."""
        self._began = self._began or found
        self._now = found
        self._done = dict(self._told(self._began, found))
        promises = (review_pane.promise_place(each) for each in found.review.promised)
        return [*promises, *(place_of(each) for each in found.review.people)]

    def _told(self, began: Stands, now: Stands) -> Iterable[tuple[str, str]]:
        """Yield the keys of rows, and in words what was done about each; nothing for nothing."""
        from convo_tui.core.reviewing import done_about, done_with

        today = self.host.today
        for promise in now.review.promised:
            home = now.relationships.get(promise.relationship_id)
            issue = next((each for each in home.issues if each.id == promise.issue.id), None) if home else None
            said = done_about(promise.issue, issue, today) if issue else "no longer here"
            yield review_pane.promise_place(promise).row, said
        for each in now.review.people:
            row = place_of(each).row
            before, person = began.relationships.get(each.id), now.relationships.get(each.id)
            said = done_with(before, person, today) if before and person else "no longer here"
            reached = _REACHED if row in self._reached else ""
            yield row, said or reached or ("" if each.id in now.attention else "all is well now")

    def rows(self, width: int) -> Sequence[Row]:
        """Return the promises, and the people; nothing for a week without any."""
        through = self._now.review if self._now else None
        if through is None or not through.concerned:
            return []
        return review_pane.review_rows(through, self._done, self.host.today, width)

    def heading(self) -> str:
        """Return since when, and how far it is."""
        if self._now is None:
            return f"Review of the week{self._reading}"
        through = review_pane.to_go_through(self._now.review)
        far = f" · {sum(bool(self._done.get(each)) for each in through)} of {len(through)}" if through else ""
        return f"Review of the week{far}"

    def keys_line(self) -> str:
        """Return the keys for what is selected."""
        if self.place is not None and self.place.kind == "relationship":
            return "n encounter · @ reach · z snooze · i issue · Z fine as it is"
        return "s settles · c carries · p parks · t due · o owner · x drops"

    def nothing(self) -> str:
        """Return that the week was a quiet one."""
        return f"Nothing was promised, and nobody waits.\n\n{review_pane.THE_END}"

    @on(LineList.Highlighted, "#rows")
    def _name_keys(self) -> None:
        self._head()

    async def closer(self, place: Place) -> Layout | None:
        """Return an issue in full; of a person, why they need attention, and the shape of it over time."""
        today = self.host.today
        people = self._now.review.people if self._now else ()
        attention = next((each for each in people if place == place_of(each)), None)
        if attention is None:
            return await super().closer(place)
        shown = await self.host.attempt(lambda journal: gathered(journal, place.key, today))
        if shown is None:
            return None
        drawn = shape(shown.view.relationship, shown.view.timeline, today)
        return lambda width: review_pane.person_rows(attention, drawn, today, width)

    # ── going on ─────────────────────────────────────────────────────────────────────────────────────────

    async def show_change(self) -> None:
        """Show what was done, and go on to what is next."""
        was = self.place
        await super().show_change()
        self._go_on(was)

    def _go_on(self, was: Place | None) -> None:
        """Select what is next to be gone through, once something is done about what `was` selected."""
        if was is None or self._now is None or not self._done.get(was.row):
            return
        through = review_pane.to_go_through(self._now.review)
        at = through.index(was.row) if was.row in through else -1
        following = [*through[at + 1 :], *through[: at + 1]]
        following = [each for each in following if not self._done.get(each)]
        self.draw(select=next(iter(following), None))
        if not following:
            self.listed.scroll_end(animate=False)  # there stands the word that closes it

    # ── what the keys do ─────────────────────────────────────────────────────────────────────────────────

    @property
    def _person(self) -> Place | None:
        """The one who is selected among those who need attention."""
        place = self.place
        return place if place is not None and place.kind == "relationship" else None

    @work
    async def action_snooze_relationship(self) -> None:
        """Leave the one who is selected alone until a day."""
        person = self._person
        if person is not None and await snoozing.snooze(self.host, self.app, person):
            await self.show_change()

    @work
    async def action_leave_as_it_is(self) -> None:
        """Leave the one who is selected alone for as long as their cadence: all is fine."""
        person = self._person
        if person is not None and await snoozing.leave_as_it_is(self.host, person):
            await self.show_change()

    @work
    async def action_reach_them(self) -> None:
        """List every way to reach the relationship of what is selected."""
        from convo_tui.core.reaching import ways

        place = self.place
        home = self._now.relationships.get(place.key) if place is not None and self._now is not None else None
        if place is None or home is None:
            return
        found = ways(home)
        await self.app.push_screen_wait(Reach(place.name, found))
        if found and self._now is not None and self.is_open:
            self._reached |= {place.row}
            self.show_found(self._now)
            self._go_on(place)


def _relationships(journal: Journal, review: Review) -> dict[str, Relationship]:
    found = {}
    for each in review.concerned:
        with suppress(ConvoError):  # it was deleted or damaged meanwhile
            found[each] = journal.view(each).relationship
    return found

"""Looking over all of it: the agenda, and what else is asked of the whole journal, each in a view of its own."""

from __future__ import annotations

from textual import work

from convo_tui.tui.place import Place
from convo_tui.tui.screens.over_journal import Leave, OverJournal
from convo_tui.tui.screens.picker import Picked
from convo_tui.tui.screens.versioning import Versioning


class Surveying(Versioning):
    """Opens the views over the journal, and goes where they lead."""

    @work(group="survey")
    async def action_show_agenda(self) -> None:
        """Show the open issues of all relationships."""
        from convo_tui.tui.screens.agenda import AgendaView

        await self.survey(AgendaView(self))

    @work(group="survey")
    async def action_tell_story(self) -> None:
        """Show the relationship that is selected as a story."""
        from convo_tui.tui.screens.story import StoryView

        if self._whom is not None:
            await self.survey(StoryView(self, self._whom.key, self._whom.name))

    def open_topics(self) -> None:
        """Show the thread of what we are talking about, from the line of it in the brief."""
        self.action_show_topics()

    def open_story(self) -> None:
        """Show the relationship as a story, from the line of it in the brief."""
        self.action_tell_story()

    @work(group="survey")
    async def action_show_review(self) -> None:
        """Go through the week: what was promised, and who needs attention."""
        from convo_tui.tui.screens.review import ReviewView

        await self.survey(ReviewView(self))

    @work(group="survey")
    async def action_show_topics(self) -> None:
        """Show what we are talking about, with the relationship that is shown."""
        from convo_tui.tui.screens.topics import TopicsView

        await self.survey(TopicsView(self, self._whom))

    @work(group="survey")
    async def action_show_heard(self) -> None:
        """Show what was heard from the relationship that is shown."""
        from convo_tui.tui.screens.heard import HeardView

        await self.survey(HeardView(self, self._whom))

    @property
    def _whom(self) -> Place | None:
        """The relationship that is selected, also when somebody quick is ahead of what is shown."""
        summary, shown = self.summary(self.listing.selected), self.shown
        if summary is not None and summary.readable:
            return Place(summary.key, "relationship", summary.id, summary.name)
        if shown is None:
            return None
        return Place(shown.view.summary.key, "relationship", shown.id, shown.view.relationship.name)

    @work(group="survey")
    async def action_show_pulse(self) -> None:
        """Say who needs attention, and why."""
        from convo_tui.tui.screens.pulse import PulseView

        await self.survey(PulseView(self))

    @work
    async def action_snooze_relationship(self) -> None:
        """Leave the relationship alone until a day; wake one that rests."""
        from convo_tui.tui.screens import snoozing

        place = self._whom
        if place is not None and await snoozing.snooze(self, self.app, place):
            await self.reload()

    @work
    async def action_leave_as_it_is(self) -> None:
        """Leave the relationship alone for as long as its cadence: all is fine."""
        from convo_tui.tui.screens import snoozing

        place = self._whom
        if place is not None and await snoozing.leave_as_it_is(self, place):
            await self.reload()

    @work(group="survey")
    async def action_show_people(self) -> None:
        """Show the people of the organisation that is shown, or of the one to which the person belongs."""
        from convo_tui.tui.belonging import organisation_of
        from convo_tui.tui.screens.people import PeopleView

        whom = self._whom
        found = await self.attempt(lambda journal: organisation_of(journal, whom.key)) if whom is not None else None
        if isinstance(found, str):
            self.say(found)
        elif found is not None and whom is not None:
            await self.survey(PeopleView(self, found, whom.id))

    def action_encounter_with_person(self, identity: str) -> None:
        """Start an encounter with someone of an organisation."""
        self._start_with(Picked((identity,)))

    def action_rewrite_encounter(self) -> None:
        """Open what is selected again: the note and facts of an encounter, or the fields of the relationship."""
        target = self.target()
        if target is not None and target.kind == "relationship":
            self.edit_relationship()
        else:
            super().action_rewrite_encounter()

    @work(group="survey")
    async def edit_relationship(self) -> None:
        """Open the form of the relationship that is shown."""
        from convo_tui.tui.screens.editing import relationship_form
        from convo_tui.tui.screens.form import fill_in

        place = self._whom
        if place is None or self.has_class("-curtain"):  # it would show what the curtain hides
            return
        sheet = await relationship_form(self, place.key)
        if sheet is not None and await fill_in(self.app, sheet) is not None:
            self.say("Saved · u takes it back")
            await self.reload()

    async def survey(self, view: OverJournal) -> None:
        """Show a view, and go where the person goes in it."""

        def left(leave: Leave | None) -> None:
            self._back_from(view, leave)

        if not self.has_class("-curtain"):  # it would show what the curtain hides
            await self.catch_up()
            await self.app.push_screen(view, left)

    @work(group="back")
    async def _back_from(self, view: OverJournal, leave: Leave | None) -> None:
        if leave is not None:
            self.go_to(leave.place, leave.then)
        if view.changed:
            await self.reload()

"""Every way into a note: with the one selected, with anyone, into the last one, into one long saved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from textual import work

from convo_tui.core.match import Named
from convo_tui.sanitize import single
from convo_tui.tui.screens.picker import Found, Picked, Picker
from convo_tui.tui.screens.writing import Writing
from convo_tui.tui.talk import Talk

if TYPE_CHECKING:
    from textual.worker import Worker

    from convo_tui.clock import Clock
    from convo_tui.store.journal import Journal

_GONE_ON = timedelta(minutes=15)
"""Within this time after an end, `n` offers to go on with it (SCREENS.md, "An encounter in progress")."""

_LEFT_LYING = timedelta(hours=2)
"""A draft left for this long is offered for ending (SCREENS.md, "An encounter in progress")."""


class Starting(Writing):
    """Begins encounters, and goes on with those there are."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Create the screen; the arguments are those of `Browsing`."""
        super().__init__(*args, **kwargs)
        self._beginning = False
        self._begun: Worker[None] | None = None
        self._end_soon = False
        self._offered: set[str] = set()

    def was_read(self) -> None:
        """Go on with what was in progress when the program was left."""
        self.restore()

    @work
    async def restore(self) -> None:
        """Bring back the encounters in progress, with what was typed, the cursor and the clock."""
        clock = self.desk.clock
        restored, problems = await self.desk.do(lambda journal: _restored(journal, clock))
        for problem in problems:
            self.say(problem, "error")
        if restored:
            self.talks += restored
            self.show_list()
            self._offered.update(each.id for each in restored)
            self.show_talk(self.talks[-1])
            self.say(self._how_it_was_left(self.talks[-1]))

    def _how_it_was_left(self, talk: Talk) -> str:
        return self._left_lying(talk) or "You were in the middle of this; nothing was lost."

    def _left_lying(self, talk: Talk) -> str:
        last = talk.draft.last_key
        if last is None or talk.now() - last <= _LEFT_LYING:
            return ""
        return f"You left this at {last:%H:%M}: ctrl+s ends it as of then."

    def tick(self) -> None:
        """Bring what depends on the time up to date, and offer once to end what was left lying."""
        super().tick()
        talk = self.talk
        if talk is not None and talk.id not in self._offered and (said := self._left_lying(talk)):
            self._offered.add(talk.id)
            self.say(said)

    # ── with the one selected ────────────────────────────────────────────────────────────────────────────

    def action_new_encounter(self) -> None:
        """Start an encounter with the relationship selected, or go on with the one in progress."""
        clock = self.desk.clock
        self._open_selected(lambda journal, key: _begun(journal, key, clock), "Call with ")

    def action_add_to_last(self) -> None:
        """Add to the last encounter with the relationship selected."""
        clock = self.desk.clock
        self._open_selected(lambda journal, key: _added(journal, key, clock), "Adding to: ")

    def _open_selected(self, begin: Callable[[Journal, str], Talk], title: str) -> None:
        summary = self.summary(self.listing.selected)
        if summary is None:
            self.say("Nobody is selected; N adds a relationship.")
        elif summary.problem:
            self.say(f"{summary.file}: {summary.problem}", "error")
        else:
            self._open_note(summary.key, f"{title}{single(summary.name)}", lambda journal: begin(journal, summary.key))

    def _open_note(self, key: str, title: str, begin: Callable[[Journal], Talk]) -> None:
        """Put the cursor into a note before the journal answers: what is typed next belongs to it."""
        talk = next((each for each in self.talks if each.key == key), None)
        if talk is not None:
            self.show_talk(talk)
            if not title.startswith("Call"):
                self.say("This note is in progress: ctrl+s ends it, then the other can be opened.")
        elif not self._beginning:
            self._beginning, self._end_soon, self.talk = True, False, None
            self.note_pane.turn("writing", title)
            self.note_pane.editor.open("", (0, 0))
            self.go("note-pane")
            self._begun = self._begin(begin)

    async def catch_up(self) -> None:
        """Take the last letters, also of a note that the journal has not answered yet."""
        if self._beginning and self._begun is not None:
            await self._begun.wait()
        await super().catch_up()

    @work
    async def _begin(self, begin: Callable[[Journal], Talk]) -> None:
        editor = self.note_pane.editor
        talk = await self.attempt(begin)
        await editor.caught_up()
        self._beginning = False
        if talk is None:  # why was said; what was typed meanwhile stands in the editor
            if not editor.text.strip():
                self.note_pane.turn("details", "")
                self.go("relationships")
            return
        if editor.text:
            line, column = editor.cursor_location
            before = talk.text + "\n" if talk.text else ""
            talk.type(before + editor.text, (line + before.count("\n"), column))
        self.talks.append(talk)
        self.show_list()
        self.show_talk(talk)
        self.begun(talk)

    def begun(self, talk: Talk) -> None:
        """Called with an encounter that has begun just now."""
        self._offer_to_go_on(talk)

    def _offer_to_go_on(self, talk: Talk) -> None:
        shown = self.shown
        last = shown.brief.last if shown is not None and shown.id == talk.draft.relationship else None
        if last is None or talk.base is not None or last.id in (shown.view.homes if shown else ()):
            return
        ago = talk.now() - last.at - timedelta(minutes=last.minutes or 0)
        if timedelta() <= ago <= _GONE_ON:
            self.say("You ended one a moment ago: esc, then A, goes on with it.")

    # ── with anyone ──────────────────────────────────────────────────────────────────────────────────────

    async def action_encounter_with(self) -> None:
        """Start an encounter with anyone, found by a few letters; while completions show, go to the next of them."""
        if self.completing:
            self.note_pane.editor.action_completion_next()
        else:
            picker = Picker("Encounter with…", several=True, hint="a few letters")
            await self._ask_whom(picker, self._start_with)

    def action_command_palette(self) -> None:
        """Find every command by its name; while completions show, go to the one before."""
        if self.completing:
            self.note_pane.editor.action_completion_previous()
        else:
            self.app.action_command_palette()

    async def _ask_whom(self, picker: Picker, then: Callable[[Picked | None], Any], but: str = "") -> None:
        """Ask before the journal has said who there is: the letters after the key are the answer's.

        `but` is the id of someone who cannot be meant.
        """
        await self.app.push_screen(picker, then)
        self._bring_names(picker, but)

    @work
    async def _bring_names(self, picker: Picker, but: str) -> None:
        search = await self._search(but)
        if picker.is_open:  # someone quick has left it already
            picker.find_with(search)

    @work
    async def _start_with(self, picked: Picked | None) -> None:
        if picked is None:
            return
        await self.catch_up()
        ids = await self._added_if_new(picked)
        if ids:
            named = await self.desk.do(lambda journal: journal.directory.everyone.get(ids[0]))
            self._open_with(*_home(named, ids))

    def _open_with(self, home: str, with_: Sequence[str]) -> None:
        clock = self.desk.clock
        talk = next((each for each in self.talks if each.key == home), None)
        if talk is not None and talk.join(with_):
            self.number_again(talk)
        self._open_note(home, "Call", lambda journal: _begun(journal, home, clock, with_))

    async def _search(self, but: str) -> Callable[[str], list[Found]]:
        from convo_tui.core.finding import fuzzy

        everyone, near, organisations = await self.desk.do(_whom)
        people = [each for each in everyone if but not in (each.id, each.home)] if but else everyone

        def search(query: str) -> list[Found]:
            found = fuzzy(query, people, near, 50)
            return [Found(each.id, each.name, organisations[each.organisation]) for each in found]

        return search

    async def _added_if_new(self, picked: Picked) -> list[str]:
        ids = list(picked.keys)
        if picked.create:
            name = picked.create
            summary = await self.attempt(lambda journal: journal.create(name))
            if summary is None:
                return []
            ids.append(summary.id)
            await self.reload()
        return ids

    # ── one that is saved ────────────────────────────────────────────────────────────────────────────────

    def action_rewrite_encounter(self) -> None:
        """Open the note and the facts of the encounter again."""
        identity, shown = self.encounter_target(), self.shown
        if identity is not None and shown is not None:
            home, clock = shown.view.homes.get(identity, shown.view.summary.key), self.desk.clock
            self._open_note(home, "Rewriting", lambda journal: _rewritten(journal, home, identity, clock))

    async def action_move_encounter(self) -> None:
        """Move the encounter to another relationship, with the issues opened and what was heard in it."""
        identity, shown = self.encounter_target(), self.shown
        if identity is not None and shown is not None:
            key = shown.view.summary.key
            picker = Picker("Move the encounter to…", hint="a few letters")
            await self._ask_whom(picker, lambda picked: self._move(key, identity, picked))

    @work
    async def _move(self, key: str, identity: str, picked: Picked | None) -> None:
        if picked is None:
            return
        to = picked.keys[0]
        if await self.attempt(lambda journal: journal.move(key, identity, _relationship(journal, to))) is not None:
            self.say("Moved · u brings it back")
            await self.reload()

    # ── someone who is here twice ────────────────────────────────────────────────────────────────────────

    async def action_join_relationship(self) -> None:
        """Make another relationship part of the one selected."""
        summary = self.summary(self.listing.selected)
        if summary is not None:
            picker = Picker(f"Make part of {single(summary.name)}…", hint="a few letters")
            await self._ask_whom(picker, lambda picked: self._join(summary.key, picked), summary.id)

    @work
    async def _join(self, key: str, picked: Picked | None) -> None:
        if picked is None:
            return
        other = picked.keys[0]
        done = await self.attempt(lambda journal: journal.join(key, _relationship(journal, other)))
        if done is not None:
            self.say("They are one now · u makes them two again")
            await self.reload(key)


def _home(named: Named | None, ids: Sequence[str]) -> tuple[str, list[str]]:
    """Return in whose file an encounter with these lives, and who else takes part: the first named is at home."""
    if named is None or not named.home:
        return ids[0], list(ids[1:])
    return named.home, list(ids)


def _whom(journal: Journal) -> tuple[list[Named], dict[str, int], dict[str, str]]:
    """Return with whom an encounter can begin, how near they are, and what each organisation is called."""
    people = journal.everyone()
    stated = {each.organisation for each in people}
    return people, journal.nearness(), {each: journal.directory.name(each) or each for each in stated}


def _relationship(journal: Journal, identity: str) -> str:
    named = journal.directory.everyone.get(identity)
    return named.home if named is not None and named.home else identity


def _begun(journal: Journal, key: str, clock: Clock, with_: Sequence[str] = ()) -> Talk:
    from convo_tui.tui.beginning import begin

    return begin(journal, key, clock, with_)


def _added(journal: Journal, key: str, clock: Clock) -> Talk:
    from convo_tui.tui.beginning import add_to_last

    return add_to_last(journal, key, clock)


def _rewritten(journal: Journal, key: str, identity: str, clock: Clock) -> Talk:
    from convo_tui.tui.beginning import rewrite

    return rewrite(journal, key, identity, clock)


def _restored(journal: Journal, clock: Clock) -> tuple[list[Talk], list[str]]:
    from convo_tui.tui.beginning import restored

    return restored(journal, clock)

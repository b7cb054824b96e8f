"""Encounters in progress: begun, typed, left and come back to."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from textual import on, work
from textual.app import SuspendNotSupported
from textual.content import Content

from convo_tui.core.errors import ConvoError
from convo_tui.editor import edit
from convo_tui.sanitize import single
from convo_tui.tui.rows import parts, receipt
from convo_tui.tui.screens.changing import Changing
from convo_tui.tui.screens.listing import Severity
from convo_tui.tui.talk import Talk
from convo_tui.tui.widgets.encounter_line import EncounterLine
from convo_tui.tui.widgets.line_list import LineList
from convo_tui.tui.widgets.note_editor import NoteEditor

if TYPE_CHECKING:
    from convo_tui.core.carry import Standing
    from convo_tui.core.completing import Choice, Wanted
    from convo_tui.core.meaning import Context, Reading
    from convo_tui.core.models import Issue
    from convo_tui.core.receipt import Phrase
    from convo_tui.store.journal import Draft, Journal

_FRAME = 6
"""Cells of the border around the title of a pane."""

OPENING = ("! ", "? ")
"""The signs that open an issue."""


class Writing(Changing):
    """The note being typed, its agenda and its live receipt."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Create the screen; the arguments are those of `Browsing`."""
        super().__init__(*args, **kwargs)
        self._others = ""
        self.talks: list[Talk] = []
        self.talk: Talk | None = None
        self._reading: Reading | None = None
        self._said: list[Phrase] = []

    # ── an encounter in progress ─────────────────────────────────────────────────────────────────────────

    def in_progress(self) -> frozenset[str]:
        """The ids of the relationships with an encounter in progress."""
        return frozenset(each.draft.relationship for each in self.talks)

    def enter(self) -> None:
        """Go back to the note in progress with the relationship selected; without one, into its conversation."""
        talk = next((each for each in self.talks if each.key == self.listing.selected), None)
        if talk is not None:
            self.show_talk(talk)
        else:
            super().enter()

    def show_talk(self, talk: Talk) -> None:
        """Put an encounter in progress on the screen, the cursor where it was in its note."""
        self.talks = [*(each for each in self.talks if each is not talk), talk]  # the one it interrupts is before it
        self.talk, self._reading = talk, None
        self.show_relationship(talk.key)
        self.note_pane.turn("writing", self._talk_title(talk))
        self.note_pane.editor.open(talk.text, talk.draft.cursor)
        self._show_facts(talk)
        self._show_agenda()
        self._show_receipt([])
        self.go("note-pane")
        self.read_note()
        self.tick()
        self.refresh_bindings()

    def _talk_title(self, talk: Talk) -> str:
        minutes, seconds = divmod(int(talk.elapsed / timedelta(seconds=1)), 60)
        clock = "" if talk.rewrites else f" · {minutes:02}:{seconds:02}"
        before, after = talk.title, clock
        room = max(8, self.note_pane.size.width - len(before) - len(after) - _FRAME)  # the clock is never cut off
        return before + parts.text(talk.name).truncate(room, ellipsis=True).plain + after

    def tick(self) -> None:
        """Bring what depends on the time up to date; runs once a second."""
        super().tick()
        if self.talk is not None and self.note_pane.mode == "writing":
            self.note_pane.turn("writing", self._talk_title(self.talk))
            self._show_facts(self.talk)
        others = " · ".join(self._waiting(each) for each in self.talks if each is not self.talk)
        if others != self._others:  # a subtitle, even the same, draws the whole pane again
            self._others = others
            self.note_pane.border_subtitle = Content(f"f6: {others}" if others else "")

    def _waiting(self, talk: Talk) -> str:
        minutes, seconds = divmod(int(talk.elapsed / timedelta(seconds=1)), 60)
        return f"{single(talk.name)} {minutes:02}:{seconds:02}"

    def _show_agenda(self) -> None:
        talk, reading, today = self.talk, self._reading, self.today
        if talk is not None:
            home = talk.draft.relationship
            self.note_pane.show("agenda", lambda width: receipt.agenda_rows(talk.agenda, today, width, reading, home))

    @on(NoteEditor.Typed)
    def _typed(self) -> None:
        self._take_note()
        self.read_note()

    def _take_note(self) -> None:
        """Take the note as it stands: what a message says may be of the encounter that was here before."""
        if self.talk is not None and self.note_pane.mode == "writing":
            editor = self.note_pane.editor
            self.talk.type(editor.text, editor.cursor_location)

    async def catch_up(self) -> None:
        """Take the last letters too, which a key that works everywhere overtakes."""
        await self.note_pane.editor.caught_up()
        self._take_note()

    @work(group="read", exclusive=True)
    async def read_note(self) -> None:
        """Show what the note as typed so far will do; read beside the screen, the newest text only."""
        talk = self.talk
        if talk is None:
            return
        await asyncio.sleep(0.03)  # what is typed faster than that is read once
        reading, phrases = await asyncio.to_thread(_read, talk, self.today)
        if talk is self.talk:
            before, self._reading = self._reading, reading
            if before is None or receipt.touched(before) != receipt.touched(reading):
                self._show_agenda()
            if phrases != self._said:  # most keys change nothing but the note itself
                self._show_receipt(phrases)

    def _show_receipt(self, phrases: list[Phrase]) -> None:
        self._said = phrases
        self.note_pane.show(
            "receipt",
            lambda width: receipt.phrase_rows(phrases, width) if phrases else receipt.hint_rows(width),
        )
        self.note_pane.query_one("#receipt").scroll_end(animate=False)  # where the line is that is being typed

    def add_to_note(self, issue: str, verb: str) -> bool:
        """Put `~ 2` or `= 2 : ` into the note being typed, when that issue is on its agenda."""
        talk, shown = self.talk, self.shown
        if talk is None or shown is None or self.note_pane.mode != "writing":
            return False
        numbers = {each.issue.id: number for number, each in enumerate(talk.agenda, 1)}
        if issue == "*" and talk.key == shown.view.summary.key:
            self.note_pane.editor.add_line("~ *")
        elif issue in numbers:
            self.note_pane.editor.add_line(f"{verb}{numbers[issue]}{' : ' if verb == '=' else ''}")
        else:
            return False
        if verb == "=":
            self.go("note-pane")
        return True

    # ── the facts of the encounter ───────────────────────────────────────────────────────────────────────

    def _show_facts(self, talk: Talk) -> None:
        from convo_tui.core.facts import CHANNELS, Facts, facts_line, parse_facts

        now, called, draft = talk.now(), talk.context.called, talk.draft
        everyone = talk.context.everyone
        who = tuple(everyone[each] for each in draft.with_ if each in everyone)
        said = talk.minutes if talk.minutes != talk.counted else None
        line = facts_line(Facts(CHANNELS.get(draft.channel), who, draft.at, said), now, called, talk.counted)
        order = self.desk.settings.date_order
        self.note_pane.facts.show(line, lambda text: parse_facts(text, now, called, order))

    def action_edit_facts(self) -> None:
        """Go to the line that says how, with whom, when and for how long; from there, back to the note."""
        facts = self.note_pane.facts
        if self.has_class("-curtain"):
            return
        if facts.has_focus_within:
            self.go("note-pane")
        else:
            self.go("note-pane", facts)
            facts.edit()

    @on(EncounterLine.Left)
    def _facts_left(self) -> None:
        self.go("note-pane")

    @on(EncounterLine.Changed)
    def _facts_changed(self, event: EncounterLine.Changed) -> None:
        if self.talk is not None:
            self.talk.tell(event.facts)
            self.tick()
            self.number_again(self.talk)
        self.go("note-pane")

    @work
    async def number_again(self, talk: Talk) -> None:
        """Bring in the open issues of those who take part now."""
        draft = talk.draft
        found = await self.attempt(lambda journal: _agenda(journal, talk.key, draft))
        if found is not None:
            talk.number(*found)
            if talk is self.talk:
                self._show_agenda()
                self.read_note()

    # ── help with typing ─────────────────────────────────────────────────────────────────────────────────

    @on(NoteEditor.Wants)
    @work(group="complete", exclusive=True)
    async def _complete(self, event: NoteEditor.Wants) -> None:
        talk, wanted = self.talk, event.wanted
        if talk is not None and not self.has_class("-curtain"):
            found = await asyncio.to_thread(_choices, wanted, talk)
            event.editor.offer(wanted, found)

    @property
    def completing(self) -> bool:
        """Whether completions show in the editor: then `ctrl+n` and `ctrl+p` move in them."""
        return self.focused is self.note_pane.editor and self.note_pane.editor.completing

    @work
    async def action_edit_note(self) -> None:
        """Open the note being typed in $EDITOR; the draft is kept on the way out, and when the editor fails."""
        talk = self.talk
        if talk is None or self.note_pane.mode != "writing":
            return
        await self.catch_up()
        path = self.desk.places.own_state / f"{talk.id}.md"
        try:
            talk.log.flush()
            path.touch(0o600)
            path.write_text(f"{talk.text}\n", "utf-8")  # a line that ends, as editors expect
            with self.app.suspend():
                edit(path, self.desk.settings.editor)
            text = path.read_text("utf-8", errors="replace")
            path.unlink(missing_ok=True)
        except (ConvoError, OSError, SuspendNotSupported) as error:
            self.say(f"the note is as it was: {error}", "error")
            return
        self.note_pane.editor.rewrite(text.removesuffix("\n"))

    # ── not for everyone's eyes ──────────────────────────────────────────────────────────────────────────

    def action_draw_curtain(self) -> None:
        """Hide everything but the note being typed, for a shared screen; the same key shows it again."""
        self.toggle_class("-curtain")
        if self.has_class("-curtain"):
            self.app.clear_notifications()
            self.note_pane.editor.close_completions()

    def say(self, message: str, severity: Severity = "information") -> None:
        """Show a line in a corner of the screen; behind the curtain only that something is to be said."""
        names = severity != "information" and self.has_class("-curtain")
        if names:
            super().say("Something needs a look: f8 opens the curtain.", severity)
        elif not self.has_class("-curtain"):
            super().say(message, severity)

    # ── leaving and coming back ──────────────────────────────────────────────────────────────────────────

    @on(NoteEditor.Left)
    def _left(self, event: NoteEditor.Left) -> None:
        if event.empty:
            self.discard()
        elif not self.has_class("-curtain"):  # what it hides takes no keys
            self.go("relationships")

    @work
    async def discard(self) -> None:
        """Discard the encounter in progress: nothing was written."""
        talk = self.talk
        if talk is not None and not talk.text.strip():
            await self.attempt(lambda journal: journal.drafts.discard(talk.id))
            self._leave_talk(talk)
            self.go("relationships")

    def _leave_talk(self, talk: Talk) -> None:
        self.talks = [each for each in self.talks if each is not talk]
        self.talk = self.talks[-1] if self.talks else None
        if self.talk is not None:
            self.show_talk(self.talk)
        else:
            self.note_pane.turn("details", "")
            self.show_details()
        self.show_list()
        self.refresh_bindings()

    async def action_next_encounter(self) -> None:
        """Go to the next encounter in progress."""
        await self.catch_up()
        if self.talks:
            self.show_talk(self.talks[0 if self.talk in self.talks else -1])

    def action_switch_agenda(self) -> None:
        """Go from the note to its agenda and back."""
        editor = self.note_pane.editor
        agenda = self.note_pane.query_one("#agenda", LineList)
        if not self.has_class("-curtain"):
            self.go("note-pane", agenda if self.focused is editor else editor)

    @on(LineList.Selected, "#agenda")
    def _carry_from_agenda(self) -> None:
        self.action_carry_issue()

    async def show_anew(self, select: str | None = None) -> None:
        """Show what may have changed, also of the issues of those who take part."""
        await super().show_anew(select)
        if self.talk is not None:
            self.number_again(self.talk)

    def home_of(self, entry: str) -> str:
        """Return the key of the relationship in whose file an issue is: one of those who take part."""
        standing = self._on_agenda(entry)
        return standing.relationship_id if standing is not None else super().home_of(entry)

    def _issue(self, identity: str) -> Issue | None:
        standing = self._on_agenda(identity)
        return standing.issue if standing is not None else super()._issue(identity)

    def _on_agenda(self, identity: str) -> Standing | None:
        agenda = self.talk.agenda if self.talk is not None else ()
        return next((each for each in agenda if each.issue.id == identity), None)

    async def open_issue(self, said: str) -> None:
        """Open an issue; with an encounter in progress there, by its note."""
        talk, shown = self.talk, self.shown
        if talk is not None and shown is not None and talk.key == shown.view.summary.key:
            self.note_pane.editor.add_line(said if said[:2] in OPENING else f"! {said}")
        else:
            await super().open_issue(said)


def _agenda(journal: Journal, key: str, draft: Draft) -> tuple[list[Standing], Context]:
    from convo_tui.tui.beginning import agenda_of

    return agenda_of(journal, key, draft)


def _choices(wanted: Wanted, talk: Talk) -> list[Choice]:
    from convo_tui.core.completing import choices

    return choices(wanted, talk.context, talk.topics)


def _read(talk: Talk, today: date) -> tuple[Reading, list[Phrase]]:
    from convo_tui.core.grammar import read
    from convo_tui.core.receipt import phrases

    reading = read(talk.text, talk.context)
    others = {each.id: each.name for each in talk.context.parties[1:]}
    return reading, phrases(reading, today, others)

"""Encounters in progress: begun, typed, left and come back to."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from textual import on, work

from convo_tui.core.errors import ConvoError
from convo_tui.sanitize import single
from convo_tui.tui import talk as talks
from convo_tui.tui.rows import parts, receipt
from convo_tui.tui.screens.browsing import Severity
from convo_tui.tui.screens.changing import Changing
from convo_tui.tui.talk import Talk
from convo_tui.tui.widgets.line_list import LineList
from convo_tui.tui.widgets.note_editor import NoteEditor

if TYPE_CHECKING:
    from convo_tui.clock import Clock
    from convo_tui.core.meaning import Reading
    from convo_tui.core.receipt import Phrase
    from convo_tui.store.journal import Journal

_FRAME = 6
"""Cells of the border around the title of a pane."""

OPENING = ("! ", "? ")
"""The signs that open an issue."""


class Writing(Changing):
    """The note being typed, its agenda and its live receipt."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Create the screen; the arguments are those of `Browsing`."""
        super().__init__(*args, **kwargs)
        self.talks: list[Talk] = []
        self.talk: Talk | None = None
        self._reading: Reading | None = None
        self._beginning = False

    def on_mount(self) -> None:
        """Go on with what was in progress when the program was left."""
        self.call_after_refresh(self.restore)

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
            self.show_talk(self.talks[-1])
            self.say("You were in the middle of this; nothing was lost.")

    # ── an encounter in progress ─────────────────────────────────────────────────────────────────────────

    def in_progress(self) -> frozenset[str]:
        """The ids of the relationships with an encounter in progress."""
        return frozenset(each.draft.relationship for each in self.talks)

    def action_new_encounter(self) -> None:
        """Start an encounter with the relationship selected, or go on with the one in progress."""
        summary = next((each for each in self.summaries if each.key == self.listing.selected), None)
        if summary is None:
            self.say("Nobody is selected; N adds a relationship.")
            return
        talk = next((each for each in self.talks if each.key == summary.key), None)
        if talk is not None:
            self.show_talk(talk)
        elif summary.problem:
            self.say(f"{summary.file}: {summary.problem}", "error")
        elif not self._beginning:
            self._beginning, self.talk = True, None
            self.note_pane.turn("writing", f"Call with {single(summary.name)}")
            self.note_pane.editor.open("", (0, 0))
            self.go("note-pane")  # before the journal answers: what is typed next belongs to the note
            self._begin(summary.key)

    @work
    async def _begin(self, key: str) -> None:
        clock, editor = self.desk.clock, self.note_pane.editor
        talk = await self.attempt(lambda journal: talks.begin(journal, key, clock))
        self._beginning = False
        await editor.caught_up()
        if talk is None:  # why was said; what was typed meanwhile stands in the editor
            if not editor.text.strip():
                self.note_pane.turn("details", "")
                self.go("relationships")
            return
        if editor.text:
            talk.type(talk.text + editor.text, editor.cursor_location)
        self.talks.append(talk)
        self.show_list()
        self.show_talk(talk)

    def enter(self) -> None:
        """Go back to the note in progress with the relationship selected; without one, into its conversation."""
        talk = next((each for each in self.talks if each.key == self.listing.selected), None)
        if talk is not None:
            self.show_talk(talk)
        else:
            super().enter()

    def show_talk(self, talk: Talk) -> None:
        """Put an encounter in progress on the screen, the cursor where it was in its note."""
        self.talk, self._reading = talk, None
        self.show_relationship(talk.key)
        self.note_pane.turn("writing", self._talk_title(talk))
        self.note_pane.editor.open(talk.text, talk.draft.cursor)
        self._show_agenda()
        self._show_receipt([])
        self.go("note-pane")
        self.read_note()
        self.refresh_bindings()

    def _talk_title(self, talk: Talk) -> str:
        minutes, seconds = divmod(int(talk.elapsed / timedelta(seconds=1)), 60)
        others = f" · f6 {self.talks.index(talk) + 1}/{len(self.talks)}" if len(self.talks) > 1 else ""
        before, after = f"{talk.draft.channel.capitalize()} with ", f" · {minutes:02}:{seconds:02}{others}"
        room = max(8, self.note_pane.size.width - len(before) - len(after) - _FRAME)  # the clock is never cut off
        return before + parts.text(talk.name).truncate(room, ellipsis=True).plain + after

    def tick(self) -> None:
        """Bring what depends on the time up to date; runs once a second."""
        super().tick()
        if self.talk is not None and self.note_pane.mode == "writing":
            self.note_pane.turn("writing", self._talk_title(self.talk))

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
            self._reading = reading
            self._show_agenda()
            self._show_receipt(phrases)

    def _show_receipt(self, phrases: list[Phrase]) -> None:
        self.note_pane.show(
            "receipt",
            lambda width: receipt.phrase_rows(phrases, width) if phrases else receipt.hint_rows(width),
        )

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

    def action_draw_curtain(self) -> None:
        """Hide everything but the note being typed, for a shared screen; the same key shows it again."""
        self.toggle_class("-curtain")
        if self.has_class("-curtain"):
            self.app.clear_notifications()

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
        else:
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
            place = self.talks.index(self.talk) if self.talk in self.talks else -1
            self.show_talk(self.talks[(place + 1) % len(self.talks)])

    def action_switch_agenda(self) -> None:
        """Go from the note to its agenda and back."""
        editor = self.note_pane.editor
        agenda = self.note_pane.query_one("#agenda", LineList)
        self.go("note-pane", agenda if self.focused is editor else editor)

    @on(LineList.Selected, "#agenda")
    def _carry_from_agenda(self) -> None:
        self.action_carry_issue()

    async def open_issue(self, said: str) -> None:
        """Open an issue; with an encounter in progress there, by its note."""
        talk, shown = self.talk, self.shown
        if talk is not None and shown is not None and talk.key == shown.view.summary.key:
            self.note_pane.editor.add_line(said if said[:2] in OPENING else f"! {said}")
        else:
            await super().open_issue(said)


def _restored(journal: Journal, clock: Clock) -> tuple[list[Talk], list[str]]:
    """Return the drafts that can go on, and why the others cannot: they stay where they are."""
    from convo_tui.store.journal import DraftInUse

    found, problems = [], []
    for draft in journal.drafts.all():
        try:
            found.append(talks.resume(journal, draft, clock))
        except DraftInUse:
            continue  # it is being typed in another window
        except ConvoError as error:
            problems.append(f"a note in progress waits in {journal.places.drafts / draft.id}.jsonl: {error}")
    return found, problems


def _read(talk: Talk, today: date) -> tuple[Reading, list[Phrase]]:
    from convo_tui.core.grammar import read
    from convo_tui.core.receipt import phrases

    reading = read(talk.text, talk.context)
    return reading, phrases(reading, today)

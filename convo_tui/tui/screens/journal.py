"""The main screen: relationships, where we left off, and the encounter being typed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from textual import on, work

from convo_tui.sanitize import single
from convo_tui.tui import talk as talks
from convo_tui.tui.rows import receipt
from convo_tui.tui.screens.browsing import Target
from convo_tui.tui.screens.changing import Changing
from convo_tui.tui.screens.help import Help
from convo_tui.tui.talk import Talk
from convo_tui.tui.widgets.ended_list import EndedList
from convo_tui.tui.widgets.line_list import LineList
from convo_tui.tui.widgets.note_editor import NoteEditor

if TYPE_CHECKING:
    from convo_tui.core.ending import Plan
    from convo_tui.core.meaning import Reading
    from convo_tui.core.receipt import Phrase
    from convo_tui.store.journal import Journal

_ALWAYS = frozenset({"show_help", "quit_convo", "command_palette"})
_IN_PROGRESS = frozenset({"end_encounter", "switch_agenda"})
_ON_ISSUES = frozenset({"carry_issue", "settle_issue", "park_issue", "drop_issue", "change_owner", "set_due"})
_ON_ENCOUNTERS = frozenset({"set_spark", "change_nature"})


@dataclass(frozen=True)
class Ended:
    """The encounter that ended last: all that its receipt needs, and the draft that an undo gives back."""

    talk: Talk
    plan: Plan
    phrases: tuple[Phrase, ...]
    left_open: int


class JournalScreen(Changing):
    """Encounters in progress: begun, typed, ended, taken back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Create the screen; the arguments are those of `Browsing`."""
        super().__init__(*args, **kwargs)
        self.talks: list[Talk] = []
        self.talk: Talk | None = None
        self.ended: Ended | None = None
        self._reading: Reading | None = None

    def on_mount(self) -> None:
        """Go on with what was in progress when the program was left."""
        self.call_after_refresh(self.restore)

    @work
    async def restore(self) -> None:
        """Bring back the encounters in progress, with what was typed, the cursor and the clock."""
        clock = self.desk.clock
        restored = await self.attempt(lambda journal: _restored(journal, clock))
        if restored:
            self.talks += restored
            self.show_list()
            self.show_talk(self.talks[-1])
            self.say("You were in the middle of this; nothing was lost.")

    # ── an encounter in progress ─────────────────────────────────────────────────────────────────────────

    def in_progress(self) -> frozenset[str]:
        """The ids of the relationships with an encounter in progress."""
        return frozenset(each.draft.relationship for each in self.talks)

    @work
    async def action_new_encounter(self) -> None:
        """Start an encounter with the relationship selected, or go on with the one in progress."""
        key = self.listing.selected
        if key is None:
            self.say("Nobody is selected; N adds a relationship.")
            return
        talk = next((each for each in self.talks if each.key == key), None)
        if talk is None:
            clock = self.desk.clock
            talk = await self.attempt(lambda journal: talks.begin(journal, key, clock))
            if talk is None:
                return
            self.talks.append(talk)
            self.show_list()
        self.show_talk(talk)

    def show_talk(self, talk: Talk) -> None:
        """Put an encounter in progress on the screen, the cursor where it was in its note."""
        self.talk, self.ended, self._reading = talk, None, None
        self.note_pane.turn("writing", self._talk_title(talk))
        self.note_pane.editor.open(talk.text, talk.draft.cursor)
        self._show_agenda()
        self._show_receipt([])
        self.go("note-pane")
        self.read_note()
        self.refresh_bindings()

    def _talk_title(self, talk: Talk) -> str:
        minutes, seconds = divmod(int(talk.elapsed / timedelta(seconds=1)), 60)
        others = f" · {len(self.talks)} in progress, f6" if len(self.talks) > 1 else ""
        return f"{talk.draft.channel.capitalize()} with {single(talk.name)} · {minutes:02}:{seconds:02}{others}"

    def tick(self) -> None:
        """Bring what depends on the time up to date; runs once a second."""
        super().tick()
        if self.talk is not None and self.note_pane.mode == "writing":
            self.note_pane.border_title = self._talk_title(self.talk)

    def _show_agenda(self) -> None:
        talk, reading, today = self.talk, self._reading, self.today
        if talk is not None:
            home = talk.draft.relationship
            self.note_pane.show("agenda", lambda width: receipt.agenda_rows(talk.agenda, today, width, reading, home))

    @on(NoteEditor.Typed)
    def _typed(self, event: NoteEditor.Typed) -> None:
        if self.talk is not None:
            self.talk.type(event.text, event.cursor)
            self.read_note()

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

    def action_next_encounter(self) -> None:
        """Go to the next encounter in progress."""
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

    # ── ending ───────────────────────────────────────────────────────────────────────────────────────────

    @work(group="end", exclusive=True)
    async def action_end_encounter(self) -> None:
        """End the encounter in progress: save it, and show its receipt."""
        talk = self.talk
        if talk is None or self.note_pane.mode != "writing":
            return
        saved = await self.attempt(lambda journal: _saved(journal, talk))
        if saved is None:
            return  # it goes on as a draft, and why was said
        plan, phrases, left_open = saved
        self.talks = [each for each in self.talks if each is not talk]
        self.talk = None
        self.ended = Ended(talk, plan, tuple(phrases), left_open)
        self.note_pane.turn("ended", f"{talk.draft.channel.capitalize()} with {single(talk.name)} · saved")
        self._show_ended()
        self.go("note-pane")
        await self.reload()

    def _show_ended(self) -> None:
        ended = self.ended
        if ended is not None:
            encounter, name = ended.plan.encounter, single(ended.talk.name)
            minutes = f" · {encounter.minutes} min" if encounter.minutes else ""
            title = f"Saved: {encounter.channel} with {name}{minutes}"
            self.note_pane.show(
                "ended",
                lambda width: receipt.ended_rows(
                    title, ended.phrases, name, ended.left_open, encounter.spark, encounter.nature, width
                ),
            )

    @on(EndedList.Closed)
    def _receipt_read(self) -> None:
        self.ended = None
        if self.talks:
            self.show_talk(self.talks[-1])
        else:
            self.note_pane.turn("details", "")
            self.go("relationships")
            self.show_details()

    @on(EndedList.TypedOn)
    def _typed_after_the_end(self, event: EndedList.TypedOn) -> None:
        self.take_back_end(event.character)

    @work(group="end", exclusive=True)
    async def take_back_end(self, character: str = "") -> None:
        """Undo the end: the encounter goes on as it was, with its draft, its cursor and its clock."""
        ended = self.ended
        if ended is None:
            return
        reopened = await self.attempt(lambda journal: _reopened(journal, ended.talk))
        if reopened is None:
            return
        self.talks.append(reopened)
        self.show_talk(reopened)
        if character:
            self.note_pane.editor.insert(character)
        await self.reload()

    @work
    async def action_undo_change(self) -> None:
        """Take the last change back; on a receipt, the end."""
        if self.note_pane.mode == "ended" and self.focused is self.note_pane.front:
            self.take_back_end()
        else:
            await self.undo()

    def encounter_target(self) -> str | None:
        """The id of the encounter that a key acts on: on a receipt, the one that ended."""
        if self.ended is not None and self.note_pane.mode == "ended":
            return self.ended.plan.encounter.id
        return super().encounter_target()

    async def encounter_changed(self, encounter: Any) -> None:
        """Keep the receipt true when the encounter that ended is changed."""
        ended = self.ended
        if ended is not None and encounter.id == ended.plan.encounter.id:
            self.ended = replace(ended, plan=replace(ended.plan, encounter=encounter))
            self._show_ended()

    async def open_issue(self, said: str) -> None:
        """Open an issue; with an encounter in progress there, by its note."""
        talk, shown = self.talk, self.shown
        if talk is not None and shown is not None and talk.key == shown.view.summary.key:
            self.note_pane.editor.add_line(said if said[:2] in ("! ", "? ") else f"! {said}")
            return
        await super().open_issue(said)
        if self.ended is not None:
            self.ended = replace(self.ended, left_open=self.ended.left_open + 1)
            self._show_ended()

    # ── the keys ─────────────────────────────────────────────────────────────────────────────────────────

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say which keys can be used here and now: None shows a key dimmed, False not at all."""
        if action in _IN_PROGRESS:
            return self.talk is not None and self.note_pane.mode == "writing"
        if action == "next_encounter":
            return len(self.talks) > 1
        if action in _ON_ENCOUNTERS:
            return self.encounter_target() is not None
        if action in _ON_ISSUES:
            target = self.target()
            on_entry = target is not None and target.kind in ("issue", "heard")
            return True if on_entry or (self.shown and self.shown.brief.issues) else None
        if action == "reopen_issue":
            return self._is_closed(self.target())
        if action in ("new_issue", "carry_all", "new_encounter"):
            return True if self.shown is not None else None
        return True

    def _is_closed(self, target: Target | None) -> bool:
        if target is None or self.shown is None:
            return False
        relationship = self.shown.view.relationship
        parked_or_closed = {each.id for each in relationship.issues if each.state != "open"}
        return target.id in parked_or_closed | {each.id for each in relationship.heard if not each.is_live}

    def action_show_help(self) -> None:
        """Show the keys as they are set now."""
        self.app.push_screen(Help(self.desk.settings.keys))

    def action_command_palette(self) -> None:
        """Find every command by its name."""
        self.app.action_command_palette()

    def action_quit_convo(self) -> None:
        """Leave Convo; encounters in progress are kept."""
        self.app.exit()


def _restored(journal: Journal, clock: Any) -> list[Talk]:
    from convo_tui.store.journal import DraftInUse

    found = []
    for draft in journal.drafts.all():
        try:
            found.append(talks.resume(journal, draft, clock))
        except DraftInUse:
            continue  # it is being typed in another window
    return found


def _read(talk: Talk, today: Any) -> tuple[Reading, list[Phrase]]:
    from convo_tui.core.grammar import read
    from convo_tui.core.receipt import phrases

    reading = read(talk.text, talk.context)
    return reading, phrases(reading, today)


def _saved(journal: Journal, talk: Talk) -> tuple[Plan, list[Phrase], int]:
    from convo_tui.core.receipt import done

    encounter = talk.encounter()
    reading = journal.read_note(talk.key, encounter, talk.text, talk.draft.agenda)
    plan = journal.log(talk.key, encounter, reading)
    journal.drafts.discard(talk.id)
    today = journal.clock.today()
    return plan, done(plan, today), len(journal.view(talk.key).standings(today))


def _reopened(journal: Journal, talk: Talk) -> Talk:
    journal.undo()
    return replace(talk, log=journal.drafts.open(talk.draft))

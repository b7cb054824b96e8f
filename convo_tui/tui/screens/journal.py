"""The main screen: relationships, where we left off, and the encounter being typed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from textual import on, work

from convo_tui.core.errors import ConvoError
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
    from convo_tui.clock import Clock
    from convo_tui.core.ending import Plan
    from convo_tui.core.meaning import Reading
    from convo_tui.core.models import Encounter
    from convo_tui.core.receipt import Phrase
    from convo_tui.store.codec import Document
    from convo_tui.store.journal import Change, Journal

_ALWAYS = frozenset({"show_help", "quit_convo", "command_palette"})
_IN_PROGRESS = frozenset({"end_encounter", "switch_agenda"})
_ON_ISSUES = frozenset({"carry_issue", "settle_issue", "park_issue", "drop_issue", "change_owner", "set_due"})
_ON_ENCOUNTERS = frozenset({"set_spark", "change_nature"})
_ON_RECEIPTS = _ALWAYS | _ON_ENCOUNTERS | {"new_issue", "undo_change", "next_pane", "previous_pane", "next_encounter"}
_OPENING = ("! ", "? ")


@dataclass(frozen=True)
class Ended:
    """An encounter that ended: what its receipt needs, and the draft that an undo gives back.

    `encounter` is what was saved, as it is now; `issues` what was opened on the receipt since.
    """

    talk: Talk
    plan: Plan
    phrases: tuple[Phrase, ...]
    encounter: Encounter
    left_open: int
    issues: tuple[str, ...] = ()

    @property
    def said_since(self) -> list[str]:
        """What was said on the receipt, as the lines of a note that say the same."""
        was, now = self.plan.encounter, self.encounter
        lines = [f"spark: {now.spark}"] if now.spark and now.spark != was.spark else []
        lines += [f"nature: {now.nature}"] if now.nature != was.nature else []
        return [*lines, *(each if each[:2] in _OPENING else f"! {each}" for each in self.issues)]


class JournalScreen(Changing):
    """Encounters in progress: begun, typed, ended, taken back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Create the screen; the arguments are those of `Browsing`."""
        super().__init__(*args, **kwargs)
        self.talks: list[Talk] = []
        self.talk: Talk | None = None
        self.ended: Ended | None = None
        self._reading: Reading | None = None
        self._ends: dict[str, Ended] = {}
        self._beginning = self._ending = False
        self._stray = ""

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

    @work
    async def action_new_encounter(self) -> None:
        """Start an encounter with the relationship selected, or go on with the one in progress."""
        key = self.listing.selected
        if key is None:
            self.say("Nobody is selected; N adds a relationship.")
            return
        talk = next((each for each in self.talks if each.key == key), None)
        if talk is None and not self._beginning:
            self._beginning, clock = True, self.desk.clock
            talk = await self.attempt(lambda journal: talks.begin(journal, key, clock))
            self._beginning = False
            if talk is not None:
                self.talks.append(talk)
                self.show_list()
        if talk is not None:
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
        self.talk, self.ended, self._reading = talk, None, None
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
    def _typed(self) -> None:
        self._take_note()
        self.read_note()

    def _take_note(self) -> None:
        """Take the note as it stands: what a message says may be of the encounter that was here before."""
        if self.talk is not None and self.note_pane.mode == "writing":
            editor = self.note_pane.editor
            self.talk.type(editor.text, editor.cursor_location)

    async def _catch_up(self) -> None:
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
        await self._catch_up()
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

    @work
    async def action_end_encounter(self) -> None:
        """End the encounter in progress: save it, and show its receipt."""
        talk = self.talk
        if talk is None or self.note_pane.mode != "writing" or self._ending:
            return
        self._ending = True
        await self._catch_up()
        text = talk.text
        saved = await self.attempt(lambda journal: _saved(journal, talk))
        self._ending = False
        if saved is None:
            return  # it goes on as a draft, and why was said
        await self._catch_up()
        plan, phrases, left_open = saved
        ended = Ended(talk, plan, tuple(phrases), plan.encounter, left_open)
        self._ends[talk.id] = ended
        self.talks = [each for each in self.talks if each is not talk]
        self.talk, self.ended = None, ended
        if talk.text != text:  # it was typed on while it was being saved
            await self._take_back(ended)
            return
        self.show_relationship(talk.key)
        self.note_pane.turn("ended", f"{talk.draft.channel.capitalize()} with {single(talk.name)} · saved")
        self._show_ended()
        self.go("note-pane")
        await self.reload()

    def show_conversation(self, fresh: bool = False) -> None:
        """Draw the relationship that is shown, and keep a receipt true to what was done since."""
        super().show_conversation(fresh)
        ended, shown = self.ended, self.shown
        if ended is not None and shown is not None:
            now = next((each for each in shown.view.timeline if each.id == ended.talk.id), None)
            if now is not None:
                self.ended = replace(ended, encounter=now, left_open=len(shown.brief.issues))
                self._show_ended()

    def _show_ended(self) -> None:
        ended = self.ended
        if ended is not None:
            encounter, name = ended.encounter, single(ended.talk.name)
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
        if self.note_pane.mode == "writing":  # the focus is on its way
            self.note_pane.editor.insert(event.character)
            return
        self._stray += event.character
        if len(self._stray) == 1 and self.ended is not None:
            self.take_back_end(self.ended)

    @work
    async def take_back_end(self, ended: Ended) -> None:
        """Go on with an encounter that ended, and type what was typed on its receipt."""
        await self._take_back(ended)
        typed, self._stray = self._stray, ""
        if self.talk is not None and self.talk.id == ended.talk.id:
            self.note_pane.editor.insert(typed)

    async def _take_back(self, ended: Ended) -> None:
        """Undo the end and what was done on its receipt since, which becomes lines of the note."""
        while (change := await self.attempt(lambda journal: journal.undo())) is not None:
            if ended.talk.id in _begun(change):
                await self._reopen(ended, ended.said_since)
                await self.reload()
                return

    async def taken_back(self, change: Change) -> None:
        """Go on with the encounter whose end was taken back: its draft, its cursor and its clock."""
        ended = next((self._ends[each] for each in _begun(change) if each in self._ends), None)
        if ended is not None:
            await self._reopen(ended)
        else:
            await super().taken_back(change)

    async def _reopen(self, ended: Ended, lines: Sequence[str] = ()) -> None:
        reopened = await self.attempt(lambda journal: _reopened(journal, ended.talk, lines))
        if reopened is not None:
            self.talks.append(reopened)
            self.show_talk(reopened)

    @work
    async def action_redo_change(self) -> None:
        """Do again what was taken back."""
        if any(each.id in self._ends for each in self.talks):
            self.say("What was taken back is a note again; ctrl+s ends it.")  # it may say more by now
        else:
            await self.redo()

    def encounter_target(self) -> str | None:
        """The id of the encounter that a key acts on: on a receipt, the one that ended."""
        if self.ended is not None and self.note_pane.mode == "ended":
            return self.ended.talk.id
        return super().encounter_target()

    async def open_issue(self, said: str) -> None:
        """Open an issue; with an encounter in progress there, by its note."""
        talk, shown = self.talk, self.shown
        if talk is not None and shown is not None and talk.key == shown.view.summary.key:
            self.note_pane.editor.add_line(said if said[:2] in _OPENING else f"! {said}")
            return
        if self.ended is not None:
            self.ended = replace(self.ended, issues=(*self.ended.issues, said))
        await super().open_issue(said)

    # ── the keys ─────────────────────────────────────────────────────────────────────────────────────────

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say which keys can be used here and now: None shows a key dimmed, False not at all."""
        if action in _IN_PROGRESS:
            return self.talk is not None and self.note_pane.mode == "writing"
        if self.ended is not None and self.focused is self.note_pane.front and action not in _ON_RECEIPTS:
            return False
        if action == "next_encounter":
            return len(self.talks) > (self.talk is not None)
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

    async def action_quit_convo(self) -> None:
        """Leave Convo; encounters in progress are kept."""
        await self._catch_up()
        self.app.exit()


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


def _reopened(journal: Journal, talk: Talk, lines: Sequence[str]) -> Talk:
    draft = replace(talk.draft, text="\n".join(filter(None, (talk.text, *lines))))
    return replace(talk, draft=draft, log=journal.drafts.open(draft))


def _begun(change: Change) -> set[str]:
    """Return the ids of the encounters that a change has added."""

    def ids(document: Document) -> set[str]:
        return {each.id for each in document.relationship.encounters}

    return {each for step in change.steps if step.before and step.after for each in ids(step.after) - ids(step.before)}

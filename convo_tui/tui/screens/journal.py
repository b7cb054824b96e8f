"""The main screen: relationships, where we left off, and the encounter being typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from textual import on, work

from convo_tui.sanitize import single
from convo_tui.tui.rows import receipt
from convo_tui.tui.screens.help import Help
from convo_tui.tui.screens.reach import Reach
from convo_tui.tui.screens.shown import Target
from convo_tui.tui.screens.surveying import Surveying
from convo_tui.tui.screens.writing import OPENING
from convo_tui.tui.talk import Talk
from convo_tui.tui.widgets.ended_list import EndedList
from convo_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from convo_tui.core.contradiction import Decision
    from convo_tui.core.ending import Plan
    from convo_tui.core.models import Encounter, Relationship
    from convo_tui.core.reaching import Way
    from convo_tui.core.receipt import Phrase
    from convo_tui.store.journal import Change, Journal

_ALWAYS = frozenset({"show_help", "quit_convo", "command_palette", "draw_curtain"})
_IN_PROGRESS = frozenset({"end_encounter", "switch_agenda", "edit_facts", "edit_note"})
_ON_ISSUES = frozenset({"carry_issue", "settle_issue", "park_issue", "drop_issue", "change_owner", "set_due"})
_ON_ENCOUNTERS = frozenset({"set_spark", "change_nature", "rewrite_encounter", "move_encounter"})
_ON_RECEIPTS = _ALWAYS | {
    *("set_spark", "change_nature", "encounter_with", "new_issue", "undo_change"),
    *("next_pane", "previous_pane", "next_encounter"),
}


@dataclass(frozen=True)
class Ended:
    """An encounter that ended: what its receipt needs, and the draft that an undo gives back.

    `encounter` is what was saved, as it is now; `change` is what could be taken back right after the end: the end, when
    `changed` says that it did something, else what was done before. `issues` are those opened on the receipt since.
    """

    talk: Talk
    plan: Plan
    phrases: tuple[Phrase, ...]
    encounter: Encounter
    left_open: int
    change: Change | None
    changed: bool
    issues: tuple[str, ...] = ()

    @property
    def said_since(self) -> list[str]:
        """What was said on the receipt, as the lines of a note that say the same."""
        was, now = self.plan.encounter, self.encounter
        lines = [f"spark: {now.spark}"] if now.spark and now.spark != was.spark else []
        lines += [f"nature: {now.nature}"] if now.nature != was.nature else []
        return [*lines, *(each if each[:2] in OPENING else f"! {each}" for each in self.issues)]


class JournalScreen(Surveying):
    """Everything together: what was begun is ended, and an end can be taken back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Create the screen; the arguments are those of `Browsing`."""
        super().__init__(*args, **kwargs)
        self.ended: Ended | None = None
        self._ends: list[Ended] = []
        self._reopened: set[str] = set()
        self._ending = False
        self._stray = ""

    def show_talk(self, talk: Talk) -> None:
        """Put an encounter in progress on the screen; a receipt has been read by then."""
        self._leave_receipt()
        super().show_talk(talk)

    # ── ending ───────────────────────────────────────────────────────────────────────────────────────────

    @work
    async def action_end_encounter(self) -> None:
        """End the encounter in progress: save it, and show its receipt."""
        talk = self.talk
        self._end_soon = self._beginning
        if talk is None or self.note_pane.mode != "writing" or self._ending:
            return
        self._ending = True
        await self.catch_up()
        text = talk.text
        saved = await self.decided(lambda journal, decision: _saved(journal, talk, decision))
        self._ending = False
        if saved is None:
            return  # it goes on as a draft, and why was said
        await self.catch_up()
        ended = saved
        self._ends.append(ended)
        self.talks = [each for each in self.talks if each is not talk]
        self.talk, self.ended = None, ended
        if talk.text != text:  # it was typed on while it was being saved
            await self._take_back(ended)
            return
        self.show_relationship(talk.key)
        self.note_pane.turn("ended", f"{talk.title}{single(talk.name)} · saved")
        self._show_ended()
        self.go("note-pane")
        await self.reload()
        self.query_one("#timeline", LineList).select(f"encounter:{ended.encounter.id}")

    def begun(self, talk: Talk) -> None:
        """End at once what was typed and ended before the journal had answered."""
        if self._end_soon:
            self.action_end_encounter()
        else:
            super().begun(talk)

    def show_conversation(self, fresh: bool = False) -> None:
        """Draw the relationship that is shown, and keep a receipt true to what was done since."""
        super().show_conversation(fresh)
        ended, shown = self.ended, self.shown
        if ended is not None and shown is not None:
            now = next((each for each in shown.view.timeline if each.id == ended.encounter.id), None)
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
        self._leave_receipt()
        if self.talks:
            self.show_talk(self.talks[-1])
        else:
            self.note_pane.turn("details", "")
            self.go("relationships")
            self.show_details()

    def on_descendant_focus(self) -> None:
        """Take a receipt as read once the focus is elsewhere: what is done there is none of its end's to undo."""
        if self.ended is not None and self.current_pane() != "note-pane":
            self._leave_receipt()
            self.note_pane.turn("details", "")
            self.show_details()

    def _leave_receipt(self) -> None:
        """Take an end for final, as far as a person can be sure of it."""
        ended, self.ended = self.ended, None
        if ended is not None:
            self.encounter_is_over(ended.plan.relationships)

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
        while not await self._is_last(ended):
            if await self.attempt(lambda journal: journal.undo(own=True)) is None:
                return
        if not ended.changed or await self.attempt(lambda journal: journal.undo(own=True)) is not None:
            await self._reopen(ended, ended.said_since)
            await self.reload()

    async def _is_last(self, ended: Ended) -> bool:
        """Whether nothing was done since an end."""
        return await self.desk.do(lambda journal: journal.last_change) == ended.change

    async def undo(self) -> None:
        """Take the last change back; an end that changed nothing is none, and only gives its note back."""
        ended = self.ended
        if ended is not None and not ended.changed and await self._is_last(ended):
            await self._reopen(ended)
        else:
            await super().undo()

    async def taken_back(self, change: Change) -> None:
        """Go on with the encounter whose end was taken back: its draft, its cursor and its clock."""
        ended = next((each for each in self._ends if each.changed and each.change == change), None)
        if ended is not None:
            await self._reopen(ended)
        else:
            await super().taken_back(change)

    async def _reopen(self, ended: Ended, lines: Sequence[str] = ()) -> None:
        reopened = await self.attempt(lambda journal: _reopened(journal, ended.talk, lines))
        if reopened is not None:
            self._ends = [each for each in self._ends if each.talk is not ended.talk]
            if self.ended is not None and self.ended.talk is ended.talk:
                self.ended = None  # it is not over
            self._reopened.add(reopened.id)
            self.talks.append(reopened)
            self.show_talk(reopened)

    @work
    async def action_redo_change(self) -> None:
        """Do again what was taken back."""
        if any(each.id in self._reopened for each in self.talks):
            self.say("What was taken back is a note again; ctrl+s ends it.")  # it may say more by now
        else:
            await self.redo()

    def encounter_target(self) -> str | None:
        """The id of the encounter that a key acts on: on a receipt, the one that ended."""
        if self.ended is not None and self.note_pane.mode == "ended":
            return self.ended.encounter.id
        return super().encounter_target()

    async def open_issue(self, said: str) -> None:
        """Open an issue; the one opened on a receipt is a line of the note, should its end be taken back."""
        if self.ended is not None:
            self.ended = replace(self.ended, issues=(*self.ended.issues, said))
        await super().open_issue(said)

    # ── the keys ─────────────────────────────────────────────────────────────────────────────────────────

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say which keys can be used here and now: None shows a key dimmed, False not at all."""
        if action in _IN_PROGRESS:
            return self.note_pane.mode == "writing" and (self.talk is not None or self._beginning)
        if self.ended is not None and self.focused is self.note_pane.front and action not in _ON_RECEIPTS:
            return False
        if action == "next_encounter":
            return len(self.talks) > (self.talk is not None)
        if action == "rewrite_encounter" and (target := self.target()) is not None and target.kind == "relationship":
            return True
        if action in _ON_ENCOUNTERS:
            return self.encounter_target() is not None
        if action == "mark_entry":
            target = self.target()
            return target is not None and target.kind in ("issue", "heard")
        if action in _ON_ISSUES:
            target = self.target()
            on_entry = target is not None and target.kind in ("issue", "heard")
            return True if on_entry or (self.shown and self.shown.brief.issues) else None
        if action == "reopen_issue":
            return self._is_closed(self.target())
        if action == "add_to_last":
            return True if self.shown is not None and self.shown.view.relationship.encounters else None
        if action in ("new_issue", "carry_all", "new_encounter", "go_to_day", "reach_them"):
            return True if self.shown is not None else None
        return True

    def _is_closed(self, target: Target | None) -> bool:
        if target is None or self.shown is None:
            return False
        issue = self._issue(target.id)
        closed = {each.id for each in self.shown.view.relationship.heard if not each.is_live}
        return target.id in closed if issue is None else issue.state != "open"

    async def action_reach_them(self) -> None:
        """List every way to reach the relationship that is shown."""
        if self.shown is not None and not self.has_class("-curtain"):  # it would show what the curtain hides
            relationship = self.shown.view.relationship
            ways = await self.desk.do(lambda journal: _ways(relationship))
            await self.app.push_screen(Reach(relationship.name, ways))

    def action_show_help(self) -> None:
        """Show the keys as they are set now."""
        self.app.push_screen(Help(self.desk.settings.keys))

    async def action_quit_convo(self) -> None:
        """Leave Convo; encounters in progress are kept."""
        await self.catch_up()
        self._leave_receipt()
        await self.leave_versions()
        self.app.exit()


def _ways(relationship: Relationship) -> list[Way]:
    from convo_tui.core.reaching import ways

    return ways(relationship)


def _saved(journal: Journal, talk: Talk, decision: Decision | None) -> Ended:
    from convo_tui.core.receipt import done
    from convo_tui.tui.beginning import save

    before = journal.last_change
    plan = save(journal, talk, decision)
    change, today = journal.last_change, journal.clock.today()
    left_open = len(journal.view(talk.key).standings(today))
    others = {each: journal.directory.name(each) for each in plan.relationships if each != plan.home}
    return Ended(talk, plan, tuple(done(plan, today, others)), plan.encounter, left_open, change, change != before)


def _reopened(journal: Journal, talk: Talk, lines: Sequence[str]) -> Talk:
    draft = replace(talk.draft, text="\n".join(filter(None, (talk.text, *lines))))
    return replace(talk, draft=draft, log=journal.drafts.open(draft))

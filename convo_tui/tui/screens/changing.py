"""Working on issues, on what was heard, on encounters and relationships: every key that changes the journal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.app import SuspendNotSupported

from convo_tui.core.contradiction import Contradiction, Decision
from convo_tui.core.dates import due
from convo_tui.core.errors import ConvoError
from convo_tui.editor import edit as run_editor
from convo_tui.sanitize import single
from convo_tui.tui import verbs
from convo_tui.tui.place import Place
from convo_tui.tui.screens.conflict import Conflict
from convo_tui.tui.screens.jumping import Jumping
from convo_tui.tui.screens.problems import Problems
from convo_tui.tui.screens.prompts import DUE_HINT, ISSUE_HINT, PARK_HINT, Ask, WhichIssue
from convo_tui.tui.screens.shown import Target, target_of
from convo_tui.tui.verbs import do
from convo_tui.tui.widgets.line_list import LineList

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter, Issue, Relationship
    from convo_tui.core.summary import Summary
    from convo_tui.store.journal import Change, Problem
    from convo_tui.tui.verbs import Verb

T = TypeVar("T")


class Changing(Jumping):
    """The verbs. Nothing asks before it acts: `u` takes it back."""

    async def open(self, key: str) -> None:
        """Show the relationship of `key`; marks on entries of another are gone."""
        if self.shown is not None and self.shown.view.summary.key != key:
            self.marked = frozenset()
        await super().open(key)

    # ── what a verb acts on ──────────────────────────────────────────────────────────────────────────────

    async def _which(self, verb: str) -> list[Place]:
        """Return what is marked, else what is selected, else the open issue whose number is typed next."""
        if self.marked:
            return [self._place(target) for each in self.marked if (target := target_of(each)) is not None]
        target = self.target()
        if target is not None and target.kind in ("issue", "heard"):
            return [self._place(target)]
        issues = self.shown.brief.issues if self.shown else ()
        if not issues:
            self.say("Nothing is open here; i opens an issue.")
            return []
        number = await self.app.push_screen_wait(WhichIssue(verb, len(issues)))
        return [self._place(Target("issue", issues[number - 1].issue.id))] if number else []

    def _place(self, target: Target) -> Place:
        return Place(self.home_of(target.id), target.kind, target.id)

    async def _do(self, what: str, places: Sequence[Place], verb: Verb) -> None:
        """Do it to all of these, as one change, and show what came of it."""
        if not places:
            return
        done = await self.attempt(lambda journal: do(journal, what, places, verb))
        if done is not None:
            several = f" {len(places)}" if len(places) > 1 else ""
            self.say(f"{what}{several} · u takes it back" if done else "There is nothing to change.")
            self.marked = frozenset()
            await self.reload()

    def home_of(self, entry: str) -> str:
        """Return the key of the relationship in whose file an issue is; of the one shown for anything else."""
        return self.shown.view.summary.key if self.shown else ""

    def add_to_note(self, issue: str, verb: str) -> bool:
        """Put a verb on an issue into the note being typed with the relationship shown; False when there is none."""
        return False

    def _issue(self, identity: str) -> Issue | None:
        issues = self.shown.view.relationship.issues if self.shown else ()
        return next((each for each in issues if each.id == identity), None)

    def _newest(self) -> Encounter | None:
        timeline = self.shown.view.timeline if self.shown else ()
        return timeline[-1] if timeline else None

    # ── issues and what was heard ────────────────────────────────────────────────────────────────────────

    @work
    async def action_carry_issue(self) -> None:
        """Carry the issue into the encounter in progress, else into the newest saved."""
        places = [each for each in await self._which("Carry") if each.kind == "issue"]
        await self._do("Carried", [each for each in places if not self.add_to_note(each.id, "~")], verbs.carry)

    @work
    async def action_carry_all(self) -> None:
        """Carry all open issues into the encounter in progress, else into the newest saved."""
        if self.shown is None or self.add_to_note("*", "~"):
            return
        newest = self._newest()
        if newest is None:
            self.say("There is no encounter yet to carry them into; n starts one.")
            return
        from convo_tui.core.carry import refusal

        places = [
            self._place(Target("issue", each.issue.id))
            for each in self.shown.brief.issues
            if refusal(each.issue, newest, self.today) is None
        ]
        if places:
            await self._do("Carried", places, verbs.carry)
        else:
            self.say("There is nothing to change.")

    @work
    async def action_settle_issue(self) -> None:
        """Settle the issue, or mark the need as met."""
        places = [each for each in await self._which("Settle") if not self.add_to_note(each.id, "=")]
        is_met = all(each.kind == "heard" for each in places)
        await self._do("Met" if is_met else "Settled", places, verbs.settle)

    @work
    async def action_park_issue(self) -> None:
        """Put the issue out of sight, until a day or until it is reopened."""
        places = [each for each in await self._which("Park") if each.kind == "issue"]
        day = await self._asked_day(places, "Park until", PARK_HINT)
        if day is not None:
            await self._do("Parked", places, verbs.park(self._day(day)))

    @work
    async def action_drop_issue(self) -> None:
        """Drop the issue, or what was heard: it no longer matters."""
        await self._do("Dropped", await self._which("Drop"), verbs.drop)

    @work
    async def action_reopen_issue(self) -> None:
        """Open a parked, settled or dropped issue again."""
        target = self.target()
        if self.marked or (target is not None and target.kind in ("issue", "heard")):
            await self._do("Reopened", await self._which("Reopen"), verbs.reopen)

    @work
    async def action_change_owner(self) -> None:
        """Hand the issue on, between me, them and us."""
        places = [each for each in await self._which("Hand on") if each.kind == "issue"]
        issue = self._issue(places[0].id) if len(places) == 1 else None
        what = f"Now {verbs.next_owner(issue.owner)}" if issue is not None else "Handed on"
        await self._do(what, places, verbs.hand_on)

    @work
    async def action_set_due(self) -> None:
        """Set the day by which the issue is due."""
        places = [each for each in await self._which("Due date for") if each.kind == "issue"]
        day = await self._asked_day(places, "Due", DUE_HINT)
        if day is not None:
            await self._do("Due date set", places, verbs.set_due(self._day(day)))

    async def _asked_day(self, places: Sequence[Place], question: str, hint: str) -> str | None:
        """Return the day that the person types, for there is something to do; None when they think better of it."""
        return await self.app.push_screen_wait(Ask(question, hint, self._day)) if places else None

    def action_mark_entry(self) -> None:
        """Mark what is selected, for the next key to act on all that is marked; once more takes the mark away."""
        target = self.target()
        if target is not None and target.kind in ("issue", "heard"):
            self.marked ^= {f"{target.kind}:{target.id}"}
            self.show_conversation()
            focused = self.focused
            if isinstance(focused, LineList):
                focused.action_list_down()

    @work
    async def action_new_issue(self) -> None:
        """Open an issue with the relationship that is shown."""
        if self.shown is None:
            return
        name = single(self.shown.view.relationship.name)
        said = await self.app.push_screen_wait(Ask(f"Issue with {name}", ISSUE_HINT))
        if said and said.strip():
            await self.open_issue(said.strip())

    async def open_issue(self, said: str) -> None:
        """Open the issue that a line of the grammar says, `! ` or not."""
        shown = self.shown
        if shown is None:
            return
        key = shown.view.summary.key
        await self.attempt(lambda journal: verbs.open_issue(journal, key, said))
        await self.reload()

    def _day(self, said: str) -> Any:
        return due(said, self.today, self.desk.settings.date_order) if said.strip() else None

    # ── encounters ───────────────────────────────────────────────────────────────────────────────────────

    @work
    async def action_set_spark(self, spark: int) -> None:
        """Give the encounter a spark; the same again takes it away."""
        await self._change_encounter(lambda old: {"spark": None if old.spark == spark else spark}, f"Spark {spark}")

    @work
    async def action_change_nature(self) -> None:
        """Say whether it was a conversation or a transaction."""
        other = {"conversation": "transaction", "transaction": "conversation"}
        await self._change_encounter(lambda old: {"nature": other[old.nature]}, "Nature changed")

    def encounter_target(self) -> str | None:
        """The id of the encounter that a key acts on."""
        target = self.target()
        return target.id if target is not None and target.kind == "encounter" else None

    async def _change_encounter(self, fields: Callable[[Encounter], dict[str, Any]], what: str) -> None:
        identity = self.encounter_target()
        if identity is None or self.shown is None:
            return
        home = self.shown.view.homes.get(identity, self.shown.id)

        def edit(now: Relationship) -> Relationship:
            old = _edits().encounter(now, identity)
            return _edits().replaced(now, "encounters", _edits().changed(old, **fields(old)))

        if await self.attempt(lambda journal: journal.change(home, what, edit)) is not None:
            await self.reload()

    # ── relationships, files, undo ───────────────────────────────────────────────────────────────────────

    @work
    async def action_new_relationship(self) -> None:
        """Add a relationship."""
        from convo_tui.tui.screens.editing import new_relationship
        from convo_tui.tui.screens.form import fill_in

        key = await fill_in(self.app, new_relationship(self))
        if key is not None:
            await self.reload(key)
            self.go("relationships")

    @work
    async def action_delete_entry(self) -> None:
        """Move what is selected to the trash."""
        target, shown = self.target(), self.shown
        if target is None or shown is None:
            return
        entry = None if target.kind == "relationship" else target.id
        key = shown.view.homes.get(target.id, shown.view.summary.key) if entry else shown.view.summary.key
        done = await self.attempt(lambda journal: journal.delete(key, entry) or True)
        if done:
            self.say("Moved to the trash · u brings it back")
            await self.reload()

    @work
    async def action_undo_change(self) -> None:
        """Take the last change back."""
        await self.undo()

    async def undo(self) -> None:
        """Take the last change back, and say what it was."""
        change = await self.attempt(lambda journal: journal.undo())
        if change is not None:
            await self.taken_back(change)
            await self.reload()

    async def taken_back(self, change: Change) -> None:
        """Say what was taken back."""
        self.say(f"Taken back: {change.what} · U does it again")

    @work
    async def action_redo_change(self) -> None:
        """Do again what was taken back."""
        await self.redo()

    async def redo(self) -> None:
        """Do again what was taken back last, and say what it was."""
        change = await self.attempt(lambda journal: journal.redo())
        if change is not None:
            self.say(f"Done again: {change.what}")
            await self.reload()

    @work
    async def action_edit_file(self) -> None:
        """Open the file of the relationship in $EDITOR, as `convo edit` does: validated on return."""
        summary = self.summary(self.listing.selected)
        if summary is not None:
            await self.edit_file(summary, summary.line)

    @work
    async def action_show_problems(self) -> None:
        """List what is wrong in the folder, and open the file of whatever is chosen, until nothing is."""
        at: Problem | None = None
        while at := await self.app.push_screen_wait(self.problems(at)):
            summary = await self._in_file(at.file)
            if summary is not None:
                await self.edit_file(summary, at.line)

    def problems(self, at: Problem | None) -> Problems:
        """Return the list of problems, to begin at one of them."""
        return Problems(self._check, at)

    async def _in_file(self, file: str) -> Summary | None:
        return await self.attempt(lambda journal: journal.in_file(file))

    async def _check(self) -> list[Problem] | None:
        return await self.attempt(lambda journal: journal.check())

    async def edit_file(self, summary: Summary, line: int | None) -> None:
        """Open a file in $EDITOR, at that line, and take what was done to it."""
        copy = await self.attempt(lambda journal: journal.copy_of(summary))
        if copy is None:
            return
        try:
            with self.app.suspend():
                run_editor(copy.path, self.desk.settings.editor, line)
        except (ConvoError, SuspendNotSupported) as error:
            self.say(str(error) or "This terminal cannot be left for an editor.", "error")
            return
        await self.decided(lambda journal, decision: journal.take(copy, decision))
        await self.reload()

    async def decided(self, task: Callable[..., T]) -> T | None:
        """Return what `task` returns; where another program has changed the same, the person decides what stands.

        What goes wrong is said in one line, and None returned; so it is when nothing was decided.
        """
        decision: Decision | None = None
        while True:
            try:
                return await self.desk.do(partial(task, decision=decision))
            except Contradiction as contradiction:
                decision = await self.app.push_screen_wait(Conflict(contradiction))
                if decision is None:
                    self.say(str(contradiction), "warning")
                    return None
            except ConvoError as error:
                self.say(str(error), "error")
                return None


def _edits() -> Any:
    """The edits of core; imported after the first paint, because Pydantic comes with them."""
    from convo_tui.core import edits

    return edits

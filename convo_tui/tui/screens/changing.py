"""Working on issues, on what was heard, on encounters and relationships: every key that changes the journal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual import work
from textual.app import SuspendNotSupported

from convo_tui.core.contradiction import Contradiction, Decision
from convo_tui.core.dates import due
from convo_tui.core.errors import ConvoError
from convo_tui.editor import edit as run_editor
from convo_tui.sanitize import single
from convo_tui.tui.screens.conflict import Conflict
from convo_tui.tui.screens.jumping import Jumping
from convo_tui.tui.screens.new_relationship import NewRelationship
from convo_tui.tui.screens.problems import Problems
from convo_tui.tui.screens.prompts import Ask, WhichIssue
from convo_tui.tui.screens.shown import Target

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter, Issue, Owner, Relationship
    from convo_tui.core.summary import Summary
    from convo_tui.store.journal import Change, Journal, Problem

T = TypeVar("T")

_OWNERS = ("me", "them", "us")
_ISSUE_HINT = "send the offer @me due:fri #pricing; or next: in 2 weeks the offer"


class Changing(Jumping):
    """The verbs. Nothing asks before it acts: `u` takes it back."""

    # ── what a verb acts on ──────────────────────────────────────────────────────────────────────────────

    async def _which(self, verb: str) -> Target | None:
        """Return the issue or need that is selected, or the open issue whose number is typed next."""
        target = self.target()
        if target is not None and target.kind in ("issue", "heard"):
            return target
        issues = self.shown.brief.issues if self.shown else ()
        if not issues:
            self.say("Nothing is open here; i opens an issue.")
            return None
        number = await self.app.push_screen_wait(WhichIssue(verb, len(issues)))
        return Target("issue", issues[number - 1].issue.id) if number else None

    async def change(self, what: str, edit: Callable[[Relationship], Relationship], entry: str = "") -> bool:
        """Do an edit where `entry` lives, and show what came of it; False when it was refused."""
        key = self.home_of(entry)
        done = await self.attempt(lambda journal: _changed(journal, key, what, edit))
        if done is not None:
            self.say(f"{what} · u takes it back" if done else "There is nothing to change.")
            await self.reload()
        return done is not None

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
        target = await self._which("Carry")
        if target is None or target.kind != "issue" or self.add_to_note(target.id, "~"):
            return
        newest = self._newest()
        if newest is None:
            self.say("There is no encounter yet to carry it into; n starts one.")
            return
        today = self.today
        await self.change("Carried", lambda now: _edits().carry(now, target.id, newest, today))

    @work
    async def action_carry_all(self) -> None:
        """Carry all open issues into the encounter in progress, else into the newest saved."""
        if self.shown is None or self.add_to_note("*", "~"):
            return
        newest, today = self._newest(), self.today
        from convo_tui.core.carry import refusal

        def edit(now: Relationship) -> Relationship:
            for issue in now.issues:
                if newest is not None and refusal(issue, newest, today) is None:
                    now = _edits().carry(now, issue.id, newest, today)
            return now

        if newest is None:
            self.say("There is no encounter yet to carry them into; n starts one.")
        else:
            await self.change("Carried all", edit)

    @work
    async def action_settle_issue(self) -> None:
        """Settle the issue, or mark the need as met."""
        target = await self._which("Settle")
        if target is None or self.add_to_note(target.id, "="):
            return
        now, newest = self.desk.clock.now(), self._newest()
        if target.kind == "heard":
            await self.change("Met", lambda old: _edits().meet(old, target.id, now.date()))
            return
        where = newest.id if newest else ""
        at = now.replace(second=0)
        await self.change("Settled", lambda old: _edits().settle(old, target.id, at, encounter_id=where))

    @work
    async def action_park_issue(self) -> None:
        """Put the issue out of sight, until a day or until it is reopened."""
        target = await self._which("Park")
        if target is None or target.kind != "issue":
            return
        day = await self.app.push_screen_wait(
            Ask("Park until", "fri, 2w, 10 dec; empty: until you reopen it", self._day)
        )
        if day is not None:
            until = self._day(day)
            await self.change("Parked", lambda now: _edits().park(now, target.id, until), target.id)

    @work
    async def action_drop_issue(self) -> None:
        """Drop the issue, or what was heard: it no longer matters."""
        target = await self._which("Drop")
        if target is None:
            return
        now, home = self.desk.clock.now(), self.home_of(target.id)
        if target.kind == "heard":
            await self.change("Dropped", lambda old: _edits().drop_heard(old, target.id, now.date()))
            return
        newest = await self.attempt(lambda journal: journal.newest_encounter(journal.view(home)))
        at, where = now.replace(second=0), newest.id if newest else ""
        await self.change("Dropped", lambda old: _edits().drop(old, target.id, at, encounter_id=where), target.id)

    @work
    async def action_reopen_issue(self) -> None:
        """Open a parked, settled or dropped issue again."""
        target = self.target()
        if target is not None and target.kind == "issue":
            await self.change("Reopened", lambda now: _edits().reopen(now, target.id), target.id)
        elif target is not None and target.kind == "heard":
            await self.change("Reopened", lambda now: _edits().reopen_heard(now, target.id))

    @work
    async def action_change_owner(self) -> None:
        """Hand the issue on, between me, them and us."""
        target = await self._which("Hand on")
        issue = self._issue(target.id) if target else None
        if issue is not None:
            owner = _OWNERS[(_OWNERS.index(issue.owner) + 1) % len(_OWNERS)]
            await self.change(f"Now {owner}", lambda now: _edits().change_issue(now, issue.id, owner=owner), issue.id)

    @work
    async def action_set_due(self) -> None:
        """Set the day by which the issue is due."""
        target = await self._which("Due date for")
        if target is None or target.kind != "issue":
            return
        day = await self.app.push_screen_wait(Ask("Due", "fri, 2w, 27 nov, eom; empty: no day", self._day))
        if day is not None:
            on = self._day(day)
            await self.change("Due date set", lambda now: _edits().change_issue(now, target.id, due=on), target.id)

    @work
    async def action_new_issue(self) -> None:
        """Open an issue with the relationship that is shown."""
        if self.shown is None:
            return
        name = single(self.shown.view.relationship.name)
        said = await self.app.push_screen_wait(Ask(f"Issue with {name}", _ISSUE_HINT))
        if said and said.strip():
            await self.open_issue(said.strip())

    async def open_issue(self, said: str) -> None:
        """Open the issue that a line of the grammar says, `! ` or not."""
        shown = self.shown
        if shown is None:
            return
        key, now = shown.view.summary.key, self.desk.clock.now().replace(second=0)
        await self.attempt(lambda journal: _open_issue(journal, key, said, now))
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
        filled = await self.app.push_screen_wait(NewRelationship())
        if filled is None:
            return
        reach = [{"kind": kind, "value": getattr(filled, kind)} for kind in ("email", "phone") if getattr(filled, kind)]
        summary = await self.attempt(
            lambda journal: journal.create(
                filled.name, filled.kind, organisation=filled.organisation, role=filled.role, reach=reach
            )
        )
        if summary is not None:
            await self.reload(summary.key)
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


def _changed(journal: Journal, key: str, what: str, edit: Callable[[Relationship], Relationship]) -> bool:
    before = journal.view(key).relationship
    after = edit(before)
    texts = [each.text for each in after.issues if each not in before.issues]
    texts += [each.text for each in after.heard if each not in before.heard]
    return journal.change(key, f"{what.lower()}: {', '.join(texts)}", edit) != before


def _open_issue(journal: Journal, key: str, said: str, at: Any) -> None:
    """Open the issue that a line says; `next: in 2 weeks the offer` says when to talk again instead."""
    from convo_tui.core.errors import Refused
    from convo_tui.core.grammar import parse_issue, read
    from convo_tui.core.meaning import TalksNext
    from convo_tui.core.models import Issue

    context = journal.context(key, at)
    if meant := read(said, context).of(TalksNext):
        fields = {"next_about": meant[-1].about} | ({"next_on": meant[-1].on} if meant[-1].on else {})
        journal.change(key, f"next: {meant[-1].about}", lambda now: _edits().changed(now, **fields))
        return
    owner: Owner = "them" if said.startswith("? ") else "me"
    found = parse_issue(said.removeprefix("! ").removeprefix("? "), owner, context)
    if not found.text:
        raise Refused("an issue needs words")
    issue = Issue(id=journal.new_id(), text=found.text, owner=found.owner, opened=at, due=found.due, every=found.every)
    journal.change(key, f"opened: {issue.text}", lambda now: _edits().added(now, "issues", issue))


def _edits() -> Any:
    """The edits of core; imported after the first paint, because Pydantic comes with them."""
    from convo_tui.core import edits

    return edits

"""Encounters, from the agenda that one begins with to the files that its end changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from convo_tui.core import edits, grammar, moving
from convo_tui.core.carry import Standing, rank
from convo_tui.core.ending import Plan, applied, continued, entry_of_day, joining, plan, talked_again
from convo_tui.core.errors import Refused
from convo_tui.core.markers import escaped
from convo_tui.core.meaning import Context, Reading
from convo_tui.core.models import ISSUE_STATES, Encounter
from convo_tui.core.participation import newest
from convo_tui.core.rewriting import Rewrite, mentions_left, rewritten
from convo_tui.core.summary import Summary
from convo_tui.store.changes import Edit
from convo_tui.store.ledger import Ledger


class Encounters(Ledger):
    """The relationships of a folder, and what is talked about with them."""

    # ── before it is saved ───────────────────────────────────────────────────────────────────────────────

    def parties(self, key: str, with_: Iterable[str]) -> list[Summary]:
        """Return the relationships that take part in an encounter of `key` with these, home first."""
        home = self.summary(key)
        named = [self.directory.everyone.get(self.directory.resolved(each)) for each in with_]
        ids = [each.relationship if each.home else each.id for each in named if each is not None]
        others = [found for identity in ids if identity and (found := self.index.summary(identity)) is not None]
        return list({each.key: each for each in (home, *others)}.values())

    def agenda(self, key: str, with_: Iterable[str] = (), fixed: Sequence[str] = ()) -> list[Standing]:
        """Return the open issues of everyone who takes part, home first, each ranked: their order numbers them.

        The issues with the ids in `fixed` keep the numbers they have, whatever became of them meanwhile.
        """
        today = self.clock.today()
        views = [self.view(party.key) for party in self.parties(key, with_) if party.readable]
        standings = {each.issue.id: each for view in views for each in view.standings(today, ISSUE_STATES)}
        current = [each.issue.id for view in views for each in rank(view.standings(today))]
        return [standings[each] for each in dict.fromkeys((*fixed, *current)) if each in standings]

    def context(self, key: str, at: datetime, with_: Sequence[str] = (), fixed: Sequence[str] = ()) -> Context:
        """Return what a note of an encounter of `key` is read against; `fixed` are the ids already numbered."""
        parties = [self.view(party.key).relationship for party in self.parties(key, with_) if party.readable]
        issues = [each.issue for each in self.agenda(key, with_, fixed)]
        return Context.between(parties, issues, self.directory.everyone, at, self.clock.today(), self.date_order)

    def read_note(self, key: str, encounter: Encounter, note: str, fixed: Sequence[str] = ()) -> Reading:
        """Return what a note means, whom its `with:` lines name included; `fixed` are the ids already numbered."""
        reading = grammar.read(note, self.context(key, encounter.at, encounter.with_, fixed))
        if reading.took_part:
            everyone = (*encounter.with_, *(who.id for who in reading.took_part))
            reading = grammar.read(note, self.context(key, encounter.at, everyone, fixed))
        return reading

    def last_own(self, key: str) -> Encounter | None:
        """Return the newest encounter in the relationship's own file, the one that can be added to; None without any.

        Raises:
            NotFound, Damage: when the relationship cannot be read.
        """
        return newest(self.view(key).relationship.encounters)

    # ── saving ───────────────────────────────────────────────────────────────────────────────────────────

    def log(self, key: str, encounter: Encounter, reading: Reading, more_of: Encounter | None = None) -> Plan:
        """Save an encounter and all that its note means, into the file of everyone whom it concerns.

        `more_of` is the encounter as it was read, when it is saved already and `reading` is to be added to it. A mail
        or chat joins the entry of its day by itself (`ending.entry_of_day`): then the encounter of the plan that is
        returned has the id of that entry, and only the new words as its note.

        Raises:
            Refused, NotFound, Damage, Conflict, Unwritable: with nothing saved.
        """
        today, home, at = self.clock.today(), self.writable(key), None
        if more_of is None:
            more_of = entry_of_day(self.view(key).relationship, encounter, reading)
            if more_of is not None:
                encounter, at = joining(more_of, encounter), encounter.at
        if more_of is None:
            done = self._with_those_reached(plan(home.id, encounter, reading))
            edit: Edit = partial(applied, done, today=today)
        else:
            done = plan(home.id, encounter, reading, self.new_id, at)
            edit = partial(continued, done, more_of, today=today)
        self.change_all(f"{encounter.channel} with {home.name}", dict.fromkeys(done.relationships, edit))
        return done

    def _with_those_reached(self, done: Plan) -> Plan:
        """The plan of a new encounter with the others for whom it was the next time that was meant.

        Those whose file cannot be written are no reason not to save.
        """
        others = self.directory.took_part(done.home, done.encounter.with_) - {done.home}
        able = [found for each in sorted(others) if (found := self.index.summary(each)) and not found.problem]
        reached = [
            each.key
            for each in able
            if (each.last_contact is None or each.last_contact <= done.encounter.at)
            and talked_again(now := self.view(each.key).relationship, done.encounter) is not now
        ]
        return replace(done, talked=tuple(reached))

    def rewrite(
        self,
        key: str,
        encounter_id: str,
        *,
        note: str | None = None,
        base: str | None = None,
        fixed: Sequence[str] = (),
        **fields: Any,
    ) -> Plan:
        """Change an encounter that is saved, wherever its file is, and return what that did; one undo takes it back.

        `note` is as typed into the saved one, which was shown escaped (`markers.escaped`): only marker lines that are
        not escaped make records. `base` is the saved note as it was then, so that what others added meanwhile stays;
        `fixed` are the ids that the agenda numbers. `fields` are those of `Encounter` that change: `at` (what was
        opened, closed and heard in it goes along), `channel`, `with_`, `nature`, `spark`, `minutes`.

        Raises:
            Refused: when a field does not validate, or the new time goes against a rule of carrying.
            Contradiction: when the same lines of the note have changed since `base`; nothing is saved.
            NotFound, Damage, Conflict, Unwritable: with nothing saved.
        """
        home, before = self._lives_in(key, encounter_id)
        if base is not None:
            before = before.model_copy(update={"note": base})
        wanted = edits.changed(before, **fields)
        reading = Reading(note=before.note)
        if note is not None:
            reading = self.read_note(home, wanted, note, fixed)
            was = self.read_note(home, before, escaped(before.note))
            wanted = edits.changed(wanted, mentions=mentions_left(before, was, reading))
        rewrite = Rewrite(before, plan(home, wanted, reading, self.new_id))
        concerned = dict.fromkeys(rewrite.plan.relationships)
        if rewrite.is_moved:
            concerned |= dict.fromkeys(each.key for each in self.index.naming({encounter_id}))
        self.change_all(
            f"rewrite the {before.channel} of {before.at:%Y-%m-%d %H:%M}",
            {each: self._rewriting(each, rewrite) for each in concerned},
        )
        return rewrite.plan

    def move(self, key: str, encounter_id: str, to_key: str) -> Encounter:
        """Move an encounter to another relationship, with the issues opened and what was heard in it; return it.

        Issues that stay keep naming it, so that it counts as a talk about them. One undo brings all back.

        Raises:
            Refused: when it is there already, or either relationship is read-only.
            NotFound, Damage, Conflict, Unwritable: with nothing moved.
        """
        home, encounter = self._lives_in(key, encounter_id)
        old, new = self.writable(home), self.writable(to_key)
        if old.key == new.key:
            raise Refused(f"the {encounter.channel} of {encounter.at:%Y-%m-%d %H:%M} is with {new.name} already")
        moved = moving.belongings(self.view(home).relationship, encounter_id)
        # The new home first: a power cut in between leaves it in both, not in none.
        result = self.change_all(
            f"move the {encounter.channel} of {encounter.at:%Y-%m-%d %H:%M} to {new.name}",
            {new.key: partial(moving.moved_in, moved), old.key: partial(moving.moved_out, moved)},
        )
        return edits.encounter(result[0], encounter_id)

    def _lives_in(self, key: str, encounter_id: str) -> tuple[str, Encounter]:
        """Return the relationship in whose file an encounter of this timeline lives, and the encounter."""
        view = self.view(key)
        home = view.homes.get(encounter_id, view.summary.key)
        return home, edits.encounter(self.view(home).relationship, encounter_id)

    def _rewriting(self, key: str, rewrite: Rewrite) -> Edit:
        times = {each.id: each.at for each in self.view(key).timeline}
        return partial(rewritten, rewrite, times=times, today=self.clock.today())

"""How an encounter in progress begins and is saved: what the screen asks of the journal, on the journal's thread.

Not imported before the first paint: Pydantic comes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from convo_tui.clock import Clock
from convo_tui.core import edits
from convo_tui.core.carry import Standing
from convo_tui.core.contradiction import Decision
from convo_tui.core.ending import Plan
from convo_tui.core.errors import ConvoError, NotFound, Refused
from convo_tui.core.markers import escaped
from convo_tui.core.meaning import Context
from convo_tui.core.models import Encounter
from convo_tui.store.journal import Draft, DraftInUse, Journal
from convo_tui.tui.talk import ADDS_TO, NOTE, REWRITES, Talk


def begin(journal: Journal, key: str, clock: Clock, with_: Sequence[str] = ()) -> Talk:
    """Start an encounter with a relationship and others, or go on with the draft there is.

    Raises:
        ConvoError: when the relationship is damaged or read-only, or the draft cannot be kept.
    """
    return _opened(journal, key, clock, lambda home, now: _draft(journal, home, now, at=now, with_=tuple(with_)))


def add_to_last(journal: Journal, key: str, clock: Clock) -> Talk:
    """Begin to add to the newest encounter in the relationship's own file. Raises ConvoError, as `begin` does."""
    last = journal.last_own(key)
    if last is None:
        raise Refused("there is no encounter to add to yet; n starts one")
    return _opened(journal, key, clock, lambda home, now: _draft(journal, home, now, last, {ADDS_TO: last.id}))


def rewrite(journal: Journal, key: str, encounter_id: str, clock: Clock) -> Talk:
    """Open the note of a saved encounter again: escaped, so that nothing fires twice. Raises ConvoError."""
    base = edits.encounter(journal.view(key).relationship, encounter_id)
    extra: dict[str, Any] = {REWRITES: base.id, NOTE: base.note}

    def draft(home: str, now: datetime) -> Draft:
        return _draft(journal, home, now, base, extra, text=escaped(base.note))

    return _opened(journal, key, clock, draft)


def _opened(journal: Journal, key: str, clock: Clock, draft: Callable[[str, datetime], Draft]) -> Talk:
    home = journal.writable(key)
    return resume(journal, journal.drafts.find(home.id) or draft(home.id, clock.now()), clock)


def _draft(
    journal: Journal,
    home: str,
    now: datetime,
    base: Encounter | None = None,
    extra: Mapping[str, Any] = MappingProxyType({}),
    **fields: Any,
) -> Draft:
    if base is not None:
        fields |= {"at": base.at, "channel": base.channel, "with_": base.with_}
    fields["at"] = fields["at"].replace(second=0, microsecond=0)
    agenda = tuple(each.issue.id for each in journal.agenda(home, fields.get("with_", ())))
    return Draft(journal.new_id(), home, started=now, agenda=agenda, extra=dict(extra), **fields)


def resume(journal: Journal, draft: Draft, clock: Clock) -> Talk:
    """Go on with a draft: its agenda keeps its numbers. Raises ConvoError when it cannot be kept."""
    summary = journal.summary(draft.relationship)
    draft = replace(draft, relationship=summary.id)  # it may have been joined into another meanwhile
    saved = draft.extra.get(ADDS_TO) or draft.extra.get(REWRITES)
    base = edits.encounter(journal.view(summary.key).relationship, str(saved)) if saved else None
    if base is not None and NOTE in draft.extra:
        base = base.model_copy(update={"note": draft.extra[NOTE]})
    agenda, context = agenda_of(journal, summary.key, draft)
    topics = tuple(each.value for each in journal.completions("topics", ""))
    return Talk(draft, journal.drafts.open(draft), summary.key, summary.name, agenda, context, clock, base, topics)


def agenda_of(journal: Journal, key: str, draft: Draft) -> tuple[list[Standing], Context]:
    """Return the agenda of everyone who takes part, the numbers there were kept, and what the note is read against."""
    agenda = journal.agenda(key, draft.with_, draft.agenda)
    fixed = [each.issue.id for each in agenda]
    context = journal.context(key, draft.at, draft.with_, fixed)
    _ = context.people  # read here, not on the thread of the screen when someone is named
    return agenda, context


def save(journal: Journal, talk: Talk, decision: Decision | None = None) -> Plan:
    """Save an encounter with all that its note means, and forget its draft.

    `decision` says which note stands where another program has changed the one that is rewritten.

    Raises:
        Contradiction: when that has happened, and nobody has decided yet about just that.
        ConvoError: with nothing saved. Whatever is raised: the draft stays.
    """
    draft, base = talk.draft, talk.base
    fields = {"at": draft.at, "channel": draft.channel, "with_": draft.with_, "minutes": talk.minutes}
    if talk.rewrites and base is not None:
        note, was = _deciding(talk.text, base.note, decision)
        done = journal.rewrite(talk.key, base.id, note=note, base=was, fixed=draft.agenda, **fields)
        if decision is not None:
            journal.keep_aside(f"{base.id}.md", decision.lost if note is not None else talk.text)
    else:
        encounter = Encounter(id=draft.id, **fields) if base is None else edits.changed(base, **fields, note="")
        reading = journal.read_note(talk.key, encounter, talk.text, draft.agenda)
        done = journal.log(talk.key, encounter, reading, more_of=base)
    journal.drafts.discard(talk.id)
    return done


def _deciding(typed: str, base: str, decision: Decision | None) -> tuple[str | None, str]:
    """Return the note to save, None for the one that stands, and the note that it takes the place of."""
    if decision is None:
        return typed, base
    return (typed, decision.places[0].theirs) if decision.for_ours else (None, base)


def restored(journal: Journal, clock: Clock) -> tuple[list[Talk], list[str]]:
    """Return the drafts that can go on, and why the others cannot: they stay where they are."""
    found, problems = [], []
    for draft in journal.drafts.all():
        try:
            found.append(resume(journal, draft, clock))
        except DraftInUse:
            continue  # it is being typed in another window
        except ConvoError as error:
            if isinstance(error, NotFound) and not journal.damages():  # nor in a file that can be mended
                problems.append(f"{error}; the note that was in progress is kept in {journal.keep_note(draft)}")
            else:
                problems.append(f"a note in progress waits in {journal.places.drafts / draft.id}.jsonl: {error}")
    return found, problems

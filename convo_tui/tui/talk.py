"""An encounter in progress: its draft, its clock, and what its note is read against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from convo_tui.clock import Clock

if TYPE_CHECKING:
    from convo_tui.core.carry import Standing
    from convo_tui.core.meaning import Context
    from convo_tui.core.models import Encounter
    from convo_tui.store.journal import Draft, DraftLog, Journal


@dataclass
class Talk:
    """An encounter in progress.

    `key` and `name` are the relationship's at home; `agenda` is in the order of its numbers.
    """

    draft: Draft
    log: DraftLog
    key: str
    name: str
    agenda: Sequence[Standing]
    context: Context
    clock: Clock

    def __post_init__(self) -> None:
        """Start the clock, where a draft from before left it."""
        self._began = self.clock.monotonic()
        self._wall = self.clock.now()

    @property
    def id(self) -> str:
        """The id that the encounter will have."""
        return self.draft.id

    @property
    def text(self) -> str:
        """The note as typed so far."""
        return self.draft.text

    def now(self) -> datetime:
        """Return this moment on the encounter's own clock."""
        return self._wall + timedelta(seconds=self.clock.monotonic() - self._began)

    @property
    def elapsed(self) -> timedelta:
        """How long it has been going on."""
        return max(timedelta(), self.now() - self.draft.started)

    @property
    def minutes(self) -> int | None:
        """Minutes from the first to the last keystroke; None for less than one."""
        if self.draft.first_key is None or self.draft.last_key is None:
            return None
        return round((self.draft.last_key - self.draft.first_key).total_seconds() / 60) or None

    def type(self, text: str, cursor: tuple[int, int]) -> None:
        """Take the note as it is after a keystroke; it is safe on disk within a second."""
        self.draft = replace(self.draft, cursor=cursor)
        if text != self.draft.text:
            now = self.now()
            self.draft = replace(self.draft, text=text, first_key=self.draft.first_key or now, last_key=now)
        self.log.record(self.draft)

    def encounter(self) -> Encounter:
        """Return the encounter as it will be saved, its note still as typed."""
        from convo_tui.core.models import Encounter

        draft = self.draft
        return Encounter(id=draft.id, at=draft.at, channel=draft.channel, with_=draft.with_, minutes=self.minutes)


def begin(journal: Journal, key: str, clock: Clock) -> Talk:
    """Start an encounter with a relationship, or go on with the draft there is.

    Raises:
        ConvoError: when the relationship is damaged or read-only, or the draft cannot be kept.
    """
    from convo_tui.store.journal import Draft

    summary = journal.writable(key)
    draft = journal.drafts.find(summary.id)
    if draft is None:
        now = clock.now()
        agenda = tuple(each.issue.id for each in journal.agenda(key))
        at = now.replace(second=0, microsecond=0)
        draft = Draft(journal.new_id(), summary.id, started=now, at=at, agenda=agenda)
    return resume(journal, draft, clock)


def resume(journal: Journal, draft: Draft, clock: Clock) -> Talk:
    """Go on with a draft: its agenda keeps its numbers. Raises ConvoError when it cannot be kept."""
    summary = journal.summary(draft.relationship)
    context = journal.context(summary.key, draft.at, draft.with_, draft.agenda)
    agenda = journal.agenda(summary.key, draft.with_, draft.agenda)
    return Talk(draft, journal.drafts.open(draft), summary.key, summary.name, agenda, context, clock)

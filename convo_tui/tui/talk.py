"""An encounter in progress: its draft, its clock, and what its note is read against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from convo_tui.clock import Clock

if TYPE_CHECKING:
    from convo_tui.core.carry import Standing
    from convo_tui.core.facts import Facts
    from convo_tui.core.meaning import Context
    from convo_tui.core.models import Encounter
    from convo_tui.store.journal import Draft, DraftLog

ADDS_TO, REWRITES, NOTE, MINUTES = "adds_to", "rewrites", "note", "minutes"
"""What a draft may hold besides: the saved encounter that it adds to, or rewrites, and its note then; minutes."""


@dataclass
class Talk:
    """An encounter in progress.

    `key` and `name` are the relationship's at home; `agenda` is in the order of its numbers. `base` is the encounter
    that is added to or rewritten, as it is saved; `topics` are those of the journal, the most frequent first.
    """

    draft: Draft
    log: DraftLog
    key: str
    name: str
    agenda: Sequence[Standing]
    context: Context
    clock: Clock
    base: Encounter | None = None
    topics: Sequence[str] = ()

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
    def adds(self) -> bool:
        """Whether it is added to an encounter that is saved already."""
        return ADDS_TO in self.draft.extra

    @property
    def rewrites(self) -> bool:
        """Whether it is the note of a saved encounter, opened again."""
        return REWRITES in self.draft.extra

    @property
    def counted(self) -> int | None:
        """Minutes from the first to the last keystroke; None for less than one."""
        if self.draft.first_key is None or self.draft.last_key is None:
            return None
        return round((self.draft.last_key - self.draft.first_key).total_seconds() / 60) or None

    @property
    def minutes(self) -> int | None:
        """The minutes that it will have: as said, else as they were, else as counted."""
        said = self.draft.extra.get(MINUTES)
        if isinstance(said, int):
            return said
        if self.base is None:
            return self.counted
        more = 0 if self.rewrites else self.counted or 0
        return (self.base.minutes or 0) + more or None

    @property
    def title(self) -> str:
        """What is being done, but for the name of whom it is with."""
        if self.base is None:
            return f"{self.draft.channel.capitalize()} with "
        return "Rewriting: " if self.rewrites else "Adding to: "

    def type(self, text: str, cursor: tuple[int, int]) -> None:
        """Take the note as it is after a keystroke; it is safe on disk within a second."""
        self.draft = replace(self.draft, cursor=cursor)
        if text != self.draft.text:
            now = self.now()
            self.draft = replace(self.draft, text=text, first_key=self.draft.first_key or now, last_key=now)
        self.log.record(self.draft)

    def tell(self, facts: Facts) -> None:
        """Take other facts of the encounter: its channel, time and minutes, who took part."""
        extra = {key: value for key, value in self.draft.extra.items() if key != MINUTES}
        if facts.minutes is not None:
            extra[MINUTES] = facts.minutes
        self.draft = replace(
            self.draft,
            channel=facts.channel or self.draft.channel,
            with_=tuple(each.id for each in facts.who),
            at=facts.at or self.draft.at,
            extra=extra,
        )
        self.log.record(self.draft)

    def join(self, who: Sequence[str]) -> bool:
        """Take in others, by their ids; False when all of them take part already."""
        with_ = tuple(dict.fromkeys((*self.draft.with_, *who)))
        joined = with_ != self.draft.with_
        if joined:
            self.draft = replace(self.draft, with_=with_)
            self.log.record(self.draft)
        return joined

    def number(self, agenda: Sequence[Standing], context: Context) -> None:
        """Take the agenda of those who take part now; the numbers there were stay."""
        self.agenda, self.context = agenda, context
        self.draft = replace(self.draft, agenda=tuple(each.issue.id for each in agenda))
        self.log.record(self.draft)

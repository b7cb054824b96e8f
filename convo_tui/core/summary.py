"""A relationship as a line of the list: plain values, so that an index can hold them and a screen can start on them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from convo_tui.core.match import words

DAYS_OF_CADENCE = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """What a list needs of an issue: from which day it shows, when it is due, whose move it is."""

    shows_from: date | None
    due: date | None
    owner: str


@dataclass(frozen=True, slots=True)
class Summary:
    """A relationship as a line of the list.

    `key` names it in this journal: its id, or the file name of one that is damaged or shares its id. `problem` says
    in one line why it cannot be written; `readable` is False when it cannot be shown either.
    """

    key: str
    id: str
    name: str
    kind: str
    file: str
    organisation: str = ""
    role: str = ""
    tags: tuple[str, ...] = ()
    archived: bool = False
    last_contact: datetime | None = None
    issues: tuple[OpenIssue, ...] = ()
    sparks: tuple[int, ...] = ()
    cadence: str = ""
    next_on: date | None = None
    snoozed_until: date | None = None
    problem: str = ""
    line: int | None = None
    readable: bool = True

    def open_issues(self, today: date) -> int:
        """How many issues read as open on `today`."""
        return sum(_shows(issue, today) for issue in self.issues)

    def overdue_issues(self, today: date) -> int:
        """How many open issues were due before `today`."""
        return sum(_shows(issue, today) and issue.due is not None and issue.due < today for issue in self.issues)

    def days_since(self, today: date) -> int | None:
        """Local calendar days since the last contact; None when there was none."""
        return (today - self.last_contact.date()).days if self.last_contact else None

    def days_late(self, today: date) -> int:
        """Days by which its cadence is past; 0 when it is not, or rests (`next_on`, `snoozed_until`)."""
        since = self.days_since(today)
        rests = max(filter(None, (self.next_on, self.snoozed_until)), default=None)
        if not self.cadence or since is None or (rests is not None and today < rests):
            return 0
        return max(0, since - int(self.cadence[:-1]) * DAYS_OF_CADENCE[self.cadence[-1]])

    def asks_from(self) -> date | None:
        """The day from which it asks for attention, if nothing happens: something is overdue, its cadence is past, or
        it is when we meant to talk. None when it never will."""
        days = [
            max(issue.due + timedelta(days=1), issue.shows_from or date.min)
            for issue in self.issues
            if issue.due is not None and issue.due < date.max
        ]
        if self.next_on is not None:
            days.append(self.next_on)
        late = self.late_from()
        if late is not None:
            days.append(late)
        return min(days, default=None)

    def late_from(self) -> date | None:
        """The day from which its cadence is past, if nothing happens; None when it never will be."""
        if not self.cadence or self.last_contact is None:
            return None
        count = int(self.cadence[:-1]) * DAYS_OF_CADENCE[self.cadence[-1]]
        late = self.last_contact.date().toordinal() + count + 1
        if late > date.max.toordinal():
            return None
        return max(date.fromordinal(late), self.next_on or date.min, self.snoozed_until or date.min)


def _shows(issue: OpenIssue, today: date) -> bool:
    return issue.shows_from is None or issue.shows_from <= today


def by_attention(summaries: Iterable[Summary], today: date) -> list[Summary]:
    """Return them as they ask for attention: damage, what is overdue, past its cadence, then the last spoken with.

    Those never spoken with are an address book: listed last (PRODUCT.md, "Patience, no fuss").
    """

    def urgency(each: Summary) -> tuple[bool, bool, bool, bool, float, str]:
        late = each.days_late(today)
        meant = each.next_on is not None and each.next_on <= today
        newest = each.last_contact.timestamp() if each.last_contact else 0.0
        overdue = each.overdue_issues(today) > 0
        return (
            not each.problem,
            each.archived,
            each.last_contact is None,
            not (overdue or late or meant),
            -newest,
            each.name,
        )

    return sorted(summaries, key=urgency)


def by_name(summaries: Iterable[Summary]) -> list[Summary]:
    """Return them by name, case ignored."""
    return sorted(summaries, key=lambda each: (each.name.casefold(), each.key))


def by_last_contact(summaries: Iterable[Summary]) -> list[Summary]:
    """Return the last spoken with first, those never spoken with by name at the end."""
    return sorted(
        summaries,
        key=lambda each: (-(each.last_contact.timestamp() if each.last_contact else 0.0), each.name.casefold()),
    )


def matches(summary: Summary, query: str) -> bool:
    """Whether every word of `query` begins a word of its name, organisation, role, kind, file or tags."""
    asked = words(query)
    if not asked:
        return not query.strip()
    said = words(
        " ".join((summary.name, summary.organisation, summary.role, summary.kind, summary.file, *summary.tags))
    )
    return all(any(word.startswith(each) for word in said) for each in asked)

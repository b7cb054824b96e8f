"""The whole file of CONTRACT.md as frozen models. Unknown keys are kept; what is wrong is refused.

A naive time in a file is local time: validation gives it the zone passed as `context={"zone": tzinfo}`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timezone, tzinfo
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, FailFast, Field, ValidationInfo

FORMAT = 1
"""The newest file format that this program writes; a newer one is read and shown, never written."""

Kind: TypeAlias = Literal["person", "organisation"]
ReachKind: TypeAlias = Literal["email", "phone", "web", "chat", "address", "other"]
Influence: TypeAlias = Literal["decides", "influences", "uses", "partner", "unknown"]
Stance: TypeAlias = Literal["advocate", "neutral", "critic", "unknown"]
Owner: TypeAlias = Literal["me", "them", "us"]
IssueState: TypeAlias = Literal["open", "parked", "settled", "dropped"]
HeardKind: TypeAlias = Literal["need", "want", "expectation", "unsaid", "idea", "rival", "about"]
Channel: TypeAlias = Literal["call", "meeting", "email", "chat", "note"]
Nature: TypeAlias = Literal["conversation", "transaction"]

ISSUE_STATES: tuple[IssueState, ...] = ("open", "parked", "settled", "dropped")

NEEDS: frozenset[str] = frozenset({"need", "want", "expectation", "unsaid"})
"""The kinds of `Heard` that are needs: each is met or unmet (PRODUCT.md, "Listening")."""

_YEARLESS = re.compile(r"--\d{2}-\d{2}", re.ASCII)


_offset = lru_cache(maxsize=1024)(timezone)


def _moment(value: object, info: ValidationInfo) -> object:
    """A TOML date-time, a date (noon: CONTRACT.md, "Dates") or an ISO 8601 text; always with a zone."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value.strip())
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time(12))
    if not isinstance(value, datetime):
        raise ValueError("not a date and time")
    offset = value.utcoffset()
    if offset is None:
        zone: tzinfo = (info.context or {}).get("zone", UTC)
        # A zone with a history of its own resolves to the offset that held then.
        offset = value.replace(tzinfo=zone).utcoffset()
        assert offset is not None
    return value.replace(tzinfo=_offset(offset))


def _day(value: object) -> object:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        return date.fromisoformat(value.strip())
    if not isinstance(value, date):
        raise ValueError("not a date")
    return value


def _yearly(value: object) -> object:
    if isinstance(value, str) and _YEARLESS.fullmatch(value):
        date.fromisoformat(f"2000{value[1:]}")  # a leap year: --02-29 is a day, --02-30 is none
        return value
    return _day(value)


def _text(value: str) -> str:
    return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value


def _filled(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


T = TypeVar("T")

Many: TypeAlias = Annotated[tuple[T, ...], FailFast()]
"""A list in a file; the first wrong element is told, and half a million of them cost no more than one."""

Text: TypeAlias = Annotated[str, AfterValidator(_text)]
Filled: TypeAlias = Annotated[str, AfterValidator(_text), AfterValidator(_filled)]
Identity: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
Moment: TypeAlias = Annotated[datetime, BeforeValidator(_moment)]
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
YearlyDay: TypeAlias = Annotated[date | str, BeforeValidator(_yearly)]
Interval: TypeAlias = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}[dwmy]$")]
"""`10d`, `3w`, `2m` or `1y`."""


def _day_of(identity: str) -> date | None:
    try:
        return date.fromisoformat(identity[:8])
    except ValueError:
        return None


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    always_written: ClassVar[frozenset[str]] = frozenset()
    """Enumerations, which stand in the file also when they have their default."""

    def to_file(self) -> dict[str, Any]:
        """Return the keys that stand in a file, in the order of CONTRACT.md: nothing that is None or empty.

        Unknown keys follow the known ones, as they were read.
        """
        result: dict[str, Any] = {}
        for key in type(self).model_fields:
            value = getattr(self, key)
            if isinstance(value, tuple):
                value = [item.to_file() if isinstance(item, _Model) else item for item in value]
            if key in self.always_written or not (value is None or value is False or value in ("", [])):
                result[key.rstrip("_")] = value
        result.update(self.model_extra or {})
        return result


class Reach(_Model):
    """A way to reach someone."""

    always_written = frozenset({"kind"})

    kind: ReachKind = "other"
    label: Text = ""
    value: Filled


class Anniversary(_Model):
    """A birthday or a renewal: a date, or `--04-15` without a year; yearly unless `once`."""

    label: Text = ""
    on: YearlyDay
    once: bool = False


class Person(_Model):
    """Someone in an organisation."""

    always_written = frozenset({"influence", "stance"})

    id: Identity
    name: Filled
    role: Text = ""
    influence: Influence = "unknown"
    stance: Stance = "unknown"
    reach: Many[Text] = ()
    relationship: Text = ""
    left: Day | None = None


class Issue(_Model):
    """What keeps the conversation open."""

    always_written = frozenset({"owner", "state"})

    id: Identity
    text: Filled
    owner: Owner = "me"
    state: IssueState = "open"
    opened: Moment | None = None
    opened_in: Text = ""
    due: Day | None = None
    every: Interval | None = None
    parked_until: Day | None = None
    carried: Many[Text] = ()
    closed: Moment | None = None
    closed_in: Text = ""
    outcome: Text = ""

    @property
    def since(self) -> date | None:
        """The local day it was opened: as written, else as its id says."""
        return self.opened.date() if self.opened else _day_of(self.id)

    def is_open(self, today: date) -> bool:
        """Whether it reads as open on `today`: open, or parked until a day that has come."""
        return self.state == "open" or (
            self.state == "parked" and self.parked_until is not None and self.parked_until <= today
        )

    def is_overdue(self, today: date) -> bool:
        """Whether it is open and was due before `today`."""
        return self.due is not None and self.due < today and self.is_open(today)


class Heard(_Model):
    """Something listened to: a need, an idea, a rival, what matters in their life."""

    always_written = frozenset({"kind"})

    id: Identity
    kind: HeardKind = "need"
    text: Filled
    heard_in: Text = ""
    at: Moment | None = None
    met: Day | None = None
    dropped: Day | None = None

    @property
    def since(self) -> date | None:
        """The local day it was heard: as written, else as its id says."""
        return self.at.date() if self.at else _day_of(self.id)

    @property
    def is_need(self) -> bool:
        """Whether it is a need, a want, an expectation or something unsaid."""
        return self.kind in NEEDS

    @property
    def is_live(self) -> bool:
        """Whether it still holds: neither met nor dropped."""
        return self.met is None and self.dropped is None


class Encounter(_Model):
    """One call, meeting, mail, chat or note: an entry of the timeline."""

    always_written = frozenset({"channel", "nature"})

    id: Identity
    at: Moment
    channel: Channel = "call"
    with_: Many[Text] = Field(default=(), alias="with")
    mentions: Many[Text] = ()
    nature: Nature = "conversation"
    spark: Annotated[int, Field(ge=1, le=5, strict=True)] | None = None
    minutes: Annotated[int, Field(ge=0, le=100_000, strict=True)] | None = None
    note: Text = ""

    @property
    def is_contact(self) -> bool:
        """Whether it counts as contact: everything but a note to oneself."""
        return self.channel != "note"


class Relationship(_Model):
    """A person or an organisation that one talks with: one file."""

    always_written = frozenset({"format", "kind"})

    format: Annotated[int, Field(ge=1, strict=True)]
    id: Identity
    name: Filled
    kind: Kind
    organisation: Text = ""
    role: Text = ""
    aliases: Many[Text] = ()
    former: Many[Text] = ()
    tags: Many[Text] = ()
    cadence: Interval | None = None
    next_on: Day | None = None
    next_about: Text = ""
    archived: bool = False
    snoozed_until: Day | None = None
    story: Text = ""
    reach: Many[Reach] = ()
    dates: Many[Anniversary] = ()
    people: Many[Person] = ()
    issues: Many[Issue] = ()
    heard: Many[Heard] = ()
    encounters: Many[Encounter] = ()

    @property
    def is_writable(self) -> bool:
        """Whether this program may write it: a newer format is only read."""
        return self.format <= FORMAT


ENTRY_KINDS: Mapping[str, type[_Model]] = {
    "people": Person,
    "issues": Issue,
    "heard": Heard,
    "encounters": Encounter,
}
"""The tables of a file whose entries have an id, with their models."""

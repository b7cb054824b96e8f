"""Edits by chance: what a person does to a relationship, each the same again from one number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from random import Random

from convo_tui.core import edits
from convo_tui.core.models import ENTRY_KINDS, Encounter, Heard, Issue, Person, Relationship

ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 22, 10, 30, tzinfo=ZONE)
TODAY = NOW.date()

WORDS: tuple[str, ...] = (
    "pricing",
    "é",
    "山田",
    "say “yes”",
    "#topic",
    'a "quote"',
    "back\\slash",
    "[[issues]]",
    "# no comment",
    "'''",
)
WORDS += ('"""', "two  spaces", "= 40", "🎉", "tab\there", "\u202e", "e\u0301", "ends in \\")


def words(rng: Random) -> str:
    """Return a few words, of the kind that is hard to write."""
    return " ".join(rng.choices(WORDS, k=rng.randint(1, 4)))


def _text(rng: Random) -> str:
    return rng.choice(("", "\n", "  \n")).join(words(rng) for _ in range(rng.randint(1, 3)))


def edited(relationship: Relationship, number: int) -> Relationship:
    """Return it after one edit: the one that `number` stands for.

    Raises:
        ConvoError: when a rule is against it.
    """
    rng = Random(f"edit {number}")
    return rng.choice(_EDITS)(relationship, rng)


def _fresh(rng: Random) -> str:
    return f"20261122-{rng.getrandbits(40):010x}"[:17]


def _at(rng: Random) -> datetime:
    return NOW - timedelta(minutes=rng.randint(0, 500_000))


def _one(entries: tuple[object, ...], rng: Random) -> str:
    """The id of an entry; of none when there are none, so that the edit is refused."""
    return getattr(rng.choice(entries), "id", "") if entries else "none"


def _add_encounter(now: Relationship, rng: Random) -> Relationship:
    with_ = tuple(each.id for each in now.people[:1])
    spark = rng.choice((None, 4))
    return edits.added(
        now, "encounters", Encounter(id=_fresh(rng), at=_at(rng), with_=with_, note=_text(rng), spark=spark)
    )


def _add_issue(now: Relationship, rng: Random) -> Relationship:
    return edits.added(
        now, "issues", Issue(id=_fresh(rng), text=words(rng), opened=_at(rng), every=rng.choice((None, "3w")))
    )


def _add_heard(now: Relationship, rng: Random) -> Relationship:
    return edits.added(now, "heard", Heard(id=_fresh(rng), text=words(rng), at=_at(rng)))


def _add_person(now: Relationship, rng: Random) -> Relationship:
    return edits.added(now, "people", Person(id=_fresh(rng), name=words(rng), reach=("a@b.example",)))


def _settle(now: Relationship, rng: Random) -> Relationship:
    identity = _one(now.issues, rng)
    return edits.settle(now, identity, NOW, outcome=words(rng))


def _close(now: Relationship, rng: Random) -> Relationship:
    identity = _one(now.issues, rng)
    return edits.drop(now, identity, NOW) if rng.random() < 0.5 else edits.park(now, identity, TODAY)


def _reopen(now: Relationship, rng: Random) -> Relationship:
    return edits.reopen(now, _one(now.issues, rng))


def _change_issue(now: Relationship, rng: Random) -> Relationship:
    return edits.change_issue(
        now, _one(now.issues, rng), owner=rng.choice(("me", "them", "us")), text=words(rng), due=TODAY
    )


def _carry(now: Relationship, rng: Random) -> Relationship:
    into = edits.encounter(now, _one(now.encounters, rng))
    return edits.carry(now, _one(now.issues, rng), into, TODAY)


def _meet(now: Relationship, rng: Random) -> Relationship:
    return edits.meet(now, _one(now.heard, rng), TODAY)


def _rewrite(now: Relationship, rng: Random) -> Relationship:
    old = edits.encounter(now, _one(now.encounters, rng))
    return edits.replaced(now, "encounters", edits.changed(old, note=_text(rng)))


def _move(now: Relationship, rng: Random) -> Relationship:
    old = edits.encounter(now, _one(now.encounters, rng))
    return edits.placed(now, edits.changed(old, at=_at(rng)))


def _rename(now: Relationship, rng: Random) -> Relationship:
    return edits.rename(now, words(rng))


def _tag(now: Relationship, rng: Random) -> Relationship:
    kept = tuple(each for each in now.tags if rng.random() < 0.7)
    return edits.changed(now, tags=(*kept, words(rng)))


def _tell(now: Relationship, rng: Random) -> Relationship:
    return edits.changed(now, story=_text(rng), cadence=rng.choice((None, "3w")), next_on=rng.choice((None, TODAY)))


def _delete(now: Relationship, rng: Random) -> Relationship:
    entries = tuple(each for table in ENTRY_KINDS for each in getattr(now, table))
    return edits.removed(now, _one(entries, rng))


Edit = Callable[[Relationship, Random], Relationship]
_EDITS: tuple[Edit, ...] = (
    _add_encounter,
    _add_issue,
    _add_heard,
    _add_person,
    _settle,
    _close,
    _reopen,
    _change_issue,
    _carry,
    _meet,
    _rewrite,
    _move,
    _rename,
    _tag,
    _tell,
    _delete,
)

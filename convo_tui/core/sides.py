"""What each side of a merge says where only one of them can stand, as a person reads it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from convo_tui.core import edits
from convo_tui.core.contradiction import Place
from convo_tui.core.day_forms import MONTHS
from convo_tui.core.edits import Entry
from convo_tui.core.merge import Clash, Merged
from convo_tui.core.models import Encounter, Person, Relationship


def places(merged: Merged) -> tuple[Place, ...]:
    """Return the places of a merge that a person has to decide, in its order."""
    return tuple(
        Place(described(each, merged.relationship), as_text(each.ours), as_text(each.theirs)) for each in merged.clashes
    )


def as_text(value: Any) -> str:
    """Return a value of a file as a person reads it: an entry as lines of key and value, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, BaseModel):
        fields = {key: getattr(value, key) for key in type(value).model_fields}
        said = {key.rstrip("_"): as_text(each) for key, each in fields.items() if key != "id"}
        return "\n".join(f"{key}: {text}" for key, text in said.items() if text)
    if isinstance(value, tuple | list):
        return "\n".join(as_text(each) for each in value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def described(clash: Clash, relationship: Relationship) -> str:
    """Return in words what a clash is about: "the due date of “send pricing”"; `relationship` is the merged one."""
    words = words_for(clash.key)
    if not clash.table:
        return f"the {words}"
    entries = [clash.ours, clash.theirs] if not clash.key else getattr(relationship, clash.table)
    entry = next((each for each in entries if each is not None and each.id == clash.identity), None)
    called = clash.identity if entry is None else name_of(entry)
    return f"the {words} of {called}" if clash.key else f"whether {called} was deleted"


def words_for(key: str) -> str:
    """Return what a key of a file is called in a sentence: "due date" for `due`."""
    return _WORDS.get(key, key.replace("_", " "))


_WORDS = {
    "due": "due date",
    "every": "recurrence",
    "at": "time",
    "opened": "opening",
    "next_on": "day to talk again",
    "next_about": "subject of the next talk",
    "snoozed_until": "day until which it is snoozed",
    "left": "day of leaving",
    "opened_in": "encounter at the opening",
    "closed_in": "encounter at the closing",
    "heard_in": "encounter at the hearing",
    "closed": "closing",
    "parked_until": "end of parking",
    "met": "day of fulfilment",
    "dropped": "day of dropping",
    "carried": "carrying",
    "with": "participants",
    "reach": "ways to reach",
    "former": "former ids",
    "archived": "archiving",
}


def called(relationship: Relationship, identity: str) -> str:
    """Return what an entry is called in a sentence; its id when there is none."""
    table = edits.table_of(relationship, identity)
    entries = getattr(relationship, table) if table else ()
    return next((name_of(each) for each in entries if each.id == identity), identity)


def name_of(entry: Entry) -> str:
    """Return what an entry is called in a sentence: its name, its words in quotes, or "the call of 22 Nov 2026"."""
    if isinstance(entry, Encounter):
        return f"the {_CHANNELS.get(entry.channel, entry.channel)} of {written(entry.at)}"
    words = " ".join((entry.name if isinstance(entry, Person) else entry.text).split())
    return words if isinstance(entry, Person) else f"“{words}”"


_CHANNELS = {"email": "mail", "note": "note to oneself"}


def written(day: date) -> str:
    """Return a day as sentences about the past say it, always with its year: "22 Nov 2026"."""
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"

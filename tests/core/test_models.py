"""The file as models: CONTRACT.md, "The file"."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from pydantic import ValidationError
from strategies import relationships

from convo_tui.core.ids import CROCKFORD, derived_id, new_id
from convo_tui.core.models import (
    FORMAT,
    NEEDS,
    Anniversary,
    Encounter,
    Heard,
    Issue,
    Person,
    Reach,
    Relationship,
)

MINIMAL = {"format": 1, "id": "20240301-7k3q9m2f", "name": "Acme", "kind": "organisation"}


@settings(deadline=None, max_examples=40)
@given(relationships())
def test_what_stands_in_a_file_reads_as_what_was_written(relationship: Relationship) -> None:
    assert Relationship.model_validate(relationship.to_file()).to_file() == relationship.to_file()


def test_none_and_empty_values_are_left_out_and_enumerations_are_written() -> None:
    """`None` and empty values are left out; enumerations are always written."""
    assert Relationship(**MINIMAL, archived=False, tags=(), next_on=None).to_file() == MINIMAL
    assert Issue(id="x", text="t").to_file() == {"id": "x", "text": "t", "owner": "me", "state": "open"}
    assert Heard(id="x", text="t").to_file() == {"id": "x", "kind": "need", "text": "t"}
    assert Person(id="x", name="t").to_file() == {"id": "x", "name": "t", "influence": "unknown", "stance": "unknown"}
    assert Reach(value="v").to_file() == {"kind": "other", "value": "v"}
    encounter = Encounter(id="x", at=datetime(2026, 1, 1, tzinfo=UTC), minutes=0, with_=("a",))
    assert list(encounter.to_file()) == ["id", "at", "channel", "with", "nature", "minutes"]
    assert Anniversary(on="--04-15", once=True).to_file() == {"on": "--04-15", "once": True}


def test_keys_stand_in_the_order_of_the_contract_and_unknown_ones_after_them() -> None:
    """Keys in the order below; … unknown keys."""
    read = Relationship.model_validate({"mood": 1, "story": "s", "archived": True, **MINIMAL, "role": "r"})
    assert list(read.to_file()) == ["format", "id", "name", "kind", "role", "archived", "story", "mood"]


@pytest.mark.parametrize("missing", ["format", "id", "name", "kind"])
def test_what_is_required(missing: str) -> None:
    """Required: `format id name kind`."""
    with pytest.raises(ValidationError, match=missing):
        Relationship.model_validate({key: value for key, value in MINIMAL.items() if key != missing})


@pytest.mark.parametrize(("model", "missing"), [(Issue, "text"), (Heard, "text"), (Person, "name"), (Encounter, "at")])
def test_what_is_required_in_entries(model: Any, missing: str) -> None:
    """In entries `id` and `text`, `name` or `at`."""
    with pytest.raises(ValidationError, match=missing):
        model.model_validate({"id": "x"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " \n"},
        {"kind": "pet"},
        {"format": "1"},
        {"format": 0},
        {"id": "../x"},
        {"id": ""},
        {"id": "x" * 65},
        {"cadence": "0d"},
        {"cadence": "3 weeks"},
        {"cadence": "1٢d"},
        {"next_on": "soon"},
        {"next_on": 3},
        {"dates": [{"on": "--13-01"}]},
        {"dates": [{"on": "--02-30"}]},
        {"issues": [{"id": "x", "text": ""}]},
        {"issues": [{"id": "x", "text": "t", "owner": "you"}]},
        {"issues": [{"id": "x", "text": "t", "opened": 3}]},
        {"encounters": [{"id": "x", "at": "then"}]},
        {"encounters": [{"id": "x", "at": "2026-01-01", "spark": 6}]},
        {"encounters": [{"id": "x", "at": "2026-01-01", "spark": True}]},
        {"encounters": [{"id": "x", "at": "2026-01-01", "minutes": -1}]},
    ],
    ids=str,
)
def test_what_is_wrong_is_refused(wrong: dict[str, Any]) -> None:
    """A file that does not … validate is shown as such."""
    with pytest.raises(ValidationError):
        Relationship.model_validate({**MINIMAL, **wrong})


def test_a_newer_format_is_read_and_never_written() -> None:
    """A newer one is read and shown, never written."""
    assert Relationship(**MINIMAL).is_writable
    assert not Relationship(**{**MINIMAL, "format": FORMAT + 1}).is_writable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (datetime(2026, 7, 1, 10), "2026-07-01T10:00:00+02:00"),
        (datetime(2026, 11, 1, 10), "2026-11-01T10:00:00+01:00"),
        ("2026-11-01T10:00:00-05:00", "2026-11-01T10:00:00-05:00"),
        (date(2026, 11, 1), "2026-11-01T12:00:00+01:00"),
        (" 2026-11-01 10:20 ", "2026-11-01T10:20:00+01:00"),
        (datetime(2026, 11, 1, 10, tzinfo=timezone(timedelta(hours=3))), "2026-11-01T10:00:00+03:00"),
    ],
)
def test_times_without_offset_are_local_time(written: object, read: str) -> None:
    """`at`: without offset it is local time."""
    context = {"zone": ZoneInfo("Europe/Madrid")}
    found = Encounter.model_validate({"id": "x", "at": written}, context=context)
    assert found.at.isoformat() == read


def test_days_are_read_from_what_people_write() -> None:
    found = Issue.model_validate({"id": "x", "text": "t", "due": "2026-11-27", "parked_until": datetime(2026, 1, 2, 3)})
    assert (found.due, found.parked_until) == (date(2026, 11, 27), date(2026, 1, 2))
    assert Anniversary.model_validate({"on": "2027-03-01"}).on == date(2027, 3, 1)
    assert Anniversary.model_validate({"on": "--02-29"}).on == "--02-29"


def test_newlines_are_of_one_kind() -> None:
    """In notes newlines are `\\n`."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert Encounter(id="x", at=at, note="a\r\nb\rc").note == "a\nb\nc"


def test_what_was_heard() -> None:
    """`met`: the day it was met; `dropped`: no longer so."""
    assert {kind for kind in NEEDS if Heard(id="x", text="t", kind=kind).is_need} == NEEDS  # type: ignore[arg-type]
    assert not Heard(id="x", text="t", kind="rival").is_need
    assert Heard(id="20261101-x", text="t").since == date(2026, 11, 1)
    assert Heard(id="by-hand", text="t", at=datetime(2026, 1, 2, tzinfo=UTC)).since == date(2026, 1, 2)
    assert Heard(id="by-hand", text="t").since is None


def test_an_id_is_a_date_and_eight_characters_of_crockfords() -> None:
    """Date + 8 Crockford base32 characters."""
    assert new_id(date(2024, 3, 1), lambda bits: 0) == "20240301-00000000"
    assert new_id(date(2024, 3, 1), lambda bits: 2**bits - 1) == "20240301-zzzzzzzz"
    assert len({new_id(date(2024, 3, 1)) for _ in range(100)}) == 100
    assert set(CROCKFORD) == set("0123456789abcdefghjkmnpqrstvwxyz")


def test_a_derived_id_is_always_the_same() -> None:
    """A hand-written entry without an id gets one at the next save by us."""
    assert derived_id(date(2024, 3, 1), "a", "b") == derived_id(date(2024, 3, 1), "a", "b")
    assert derived_id(date(2024, 3, 1), "a", "b") != derived_id(date(2024, 3, 1), "ab")
    assert Issue(id=derived_id(date(2024, 3, 1), "\ud800"), text="t").since == date(2024, 3, 1)

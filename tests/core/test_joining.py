"""CONTRACT.md, "The file": "`former`: ids of relationships joined into this one; resolved everywhere"."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from core_builders import TODAY, ago, encounter, heard, issue
from hypothesis import assume, given, settings
from strategies import relationships

from convo_tui.core.errors import Refused
from convo_tui.core.joining import joined
from convo_tui.core.models import ENTRY_KINDS, Anniversary, Encounter, Person, Reach, Relationship


def ana(**fields: object) -> Relationship:
    return Relationship(format=1, id="20240301-anaruiz1", kind="person", **{"name": "Ana Ruiz", **fields})


def anna(**fields: object) -> Relationship:
    return Relationship(format=1, id="20250301-annaru12", kind="person", **{"name": "Anna Ruiz", **fields})


@dataclass(frozen=True)
class Case:
    kept: dict[str, object]
    other: dict[str, object]
    becomes: dict[str, object]


@pytest.mark.parametrize(
    "case",
    [
        Case({}, {}, {"name": "Ana Ruiz", "aliases": ("Anna Ruiz",), "former": ("20250301-annaru12",)}),
        Case({"aliases": ("Annie",)}, {"aliases": ("Annie", "Ana Ruiz")}, {"aliases": ("Annie", "Anna Ruiz")}),
        Case({"former": ("a",)}, {"former": ("b",)}, {"former": ("a", "20250301-annaru12", "b")}),
        Case({"tags": ("a", "b")}, {"tags": ("b", "c")}, {"tags": ("a", "b", "c")}),
        Case({"role": "boss"}, {"role": "chief", "cadence": "3w"}, {"role": "boss", "cadence": "3w"}),
        Case({"story": "We sail."}, {"story": "We row."}, {"story": "We sail.\n\nWe row."}),
        Case({"story": "We sail."}, {"story": "We sail."}, {"story": "We sail."}),
        Case({}, {"next_on": TODAY, "next_about": "tea"}, {"next_on": TODAY, "next_about": "tea"}),
        Case({"next_about": "it"}, {"next_on": TODAY, "next_about": "tea"}, {"next_on": None, "next_about": "it"}),
        Case({"archived": True}, {"archived": True}, {"archived": True}),
        Case({"archived": True}, {}, {"archived": False}),
        Case({}, {"organisation": "20240301-anaruiz1"}, {"organisation": ""}),
        Case({"birth": 1}, {"birth": 2, "shoe": 43}, {"model_extra": {"birth": 1, "shoe": 43}}),
        Case(
            {"reach": (Reach(kind="email", value="a@x.example"),)},
            {"reach": (Reach(kind="other", value="a@x.example"), Reach(kind="phone", value="+34 6"))},
            {"reach": (Reach(kind="email", value="a@x.example"), Reach(kind="phone", value="+34 6"))},
        ),
        Case(
            {"dates": (Anniversary(label="birthday", on="--04-15"),)},
            {"dates": (Anniversary(label="birthday", on="--04-15"), Anniversary(label="name day", on="--07-26"))},
            {"dates": (Anniversary(label="birthday", on="--04-15"), Anniversary(label="name day", on="--07-26"))},
        ),
    ],
)
def test_where_only_one_can_stand_the_one_that_is_kept_is_right(case: Case) -> None:
    result = joined(ana(**case.kept), anna(**case.other))
    assert {key: getattr(result, key) for key in case.becomes} == case.becomes


def test_the_entries_of_both_are_there_the_encounters_in_their_time() -> None:
    first, second, third = encounter(9, "first"), encounter(5, "second"), encounter(1, "third")
    mine, theirs, said = issue("mine"), issue("theirs"), heard("a need")
    result = joined(
        ana(encounters=(first, third), issues=(mine,)), anna(encounters=(second,), issues=(theirs,), heard=(said,))
    )
    assert result.encounters == (first, second, third)
    assert (result.issues, result.heard) == ((mine, theirs), (said,))


def test_who_is_at_home_now_is_not_named_among_those_who_took_part() -> None:
    both = encounter(3, with_=("20250301-annaru12", "20240301-b0b0b004"), mentions=("20240301-anaruiz1",))
    result = joined(ana(encounters=(both,)), anna())
    assert (result.encounters[0].with_, result.encounters[0].mentions) == (("20240301-b0b0b004",), ())


def test_what_both_have_alike_after_a_join_that_was_cut_short_is_there_once() -> None:
    once, other = encounter(3, "once"), anna(encounters=(encounter(3, "once"),), tags=("client",))
    halfway = joined(ana(encounters=(once,)), other)
    assert joined(halfway, other) == halfway


def test_the_same_id_with_other_words_is_refused() -> None:
    with pytest.raises(Refused, match="make them alike"):
        joined(ana(encounters=(encounter(3, "yes"),)), anna(encounters=(encounter(3, "no"),)))


def test_a_person_and_an_organisation_are_not_made_one() -> None:
    acme = Relationship(format=1, id="20240301-acme0001", name="Acme", kind="organisation")
    with pytest.raises(Refused, match="Ana Ruiz is a person, Acme an organisation"):
        joined(ana(), acme)
    with pytest.raises(Refused, match="one relationship already"):
        joined(ana(), ana())


def test_people_no_longer_point_at_the_organisation_they_are_in() -> None:
    person = Person(id="20240301-bopers01", name="Bo", relationship="20240301-acme0002")
    one = Relationship(format=1, id="20240301-acme0001", name="Acme", kind="organisation", people=(person,))
    two = Relationship(format=1, id="20240301-acme0002", name="Acme Inc", kind="organisation")
    assert joined(one, two).people == (person.model_copy(update={"relationship": ""}),)


@settings(max_examples=30)
@given(relationships(), relationships())
def test_no_entry_and_no_way_to_reach_them_is_lost(kept: Relationship, other: Relationship) -> None:
    ids = [each.id for one in (kept, other) for table in ENTRY_KINDS for each in getattr(one, table)]
    assume(kept.id != other.id and kept.kind == other.kind and len(ids) == len(set(ids)))
    result = joined(kept, other)
    assert sorted(each.id for table in ENTRY_KINDS for each in getattr(result, table)) == sorted(ids)
    assert {each.value for each in result.reach} == {each.value for one in (kept, other) for each in one.reach}
    for one in (kept, other):
        assert {one.name, *one.aliases} <= {result.name, *result.aliases}
        assert {one.id, *one.former} <= {result.id, *result.former}
        for old in one.encounters:
            new = next(each for each in result.encounters if each.id == old.id)
            assert (new.at, new.note) == (old.at, old.note)


def test_an_encounter_of_the_same_minute_comes_behind_those_of_the_one_that_is_kept() -> None:
    here = Encounter(id="20261101-zzzz0001", at=ago(3))
    there = Encounter(id="20261101-aaaa0001", at=ago(3))
    assert joined(ana(encounters=(here,)), anna(encounters=(there,))).encounters == (here, there)

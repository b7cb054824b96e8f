"""The signs of a relationship: plain values, small, and the same again out of JSON."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any

import pytest
from core_builders import ACME_ID, ANA, ANA_ID, BO, BO_ID, SOREN_ID, acme, day, encounter, heard, issue, soren
from hypothesis import given, settings
from strategies import relationships

from convo_tui.core.match import Named
from convo_tui.core.models import Relationship
from convo_tui.core.noticing import signs
from convo_tui.core.signs import ISSUES, Signs, from_json, quotable, to_json


def of(relationship: Relationship, **more: Any) -> Signs:
    return signs(relationship, relationship.encounters, **more)


@settings(max_examples=60)
@given(relationships())
def test_json_gives_the_same_signs_again(relationship: Relationship) -> None:
    noticed = signs(relationship, sorted(relationship.encounters, key=lambda each: each.at))
    assert from_json(to_json(noticed)) == noticed


@pytest.mark.parametrize("text", ["", "{}", "[]", "[1,2]", to_json(Signs("x", "X", "person"))[:-1] + ",1]"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        from_json(text)


def test_a_value_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="not the signs"):
        from_json(to_json(Signs("x", "X", "person")).replace("[0,null,null,[],[]]", "7"))


def test_the_signs_of_a_long_relationship_are_small() -> None:
    calls = [encounter(200 - each, f"#pricing and #topic{each % 2}", spark=4, with_=(ANA_ID,)) for each in range(200)]
    issues = [issue(f"something to come back to, number {each}", due=day(each)) for each in range(3)]
    needs = [heard(f"single sign-on for {each}") for each in range(2)]
    assert len(to_json(of(acme(*issues, heard=needs, encounters=calls))).encode()) < 2000


def test_the_signs_of_the_largest_relationship_are_bounded() -> None:
    identity = "x" * 60
    people = [
        ANA.model_copy(update={"id": f"{identity}{each}", "name": "😀" * 99, "stance": "critic"}) for each in range(20)
    ]
    calls = [
        encounter(400 - each, f"#{'a' * 90} {'x' * 1000}", spark=4, with_=(f"{identity}1",), nature="transaction")
        for each in range(300)
    ]
    calls = [each.model_copy(update={"id": f"{identity}{place}"}) for place, each in enumerate(calls)]
    issues = [issue(f"{each} {'😀' * 99}", due=day(each), state="open").model_copy(update={"id": f"{identity}{each}"})
              for each in range(200)]  # fmt: skip
    needs = [heard("😀" * 99 + str(each), kind) for each in range(20) for kind in ("need", "rival")]
    noticed = of(acme(*issues, heard=needs, encounters=calls, people=people, next_about="😀" * 99))
    assert len(to_json(noticed).encode()) < 8192
    assert len(noticed.issues) == ISSUES


def test_of_many_issues_those_that_ask_the_most_are_kept() -> None:
    parked = [issue(f"parked {each}", state="parked", parked_until=day(-9)) for each in range(ISSUES)]
    calls = [encounter(each) for each in (3, 2, 1)]
    plain = [issue(f"plain {each}", 0, due=day(9)) for each in range(ISSUES)]
    shy = issue("avoided", 9)
    kept = of(soren(*parked, *plain, shy, issue("for good", state="parked"), encounters=calls)).issues
    assert shy.id in [each.id for each in kept]
    assert {each.shows_from for each in kept} == {None}


def test_an_issue_that_shows_is_never_left_out_for_those_that_are_parked() -> None:
    """Otherwise it would be said that nothing is left open."""
    parked = [issue(f"parked {each}", state="parked", parked_until=day(-9), due=day(9)) for each in range(20)]
    kept = of(soren(*parked, issue("plain"), encounters=[encounter(3), encounter(2), encounter(1)])).issues
    assert [each.text for each in kept if each.shows_from is None] == ["plain"]


def test_the_rhythm_is_the_median_of_the_newest_gaps() -> None:
    calls = [encounter(each) for each in (900, 800, *range(130, 0, -10))]
    assert of(soren(encounters=calls)).days_between == 10
    assert of(soren(encounters=calls[:3])).days_between is None


def test_someone_is_known_under_their_own_relationship_and_by_its_file() -> None:
    """every relationship that took part (in `with`, through `people.relationship`, or as the person's `organisation`)
    shows it in its timeline"""
    ana = ANA.model_copy(update={"relationship": "20200101-0ld0ld00"})
    own = Named(id=SOREN_ID, name="Ana Ruiz", former=("20200101-0ld0ld00",))
    for calls, homes in (
        ([encounter(1, with_=(SOREN_ID,))], {}),
        ([encounter(1, with_=("20200101-0ld0ld00",))], {}),
        ([encounter(1)], {encounter(1).id: SOREN_ID}),
    ):
        noticed = signs(acme(people=(ana, BO)), calls, people=(own,), homes=homes)
        assert [(each.id, each.last_contact) for each in noticed.people] == [(ANA_ID, day(1))]


def test_another_of_theirs_with_a_file_of_their_own_is_a_second_person() -> None:
    calls = [encounter(4 - each, with_=(ANA_ID,)) for each in range(3)] + [encounter(0)]
    alone = signs(acme(), calls)
    together = signs(acme(), calls, (Named(id=SOREN_ID, name="Søren Berg"),), {calls[-1].id: SOREN_ID})
    assert (alone.one_person.times, together.one_person.times) == (3, 0)


def test_a_person_has_no_people() -> None:
    assert of(soren(people=(ANA,), encounters=[encounter(1, with_=(ANA_ID,))])).people == ()


def test_people_are_those_who_matter_or_were_spoken_with() -> None:
    someone = BO.model_copy(update={"id": "20240301-n0b0dy00", "name": "Nobody"})
    noticed = of(acme(people=(ANA.model_copy(update={"stance": "critic"}), BO, someone),
                      encounters=[encounter(1, with_=(BO_ID, ACME_ID))]))  # fmt: skip
    assert [each.id for each in noticed.people] == [ANA_ID, BO_ID]


def test_the_day_in_the_id_is_when_it_is_known_since() -> None:
    assert of(soren()).known_since == date(2025, 1, 10)
    assert of(soren().model_copy(update={"id": "hand-written"})).known_since is None


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("two\nlines  and\tmore", "two lines and more"),
        ("\x1b]52;c\x07 \u202e", "]52;c"),
        ("x" * 48, "x" * 48),
        ("x" * 49, "x" * 47 + "…"),
        ("", ""),
    ],
)
def test_texts_are_quoted_on_one_line(text: str, quoted: str) -> None:
    assert quotable(text) == quoted


def test_the_pulse_needs_no_pydantic() -> None:
    """`convo pulse` over ten thousand relationships from the index: rows and dataclasses only (ARCHITECTURE.md)."""
    code = "import sys, convo_tui.core.pulse; sys.exit('pydantic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

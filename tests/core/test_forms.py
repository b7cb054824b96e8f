"""Forms: every field as text and back; what is not changed in a form changes nothing in the file."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import relationships

from convo_tui.core import forms
from convo_tui.core.errors import Refused
from convo_tui.core.form_lines import way_of
from convo_tui.core.models import Anniversary, Person, Reach, Relationship

TODAY = date(2026, 11, 22)
ANA = Relationship.model_validate(
    {
        "format": 1,
        "id": "20240301-anaruiz1",
        "name": "Ana Ruiz",
        "kind": "person",
        "organisation": "Acme GmbH",
        "tags": ["client"],
        "cadence": "3w",
        "reach": [{"kind": "email", "value": "ana@acme.example", "seen": 3}, {"kind": "chat", "value": "@ana"}],
        "dates": [{"label": "birthday", "on": "--04-15", "cake": True}],
        "archived": False,
    }
)


def read(key: str, text: str, of: type[Relationship | Person] = Relationship) -> object:
    return forms.values(of, {key: text}, TODAY)[key]


def holds(relationship: Relationship, today: date) -> None:
    """Nothing changes by itself, and everything is read as it was printed."""
    assert forms.filled(relationship, forms.fields(relationship), today) is relationship
    shown = forms.fields(relationship)
    for key in ("reach", "dates", "aliases", "tags", "cadence", "next_on", "snoozed_until", "archived", "kind"):
        # As if every line had been typed anew: a form that shows nothing of it yet.
        blank = Relationship(format=1, id="x", name="x", kind="person")
        again = forms.filled(blank, {key: shown[key]}, today, "DMY")
        assert forms.fields(again)[key] == shown[key]
        if key not in ("reach", "dates"):
            assert getattr(again, key) == getattr(relationship, key)
    same = [(each.kind, each.label, each.value) for each in relationship.reach]
    assert [
        (each.kind, each.label, each.value) for each in map(way_of, filter(None, shown["reach"].split("\n")))
    ] == same
    dated = [(each.label, each.on, each.once) for each in relationship.dates]
    anew = forms.values(Relationship, {"dates": shown["dates"]}, today)["dates"]
    assert [(each.label, each.on, each.once) for each in anew] == dated
    for person in relationship.people:
        assert forms.filled(person, forms.fields(person), today) is person
        assert read("reach", forms.fields(person)["reach"], Person) == person.reach


DAYS = st.dates(date(2000, 1, 1), date(2050, 1, 1))


@settings(max_examples=40, deadline=None)
@given(relationships(), DAYS)
def test_what_a_form_prints_reads_back_the_same_and_changes_nothing(relationship: Relationship, today: date) -> None:
    holds(relationship, today)


@pytest.mark.long
@settings(max_examples=3000, deadline=None)
@given(relationships(), DAYS)
def test_what_any_form_prints_reads_back_the_same(relationship: Relationship, today: date) -> None:
    holds(relationship, today)


@pytest.mark.parametrize(
    ("line", "way"),
    [
        ("ana@acme.example", ("email", "", "ana@acme.example")),
        ("work: +34 600 000 000", ("phone", "work", "+34 600 000 000")),
        ("work:+34 600 000 000", ("phone", "work", "+34 600 000 000")),
        ("web https://acme.example/a:b", ("web", "", "https://acme.example/a:b")),
        ("https://acme.example", ("web", "", "https://acme.example")),
        ("Phone: 12", ("phone", "", "12")),
        ("home: chat @ana", ("chat", "home", "@ana")),
        ("address Gate 2, Bremen", ("address", "", "Gate 2, Bremen")),
        ("@ana", ("other", "", "@ana")),
        ("mailto:ana@acme.example", ("email", "", "mailto:ana@acme.example")),
    ],
)
def test_the_kind_of_a_way_is_seen_and_a_label_stands_before_the_colon(line: str, way: tuple[str, str, str]) -> None:
    assert read("reach", line) == (Reach(kind=way[0], label=way[1], value=way[2]),)


@pytest.mark.parametrize(
    ("line", "label", "on", "once"),
    [
        ("birthday 15 Apr", "birthday", "--04-15", False),
        ("Birthday: April 15", "Birthday", "--04-15", False),
        ("leap day 29 feb", "leap day", "--02-29", False),
        ("15 apr 1980", "", date(1980, 4, 15), False),
        ("renewal 2027-03-01 once", "renewal", date(2027, 3, 1), True),
        ("once in a while fri", "once in a while", TODAY + timedelta(days=5), False),
    ],
)
def test_a_date_is_yearless_where_no_year_is_said(line: str, label: str, on: object, once: bool) -> None:
    assert read("dates", line) == (Anniversary(label=label, on=on, once=once),)


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("name", " ", "Name: A name is all that is needed."),
        ("kind", "robot", "Kind: “robot” is none of person, organisation"),
        ("reach", "ana@acme.example\nwork:", "Reach: “work:” says no way to reach them"),
        ("dates", "birthday", "Dates: “birthday” ends with no day"),
        ("dates", "birthday 31 feb", "Dates: “31 feb”: there is no such day"),
        ("dates", "birthday 3/4", "Dates: “3/4” can be read in two ways"),
        ("cadence", "often", "Talk every: “often” is not an interval"),
        ("next_on", "some day", "Next time: “some day” is not a date"),
        ("snoozed_until", "15:30", "Rests until: “15:30”: a due date has no time"),
    ],
)
def test_a_refusal_names_the_field(key: str, text: str, said: str) -> None:
    with pytest.raises(Refused, match=f"^{said}".replace("(", r"\(")):
        forms.filled(ANA, {key: text}, TODAY)
    assert forms.fault(Relationship, key, text, TODAY) in said or said.partition(": ")[2] in forms.fault(
        Relationship, key, text, TODAY
    )


def test_only_what_was_touched_changes_and_what_a_line_holds_besides_stays() -> None:
    shown = forms.fields(ANA)
    assert shown["reach"] == "ana@acme.example\nchat @ana"
    typed = {**shown, "reach": f"work: 12345\n{shown['reach']}", "dates": "birthday 15 apr\nrenewal 1 mar 2027 once"}
    typed |= {"name": "Ana Ruiz Gil", "tags": 'client, "a, b"', "cadence": "", "archived": "yes", "next_on": "2w"}
    after = forms.filled(ANA, typed, TODAY)
    assert [each.model_extra for each in after.reach] == [{}, {"seen": 3}, {}]
    assert [each.model_extra for each in after.dates] == [{"cake": True}, {}]
    assert (after.name, after.aliases, after.tags) == ("Ana Ruiz Gil", ("Ana Ruiz",), ("client", "a, b"))
    assert (after.cadence, after.archived, after.next_on) == (None, True, date(2026, 12, 6))
    assert after.organisation == ANA.organisation


def test_what_another_program_changed_meanwhile_stays_or_is_told() -> None:
    now = forms.filled(ANA, {"role": "CFO", "organisation": "Globex"}, TODAY)
    after = forms.filled_since(ANA, now, {"cadence": "1y"}, TODAY)
    assert (after.role, after.cadence) == ("CFO", "1y")
    with pytest.raises(forms.ChangedMeanwhile) as told:
        forms.filled_since(ANA, now, {"role": "CEO", "organisation": "Globex", "tags": ""}, TODAY)
    assert (told.value.said, told.value.stands) == ({"role": "CFO"}, now)
    assert forms.filled_since(now, now, {"role": "CEO"}, TODAY).role == "CEO"


def test_the_form_of_a_person_looks_back_for_the_day_they_left() -> None:
    person = Person(id="20240301-anaa0003", name="Ana Ruiz", reach=("ana@acme.example",), desk=4)
    after = forms.filled(person, {"influence": "decides", "left": "3 may", "reach": "12\nana@acme.example"}, TODAY)
    assert (after.influence, after.left, after.reach) == ("decides", date(2026, 5, 3), ("12", "ana@acme.example"))
    assert after.model_extra == {"desk": 4}
    with pytest.raises(Refused, match="Left on: “whenever” is not a date"):
        forms.filled(person, {"left": "whenever"}, TODAY)

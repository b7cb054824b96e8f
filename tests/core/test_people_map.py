"""The people of an organisation: who is there, when they were met, when and by whom they were spoken of."""

from __future__ import annotations

from dataclasses import replace

from core_builders import ANA, ANA_ID, BO, BO_ID, SOREN_ID, TODAY, acme, ago, day, encounter, everyone, soren

from convo_tui.core import people
from convo_tui.core.models import Encounter, Person, Reach, Relationship
from convo_tui.core.noticing import signs
from convo_tui.core.participation import Directory
from convo_tui.core.pulse_rules import Thresholds

ZOE_ID = "20240301-zoeee005"
OWN_ID = "20240301-anaown06"
ZOE = Person(id=ZOE_ID, name="Zoe Quist", left=day(30))
OWN = Relationship(format=1, id=OWN_ID, name="Ana Ruiz", kind="person", organisation="Acme GmbH", role="COO")


def mapped(
    organisation: Relationship, *encounters: Encounter, own: tuple[Relationship, ...] = (), **homes: str
) -> list[people.Someone]:
    directory = Directory.of(everyone(organisation, *own, soren()))
    belonging = [named for each in own for named in everyone(each)]
    at_home = {encounters[int(number[1:])].id: home for number, home in homes.items()}
    roles = {each.id: each.role for each in own}
    return people.people_of(organisation, encounters, belonging, at_home, directory.name, TODAY, roles)


def test_who_took_part_is_seen_also_through_a_file_of_their_own_and_notes_are_no_contact() -> None:
    """CONTRACT.md, "Rules": "every relationship that took part (in `with`, through `people.relationship`, or as the
    person's `organisation`)"; "the newest encounter that is not a `note`"."""
    linked = ANA.model_copy(update={"relationship": OWN_ID})
    met = (encounter(40, with_=(ANA_ID, BO_ID)), encounter(20, with_=(OWN_ID,)), encounter(3))
    note = encounter(1, channel="note", with_=(BO_ID,))
    ana, bo = mapped(acme(people=(linked, BO)), *met, note, own=(OWN,), _2=OWN_ID)
    assert [each.at for each in ana.encounters] == [ago(3), ago(20), ago(40)]
    assert (ana.own, ana.is_listed, ana.last) == (OWN_ID, True, day(3))
    assert (bo.last, bo.own, len(bo.encounters)) == (day(40), "", 1)


def test_who_spoke_of_someone_is_named_by_who_took_part() -> None:
    spoken = (
        encounter(9, with_=(BO_ID,), mentions=(ANA_ID,)),
        encounter(5, with_=(BO_ID,), mentions=(OWN_ID, BO_ID)),
        encounter(2, mentions=(ANA_ID,)),
        encounter(1, channel="note", mentions=(ANA_ID,)),
    )
    linked = ANA.model_copy(update={"relationship": OWN_ID})
    ana, bo = mapped(acme(people=(linked, BO)), *spoken, own=(OWN,), _2=SOREN_ID)
    assert [each.by for each in ana.mentions] == [(), ("Søren Berg",), ("Bo Lindqvist",), ("Bo Lindqvist",)]
    assert ana.last is None, "being spoken of is never contact"
    assert [each.encounter.at for each in bo.mentions] == [ago(5)]


def test_those_with_only_a_file_of_their_own_come_after_the_people_and_those_who_left_last() -> None:
    found = mapped(acme(people=(ZOE, BO)), encounter(4), own=(OWN,), _0=OWN_ID)
    assert [(each.name, each.is_listed) for each in found] == [
        ("Bo Lindqvist", True),
        ("Ana Ruiz", False),
        ("Zoe Quist", True),
    ]
    assert (found[1].role, found[1].last, found[1].id) == ("COO", day(4), OWN_ID)
    assert found[2].has_left(TODAY)
    assert not replace(found[2], left=day(-1)).has_left(TODAY)


def test_at_most_two_sentences_of_the_pulse_stand_on_top() -> None:
    silent = [
        Person(id=ANA_ID, name="Ana Ruiz", influence="decides", stance="critic"),
        Person(id=BO_ID, name="Bo Lindqvist", influence="uses"),
    ]
    timeline = [encounter(200, with_=(ANA_ID,)), *(encounter(each, with_=(BO_ID,)) for each in (9, 6, 4, 2))]
    said = people.remarks(signs(acme(people=tuple(silent)), timeline), TODAY, Thresholds())
    assert [each.rule for each in said] == ["silent-decider", "silent-critic"]
    assert "decides, and you last spoke with them in May" in said[0].text
    assert people.remarks(signs(acme(), timeline), TODAY, Thresholds()) == []


def test_someone_and_their_own_file_are_linked_once_and_only_when_just_one_is_meant() -> None:
    once = people.linked(acme(), OWN)
    assert [each.relationship for each in once.people] == [OWN_ID, ""]
    assert people.linked(once, OWN) is once
    two = acme(people=(ANA, ANA.model_copy(update={"id": ZOE_ID})))
    assert people.linked(two, OWN) is two
    taken = people.taken_in(acme(people=(BO,)), OWN, ZOE_ID)
    assert taken.people[-1] == Person(id=ZOE_ID, name="Ana Ruiz", role="COO", relationship=OWN_ID)
    assert people.taken_in(taken, OWN, "another") is taken
    assert [each.id for each in people.taken_in(acme(), OWN, ZOE_ID).people] == [ANA_ID, BO_ID]


def test_a_person_goes_round_and_comes_back_and_is_reached() -> None:
    organisation = acme(people=(ANA.model_copy(update={"reach": ("ana@acme.example", "12345")}), BO))
    now = organisation
    for _ in people.INFLUENCES:
        now = people.next_influence(now, ANA_ID)
    for _ in people.STANCES:
        now = people.next_stance(now, ANA_ID)
    assert now == organisation
    gone = people.left_or_back(now, ANA_ID, TODAY)
    assert gone.people[0].left == TODAY
    assert people.left_or_back(gone, ANA_ID, TODAY) == now
    own = OWN.model_copy(update={"reach": (Reach(kind="email", label="home", value="ana@acme.example"),)})
    ways = people.ways_to(gone, ANA_ID, own)
    assert [(each.label, each.value, each.name) for each in ways] == [
        ("email · home", "ana@acme.example", ""),
        ("phone", "12345", ""),
    ]
    assert [each.kind for each in people.ways_of(organisation.people[0])] == ["email", "phone"]

"""What changed between two versions of a relationship, in words."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from core_builders import ANA, BO, NOW, acme, ago, encounter, heard, issue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import relationships

from convo_tui.core import edits
from convo_tui.core.alike import alike
from convo_tui.core.difference import LONGEST, differences, headline, label
from convo_tui.core.models import ENTRY_KINDS, Anniversary, Encounter, Heard, Issue, Person, Reach, Relationship

_EXAMPLES = 500 if os.environ.get("CONVO_EXAMPLES") == "long" else 40
many = settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))

CALL, MAIL = encounter(7, "We talked.", with_=(ANA.id,)), encounter(3, channel="email")
PRICING, KICKOFF = issue("send pricing", due=date(2026, 11, 27)), issue("book the kickoff")
PLAN = heard("a plan")
BASE = acme(PRICING, KICKOFF, heard=[PLAN], encounters=(CALL, MAIL), tags=("client",), role="Buyer")

Change = Callable[[Relationship], Relationship]


def _said(after: Relationship | None, before: Relationship | None = BASE) -> list[str]:
    return [each.what for each in differences(before, after)]


def _with(**fields: Any) -> Change:
    return lambda r: edits.changed(r, **fields)


def _issue(**fields: Any) -> Change:
    return lambda r: edits.change_issue(r, PRICING.id, **fields)


def _entry(table: str, entry: Any, **fields: Any) -> Change:
    return lambda r: edits.replaced(r, table, edits.changed(entry, **fields))


def _call(**fields: Any) -> Change:
    return _entry("encounters", CALL, **fields)


def _adding(table: str, entry: Any) -> Change:
    return lambda r: edits.added(r, table, entry)


def _settled(r: Relationship, **fields: Any) -> Relationship:
    return edits.settle(r, PRICING.id, NOW, **fields)


# ── sentences ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_adding("encounters", encounter()), "call of 22 Nov 2026"),
        (_adding("encounters", encounter(channel="email")), "mail of 22 Nov 2026"),
        (_adding("encounters", encounter(channel="note")), "note to oneself of 22 Nov 2026"),
        (_adding("issues", issue("agree on\nterms ")), "opened “agree on terms”"),
        (lambda r: edits.carry(r, PRICING.id, CALL, NOW.date()), "carried “send pricing”"),
        (_issue(carried=("x", "y")), "carried “send pricing” 2 times"),
        (_settled, "settled “send pricing”"),
        (lambda r: _settled(r, outcome="agreed on 38 seats"), "settled “send pricing” (agreed on 38 seats)"),
        (lambda r: edits.park(r, PRICING.id), "parked “send pricing”"),
        (lambda r: edits.park(r, PRICING.id, date(2026, 12, 15)), "parked “send pricing” until 15 Dec 2026"),
        (lambda r: edits.drop(r, PRICING.id, NOW), "dropped “send pricing”"),
        (_adding("heard", heard("afraid", "unsaid")), "heard: unsaid “afraid”"),
        (lambda r: edits.meet(r, PLAN.id, NOW.date()), "met “a plan”"),
        (lambda r: edits.drop_heard(r, PLAN.id, NOW.date()), "dropped “a plan”"),
        (_adding("people", Person(id="c", name="Chiara\nNeri")), "new person Chiara Neri"),
        (_call(note="We talked long."), "note of the call of 15 Nov 2026 changed"),
        (_call(spark=4), "spark of the call of 15 Nov 2026: 4"),
        (_call(minutes=0), "minutes of the call of 15 Nov 2026: 0"),
        (_call(channel="meeting"), "channel of the meeting of 15 Nov 2026: call → meeting"),
        (_call(at=ago(8)), "time of the call of 14 Nov 2026: 15 Nov 2026 10:30 → 14 Nov 2026 10:30"),
        (_call(with_=(BO.id, "x")), "participants of the call of 15 Nov 2026: + Bo Lindqvist, + x, − Ana Ruiz"),
        (_issue(due=date(2026, 12, 4)), "due date of “send pricing”: 27 Nov 2026 → 4 Dec 2026"),
        (_issue(due=None), "due date of “send pricing” removed"),
        (_issue(opened_in=CALL.id), "encounter at the opening of “send pricing”: the call of 15 Nov 2026"),
        (_issue(text="send the offer"), "text: send pricing → send the offer"),
        (_entry("people", ANA, influence="decides"), "influence of Ana Ruiz: unknown → decides"),
        (_entry("people", ANA, name="Ana Sol"), "name: Ana Ruiz → Ana Sol"),
        (_with(role="Head of Operations"), "role: Buyer → Head of Operations"),
        (_with(role=""), "role removed"),
        (_with(role="Buyer "), "role changed"),
        (_with(cadence="3w"), "cadence: 3w"),
        (_with(story="What we do."), "story changed"),
        (_with(archived=True), "archived"),
        (_with(format=2), "format: 1 → 2"),
        (_with(id="other"), "id: 20240301-acme0001 → other"),
        (_with(tags=("emea",)), "tags: + emea, − client"),
        (_with(tags=("client", "client")), "tags changed"),
        (_with(reach=(Reach(kind="email", label="work", value="a@b"),)), "ways to reach: + email work a@b"),
        (_with(dates=(Anniversary(label="renewal", on=date(2027, 3, 1)),)), "dates: + renewal 1 Mar 2027"),
        (_with(crm_id=7), "`crm_id` changed"),
        (_issue(crm_id=7), "`crm_id` of “send pricing” changed"),
        (lambda r: edits.removed(r, PRICING.id), "removed “send pricing”"),
        (lambda r: edits.removed(r, MAIL.id), "removed the mail of 19 Nov 2026"),
        (_with(encounters=(MAIL, CALL)), "order of the encounters changed"),
        (_with(issues=(KICKOFF, PRICING)), "order of the issues changed"),
    ],
)
def test_each_change_is_one_sentence(change: Change, words: str) -> None:
    assert _said(change(BASE)) == [words]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (_settled, _with(), "reopened “send pricing”"),
        (lambda r: edits.drop_heard(r, PLAN.id, NOW.date()), _with(), "reopened “a plan”"),
        (_with(archived=True), _with(), "no longer archived"),
        (_with(crm_id=7), _with(), "`crm_id` changed"),
        (_with(crm_id=1), _with(crm_id=True), "`crm_id` changed"),
        (_with(tags=("a", "b")), _with(tags=("b", "a")), "order of the tags changed"),
        (_with(reach=(Reach(value="x"),)), _with(reach=(Reach(value="x", y=1),)), "ways to reach changed"),
        (_settled, lambda r: _settled(r, outcome="38 seats"), "outcome of “send pricing”: 38 seats"),
        (
            lambda r: edits.meet(r, PLAN.id, date(2026, 11, 1)),
            lambda r: edits.meet(r, PLAN.id, date(2026, 11, 2)),
            "day of fulfilment of “a plan”: 1 Nov 2026 → 2 Nov 2026",
        ),
        (
            lambda r: edits.drop_heard(r, PLAN.id, NOW.date()),
            lambda r: edits.meet(r, PLAN.id, NOW.date()),
            "met “a plan”",
        ),
        (_issue(carried=("x",)), _with(), "carrying of “send pricing”: − x"),
    ],
)
def test_so_is_each_way_back(before: Change, after: Change, words: str) -> None:
    assert _said(after(BASE), before(BASE)) == [words]


def test_they_come_in_the_order_in_which_one_cares() -> None:
    call = encounter()
    after = edits.added(BASE, "encounters", call)
    after = edits.meet(_settled(edits.carry(after, KICKOFF.id, call, NOW.date())), PLAN.id, NOW.date())
    after = edits.removed(edits.added(after, "issues", issue("new")), BO.id)
    after = edits.added(edits.changed(after, story="Ours."), "heard", heard("new"))
    assert _said(after) == [
        "call of 22 Nov 2026",
        "opened “new”",
        "carried “book the kickoff”",
        "settled “send pricing”",
        "heard: need “new”",
        "met “a plan”",
        "story changed",
        "removed Bo Lindqvist",
    ]


def test_settling_a_recurring_issue_opens_its_successor() -> None:
    before = edits.change_issue(BASE, PRICING.id, every="1m")
    assert _said(_settled(before), before) == ["opened “send pricing”", "settled “send pricing”"]


def test_what_was_opened_and_settled_in_between_is_both() -> None:
    done = issue("done", state="settled", outcome="at once", carried=("x",))
    said = ["opened “done”", "carried “done”", "settled “done” (at once)"]
    assert _said(edits.added(BASE, "issues", done)) == said


def test_a_field_that_no_change_of_state_tells_is_said_beside_it() -> None:
    after = edits.change_issue(edits.park(BASE, PRICING.id), PRICING.id, owner="them", outcome="odd")
    said = ["parked “send pricing”", "owner of “send pricing”: me → them", "outcome of “send pricing”: odd"]
    assert _said(after) == said


def test_an_encounter_at_another_time_has_not_changed_the_order_as_well() -> None:
    after = edits.placed(BASE, edits.changed(CALL, at=ago(1)))
    assert [each.counted for each in differences(BASE, after)] == ["time"]


def test_a_relationship_that_was_not_there_is_new_with_its_entries() -> None:
    entries = ["opened “send pricing”", "opened “book the kickoff”", "heard: need “a plan”"]
    people = ["new person Ana Ruiz", "new person Bo Lindqvist"]
    encounters = ["call of 15 Nov 2026", "mail of 19 Nov 2026"]
    assert _said(BASE, before=None) == ["new relationship", *encounters, *entries, *people]


def test_one_that_is_gone_is_deleted_and_nothing_more() -> None:
    assert _said(None) == ["deleted"]
    assert _said(None, before=None) == []


def test_a_sentence_is_one_line_without_control_characters() -> None:
    nasty = edits.added(BASE, "issues", Issue(id="x", text="a\n\x1b]52;c;aGk=\x07 b\u202e\x00  ‍c"))
    assert _said(nasty) == ["opened “a ]52;c;aGk= b ‍c”"]


# ── a few words ──────────────────────────────────────────────────────────────────────────────────────────


def _all_of(*changes: Change) -> Relationship:
    after = BASE
    for change in changes:
        after = change(after)
    return after


_NEW_CALL = _adding("encounters", encounter())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([_NEW_CALL], "call"),
        ([_adding("encounters", encounter(channel="note"))], "note"),
        (
            [_NEW_CALL, _adding("issues", issue("x")), lambda r: edits.carry(r, PRICING.id, encounter(), NOW.date())],
            "call, 1 opened, 1 carried",
        ),
        (
            [_adding("encounters", each) for each in (encounter(2), encounter(1, channel="email"), encounter())],
            "2 calls, mail",
        ),
        ([_NEW_CALL, _settled], "call, 1 settled"),
        ([_NEW_CALL, _with(story="x"), _call(note="x")], "call, story, note changed"),
        ([_call(note="x"), _entry("encounters", MAIL, note="x")], "notes changed"),
        ([_with(story="x", role="y")], "role, story changed"),
        ([_with(story="x", role="y", cadence="3w", tags=())], "4 fields changed"),
        ([_adding("people", Person(id=each, name=each)) for each in "cd"], "2 new people"),
        ([lambda r: edits.removed(r, PRICING.id), lambda r: edits.removed(r, KICKOFF.id)], "2 removed"),
        ([_settled], "settled “send pricing”"),
        ([_with(role="Head of Operations")], "role: Buyer → Head of Operations"),
        ([_with(role="x" * 70)], "role changed"),
        ([_with(**{"x" * 70: 1})], f"`{'x' * 58}…"),
        ([_adding("issues", issue("a word " * 20))], f"opened “{'a word ' * 7}a…”"),
        ([lambda r: _settled(r, outcome="word " * 20)], f"settled “send pricing” ({'word ' * 6}word…"),
    ],
)
def test_a_headline_says_one_thing_in_full_and_counts_several(changes: list[Change], words: str) -> None:
    assert headline(BASE, _all_of(*changes)) == words


def test_a_headline_of_a_whole_relationship() -> None:
    assert headline(None, acme(people=())) == "new"
    assert headline(None, acme(people=(), encounters=(CALL,))) == "new, call"
    assert headline(BASE, None) == "deleted"


def test_a_headline_of_what_means_the_same_says_so() -> None:
    assert headline(BASE, BASE) == "only comments or formatting"


def test_what_only_names_a_removed_entry_no_more_is_said_and_not_counted() -> None:
    before = edits.change_issue(BASE, PRICING.id, opened_in=CALL.id, carried=(CALL.id, MAIL.id))
    after = edits.removed(before, CALL.id)
    assert _said(after, before) == [
        "encounter at the opening of “send pricing” removed",
        "carrying of “send pricing”: − the call of 15 Nov 2026",
        "removed the call of 15 Nov 2026",
    ]
    assert headline(before, after) == "removed the call of 15 Nov 2026"


def test_a_headline_that_grows_too_long_ends_in_an_ellipsis() -> None:
    channels = ("call", "meeting", "email", "chat", "note")
    new = [encounter(n, channel=c) for n, c in enumerate(channels, -10)] + [encounter(n) for n in range(20, 120)]
    entries = [_adding("encounters", each) for each in new]
    issues = [_adding("issues", issue(state, state=state)) for state in ("settled", "parked", "dropped")]
    after = _all_of(*entries, *issues, _with(story="x"))
    assert headline(BASE, after) == "101 calls, note, chat, mail, meeting, 3 opened, 1 settled, …"


# ── nothing is left unsaid ───────────────────────────────────────────────────────────────────────────────


def _variants(before: Relationship, other: Relationship, kept: frozenset[int]) -> Relationship:
    """A version between two: the fields at the positions `kept` as in `before`, the rest as in `other`."""
    fields = {key: getattr(before, key) for n, key in enumerate(Relationship.model_fields) if n in kept}
    return other.model_copy(update=fields)


@many
@given(relationships(), relationships(), st.frozensets(st.integers(0, 21)))
def test_nothing_that_differs_is_left_unsaid(before: Relationship, other: Relationship, kept: frozenset[int]) -> None:
    after = _variants(before, other, kept)
    found = differences(before, after)
    assert (not found) == alike(before, after)
    told = {(each.table, each.identity) for each in found}
    for table in ENTRY_KINDS:
        was, now = ({each.id: each for each in getattr(side, table)} for side in (before, after))
        differing = {(table, key) for key in was.keys() | now.keys() if not alike(was.get(key), now.get(key))}
        assert {place for place in told if place[0] == table and place[1]} == differing
    for each in found:
        assert each.what == " ".join(each.what.split())
        assert not any(ord(character) < 32 for character in each.what)


@many
@given(relationships())
def test_a_version_that_is_read_again_does_not_differ(relationship: Relationship) -> None:
    assert differences(relationship, Relationship.model_validate(relationship.to_file())) == ()


@many
@given(relationships(), relationships())
def test_a_headline_is_short_and_never_empty(before: Relationship, after: Relationship) -> None:
    found = differences(before, after)
    for words in (headline(before, after), headline(None, after), *(label([each]) for each in found)):
        assert 0 < len(words) <= LONGEST


@many
@given(relationships(), st.data())
def test_a_field_that_changes_in_an_entry_is_said(relationship: Relationship, data: st.DataObject) -> None:
    """Each field by itself, whatever the others are: a change of state tells no more than what comes with it."""
    entries: list[tuple[str, Any]] = [(t, each) for t in ENTRY_KINDS for each in getattr(relationship, t)]
    for table, entry in entries:
        key = data.draw(st.sampled_from([key for key in type(entry).model_fields if key != "id"]))
        value: Any = data.draw(st.sampled_from([getattr(each, key) for t, each in entries if t == table]))
        after = edits.replaced(relationship, table, entry.model_copy(update={key: value}))
        said = [(each.table, each.identity) for each in differences(relationship, after)]
        changed = not alike(getattr(entry, key), value)
        assert said == ([(table, entry.id)] if changed else [])


def test_the_entries_of_every_table_are_told_apart() -> None:
    """An id that went to another table is removed there and new here."""
    before = acme(Issue(id="x", text="one"))
    after = acme(heard=[Heard(id="x", text="one")], encounters=(Encounter(id="y", at=NOW),))
    assert [(each.table, each.identity, each.kind) for each in differences(before, after)] == [
        ("encounters", "y", "encounter"),
        ("heard", "x", "heard"),
        ("issues", "x", "removed"),
    ]

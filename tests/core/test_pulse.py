"""Who needs attention, and why: each rule with the smallest journal that it sees something in, and one without."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from core_builders import ANA, BO, TODAY, acme, day, encounter, heard, issue, soren
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import relationships

from convo_tui.core.carry import CIRCLING_AFTER
from convo_tui.core.models import Encounter, Issue, Relationship
from convo_tui.core.noticing import signs
from convo_tui.core.pulse import DEFAULTS, explained, pulse, reasons
from convo_tui.core.pulse_rules import CIRCLING, RULES, Reason, Thresholds
from convo_tui.core.signs import from_json, to_json

FORBIDDEN = ("you should", "you must", "fail", "forgot", "neglect", "only you", "!", "?")
"""Kind in tone, never guilt (SCREENS.md, "Pulse")."""


def found(
    relationship: Relationship, today: date = TODAY, thresholds: Thresholds = DEFAULTS, default: str | None = None
) -> dict[str, Reason]:
    """The reasons by rule, of what an index would hold."""
    noticed = from_json(to_json(signs(relationship, relationship.encounters)))
    return {each.rule: each for each in reasons(noticed, today, thresholds, default)}


def talks(*days_ago: int, **fields: Any) -> tuple[Encounter, ...]:
    return tuple(encounter(each, **fields) for each in days_ago)


def person(*encounters: Encounter, issues: Sequence[Issue] = (), **fields: Any) -> Relationship:
    return soren(*issues, encounters=encounters, **fields)


def organisation(*encounters: Encounter, ana: dict[str, Any] | None = None, **fields: Any) -> Relationship:
    return acme(encounters=encounters, people=(ANA.model_copy(update=ana or {}), BO), **fields)


def text(relationship: Relationship, rule: str, **more: Any) -> str | None:
    reason = found(relationship, **more).get(rule)
    return reason.text if reason else None


# ── falling out of relationship ──────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("days", "fields", "said"),
    [
        (42, {"cadence": "3w"}, "It has been 6 weeks; you like to talk every 3."),
        (22, {"cadence": "3w"}, "It has been 22 days; you like to talk every 3 weeks."),
        (21, {"cadence": "3w"}, None),
        (9, {"cadence": "1w"}, "It has been 9 days; you like to talk every week."),
        (42, {"cadence": "3w", "next_on": day(-1)}, None),
        (42, {"cadence": "3w", "next_on": TODAY}, "It has been 6 weeks; you like to talk every 3."),
        (42, {"cadence": "3w", "snoozed_until": day(-1)}, None),
        (42, {"cadence": "3w", "snoozed_until": TODAY}, "It has been 6 weeks; you like to talk every 3."),
        (42, {"cadence": "3w", "archived": True}, None),
        (9999, {}, None),
    ],
)
def test_silence_beyond_the_cadence_is_said(days: int, fields: dict[str, Any], said: str | None) -> None:
    """`next_on`: when we mean to talk again; the cadence rests until then (CONTRACT.md, "The file")."""
    assert text(person(*talks(days), **fields), "past-cadence") == said


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((105, 84, 63, 42), None),
        ((106, 85, 64, 43), "It has been 6 weeks; you usually talk every 3."),
        ((85, 64, 43), None),
        ((106, 85, 64, 64, 43), "It has been 6 weeks; you usually talk every 3."),
        ((18, 17, 16, 15), "It has been 2 weeks; you usually talk every day."),
        ((17, 16, 15, 14), None),
    ],
)
def test_without_a_cadence_its_own_usual_gap_counts(days: tuple[int, ...], said: str | None) -> None:
    assert text(person(*talks(*days)), "past-cadence") == said


def test_the_usual_gap_is_measured_by_the_thresholds() -> None:
    quiet = person(*talks(106, 85, 64, 43))
    assert text(quiet, "past-cadence", thresholds=Thresholds(usual_gap_factor=3)) is None
    assert text(quiet, "past-cadence", thresholds=Thresholds(usual_gap_days=43)) is None
    assert text(person(*talks(17, 16, 15, 14)), "past-cadence", thresholds=Thresholds(usual_gap_days=13)) is not None


LATE = issue("send it", 900, due=day(4))
THEIRS = issue("answer", 900, owner="them", due=day(4))


@pytest.mark.parametrize(
    ("days", "fields", "seen"),
    [
        (365, {}, {"unmet-need", "rival"}),
        (366, {}, set()),
        (366, {"issues": (LATE,)}, {"overdue"}),
        (366, {"issues": (THEIRS,)}, {"overdue-theirs"}),
        (366, {"next_on": day(1)}, {"time-to-talk"}),
        (366, {"cadence": "1y"}, {"past-cadence", "unmet-need", "rival"}),
        (365, {"cadence": "1y"}, {"unmet-need", "rival"}),
    ],
)
def test_a_conversation_that_ended_long_ago_sleeps(days: int, fields: dict[str, Any], seen: set[str]) -> None:
    """Only what is promised or meant wakes it: "never nagged about" (PRODUCT.md, "Patience, no fuss")."""
    noted = (heard("sign-on", days_ago=400), heard("Globex", "rival", 1))
    assert found(person(*talks(days), heard=noted, **fields)).keys() == seen


def test_a_default_cadence_wakes_no_conversation_that_sleeps() -> None:
    assert found(person(*talks(365)), default="3w").keys() == {"past-cadence"}
    assert not found(person(*talks(366)), default="3w")


def test_how_long_it_takes_to_fall_asleep_is_a_threshold() -> None:
    quiet = person(*talks(40), heard=(heard("sign-on", days_ago=99),))
    assert "unmet-need" in found(quiet)
    assert not found(quiet, thresholds=Thresholds(asleep_days=39))


def test_the_default_cadence_stands_in_where_there_is_none() -> None:
    assert text(person(*talks(22)), "past-cadence", default="3w") is not None
    assert text(person(*talks(22), cadence="1m"), "past-cadence", default="3w") is None


def test_an_address_is_never_flagged() -> None:
    """People imported and never spoken with are an address book, listed last, never nagged about."""
    need = heard("single sign-on", days_ago=400)
    address = soren(issue("call", due=day(9)), heard=(need,), next_on=day(3))
    assert not found(address, default="1w")
    assert found(address.model_copy(update={"cadence": "1w"}))


def test_one_never_spoken_with_that_has_a_cadence_is_waited_for_from_its_first_day() -> None:
    new = soren(cadence="3w")
    assert text(new, "past-cadence") == "You have not talked yet; this may be a good time."
    assert text(new, "past-cadence", today=date(2025, 1, 31)) is None
    assert text(new, "past-cadence", today=date(2025, 2, 1)) is not None


def test_a_note_to_oneself_is_no_contact() -> None:
    assert text(person(*talks(42), encounter(1, channel="note"), cadence="3w"), "past-cadence") is not None


@pytest.mark.parametrize(
    ("talked", "fields", "said"),
    [
        (9, {"next_on": TODAY}, "Today is the day you had in mind."),
        (9, {"next_on": day(1), "next_about": "the board"}, "The day you had in mind was yesterday: “the board”."),
        (9, {"next_on": day(-1)}, None),
        (9, {}, None),
        (3, {"next_on": day(3)}, None),
        (4, {"next_on": day(3)}, "The day you had in mind was 3 days ago."),
        (91, {"next_on": day(90)}, "The day you had in mind was in August."),
    ],
)
def test_the_day_on_which_we_meant_to_talk(talked: int, fields: dict[str, Any], said: str | None) -> None:
    assert text(person(*talks(talked), **fields), "time-to-talk") == said


@pytest.mark.parametrize(
    ("days", "fields", "said"),
    [
        (0, {}, "They mentioned “Globex” today; it may be worth hearing what draws them."),
        (90, {}, "They mentioned “Globex” in August; it may be worth hearing what draws them."),
        (91, {}, None),
        (1, {"dropped": TODAY}, None),
    ],
)
def test_a_rival_fades_after_ninety_days(days: int, fields: dict[str, Any], said: str | None) -> None:
    assert text(person(*talks(1), heard=(heard("Globex", "rival", days, **fields),)), "rival") == said


def test_a_rival_weighs_less_from_day_to_day() -> None:
    weights = [
        found(person(*talks(1), heard=(heard("Globex", "rival", days),)))["rival"].weight for days in (0, 1, 89, 90)
    ]
    assert weights == sorted(weights, reverse=True)
    assert weights[-1] > 0


def _notes(*lengths: int, channel: str = "call") -> tuple[Encounter, ...]:
    return tuple(encounter(9 - place, "x" * length, channel=channel) for place, length in enumerate(lengths))


@pytest.mark.parametrize(
    ("notes", "seen"),
    [
        (_notes(120, 120, 60, 60), True),
        (_notes(120, 120, 61, 61), False),
        (_notes(120, 60, 60), False),
        (_notes(80, 80, 10, 10), True),
        (_notes(79, 79, 10, 10), False),
        (_notes(120, 120, 60, 60, channel="email"), True),
        ((*_notes(120, 120), *talks(3, 2, note="x" * 60, channel="email")), False),
        ((*_notes(120, 120), *talks(3, 2, note="x" * 60, channel="meeting")), True),
        ((*_notes(120, 120), *talks(3, 2)), False),
    ],
)
def test_notes_getting_shorter(notes: tuple[Encounter, ...], seen: bool) -> None:
    """Calls are never compared with mail or chat; a missing note counts against no one."""
    assert ("shorter-notes" in found(person(*notes))) is seen  # beside "nothing-open"


def test_notes_getting_shorter_are_never_the_only_reason() -> None:
    busy = person(*_notes(120, 120, 60, 60), issues=(issue("send pricing", 1),))
    assert not found(busy)


@pytest.mark.parametrize(("channel", "named"), [("meeting", "calls and meetings"), ("chat", "mail and chat")])
def test_notes_are_named_by_their_channels(channel: str, named: str) -> None:
    said = f"Your notes of {named} have become shorter: about 10 words, where there were 20."
    assert text(person(*_notes(120, 120, 60, 60, channel=channel)), "shorter-notes") == said


def test_what_was_typed_as_a_marked_line_counts_as_typed() -> None:
    notes = _notes(120, 120, 60, 60)
    opened = tuple(issue("y" * 60 + str(each.at), opened_in=each.id) for each in notes[2:])
    assert "shorter-notes" not in found(person(*notes, issues=opened))


# ── what is open ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("days", "fields", "seen"),
    [
        (180, {}, True),
        (181, {}, False),
        (1, {"issues": (issue("send pricing"),)}, False),
        (1, {"issues": (issue("send pricing", state="settled"),)}, True),
        (1, {"issues": (issue("send pricing", state="parked", parked_until=TODAY),)}, False),
        (1, {"issues": (issue("send pricing", state="parked", parked_until=day(-1)),)}, True),
        (1, {"issues": (issue("send pricing", state="parked"),)}, True),
        (1, {"next_on": day(-3)}, False),
        (1, {"next_about": "the board"}, False),
    ],
)
def test_nothing_left_open(days: int, fields: dict[str, Any], seen: bool) -> None:
    assert ("nothing-open" in found(person(*talks(days), **fields))) is seen


def test_an_issue_that_is_avoided() -> None:
    """passed three times and never carried, it is *avoided*"""
    calls = talks(3, 2, 1)
    shy = issue("speak of money")
    said = "“speak of money” has waited through 3 encounters without coming up."
    assert text(person(*calls, issues=(shy,)), "avoided") == said
    assert found(person(*calls, issues=(shy,)))["avoided"].evidence == (shy.id,)
    assert text(person(*calls[:2], issues=(shy,)), "avoided") is None
    assert text(person(*calls, issues=(shy.model_copy(update={"carried": (calls[0].id,)}),)), "avoided") is None
    other = text(person(*calls, issues=(shy, issue("and of time"))), "avoided")
    assert other is not None
    assert other.endswith(" without coming up, and another like it.")


def test_an_issue_that_is_circling() -> None:
    """carried in each of the last three encounters, it is *circling*"""
    calls = talks(3, 2, 1)
    stuck = issue("the venue", carried=tuple(each.id for each in calls))
    said = "“the venue” came up in each of the last 3 encounters; a new angle may help."
    assert text(person(*calls, issues=(stuck,)), "circling") == said
    assert text(person(*calls, encounter(0), issues=(stuck,)), "circling") is None
    assert CIRCLING == CIRCLING_AFTER


@pytest.mark.parametrize(
    ("owner", "late", "rule", "said"),
    [
        ("me", 1, "overdue", "“send it” was due yesterday; even a word about it helps."),
        ("us", 21, "overdue", "“send it” was due 3 weeks ago; even a word about it helps."),
        ("me", 0, "overdue", None),
        ("them", 9, "overdue", None),
        ("them", 4, "overdue-theirs", "“send it” was due from them 4 days ago; a good reason to ask."),
        ("them", 3, "overdue-theirs", None),
        ("me", 9, "overdue-theirs", None),
    ],
)
def test_what_was_promised_and_is_due(owner: str, late: int, rule: str, said: str | None) -> None:
    assert text(person(*talks(1), issues=(issue("send it", owner=owner, due=day(late)),)), rule) == said


def test_an_issue_out_of_sight_is_not_overdue() -> None:
    parked = issue("send it", state="parked", parked_until=day(-1), due=day(9))
    assert "overdue" not in found(person(*talks(1), issues=(parked,)))
    assert "overdue" in found(person(*talks(1), issues=(parked,)), today=day(-1))


@pytest.mark.parametrize(
    ("kind", "days", "fields", "said"),
    [
        ("need", 60, {}, "They have needed “sign-on” since September."),
        ("want", 400, {}, "They have wanted “sign-on” since October 2025."),
        ("expectation", 60, {}, "They have expected “sign-on” since September."),
        ("unsaid", 60, {}, "“sign-on” has been left unsaid since September."),
        ("need", 59, {}, None),
        ("need", 60, {"met": TODAY}, None),
        ("idea", 60, {}, None),
    ],
)
def test_a_need_unmet_for_long(kind: str, days: int, fields: dict[str, Any], said: str | None) -> None:
    assert text(person(*talks(1), heard=(heard("sign-on", kind, days, **fields),)), "unmet-need") == said


# ── a conversation, and one that stays alive ─────────────────────────────────────────────────────────────


def test_only_transactions_for_a_while() -> None:
    motions = talks(4, 3, 2, 1, nature="transaction")
    said = "The last 4 encounters were all transactions; a real conversation would do you both good."
    assert text(person(*motions), "only-transactions") == said
    assert text(person(*motions[1:]), "only-transactions") is None
    assert text(person(*motions, encounter(0)), "only-transactions") is None
    assert text(person(*motions), "only-transactions", thresholds=Thresholds(transactions=5)) is None
    assert text(person(*motions[1:]), "only-transactions", thresholds=Thresholds(transactions=1)) is None


def _moves(*owners: str, **fields: Any) -> tuple[Issue, ...]:
    return tuple(issue(f"move {place}", 20 - place, owner=owner, **fields) for place, owner in enumerate(owners))


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        (_moves("me", "me", "me", "me"), "yours; they"),
        (_moves("them", "them", "them", "them"), "theirs; you"),
        (_moves("us", "us", "us", "us"), None),
        (_moves("me", "me", "me"), None),
        (_moves("me", "me", "me", "them"), None),
        (_moves("them", "me", "me", "me", "me", state="settled"), "yours; they"),
        (_moves("me", "me", "me", "me", state="dropped"), None),
    ],
)
def test_all_moves_of_one_side(moves: tuple[Issue, ...], said: str | None) -> None:
    whole = f"The last 4 moves were all {said} may like to take something up."
    assert text(person(*talks(30, 29, 28, 1), issues=moves), "one-sided") == (whole if said else None)


def test_no_balance_is_read_from_fewer_than_four_encounters() -> None:
    assert text(person(*talks(30, 29, 1), issues=_moves("me", "me", "me", "me")), "one-sided") is None


def test_what_recurs_is_one_move() -> None:
    report = tuple(issue("report", each, every="1m", state="settled") for each in (90, 60, 30, 1))
    assert text(person(*talks(30, 29, 28, 1), issues=report), "one-sided") is None


def _sparks(*values: int | None) -> tuple[Encounter, ...]:
    return tuple(encounter(30 - place, spark=value) for place, value in enumerate(values))


@pytest.mark.parametrize(
    ("sparks", "said"),
    [
        ((5, 4, 3, 2), "The spark went 5, 4, 3, 2; something new may bring it back."),
        ((4, 4, 3, 3), "The spark went 4, 4, 3, 3; something new may bring it back."),
        ((4, 4, 3, 4), None),
        ((4, 3, 2), None),
        ((2, 3, 4, 5), None),
        ((3, 3, 3, 3), None),
        ((5, None, 4, None, 3, 2), "The spark went 5, 4, 3, 2; something new may bring it back."),
        ((5, 4, 3, 2, *[None] * 12), None),
    ],
)
def test_a_falling_spark(sparks: tuple[int | None, ...], said: str | None) -> None:
    assert text(person(*_sparks(*sparks)), "falling-spark") == said


def test_a_spark_that_stays_is_not_falling_whatever_the_threshold() -> None:
    assert text(person(*_sparks(3, 3, 3, 3)), "falling-spark", thresholds=Thresholds(spark_drop=0)) is None


@pytest.mark.parametrize(
    ("notes", "days", "said"),
    [
        (["#a"] * 4, 60, "“a” in 4 encounters since September"),
        (["#a", "#a #b", "#b", "#a"], 60, "“a” and “b” in 4 encounters since September"),
        (["#a"] * 4, 59, None),
        (["#a"] * 3, 60, None),
        (["#a", "#a", "#a", "#a #b #c"], 60, None),
        (["#a", "", "#a", "#a"], 60, None),
        ([""] * 4, 60, None),
    ],
)
def test_the_same_topics_for_months(notes: list[str], days: int, said: str | None) -> None:
    when = [days + 1, *range(len(notes) - 1, 0, -1)]
    calls = [encounter(ago_, note) for ago_, note in zip(when, notes, strict=True)]
    whole = f"You have been talking about {said}; something new may be welcome."
    assert text(person(*calls), "same-topics") == (whole if said else None)


def test_a_topic_is_talked_about_where_its_issue_is_carried() -> None:
    calls = talks(70, 9, 5, 1)
    price = issue("the price #pricing", 90, carried=tuple(each.id for each in calls))
    assert text(person(*calls, issues=(price,)), "same-topics") is not None


# ── the people of an organisation ────────────────────────────────────────────────────────────────────────


def test_nobody_who_decides() -> None:
    """influence … never asked for, and their absence never counts against anyone"""
    calls = talks(4, 3, 2, 1, with_=(ANA.id,))
    said = "Nobody you speak with decides there; it may help to know who does."
    assert text(organisation(*calls, ana={"influence": "uses"}), "nobody-decides") == said
    assert text(organisation(*calls, ana={"influence": "decides"}), "nobody-decides") is None
    assert text(organisation(*calls), "nobody-decides") is None
    assert text(organisation(*calls[1:], ana={"influence": "uses"}), "nobody-decides") is None
    assert text(organisation(*calls, ana={"influence": "uses", "left": TODAY}), "nobody-decides") is None


def test_the_one_who_decides_is_named() -> None:
    bo = BO.model_copy(update={"influence": "decides"})
    ana = ANA.model_copy(update={"influence": "uses"})
    known = acme(people=(ana, bo), encounters=talks(4, 3, 2, 1, with_=(ANA.id,)))
    assert text(known, "nobody-decides") == "Nobody you speak with decides there; “Bo Lindqvist” does."
    assert found(known)["nobody-decides"].evidence == (BO.id, ANA.id)


def test_someone_who_decides_not_spoken_with_for_long() -> None:
    long_ago, lately = encounter(90, with_=(ANA.id,)), encounter(1, with_=(BO.id,))
    said = "“Ana Ruiz” decides, and you last spoke with them in August."
    decides = {"influence": "decides"}
    assert text(organisation(long_ago, lately, ana=decides), "silent-decider") == said
    assert text(organisation(encounter(89, with_=(ANA.id,)), lately, ana=decides), "silent-decider") is None
    assert text(organisation(long_ago, lately), "silent-decider") is None
    assert text(organisation(long_ago, ana=decides), "silent-decider") is None
    assert text(organisation(long_ago, lately, ana={**decides, "left": day(3)}), "silent-decider") is None
    assert text(organisation(long_ago, lately, ana=decides, cadence="1y"), "silent-decider") is None


def test_a_critic_not_spoken_with() -> None:
    lately, critic = encounter(1, with_=(BO.id,)), {"stance": "critic"}
    said = "“Ana Ruiz” is critical, and you have not spoken with them yet."
    assert text(organisation(lately, ana=critic), "silent-critic") == said
    assert text(organisation(lately), "silent-critic") is None
    assert text(organisation(encounter(60, with_=(ANA.id,)), ana=critic), "silent-critic") is not None
    assert text(organisation(encounter(59, with_=(ANA.id,)), ana=critic), "silent-critic") is None
    assert text(organisation(lately, ana={**critic, "left": TODAY}), "silent-critic") is None
    assert text(organisation(lately, ana={**critic, "left": day(-1)}), "silent-critic") is not None
    assert text(organisation(encounter(1), ana=critic), "silent-critic") is None  # nobody said who was there


def test_the_critic_not_spoken_with_for_longest_is_named() -> None:
    ana, bo = (each.model_copy(update={"stance": "critic"}) for each in (ANA, BO))
    both = acme(people=(ana, bo), encounters=(encounter(90, with_=(ana.id,)), encounter(1)))
    assert found(both)["silent-critic"].evidence == (bo.id, ana.id)


def test_one_single_person_carrying_it_all() -> None:
    calls = talks(4, 3, 2, 1, with_=(ANA.id,))
    said = "“Ana Ruiz” alone was there in the last 4 encounters; a second person would keep it going."
    assert text(organisation(*calls), "one-person") == said
    assert text(organisation(*calls[1:]), "one-person") is None
    assert text(organisation(*calls, encounter(0, with_=(BO.id,))), "one-person") is None
    assert text(organisation(*calls, ana={"left": TODAY}), "one-person") is None
    assert text(organisation(*calls[1:], encounter(0)), "one-person") is None  # of which nobody said who was there
    assert found(organisation(*calls))["one-person"].evidence[:2] == (ANA.id, calls[-1].id)


# ── all rules together ───────────────────────────────────────────────────────────────────────────────────


def test_every_rule_is_explained_with_its_threshold() -> None:
    names = {match[1] for rule in RULES if (match := re.match(r"(\w+)", rule.__name__))}
    assert len(names) == len(RULES) == len(explained)
    named = set(re.findall(r"`(\w+)`", " ".join(explained.values())))
    assert {field.name for field in fields(Thresholds)} == named
    for rule in RULES:
        assert rule.__doc__
        assert re.search(r"\.md|issue", rule.__doc__), rule


def test_thresholds_come_from_the_settings() -> None:
    assert Thresholds.of({"rival_days": 30, "no_such": 1}) == Thresholds(rival_days=30)


def test_long_texts_are_shortened_in_a_reason() -> None:
    long = text(person(*talks(1), issues=(issue("word " * 90, due=day(1)),)), "overdue")
    assert long is not None
    assert len(long) < 110
    assert "…” was due" in long


def test_they_rank_by_weight_then_silence_then_name() -> None:
    first = person(*talks(1), issues=(issue("send it", due=day(9)),))
    silent, zoe, adam = (
        person(*talks(days)).model_copy(update={"name": name, "id": name})
        for days, name in ((20, "Sil"), (1, "Zoe"), (1, "adam"))
    )
    busy = person(*talks(1), issues=(issue("later"),))
    everyone = [signs(each, each.encounters) for each in (zoe, busy, adam, silent, first)]
    ranked = pulse(everyone, TODAY)
    assert [each.name for each in ranked] == ["Søren Berg", "Sil", "adam", "Zoe"]
    assert ranked == pulse(reversed(everyone), TODAY)
    assert (ranked[1].days_since, ranked[1].cadence_days) == (20, None)


_CLEAN = re.compile("“[^”]*”")
_THRESHOLDS = st.builds(
    Thresholds, **{field.name: st.sampled_from([0, 0.5, 4, 1000, float("inf")]) for field in fields(Thresholds)}
)


@settings(max_examples=60)
@given(relationships(), st.dates(), st.one_of(st.just(DEFAULTS), _THRESHOLDS), st.sampled_from([None, "3w", "9999y"]))
def test_no_rule_raises_and_every_reason_is_one_kind_sentence(
    relationship: Relationship, today: date, thresholds: Thresholds, default: str | None
) -> None:
    timeline = sorted(relationship.encounters, key=lambda each: each.at)
    noticed = signs(relationship, timeline)
    why = reasons(noticed, today, thresholds, default)
    assert [each.weight for each in why] == sorted((each.weight for each in why), reverse=True)
    for reason in [*why, *filter(None, (rule(noticed, today, thresholds) for rule in RULES))]:
        assert reason.rule in explained
        assert reason.text.endswith(".")
        assert reason.text.isprintable()
        assert reason.weight > 0
        said = _CLEAN.sub("", reason.text).casefold()
        assert not any(word in said for word in FORBIDDEN), reason.text


def test_the_evidence_of_a_reason_is_ids_of_entries() -> None:
    need, calls = heard("sign-on", days_ago=99), talks(42)
    seen = found(person(*calls, heard=(need,), cadence="3w"))
    assert seen["past-cadence"].evidence == seen["nothing-open"].evidence == (calls[-1].id,)
    assert seen["unmet-need"].evidence == (need.id,)

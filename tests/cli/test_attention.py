"""`convo pulse`: "who needs attention, and why" (CONTRACT.md, "Commands")."""

from __future__ import annotations

import pytest

from convo_tui.core.pulse import AT_ONCE
from tests.cli.conftest import Convo


def add(convo: Convo, name: str, *notes: str, days: int = 30) -> None:
    """Someone to talk with every week, last spoken with so many days ago."""
    convo.done("new", name, "--cadence", "1w")
    convo.done("log", name, *(notes or ("hello\n! call again",)), "--at", f"{days} days ago")


def test_one_sentence_each_and_the_rest_folded(ana: Convo) -> None:
    """ "At most seven at a time, one sentence each, the rest folded"."""
    for number in range(AT_ONCE):
        add(ana, f"Bo {number}", days=30 + number)
    shown = ana.done("pulse").out.splitlines()
    assert shown[0] == "Bo 6 · It has been 5 weeks; you like to talk every week."
    assert len(shown) == AT_ONCE + 1
    assert shown[-1] == "1 more may like to hear from you; `convo pulse --all` shows everything"
    everything = ana.done("pulse", "--all").out.splitlines()
    assert everything[-1].startswith("Ana Ruiz · “send pricing for 40 seats #pricing” was due")
    assert len(everything) == AT_ONCE + 1


def test_further_reasons_are_folded_too(convo: Convo) -> None:
    add(convo, "Bo", "rival: Foo")
    said, folded = convo.done("pulse").out.splitlines()
    assert said == "Bo · It has been 4 weeks; you like to talk every week."
    assert folded == "2 more reasons; `convo pulse --all` shows everything"
    assert convo.done("pulse", "--all").out.splitlines() == [
        said,
        "  also: They mentioned “Foo” 4 weeks ago; it may be worth hearing what draws them.",
        "  also: Nothing is left open to come back to.",
    ]


def test_pulse_json_has_the_keys_of_the_contract(convo: Convo) -> None:
    """`pulse` → `[{relationship, relationship_id, rank, reasons: [text], days_since, cadence_days}]`."""
    add(convo, "Bo")
    add(convo, "Cleo", days=9)
    both = convo.done("pulse", "--json").json
    assert list(both[0]) == ["relationship", "relationship_id", "rank", "reasons", "days_since", "cadence_days"]
    assert [list(each.values())[2:] for each in both] == [
        [1, ["It has been 4 weeks; you like to talk every week."], 30, 7],
        [2, ["It has been 9 days; you like to talk every week."], 9, 7],
    ]


def test_nobody_needs_attention(convo: Convo) -> None:
    assert "convo new NAME" in convo.done("pulse").err
    convo.done("new", "An address")
    assert convo.done("pulse").out == "nobody needs attention today; enjoy the conversations that come\n"
    assert convo.done("pulse", "--json").json == []


def test_a_joint_encounter_is_contact_with_both(convo: Convo) -> None:
    """ "every relationship that took part … shows it in its timeline and counts it as contact"."""
    add(convo, "Bo")
    convo.done("new", "Cleo")
    convo.done("log", "cleo", "the three of us\n! write it down", "--with", "bo")
    assert convo.done("pulse", "--json").json == []
    later = convo.done("pulse", "--json", now="2026-12-22T10:30:00+01:00").json
    assert [(each["relationship"], each["days_since"]) for each in later] == [("Bo", 30)]


def test_every_rule_is_explained_with_its_threshold_as_it_is_set(convo: Convo) -> None:
    """Issue 7: each rule … its threshold in the settings with a documented default."""
    config = convo.home / "config" / "convo"
    config.mkdir(parents=True)
    (config / "config.toml").write_text("[pulse]\nrival_days = 7\n")
    lines = convo.done("pulse", "--rules").out.split("\n")
    assert "rival · A competitor was mentioned in the last `rival_days`; it fades day by day." in lines
    assert lines[lines.index("[pulse]") :].count("rival_days = 7") == 1
    assert "decider_days = 90" in lines


def test_the_settings_say_from_when_on(convo: Convo) -> None:
    """`default_cadence` · `[pulse]` thresholds."""
    convo.done("new", "Bo")
    convo.done("log", "bo", "! call\nrival: Foo", "--at", "20 days ago")
    config = convo.home / "config" / "convo"
    config.mkdir(parents=True)
    (config / "config.toml").write_text('default_cadence = "1w"\n[pulse]\nrival_days = 7\nmany = 3\n')
    result = convo.done("pulse", "--all")
    assert result.out == "Bo · It has been 3 weeks; you like to talk every week.\n"
    assert result.err.count("pulse.many is no threshold") == 1


@pytest.mark.parametrize(
    ("sort", "names"), [((), ["Cleo", "Dora", "Bo"]), (("--sort", "pulse"), ["Bo", "Cleo", "Dora"])]
)
def test_a_list_in_the_order_of_the_pulse(convo: Convo, sort: tuple[str, ...], names: list[str]) -> None:
    """`convo list --sort pulse`: those of the pulse first, then as without it."""
    convo.done("new", "Bo")
    convo.done("log", "bo", "rival: Foo", "--at", "9 days ago")
    for name, when in (("Cleo", "today"), ("Dora", "yesterday")):
        convo.done("new", name)
        convo.done("log", name, "! call", "--at", when)
    assert [each["name"] for each in convo.done("list", *sort, "--json").json] == names

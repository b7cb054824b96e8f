"""The commands that move issues and what was heard: carry, settle, park, drop, reopen, met."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.cli.conftest import Convo


def table(convo: Convo, kind: str, name: str = "ana-ruiz") -> dict[str, dict[str, Any]]:
    entries = tomllib.loads(convo.file(name).read_text()).get(kind, [])
    return {entry["text"].split()[0]: entry for entry in entries}


@pytest.fixture
def talked(ana: Convo) -> tuple[Convo, str]:
    """Ana, and the id of a second encounter yesterday."""
    return ana, ana.done("log", "ana", "hello", "--at", "yesterday", "--json").json["encounter"]


def test_carry_goes_into_the_newest_encounter(talked: tuple[Convo, str]) -> None:
    """`--in ENCOUNTER` (default: the newest saved)."""
    ana, newest = talked
    (said,) = ana.done("carry", "pricing", "--json").json
    assert table(ana, "issues")["send"]["carried"] == [newest]
    assert (said["text"], said["carried"], said["passed"]) == ("send pricing for 40 seats #pricing", 1, 0)


def test_carry_goes_into_the_encounter_that_is_named(talked: tuple[Convo, str]) -> None:
    ana, earlier = talked
    ana.done("log", "ana", "newer")
    ana.done("carry", "pricing", "--in", earlier[-8:])
    assert table(ana, "issues")["send"]["carried"] == [earlier]


def test_carrying_twice_or_into_its_own_opening_is_refused(talked: tuple[Convo, str]) -> None:
    """ "An issue is carried into an encounter at most once, never into one at or before its opening"."""
    ana, _ = talked
    ana.done("carry", "pricing")
    assert "already" in ana("carry", "pricing").err
    opening = table(ana, "issues")["who"]["opened_in"]
    result = ana("carry", "signs", "--in", opening)
    assert (result.code, result.err.count("\n")) == (1, 1)


def test_carry_without_an_encounter_is_refused(convo: Convo) -> None:
    convo.done("new", "Ana")
    with convo.file("ana").open("a") as file:
        file.write('\n[[issues]]\nid = "20261101-q2w3e4r5"\ntext = "a thing"\n')
    result = convo("carry", "thing")
    assert result.code == 1
    assert "no encounter with Ana yet" in result.err


def test_settle_closes_with_an_outcome(talked: tuple[Convo, str]) -> None:
    ana, newest = talked
    out = ana.done("settle", "pricing", "--outcome", "38 seats").out
    issue = table(ana, "issues")["send"]
    assert (issue["state"], issue["outcome"], issue["closed_in"]) == ("settled", "38 seats", newest)
    assert issue["closed"].isoformat() == "2026-11-22T10:30:00+01:00"
    assert out == "settled send pricing for 40 seats #pricing · Ana Ruiz · 38 seats\n"


def test_settle_in_an_encounter_closes_when_that_was(talked: tuple[Convo, str]) -> None:
    ana, newest = talked
    ana.done("settle", "pricing", "--in", newest)
    assert table(ana, "issues")["send"]["closed"].isoformat() == "2026-11-21T12:00:00+01:00"


def test_an_encounter_of_others_or_before_the_issue_is_refused(talked: tuple[Convo, str]) -> None:
    ana, newest = talked
    ana.done("new", "Bo")
    other = ana.done("log", "bo", "! of bo", "--json").json["encounter"]
    assert "took no part" in ana("settle", "pricing", "--in", other).err
    ana.done("log", "ana", "! brand new")
    assert "newer than" in ana("settle", "brand", "--in", newest).err
    assert "no encounter" in ana("settle", "pricing", "--in", "zzzzzzzz").err


def test_a_recurring_issue_opens_its_next(ana: Convo) -> None:
    """`every = "1m"`: "settling opens the next one"."""
    ana.done("log", "ana", "! report every:1m due:2026-11-30")
    assert "opened report · Ana Ruiz · Wed 30 Dec\n" in ana.done("settle", "report").out
    (again,) = [each for each in ana.done("issues", "--json").json if each["text"] == "report"]
    assert again["due"] == "2026-12-30"


def test_json_of_a_settled_issue_has_the_next_one(ana: Convo) -> None:
    """An issue has the keys of the contract; settled, also `next`: the one that it opened, or null."""
    ana.done("log", "ana", "! report every:1m due:2026-11-30")
    report, pricing = ana.done("settle", "report", "pricing", "--json").json
    (again,) = [each for each in ana.done("issues", "--json").json if each["text"] == "report"]
    assert (report["state"], report["opened"], report["next"]) == ("settled", "2026-11-22T10:30:00+01:00", again)
    assert (pricing["state"], pricing["next"]) == ("settled", None)
    assert "next" not in ana.done("reopen", "pricing", "--json").json[0]


def test_park_with_and_without_a_day(ana: Convo) -> None:
    """`--until WHEN`; parked: "out of sight until a date or until reopened"."""
    ana.done("park", "pricing", "--until", "2026-12-15")
    ana.done("park", "signs")
    assert table(ana, "issues")["send"]["parked_until"].isoformat() == "2026-12-15"
    assert table(ana, "issues")["who"]["state"] == "parked"
    assert ana.done("issues", "--json").json == []
    assert ana("park", "signs", "--until", "2026-11-01").code == 1


def test_drop_and_reopen(ana: Convo) -> None:
    """ "Reopening removes `closed closed_in outcome parked_until`"."""
    before = ana.file("ana-ruiz").read_bytes()
    ana.done("drop", "pricing", "--outcome", "no budget")
    assert table(ana, "issues")["send"]["state"] == "dropped"
    ana.done("reopen", "pricing")
    assert ana.file("ana-ruiz").read_bytes() == before
    assert "open already" in ana("reopen", "pricing").err


def test_met_drop_and_reopen_of_what_was_heard(ana: Convo) -> None:
    """`convo met HEARD…`: "`met` the day it was met"; "`dropped` no longer so"."""
    (said,) = ana.done("met", "afraid", "--json").json
    assert said["met"] == "2026-11-22"
    (said,) = ana.done("reopen", "afraid", "--json").json
    assert said["met"] is None
    ana.done("drop", "afraid")
    assert table(ana, "heard")["afraid"]["dropped"].isoformat() == "2026-11-22"


def test_several_are_done_together_across_files(ana: Convo) -> None:
    ana.done("new", "Bo")
    ana.done("log", "bo", "! of bo")
    said = ana.done("settle", "pricing", "of bo", "signs", "signs", "--json").json
    assert [each["state"] for each in said] == ["settled"] * 3


@pytest.mark.parametrize("second", ["nonsense", "legal"])
def test_when_one_is_missing_or_ambiguous_nothing_is_done(ana: Convo, second: str) -> None:
    """ "several match: they are listed and nothing is done"."""
    ana.done("log", "ana", "! ask legal")
    before = ana.file("ana-ruiz").read_bytes()
    result = ana("settle", "pricing", second)
    assert (result.code, result.err.count("\n")) == (1, 1)
    if second == "legal":
        assert "ask legal" in result.err
        assert "who signs in legal?" in result.err
    assert ana.file("ana-ruiz").read_bytes() == before


def test_when_one_is_refused_nothing_is_done(ana: Convo) -> None:
    ana.done("new", "Bo")
    ana.done("log", "bo", "! of bo", "--at", "yesterday")
    ana.done("log", "bo", "later")
    before = ana.file("bo").read_bytes()
    assert ana("carry", "of bo", "pricing").code == 1
    assert ana.file("bo").read_bytes() == before


def test_an_issue_is_named_by_its_id_or_its_end(ana: Convo) -> None:
    """ "an id or its ending of at least 4 characters, the exact text, then all words"."""
    identity = table(ana, "issues")["send"]["id"]
    ana.done("settle", identity[-4:])
    ana.done("reopen", identity)
    ana.done("settle", "seats 40 send")
    assert table(ana, "issues")["send"]["state"] == "settled"
    assert "settled already" in ana("settle", identity).err


def test_what_was_heard_keeps_no_outcome_so_none_is_thrown_away(ana: Convo) -> None:
    """`[[heard]]` has no `outcome`; "1 nothing done (… refused)"."""
    before = ana.file("ana-ruiz").read_bytes()
    for queries in (("afraid",), ("pricing", "afraid")):
        result = ana("drop", *queries, "--outcome", "no budget")
        assert (result.code, result.err.count("\n"), result.out) == (1, 1, "")
        assert "leave --outcome out" in result.err
    assert ana.file("ana-ruiz").read_bytes() == before

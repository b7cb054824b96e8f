"""`convo built HEARD…`: an idea of theirs was built, and waits to be told."""

from __future__ import annotations

import tomllib

from tests.cli.conftest import Convo


def test_a_built_idea_waits_to_be_told_until_the_issue_is_settled(ana: Convo) -> None:
    """ "an idea that was built is waiting to be told" (PRODUCT.md)"""
    ana.done("log", "ana", "idea: a darker theme")
    said = ana.done("built", "darker").out.splitlines()
    assert said[0].startswith("built a darker theme · Ana Ruiz")
    assert said[1].startswith("opened tell Ana Ruiz that we built: a darker theme")
    assert "built, waiting to be told" in ana.done("heard", "ana", "--kind", "idea").out
    assert "built, waiting" not in ana.done("heard", "--kind", "unsaid").out
    again = ana.done("built", "darker", now="2026-11-23T10:00:00+01:00").out
    assert "opened" not in again
    ana.done("settle", "we built", now="2026-11-24T10:00:00+01:00")
    assert [each["met"] for each in ana.done("heard", "--kind", "idea", "--json").json] == ["2026-11-24"]
    ana.done("undo")
    assert "built, waiting to be told" in ana.done("heard").out


def test_built_json_is_the_idea_and_next_the_issue_that_tells_them(ana: Convo) -> None:
    """heard → `{id, relationship, relationship_id, kind, text, at, heard_in, met}`"""
    ana.done("log", "ana", "idea: a darker theme\nidea: a lighter one")
    (said,) = ana.done("built", "darker", "--json").json
    keys = ["id", "relationship", "relationship_id", "kind", "text", "at", "heard_in", "met"]
    assert list(said) == [*keys, "next"]
    assert (said["kind"], said["met"], said["next"]["owner"]) == ("idea", None, "me")
    issues = tomllib.loads(ana.file("ana-ruiz").read_text())["issues"]
    assert said["next"]["id"] == issues[-1]["id"]


def test_what_is_no_idea_or_is_met_is_refused_and_nothing_is_done(ana: Convo) -> None:
    """ "1 nothing done (… refused)\""""
    ana.done("log", "ana", "idea: a darker theme\nidea: a lighter one")
    ana.done("met", "lighter")
    before = ana.file("ana-ruiz").read_bytes()
    for query, why in (("afraid", "only ideas are built"), ("lighter", "met already; reopen it first")):
        refused = ana("built", "darker", query)
        assert (refused.code, why in refused.err) == (1, True)
    assert ana.file("ana-ruiz").read_bytes() == before
    assert "built" in ana.done("--help").out

"""Someone types faster than the program answers: no key is lost, none goes elsewhere than it was meant for."""

from __future__ import annotations

import pytest
from journey import ANA, LEGAL, PRICING, Home


async def test_the_number_after_s_is_the_issues(ana: Home) -> None:
    """SCREENS.md: `s` without a selection numbers the issues: `s2` settles the second."""
    async with ana.convo() as convo:
        await convo.hurry("s", "2")
    assert ana.entry("ana", "issues", LEGAL)["state"] == "settled"


@pytest.mark.parametrize("said", ["quit the lease", "N i x u 1 2 3"])
async def test_the_words_after_i_are_the_issue(ana: Home, said: str) -> None:
    async with ana.convo() as convo:
        await convo.hurry("i", *(" " if each == " " else each for each in said), "enter")
    assert ana.file("ana")["issues"][-1]["text"] == said
    assert len(ana.file("ana")["issues"]) == 4


async def test_the_name_after_n_is_the_new_relationships(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.hurry("N", *"Zoe Quist", "enter")
    assert ana.file("zoe-quist")["name"] == "Zoe Quist"


async def test_one_question_follows_another(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.hurry("p", "1", *"2w", "enter")
    parked = ana.entry("ana", "issues", PRICING)
    assert (parked["state"], str(parked["parked_until"])) == ("parked", "2026-12-06")


async def test_what_follows_an_answer_is_a_key_again(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.hurry("t", "1", *"2w", "enter", "x", "2")
        await convo.press("u", "u")
        assert [each.split(":")[0] for each in convo.said[-2:]] == ["Taken back", "Taken back"]
    assert ana.path("ana").read_text() == ANA

"""Someone works on what is open: each key on an issue, on a need, on an encounter; `u` and `U` for each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from journey import ANA, LAST, LEGAL, NOW, PRICING, SECOND, SPONSOR, UNSAID, Home, Screenful

TODAY = NOW.date()


async def there_and_back(home: Home, convo: Screenful, identity: str, changed: dict[str, Any]) -> None:
    """What was done stands in the file; `u` takes it back byte for byte, `U` does it again."""
    table = "heard" if identity == UNSAID else "encounters" if identity in (LAST, SECOND) else "issues"

    def held() -> dict[str, Any]:
        entry = home.entry("ana", table, identity)
        return {key: entry.get(key) for key in changed}

    assert held() == changed
    await convo.press("u")
    assert home.path("ana").read_text() == ANA
    await convo.press("U")
    assert held() == changed
    await convo.press("u")
    assert home.path("ana").read_text() == ANA


@pytest.mark.parametrize(
    ("key", "changed"),
    [
        ("s", {"state": "settled", "closed_in": LAST}),
        ("x", {"state": "dropped", "closed_in": LAST}),
        ("o", {"owner": "us"}),
    ],
)
async def test_one_key_acts_on_the_issue_selected(ana: Home, key: str, changed: dict[str, Any]) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press(key)
        assert any("u takes it back" in said for said in convo.said)
        await there_and_back(ana, convo, LEGAL, changed)


async def test_c_carries_into_the_newest_encounter(ana: Home) -> None:
    """CONTRACT.md: An issue is carried into an encounter at most once, never into one at or before its opening."""
    text = ANA.replace(f', "{LAST}"]', "]")
    ana.put(ana=text)
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{PRICING}")
        await convo.press("c")
        assert ana.entry("ana", "issues", PRICING)["carried"] == [SECOND, LAST]
        await convo.press("c")
        assert ana.entry("ana", "issues", PRICING)["carried"] == [SECOND, LAST]
        assert "already" in convo.said[-1]
        await convo.press("u")
        assert ana.path("ana").read_text() == text


async def test_capital_c_carries_all_that_may_be_carried(ana: Home) -> None:
    ana.put(ana=ANA.replace(f', "{LAST}"]', "]"))
    async with ana.convo() as convo:
        await convo.press("C")
    assert ana.entry("ana", "issues", PRICING)["carried"] == [SECOND, LAST]
    assert "carried" not in ana.entry("ana", "issues", LEGAL), "it was opened in that encounter"


async def test_an_issue_is_parked_until_a_day_and_reopened(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("p")
        await convo.answer("2w")
        assert "who signs" not in convo.told("brief")
        assert "1 parked · 1 settled" in convo.told("brief")
        parked = {"state": "parked", "parked_until": date(2026, 12, 6)}
        await there_and_back(ana, convo, LEGAL, parked)
        await convo.press("U")
        await convo.select("brief", "closed")
        await convo.press("enter")
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("r")
    assert ana.path("ana").read_text() == ANA


async def test_a_date_that_is_none_is_refused_in_place_and_can_be_mended(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("p")
        await convo.answer("some day")
        assert "some day" in convo.text, "the line stays to be mended"
        assert len(convo.app.screen_stack) == 3
        await convo.answer("fri")
        assert ana.entry("ana", "issues", LEGAL)["parked_until"] == date(2026, 11, 27)


async def test_escape_from_a_question_does_nothing(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{LEGAL}")
        for key in ("p", "t", "i"):
            await convo.press(key, "escape")
            assert convo.focused == "brief"
    assert ana.path("ana").read_text() == ANA


async def test_a_due_date_is_set_and_taken_away(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("t")
        await convo.answer("fri")
        await there_and_back(ana, convo, LEGAL, {"due": date(2026, 11, 27)})
        await convo.select("brief", f"issue:{PRICING}")
        await convo.press("t")
        await convo.answer("")
        assert "due" not in ana.entry("ana", "issues", PRICING)


async def test_a_settled_issue_is_reopened(ana: Home) -> None:
    """CONTRACT.md: Reopening removes `closed closed_in outcome parked_until`."""
    async with ana.convo() as convo:
        await convo.select("brief", "closed")
        await convo.press("enter")
        await convo.select("brief", f"issue:{SPONSOR}")
        await convo.press("r")
        await there_and_back(ana, convo, SPONSOR, {"state": "open", "closed": None, "closed_in": None, "outcome": None})


@pytest.mark.parametrize(("key", "field"), [("s", "met"), ("x", "dropped")])
async def test_a_need_is_met_or_dropped(ana: Home, key: str, field: str) -> None:
    async with ana.convo() as convo:
        await convo.select("brief", f"heard:{UNSAID}")
        await convo.press(key)
        assert "afraid" not in convo.told("brief")
        await there_and_back(ana, convo, UNSAID, {field: TODAY})


async def test_without_a_selection_the_issues_are_numbered(ana: Home) -> None:
    """SCREENS.md: `s` without a selection numbers the issues: `s2` settles the second."""
    async with ana.convo() as convo:
        await convo.press("s")
        assert "Settle which one?" in convo.text
        await convo.press("2")
        assert ana.entry("ana", "issues", LEGAL)["state"] == "settled"
        assert ana.entry("ana", "issues", PRICING)["state"] == "open"
        await convo.press("o", "1")
        assert ana.entry("ana", "issues", PRICING)["owner"] == "them"
        await convo.press("x", "7")
        await convo.press("x", "escape")
    assert ana.entry("ana", "issues", PRICING)["state"] == "open"


async def test_where_nothing_is_open_the_keys_say_so(three: Home) -> None:
    async with three.convo(start="20240301-b01indq1") as convo:
        before = three.path("bo").read_text()
        await convo.press("c", "s", "p", "x", "C")
        assert len(convo.app.screen_stack) == 2
    assert three.path("bo").read_text() == before


async def test_while_a_note_is_typed_carrying_and_settling_go_through_it(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("talking")
        await convo.press("escape", "C", "s", "2")
        assert convo.note == "talking\n~ *\n=2 : "
        assert convo.focused == "note"
        await convo.write("Jo signs")
        assert ana.path("ana").read_text() == ANA, "nothing is done before the end"
        await convo.press("ctrl+s")
    assert ana.entry("ana", "issues", LEGAL)["outcome"] == "Jo signs"


async def test_i_opens_an_issue_with_the_grammar_of_notes(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("i")
        await convo.answer("book the room @us due:fri every:1m #pilot")
        assert "book the room #pilot" in convo.told("brief")
        await convo.press("i")
        await convo.answer("   ")
        await convo.press("i")
        await convo.answer("@us due:fri")
        assert "words" in convo.said[-1]
    opened = ana.file("ana")["issues"][3:]
    assert [(each["text"], each["owner"], each["due"], each["every"]) for each in opened] == [
        ("book the room #pilot", "us", date(2026, 11, 27), "1m")
    ]


async def test_i_while_a_note_is_typed_opens_it_by_the_note(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("talking")
        await convo.press("escape", "i")
        await convo.answer("? who pays")
        assert convo.note == "talking\n? who pays"
        await convo.press("enter", "ctrl+s")
    assert (ana.file("ana")["issues"][-1]["text"], ana.file("ana")["issues"][-1]["owner"]) == ("who pays", "them")


async def test_spark_and_nature_of_an_encounter_in_the_timeline(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.select("timeline", f"encounter:{SECOND}")
        await convo.press("5")
        await there_and_back(ana, convo, SECOND, {"spark": 5})
        await convo.press("m")
        await there_and_back(ana, convo, SECOND, {"nature": "transaction"})
        await convo.press("3")
        assert "spark" not in ana.entry("ana", "encounters", SECOND), "the same again takes it away"


async def test_a_recurring_issue_opens_the_next_one_when_settled(ana: Home) -> None:
    """CONTRACT.md: every: settling opens the next one."""
    ana.put(ana=ANA.replace("due = 2026-11-27", 'due = 2026-11-27\nevery = "1m"'))
    async with ana.convo() as convo:
        await convo.select("brief", f"issue:{PRICING}")
        await convo.press("s")
        assert "send pricing" in convo.told("brief")
    assert [each["state"] for each in ana.file("ana")["issues"] if "pricing" in each["text"]] == ["settled", "open"]

"""Someone listens: what they need, what they suggested, what was built and waits to be told."""

from __future__ import annotations

from typing import Any

import pytest
from journey import ANA, BO, LAST, Home, Screenful

from convo_tui.core.telling import telling_id
from convo_tui.tui.screens.heard import HeardView
from convo_tui.tui.widgets.line_list import LineList

UNSAID, IDEA, RIVAL, MET = "20261119-unsa1d01", "20261119-1dea0001", "20261001-r1va1001", "20261001-need0001"
LISTENED = (
    ANA
    + f"""
[[heard]]
id = "{IDEA}"
kind = "idea"
text = "a darker theme"
heard_in = "{LAST}"
"""
)
OTHER = (
    BO
    + f"""
[[heard]]
id = "{RIVAL}"
kind = "rival"
text = "Kestrel has called him"

[[heard]]
id = "{MET}"
kind = "need"
text = "a quiet hour"
met = 2026-10-09
"""
)


@pytest.fixture
def home(tmp_path: Any) -> Home:
    return Home(tmp_path).put(ana=LISTENED, bo=OTHER)


def lines(convo: Screenful, side: str = "rows") -> list[str]:
    lists = convo.app.screen.query(f"#{side}").results(LineList)  # none while it is being put together
    return [each._rows[index].content.plain.strip() for each in lists for index in range(len(each._rows))]


def headings(convo: Screenful) -> list[str]:
    return [each for each in lines(convo) if each[:1] not in ("", "◇", "◆", "·", "✓")]


async def listening(convo: Screenful) -> HeardView:
    await convo.press("L")
    await convo.until(lambda: isinstance(convo.app.screen, HeardView) and lines(convo, "closer"), "what was heard")
    view = convo.app.screen
    assert isinstance(view, HeardView)
    return view


async def test_they_hear_one_then_everyone_by_kind_and_by_relationship_and_unfold_what_is_over(home: Home) -> None:
    async with home.convo(start="20240301-anaruiz1") as convo:
        view = await listening(convo)
        assert headings(convo) == ["UNMET  1", "THEIR IDEAS  1"]
        assert lines(convo)[1].endswith("3d")
        await convo.press("w")
        await convo.until(lambda: "RIVALS  1" in headings(convo))
        assert headings(convo)[-1] == "▸ 1 met or no longer so"
        await convo.press("b", "L")
        await convo.until(lambda: headings(convo)[:2] == ["Ana Ruiz  2", "Bo Lindqvist  1"])
        assert lines(convo)[-1].startswith("· need    a quiet hour")
        view.listed.select(f"heard:{IDEA}@20240301-anaruiz1")
        await convo.until(lambda: "a darker theme" in lines(convo, "closer")[0])
        await convo.press("tab", "enter")
        await convo.until(lambda: convo.list("timeline").selected == f"encounter:{LAST}")


async def test_an_idea_that_was_built_waits_until_it_is_told(home: Home) -> None:
    async with home.convo(start="20240301-anaruiz1") as convo:
        await listening(convo)
        await convo.press("B")
        await convo.until(lambda: bool(convo.said))
        assert "only ideas are built" in convo.said[-1]
        await convo.press("j", "B")
        await convo.until(lambda: "BUILT, AND WAITING TO BE TOLD  1" in headings(convo))
        await convo.until(lambda: any("settling that issue" in each for each in lines(convo, "closer")))
        await convo.press("tab", "G", "s")
        await convo.until(lambda: headings(convo) == ["UNMET  1", "▸ 1 met or no longer so"])
        assert home.entry("ana", "issues", telling_id(IDEA))["state"] == "settled"
        assert str(home.entry("ana", "heard", IDEA)["met"]) == "2026-11-22"
        await convo.press("u", "u")
        await convo.until(lambda: home.path("ana").read_text() == LISTENED)


async def test_needs_are_met_dropped_and_reopened_where_they_stand(home: Home) -> None:
    async with home.convo(start="20240301-anaruiz1") as convo:
        await listening(convo)
        await convo.press("space", "space", "x")
        await convo.until(lambda: headings(convo) == ["▸ 2 met or no longer so"])
        await convo.press("enter")
        await convo.until(lambda: len(lines(convo)) == 3)
        await convo.press("g", "j", "r")
        await convo.until(lambda: len(headings(convo)) == 2)
        await convo.press("u")
        await convo.until(lambda: len(headings(convo)) == 1)
        await convo.press("u")
        await convo.until(lambda: headings(convo) == ["UNMET  1", "THEIR IDEAS  1"])
        await convo.press("g", "s")
        await convo.until(lambda: "met" in home.entry("ana", "heard", UNSAID))

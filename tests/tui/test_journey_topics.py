"""Someone looks at what they are talking about, with one of them and with everyone, and goes to where it was said."""

from __future__ import annotations

from typing import Any

from journey import ANA, BO, PRICING, Home, Screenful

from convo_tui.tui.screens.topics import TopicsView
from convo_tui.tui.widgets.line_list import LineList

BUSY = (
    BO
    + """
[[encounters]]
id = "20261120-b0ca1100"
at = 2026-11-20T10:00:00+01:00
channel = "call"
nature = "conversation"
note = "He asked about #pricing too."
"""
)


def lines(convo: Screenful, side: str = "rows") -> list[str]:
    lists = convo.app.screen.query(f"#{side}").results(LineList)  # none while it is being put together
    return [each._rows[index].content.plain.strip() for each in lists for index in range(len(each._rows))]


def heading(convo: Screenful) -> str:
    return str(convo.app.screen.query_one(".sides--box").border_title)


async def topics(convo: Screenful) -> None:
    await convo.press("#")
    await convo.until(lambda: isinstance(convo.app.screen, TopicsView) and lines(convo, "closer"), "the topics")


async def test_they_see_the_thread_of_a_topic_settle_its_issue_there_and_go_to_an_encounter(tmp_path: Any) -> None:
    home = Home(tmp_path).put(ana=ANA, bo=BUSY)
    async with home.convo(start="20240301-anaruiz1") as convo:
        await topics(convo)
        assert heading(convo) == "We are talking about · with Ana Ruiz"
        assert [" ".join(each.split()) for each in lines(convo)] == [
            "#pricing 3 encounters since November 1 open",
            "#pilot 2 encounters since November",
        ]
        assert lines(convo, "closer")[2:6] == [
            "Thu 19 Nov · call", "carried  send pricing for 40 seats #pricing", "", "Thu 12 Nov · call",
        ]  # fmt: skip
        await convo.press("enter", "j", "s")
        await convo.until(lambda: home.entry("ana", "issues", PRICING)["state"] == "settled", "the issue")
        await convo.until(lambda: "open" not in lines(convo)[0])
        await convo.press("u")
        await convo.until(lambda: "1 open" in lines(convo)[0])
        await convo.press("j", "enter")
        await convo.until(lambda: convo.list("timeline").selected == "encounter:20261112-enc00002")


async def test_with_everyone_it_says_with_whom_and_leads_to_them(tmp_path: Any) -> None:
    home = Home(tmp_path).put(ana=ANA, bo=BUSY)
    async with home.convo(start="20240301-anaruiz1") as convo:
        await topics(convo)
        await convo.press("w")
        await convo.until(lambda: heading(convo).endswith("with everyone") and "Bo" in lines(convo, "closer")[2])
        assert "4 encounters" in lines(convo)[0]
        assert lines(convo, "closer")[2:4] == ["Fri 20 Nov · Bo Lindqvist", "He asked about #pricing too."]
        await convo.press("n", "i", "@")
        assert isinstance(convo.app.screen, TopicsView), "there is nobody whom it would be with"
        await convo.press("tab", "enter")
        await convo.until(lambda: convo.list("timeline").selected == "encounter:20261120-b0ca1100")
        assert convo.selected == "Bo Lindqvist"

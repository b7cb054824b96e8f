"""Someone goes through the agenda: what is due with anyone, worked on where it stands, one or several."""

from __future__ import annotations

from typing import Any

import pytest
from journey import ANA, BO, LAST, LEGAL, PRICING, Home, Screenful

from convo_tui.tui.screens.agenda import AgendaView
from convo_tui.tui.widgets.line_list import LineList

SAIL, BOOK = "20261020-sai1ing1", "20261020-b00k0001"
BUSY = (
    BO
    + f"""
[[issues]]
id = "{SAIL}"
text = "send him the charts"
owner = "me"
state = "open"
opened = 2026-10-20T10:00:00+02:00
due = 2026-11-20

[[issues]]
id = "{BOOK}"
text = "lend her the book"
owner = "us"
state = "open"
opened = 2026-10-20T10:00:00+02:00
"""
)


@pytest.fixture
def busy(tmp_path: Any) -> Home:
    return Home(tmp_path).put(ana=ANA, bo=BUSY)


def lines(convo: Screenful, side: str = "rows") -> list[str]:
    lists = convo.app.screen.query(f"#{side}").results(LineList)  # none while it is being put together
    return [each._rows[index].content.plain.rstrip() for each in lists for index in range(len(each._rows))]


def texts(convo: Screenful) -> list[str]:
    return [
        each for each in ("charts", "book", "pricing", "signs in legal") if any(each in line for line in lines(convo))
    ]


async def agenda(convo: Screenful) -> AgendaView:
    await convo.press("a")
    await convo.until(lambda: isinstance(convo.app.screen, AgendaView) and lines(convo), "the agenda")
    view = convo.app.screen
    assert isinstance(view, AgendaView)
    return view


async def test_they_see_what_is_due_and_one_key_more_shows_the_rest(busy: Home) -> None:
    async with busy.convo() as convo:
        await convo.press("n", "f2")  # also while typing
        await convo.until(lambda: isinstance(convo.app.screen, AgendaView) and texts(convo) == ["charts", "pricing"])
        assert "OVERDUE" in lines(convo)[0]
        assert "2 more have time" in lines(convo)[-1]
        await convo.press("a")
        await convo.until(lambda: texts(convo) == ["charts", "book", "pricing", "signs in legal"])
        await convo.press("b")
        await convo.until(lambda: lines(convo)[0].startswith("MY MOVE"))
        await convo.press("b")
        await convo.until(lambda: lines(convo)[0].startswith("Bo Lindqvist"))
        await convo.press("escape")
        assert convo.mode == "writing"


async def test_they_settle_where_it_stands_and_take_it_back(busy: Home) -> None:
    async with busy.convo() as convo:
        await agenda(convo)
        await convo.press("s")
        await convo.until(lambda: texts(convo) == ["pricing"])
        assert busy.entry("bo", "issues", SAIL)["state"] == "settled"
        await convo.press("u")
        await convo.until(lambda: texts(convo) == ["charts", "pricing"])
        assert busy.path("bo").read_text() == BUSY
        await convo.press("g", "o")
        await convo.until(lambda: busy.entry("bo", "issues", SAIL)["owner"] == "them")


async def test_they_mark_several_of_several_people_and_set_one_day_for_all_as_one_change(busy: Home) -> None:
    async with busy.convo() as convo:
        view = await agenda(convo)
        await convo.press("a")
        await convo.until(lambda: len(texts(convo)) == 4)
        await convo.press("space", "space")
        assert len(view.marked) == 2
        assert "2 marked · s settles" in str(view.query_one(".sides--box").border_subtitle)
        await convo.press("t")
        await convo.answer("24 dec")
        await convo.until(lambda: not view.marked, "the marks to go")
        assert str(busy.entry("bo", "issues", SAIL)["due"]) == str(busy.entry("ana", "issues", PRICING)["due"])
        await convo.press("u")
        await convo.until(lambda: (busy.path("ana").read_text(), busy.path("bo").read_text()) == (ANA, BUSY))


async def test_what_a_rule_is_against_is_refused_for_all_of_them(busy: Home) -> None:
    async with busy.convo() as convo:
        view = await agenda(convo)
        await convo.press("a", "b")
        await convo.until(lambda: len(texts(convo)) == 4 and lines(convo)[0].startswith("MY MOVE"))
        await convo.press("space", "space", "space", "space", "c")
        await convo.until(lambda: bool(convo.said))
        assert "it is carried into that encounter already" in convo.said[-1] or "opened" in convo.said[-1]
        assert len(view.marked) == 4
        assert (busy.path("ana").read_text(), busy.path("bo").read_text()) == (ANA, BUSY)


async def test_enter_goes_to_the_issue_and_n_begins_an_encounter(busy: Home) -> None:
    async with busy.convo() as convo:
        await agenda(convo)
        await convo.press("j", "enter")
        await convo.until(lambda: convo.list("brief").selected == f"issue:{PRICING}")
        assert convo.selected == "Ana Ruiz"
        await agenda(convo)
        await convo.press("n")
        await convo.until(lambda: convo.mode == "writing")
        assert "Bo" in convo.title


async def test_from_closer_by_enter_goes_to_the_encounter(busy: Home) -> None:
    async with busy.convo() as convo:
        await agenda(convo)
        await convo.press("j")
        await convo.until(lambda: "ITS WAY" in lines(convo, "closer"))
        await convo.press("tab", "G", "enter")
        await convo.until(lambda: convo.list("timeline").selected == f"encounter:{LAST}")


async def test_the_curtain_keeps_it_hidden(busy: Home) -> None:
    async with busy.convo() as convo:
        await convo.press("f8", "f2")
        assert not isinstance(convo.app.screen, AgendaView)


async def test_several_are_marked_and_settled_in_the_brief_too(busy: Home) -> None:
    async with busy.convo(start="20240301-anaruiz1") as convo:
        await convo.select("brief", f"issue:{PRICING}")
        await convo.press("space", "space")
        assert sum(line.startswith(" ✓ ") for line in convo.lines("brief")) == 2
        await convo.press("s")
        assert {busy.entry("ana", "issues", each)["state"] for each in (PRICING, LEGAL)} == {"settled"}
        assert not convo.journal.marked
        await convo.press("u")
        assert busy.path("ana").read_text() == ANA
        await convo.select("brief", f"issue:{LEGAL}")
        await convo.press("space")
        await convo.talk_to("Bo Lindqvist")
        assert not convo.journal.marked, "marks are gone with the relationship"

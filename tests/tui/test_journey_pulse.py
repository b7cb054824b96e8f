"""Someone looks who needs attention, and why; what shows it is one key away, and whoever is fine is left alone."""

from __future__ import annotations

from typing import Any

import pytest
from journey import ANA, BO, CHIARA, PRICING, Home, Screenful

from convo_tui.store import shelf
from convo_tui.store.lookup import Progress
from convo_tui.tui.screens.prompts import Ask
from convo_tui.tui.screens.pulse import PulseView
from convo_tui.tui.widgets.line_list import LineList

LATE = ANA.replace("due = 2026-11-27", "due = 2026-11-20")
"""Ana waits for the pricing."""

TEAM = "".join(
    f"""
[[people]]
id = "20240301-person0{number}"
name = "{name}"
role = "{role}"
influence = "{influence}"
stance = "{stance}"
"""
    for number, name, role, influence, stance in (
        (1, "Ines [Roca]", "Legal", "decides", "critic"),
        (2, "Jo", "", "uses", "unknown"),
    )
)
ACME = (
    'format = 1\nid = "20240301-acme0001"\nname = "Acme GmbH"\nkind = "organisation"\ncadence = "1m"\n'
    + TEAM
    + """
[[encounters]]
id = "20261120-ta1k0001"
at = 2026-11-20T10:00:00+01:00
channel = "call"
with = ["20240301-person02"]
nature = "conversation"
"""
)


@pytest.fixture
def known(tmp_path: Any) -> Home:
    """Ana waits for something, Bo was last spoken with a month ago, Chiara is an address."""
    return Home(tmp_path).put(ana=LATE, bo=BO, chiara=CHIARA)


def lines(convo: Screenful, side: str = "rows") -> list[str]:
    lists = convo.app.screen.query(f"#{side}").results(LineList)  # none while it is being put together
    return [each._rows[index].content.plain.rstrip() for each in lists for index in range(len(each._rows))]


def names(convo: Screenful) -> list[str]:
    """Who is listed: a name stands at the beginning of a line, why is indented."""
    return [line[1:].split("  ")[0] for line in lines(convo) if line[:1] == " " and line[1:2] not in (" ", "▸", "▾")]


def told(convo: Screenful) -> str:
    """Why the selected one needs attention, wherever the lines break."""
    return " ".join(" ".join(lines(convo, "closer")).split())


async def pulse(convo: Screenful) -> PulseView:
    await convo.press("v")
    await convo.until(lambda: isinstance(convo.app.screen, PulseView) and lines(convo), "the pulse")
    view = convo.app.screen
    assert isinstance(view, PulseView)
    return view


async def test_they_see_who_waits_and_why_and_go_from_what_shows_it_to_where_it_stands(known: Home) -> None:
    async with known.convo() as convo:
        await convo.press("n", "f3")  # also while typing
        await convo.until(
            lambda: isinstance(convo.app.screen, PulseView) and names(convo) == ["Ana Ruiz", "Bo Lindqvist"]
        )
        assert "“send pricing for 40 seats #pricing” was due 2 days ago" in lines(convo)[1]
        assert lines(convo)[0].split() == ["Ana", "Ruiz", "3", "days"]
        await convo.until(lambda: any("me     send pricing" in line for line in lines(convo, "closer")))
        await convo.press("tab", "o")  # the issue that shows it
        await convo.until(lambda: known.entry("ana", "issues", PRICING)["owner"] == "them")
        await convo.until(lambda: names(convo) == ["Bo Lindqvist"])
        await convo.press("u")
        await convo.until(lambda: names(convo) == ["Ana Ruiz", "Bo Lindqvist"])
        await convo.press("left", "g", "right", "enter")
        await convo.until(lambda: convo.list("brief").selected == f"issue:{PRICING}")
        assert convo.selected == "Ana Ruiz"


async def test_they_leave_somebody_alone_until_a_day_and_take_it_back(known: Home) -> None:
    async with known.convo() as convo:
        await pulse(convo)
        await convo.press("z")
        await convo.until(lambda: isinstance(convo.app.screen, Ask))
        await convo.answer("yesterday")
        assert "is not to come" in convo.text
        await convo.answer("10 dec")
        await convo.until(lambda: names(convo) == ["Bo Lindqvist"])
        assert convo.said[-1] == "Ana Ruiz rests until Thu 10 Dec · u takes it back"
        await convo.press("Z")
        await convo.until(lambda: "Nobody needs attention today; enjoy the conversations that come." in convo.text)
        assert convo.said[-1] == "Bo Lindqvist rests until Sun 20 Dec · u takes it back"
        await convo.press("u", "u")
        await convo.until(lambda: names(convo) == ["Ana Ruiz", "Bo Lindqvist"])
        assert (known.path("ana").read_text(), known.path("bo").read_text()) == (LATE, BO)


async def test_on_the_main_screen_the_same_keys_leave_alone_and_wake(known: Home) -> None:
    async with known.convo(start="20240301-anaruiz1") as convo:
        await convo.press("z")
        await convo.until(lambda: isinstance(convo.app.screen, Ask))
        await convo.answer("")
        await convo.until(lambda: convo.said[-1:] == ["Ana Ruiz rests until Sun 20 Dec · u takes it back"])
        assert str(known.file("ana")["snoozed_until"]) == "2026-12-20"
        await convo.press("z")
        await convo.until(lambda: convo.said[-1] == "Ana Ruiz no longer rests · u takes it back")
        assert known.path("ana").read_text() == LATE
        await convo.press("Z")
        await convo.until(lambda: "snoozed_until" in known.file("ana"))


async def test_at_most_seven_are_shown_and_one_key_shows_the_others(tmp_path: Any) -> None:
    """Issue "pulse": "At most seven at a time, one sentence each, the rest folded"."""
    home = Home(tmp_path)
    for number in range(9):
        bo = BO.replace("b01indq1", f"b01indq{number}").replace("enc00004", f"enc0000{number}")
        home.put(**{f"bo{number}": bo.replace("Bo Lindqvist", f"Bo {number}")})
    async with home.convo() as convo:
        await pulse(convo)
        assert names(convo) == [f"Bo {number}" for number in range(7)]
        assert lines(convo)[-1] == " ▸ 2 more would like to hear from you"
        await convo.press("G", "enter")
        await convo.until(lambda: len(names(convo)) == 9)
        await convo.press("enter")
        await convo.until(lambda: convo.selected == "Bo 7", "the first of those that were folded")
        await pulse(convo)
        await convo.press("v", "v")
        await convo.until(lambda: len(names(convo)) == 7)


async def test_what_the_index_lacks_is_read_while_they_look(known: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who takes part in an organisation is told by several files: it is gathered in steps, and shown as it is known."""
    monkeypatch.setattr(shelf, "_AT_ONCE", 1)
    known.put(acme=ACME)
    known.path("ana").write_text(LATE.replace('organisation = "Acme GmbH"', 'organisation = "20240301-acme0001"'))
    async with known.convo() as convo:
        view = await pulse(convo)
        await convo.until(lambda: view.heading() == "Pulse · 3", "the second step too")
        assert set(names(convo)) == {"Acme GmbH", "Ana Ruiz", "Bo Lindqvist"}
        convo.app.screen.query_one("#rows", LineList).select("relationship:20240301-acme0001@20240301-acme0001")
        await convo.until(lambda: "@ Ines [Roca] · Legal · decides · critic" in told(convo))
        await convo.press("tab")
        here = view.here()
        assert here is not None
        assert (here.kind, here.id, here.name) == ("person", "20240301-person01", "Acme GmbH")
        view.take(([], Progress(1200, 10000)))
        assert view.heading() == "Pulse · reading 1,200 of 10,000…"
        assert "Nobody" not in view.nothing()
        await convo.press("escape")
        await convo.until(lambda: convo.app.screen is convo.journal)

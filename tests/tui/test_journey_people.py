"""Someone looks at the people of an organisation, and edits them where they stand."""

from __future__ import annotations

import pytest
from journey import BO, Home, Screenful
from textual.widgets import Input

from convo_tui.tui.screens.form import Form
from convo_tui.tui.screens.people import PeopleView
from convo_tui.tui.screens.reach import Reach
from convo_tui.tui.widgets.line_list import LineList

ILSE, MAX, EVA = "20240301-11seat01", "20240301-maxat001", "20240301-evaown01"
ACME = f"""\
format = 1
id = "20240301-acmegmbh"
name = "Acme GmbH"
kind = "organisation"

[[people]]
id = "{ILSE}"
name = "Ilse Maas"
role = "Managing Director"
influence = "decides"
stance = "neutral"
reach = ["ilse@acme.example", "+34 600 000 000"]

[[people]]
id = "{MAX}"
name = "Max [/b] Roth"
influence = "unknown"
stance = "unknown"

[[encounters]]
id = "20260310-enc00001"
at = 2026-03-10T10:00:00+01:00
channel = "meeting"
with = ["{ILSE}", "{MAX}"]
nature = "conversation"
note = "The beginning."

[[encounters]]
id = "20261112-enc00002"
at = 2026-11-12T10:00:00+01:00
channel = "call"
with = ["{MAX}"]
mentions = ["{ILSE}"]
nature = "conversation"
note = "Max told us what @Ilse thinks."
"""
EVA_FILE = f"""\
format = 1
id = "{EVA}"
name = "Eva Lund"
kind = "person"
organisation = "Acme GmbH"
role = "Counsel"
"""


@pytest.fixture
def acme(home: Home) -> Home:
    return home.put(acme=ACME, eva=EVA_FILE, bo=BO)


def lines(convo: Screenful, side: str = "rows") -> list[str]:
    lists = convo.app.screen.query(f"#{side}").results(LineList)  # none while it is being put together
    return [each._rows[index].content.plain.rstrip() for each in lists for index in range(len(each._rows))]


def of(convo: Screenful, name: str) -> str:
    return next((" ".join(each.split()) for each in lines(convo) if each.startswith(name)), "")


async def people(convo: Screenful, name: str) -> PeopleView:
    await convo.talk_to(name)
    await convo.press("P")
    await convo.until(lambda: isinstance(convo.app.screen, PeopleView) and lines(convo), "the people")
    await convo.settle()
    view = convo.app.screen
    assert isinstance(view, PeopleView)
    return view


async def test_they_see_who_is_there_and_go_to_where_it_was_said(acme: Home) -> None:
    async with acme.convo() as convo:
        view = await people(convo, "Acme GmbH")
        assert "“Ilse Maas” decides, and you last spoke with them in March." in " ".join(lines(convo))
        assert of(convo, "Ilse") == "Ilse Maas Managing Director decides neutral 8mo 10d Max [/b] Roth"
        assert of(convo, "Max") == "Max [/b] Roth · · 10d"
        assert of(convo, "Eva") == "Eva Lund ↗ Counsel a file of their own never"
        await convo.until(lambda: "SPOKEN OF" in lines(convo, "closer"))
        await convo.press("at")
        await convo.until(lambda: isinstance(convo.app.screen, Reach), "how to reach her")
        assert "ilse@acme.example" in convo.text
        await convo.press("escape", "enter", "G", "enter")
        await convo.until(lambda: convo.list("timeline").selected == "encounter:20261112-enc00002")

        await convo.talk_to("Eva Lund")
        view = await people(convo, "Eva Lund")
        assert view.listed.selected == f"relationship:{EVA}@{EVA}", "she is selected"
        await convo.resize(70, 30)
        assert of(convo, "NAME") == "NAME ROLE INFLUENCE STANCE LAST"
        await convo.press("P")
        await convo.talk_to("Bo Lindqvist")
        await convo.press("P")
        assert "Bo Lindqvist is in no organisation; e names one." in convo.said[-1]


async def test_they_edit_the_people_in_place_and_take_it_back(acme: Home) -> None:
    def person(identity: str) -> dict[str, object]:
        return acme.entry("acme", "people", identity)

    async with acme.convo() as convo:
        await people(convo, "Acme GmbH")
        await convo.press("j", "f")
        await convo.until(lambda: "decides" in of(convo, "Max"))
        await convo.press("s")
        await convo.until(lambda: "advocate" in of(convo, "Max"))
        await convo.press("l")
        await convo.until(lambda: "left Sun 22 Nov" in of(convo, "Max"))
        assert (person(MAX)["influence"], person(MAX)["stance"]) == ("decides", "advocate")
        await convo.press("u", "u", "u")
        await convo.until(lambda: acme.path("acme").read_text() == ACME)

        await convo.press("e")
        await convo.until(lambda: isinstance(convo.app.screen, Form), "the form")
        convo.app.screen.query_one("#role", Input).value = "Buyer"
        await convo.press("ctrl+s")
        await convo.until(lambda: "Buyer" in of(convo, "Max"))
        await convo.press("N")
        await convo.until(lambda: isinstance(convo.app.screen, Form), "the form")
        await convo.press(*"Zoe", "enter")
        await convo.until(lambda: bool(of(convo, "Zoe")))
        assert acme.file("acme")["people"][-1]["name"] == "Zoe"
        await convo.until(lambda: "Zoe" in str(convo.app.screen.query_one("#closer").border_title))
        await convo.press("delete")
        await convo.until(lambda: not of(convo, "Zoe"))


async def test_someone_gets_a_file_of_their_own_linked_both_ways_and_is_met(acme: Home) -> None:
    async with acme.convo() as convo:
        await people(convo, "Acme GmbH")
        await convo.press("O")
        await convo.until(lambda: "Ilse Maas ↗" in of(convo, "Ilse"))
        own = acme.file("ilse-maas")
        assert (own["organisation"], own["role"]) == ("20240301-acmegmbh", "Managing Director")
        assert [each["kind"] for each in own["reach"]] == ["email", "phone"]
        assert acme.entry("acme", "people", ILSE)["relationship"] == own["id"]
        await convo.press("u")
        await convo.until(lambda: not acme.path("ilse-maas").exists() and acme.path("acme").read_text() == ACME)

        await convo.press("G", "f")
        await convo.until(lambda: any("Eva Lund is not among the people yet" in each for each in convo.said))
        await convo.press("plus")
        await convo.until(lambda: of(convo, "Eva") == "Eva Lund ↗ Counsel · · never")
        assert acme.file("acme")["people"][-1]["relationship"] == EVA
        await convo.press("g", "n")
        await convo.until(lambda: convo.mode == "writing" and convo.journal.talk is not None)
        talk = convo.journal.talk
        assert talk is not None
        assert (talk.name, talk.draft.with_) == ("Acme GmbH", (ILSE,))
        await convo.press("escape")
        await people(convo, "Acme GmbH")
        await convo.press("G", "O")
        await convo.until(lambda: convo.selected == "Eva Lund")

"""Someone wants to call, to write, to look up: every way to reach a relationship is one key away."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from journey import ANA, NARROW, WIDE, Home, Screenful

from convo_tui.core.errors import Refused
from convo_tui.core.models import Relationship
from convo_tui.core.reaching import Way, ways
from convo_tui.tui import keys
from convo_tui.tui.screens import reach
from convo_tui.tui.screens.reach import Reach
from convo_tui.tui.widgets.line_list import LineList

REACH = """
[[reach]]
kind = "email"
label = "work"
value = "ana@acme.example"

[[reach]]
kind = "phone"
value = "+34 600 000 000"

[[reach]]
kind = "chat"
value = "@ana\\u200b"
"""
EVIL = "[/x][bold]\x1b]52;c;x\x07\u202e\u2028"


class Opener:
    """Stands for the system's opener: notes what it is asked for."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.refuses = ""
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def __call__(self, url: str) -> None:
        self.may_go_on.wait()
        if self.refuses:
            raise Refused(self.refuses)
        self.opened.append(url)


@pytest.fixture
def opener(monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    made = Opener()
    monkeypatch.setattr(reach, "open_link", made)
    yield made
    made.may_go_on.set()


def of(text: str) -> list[Way]:
    import rtoml

    return ways(Relationship.model_validate(rtoml.loads(text)))


async def shown(convo: Screenful, found: list[Way] | None = None, name: str = "Ana Ruiz") -> None:
    await convo.app.push_screen(Reach(name, of(ANA + REACH) if found is None else found))
    await convo.settle()


def rows(convo: Screenful) -> list[str]:
    found = convo.app.screen.query_one(LineList)
    return [" ".join(row.content.plain.split()) for row in found._rows]


async def test_every_way_is_listed_and_enter_opens_the_one_selected(ana: Home, opener: Opener) -> None:
    async with ana.convo() as convo:
        await shown(convo)
        assert "Reach Ana Ruiz" in convo.text
        assert rows(convo) == [
            "1 email · work ana@acme.example",
            "2 phone +34 600 000 000",
            "3 chat @ana copies",
        ]
        await convo.press("down", "enter")
        await convo.until(lambda: opener.opened == ["tel:+34600000000"])
        assert convo.app.screen is convo.journal
        await convo.until(lambda: convo.said == ["Opened tel:+34600000000"])


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_a_digit_chooses_at_once(ana: Home, opener: Opener, size: tuple[int, int]) -> None:
    async with ana.convo(size) as convo:
        await shown(convo)
        await convo.press("9")
        assert isinstance(convo.app.screen, Reach), "there are only three"
        await convo.press("1")
        await convo.until(lambda: opener.opened == ["mailto:ana@acme.example"])


async def test_what_makes_no_link_is_copied_and_y_copies_any(ana: Home, opener: Opener) -> None:
    async with ana.convo() as convo:
        await shown(convo)
        await convo.press("3")
        assert (convo.app.clipboard, convo.said) == ("@ana", ["Copied @ana"]), "nothing invisible comes along"
        await shown(convo)
        await convo.press("down", "y")
        assert convo.app.clipboard == "+34 600 000 000"
        assert convo.app.screen is convo.journal
        assert opener.opened == []


@pytest.mark.parametrize("key", ["escape", "at"])
async def test_leaving_opens_and_copies_nothing(ana: Home, opener: Opener, key: str) -> None:
    async with ana.convo() as convo:
        await shown(convo)
        await convo.press(key)
        assert convo.app.screen is convo.journal
        assert (opener.opened, convo.said, convo.app.clipboard) == ([], [], "")


async def test_an_opener_that_takes_its_time_does_not_hold_up_the_screen(ana: Home, opener: Opener) -> None:
    async with ana.convo() as convo:
        opener.may_go_on.clear()
        await shown(convo)
        convo.send("1")
        await convo.until(lambda: convo.app.screen is convo.journal)
        convo.send("n")
        await convo.until(lambda: convo.mode == "writing")
        assert opener.opened == []
        opener.may_go_on.set()
        await convo.until(lambda: opener.opened == ["mailto:ana@acme.example"])


async def test_what_cannot_be_opened_is_said_with_the_address(ana: Home, opener: Opener) -> None:
    async with ana.convo() as convo:
        opener.refuses = f"nothing here can open a link; copy it instead: {EVIL}"
        await shown(convo)
        await convo.press("1")
        await convo.until(lambda: convo.said)
        assert convo.said[0].startswith("nothing here can open a link; copy it instead: [/x][bold]␛]52")
        assert "\x1b" not in convo.said[0]


async def test_people_of_an_organisation_stand_with_their_names(ana: Home) -> None:
    found = [Way("email", "office@acme.example", "mailto:x"), Way("phone", "+34 1", None, "Chiara Neri")]
    async with ana.convo() as convo:
        await shown(convo, found, "Acme")
        assert rows(convo) == ["1 email office@acme.example", "2 phone +34 1 Chiara Neri copies"]


async def test_without_any_it_says_how_to_add_one(ana: Home) -> None:
    async with ana.convo() as convo:
        await shown(convo, [])
        said = " ".join("".join(line.strip(" │┃|") + " " for line in convo.strips).split())
        assert "No way to reach Ana Ruiz is noted" in said
        await convo.press("enter", "y", "1", "escape")
        assert convo.app.screen is convo.journal


async def test_hostile_ways_are_text(ana: Home) -> None:
    async with ana.convo() as convo:
        await shown(convo, [Way(EVIL, EVIL, None, EVIL)] * 12, EVIL)
        for strip in convo.strips:
            assert strip.isprintable(), ascii(strip)
        assert convo.text.count("[/x][bold]␛]52") >= 13
        await convo.press("y")
        assert convo.app.clipboard == convo.said[0].removeprefix("Copied ")
        assert convo.app.clipboard.isprintable()


def test_the_key_is_free() -> None:
    """`@` is `reach` in SCREENS.md, and nothing else."""
    assert {key.id for key in keys.KEYS if "at" in key.keys} <= {"reach-them"}

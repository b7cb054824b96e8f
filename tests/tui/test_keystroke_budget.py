"""SCREENS.md: Keystrokes that a job may cost at most, counted from the journal with the relationship selected."""

from __future__ import annotations

from journey import ANA, LAST, LEGAL, PRICING, Home, Screenful


class Counting:
    """Presses keys, and counts them."""

    def __init__(self, convo: Screenful) -> None:
        self.convo, self.count = convo, 0

    async def __call__(self, *keys: str) -> None:
        self.count += len(keys)
        await self.convo.press(*keys)


async def test_see_where_we_left_off_0(ana: Home) -> None:
    async with ana.convo() as convo:
        assert "WHERE WE LEFT OFF" in convo.text
        assert "Legal has the draft" in convo.text
        assert "who signs in legal?" in convo.text


async def test_start_typing_1_end_and_save_1(ana: Home) -> None:
    async with ana.convo() as convo:
        keys = Counting(convo)
        await keys("n")
        await convo.write("typed")
        assert keys.count == 1
        await keys("ctrl+s")
        assert keys.count == 2
    assert ana.file("ana")["encounters"][-1]["note"] == "typed"


async def test_open_an_issue_while_typing_2_beyond_its_text(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        keys = Counting(convo)
        await keys("!", "space")
        await convo.write("call back")
        assert keys.count == 2
        assert "opens call back" in convo.told("receipt")


async def test_carry_all_1(ana: Home) -> None:
    ana.put(ana=ANA.replace(f', "{LAST}"]', "]"))
    async with ana.convo() as convo:
        keys = Counting(convo)
        await keys("C")
        assert keys.count == 1
    assert ana.entry("ana", "issues", PRICING)["carried"][-1] == LAST


async def test_settle_one_2(ana: Home) -> None:
    async with ana.convo() as convo:
        keys = Counting(convo)
        await keys("s", "2")
        assert keys.count == 2
    assert ana.entry("ana", "issues", LEGAL)["state"] == "settled"


async def test_go_to_anyone_1_beyond_a_few_letters(three: Home) -> None:
    async with three.convo() as convo:
        keys = Counting(convo)
        await keys("ctrl+g", "c", "h")
        assert keys.count == 1 + len("ch")
        assert convo.selected == "Chiara Neri"
        assert "You have not talked yet" in convo.told("brief")


async def test_go_to_anyone_from_the_middle_of_a_note(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("half")
        await convo.press("ctrl+g", "c", "h", "enter", "n")
        assert convo.journal.talk is not None
        assert convo.journal.talk.name == "Chiara Neri"
        await convo.press("f6")
        assert convo.note == "half"


async def test_undo_1(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("s", "2")
        keys = Counting(convo)
        await keys("u")
        assert keys.count == 1
    assert ana.path("ana").read_text() == ANA


async def test_find_a_word_everywhere_1_beyond_the_word(three: Home) -> None:
    async with three.convo() as convo:
        keys = Counting(convo)
        await keys("f", *"sail")
        await convo.until(lambda: "A long talk about sailing." in convo.text, "what was said")
        assert keys.count == 1 + len("sail")

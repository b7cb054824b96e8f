"""Someone talks with Ana and types along: the note, its live receipt, the end, and what the file then holds."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from threading import Event
from typing import Any

import pytest
from journey import ANA, LEGAL, NOW, PRICING, UNSAID, Home

from convo_tui.store.journal import Journal

NOTE = """\
Legal is fine with the draft.
> "we cannot slip past Q1"
! book the kickoff @us due:fri #pilot
? who comes to it?
~ pricing
need: a plan for the weekend"""


async def test_a_call_is_typed_ended_and_stands_in_the_file(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        assert (convo.mode, convo.focused) == ("writing", "note")
        assert "Call with Ana Ruiz · 00:00" in convo.text
        assert [line.split()[:2] for line in convo.lines("agenda")] == [["1", "☐"], ["2", "☐"]]
        await convo.write(NOTE)
        live = convo.told("receipt")
        for said in (
            "opens book the kickoff #pilot · us · Fri 27 Nov",
            "opens who comes to it? · them",
            "carries send pricing",
        ):
            assert said in live
        assert "hears need: a plan for the weekend" in live
        assert "1 ↻" in convo.lines("agenda")[0]
        ana.time.go_on(minutes=7, seconds=12)
        convo.journal.tick()
        await convo.settle()
        assert "Call with Ana Ruiz · 07:12" in convo.text
        await convo.write("\nBye.")
        await convo.press("ctrl+s")
        assert convo.mode == "ended"
        receipt = convo.told("ended")
        for said in ("Saved: call with Ana Ruiz · 7 min", "opened book the kickoff", "carried send pricing for 40"):
            assert said in receipt
        assert convo.lines("list")[0].split()[2] == "today"
        assert "Legal is fine with the draft." in convo.told("timeline")

    held = ana.file("ana")
    encounter = held["encounters"][-1]
    zone = timezone(timedelta(hours=1))
    assert encounter["at"] == datetime(2026, 11, 22, 10, 37, tzinfo=zone)
    assert (encounter["channel"], encounter["nature"], encounter["minutes"]) == ("call", "conversation", 7)
    assert encounter["note"] == 'Legal is fine with the draft.\n> "we cannot slip past Q1"\nBye.'
    kickoff, who = held["issues"][-2:]
    assert (kickoff["text"], kickoff["owner"], kickoff["due"]) == ("book the kickoff #pilot", "us", date(2026, 11, 27))
    assert (who["text"], who["owner"], who["opened_in"]) == ("who comes to it?", "them", encounter["id"])
    assert ana.entry("ana", "issues", PRICING)["carried"][-1] == encounter["id"]
    assert (held["heard"][-1]["kind"], held["heard"][-1]["heard_in"]) == ("need", encounter["id"])
    assert list(ana.places.drafts.glob("*.jsonl")) == []


async def test_the_save_leaves_every_line_that_stood_there(ana: Home) -> None:
    ana.put(ana=ANA.replace('role = "Head of Operations"', 'role = "Head of Operations"  # since May'))
    before = ana.path("ana").read_text().splitlines()
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("=2 : Jo signs")
        await convo.press("ctrl+s")
    after = ana.path("ana").read_text().splitlines()
    assert [line for line in before if line not in after] == []
    assert 'role = "Head of Operations"  # since May' in after


async def test_numbers_of_the_agenda_settle_and_carry(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("=2 : Jo signs\n~1")
        assert "settles who signs in legal? · Jo signs" in convo.told("receipt")
        assert "2 ✓" in convo.lines("agenda")[1]
        await convo.press("ctrl+s")
    legal, pricing = ana.entry("ana", "issues", LEGAL), ana.entry("ana", "issues", PRICING)
    newest = ana.file("ana")["encounters"][-1]["id"]
    assert (legal["state"], legal["outcome"], legal["closed_in"]) == ("settled", "Jo signs", newest)
    assert pricing["carried"][-1] == newest


async def test_a_star_carries_everything_that_is_open(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("~ *")
        assert [line.split()[1] for line in convo.lines("agenda")] == ["↻", "↻"]
        await convo.press("ctrl+s")
    newest = ana.file("ana")["encounters"][-1]["id"]
    assert [ana.entry("ana", "issues", each)["carried"][-1] for each in (PRICING, LEGAL)] == [newest, newest]


async def test_a_need_is_met_by_its_words(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("= afraid migration")
        await convo.press("ctrl+s")
        assert "met" in convo.pane("ended")
        assert "afraid" not in convo.pane("brief")
    assert ana.entry("ana", "heard", UNSAID)["met"] == NOW.date()


async def test_a_line_that_matches_nothing_stays_as_typed_and_the_receipt_says_so(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("= the moon")
        assert "? as typed" in convo.pane("receipt")
        await convo.press("ctrl+s")
        assert "? as typed = the moon" in convo.told("ended")
    assert ana.file("ana")["encounters"][-1]["note"] == "= the moon"


async def test_ending_an_empty_note_logs_bare_contact(ana: Home) -> None:
    """SCREENS.md: `ctrl+s` on an empty note logs bare contact."""
    async with ana.convo() as convo:
        await convo.press("n", "ctrl+s")
        assert "Saved: call with Ana Ruiz" in convo.pane("ended")
    newest = ana.file("ana")["encounters"][-1]
    assert newest["at"].date() == NOW.date()
    assert "note" not in newest


async def test_escape_on_an_empty_note_discards_the_encounter(ana: Home) -> None:
    """SCREENS.md: `escape` on an empty one discards it."""
    before = ana.path("ana").read_bytes()
    async with ana.convo() as convo:
        await convo.press("n", "escape")
        assert (convo.mode, convo.focused, convo.journal.talks) == ("details", "list", [])
        assert "✎" not in convo.text
    assert ana.path("ana").read_bytes() == before
    assert list(ana.places.drafts.glob("*.jsonl")) == []


async def test_escape_keeps_what_was_typed_and_never_lands_on_an_issue(ana: Home) -> None:
    """SCREENS.md: `escape` leaves the editor with the text kept and never lands on an issue; `enter` returns."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("half a thought")
        for back in ("enter", "n"):
            await convo.press("escape")
            assert convo.focused == "list"
            assert "✎ Ana Ruiz" in convo.text
            await convo.press(back)
            assert (convo.focused, convo.note) == ("note", "half a thought")
            assert convo.editor.cursor_location == (0, 14)


async def test_letters_that_are_keys_elsewhere_are_text_in_the_note(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", *"nq", "slash", "question_mark", "u", "1", "N")
        assert convo.note == "nq/?u1N"
        assert "/ Filter" not in convo.strips[-1]


async def test_tab_indents_and_a_paste_of_many_lines_makes_no_records(ana: Home) -> None:
    """CONTRACT.md: A paste of several lines makes no records by itself: its marker lines arrive escaped."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.press("tab")
        await convo.paste("from a mail\n! wire the money\n\x1b]52;c;x\x07")
        assert convo.note.startswith("  ")
        assert convo.note.lstrip() == "from a mail\n\\! wire the money\n␛]52;c;x␇"
        assert "opens" not in convo.pane("receipt")


async def test_the_agenda_is_one_key_away_and_enter_carries_from_it(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "ctrl+o")
        assert convo.focused == "agenda"
        await convo.press("j", "enter")
        assert convo.note == "~2"
        assert convo.focused == "agenda"
        await convo.press("f5")
        assert convo.focused == "note"


async def test_two_calls_at_once_and_the_one_interrupted_comes_back(three: Home) -> None:
    """SCREENS.md: `f6` goes round them, and after one ends the one that it interrupted is back."""
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("with Ana")
        await convo.press("escape", "j", "n")
        await convo.write("with Bo")
        assert "f6: Ana Ruiz 00:00" in convo.text
        assert convo.pane("list").count("✎") == 2
        await convo.press("f6")
        assert (convo.note, convo.selected) == ("with Ana", "Ana Ruiz")
        await convo.press("f6")
        assert (convo.note, convo.selected) == ("with Bo", "Bo Lindqvist")
        await convo.press("ctrl+s", "enter")
        assert (convo.note, convo.focused, convo.selected) == ("with Ana", "note", "Ana Ruiz")
        await convo.press("ctrl+s", "enter")
        assert convo.mode == "details"
    assert three.file("bo")["encounters"][-1]["note"] == "with Bo"
    assert three.file("ana")["encounters"][-1]["note"] == "with Ana"


async def test_the_end_of_a_call_is_shown_though_one_was_looking_elsewhere(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("with Ana")
        await convo.press("escape", "j", "ctrl+s")
        assert convo.selected == "Ana Ruiz"
        await convo.press("4")
        await convo.press("i")
        await convo.answer("come back to this")
        assert convo.said == [] or not any("no " in said for said in convo.said)
    assert three.file("ana")["encounters"][-1]["spark"] == 4
    assert three.file("ana")["issues"][-1]["text"] == "come back to this"
    assert "issues" not in three.file("bo")


async def test_a_spark_and_a_nature_on_the_receipt(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "x", "ctrl+s", "4", "m")
        assert "transaction" in convo.pane("ended")
        await convo.press("enter")
        assert convo.focused == "list"
        assert "▆" in convo.lines("list")[0]
    newest = ana.file("ana")["encounters"][-1]
    assert (newest["spark"], newest["nature"]) == (4, "transaction")


async def test_an_end_with_nothing_open_says_so_and_one_key_opens_an_issue(three: Home) -> None:
    """PRODUCT.md: An encounter that ends with nothing open is pointed out at once, with one key to open an issue."""
    async with three.convo(start="20240301-b01indq1") as convo:
        await convo.press("n", "a", "ctrl+s")
        assert "Nothing is left open with Bo Lindqvist" in " ".join(convo.pane("ended").split())
        await convo.press("i")
        await convo.answer("see the boat @us due:eom #sailing")
        assert "Nothing is left open" not in convo.pane("ended")
        assert convo.focused == "ended"
    newest = three.file("bo")["issues"][-1]
    assert (newest["text"], newest["owner"], newest["due"]) == ("see the boat #sailing", "us", date(2026, 11, 30))


async def test_stray_typing_after_the_end_reopens_the_note_and_is_typed(ana: Home) -> None:
    """SCREENS.md: any other character reopens the note and is typed."""
    async with ana.convo() as convo:
        for character in ("j", "Z", "slash"):
            await convo.press("n", "a", "ctrl+s", character)
            typed = {"slash": "/", "space": " "}.get(character, character)
            assert (convo.mode, convo.focused, convo.note) == ("writing", "note", f"a{typed}")
            assert len(ana.file("ana")["encounters"]) == 3
            convo.editor.text = ""
            await convo.settle()
            await convo.press("escape")


async def test_what_is_typed_while_it_is_being_saved_is_not_lost(ana: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fast fingers on a slow disk: the note goes on with every letter, as with stray typing after the end."""
    begun, go_on = Event(), Event()
    log = Journal.log

    def slow(*args: Any, **kwargs: Any) -> Any:
        begun.set()
        go_on.wait()
        return log(*args, **kwargs)

    monkeypatch.setattr(Journal, "log", slow)
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("a thought\n! one issue")
        convo.send("ctrl+s")
        await convo.until(begun.is_set)
        for key in ("ctrl+s", "X", "Y"):
            convo.send(key)
        await convo.until(lambda: convo.note.endswith("XY"))
        go_on.set()
        await convo.settle()
        assert (convo.mode, convo.note) == ("writing", "a thought\n! one issueXY")
        assert len(ana.file("ana")["encounters"]) == 3
        await convo.press("ctrl+s")
    assert ana.file("ana")["encounters"][-1]["note"] == "a thought"
    assert [each["text"] for each in ana.file("ana")["issues"][3:]] == ["one issueXY"]


async def test_leaving_and_starting_again_goes_on_with_the_note(ana: Home) -> None:
    """SCREENS.md: Leaving, quitting, a crash or a power cut keeps it; the next start goes on."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("first line\nsecond")
        convo.editor.move_cursor((0, 5))
        await convo.write("!")
        await convo.press("escape", "q")
        assert convo.app._exit
    ana.time.go_on(minutes=5)
    async with ana.convo() as convo:
        assert (convo.mode, convo.focused) == ("writing", "note")
        assert convo.note == "first! line\nsecond"
        assert convo.editor.cursor_location == (0, 6)
        assert "Call with Ana Ruiz · 05:00" in convo.text
        await convo.press("ctrl+s")
    assert ana.file("ana")["encounters"][-1]["at"] == NOW
    assert ana.file("ana")["encounters"][-1]["note"] == "first! line\nsecond"


async def test_the_numbers_of_the_agenda_stay_while_issues_are_settled_elsewhere(ana: Home) -> None:
    """CONTRACT.md: the number in the agenda (fixed during an encounter)."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("listening")
        await convo.press("escape", "q")
    ana.put(ana=ANA.replace('owner = "me"\nstate = "open"', 'owner = "me"\nstate = "dropped"'))
    async with ana.convo() as convo:
        await convo.write("\n=2 : Jo signs")
        await convo.press("ctrl+s")
    assert ana.entry("ana", "issues", LEGAL)["outcome"] == "Jo signs"

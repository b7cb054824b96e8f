"""Someone on the phone: whom it is with in a few letters, the facts in a line, words that finish themselves."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from journey import ANA, NARROW, NOW, WIDE, Home, Screenful

from convo_tui.store.journal import Journal
from convo_tui.tui.app import ConvoApp

ACME = """\
format = 1
id = "20240301-acme0001"
name = "Acme GmbH"
kind = "organisation"

[[people]]
id = "20240301-evah0001"
name = "Eva Holm"
role = "Legal"
influence = "decides"
stance = "unknown"
"""

MAIL = "Hello,\r\n! wire the money\r\n- [ ] and soon\r\nBye"


async def test_someone_calls_while_another_note_is_being_typed(three: Home) -> None:
    """SCREENS.md: `ctrl+n` from anywhere […] first asks with whom […]; after one ends the one that it interrupted is
    back. Issue 3: at most `ctrl+n`, a few letters, `enter`."""
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("with Ana, half a ")
        await convo.hurry(*"word", "ctrl+n", *"bo", "enter")
        await convo.hurry(*"Boats.")
        assert (convo.selected, convo.focused, convo.note) == ("Bo Lindqvist", "note", "Boats.")
        assert "Call with Bo Lindqvist" in convo.title
        await convo.press("ctrl+s", "enter")
        assert (convo.selected, convo.focused, convo.note) == ("Ana Ruiz", "note", "with Ana, half a word")
    assert three.file("bo")["encounters"][-1]["note"] == "Boats."
    assert len(three.file("ana")["encounters"]) == 3


async def test_the_one_interrupted_comes_back_whatever_was_begun_last(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("Ana")
        await convo.press("ctrl+n", *"chi", "enter")
        await convo.write("Chiara")
        await convo.press("f6")
        assert convo.note == "Ana"
        await convo.press("ctrl+n", *"bo", "enter")
        await convo.write("Bo")
        await convo.press("ctrl+s", "enter")
        assert convo.note == "Ana"
        await convo.press("f6")
        assert convo.note == "Chiara"


async def test_f6_with_nowhere_to_go_leaves_the_note_alone(ana: Home) -> None:
    """A text area would select the line by it, and the next letter take its place."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("with Ana")
        await convo.press("f6", "!")
        assert convo.note == "with Ana!"


async def test_letters_after_the_key_are_the_answer_though_the_journal_is_slow(
    three: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = Event(), Event()
    everyone = Journal.everyone

    def slow(journal: Journal) -> Any:
        asked.set()
        go_on.wait()
        return everyone(journal)

    monkeypatch.setattr(Journal, "everyone", slow)
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("with Ana")
        for key in ("ctrl+n", *"bo", "enter"):
            convo.send(key)
        await convo.until(asked.is_set)
        go_on.set()
        await convo.until(lambda: "Bo Lindqvist" in convo.title, "the note with Bo")
        await convo.settle()
        assert (convo.selected, convo.focused, convo.note) == ("Bo Lindqvist", "note", "")
        await convo.press("f6")
        assert convo.note == "with Ana"
    assert sorted(each.name for each in three.places.journal.iterdir()) == ["ana.toml", "bo.toml", "chiara.toml"]


async def test_a_note_that_has_only_just_begun_is_kept(three: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is typed before the journal has answered is not lost by what comes right after it."""
    asked, go_on = Event(), Event()
    agenda = Journal.agenda

    def slow(*args: Any) -> Any:
        asked.set()
        go_on.wait()
        return agenda(*args)

    monkeypatch.setattr(Journal, "agenda", slow)
    async with three.convo() as convo:
        for each in ("n", *"kept"):
            convo.send(each)
        await convo.until(asked.is_set)
        convo.send("ctrl+q")
        go_on.set()
        await convo.settle()
    async with three.convo() as convo:
        assert convo.note == "kept"


async def test_leaving_the_question_before_the_journal_has_answered_harms_nothing(
    three: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, go_on = Event(), Event()
    everyone = Journal.everyone

    def slow(journal: Journal) -> Any:
        asked.set()
        go_on.wait()
        return everyone(journal)

    monkeypatch.setattr(Journal, "everyone", slow)
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("with Ana")
        for key in ("ctrl+n", "b", "escape"):
            convo.send(key)
        await convo.until(lambda: asked.is_set() and len(convo.app.screen_stack) == 2)
        go_on.set()
        await convo.press("!")
        assert (convo.focused, convo.note) == ("note", "with Ana!")


async def test_thinking_better_of_it_returns_to_the_note(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("with Ana")
        await convo.press("ctrl+n", "b", "escape")
        assert (convo.focused, convo.note) == ("note", "with Ana")
        await convo.press("!")
        assert convo.note == "with Ana!"


async def test_a_name_that_nobody_has_is_added_and_the_cursor_is_in_their_note(three: Home) -> None:
    """Issue 3: typing an unknown name offers to create it, then the cursor is in the note."""
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("with Ana")
        await convo.press("ctrl+n", *"Zoë Quist")
        assert "create “Zoë Quist”" in convo.text
        await convo.press("enter")
        assert (convo.selected, convo.focused, convo.note) == ("Zoë Quist", "note", "")
        await convo.write("From the fair.")
        await convo.press("ctrl+s", "enter")
        assert convo.note == "with Ana"
    held = three.file("zoe-quist")
    assert (held["name"], held["encounters"][0]["note"]) == ("Zoë Quist", "From the fair.")


async def test_someone_inside_an_organisation_is_found_and_named(three: Home) -> None:
    """CONTRACT.md: An encounter lives in one file; `with`: who took part: ids of people here."""
    async with three.put(acme=ACME).convo() as convo:
        await convo.press("ctrl+n", *"eva")
        assert "Acme GmbH" in convo.text
        await convo.press("enter")
        assert convo.selected == "Acme GmbH"
        await convo.write("She signs.")
        await convo.press("ctrl+s")
    encounter = three.file("acme")["encounters"][0]
    assert (encounter["with"], encounter["note"]) == (["20240301-evah0001"], "She signs.")


# ── the facts in one line ────────────────────────────────────────────────────────────────────────────────────


def facts(convo: Screenful) -> str:
    """The line above the note."""
    return convo.journal.note_pane.facts._line.value


async def say_facts(convo: Screenful, said: str) -> None:
    """Type over the line above the note."""
    await convo.press("f7", "ctrl+u")
    await convo.hurry(*said, "enter")


async def test_how_with_whom_when_and_how_long_stand_in_one_line(three: Home) -> None:
    """Issue 3: the channel, people present, time and minutes editable in one line above the note with sensible
    defaults."""
    async with three.convo() as convo:
        await convo.press("n")
        await convo.write("It rained.")
        assert facts(convo) == "call · today 10:37"
        await say_facts(convo, "meeting, with bo, yesterday 3pm, 25 min")
        assert (convo.focused, facts(convo)) == ("note", "meeting · with Bo Lindqvist · yesterday 15:00 · 25 min")
        assert "Meeting with Ana Ruiz" in convo.title
        await convo.press(*"ly")
        await convo.press("ctrl+s")
        assert "Saved: meeting with Ana Ruiz · 25 min" in convo.told("ended")
    encounter = three.file("ana")["encounters"][-1]
    assert encounter["at"] == datetime.fromisoformat("2026-11-21T15:00:00+01:00")
    assert (encounter["channel"], encounter["with"], encounter["minutes"], encounter["note"]) == (
        "meeting",
        ["20240301-b01indq1"],
        25,
        "It rained.ly",
    )


async def test_minutes_that_are_said_win_over_the_clock_and_go_again(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "a")
        ana.time.go_on(minutes=12)
        await convo.press("b")
        convo.journal.tick()
        await convo.press("f7")
        assert facts(convo) == "call · today 10:37 · 12 min so far"
        await convo.press("escape")
        await say_facts(convo, "40 min")
        ana.time.go_on(minutes=3)
        await convo.press("c", "ctrl+s")
        assert "· 40 min" in convo.pane("ended")
        await convo.press("u")
        await say_facts(convo, "call")
        await convo.press("ctrl+s")
    encounter = ana.file("ana")["encounters"][-1]
    assert (encounter["minutes"], encounter["note"]) == (15, "abc")


async def test_a_fact_that_cannot_be_meant_is_told_in_place_and_stays_to_be_mended(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("kept")
        await say_facts(convo, "call, with Nobody Here")
        assert facts(convo) == "call, with Nobody Here"
        assert convo.journal.note_pane.facts.has_focus_within
        assert "nobody is called “Nobody Here”" in " ".join(convo.text.split()).replace("│ ", "")
        await convo.press("escape")
        assert (convo.focused, convo.note, facts(convo)) == ("note", "kept", "call · today 10:37")
        await convo.press("ctrl+s")
    assert ana.file("ana")["encounters"][-1]["channel"] == "call"


@pytest.mark.parametrize("back", ["enter", "escape", "f7"])
async def test_a_look_at_the_facts_changes_nothing(ana: Home, back: str) -> None:
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("kept")
        await convo.press("f7", back, "!")
        assert (convo.focused, convo.note, facts(convo)) == ("note", "kept!", "call · today 10:37")


async def test_an_end_from_the_line_of_facts_saves_the_note(ana: Home) -> None:
    """The end works everywhere; a line of facts that was not entered is not said."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.write("kept")
        await convo.press("f7", "ctrl+s")
        assert convo.mode == "ended"
    assert ana.file("ana")["encounters"][-1]["note"] == "kept"


async def test_facts_survive_leaving(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "a")
        await say_facts(convo, "chat, yesterday 9:00, 5 min")
        await convo.press("ctrl+q")
    async with ana.convo() as convo:
        assert facts(convo) == "chat · yesterday 09:00 · 5 min"
        await convo.press("ctrl+s")
    encounter = ana.file("ana")["encounters"][-1]
    assert (encounter["channel"], encounter["minutes"]) == ("chat", 5)


async def test_what_is_being_typed_and_what_it_means_stay_in_sight(ana: Home) -> None:
    """Issue 3: as each line is typed, what it will become is shown."""
    async with ana.convo() as convo:
        await convo.press("n")
        for number in range(20):
            await convo.write(f"! issue {number}\n")
        await convo.write("here")
        assert "here" in convo.text
        assert "opens    issue 19" in convo.text


# ── words that finish themselves ─────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "finished"),
    [
        ("~ pr", "~ send pricing for 40 seats #pricing"),
        ("! ask @b", '! ask @"Bo Lindqvist"'),
        ("on #pi", "on #pilot"),
        ("! x due:fr", "! x due:fri"),
    ],
)
async def test_tab_finishes_what_is_begun(three: Home, typed: str, finished: str) -> None:
    """Issue 3: issues after `~ ` and `= `, people and relationships after `@`, topics after `#`, dates after `due:`."""
    async with three.convo() as convo:
        await convo.press("n")
        await convo.press(*typed)
        assert convo.editor.completing
        await convo.press("tab")
        assert convo.note.rstrip() == finished
        assert not convo.editor.completing


def chosen(convo: Screenful) -> str | None:
    """What tab would take."""
    offered = convo.editor._completions.chosen
    return offered.shown if offered else None


async def test_completions_cost_nothing_to_ignore(three: Home) -> None:
    """Issue 3: ignoring it costs nothing, it never steals `enter`. SCREENS.md: While completions show, `ctrl+n` and
    `ctrl+p` move in them."""
    async with three.convo() as convo:
        await convo.press("n")
        await convo.press(*"~ pr", "enter", "x")
        assert convo.note == "~ pr\nx"
        await convo.press("enter", *"! y due:")
        assert convo.editor.completing
        seen = [chosen(convo)]
        for key in ("ctrl+n", "ctrl+p"):
            await convo.press(key)
            seen.append(chosen(convo))
        assert seen == ["fri", "mon", "fri"]
        assert len(convo.app.screen_stack) == 2, "neither the picker nor the palette has opened"
        await convo.press("escape")
        assert (convo.editor.completing, convo.focused) == (False, "note")
        await convo.press("escape")
        assert convo.focused == "list"


# ── foreign text, and one's own editor ───────────────────────────────────────────────────────────────────────


async def test_one_key_frees_the_marks_of_a_paste(ana: Home) -> None:
    """CONTRACT.md: its marker lines arrive escaped, and one key frees them."""
    async with ana.convo() as convo:
        await convo.press("n")
        await convo.paste(MAIL)
        assert convo.note == "Hello,\n\\! wire the money\n- \\[ ] and soon\nBye"
        assert "opens" not in convo.pane("receipt")
        await convo.press("ctrl+r")
        assert convo.note == MAIL.replace("\r", "")
        assert convo.told("receipt").count("opens") == 2
        await convo.press("ctrl+s")
    assert [each["text"] for each in ana.file("ana")["issues"][3:]] == ["wire the money", "and soon"]


def editor(home: Home, script: str) -> str:
    """Make an editor that does what a line of shell says with the file in `$1`."""
    program = home.root / "editor"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def own_editor(ana: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home whose terminal can be lent to an editor: a test has none to lend."""
    monkeypatch.setattr(ConvoApp, "suspend", lambda app: nullcontext())
    return ana


async def test_the_note_goes_through_ones_own_editor(own_editor: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    home = own_editor
    monkeypatch.setenv("VISUAL", editor(home, "printf '! an issue\\n\\033]52;c;x\\007' >> \"$1\""))
    async with home.convo() as convo:
        await convo.press("n")
        await convo.write("begun here")
        await convo.press("f9")
        assert convo.note == "begun here\n! an issue\n␛]52;c;x␇"
        assert "opens an issue" in convo.told("receipt")
        assert convo.focused == "note"
        await convo.press("ctrl+s")
    assert home.file("ana")["issues"][-1]["text"] == "an issue"
    assert list(home.places.own_state.rglob("*.md")) == []


async def test_an_editor_that_fails_costs_nothing(own_editor: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue 3: the draft is kept on the way out and back, and when the editor fails."""
    home = own_editor
    monkeypatch.setenv("VISUAL", editor(home, 'echo ruined > "$1"; grep -c begun */*.jsonl; exit 3'))
    async with home.convo() as convo:
        await convo.press("n")
        await convo.write("begun here")
        await convo.press("f9", "!")
        assert convo.note == "begun here!"
        assert "ended with code 3" in convo.said[-1]
    async with home.convo() as convo:
        assert convo.note == "begun here!"


async def test_a_terminal_that_cannot_be_lent_is_said(ana: Home) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "a", "f9", "b")
        assert convo.note == "ab"
        assert "the note is as it was" in convo.said[-1]


# ── the curtain ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [WIDE, (100, 32), NARROW])
async def test_behind_the_curtain_nobody_is_named(three: Home, size: tuple[int, int]) -> None:
    """SCREENS.md: hides everything but the note being typed, for a shared screen or someone looking over the
    shoulder."""
    async with three.convo(size=size) as convo:
        await convo.press("n")
        await convo.write("They agreed")
        await convo.press("f8")
        await convo.press(*" @", *"b")
        for name in ("Ana", "Bo", "Lindqvist", "pricing", "Acme", "legal"):
            assert name not in convo.text, name
        assert "They agreed @b" in convo.text
        await convo.press("backspace", "backspace", "f7", "x", "ctrl+o", "y", "escape", "z")
        assert "Ana" not in convo.text
        assert convo.note == "They agreed xyz"
        await convo.press("f8")
        assert "Ana Ruiz" in convo.text
        assert convo.focused == "note"


async def test_an_end_behind_the_curtain_saves_and_names_nobody(three: Home) -> None:
    async with three.convo() as convo:
        await convo.press("n", "f8")
        await convo.write("=2 : Jo signs")
        await convo.press("ctrl+s")
        assert "Ana" not in convo.text
        assert three.file("ana")["encounters"][-1]["at"] == NOW
        await convo.press("f8")
        assert "Saved: call with Ana Ruiz" in convo.text
        await convo.press("u")
        assert convo.note == "=2 : Jo signs"
    assert three.path("ana").read_text() == ANA


async def test_what_the_curtain_hides_is_not_drawn_when_something_goes_wrong(ana: Home, tmp_path: Path) -> None:
    async with ana.convo() as convo:
        await convo.press("n", "a", "f8")
        ana.path("ana").write_text("Ana Ruiz is no TOML")
        await convo.press("ctrl+s")
        assert "Ana" not in convo.text
        assert convo.said[-1] == "Something needs a look: f8 opens the curtain."
        await convo.press("b")
        assert convo.note == "ab"

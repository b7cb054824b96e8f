"""GATES.md 15: "escape sequences and bidi in every field, through a real pty, every screen: no byte reaches the
terminal"."""

from __future__ import annotations

import importlib
import json
import re
import shlex
import subprocess
from collections.abc import Sequence
from pkgutil import iter_modules

import pytest
from conftest import CONVO, Home
from git_home import SETTINGS
from hostile import COMMANDS, EVIL, quoted, trespasses, write_journal
from terminal import Terminal
from textual.screen import Screen

import convo_tui.tui.screens as package

SIGNS = {
    "JournalScreen": "spoke of Acme",
    "Help": "type to search",
    "WhichIssue": "which one?",
    "Ask": "empty: no day",
    "Form": "New relationship",
    "Picker": "Encounter with…",
    "Find": "Find ─",
    "Reach": "Reach Ana",
    "Problems": "Problems · ",
    "Versions": "Sync · main",
    "History": "History of Ana",
    "Conflict": "Two versions of ",
    "AgendaView": "─ Agenda · ",
    "PulseView": "─ Pulse",
    "TopicsView": "We are talking about · ",
    "HeardView": "Listening to ",
    "ReviewView": "Review of the week",
    "PeopleView": "─ People of ",
    "StoryView": "The story with ",
    "StoryEditor": "In your words.",
}
"""Every screen there is, with what is seen only there."""

EVIL_TYPED = "\u202e\u2066\u200b\u2028\xad[/nothing][bold]"
"""What a keyboard, or whoever plays one, can send as letters."""


@pytest.fixture
def evil(home: Home) -> Home:
    """A home with a hostile journal."""
    write_journal(home.journal)
    return home


def make_versions_hostile(home: Home) -> None:
    """Let the folder have versions of hostile authors, with a hostile message, on a branch whose name turns around."""
    (home.folder / ".gitconfig").write_text(SETTINGS, "utf-8")
    environment = home.environment()
    who = EVIL.translate(dict.fromkeys(map(ord, "\n\0<>")))
    for words in (
        ("init", "--quiet", "--initial-branch=main\u202e\u2066"),
        ("add", "--all"),
        ("commit", "--quiet", f"--author={who} <a@b>", "--message", EVIL.replace("\0", "")),
    ):
        subprocess.run(["git", *words], cwd=home.journal, env=environment, check=True, capture_output=True)
    hook = home.journal / ".git" / "hooks" / "pre\x1b]52;c;EVIL\x07\u202e"
    hook.parent.mkdir(exist_ok=True)
    hook.touch(0o755)


def make_settings_hostile(home: Home) -> None:
    config = home.folder / "config" / "convo"
    (config / "themes").mkdir(parents=True)
    (config / "config.toml").write_text(
        f"theme = {quoted('theme' + EVIL)}\nnothing = 1\ndate_order = {quoted('order' + EVIL)}\n"
        f"[keys]\n{quoted('binding' + EVIL)} = {quoted('key' + EVIL)}\nnew-issue = {quoted('letters' + EVIL)}\n",
        "utf-8",
    )
    (config / "themes" / "evil\x1b]52;c;EVIL\x07.toml").write_text(f"name = {quoted(EVIL)}\nprimary = 7\n", "utf-8")


def screens() -> set[str]:
    """The names of the screens that can come to the front."""
    modules = [importlib.import_module(f"{package.__name__}.{each.name}") for each in iter_modules(package.__path__)]
    found = {each for module in modules for each in vars(module).values() if isinstance(each, type)}
    ours = {each for each in found if issubclass(each, Screen) and each.__module__.startswith(package.__name__)}
    return {each.__name__ for each in ours if not any(each in other.__mro__[1:] for other in ours)}


def judged(convo: Terminal, where: str) -> None:
    assert trespasses(bytes(convo.raw)) == [], where


def test_the_judge_knows_what_a_terminal_would_obey() -> None:
    for character in set(EVIL) - {"\r"}:
        assert character.isprintable() == (trespasses(f"{character} ".encode()) == []), ascii(character)
    for command in COMMANDS[:5]:
        assert trespasses(command.encode() + b"EVIL") != [], ascii(command)
    assert trespasses(b"\x1b[38;5;59mfine\x1b[0m\r\n\x1b]22;default\x07") == []


def test_every_screen_shows_hostile_text_and_sends_none_of_it(evil: Home) -> None:
    make_settings_hostile(evil)
    convo = evil.open("20260301-7k3q9m2f", EDITOR="false", columns=180, lines=44)
    convo.wait_to_hear("there is no theme called theme")
    for shown in (
        *("✗ damaged", "✗ broken", "─ Ana", "· role", "tag", "value", "birthday", "story", "about", "Chiara"),
        *("pricing", "unsaid", "marathon", "#topic 1", "first line", "spoke of Acme"),
    ):
        convo.wait_for(shown)
    judged(convo, "the panes")

    convo.press("tab")
    convo.wait_for("ITS WAY")
    judged(convo, "an issue")
    convo.press("j")
    convo.wait_for("unsaid · unmet")
    judged(convo, "a need and the note in which it was heard")
    convo.press("j", "enter")
    convo.wait_for("settled legal")
    convo.press("j")
    convo.wait_for("outcome")
    judged(convo, "what is settled")
    convo.press("tab")
    convo.wait_for("IN THIS ENCOUNTER")
    judged(convo, "an encounter")
    convo.press("shift+tab")
    convo.wait_for("ITS WAY")
    convo.press("shift+tab")
    convo.wait_for("IN THIS ENCOUNTER")

    convo.press("?")
    convo.wait_for("type to search")
    convo.type(EVIL_TYPED)
    convo.wait_for("No key answers to that")
    judged(convo, "help")
    convo.press("escape")
    convo.wait_without("type to search")

    convo.press("t")
    convo.wait_for("Due date for which one?")
    convo.press("1")
    convo.wait_for("empty: no day")
    convo.type("never" + EVIL_TYPED)
    convo.press("enter")
    convo.wait_for("never")
    judged(convo, "a question and its fault")
    convo.press("escape")
    convo.wait_without("never")
    convo.press("i")
    convo.wait_for("Issue with Ana")
    convo.type("typed" + EVIL_TYPED)
    convo.press("enter")
    convo.wait_for("2 me     typed")
    judged(convo, "an issue, typed")
    convo.press("u")
    convo.wait_for("Taken back")
    judged(convo, "a message")

    convo.press("N")
    convo.wait_for("New relationship")
    convo.type("New" + EVIL_TYPED)
    convo.press("enter")
    convo.wait_for("▌New")
    judged(convo, "a form and what it made")
    convo.press("k", "k")
    convo.wait_for("─ Acme")
    judged(convo, "an organisation")
    convo.press("k")
    convo.wait_for("▌✗ damaged")
    convo.wait_to_hear("kind: ")
    convo.press("k")
    convo.wait_for("▌✗ broken")
    convo.wait_to_hear("not valid TOML")
    judged(convo, "what is damaged")
    convo.press("E")
    convo.wait_to_hear("the editor ended with code 1")
    judged(convo, "the editor's fault")
    convo.press("ctrl+p")
    convo.wait_for("Search for commands")
    convo.type("help" + EVIL_TYPED)
    convo.wait_for("No matches found")
    judged(convo, "the palette")


def test_the_screens_over_the_journal_send_none_of_it(evil: Home) -> None:
    make_versions_hostile(evil)
    convo = evil.open("20260301-7k3q9m2f", columns=180, lines=44)
    seen: set[str] = set()

    def visit(screen: str, pressed: str = "", typed: str = "", leave: Sequence[str] = ("escape",)) -> None:
        convo.press(pressed)
        convo.wait_for(SIGNS[screen])
        convo.type(typed)
        convo.wait_for(typed[:3])
        judged(convo, screen)
        seen.add(screen)
        if pressed:
            convo.press(*leave)
            convo.wait_without(SIGNS[screen])

    visit("JournalScreen")
    visit("Help", "?", "due" + EVIL_TYPED)
    visit("WhichIssue", "t", leave=["1"])
    visit("Ask", typed="fri" + EVIL_TYPED)
    convo.press("escape")
    convo.wait_without("fri")
    visit("Form", "N", "New" + EVIL_TYPED, leave=["escape", "escape"])
    visit("Picker", "\x0e", "Ana" + EVIL_TYPED)
    visit("Find", "f", "pri")
    visit("Reach", "@")
    visit("Problems", "D")
    visit("Versions", "S")
    visit("History", "h")
    visit("AgendaView", "a")
    visit("PulseView", "v")
    visit("TopicsView", "#")
    visit("HeardView", "L")
    visit("ReviewView", "W")
    convo.press("k")
    convo.wait_for("─ Acme")
    visit("PeopleView", "P")
    convo.press("j")
    convo.wait_for("─ Ana")
    convo.press("Y")
    visit("StoryView")
    visit("StoryEditor", "e")
    convo.press("escape")
    convo.wait_without(SIGNS["StoryView"])

    convo.press("tab", "tab")
    convo.wait_for("IN THIS ENCOUNTER")
    convo.press("e")
    convo.wait_for("Rewriting")
    convo.type("mine")
    convo.wait_for("mine")
    path = evil.journal / "person.toml"
    theirs = f"note = {quoted(f'theirs{EVIL}')}"
    path.write_text(re.sub(r'note = ".*"', lambda _: theirs, path.read_text("utf-8")), "utf-8")
    convo.press("ctrl+s")
    visit("Conflict")
    convo.press("1")
    convo.wait_without(SIGNS["Conflict"])
    judged(convo, "what stands")
    assert seen == set(SIGNS)


def test_no_screen_is_left_out() -> None:
    assert set(SIGNS) == screens()


def test_a_note_and_its_receipt_send_none_of_it(evil: Home) -> None:
    convo = evil.open("20260301-7k3q9m2f", columns=180, lines=44)
    convo.wait_for("pricing")
    convo.press("n")
    convo.wait_for("Call with Ana")
    convo.type("~1\r= nothing of the kind\rneed: more\rwith: somebody\r! new\r")
    convo.wait_for("opens    new")
    judged(convo, "a note")
    convo.kill()
    (draft,) = evil.state.rglob("drafts/*.jsonl")
    first = draft.read_text("utf-8").splitlines()[0]
    lines = [f"~1 : {EVIL}", f"= {EVIL}", f"need: {EVIL}", f"with: {EVIL}", f"! {EVIL}", f"next: fri {EVIL}", EVIL]
    record = {**json.loads(first), "text": "\n".join(lines)}
    draft.write_text(json.dumps(record) + "\n", "utf-8")

    convo = evil.open(columns=180, lines=44)
    convo.wait_for("You were in the middle of this")
    convo.wait_for("opens")
    judged(convo, "a note that goes on")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana")
    convo.wait_for("opened")
    for shown in ("carried  pricing", "heard    need:", "next     "):
        convo.wait_for(shown)
    judged(convo, "a receipt")


def test_the_command_line_sends_none_of_it(evil: Home) -> None:
    """In a terminal, where it writes colours of its own."""
    typed = shlex.quote(EVIL.replace("\0", ""))
    convo = shlex.join(CONVO)
    commands = (
        *("list", "brief 20260301-7k3q9m2f", "issues", "check", "open nobody", f"brief {typed}"),
        *(f"new Bo{typed}", f"log bo {typed}", "settle pricing --outcome x", "met unsaid", "issues --json"),
    )
    script = "; ".join(f"echo :{number}; {convo} {command}" for number, command in enumerate(commands))
    terminal = evil.start(["sh", "-c", f"{script}; echo :done"], evil.environment(), columns=180, lines=44)
    terminal.wait_for(lambda: ":done" in terminal.decoded)
    said = re.split(r":\w+\r\n", terminal.decoded)[1:]
    for command, words in zip(commands, said, strict=False):
        assert words.strip(), command
        assert "went wrong" not in words, words
        assert trespasses(words.encode()) == [], command

"""What goes wrong: exit codes, one line on standard error, nothing hostile on the screen."""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from pathlib import Path

import pytest
import tomli_w

from convo_tui.cli import failures, output
from convo_tui.store.lookup import Lookup
from tests.cli.conftest import Convo, Terminal

HOSTILE = "\x1b]52;c;ZXZpbA==\x07\x1b[31m\x9b2J\u202e\u2066\x7f\x08end"


def is_raw(character: str) -> bool:
    return character != "\n" and unicodedata.category(character) in {"Cc", "Cf"}


@pytest.mark.parametrize(
    ("code", "arguments"),
    [
        (0, ("list",)),
        (1, ("brief", "nobody")),
        (1, ("settle", "nothing")),
        (1, ("log", "ana")),
        (2, ("log",)),
        (2, ("list", "--sort", "size")),
        (2, ("log", "ana", "text", "--spark", "9")),
        (2, ("new", "Bo", "--cadence", "often")),
        (2, ("--nonsense",)),
        (2, ("brief", "ana", "--nonsense")),
        (2, ("--dir",)),
        (3, ("brief", "damaged")),
        (3, ("log", "damaged", "text")),
        (3, ("delete", "damaged")),
        (3, ("check",)),
    ],
)
def test_the_exit_code_says_what_kind_of_trouble_it_is(ana: Convo, code: int, arguments: tuple[str, ...]) -> None:
    """ "Exit codes: 0 done, 1 nothing done, 2 usage, 3 the file needed is damaged"; "Errors … in one line"."""
    ana.file("damaged").write_text("format = 1\nnonsense")
    result = ana(*arguments)
    assert result.code == code
    if arguments not in (("list",), ("check",)):
        assert (result.out, result.err.count("\n")) == ("", 1)
        assert result.err.startswith("convo: ")


def test_a_damaged_file_disturbs_no_other(ana: Convo) -> None:
    """ "every other file goes on working"."""
    ana.file("damaged").write_text("format = 1\nnonsense")
    ana.done("log", "ana", "still works")
    ana.done("settle", "pricing")
    assert ana.done("brief", "ana").err == ""


def test_a_file_of_a_newer_format_is_shown_and_never_written(ana: Convo) -> None:
    """`format`: "a newer one is read and shown, never written"."""
    text = ana.file("ana-ruiz").read_text().replace("format = 1", "format = 2")
    ana.file("ana-ruiz").write_text(text)
    assert "Legal has the draft." in ana.done("brief", "ana").out
    ana.editor("path.write_text(path.read_text() + '# mine\\n')")
    for arguments in (("log", "ana", "text"), ("settle", "pricing"), ("delete", "ana"), ("edit", "ana")):
        assert ana(*arguments).code == 1
    assert ana.file("ana-ruiz").read_text() == text


def test_two_files_with_one_id_are_only_read(ana: Convo) -> None:
    """ "Two files with one id are reported, both read-only until one is re-identified."""
    text = ana.file("ana-ruiz").read_text()
    ana.file("copy").write_text(text)
    result = ana("log", "copy", "text")
    assert (result.code, "same id" in result.err) == (1, True)
    assert ana("check").code == 3
    ana.editor("path.write_text(path.read_text().replace('id = \"2026', 'id = \"2025', 1).replace('Ana Ruiz', 'Bo'))")
    ana.done("edit", "copy")
    ana.done("log", "bo", "text")


def test_a_conflict_keeps_the_other_version(ana: Convo) -> None:
    """ "4 a conflict with another writer"."""
    file = ana.file("ana-ruiz")

    def meddling(path: Path, *_: object) -> None:
        from convo_tui.store.errors import Conflict

        raise Conflict(path, "another program changed it since it was read; nothing was written")

    ana.monkeypatch.setattr("convo_tui.store.files.save", meddling)
    before = file.read_bytes()
    result = ana("settle", "pricing")
    assert (result.code, result.err.count("\n")) == (4, 1)
    assert file.read_bytes() == before


def hostile_file(convo: Convo) -> None:
    """Write, by hand, what no entrance of ours would let in."""
    entry = {"id": "20261101-host0001", "text": f"{HOSTILE} #topic", "owner": "me", "state": "open"}
    heard = [{"id": f"20261101-{kind}0001", "kind": kind, "text": HOSTILE} for kind in ("need", "about")]
    encounter = {"id": "20261101-enco0001", "at": "2026-11-01T10:00:00+01:00", "note": f"{HOSTILE} #topic"}
    fields = dict.fromkeys(("role", "organisation", "next_about", "story"), HOSTILE)
    relationship = {
        "format": 1, "id": "20261101-evil0001", "name": f"Zoë {HOSTILE} end", "kind": "person", "tags": [HOSTILE],
        **fields, "issues": [entry], "heard": heard, "encounters": [encounter],
    }  # fmt: skip
    convo.journal.mkdir(parents=True)
    (convo.journal / "evil.toml").write_text(tomli_w.dumps(relationship), "utf-8")


@pytest.mark.parametrize("arguments", [("list",), ("brief", "end"), ("issues",), ("heard",), ("topics",), ("check",)])
def test_nothing_hostile_reaches_the_screen(convo: Convo, arguments: tuple[str, ...]) -> None:
    """Escape sequences, controls and bidi in every field, for people and as JSON (GATES.md 15)."""
    hostile_file(convo)
    shown = convo.done("log", "end", f"words\n! {HOSTILE}\n~ {HOSTILE}").out
    shown += convo(*arguments).out + convo(*arguments, "--json").out + convo("settle", f"zz {HOSTILE}").err
    assert [character for character in shown if is_raw(character)] == []
    assert "end" in shown


def test_json_is_ascii_and_says_what_is_there(convo: Convo) -> None:
    """ "stable keys, ISO 8601 dates, ASCII-escaped"."""
    hostile_file(convo)
    out = convo.done("list", "--json").out
    assert out.isascii()
    assert json.loads(out)[0]["name"] == f"Zoë {HOSTILE} end"


def test_text_that_is_not_utf8_is_a_usage_error(convo: Convo) -> None:
    assert convo("new", "Ana\udcff").code == 2


def test_what_nobody_expected_is_reported_without_a_word_of_the_notes(ana: Convo) -> None:
    def failing(self: Lookup) -> None:
        raise RuntimeError("Legal has the draft")

    ana.monkeypatch.setattr(Lookup, "damages", failing)
    result = ana("list")
    (report,) = (ana.state / "crashes").iterdir()
    assert (result.code, result.err.count("\n"), result.out) == (1, 1, "")
    assert str(report) in result.err
    assert "failing" in report.read_text()
    assert "RuntimeError" in report.read_text()
    assert "Legal" not in report.read_text()
    assert "Legal" not in result.err
    assert report.stat().st_mode & 0o777 == 0o600


def failing(ana: Convo) -> None:
    def fails(self: Lookup) -> None:
        try:
            raise ValueError("Legal has the draft")
        except ValueError as cause:
            raise RuntimeError("of Ana Ruiz") from cause

    ana.monkeypatch.setattr(Lookup, "damages", fails)


def test_a_report_names_modules_functions_and_lines_of_the_causes_too_and_nothing_else(ana: Convo) -> None:
    failing(ana)
    ana("list")
    (report,) = (ana.state / "crashes").iterdir()
    version, *lines = report.read_text().splitlines()
    assert version.startswith("convo ")
    kinds = [line for line in lines if not line.startswith("  ")]
    assert kinds == ["builtins.RuntimeError", "builtins.ValueError"]
    assert all(re.fullmatch(r"  [\w.]+:\d+ [\w.<>]+", line) for line in lines if line not in kinds)
    assert report.parent.stat().st_mode & 0o777 == 0o700


def test_the_newest_reports_are_kept(ana: Convo) -> None:
    folder = ana.state / "crashes"
    folder.mkdir(parents=True)
    for day in range(10, 10 + failures.REPORTS):
        (folder / f"202601{day:03}T101010.000000Z-1.txt").touch()
    failing(ana)
    ana("list")
    names = sorted(each.name for each in folder.iterdir())
    assert len(names) == failures.REPORTS
    assert names[0].startswith("202601011T")
    assert "RuntimeError" in (folder / names[-1]).read_text()


def test_without_a_place_for_the_report_the_line_says_so(ana: Convo) -> None:
    ana.state.mkdir(parents=True, exist_ok=True)
    (ana.state / "crashes").write_text("in the way")
    failing(ana)
    result = ana("list")
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert result.err.endswith("and no report of it could be written: File exists\n")


def test_an_interrupt_is_quiet(ana: Convo) -> None:
    def interrupted(self: Lookup) -> None:
        raise KeyboardInterrupt

    ana.monkeypatch.setattr(Lookup, "damages", interrupted)
    assert (ana("list").code, ana("list").err) == (130, "")


def test_a_frozen_clock_that_is_none_is_named(convo: Convo) -> None:
    """`$CONVO_NOW` (ISO 8601)."""
    result = convo("list", now="yesterday")
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "CONVO_NOW" in result.err


def test_emphasis_is_for_terminals_without_no_color(ana: Convo) -> None:
    """ "`NO_COLOR` (no hue; greys allowed) and a non-terminal output are honoured"."""
    assert "\x1b" not in ana.done("list").out
    screen = Terminal()
    ana.monkeypatch.setattr(sys, "stdout", screen)
    output.say(output.bold("Ana"), output.dim(" 3d"))
    ana.monkeypatch.setenv("NO_COLOR", "1")
    output.say(output.bold("Ana"), output.dim(" 3d"))
    assert screen.getvalue() == "\x1b[1mAna\x1b[0m\x1b[2m 3d\x1b[0m\nAna 3d\n"


def test_a_terminal_cuts_what_a_pipe_gets_whole(ana: Convo) -> None:
    ana.monkeypatch.setenv("COLUMNS", "20")
    ana.monkeypatch.setenv("NO_COLOR", "1")
    row = ["one", "山田太郎さん", "a long text that goes on"]
    output.table([row])
    assert ana.capsys.readouterr().out == "one  山田太郎さん  a long text that goes on\n"
    screen = Terminal()
    ana.monkeypatch.setattr(sys, "stdout", screen)
    output.table([row])
    assert screen.getvalue() == "one  山田太郎さん  …\n"


LONG = "x" * 300


def test_a_long_name_pushes_no_other_row_aside(ana: Convo) -> None:
    ana.done("new", LONG)
    ana.done("log", LONG, "need: calm\n! of long")
    for command in ("list", "issues", "heard"):
        rows = ana.done(command).out.splitlines()
        assert any(LONG in row for row in rows)
        assert max(len(row) for row in rows if "Ana Ruiz" in row) < 160


def test_a_terminal_cuts_a_long_name_and_shows_the_rest_of_its_row(ana: Convo) -> None:
    ana.monkeypatch.setenv("COLUMNS", "80")
    ana.monkeypatch.setenv("NO_COLOR", "1")
    screen = Terminal()
    ana.monkeypatch.setattr(sys, "stdout", screen)
    output.table([[output.named(LONG), "today"], [output.named("Ana"), "3d"]])
    assert screen.getvalue().splitlines() == ["x" * 39 + "…  today", "Ana".ljust(40) + "  3d"]


@pytest.mark.parametrize("arguments", [("list",), ("brief", "ana"), ("new", "Bo"), ("check",)])
def test_a_journal_folder_that_cannot_be_read_says_what_to_do(ana: Convo, arguments: tuple[str, ...]) -> None:
    """ "3 the file needed … is damaged"; "Errors … in one line that says what to do"."""
    file = ana.file("ana-ruiz")
    result = ana("--dir", str(file), *arguments)
    assert (result.code, result.out) == (3, "")
    said = f"convo: {file}: the journal folder cannot be read: Not a directory; put that right, or name another"
    assert result.err == f"{said} folder with --dir\n"

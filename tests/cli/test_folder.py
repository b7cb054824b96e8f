"""The folder and the program: check, demo, path, import, completions; settings and folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Convo

CARD = "BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEMAIL:{name}@acme.example\nEND:VCARD\n"


def test_check_of_a_sound_folder(ana: Convo) -> None:
    """`convo check`: "validates every file"."""
    ana.done("new", "Bo")
    assert ana.done("check").out == "2 files, no problems\n"
    assert ana.done("check", "--json").json == {"files": 2, "problems": []}


def test_check_names_file_line_and_reason(ana: Convo) -> None:
    """ "names file, line and reason"; "for `check`: any [file] is damaged": 3."""
    ana.file("bo").write_text('format = 1\nid = "20260101-aaaaaaaa"\nname = "Bo"\nkind = "robot"\n')
    result = ana("check")
    assert result.code == 3
    assert result.out.startswith("bo.toml:4: kind: ")
    assert result.out.endswith("2 files, 1 error\n")
    said = ana("check", "--json")
    assert said.code == 3
    (problem,) = said.json["problems"]
    assert list(problem) == ["file", "line", "message", "level"]
    assert (problem["file"], problem["line"], problem["level"]) == ("bo.toml", 4, "error")


def test_check_of_warnings_only_is_no_failure(ana: Convo) -> None:
    """ "0 done (warnings too)"."""
    ana.file("ana-ruiz").write_text(ana.file("ana-ruiz").read_text().replace("2026-11-12T15:00", "2027-11-12T15:00"))
    result = ana.done("check")
    assert "is in the future (warning)" in result.out
    assert "1 file, " in result.out
    assert {each["level"] for each in ana.done("check", "--json").json["problems"]} == {"warning"}


def test_demo_check_summarizes_without_a_terminal(convo: Convo) -> None:
    """`convo demo [--check]`: "a summary, no terminal", in a temporary folder."""
    said = convo.done("demo", "--check", "--json").json
    assert said["relationships"] > 5
    assert said["encounters"] > 50
    assert said["problems"] == 0
    assert "relationships · " in convo.done("demo", "--check").out
    assert not convo.journal.exists()
    assert not convo.state.exists()


def test_demo_needs_a_terminal(convo: Convo) -> None:
    assert convo("demo").code == 1


def test_path_prints_where_things_are(convo: Convo) -> None:
    """`convo path [dir|config|cache|state]`."""
    assert convo.done("path").out == f"{convo.journal}\n"
    for which in ("config", "cache", "state"):
        assert convo.done("path", which).out == f"{convo.home / which / 'convo'}\n"
    assert convo.done("path", "--json").json == {"dir": str(convo.journal)}
    assert convo("path", "nowhere").code == 2


def test_the_folder_is_dir_then_the_environment_then_the_settings(convo: Convo) -> None:
    """ "`--dir PATH`, else `$CONVO_DIR`, else `journal_dir` in the settings"."""
    (convo.home / "config" / "convo").mkdir(parents=True)
    (convo.home / "config" / "convo" / "config.toml").write_text(f'journal_dir = "{convo.home}/from-settings"\n')
    assert convo.done("path").out == f"{convo.home}/from-settings\n"
    convo.monkeypatch.setenv("CONVO_DIR", f"{convo.home}/from-environment")
    assert convo.done("path").out == f"{convo.home}/from-environment\n"
    for arguments in (("--dir", "/x", "path"), ("--dir=/x", "path"), ("path", "--dir", "/x"), ("path", "--dir=/x")):
        assert convo.done(*arguments).out == "/x\n"


def test_dir_after_two_dashes_is_text(convo: Convo) -> None:
    convo.done("new", "Ana")
    convo.done("log", "ana", "--", "--dir", "/x")
    assert convo.done("brief", "ana", "--json").json["last_encounter"]["note"] == "--dir /x"


def test_wrong_settings_are_named_once_and_the_command_goes_on(ana: Convo) -> None:
    """ "a wrong value is named with its line and its default used"."""
    (ana.home / "config" / "convo").mkdir(parents=True)
    (ana.home / "config" / "convo" / "config.toml").write_text('theme = 3\ndate_order = "X"\n')
    result = ana.done("brief", "ana")
    assert result.err.count("\n") == 2
    assert "config.toml:1:" in result.err
    assert "config.toml:2:" in result.err


def test_a_card_arrives_and_arriving_again_changes_nothing(convo: Convo, tmp_path: Path) -> None:
    """`convo import FORMAT FILE…`."""
    book = tmp_path / "book.vcf"
    book.write_text(CARD.format(name="Ana") + CARD.format(name="Bo"))
    assert convo.done("import", "vcard", str(book)).out == "2 new, 0 changed, 0 unchanged, 0 broken\n"
    before = {path: path.read_bytes() for path in convo.journal.iterdir()}
    assert convo.done("import", "vcard", str(book)).out == "0 new, 0 changed, 2 unchanged, 0 broken\n"
    assert {path: path.read_bytes() for path in convo.journal.iterdir()} == before


def test_a_card_adds_what_was_missing(convo: Convo) -> None:
    convo.done("new", "Ana", "--role", "Ops")
    said = convo.done("import", "vcard", "-", "--json", stdin=CARD.format(name="Ana")).json
    assert said == {"new": 0, "changed": 1, "unchanged": 0, "broken": []}
    text = convo.file("ana").read_text()
    assert "Ana@acme.example" in text
    assert 'role = "Ops"' in text


def test_the_same_card_twice_in_one_file_is_one_person(convo: Convo) -> None:
    card = CARD.format(name="Ana")
    assert convo.done("import", "vcard", "-", stdin=card + card).out == "1 new, 0 changed, 1 unchanged, 0 broken\n"
    assert len(list(convo.journal.iterdir())) == 1


def test_a_broken_card_is_named_and_the_rest_arrives(convo: Convo, tmp_path: Path) -> None:
    book = tmp_path / "book.vcf"
    book.write_text("BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n" + CARD.format(name="Bo"))
    result = convo.done("import", "vcard", str(book), str(tmp_path / "missing.vcf"))
    assert result.out == "1 new, 0 changed, 0 unchanged, 2 broken\n"
    assert f"{book}:1: " in result.err
    assert "missing.vcf: cannot be read" in result.err


@pytest.mark.parametrize("stdin", [b"", b"\x00\xff garbage"])
def test_when_nothing_could_be_read_nothing_is_done(convo: Convo, stdin: bytes) -> None:
    assert convo("import", "vcard", "-", stdin=stdin).code == 1


def test_a_card_for_a_file_that_cannot_be_written_is_named(ana: Convo) -> None:
    text = ana.file("ana-ruiz").read_text().replace("format = 1", "format = 99")
    ana.file("ana-ruiz").write_text(text)
    result = ana.done("import", "vcard", "-", stdin=CARD.format(name="Ana Ruiz") + CARD.format(name="Bo"))
    assert result.out == "1 new, 0 changed, 0 unchanged, 1 broken\n"
    assert ana.file("ana-ruiz").read_text() == text

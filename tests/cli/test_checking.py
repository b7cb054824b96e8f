"""`convo check --fix`: shows what it would do, asks, keeps a copy, and tells what is left."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from convo_tui.store import files
from tests.cli.conftest import Convo

BO = 'format = 1\nid = "20240301-boboboob"\nname = "Bo"\nkind = "person"\n'
WRONG = 'format = 1\nid = "20240301-wrong001"\nname = "Wrong"\nkind = "robot"\n'


@pytest.fixture
def bo(convo: Convo) -> Convo:
    """A journal with Bo, saved by a Windows editor."""
    convo.journal.mkdir(parents=True)
    convo.file("bo").write_bytes(("\ufeff" + BO).replace("\n", "\r\n").encode())
    return convo


def test_without_a_terminal_it_shows_the_change_and_writes_nothing_until_told_to(bo: Convo) -> None:
    """ "1 nothing done (… refused)"."""
    before = bo.file("bo").read_bytes()
    shown = bo("check", "--fix")
    assert shown.code == 1
    assert "bo.toml: the byte order mark is taken away\n" in shown.out
    assert "--- a/bo.toml\n+++ b/bo.toml\n" in shown.out
    assert '-<U+FEFF>format = 1^M\n-id = "20240301-boboboob"^M\n' in shown.out
    assert '+format = 1\n+id = "20240301-boboboob"\n' in shown.out
    assert shown.err == "convo: nothing was written: look at what --fix shows, then say --yes to have it done\n"
    assert bo.file("bo").read_bytes() == before


def test_with_yes_it_writes_says_where_the_old_text_is_and_what_is_left(bo: Convo) -> None:
    before = bo.file("bo").read_bytes()
    bo.file("wrong").write_text(WRONG)
    done = bo("check", "--fix", "--yes")
    assert done.code == 3, "while an error is left"
    assert done.out.endswith('wrong.toml:4: kind: "robot" is not one of person, organisation\n2 files, 1 error\n')
    line = next(line for line in done.out.splitlines() if line.startswith("bo.toml: repaired"))
    assert Path(line.rpartition(": ")[2]).read_bytes() == before
    assert bo.file("bo").read_text() == BO
    assert bo.file("wrong").read_text() == WRONG


def test_it_can_be_taken_back_like_every_change(bo: Convo) -> None:
    before = bo.file("bo").read_bytes()
    bo.done("check", "--fix", "--yes")
    assert "repair the folder" in bo.done("undo").out
    assert bo.file("bo").read_bytes() == before


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("Yes\n", 0), ("\n", 1), ("n\n", 1), ("", 1)])
def test_at_a_terminal_it_asks(bo: Convo, answer: str, code: int) -> None:
    result = bo("check", "--fix", stdin=answer, terminal=True)
    assert result.code == code
    assert "Write this? [y/N] " in result.err
    assert (bo.file("bo").read_text() == BO) == (code == 0)


def test_as_json_it_tells_what_was_done(bo: Convo) -> None:
    """`check` → {files, problems: [{file, line, message, level}]}; with --fix also what was fixed."""
    assert bo("check", "--fix", "--json").code == 1
    said = bo.done("check", "--fix", "--yes", "--json").json
    assert list(said) == ["files", "problems", "fixed"]
    assert (said["files"], said["problems"]) == (1, [])
    (fixed,) = said["fixed"]
    assert list(fixed) == ["file", "what", "kept"]
    assert fixed["what"] == ["the byte order mark is taken away", "the Windows line endings are taken away"]
    assert Path(fixed["kept"]).is_file()
    assert bo.done("check", "--fix", "--json").json == {"files": 1, "problems": [], "fixed": []}


def test_when_nothing_can_be_repaired_it_says_so_and_what_is_wrong(convo: Convo) -> None:
    convo.journal.mkdir(parents=True)
    convo.file("wrong").write_text(WRONG)
    result = convo("check", "--fix")
    assert result.code == 3
    assert result.out.startswith("nothing here can be repaired by itself\nwrong.toml:4: ")


def test_a_file_that_changed_meanwhile_is_told_and_the_others_are_repaired(
    bo: Convo, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo.file("ana").write_text("\ufeff" + BO.replace("boboboob", "anaruiz1"))
    save = files.save

    def racing(path: Path, data: bytes, base: bytes | None, keep: Path) -> None:
        if path.name == "ana.toml":
            path.write_text("theirs")
        save(path, data, base, keep)

    monkeypatch.setattr(files, "save", racing)
    result = bo("check", "--fix", "--yes")
    assert "ana.toml: another program changed it" in result.err
    assert result.code == 3, "what they wrote is damaged"
    assert bo.file("ana").read_text() == "theirs"
    assert bo.file("bo").read_text() == BO


def test_a_hostile_file_reaches_the_terminal_harmless_and_in_colour_only_there(
    bo: Convo, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo.file("bo").write_bytes(bo.file("bo").read_bytes() + 'role = "a\u202e\x9b31m"\r\n'.encode())
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    plain = bo("check", "--fix").out
    assert "\x1b" not in plain
    assert not {"\u202e", "\x9b", "\r"} & set(plain)
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda stream: True, raising=False)
    coloured = bo("check", "--fix").out
    assert "\x1b[32m+format = 1\x1b[0m" in coloured
    assert "\x1b[31m-" in coloured
    assert not {"\u202e", "\x9b", "\r"} & set(coloured)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in bo("check", "--fix").out


@pytest.mark.skipif(os.name != "posix", reason="the editor is a script")
def test_a_damaged_file_is_opened_at_the_line(convo: Convo, tmp_path: Path) -> None:
    convo.journal.mkdir(parents=True)
    convo.file("wrong").write_text(WRONG)
    program, noted = tmp_path / "vi", tmp_path / "noted"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{noted}\nsed -i s/robot/person/ "$2"\n')
    program.chmod(0o755)
    convo.monkeypatch.setenv("EDITOR", str(program))
    convo.done("edit", "wrong.toml")
    assert noted.read_text().splitlines()[0] == "+4"
    assert convo.done("check").out == "1 file, no problems\n"

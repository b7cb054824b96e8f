"""The user's editor: opened at a line where it takes one, and never through a shell."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from convo_tui import editor
from convo_tui.core.errors import Refused
from convo_tui.editor import edit

pytestmark = pytest.mark.skipif(os.name != "posix", reason="commands are split otherwise there")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have been started."""
    commands: list[list[str]] = []
    monkeypatch.setattr(editor, "_run", lambda command: commands.append(command) or 0)
    return commands


@pytest.mark.parametrize(
    ("setting", "command"),
    [
        *((each, [each, "+12", "/x/a.toml"]) for each in ("vi", "vim", "nvim", "view", "ex", "nano", "pico", "emacs")),
        *((each, [each, "+12", "/x/a.toml"]) for each in ("emacsclient", "kak", "micro", "ne", "joe", "jed", "mg")),
        *((each, [each, "+12", "/x/a.toml"]) for each in ("gvim", "gedit")),
        *((each, [each, "/x/a.toml:12"]) for each in ("hx", "helix", "subl", "zed")),
        ("subl --wait", ["subl", "--wait", "/x/a.toml:12"]),
        *((each, [each, "--goto", "/x/a.toml:12"]) for each in ("code", "codium", "code-insiders", "cursor")),
        ("code --wait", ["code", "--wait", "--goto", "/x/a.toml:12"]),
        ("kate", ["kate", "--line", "12", "/x/a.toml"]),
        ("notepad++", ["notepad++", "-n12", "/x/a.toml"]),
        ("/usr/bin/vim -u NONE", ["/usr/bin/vim", "-u", "NONE", "+12", "/x/a.toml"]),
        ("'/opt/my tools/vim'", ["/opt/my tools/vim", "+12", "/x/a.toml"]),
        # Only the name of the program counts, and of others nothing is guessed.
        ("env vim", ["env", "vim", "/x/a.toml"]),
        ("/opt/vim/edit", ["/opt/vim/edit", "/x/a.toml"]),
        ("vimless", ["vimless", "/x/a.toml"]),
    ],
)
def test_an_editor_opens_a_file_at_a_line_where_it_takes_one(
    started: list[list[str]], setting: str, command: list[str]
) -> None:
    edit(Path("/x/a.toml"), setting, 12)
    assert started == [command]


@pytest.mark.parametrize("setting", ["vi", "code --wait", "hx", "kate", "unknown"])
def test_without_a_line_the_file_alone_is_given(started: list[list[str]], setting: str) -> None:
    edit(Path("/x/a.toml"), setting)
    edit(Path("/x/a.toml"), setting, None)
    assert {command[-1] for command in started} == {"/x/a.toml"}
    assert not any("12" in word for command in started for word in command)


def test_the_setting_comes_before_visual_and_that_before_editor(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "third")
    monkeypatch.delenv("VISUAL", raising=False)
    edit(Path("/x"))
    monkeypatch.setenv("VISUAL", "second")
    edit(Path("/x"))
    edit(Path("/x"), "first")
    for name in ("VISUAL", "EDITOR"):
        monkeypatch.delenv(name)
    edit(Path("/x"))
    assert [command[0] for command in started] == ["third", "second", "first", "vi"]


@pytest.mark.parametrize("line", [None, 3])
@pytest.mark.parametrize(
    "setting", ["vi; touch x", "vi && touch x", "vi | touch x", "vi $(touch x) `touch x`", "vi\n touch x"]
)
def test_nothing_of_a_setting_is_done_by_a_shell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, line: int | None
) -> None:
    """ "`$EDITOR` split and run without a shell"."""
    monkeypatch.chdir(tmp_path)
    noted = tmp_path / "noted"
    for name in ("vi", "vi;"):
        (tmp_path / name).write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{noted}\n')
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    edit(tmp_path / "a.toml", setting, line)
    assert "touch" in noted.read_text(), "it is a word for the editor, and no command"
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("name", ["-c quit.toml", "a b.toml", 'it\'s "a".toml', "+3.toml", "$(touch x).toml", "--help"])
@pytest.mark.parametrize("program", ["vi", "code", "hx", "unknown"])
def test_no_file_name_is_an_option_or_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, program: str
) -> None:
    monkeypatch.chdir(tmp_path)
    noted = tmp_path / "noted"
    script = f"import sys, pathlib; pathlib.Path({str(noted)!r}).write_text(chr(0).join(sys.argv[1:]))"
    (tmp_path / program).write_text(f"#!{sys.executable}\n{script}\n")
    (tmp_path / program).chmod(0o755)
    edit(Path(name), str(tmp_path / program), 7)
    words = noted.read_text().split("\0")
    whole = str(tmp_path / name)
    assert words in (["+7", whole], ["--goto", f"{whole}:7"], [f"{whole}:7"], [whole])
    assert not (tmp_path / "x").exists()


def test_what_goes_wrong_is_said_with_where_the_text_is(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    for setting, said in (("'open", "open quote"), ("/nowhere/vi", "did not start"), ("false", "ended with code 1")):
        with pytest.raises(Refused, match=said) as refused:
            edit(path, setting, 2)
        assert str(path) in str(refused.value)

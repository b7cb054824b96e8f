"""Names that are made to lead elsewhere: of relationships, of files, of ids (GATES.md 17: "nothing executed, nothing
written outside")."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Convo

NAMES = {
    "up": "../../outside",
    "absolute": "/tmp/outside",
    "windows": "..\\..\\outside",
    "device": "CON",
    "device with an ending": "nul.txt",
    "dot": "./.",
    "hidden": ".git/config",
    "emoji": "👩\u200d👩\u200d👧 ☕",
    "long": "x" * 300,
    "spaces and dots": "name . . ",
    "newline": "one\ntwo",
    "right to left": "محمد \u202egnp.exe",
    "escape": "a\x1b]52;c;RVZJTA==\x07b",
    "option": "-rf *; $(touch outside)",
    "variable": "%HOME% ~ $HOME",
}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="no file can have such a name there")


def outside(convo: Convo) -> set[Path]:
    """Every file that is neither in the journal nor in the folders of the program."""
    ours = [convo.home / kind / "convo" for kind in ("data", "state", "cache", "config")]
    return {
        each for each in convo.home.rglob("*") if each.is_file() and not any(each.is_relative_to(our) for our in ours)
    }


def written(name: str, identity: str = "20260301-7k3q9m2f", **more: str) -> str:
    """A file of the journal, as another program writes it."""
    rest = "".join(f"{key} = {value}\n" for key, value in more.items())
    return f'format = 1\nid = "{identity}"\nname = "{name}"\nkind = "person"\n{rest}'


@pytest.mark.parametrize("kind", NAMES)
def test_a_name_never_leads_out_of_the_folder(convo: Convo, kind: str) -> None:
    """ "File name: an ASCII slug of the name (`-` + the end of the id when taken, or when the slug is empty)."
    (CONTRACT.md, "The journal folder")"""
    made = convo.done("new", "--json", "--", NAMES[kind]).json
    (file,) = convo.journal.glob("*")
    stem = file.name.removesuffix(".toml")
    assert file.name == made["file"]
    assert stem.isascii()
    assert stem.replace("-", "").isalnum()
    assert len(stem) <= 100
    assert stem.lower() not in ("con", "nul", "git", "")

    key = made["id"]
    convo.done("log", key, "~ nothing\n! an issue\nneed: quiet\nwords")
    convo.done("settle", "issue")
    convo.done("undo")
    entry = convo.done("issues", key, "--json").json[0]["id"]
    convo.editor("path.write_text(path.read_text() + '# mine\\n')")
    convo.done("edit", key)
    for deleted in (entry, key):
        trash = Path(convo.done("delete", deleted, "--json").json["trash"])
        assert trash.is_relative_to(convo.state)
        assert trash.is_file()
    convo.done("undo")
    assert [each.name for each in convo.journal.glob("*")] == [file.name]
    assert outside(convo) <= {convo.home / "editor.py"}


@pytest.mark.parametrize("name", ["", " ", "\t\n "])
def test_a_name_that_says_nothing_is_refused(convo: Convo, name: str) -> None:
    result = convo("new", name)
    assert result.code in (1, 2), result
    assert not list(convo.journal.glob("*"))


FILES = {
    "newline": b"a\nb.toml",
    "escape": b"\x1b]52;c;RVZJTA==\x07.toml",
    "not UTF-8": b"caf\xe9\xff.toml",
    "option": b"-rf.toml",
    "shell": b"$(touch outside);`id`.toml",
    "long": b"x" * 250 + b".toml",
    "right to left": "\u202egnp.toml".encode(),
    "two dots": b"...toml",
    "quotes": b"'\"\\.toml",
}


@POSIX
@pytest.mark.parametrize("kind", FILES)
def test_a_file_name_is_only_a_name(convo: Convo, kind: str) -> None:
    """ "a file renamed by hand keeps working" (CONTRACT.md, "The journal folder")"""
    convo.journal.mkdir(parents=True)
    path = Path(os.fsdecode(os.fsencode(convo.journal) + b"/" + FILES[kind]))
    path.write_text(written("Ana Ruiz"), "utf-8")
    if FILES[kind].startswith(b"."):
        return  # hidden, as a folder's own files are

    for command in (("list",), ("brief", "ana"), ("check",), ("list", "--json"), ("check", "--json")):
        result = convo.done(*command)
        assert (result.out + result.err).replace("\n", "").isprintable(), ascii(result)
    convo.done("log", "ana", "! pricing\nwords")
    convo.done("undo")
    convo.done("log", "ana", "! pricing\nwords")
    convo.editor("path.write_text(path.read_text() + '# mine\\n')")
    assert convo.done("edit", "ana").out == "Ana Ruiz is saved\n"
    entry = convo.done("issues", "--json").json[0]["id"]
    convo.done("delete", entry)
    convo.done("delete", "ana")
    assert list(convo.journal.glob("*")) == []
    convo.done("undo")
    assert os.listdir(os.fsencode(convo.journal)) == [FILES[kind]]
    assert outside(convo) <= {convo.home / "editor.py"}


@pytest.mark.parametrize("identity", ["../../outside", "/tmp/outside", "a/b", "..", ".", "a\\nb", "a\\u0000b", "-rf"])
def test_an_id_that_looks_like_a_path_is_damage(convo: Convo, identity: str) -> None:
    convo.journal.mkdir(parents=True)
    (convo.journal / "evil.toml").write_text(written("Evil", identity), "utf-8")
    (convo.journal / "other.toml").write_text(
        written("Other") + f'\n[[issues]]\nid = "{identity}"\ntext = "x"\nowner = "me"\nstate = "open"\n', "utf-8"
    )
    before = {each.name: each.read_bytes() for each in convo.journal.glob("*")}
    result = convo("check")
    assert result.code == 3
    assert "evil.toml:2: id: " in result.out
    for command in (
        *(
            ("delete", identity or "evil"),
            ("log", "evil", "x"),
            ("settle", "x"),
            ("brief", "evil"),
            ("log", "other", "x"),
        ),
        *(("delete", "other.toml"), ("delete", "evil.toml")),
    ):
        result = convo(*(each.replace("\\n", "\n").replace("\\u0000", "\0") for each in command))
        assert result.code != 0, (command, result)
        assert "should not have" not in result.err
    assert {each.name: each.read_bytes() for each in convo.journal.glob("*")} == before
    assert outside(convo) == set()


def test_references_that_look_like_paths_lead_nowhere(convo: Convo) -> None:
    """Ids of others are free text in a file: nothing is opened or written by them."""
    convo.journal.mkdir(parents=True)
    (convo.journal / "ana.toml").write_text(
        written("Ana", organisation='"../../outside"', former='["../../outside", "/etc/passwd"]')
        + '\n[[encounters]]\nid = "e1"\nat = 2026-11-01T10:00:00+01:00\nchannel = "call"\nnature = "conversation"\n'
        'with = ["../../outside"]\nmentions = ["/etc/passwd"]\n',
        "utf-8",
    )
    convo.done("log", "ana", "! pricing\nwith: ../../outside")
    convo("log", "../../outside", "words")
    convo.done("delete", "e1")
    assert outside(convo) == set()
    assert [each.name for each in convo.journal.glob("*")] == ["ana.toml"]


@POSIX
def test_what_is_piped_gets_into_the_file_without_controls_and_whole(ana: Convo) -> None:
    note = "\x1b[31mred\x07\x9b0m\x00\r\n\u202eLIVE\u2069 me\u200cme\u200f\twide " + "Z" + "\u0301" * 50 + "x" * 30_000
    ana.done("log", "ana", "-", stdin=note)
    text = ana.file("ana-ruiz").read_text("utf-8")
    assert "␛[31mred␇�0m␀\nLIVE me\u200cme\u200f\twide Z" + "\u0301" * 8 + "x" * 30_000 in text.replace("\\t", "\t")


@POSIX
def test_what_the_editor_left_gets_into_the_file_without_controls(ana: Convo) -> None:
    ana.editor("path.write_bytes('! evil\\x1b]52;c;x\\x07 \\u202ename'.encode())")
    ana.done("log", "ana", terminal=True)
    issues = ana.done("issues", "ana", "--json").json
    assert "evil␛]52;c;x␇ name" in [each["text"] for each in issues]

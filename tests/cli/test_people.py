"""Whole relationships: new, NAME, edit, delete, open."""

from __future__ import annotations

import os
import tomllib
from typing import Any

import pytest

from tests.cli.conftest import Convo, Result


def content(convo: Convo, name: str) -> dict[str, Any]:
    return tomllib.loads(convo.file(name).read_text())


def test_new_takes_every_option(convo: Convo) -> None:
    """`convo new NAME`: `--kind --organisation --role --tag… --cadence --email… --phone… --another`."""
    convo.done(
        "new", "Ana", "Ruiz", "--organisation", "Acme", "--role", "Ops", "--tag", "a", "--tag", "b", "--cadence", "3w",
        "--email", "ana@acme.example", "--email", "a@home.example", "--phone", "+34 600",
    )  # fmt: skip
    file = content(convo, "ana-ruiz")
    assert (file["name"], file["kind"], file["organisation"], file["role"]) == ("Ana Ruiz", "person", "Acme", "Ops")
    assert (file["tags"], file["cadence"]) == (["a", "b"], "3w")
    assert [(way["kind"], way["value"]) for way in file["reach"]] == [
        ("email", "ana@acme.example"),
        ("email", "a@home.example"),
        ("phone", "+34 600"),
    ]


def test_a_second_of_the_same_name_must_be_meant(convo: Convo) -> None:
    """`--another` (same name exists)."""
    convo.done("new", "Ana Ruiz")
    assert convo("new", "ana ruíz").code == 1
    assert len(list(convo.journal.iterdir())) == 1
    convo.done("new", "Ana Ruiz", "--another")
    assert len(list(convo.journal.iterdir())) == 2


def test_the_default_cadence_is_not_written_into_files(convo: Convo) -> None:
    (convo.home / "config" / "convo").mkdir(parents=True)
    (convo.home / "config" / "convo" / "config.toml").write_text('default_cadence = "3w"\n')
    convo.done("new", "Ana")
    assert "cadence" not in content(convo, "ana")


def test_folders_and_files_are_private(convo: Convo) -> None:
    """ "Folders 0700 and files 0600 when we create them"."""
    convo.done("new", "Ana")
    assert (convo.journal.stat().st_mode & 0o777, convo.file("ana").stat().st_mode & 0o777) == (0o700, 0o600)


@pytest.mark.parametrize("name", ["soren", "SØREN KIERK", "søren-kierkegaard", "the dane", "kierkegaard", "renamed"])
def test_a_name_is_an_id_file_name_alias_prefix_or_words(convo: Convo, name: str) -> None:
    """ "NAME: id, file name, exact name, alias, then unique prefix, then unique words, compared as slugs"."""
    identity = convo.done("new", "Søren Kierkegaard", "--json").json["id"]
    convo.done("new", "Someone Else")
    text = convo.file("soren-kierkegaard").read_text()
    convo.file("soren-kierkegaard").unlink()
    convo.file("renamed").write_text(text.replace('kind = "person"\n', 'kind = "person"\naliases = ["The Dane"]\n'))
    assert convo.done("brief", name, "--json").json["relationship_id"] == identity
    assert convo.done("brief", identity, "--json").json["relationship_id"] == identity


def test_several_that_match_are_listed_and_nothing_is_done(convo: Convo) -> None:
    """ "several match: they are listed and nothing is done"; "an empty slug matches nothing"."""
    for name in ("Ana Ruiz", "Ana Berg"):
        convo.done("new", name)
    result = convo("log", "ana", "text")
    assert result.code == 1
    assert "Ana Ruiz" in result.err
    assert "Ana Berg" in result.err
    assert "encounters" not in convo.file("ana-ruiz").read_text()
    assert convo("brief", "!!!").code == 1


def test_a_name_that_is_no_command_opens_it_and_needs_a_terminal(ana: Convo) -> None:
    """ "`convo NAME` or `convo open NAME` opens it at that relationship"."""
    for arguments in (("ana",), ("ana", "ruiz"), ("open", "ana"), ()):
        result = ana(*arguments)
        assert result.code == 1
        assert result.err == (
            "convo: Convo's full screen needs a terminal; `convo list` and the other commands work without one\n"
        )


def test_a_misspelt_command_is_told_from_a_name(ana: Convo) -> None:
    result = ana("breif", "ana")
    assert result.code == 1
    assert "no command and nobody here is called “breif ana”; did you mean `convo brief`?" in result.err
    assert ana("zoe").code == 1


def test_edit_saves_what_was_changed(ana: Convo) -> None:
    """`convo edit NAME`: "the file in `$EDITOR`, validated on return"."""
    ana.editor("path.write_text('# mine\\n' + path.read_text().replace('Head of', 'Chief of'))")
    assert ana.done("edit", "ana").out == "Ana Ruiz is saved\n"
    assert ana.file("ana-ruiz").read_text().startswith("# mine\nformat = 1")
    assert ana.done("brief", "ana").out.startswith("Ana Ruiz · Chief of Operations")
    assert not list(ana.state.glob("*/kept/*"))


def test_edit_without_a_change_says_so(ana: Convo) -> None:
    before = ana.file("ana-ruiz").stat()
    ana.editor("pass")
    assert ana.done("edit", "ana", "--json").json["changed"] is False
    assert ana.file("ana-ruiz").stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.parametrize("broken", ["format = 1\\nid = ", "", "format = 1\\nname = 3\\n"])
def test_an_invalid_edit_is_kept_aside_and_named(ana: Convo, broken: str) -> None:
    """ "an invalid edit is kept aside, never lost"."""
    before = ana.file("ana-ruiz").read_bytes()
    ana.editor(f"path.write_text({broken!r}.replace('\\\\n', '\\n'))")
    result = ana("edit", "ana")
    (kept,) = ana.state.glob("*/kept/*/ana-ruiz.toml")
    assert (result.code, result.err.count("\n")) == (3, 1)
    assert str(kept) in result.err
    assert kept.read_text() == broken.replace("\\n", "\n")
    assert ana.file("ana-ruiz").read_bytes() == before


def meanwhile(convo: Convo, mine: str, theirs: str) -> Result:
    """Edit Ana's file as `mine` says, while another program does what `theirs` says."""
    file = str(convo.file("ana-ruiz"))
    write = "pathlib.Path({0}).write_text(pathlib.Path({0}).read_text(){1})"
    convo.editor(write.format("path", mine) + "; " + write.format(repr(file), theirs))
    return convo("edit", "ana")


def test_what_another_program_wrote_while_a_file_was_edited_stays(ana: Convo) -> None:
    """Issue 5: what changed under us is merged by id when both sides can be kept."""
    encounter = "'\\n[[encounters]]\\nat = 2026-11-20T09:00:00\\nnote = \"by another\"\\n'"
    result = meanwhile(ana, ".replace('Head of', 'Chief of') + '# edit\\n'", f" + {encounter}")
    assert (result.code, result.out, result.err) == (0, "Ana Ruiz is saved\n", "")
    text = ana.file("ana-ruiz").read_text()
    assert "Chief of" in text
    assert "# edit" in text
    assert "by another" in text
    assert not list(ana.state.glob("*/kept/*"))
    ana.done("undo")
    assert "by another" in ana.file("ana-ruiz").read_text()
    assert "Chief of" not in ana.file("ana-ruiz").read_text()


def test_an_edit_that_contradicts_another_is_a_conflict_and_kept(ana: Convo) -> None:
    """ "4 a conflict with another writer"."""
    result = meanwhile(ana, ".replace('Head of', 'Chief of')", ".replace('Head of', 'Queen of')")
    (kept,) = ana.state.glob("*/kept/*/ana-ruiz.toml")
    assert (result.code, result.err.count("\n")) == (4, 1)
    assert result.err.startswith("convo: Ana Ruiz: another program changed the role as well; nothing was saved")
    assert str(kept) in result.err
    assert "Chief of" in kept.read_text()
    assert "Queen of" in ana.file("ana-ruiz").read_text()


def test_an_edit_of_a_file_that_another_has_damaged_meanwhile_is_a_conflict_and_kept(ana: Convo) -> None:
    result = meanwhile(ana, ".replace('Head of', 'Chief of')", " + '<<<<<<< ours'")
    (kept,) = ana.state.glob("*/kept/*/ana-ruiz.toml")
    assert (result.code, result.err.count("\n")) == (4, 1)
    assert str(kept) in result.err
    assert ana.file("ana-ruiz").read_text().endswith("<<<<<<< ours")


def test_an_edit_never_changes_the_id(ana: Convo) -> None:
    """ "identity is the `id` inside"; "never changes"."""
    ana.editor("path.write_text(path.read_text().replace('id = \"2026', 'id = \"2025', 1))")
    result = ana("edit", "ana")
    assert result.code == 1
    assert "never changes" in result.err


def test_edit_repairs_a_damaged_file(ana: Convo) -> None:
    good = ana.file("ana-ruiz").read_text()
    ana.file("ana-ruiz").write_text(good + "junk")
    ana.editor("path.write_text(path.read_text().removesuffix('junk'))")
    ana.done("edit", "ana-ruiz")
    assert ana.file("ana-ruiz").read_text() == good


def test_delete_moves_a_relationship_to_the_trash(ana: Convo) -> None:
    """`convo delete ID|NAME`: "an entry or a whole relationship to the trash, its references removed"."""
    ana.done("new", "Bo")
    ana.done("log", "bo", "together", "--with", "ana")
    text = ana.file("ana-ruiz").read_text()
    result = ana.done("delete", "ana")
    (kept,) = ana.state.glob("*/trash/*")
    assert str(kept) in result.out
    assert kept.read_text() == text
    assert not ana.file("ana-ruiz").exists()
    assert "with" not in content(ana, "bo")["encounters"][0]


def test_delete_moves_an_entry_to_the_trash(ana: Convo) -> None:
    encounter = content(ana, "ana-ruiz")["encounters"][0]["id"]
    said = ana.done("delete", encounter[-6:], "--json").json
    assert said["deleted"] == encounter
    assert os.path.exists(said["trash"])
    after = content(ana, "ana-ruiz")
    assert "encounters" not in after
    assert all("opened_in" not in issue for issue in after["issues"])


def test_delete_of_what_is_not_there_does_nothing(ana: Convo) -> None:
    assert ana("delete", "zzzz").code == 1


def test_delete_does_nothing_when_an_entry_and_a_name_answer(ana: Convo) -> None:
    text = ana.file("ana-ruiz").read_text()
    identity = content(ana, "ana-ruiz")["issues"][0]["id"]
    ana.file("ana-ruiz").write_text(text.replace(identity, "20261112-0000beat"))
    ana.done("new", "Beat")
    result = ana("delete", "beat")
    assert result.code == 1
    assert ana.file("beat").exists()

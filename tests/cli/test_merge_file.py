"""`convo merge-file BASE OURS THEIRS [PATH]`: "the merge driver: writes OURS, exits 0 when clean"."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from convo_tui.store.marked import sides
from tests.cli.conftest import Convo
from tests.cli.test_process import environment, loaded, run

__all__ = ["environment"]

BASE = 'format = 1\nid = "20240301-7k3q9m2f"\nname = "Ana"\nkind = "person"\nrole = "boss"\n'
CALL = (
    '\n[[encounters]]\nid = "20261123-{0}"\nat = 2026-11-23T09:00:00+01:00\nchannel = "call"\nnature = "conversation"\n'
)


@pytest.fixture
def three(tmp_path: Path) -> list[str]:
    """Two versions that each added a call."""
    texts = {"base": BASE, "ours": BASE + CALL.format("aaaa1111"), "theirs": BASE + CALL.format("bbbb2222")}
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "ours").chmod(0o640)
    return [str(tmp_path / name) for name in texts]


def test_two_calls_are_merged_into_ours(convo: Convo, three: list[str]) -> None:
    result = convo("merge-file", *three)
    assert (result.code, result.out, result.err) == (0, "", "")
    ours = Path(three[1])
    assert ours.read_text() == BASE + CALL.format("aaaa1111") + CALL.format("bbbb2222")
    assert stat.S_IMODE(ours.stat().st_mode) == 0o640
    assert {*os.listdir(ours.parent)} == {"base", "ours", "theirs"}


@pytest.mark.parametrize("name", ["ana-ruiz.toml", "-x.toml"])
def test_what_is_contradictory_is_marked_and_named(convo: Convo, three: list[str], name: str) -> None:
    for path, role in zip(three[1:], ("chief", "head"), strict=True):
        Path(path).write_text(BASE.replace("boss", role))
    result = convo("merge-file", *three, name)
    assert result.code == 1
    assert result.err == f"convo: {name}: both sides changed the role; look for <<<<<<< or open convo\n"
    found = sides(Path(three[1]).read_text())
    assert found is not None
    assert (found.ours, found.theirs) == (BASE.replace("boss", "chief"), BASE.replace("boss", "head"))


def test_a_file_that_is_not_there_is_named_and_ours_stays(convo: Convo, three: list[str]) -> None:
    """Exit codes: "3 the file needed … is damaged": for git a conflict like 1, with all versions in its index."""
    before = Path(three[1]).read_bytes()
    result = convo("merge-file", *three[:2], "nowhere", "ana.toml")
    assert result.code == 3
    assert "nowhere: cannot be read: No such file or directory" in result.err
    assert Path(three[1]).read_bytes() == before


def test_a_save_that_fails_leaves_ours_and_no_litter(convo: Convo, three: list[str]) -> None:
    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    before = Path(three[1]).read_bytes()
    convo.monkeypatch.setattr(os, "replace", refused)
    result = convo("merge-file", *three)
    assert (result.code, result.err) == (1, f"convo: {three[1]}: cannot save: No space left on device\n")
    assert Path(three[1]).read_bytes() == before
    assert len(os.listdir(Path(three[1]).parent)) == 3


def test_the_same_through_click(convo: Convo, three: list[str]) -> None:
    assert convo("merge-file", "--", *three).code == 0
    assert Path(three[1]).read_text().count("[[encounters]]") == 2
    assert "OURS THEIRS [PATH]" in convo.done("merge-file", "--help").out
    assert convo("merge-file", three[0]).code == 2


HEAVY = {"click", "platformdirs", "filelock", "sqlite3", "dateparser", "slugify", "textual", "rich", "watchfiles"}


def test_git_waits_for_nothing_that_merging_does_not_need(environment: dict[str, str], three: list[str]) -> None:
    modules = loaded(environment, "merge-file", *three, "ana.toml")
    assert {"pydantic", "rtoml"} <= modules
    assert not modules & {*HEAVY, "convo_tui.settings", "convo_tui.store.journal"}


def test_the_clock_can_be_frozen_for_it(environment: dict[str, str], three: list[str]) -> None:
    """ "`$CONVO_NOW` … its offset is the local zone": that of times without one."""
    for path in three:
        Path(path).write_text(Path(path).read_text().replace("+01:00", ""))
    assert run(environment, "merge-file", *three).returncode == 0
    assert run({**environment, "CONVO_NOW": "soon"}, "merge-file", *three).returncode == 1

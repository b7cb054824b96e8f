"""The index behind the commands: made anew, shown while it is made, and told about when it cannot be kept."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from convo_tui.cli.progress import line, shown, size
from convo_tui.cli.session import Session
from convo_tui.store.lookup import Lookup, Progress
from tests.cli.conftest import Convo, Terminal


def index_of(convo: Convo) -> Path:
    return Session(None).places.index


def tampered(convo: Convo, statement: str) -> None:
    """Do something to the index as the program itself would, so that it raises no doubt."""
    session = Session(None)
    session.lookup.index.sql.execute(statement)
    session.close()


# ── convo reindex ────────────────────────────────────────────────────────────────────────────────────────


def test_reindex_reads_everything_again_and_says_how_much(ana: Convo) -> None:
    """`convo reindex`: "the index rebuilt"."""
    tampered(ana, "CREATE TABLE old (x)")
    assert ana.done("reindex").out.startswith("read 1 file, ")
    said = ana.done("reindex", "--json").json
    assert list(said) == ["files", "bytes", "seconds"]
    assert (said["files"], said["bytes"]) == (1, ana.file("ana-ruiz").stat().st_size)
    with closing(sqlite3.connect(index_of(ana))) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'old'").fetchall()
    assert len(ana.done("find", "legal", "--json").json) == 2


def test_reindex_brings_back_what_an_index_has_lost(ana: Convo) -> None:
    tampered(ana, "DELETE FROM entries WHERE kind = 'issue'")
    assert ana.done("issues").out == ""
    ana.done("reindex")
    assert len(ana.done("issues").out.splitlines()) == 2


def test_reindex_of_an_empty_journal_reads_nothing(convo: Convo) -> None:
    assert convo.done("reindex", "--json").json["files"] == 0
    assert convo.done("reindex").out.startswith("read 0 files, 0 bytes, in 0.")


def test_an_index_that_cannot_be_removed_is_named(ana: Convo) -> None:
    index_of(ana).unlink()
    index_of(ana).mkdir()
    result = ana("reindex")
    assert (result.code, result.out) == (1, "")
    assert f"{index_of(ana)}: the index cannot be removed" in result.err


# ── showing how far it is ────────────────────────────────────────────────────────────────────────────────

LARGE = 292_000_000


class Watch:
    """A clock that goes on by `step` seconds whenever it is read."""

    def __init__(self, step: float) -> None:
        self.time, self.step = 0.0, step

    def __call__(self) -> float:
        self.time += self.step
        return self.time


def steps(total: int) -> Iterator[Progress]:
    return (Progress(total * part // 4, total) for part in range(1, 5))


def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make standard error a terminal of 60 columns."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "60")
    return screen


def test_a_long_reading_is_shown_in_one_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    assert shown(steps(LARGE), Watch(1)) == LARGE
    first, *others = screen.getvalue().split("\r")[1:]
    assert first == "reading the journal  25% of 292 MB [#####-----------------]"
    assert others[2] == "reading the journal 100% of 292 MB [######################]"
    assert (others[-2].strip(), others[-1]) == ("", "")
    assert len(others[-2]) == len(first)


def test_what_is_soon_done_or_small_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """After half a second, and from 8 MB on."""
    screen = terminal(monkeypatch)
    shown(steps(LARGE), Watch(0.01))
    shown(steps(1000), Watch(1))
    assert screen.getvalue() == ""


def test_a_pipe_is_told_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    shown(steps(LARGE), Watch(1), patience=0)
    assert capsys.readouterr() == ("", "")


def test_the_line_goes_away_when_the_reading_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)

    def interrupted() -> Iterator[Progress]:
        yield Progress(1, LARGE)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        shown(interrupted(), Watch(1))
    assert screen.getvalue().endswith(" \r")


@pytest.mark.parametrize("columns", [1, 10, 20, 37, 38, 40, 80, 300])
def test_the_line_fits_into_any_terminal(columns: int) -> None:
    for done in (0, 1, LARGE // 2, LARGE):
        assert len(line(Progress(done, LARGE), columns)) < columns


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (29_400, "29 kB"), (292e6, "292 MB"), (12.3e9, "12,300 MB")],
)
def test_sizes_are_said_in_a_few_letters(count: float, said: str) -> None:
    assert size(int(count)) == said


def test_every_command_shows_a_long_first_reading(ana: Convo) -> None:
    """ "progress shown" (GATES.md, f)."""
    refreshing = Lookup.refreshing
    with ana.monkeypatch.context() as patch:
        screen = terminal(patch)
        patch.setattr(shown, "__kwdefaults__", {"patience": 0})
        patch.setattr(Lookup, "refreshing", lambda self: (*refreshing(self), *steps(LARGE)))
        for command in ("list", "issues", "find legal", "brief ana", "reindex"):
            screen.truncate(screen.seek(0))
            ana.done(*command.split())
            assert "reading the journal 100% of 292 MB" in screen.getvalue(), command


# ── trouble with the index ───────────────────────────────────────────────────────────────────────────────


def test_an_index_that_cannot_be_kept_is_told_once_and_everything_works(ana: Convo) -> None:
    """ "No write access to the cache dir …: it works on, slower, and says so once"."""
    index = index_of(ana)
    for each in index.parent.iterdir():
        each.unlink()
    index.parent.rmdir()
    index.parent.write_text("a file where the folder should be")
    for arguments in (("list",), ("find", "legal"), ("issues",), ("log", "ana", "more"), ("brief", "ana"), ("check",)):
        result = ana.done(*arguments)
        assert result.out
        (said,) = result.err.splitlines()
        assert said.startswith(f"convo: {index}: the index cannot be used (")
        assert said.endswith("); everything works, slower")


def test_an_index_of_a_newer_version_is_left_as_it_is(ana: Convo) -> None:
    index = index_of(ana)
    tampered(ana, "PRAGMA user_version = 99")
    before = index.read_bytes()
    result = ana.done("issues")
    assert len(result.out.splitlines()) == 2
    assert "a newer Convo made it" in result.err
    assert index.read_bytes() == before


def test_trouble_comes_before_what_went_wrong(ana: Convo) -> None:
    index_of(ana).unlink()
    index_of(ana).mkdir()
    result = ana("brief", "nobody")
    assert result.code == 1
    assert len(result.err.splitlines()) == 2


# ── one index in one process ─────────────────────────────────────────────────────────────────────────────


def test_a_command_leaves_the_index_closed_and_sealed(ana: Convo) -> None:
    """An index that is not is in doubt, and made anew."""
    index = index_of(ana)
    tampered(ana, "CREATE TABLE ours (x)")
    for command in ("list", "issues", "log ana more", "find legal", "brief nobody"):
        ana(*command.split())
        with closing(sqlite3.connect(index)) as connection:
            assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'ours'").fetchall(), "made anew"
        assert index.with_suffix(".seal").stat().st_mtime_ns >= index.stat().st_mtime_ns
        assert not index.with_name(f"{index.name}-wal").exists()


def test_looking_things_up_and_the_journal_share_one_index(ana: Convo) -> None:
    session = Session(None)
    light = session.lookup
    assert session.lookup is light
    journal = session.journal
    assert session.lookup is journal
    assert journal is not light
    assert [each.name for each in session.lookup.summaries()] == ["Ana Ruiz"]
    session.close()
    assert session.lookup is not journal
    session.close()


def test_wrong_settings_are_told_once_whatever_is_made_of_the_journal(ana: Convo) -> None:
    (ana.home / "config" / "convo").mkdir(parents=True)
    (ana.home / "config" / "convo" / "config.toml").write_text("theme = 3\n")
    for command in ("list", "find legal", "reindex", "issues"):
        assert ana.done(*command.split()).err.count("config.toml:1:") == 1

"""What was deleted and what lost to another version: where it is kept, and for how long."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from convo_tui.clock import Clock
from convo_tui.paths import Places
from convo_tui.store import trash
from convo_tui.store.errors import Unwritable
from convo_tui.store.journal import Journal

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")


def aged(path: Path, days: float) -> Path:
    """Make it look as old as that."""
    when = (NOW - timedelta(days=days)).timestamp()
    os.utime(path, (when, when))
    return path


def test_what_is_put_there_twice_in_one_second_is_there_twice(tmp_path: Path) -> None:
    one = trash.put(tmp_path / "trash", "ana.toml", b"one", NOW)
    two = trash.put(tmp_path / "trash", "ana.toml", b"two", NOW)
    assert (one.read_bytes(), two.read_bytes()) == (b"one", b"two")
    assert one.name == "20261122T103000-ana.toml"


def test_what_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "trash").write_text("a file")
    with pytest.raises(Unwritable, match="trash"):
        trash.put(tmp_path / "trash", "ana.toml", b"one", NOW)


def test_a_version_that_lost_is_kept_for_thirty_days(tmp_path: Path) -> None:
    """Issue 5: the loser's text is kept in the state dir for 30 days, never thrown away."""
    assert NOW.tzinfo is not None
    places = Places(*(tmp_path / each for each in ("journal", "config", "cache", "state")))
    places.kept.mkdir(parents=True)
    young, old = places.kept / "young.toml", places.kept / "old.toml"
    folder = places.kept / "edit-x"
    folder.mkdir()
    (folder / "ana.toml").write_text("an edit")
    link = places.kept / "link"
    link.symlink_to(young)
    for path in (young, old):
        path.write_text("a version")
    aged(young, 29.9)
    aged(old, 30.1)
    aged(folder, 30.1)
    Journal(places, Clock(lambda: NOW, NOW.tzinfo)).sweep()
    assert sorted(path.name for path in places.kept.iterdir()) == ["link", "young.toml"]


def test_what_is_in_the_trash_stays(tmp_path: Path) -> None:
    assert NOW.tzinfo is not None
    places = Places(*(tmp_path / each for each in ("journal", "config", "cache", "state")))
    kept = aged(trash.put(places.trash, "ana.toml", b"one", NOW), 400)
    Journal(places, Clock(lambda: NOW, NOW.tzinfo)).sweep()
    assert kept.exists()

"""What the pulse needs is gathered once, in steps between which everything else can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from convo_tui.clock import Clock
from convo_tui.core.pulse import DEFAULTS
from convo_tui.paths import Places
from convo_tui.store import shelf as shelves
from convo_tui.store.shelf import Shelf

NOW = datetime.fromisoformat("2026-11-22T10:37:00+01:00")
TEAM = 12


class Stopwatch:
    """Tells so many seconds more each time that it is looked at."""

    def __init__(self) -> None:
        self.seconds, self.each = 0.0, 0.0

    def __call__(self) -> float:
        self.seconds += self.each
        return self.seconds


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def shelf(tmp_path: Path, stopwatch: Stopwatch) -> Iterator[Shelf]:
    """Organisations that Bo belongs to: who took part is told by two files."""
    places = Places(*(tmp_path / each for each in ("journal", "config", "cache", "state")))
    places.journal.mkdir()
    for number in range(TEAM):
        (places.journal / f"team-{number}.toml").write_text(team(number))
    (places.journal / "bo.toml").write_text(
        'format = 1\nid = "20240301-b01indq1"\nname = "Bo"\nkind = "person"\norganisation = "Team 0"\n'
    )
    found = Shelf(places, Clock(lambda: NOW, NOW.tzinfo, stopwatch))  # type: ignore[arg-type]
    yield found
    found.close()


def team(number: int) -> str:
    return f"""\
format = 1
id = "20240301-team{number:04}"
name = "Team {number}"
kind = "organisation"

[[people]]
id = "20240301-pers{number:04}"
name = "P {number}"
relationship = "20240301-b01indq1"

[[encounters]]
id = "20261101-talk{number:04}"
at = 2026-11-01T10:00:00+01:00
channel = "call"
with = ["20240301-b01indq1"]
nature = "conversation"
"""


def names(shelf: Shelf) -> set[str]:
    return {each.name for each in shelf.pulse_so_far(DEFAULTS)}


def test_each_step_keeps_what_it_gathered(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "_AT_ONCE", 5)
    lacking = shelf.without_signs
    assert lacking >= TEAM
    assert len(names(shelf)) <= 1, "nothing is gathered to answer at once"
    steps = shelf.gathering()
    for done in (5, 10, lacking):
        assert next(steps) == (done, lacking)
        assert shelf.without_signs == lacking - done
        assert len(names(shelf)) >= done - 1
    assert next(steps, None) is None


def test_a_step_ends_by_time(shelf: Shelf, stopwatch: Stopwatch) -> None:
    """The journal's thread is held for no longer than about 0.1 s."""
    shelf.refresh()
    stopwatch.each = 0.03  # so that two of them take longer than a step
    assert [done for done, _ in shelf.gathering()][:3] == [2, 4, 6]


def test_whoever_is_slow_is_a_step_alone(shelf: Shelf, stopwatch: Stopwatch) -> None:
    shelf.refresh()
    stopwatch.each = 9
    assert [done for done, _ in shelf.gathering()][:3] == [1, 2, 3]


def test_in_one_go_or_in_steps_they_are_the_same(shelf: Shelf) -> None:
    for _ in shelf.gathering():
        pass
    known = shelf.index.signs(NOW.date())
    for _ in shelf.rebuilding():
        pass
    assert sorted(shelf.signs(), key=lambda each: each.id) == sorted(known, key=lambda each: each.id)


def test_what_is_gone_meanwhile_is_passed_over(shelf: Shelf) -> None:
    lacking = shelf.without_signs
    shelf.path(shelf.find("Team 3")).unlink()
    assert [done for done, _ in shelf.gathering()] == [lacking]
    shelf.refresh()
    assert "Team 3" not in {each.name for each in shelf.signs()}
    assert not shelf.without_signs


def test_what_changes_between_two_steps_is_gathered_as_it_is_then(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_AT_ONCE", 5)
    steps = shelf.gathering()
    next(steps)
    path = shelf.path(shelf.find("Team 9"))
    path.write_text(path.read_text() + '\n[[issues]]\nid = "20261101-q2w3e4r5"\ntext = "send it"\ndue = 2026-11-02\n')
    shelf.refresh()
    for _ in steps:
        pass
    (team_9,) = [each for each in shelf.signs() if each.name == "Team 9"]
    assert [each.text for each in team_9.issues] == ["send it"]

"""The journals that the benchmarks measure are journals: read without a problem, varied, and the same each time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from statistics import mean

import pytest

from convo_tui.clock import Clock
from convo_tui.core.match import slug
from convo_tui.core.models import ISSUE_STATES, Relationship
from convo_tui.paths import Places
from convo_tui.store import codec
from convo_tui.store.journal import Journal
from tests.bench.believable import NOW, write_journal
from tests.bench.believable_words import COMMON, vocabulary

RELATIONSHIPS, ENCOUNTERS = 60, 30


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("believable") / "journal"
    size = write_journal(folder, RELATIONSHIPS, ENCOUNTERS)
    assert size == sum(path.stat().st_size for path in folder.iterdir())
    return folder


@pytest.fixture(scope="module")
def relationships(folder: Path) -> list[Relationship]:
    return [_read(path).relationship for path in sorted(folder.iterdir())]


def _read(path: Path) -> codec.Document:
    zone = NOW.tzinfo
    assert zone is not None
    return codec.read(path.read_bytes(), zone)


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_file_is_written_as_convo_writes_it(folder: Path) -> None:
    """ "keys in the order below, encounters oldest first" (CONTRACT.md, "The file")."""
    for path in folder.iterdir():
        document = _read(path)
        assert codec.write(document.relationship) == document.text, path.name


def test_check_finds_nothing_wrong(folder: Path, tmp_path: Path) -> None:
    places = Places(folder, tmp_path / "config", tmp_path / "cache", tmp_path / "state")
    zone = NOW.tzinfo
    assert zone is not None
    assert Journal(places, Clock(lambda: NOW, zone)).check() == []


def test_every_relationship_has_a_file_named_after_it(folder: Path) -> None:
    """ "an ASCII slug of the name …; `-` + the end of the id when taken" (CONTRACT.md, "The journal folder")."""
    paths = list(folder.iterdir())
    assert len(paths) == RELATIONSHIPS
    for path in paths:
        relationship = _read(path).relationship
        assert path.stem in (slug(relationship.name), f"{slug(relationship.name)}-{relationship.id[-8:]}")


def test_the_same_seed_gives_the_same_bytes_on_any_number_of_processes(folder: Path, tmp_path: Path) -> None:
    write_journal(tmp_path / "again", RELATIONSHIPS, ENCOUNTERS, processes=2)
    assert _bytes(tmp_path / "again") == _bytes(folder)


def test_another_seed_gives_another_journal(folder: Path, tmp_path: Path) -> None:
    write_journal(tmp_path / "other", RELATIONSHIPS, ENCOUNTERS, seed=2)
    assert not set(_bytes(folder).values()) & set(_bytes(tmp_path / "other").values())


def test_a_larger_journal_holds_the_same_persons(folder: Path, tmp_path: Path) -> None:
    write_journal(tmp_path / "larger", RELATIONSHIPS + 20, ENCOUNTERS)
    small, large = _bytes(folder), _bytes(tmp_path / "larger")
    changed = [name for name, data in small.items() if large.get(name) != data]
    assert all(_read(folder / name).relationship.kind == "organisation" for name in changed)


def test_notes_are_as_long_as_people_write_them(relationships: list[Relationship]) -> None:
    lengths = [len(encounter.note) for each in relationships for encounter in each.encounters]
    assert min(lengths) >= 100
    assert max(lengths) <= 900
    assert 370 < mean(lengths) < 430


def test_there_are_as_many_encounters_as_asked_for_all_before_now(relationships: list[Relationship]) -> None:
    times = [[encounter.at for encounter in each.encounters] for each in relationships]
    assert sum(map(len, times)) == pytest.approx(RELATIONSHIPS * ENCOUNTERS, rel=0.2)
    assert all(own == sorted(set(own)) for own in times)
    every = sorted(at for own in times for at in own)
    assert every[-1] < NOW
    assert NOW - every[len(every) // 2] < timedelta(days=3 * 365) < NOW - every[0]


def test_everything_that_a_file_can_hold_occurs(relationships: list[Relationship]) -> None:
    people = [person for each in relationships for person in each.people]
    issues = [issue for each in relationships for issue in each.issues]
    heard = [entry for each in relationships for entry in each.heard]
    encounters = [encounter for each in relationships for encounter in each.encounters]
    organisations = {each.name for each in relationships if each.kind == "organisation"}
    assert organisations & {each.organisation for each in relationships}
    assert any(person.relationship for person in people)
    assert {issue.state for issue in issues} == set(ISSUE_STATES)
    assert {entry.kind for entry in heard} == {"need", "want", "expectation", "unsaid", "idea", "rival", "about"}
    assert any(issue.is_overdue(NOW.date()) for issue in issues)
    assert any(issue.carried for issue in issues)
    assert any(encounter.with_ for encounter in encounters)
    assert any(encounter.mentions for encounter in encounters)
    assert any(not each.encounters for each in relationships)
    assert any(each.story for each in relationships)
    assert any(each.cadence for each in relationships)


def test_most_words_are_rare() -> None:
    words, summed = vocabulary()
    assert len(set(words)) == len(words) > 30_000
    assert 0.7 < summed[len(COMMON) - 1] / summed[-1] < 0.85

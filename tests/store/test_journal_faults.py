"""What must not happen to a journal when something goes wrong around it: interrupts, links, copies, deletions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from convo_tui.clock import Clock
from convo_tui.core import edits
from convo_tui.core.errors import Refused
from convo_tui.core.models import Encounter, Relationship
from convo_tui.paths import Places
from convo_tui.store import files
from convo_tui.store.changes import Changes
from convo_tui.store.errors import Conflict, Damage
from convo_tui.store.journal import Journal

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")
ANA = "20260101-ana00001"


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    assert NOW.tzinfo is not None
    places = Places(tmp_path / "journal", tmp_path / "config", tmp_path / "cache", tmp_path / "state")
    journal = Journal(places, Clock(lambda: NOW, NOW.tzinfo))
    journal.create("Acme", "organisation", people=[{"id": ANA, "name": "Ana"}])
    journal.create("Bo")
    return journal


def key(journal: Journal, name: str) -> str:
    return journal.find(name).key


def of(journal: Journal, name: str) -> Relationship:
    return journal.view(key(journal, name)).relationship


def log(journal: Journal, name: str, note: str, identity: str = "", at: datetime = NOW, **fields: Any) -> str:
    encounter = Encounter(id=identity or journal.new_id(), at=at, **fields)
    home = key(journal, name)
    return journal.log(home, encounter, journal.read_note(home, encounter, note)).encounter.id


def contents(journal: Journal) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in journal.places.journal.glob("*.toml")}


def tagged(tag: str) -> Callable[[Relationship], Relationship]:
    return lambda now: edits.changed(now, tags=(tag,))


def interrupted(_: Relationship) -> Relationship:
    raise KeyboardInterrupt


# ── saving ───────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_that_outlives_its_save_adds_nothing_twice(journal: Journal) -> None:
    note = "words\n! @Bo slides\n! pricing\n! pricing\nneed: calm\nnext: in 3 weeks the board"
    log(journal, "Acme", note, "20261122-draft001", with_=(key(journal, "Bo"),))
    saved = contents(journal)
    log(journal, "Acme", note, "20261122-draft001", with_=(key(journal, "Bo"),))
    assert contents(journal) == saved
    assert [each.text for each in of(journal, "Acme").issues] == ["pricing", "pricing"]


def test_the_same_words_added_twice_on_purpose_are_two_issues(journal: Journal) -> None:
    """`--last` (add to the newest)."""
    log(journal, "Acme", "! call back")
    home = key(journal, "Acme")
    for _ in range(2):
        last = journal.last_own(home)
        assert last is not None
        more = edits.changed(last, note="")
        journal.log(home, more, journal.read_note(home, more, "! call back"), last)
    issues = of(journal, "Acme").issues
    assert [each.text for each in issues] == ["call back"] * 3
    assert len({each.id for each in issues}) == 3


def test_an_interrupt_between_two_files_changes_neither(journal: Journal) -> None:
    before = contents(journal)
    with pytest.raises(KeyboardInterrupt):
        journal.change_all("both", {key(journal, "Acme"): tagged("x"), key(journal, "Bo"): interrupted})
    assert contents(journal) == before


def test_what_cannot_be_put_back_is_named_beside_the_first_error(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Relationship) -> Relationship:
        raise Refused("the first reason")

    def fails(self: Changes, step: object) -> None:
        raise Conflict(Path("acme.toml"), "changed meanwhile")

    monkeypatch.setattr(Changes, "_reverse_one", fails)
    with pytest.raises(Refused, match=r"^the first reason; .*acme\.toml stays changed"):
        journal.change_all("both", {key(journal, "Acme"): tagged("x"), key(journal, "Bo"): refused})


def test_a_change_that_changes_nothing_is_not_what_undo_takes_back(journal: Journal) -> None:
    journal.change(key(journal, "Acme"), "tag", tagged("x"))
    done = journal.last_change
    journal.change(key(journal, "Acme"), "tag again", tagged("x"))
    assert journal.last_change == done
    journal.undo()
    assert of(journal, "Acme").tags == ()


# ── the folder ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("target", ["nowhere.toml", "loop.toml"])
def test_a_link_that_leads_nowhere_is_damage_of_that_file_alone(journal: Journal, target: str) -> None:
    """ "A file that does not parse or validate is shown as such …, and every other file goes on working."""
    (journal.places.journal / "loop.toml").symlink_to(target)
    journal.refresh()
    assert [each.path.name for each in journal.damages()] == ["loop.toml"]
    journal.change(key(journal, "Acme"), "tag", tagged("x"))
    with pytest.raises(Damage):
        journal.writable("loop.toml")


def test_a_file_that_vanishes_while_the_folder_is_read_is_skipped(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = journal.places.journal / "gone.toml"
    path.write_text("x")
    stamp_of = files.entry_stamp

    def vanishing(entry: Path) -> files.Stamp | None:
        if entry == path:
            path.unlink(missing_ok=True)
        return stamp_of(entry)

    monkeypatch.setattr(files, "entry_stamp", vanishing)
    journal.refresh()
    assert {each.name for each in journal.summaries()} == {"Acme", "Bo"}


def test_a_file_that_vanishes_after_it_was_seen_is_skipped(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    path = journal.places.journal / "gone.toml"
    path.write_text("x")
    read = files.read

    def vanishing(entry: Path) -> bytes:
        if entry == path:
            path.unlink(missing_ok=True)
        return read(entry)

    monkeypatch.setattr(files, "read", vanishing)
    journal.refresh()
    assert {each.name for each in journal.summaries()} == {"Acme", "Bo"}


def test_deleting_a_relationship_leaves_no_reference_to_anything_in_it(journal: Journal) -> None:
    """`convo delete`: a whole relationship to the trash, its references removed."""
    log(journal, "Bo", "hello @Ana", with_=(ANA,))
    log(journal, "Acme", "! @Bo slides\n! ours", with_=(key(journal, "Bo"),), at=NOW - timedelta(hours=1))
    before = contents(journal)
    journal.delete(key(journal, "Acme"))
    assert of(journal, "Bo").encounters[0].with_ == ()
    assert of(journal, "Bo").encounters[0].mentions == ()
    assert of(journal, "Bo").issues[0].opened_in == ""
    assert [each.message for each in journal.check()] == []
    journal.undo()
    assert contents(journal) == before


def test_two_files_with_one_id_are_counted_once_and_refused(journal: Journal) -> None:
    """ "Two files with one id are reported, both read-only until one is re-identified."""
    identity = log(journal, "Acme", "! pricing\nspark: 4")
    path = journal.places.journal
    (path / "copy.toml").write_bytes((path / "acme.toml").read_bytes())
    journal.refresh()
    assert [each.issue.text for each in journal.standings()] == ["pricing"]
    view, issue = journal.find_issue("pricing", lambda _: True)
    with pytest.raises(Refused, match="same id as"):
        journal.change(view.summary.key, "settle", tagged("x"))
    assert issue.text == "pricing"
    assert journal.find_encounter(identity)[1].id == identity
    assert journal.summary(view.relationship.id).sparks == (4,)


# ── who took part ────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_meant_for_next_time_goes_for_everyone_who_took_part(journal: Journal) -> None:
    """ "every relationship that took part … counts it as contact"; `next_on`: when we mean to talk again."""
    bo = key(journal, "Bo")
    journal.change(bo, "next", lambda now: edits.changed(now, next_on=NOW.date(), next_about="slides"))
    before = contents(journal)
    log(journal, "Acme", "words", with_=(bo,))
    assert (of(journal, "Bo").next_on, of(journal, "Bo").next_about) == (None, "")
    journal.undo()
    assert contents(journal) == before


def test_what_is_meant_for_later_stays_with_everyone(journal: Journal) -> None:
    bo, later = key(journal, "Bo"), NOW.date() + timedelta(days=1)
    journal.change(bo, "next", lambda now: edits.changed(now, next_on=later))
    before = contents(journal)["bo.toml"]
    log(journal, "Acme", "words", with_=(bo,))
    assert contents(journal)["bo.toml"] == before


@pytest.mark.parametrize("order", ["zy", "yz"])
def test_the_newest_of_one_minute_is_the_same_everywhere(journal: Journal, order: str) -> None:
    """The one rule for encounters of the same minute: own ones as written, those of other files after them, by id."""
    bo, acme = key(journal, "Bo"), key(journal, "Acme")
    for end in order:
        log(journal, "Acme", end, f"20261122-{end * 8}", with_=(bo,))
    log(journal, "Bo", "own", "20261122-00000000")
    log(journal, "Bo", "own", "20261122-zzzzzzz0")
    names = [each.id[-8:] for each in journal.view(bo).timeline]
    assert names == ["00000000", "zzzzzzz0", "y" * 8, "z" * 8]
    last = journal.last_own(acme)
    assert last is not None
    assert last.id == f"20261122-{order[-1] * 8}" == journal.view(acme).timeline[-1].id


def test_check_tells_what_is_closed_before_it_was_opened(journal: Journal) -> None:
    log(journal, "Acme", "! pricing")
    home = key(journal, "Acme")
    (issue,) = of(journal, "Acme").issues
    early = NOW - timedelta(days=1)
    journal.change(home, "settle", lambda now: edits.settle(now, issue.id, early))
    assert [each.message for each in journal.check()] == ["is closed before it was opened"]

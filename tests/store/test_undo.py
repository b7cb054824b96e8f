"""Issue 5: "every change made in the full screen or the command line, across restarts, for at least the last 200
changes; refuses with a reason when the file has since changed in the same place. It is an inverse edit by id, never an
old file put back, so what came in since stays."
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from convo_tui.clock import Clock
from convo_tui.core import edits
from convo_tui.core.errors import Refused
from convo_tui.core.models import Encounter, Issue, Relationship
from convo_tui.paths import Places
from convo_tui.store import undo
from convo_tui.store.errors import Damage
from convo_tui.store.journal import Change, Journal
from convo_tui.store.undo import Step, Undo

T = TypeVar("T")

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")
ANA = """\
# Ana, since the fair in March
format = 1
id = "20240301-anaruiz1"
name = "Ana Ruiz"   # with a z
kind = "person"

[[issues]]
id = "20261104-pr1c1ng1"
text = "send pricing"   # she asked twice
owner = "me"
state = "open"
opened = 2026-11-04T10:00:00+01:00
"""
ISSUE = "20261104-pr1c1ng1"


class Machine:
    """A journal on disk; each `run` is a start of a program."""

    def __init__(self, root: Path) -> None:
        self.places = Places(*(root / each for each in ("journal", "config", "cache", "state")))
        self.places.journal.mkdir(parents=True)
        self.put("ana-ruiz", ANA)

    def put(self, name: str, text: str) -> None:
        (self.places.journal / f"{name}.toml").write_text(text, "utf-8")

    def text(self, name: str = "ana-ruiz") -> str:
        return (self.places.journal / f"{name}.toml").read_text("utf-8")

    def files(self) -> dict[str, str]:
        return {path.name: path.read_text("utf-8") for path in self.places.journal.glob("*.toml")}

    @contextmanager
    def run(self) -> Iterator[Journal]:
        assert NOW.tzinfo is not None
        with closing(Journal(self.places, Clock(lambda: NOW, NOW.tzinfo))) as journal:
            yield journal

    def change(self, edit: Callable[[Relationship], Relationship], what: str = "a change", name: str = "Ana") -> None:
        with self.run() as journal:
            journal.change(journal.find(name).key, what, edit)

    def undo(self) -> Change:
        with self.run() as journal:
            return journal.undo()

    def redo(self) -> Change:
        with self.run() as journal:
            return journal.redo()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def tagged(tag: str) -> Callable[[Relationship], Relationship]:
    return lambda now: edits.changed(now, tags=(*now.tags, tag))


def titled(role: str) -> Callable[[Relationship], Relationship]:
    return lambda now: edits.changed(now, role=role)


def with_encounter(identity: str, note: str) -> Callable[[Relationship], Relationship]:
    return lambda now: edits.added(now, "encounters", Encounter(id=identity, at=NOW, note=note))


# ── across restarts ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("together", [20, pytest.param(1, marks=pytest.mark.long)])
def test_two_hundred_changes_of_many_runs_are_taken_back_and_done_again(machine: Machine, together: int) -> None:
    with machine.run() as journal:
        journal.create("Bo Lindqvist")
    begin, chance = machine.files(), random.Random(5)

    def change(journal: Journal, number: int) -> None:
        name = chance.choice(["Ana Ruiz", "Bo Lindqvist"])
        possible = [titled(f"role {number}"), tagged(f"tag{number}"), with_encounter(f"20261122-{number:08}", "Note")]
        if name == "Ana Ruiz":
            possible.append(partial(edits.change_issue, identity=ISSUE, text=f"pricing {number}"))
        journal.change(journal.find(name).key, f"change {number}", chance.choice(possible))

    def in_runs(act: Callable[[Journal, int], T]) -> list[T]:
        """Do it two hundred times, so many in each run of the program."""
        done: list[T] = []
        for first in range(0, 200, together):
            with machine.run() as journal:
                done += [act(journal, number) for number in range(first, first + together)]
        return done

    in_runs(change)
    end = machine.files()
    taken_back = in_runs(lambda journal, _: journal.undo().what)
    assert taken_back == [f"change {number}" for number in reversed(range(200))]
    assert machine.files() == begin
    assert in_runs(lambda journal, _: journal.redo().what) == taken_back[::-1]
    assert machine.files() == end


def test_what_was_taken_back_in_one_program_is_done_again_in_another(machine: Machine) -> None:
    with machine.run() as screen, machine.run() as command:
        screen.change(screen.find("ana").key, "a role", titled("boss"))
        assert command.undo().what == "a role"
        assert machine.text() == ANA
        assert screen.redo().what == "a role"
        assert 'role = "boss"' in machine.text()


def test_a_new_change_ends_what_could_be_done_again(machine: Machine) -> None:
    machine.change(titled("boss"))
    machine.undo()
    machine.change(titled("chief"))
    with pytest.raises(Refused, match="nothing to do again"):
        machine.redo()
    assert 'role = "chief"' in machine.text()


def test_only_what_this_run_did_is_its_own(machine: Machine) -> None:
    with machine.run() as screen:
        screen.change(screen.find("ana").key, "mine", titled("boss"))
        machine.change(tagged("theirs"), "theirs")
        assert screen.last_change is not None
        assert screen.last_change.what == "mine"
        assert screen.undo(own=True).what == "mine"
        assert screen.last_change is None
    assert 'tags = ["theirs"]' in machine.text()
    assert "boss" not in machine.text()
    assert machine.undo().what == "theirs"


def test_nothing_to_take_back_is_said(machine: Machine) -> None:
    with pytest.raises(Refused, match="nothing to take back"):
        machine.undo()
    with pytest.raises(Refused, match="nothing to do again"):
        machine.redo()


def test_the_same_change_is_not_taken_back_twice_by_two_programs_at_once(machine: Machine) -> None:
    for number in range(8):
        machine.change(tagged(f"tag{number}"), f"change {number}")
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda _: machine.undo().what, range(8)))
    assert sorted(taken) == [f"change {number}" for number in range(8)]
    assert machine.text() == ANA


# ── what came in since ───────────────────────────────────────────────────────────────────────────────────


def test_what_came_in_since_stays(machine: Machine) -> None:
    machine.change(titled("boss"))
    machine.put("ana-ruiz", machine.text() + '\n[[encounters]]\nat = 2026-11-20\nnote = "by hand"  # by git pull\n')
    machine.undo()
    assert "boss" not in machine.text()
    assert 'note = "by hand"  # by git pull' in machine.text()
    assert "# she asked twice" in machine.text()


def test_the_same_place_changed_since_is_refused_with_the_reason_and_stands_in_the_way_of_nothing(
    machine: Machine,
) -> None:
    machine.change(tagged("client"), "a tag")
    machine.change(titled("boss"), "a role")
    by_hand = machine.text().replace('"boss"', '"head of it all"')
    machine.put("ana-ruiz", by_hand)
    with pytest.raises(Refused, match=r"a role: Ana Ruiz: role has changed since"):
        machine.undo()
    assert machine.text() == by_hand
    assert machine.undo().what == "a tag"
    assert 'role = "head of it all"' in machine.text()
    assert "client" not in machine.text()
    assert machine.redo().what == "a tag"
    with pytest.raises(Refused, match="nothing to do again"):
        machine.redo()


def test_a_file_that_cannot_be_read_now_can_be_taken_back_later(machine: Machine) -> None:
    machine.change(titled("boss"), "a role")
    sound = machine.text()
    machine.put("ana-ruiz", "<<<<<<< ours\n" + sound)
    with pytest.raises(Damage):
        machine.undo()
    machine.put("ana-ruiz", sound)
    assert machine.undo().what == "a role"
    assert machine.text() == ANA


def test_of_two_files_both_are_taken_back_or_none(machine: Machine) -> None:
    with machine.run() as journal:
        bo = journal.create("Bo").key
        ana = journal.find("ana").key
        journal.change_all("both", {ana: titled("boss"), bo: titled("chief")})
    changed = machine.text().replace('"boss"', '"queen"')
    machine.put("ana-ruiz", changed)
    with pytest.raises(Refused):
        machine.undo()
    assert 'role = "chief"' in machine.text("bo")
    assert machine.text() == changed


def test_a_relationship_that_was_made_goes_and_comes_again(machine: Machine) -> None:
    with machine.run() as journal:
        journal.create("Bo")
    made = machine.files()
    assert machine.undo().what == "new Bo"
    assert list(machine.files()) == ["ana-ruiz.toml"]
    machine.redo()
    assert machine.files() == made


def test_a_deleted_relationship_comes_back_with_every_reference(machine: Machine) -> None:
    """Issue 5: Deleting an entry or a relationship moves it to the trash in the state dir with its references removed,
    and one undo brings all back."""
    with machine.run() as journal:
        bo, ana = journal.create("Bo"), journal.find("ana")
        journal.change(ana.key, "talked", with_encounter("20261120-enc00001", "With Bo."))
        journal.change(
            ana.key,
            "with Bo",
            lambda now: edits.replaced(
                now, "encounters", edits.changed(now.encounters[0], with_=(bo.id,), mentions=(bo.id,))
            ),
        )
        before = machine.files()
        kept = journal.delete(bo.key)
    assert kept.read_text("utf-8") == before["bo.toml"]
    assert bo.id not in machine.text()
    assert machine.undo().what == "delete Bo"
    assert machine.files() == before


def test_a_deleted_entry_comes_back_with_every_reference(machine: Machine) -> None:
    with machine.run() as journal:
        ana = journal.find("ana").key
        journal.change(ana, "talked", with_encounter("20261120-enc00001", "About the price."))
        journal.change(ana, "carried", lambda now: edits.carry(now, ISSUE, now.encounters[0], NOW.date()))
        before = machine.files()
        kept = journal.delete(ana, "20261120-enc00001")
    assert "About the price." in kept.read_text("utf-8")
    assert "20261120-enc00001" not in machine.text()
    machine.undo()
    assert machine.files() == before


def test_what_was_done_together_is_taken_back_at_once(machine: Machine) -> None:
    with machine.run() as journal:
        with journal.together("an import"):
            journal.create("Bo")
            journal.create("Cy")
            journal.change(journal.find("ana").key, "more of Ana", titled("boss"))
        assert journal.last_change is not None
        assert journal.last_change.files == ("bo.toml", "cy.toml", "ana-ruiz.toml")
    assert machine.undo().what == "an import"
    assert machine.files() == {"ana-ruiz.toml": ANA}


def test_an_issue_added_by_hand_with_the_words_of_another_is_left_alone(machine: Machine) -> None:
    issue = Issue(id="20261122-issue001", text="the offer")
    machine.change(lambda now: edits.added(now, "issues", issue), "an issue")
    machine.put("ana-ruiz", machine.text() + '\n[[issues]]\ntext = "the offer"\n')
    machine.undo()
    assert machine.text().count('text = "the offer"') == 1
    assert "20261122-issue001" not in machine.text()


# ── where it cannot be kept ──────────────────────────────────────────────────────────────────────────────


def test_a_damaged_one_is_put_aside_and_told_and_a_new_one_begun(machine: Machine) -> None:
    machine.change(titled("boss"))
    machine.places.undo.write_bytes(b"no database at all, and long enough to be looked at" * 100)
    with machine.run() as journal:
        journal.change(journal.find("ana").key, "a tag", tagged("client"))
        assert "cannot be taken back" in journal.trouble
    assert machine.undo().what == "a tag"
    assert machine.places.undo.with_suffix(".damaged").is_file()


def test_a_read_that_fails_for_once_costs_nothing(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite calls it damage, as though the file were no longer what it was."""
    machine.change(titled("boss"))
    genuine, failing = undo._steps, iter([True])

    def once(sql: sqlite3.Connection, change: int) -> list[Step]:
        if next(failing, False):
            raise sqlite3.DatabaseError("database disk image is malformed")
        return genuine(sql, change)

    monkeypatch.setattr(undo, "_steps", once)
    assert machine.undo().what == "a change"
    assert machine.text() == ANA
    assert not machine.places.undo.with_suffix(".damaged").exists()


def test_a_folder_in_its_place_is_no_reason_not_to_save(machine: Machine) -> None:
    machine.places.undo.mkdir(parents=True)
    with machine.run() as journal:
        journal.change(journal.find("ana").key, "a role", titled("boss"))
        assert "once this program has ended" in journal.trouble
        assert 'role = "boss"' in machine.text()
        assert journal.undo().what == "a role"
    assert machine.text() == ANA


def test_a_full_disk_is_no_reason_not_to_save(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = undo._open

    def small(path: str) -> sqlite3.Connection:
        sql = genuine(path)
        if path != ":memory:":
            sql.execute("PRAGMA max_page_count = 1")
        return sql

    monkeypatch.setattr(undo, "_open", small)
    with machine.run() as journal:
        story = "".join(map(chr, random.Random(1).choices(range(0x4E00, 0x9E00), k=40_000)))
        journal.change(journal.find("ana").key, "a story", lambda now: edits.changed(now, story=story))
        assert "full" in journal.trouble
        assert journal.undo().what == "a story"
    assert machine.text() == ANA


def test_one_that_another_program_holds_for_long_is_no_reason_not_to_save(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "_BUSY", 0.05)
    machine.change(tagged("first"))
    with closing(sqlite3.connect(machine.places.undo, isolation_level=None)) as other, machine.run() as journal:
        other.execute("BEGIN EXCLUSIVE")
        journal.change(journal.find("ana").key, "a role", titled("boss"))
        assert "locked" in journal.trouble
    assert 'role = "boss"' in machine.text()


# ── how much is kept ─────────────────────────────────────────────────────────────────────────────────────


def test_the_oldest_are_forgotten_with_their_texts_and_no_text_is_kept_twice(tmp_path: Path) -> None:
    kept = Undo(tmp_path / "undo.sqlite")
    for number in range(undo.KEPT + 20):
        kept.remember(f"{number}", NOW, [Step("a.toml", b"text %d" % number, b"text %d" % (number + 1))])
    kept.close()
    with closing(sqlite3.connect(tmp_path / "undo.sqlite")) as sql:
        assert sql.execute("SELECT count(*), min(what) FROM changes WHERE what >= '20'").fetchone()[0] > 0
        assert [row[0] for row in sql.execute("SELECT what FROM changes ORDER BY id LIMIT 1")] == ["20"]
        assert sql.execute("SELECT count(*) FROM texts").fetchone() == (undo.KEPT + 1,)
        assert sql.execute("SELECT count(*) FROM steps").fetchone() == (undo.KEPT,)


def test_it_is_for_the_user_alone(machine: Machine) -> None:
    """CONTRACT.md: Folders 0700 and files 0600 when we create them."""
    machine.change(titled("boss"))
    assert machine.places.undo.stat().st_mode & 0o777 == 0o600
    assert machine.places.own_state.stat().st_mode & 0o777 == 0o700


def test_a_file_name_that_is_no_text_is_kept_as_it_is(tmp_path: Path) -> None:
    with closing(Undo(tmp_path / "undo.sqlite")) as kept:
        kept.remember("odd", NOW, [Step("a\udcff.toml", None, b"x")])
        last = kept.last()
        assert last is not None
        assert kept.steps(last) == [Step("a\udcff.toml", None, b"x")]


# ── what stands in the way ───────────────────────────────────────────────────────────────────────────────


def test_what_could_not_be_taken_back_can_be_once_its_place_is_as_it_was(machine: Machine) -> None:
    machine.change(tagged("client"), "a tag")
    machine.change(titled("boss"), "a role")
    as_it_was = machine.text()
    machine.put("ana-ruiz", as_it_was.replace('"boss"', '"head of it all"'))
    with pytest.raises(Refused, match="undo again goes past it"):
        machine.undo()
    machine.put("ana-ruiz", as_it_was)
    assert [machine.undo().what, machine.undo().what] == ["a role", "a tag"]
    assert machine.text() == ANA


def test_a_file_that_is_gone_stands_in_the_way_of_nothing(machine: Machine) -> None:
    machine.change(titled("boss"), "a role")
    with machine.run() as journal:
        bo = journal.create("Bo")
        journal.change(bo.key, "Bo's role", titled("chief"))
    text = machine.text("bo")
    (machine.places.journal / "bo.toml").unlink()
    with pytest.raises(Refused, match=r"bo\.toml is gone"):
        machine.undo()
    machine.put("bo", text)
    assert machine.undo().what == "Bo's role"


def test_a_deletion_says_what_it_was(machine: Machine) -> None:
    with machine.run() as journal:
        journal.delete(journal.find("ana").key, ISSUE)
    assert machine.undo().what == "delete “send pricing” of Ana Ruiz"


def test_a_journal_has_one_undo_by_whatever_path_it_is_reached(machine: Machine, tmp_path: Path) -> None:
    machine.change(titled("boss"), "a role")
    link = tmp_path / "link"
    link.symlink_to(machine.places.journal)
    assert NOW.tzinfo is not None
    places = Places(link, *(tmp_path / each for each in ("config", "cache", "state")))
    with closing(Journal(places, Clock(lambda: NOW, NOW.tzinfo))) as journal:
        assert journal.undo().what == "a role"
    assert machine.text() == ANA

"""Encounters through the façade: what ends, joins, is rewritten and moved, in the files of everyone concerned."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from convo_tui.clock import Clock
from convo_tui.core import edits
from convo_tui.core.contradiction import Contradiction
from convo_tui.core.ending import Plan
from convo_tui.core.errors import NotFound, Refused
from convo_tui.core.markers import escaped
from convo_tui.core.models import Encounter, Issue, Relationship
from convo_tui.paths import Places
from convo_tui.store import files
from convo_tui.store.errors import Conflict
from convo_tui.store.journal import Journal

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")


class Home:
    """A journal with Acme, where Ana is, and Bo, who has a file of his own."""

    def __init__(self, root: Path) -> None:
        assert NOW.tzinfo is not None
        self.places = Places(root / "journal", root / "config", root / "cache", root / "state")
        self.journal = Journal(self.places, Clock(lambda: NOW, NOW.tzinfo))
        people = [{"id": "20260101-ana00001", "name": "Ana Ruiz"}]
        self.acme = self.journal.create("Acme GmbH", "organisation", people=people).key
        self.bo = self.journal.create("Bo Lindqvist").key

    def log(self, key: str, note: str, ago: timedelta = timedelta(), **fields: Any) -> Plan:
        encounter = Encounter(id=self.journal.new_id(), at=NOW - ago, **fields)
        return self.journal.log(key, encounter, self.journal.read_note(key, encounter, note))

    def of(self, key: str) -> Relationship:
        return self.journal.view(key).relationship

    def issue(self, key: str, text: str) -> Issue:
        return next(each for each in self.of(key).issues if each.text == text)

    def bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.places.journal.glob("*.toml")}

    def commented(self) -> None:
        """Put a comment on every line that says when an encounter was."""
        for path in self.places.journal.glob("*.toml"):
            path.write_text(path.read_text().replace("\nat = ", "\n# when\nat = "))
        self.journal.refresh()

    def undone(self, change: Callable[[], Any]) -> None:
        """One undo brings all back, byte for byte, and one redo does it again."""
        before = self.bytes()
        change()
        after = self.bytes()
        assert after != before
        self.journal.undo()
        assert self.bytes() == before
        self.journal.redo()
        assert self.bytes() == after


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)

# ── one entry a day ──────────────────────────────────────────────────────────────────────────────────────


def test_a_second_mail_joins_the_entry_of_its_day(home: Home) -> None:
    """Mail and chat logged on one day join that day's entry."""
    first = home.log(home.acme, "first\n! one", 2 * HOUR, channel="email", minutes=5)
    second = home.log(home.acme, "second\n! two\n= one", HOUR, channel="email", spark=4, with_=("20260101-ana00001",))
    (entry,) = home.of(home.acme).encounters
    assert second.encounter.id == first.encounter.id == entry.id
    assert (entry.note, entry.minutes, entry.spark, entry.at) == ("first\n\nsecond", 5, 4, NOW - 2 * HOUR)
    assert entry.with_ == ("20260101-ana00001",)
    assert home.issue(home.acme, "two").opened_in == home.issue(home.acme, "one").closed_in == entry.id


def test_only_the_entries_of_its_own_file_are_joined(home: Home) -> None:
    home.log(home.acme, "with both", HOUR, channel="chat", with_=(home.bo,))
    home.log(home.bo, "alone", channel="chat")
    assert [len(home.of(key).encounters) for key in (home.acme, home.bo)] == [1, 1]


def test_joining_is_taken_back_by_one_undo(home: Home) -> None:
    home.log(home.acme, "first", HOUR, channel="email")
    home.commented()
    home.undone(lambda: home.log(home.acme, "second\n! two\nneed: calm", channel="email"))


def test_the_newest_of_its_own_file_can_be_added_to(home: Home) -> None:
    """`A` add to the last encounter."""
    assert home.journal.last_own(home.bo) is None
    home.log(home.bo, "older", DAY)
    home.log(home.acme, "of another file", with_=(home.bo,))
    last = home.journal.last_own(home.bo)
    assert last is not None
    assert last.note == "older"
    reading = home.journal.read_note(home.bo, last, "more")
    home.journal.log(home.bo, edits.changed(last, note=""), reading, last)
    assert [each.note for each in home.of(home.bo).encounters] == ["older\n\nmore"]


# ── rewriting ────────────────────────────────────────────────────────────────────────────────────────────


def test_an_old_encounter_is_rewritten_and_nothing_fires_twice(home: Home) -> None:
    """ "A saved note that is opened again shows such lines escaped, so nothing fires twice."""
    identity = home.log(home.acme, "! pricing\nwords @bo\n~ nothing\\", DAY).encounter.id
    saved = home.of(home.acme).encounters[0]
    done = home.journal.rewrite(home.acme, identity, note=escaped(saved.note))
    assert (done.opened, done.carried, done.unmatched) == ((), (), ())
    assert home.of(home.acme).encounters[0] == saved
    done = home.journal.rewrite(
        home.acme, identity, note="other words\n! legal", spark=5, channel="meeting", with_=[home.bo], base=saved.note
    )
    (entry,) = home.of(home.acme).encounters
    assert (entry.note, entry.spark, entry.channel, entry.with_) == ("other words", 5, "meeting", (home.bo,))
    assert entry.mentions == ()
    assert [issue.id for _, issue in done.opened] == [home.issue(home.acme, "legal").id]


def test_what_is_rewritten_is_taken_back_by_one_undo(home: Home) -> None:
    home.log(home.acme, "! @bo slides\n! pricing", 3 * DAY, with_=(home.bo,))
    talk = home.log(home.acme, "~ pricing\n~ slides\nneed: calm", 2 * DAY, with_=(home.bo,)).encounter
    home.log(home.acme, "between", DAY)
    home.commented()
    home.undone(
        lambda: home.journal.rewrite(home.acme, talk.id, note="new\n! @bo one", at=NOW, with_=[home.bo], minutes=9)
    )
    assert [each.note for each in home.of(home.acme).encounters] == ["", "between", "new"]


def test_a_new_time_reaches_every_file_that_names_it(home: Home) -> None:
    """An encounter "may live in another file"; also of one who is no longer said to have taken part."""
    talk = home.log(home.acme, "! @bo slides", 2 * DAY, with_=(home.bo,)).encounter
    home.journal.rewrite(home.acme, talk.id, with_=[])
    home.journal.rewrite(home.acme, talk.id, at=NOW - 4 * DAY)
    assert home.issue(home.bo, "slides").opened == NOW - 4 * DAY


def test_a_time_before_what_it_carries_is_refused_and_nothing_done(home: Home) -> None:
    """ "never into one at or before its opening"."""
    home.log(home.bo, "! slides", 3 * DAY)
    talk = home.log(home.acme, "~ slides", DAY, with_=(home.bo,)).encounter
    before = home.bytes()
    why = "“slides” would be carried into the encounter of 2026-11-19 10:30, which is not after its opening"
    with pytest.raises(Refused, match=why):
        home.journal.rewrite(home.acme, talk.id, at=NOW - 3 * DAY)
    assert home.bytes() == before


def test_an_encounter_of_another_file_is_rewritten_there(home: Home) -> None:
    talk = home.log(home.acme, "words", with_=(home.bo,)).encounter
    home.journal.rewrite(home.bo, talk.id, note="better words")
    assert home.of(home.acme).encounters[0].note == "better words"
    assert home.of(home.bo).encounters == ()


def test_what_was_added_while_it_was_open_stays(home: Home) -> None:
    talk = home.log(home.bo, "words").encounter
    home.journal.rewrite(home.bo, talk.id, note="words\n\nadded")
    home.journal.rewrite(home.bo, talk.id, note="other words", base="words")
    assert home.of(home.bo).encounters[0].note == "other words\n\nadded"
    with pytest.raises(Contradiction, match="another program changed the note"):
        home.journal.rewrite(home.bo, talk.id, note="mine", base="words")


@pytest.mark.parametrize("fields", [{"spark": 9}, {"channel": "pigeon"}, {"at": "soon"}])
def test_a_field_that_is_wrong_is_refused(home: Home, fields: dict[str, Any]) -> None:
    talk = home.log(home.bo, "words").encounter
    with pytest.raises(Refused, match=next(iter(fields))):
        home.journal.rewrite(home.bo, talk.id, **fields)


def test_an_encounter_that_is_nowhere_is_not_found(home: Home) -> None:
    with pytest.raises(NotFound):
        home.journal.rewrite(home.bo, "20260101-nowhere0", note="x")
    with pytest.raises(NotFound):
        home.journal.move(home.bo, "20260101-nowhere0", home.acme)


# ── moving ───────────────────────────────────────────────────────────────────────────────────────────────


def test_an_encounter_moves_with_what_is_its_own(home: Home) -> None:
    """Moving an encounter to another relationship; losing nothing."""
    home.log(home.acme, "! older", 2 * DAY)
    home.log(home.bo, "his", HOUR)
    talk = home.log(home.acme, "words\n! new\n~ older\nneed: calm", DAY, with_=(home.bo,)).encounter
    home.log(home.acme, "~ new")
    moved = home.journal.move(home.acme, talk.id, home.bo)
    assert [each.note for each in home.of(home.bo).encounters] == ["words", "his"]
    assert (moved.id, moved.with_, moved.note) == (talk.id, (), "words")
    assert [each.text for each in home.of(home.bo).issues] == ["new"]
    assert [each.text for each in home.of(home.bo).heard] == ["calm"]
    assert [each.text for each in home.of(home.acme).issues] == ["older"]
    assert home.issue(home.acme, "older").carried == (talk.id,)
    assert len(home.issue(home.bo, "new").carried) == 1
    assert home.of(home.acme).heard == ()
    assert [each for each in home.journal.check() if "nowhere" in each.message] == []


def test_a_move_is_taken_back_by_one_undo(home: Home) -> None:
    """Losing nothing: the comments of the files come back too."""
    home.log(home.bo, "! slides", 3 * DAY)
    talk = home.log(home.acme, "! new\n~ slides\nneed: calm\nwords", DAY, with_=(home.bo,)).encounter
    home.log(home.acme, "after")
    home.commented()
    home.undone(lambda: home.journal.move(home.acme, talk.id, home.bo))
    assert home.issue(home.bo, "slides").carried == (talk.id,)


def test_what_came_in_since_stays_when_a_move_is_taken_back(home: Home) -> None:
    talk = home.log(home.acme, "! new\nwords", DAY).encounter
    before = home.of(home.acme)
    home.journal.move(home.acme, talk.id, home.bo)
    path = home.places.journal / "bo-lindqvist.toml"
    path.write_text(path.read_text().replace('name = "Bo Lindqvist"', 'name = "Bo Lindqvist"\nrole = "Boss" # by hand'))
    home.journal.undo()
    assert home.of(home.acme) == before
    assert (home.of(home.bo).role, home.of(home.bo).encounters, home.of(home.bo).issues) == ("Boss", (), ())
    assert "# by hand" in path.read_text()


def test_an_undo_that_cannot_be_done_in_one_file_is_done_in_none(home: Home) -> None:
    talk = home.log(home.acme, "words", DAY).encounter
    home.journal.move(home.acme, talk.id, home.bo)
    path = home.places.journal / "bo-lindqvist.toml"
    path.write_text(path.read_text().replace("words", "words by hand"))
    before = home.bytes()
    with pytest.raises(Refused, match="changed since; nothing was taken back"):
        home.journal.undo()
    assert home.bytes() == before


def test_a_move_that_cannot_be_saved_leaves_both_as_they_were(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = home.log(home.acme, "words", DAY).encounter
    before = home.bytes()
    save = files.save

    def save_all_but_acme(path: Path, *rest: Any) -> None:
        if path.name == "acme-gmbh.toml":
            raise Conflict(path, "another program is faster")
        save(path, *rest)

    monkeypatch.setattr(files, "save", save_all_but_acme)
    with pytest.raises(Conflict):
        home.journal.move(home.acme, talk.id, home.bo)
    assert home.bytes() == before


def test_an_encounter_that_is_there_already_is_not_moved(home: Home) -> None:
    talk = home.log(home.acme, "words", with_=(home.bo,)).encounter
    with pytest.raises(Refused, match="the call of 2026-11-22 10:30 is with Acme GmbH already"):
        home.journal.move(home.bo, talk.id, home.acme)


# ── offering ─────────────────────────────────────────────────────────────────────────────────────────────


def test_with_whom_an_encounter_can_begin(home: Home) -> None:
    """`ctrl+n` … people inside organisations too; someone with a file of their own is one, not two."""
    people = [
        {"id": "20260101-ana00001", "name": "Ana Ruiz"},
        {"id": "20260101-bo000001", "name": "Bo Lindqvist", "relationship": home.bo},
    ]
    home.journal.change(home.acme, "people", lambda now: edits.changed(now, people=people))
    (home.places.journal / "broken.toml").write_text("name = 'Broken'\nx")
    home.journal.refresh()
    assert [each.name for each in home.journal.everyone()] == ["Acme GmbH", "Ana Ruiz", "Bo Lindqvist"]


def test_the_last_spoken_with_is_nearest(home: Home) -> None:
    home.log(home.bo, "words")
    home.log(home.acme, "words", DAY)
    near = home.journal.nearness()
    assert near[home.bo] < near[home.acme]
    assert [each.value for each in home.journal.completions("names", "")] == ["Bo Lindqvist", "Acme GmbH", "Ana Ruiz"]
    assert [each.about for each in home.journal.completions("names", "ana")] == ["Acme GmbH"]


def test_topics_of_the_whole_journal_are_counted(home: Home) -> None:
    """ "a topic … is the same in any case"; "outside code"."""
    home.log(home.acme, "#Pricing and #pilot, `#code`\n! send #pricing", DAY)
    home.log(home.bo, "#PRICING")
    found = home.journal.completions("topics", "")
    assert [(each.value, each.count) for each in found] == [("pricing", 3), ("pilot", 1)]
    assert [each.value for each in home.journal.completions("topics", "#Pi")] == ["pilot"]
    assert [each.value for each in home.journal.completions("topics", "", 1)] == ["pricing"]


def test_deleting_takes_the_references_out_of_the_other_files_only(home: Home) -> None:
    """ "an entry or a whole relationship to the trash, its references removed"."""
    talk = home.log(home.acme, f"! @bo slides\nsee {home.bo}", with_=(home.bo,)).encounter
    home.undone(lambda: home.journal.delete(home.acme, talk.id))
    assert home.issue(home.bo, "slides").opened_in == ""

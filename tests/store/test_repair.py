"""`convo check --fix`: what is safe is put right, to the byte; what needs a decision is left as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from convo_tui.clock import Clock
from convo_tui.core.errors import ConvoError
from convo_tui.paths import Places
from convo_tui.store.errors import Conflict
from convo_tui.store.journal import Journal
from tests.store.nasty_journal import FILES, write_nasty_journal

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")

ANA = """\
# my notes on Ana
format = 1
id = "20240301-anaruiz1"
name = "Ana Ruiz"   # she likes both names
kind = "person"
hobby = "sailing"
"""
FIRST = '\n[[encounters]]\nid = "20261101-enc00001"\nat = 2026-11-01T10:00:00+01:00\n'
SECOND = '\n[[encounters]]\nid = "20261108-enc00002"\nat = 2026-11-08T10:00:00+01:00\n'


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    places = Places(*(tmp_path / each for each in ("journal", "config", "cache", "state")))
    places.journal.mkdir()
    assert NOW.tzinfo is not None
    found = Journal(places, Clock(lambda: NOW, NOW.tzinfo))
    fresh = (f"20261122-fresh{number:03}" for number in count(1))
    monkeypatch.setattr(found, "new_id", lambda: next(fresh))
    yield found
    found.close()


def put(journal: Journal, **files: str | bytes) -> None:
    for name, text in files.items():
        (journal.places.journal / f"{name}.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    journal.refresh()


def contents(journal: Journal) -> dict[str, str]:
    """What every file holds."""
    return {path.stem: path.read_bytes().decode("utf-8", "replace") for path in journal.places.journal.iterdir()}


def fixed(journal: Journal, **files: str | bytes) -> dict[str, str]:
    """What the files hold after the repairs."""
    put(journal, **files)
    for _, result in journal.repair(journal.repairs()):
        assert isinstance(result, Path)
    return contents(journal)


def whats(journal: Journal) -> list[str]:
    return [what for each in journal.repairs() for what in each.what]


def test_what_is_sound_is_not_touched(journal: Journal) -> None:
    put(journal, ana=ANA + FIRST)
    assert journal.repairs() == []


def test_a_byte_order_mark_and_windows_line_endings_go_and_nothing_else_changes(journal: Journal) -> None:
    put(journal, ana=("\ufeff" + ANA + FIRST + 'note = """\none\ntwo"""\n').replace("\n", "\r\n"))
    assert whats(journal) == ["the byte order mark is taken away", "the Windows line endings are taken away"]
    assert fixed(journal) == {"ana": ANA + FIRST + 'note = """\none\ntwo"""\n'}
    assert journal.check() == []


def test_line_endings_stay_where_an_unknown_text_would_read_otherwise(journal: Journal) -> None:
    text = (ANA + 'raw = """\none\ntwo"""\n').replace("\n", "\r\n")
    put(journal, ana=text)
    assert journal.repairs() == []


def test_a_mark_before_a_damaged_file_goes_and_the_damage_stays(journal: Journal) -> None:
    assert fixed(journal, ana="\ufeff" + ANA + "kind =\n") == {"ana": ANA + "kind =\n"}


def test_an_issue_carried_into_one_encounter_twice_is_carried_once(journal: Journal) -> None:
    """ "An issue is carried into an encounter at most once"."""
    issue = '\n[[issues]]\nid = "20261101-issu0001"\ntext = "one"  # why\ncarried = [{}]\n'
    twice = issue.format('"20261101-enc00001", "20261108-enc00002", "20261101-enc00001"')
    once = issue.format('"20261101-enc00001", "20261108-enc00002"')
    assert fixed(journal, ana=ANA + twice + FIRST + SECOND) == {"ana": ANA + once + FIRST + SECOND}


def test_references_to_what_is_nowhere_go_and_names_stay_for_the_person_to_look_at(journal: Journal) -> None:
    entry = FIRST + 'with = ["20240301-anaruiz1", {}"Bo from sales"]\n'
    heard = '\n[[heard]]\nid = "20261101-hear0001"\ntext = "x"\n{}'
    named = ANA + heard.format('heard_in = "20200101-gone0001"\n') + entry.format('"20200101-gone0002", ')
    assert fixed(journal, ana=named) == {"ana": ANA + heard.format("") + entry.format("")}
    (left,) = journal.check()
    assert "with names Bo from sales" in left.message


def test_no_reference_goes_while_a_file_cannot_be_read(journal: Journal) -> None:
    """What is missing may live in the damaged file."""
    put(journal, ana=ANA + FIRST + 'with = ["20200101-gone0001"]\n', bo="format =\n")
    assert journal.repairs() == []


def test_an_entry_that_is_there_twice_word_for_word_is_there_once(journal: Journal) -> None:
    other = FIRST.replace("id =", "id    =")
    assert fixed(journal, ana=ANA + FIRST + SECOND + other) == {"ana": ANA + FIRST + SECOND}
    assert journal.check() == []


def test_another_entry_with_the_same_id_gets_its_own_and_references_stay_with_the_first(journal: Journal) -> None:
    clash = '\n[[heard]]\nid = "20261101-enc00001"  # by hand\ntext = "other"\nheard_in = "20261101-enc00001"\n'
    put(journal, ana=ANA + clash + FIRST)
    assert whats(journal) == ["20261101-enc00001 is the id of two entries: the second gets 20261122-fresh001"]
    after = fixed(journal)["ana"]
    assert after == ANA + clash + FIRST.replace("20261101-enc00001", "20261122-fresh002")


def test_entries_in_inline_tables_get_their_own_ids_too(journal: Journal) -> None:
    row = 'issues = [{{ id = "i1", text = "one" }}, {{ text = "two", id = {} }}] # all\n'
    after = fixed(journal, ana=ANA + row.format("'i1'"))
    assert after == {"ana": ANA + row.format('"20261122-fresh001"')}


def test_entries_without_an_id_get_the_one_that_they_are_known_by(journal: Journal) -> None:
    put(journal, ana=ANA + '\n[[issues]]\ntext = "one"  # mine\n')
    identity = journal.view("20240301-anaruiz1").relationship.issues[0].id
    assert fixed(journal) == {"ana": ANA + f'\n[[issues]]\nid = "{identity}"\ntext = "one"  # mine\n'}
    assert journal.repairs() == []


def test_the_copy_with_the_less_natural_name_goes_to_the_trash(journal: Journal) -> None:
    """Longer, then later in the alphabet."""
    copies = dict.fromkeys(["ana", "ana (1)", "anb"], ANA)
    assert fixed(journal, **copies) == {"ana": ANA}
    assert sorted(path.name for path in journal.places.trash.iterdir()) == [
        "20261122T103000-ana (1).toml",
        "20261122T103000-anb.toml",
    ]
    assert journal.check() == []


def test_a_link_and_empty_files_are_no_copies(journal: Journal) -> None:
    (journal.places.journal / "ana-too.toml").symlink_to("ana.toml")
    put(journal, ana=ANA, one="", two="")
    assert journal.repairs() == []


def test_what_needs_a_decision_is_left(journal: Journal) -> None:
    twin = ("\ufeff" + ANA).replace("Ana", "Anna")
    files: dict[str, str | bytes] = {
        "one": ANA,
        "two": twin,
        "latin": b'\xef\xbb\xbfname = "\xe9"\n',
        "newer": "\ufeff" + ANA.replace("format = 1", "format = 2").replace("anaruiz1", "newer001"),
        "conflict": ANA.replace("anaruiz1", "conflict") + "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n",
        "wrong": ANA.replace("person", "robot").replace("anaruiz1", "wrong001") + FIRST + FIRST,
    }
    put(journal, **files)
    assert journal.repairs() == []


def test_everything_that_is_hard_survives_its_repair(journal: Journal) -> None:
    write_nasty_journal(journal.places.journal)
    journal.refresh()
    before = [each for each in journal.check() if each.level == "error"]
    plan = journal.repairs()
    assert [each.file for each in plan] == ["ana-ruiz.toml"]  # the entry without an id
    journal.repair(plan)
    assert [each for each in journal.check() if each.level == "error"] == before
    stay = {name: text for name, text in FILES.items() if name != "ana-ruiz.toml"}
    assert all((journal.places.journal / name).read_text("utf-8") == text.lstrip("\n") for name, text in stay.items())


def test_the_old_text_is_kept_and_one_undo_takes_all_of_it_back(journal: Journal) -> None:
    files = {"ana": "\ufeff" + ANA + FIRST + FIRST, "bo": ANA.replace("anaruiz1", "boboboob")}
    put(journal, **files, bo_copy=files["bo"])
    done = journal.repair(journal.repairs())
    kept = {each.file: result for each, result in done}
    assert isinstance(kept["ana.toml"], Path)
    assert kept["ana.toml"].parent == journal.places.kept
    assert kept["ana.toml"].read_text("utf-8") == files["ana"]
    journal.undo()
    assert contents(journal) == {**files, "bo_copy": files["bo"]}
    journal.redo()
    assert contents(journal) == {"ana": ANA + FIRST, "bo": files["bo"]}


def test_a_file_that_another_program_changed_meanwhile_is_left_alone(journal: Journal) -> None:
    """Written through the same guarded save as everything, with the base that was read."""
    other = ANA.replace("anaruiz1", "boboboob")
    put(journal, ana="\ufeff" + ANA, bo="\ufeff" + other, one=other.replace("boboboob", "oneoneon"))
    put(journal, one_copy=other.replace("boboboob", "oneoneon"))
    plan = journal.repairs()
    put(journal, ana="\ufeff" + ANA + "# theirs\n", one_copy=other.replace("boboboob", "oneoneon") + "# theirs\n")
    results = {each.file: result for each, result in journal.repair(plan)}
    for file in ("ana.toml", "one_copy.toml"):
        assert isinstance(results[file], Conflict)
        assert isinstance(results[file], ConvoError)
    assert contents(journal)["ana"] == "\ufeff" + ANA + "# theirs\n"
    assert contents(journal)["one_copy"].endswith("# theirs\n")
    assert contents(journal)["bo"] == other
    assert [path.name for path in journal.places.kept.iterdir()] == ["20261122T103000-bo.toml"]

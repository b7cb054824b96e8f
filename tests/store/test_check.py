"""`convo check`: everything that is wrong with a folder, in one go, each with file, line, reason and level."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from convo_tui.clock import Clock
from convo_tui.core import edits
from convo_tui.paths import Places
from convo_tui.store import system
from convo_tui.store.errors import Damage
from convo_tui.store.journal import Journal, Problem
from tests.store.nasty_journal import write_nasty_journal

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")
MEGABYTE = 1 << 20

ANA = """\
format = 1
id = "20240301-anaruiz1"
name = "Ana Ruiz"
kind = "person"
"""
SECOND = '\n[[encounters]]\nid = "20261108-enc00002"\nat = 2026-11-08T10:00:00+01:00\n'


def head(number: int, name: str = "Bo") -> str:
    return f'format = 1\nid = "20240301-{number:08}"\nname = "{name}"\nkind = "person"\n'


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(*(tmp_path / each for each in ("journal", "config", "cache", "state")))
    found.journal.mkdir()
    return found


@pytest.fixture
def journal(places: Places) -> Iterator[Journal]:
    assert NOW.tzinfo is not None
    found = Journal(places, Clock(lambda: NOW, NOW.tzinfo))
    yield found
    found.close()


def checked(journal: Journal, **files: str | bytes) -> list[Problem]:
    """The problems of a folder with these files."""
    for name, text in files.items():
        (journal.places.journal / f"{name}.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    journal.refresh()
    return journal.check()


def said(problems: list[Problem]) -> list[str]:
    """Each as the command line prints it, an error marked."""
    return [f"{each.file}:{each.line}: {each.message}{' !' * (each.level == 'error')}" for each in problems]


# ── what keeps a file from being read ────────────────────────────────────────────────────────────────────


def test_every_wrong_value_of_a_file_is_named_with_its_line(journal: Journal) -> None:
    """ "validates every file, names file, line and reason": of one file all of them, not only the first."""
    text = """\
format = 1
id = "20240301-anaruiz1"
name = ""
kind = "robot"
cadence = "often"
reach = [{ value = "a@b.c" }, { kind = "smoke", value = "x" }]

[[issues]]
id = "20261101-issu0001"
text = "fine"
state = "ajar"
carried = ["20261108-enc00001", 3]

[[encounters]]
at = 2026-11-08T10:00:00+01:00
spark = 9
minutes = -1

[[encounters]]
channel = "pigeon"

[[heard]]
id = "20261101-issu0001"
text = 7
"""
    found = said(checked(journal, ana=text))
    assert [each.partition(": ")[2] for each in found] == [
        "name: must not be empty !",
        'kind: "robot" is not one of person, organisation !',
        'cadence: "often" is not an interval such as 10d, 3w, 2m or 1y !',
        'kind: "smoke" is not one of email, phone, web, chat, address, other !',
        'state: "ajar" is not one of open, parked, settled, dropped !',
        "carried: 3 is not a text !",
        "spark: 9 is more than 5 !",
        "minutes: -1 is less than 0 !",
        "at: is missing !",
        'channel: "pigeon" is not one of call, meeting, email, chat, note !',
        "id: 20261101-issu0001 is already the id of another entry !",
        "text: 7 is not a text !",
    ]
    lines = [int(each.split(":")[1]) for each in found]
    assert lines == [3, 4, 5, 6, 11, 12, 16, 17, 19, 20, 23, 24]


def test_a_table_or_a_list_in_the_wrong_place_is_named(journal: Journal) -> None:
    found = said(checked(journal, ana=ANA + 'issues = [3, "x", {}]\n\n[heard]\nx = 1\n'))
    assert found == [
        'ana.toml:5: issues: "x" is not a table !',
        "ana.toml:5: issues: 3 is not a table !",
        "ana.toml:5: text: is missing !",
        "ana.toml:7: heard: a table is not a list !",
    ]


def test_each_conflict_of_git_is_named_where_it_begins(journal: Journal) -> None:
    hunk = '<<<<<<< HEAD\nrole = "a"\n=======\nrole = "b"\n>>>>>>> theirs\n'
    found = checked(journal, ana=ANA + hunk + 'story = "x"\n' + hunk)
    assert [(each.line, each.level) for each in found] == [(5, "error"), (11, "error")]
    assert all("a git conflict that is not resolved" in each.message for each in found)


def test_a_conflict_within_a_note_is_a_warning_and_a_quoted_marker_is_nothing(journal: Journal) -> None:
    note = 'story = """\nbefore\n<<<<<<< HEAD\nours\n=======\ntheirs\n>>>>>>> branch\n"""\n'
    (problem,) = checked(journal, ana=ANA + note)
    assert (problem.line, problem.level) == (7, "warning")
    assert checked(journal, ana=ANA + 'story = """\nHeading\n=======\n<<<<<<< is how a conflict begins\n"""\n') == []


def test_a_hundred_faults_are_told_and_that_there_are_more(journal: Journal) -> None:
    found = checked(journal, ana=ANA + "[[issues]]\n" * 150)
    assert len(found) == 101
    assert found[0].message == "there is more than the 100 faults that are told; put those right first"
    assert [each.line for each in found[1:4]] == [5, 6, 7]


# ── what does not fit together ───────────────────────────────────────────────────────────────────────────


def test_two_files_with_one_id_are_both_named(journal: Journal) -> None:
    """ "Two files with one id are reported, both read-only until one is re-identified."""
    assert said(checked(journal, a=ANA + SECOND, b=ANA + SECOND + "minutes = 3\n")) == [
        "a.toml:2: has the same id as b.toml; give one of them another id !",
        "b.toml:2: has the same id as a.toml; give one of them another id !",
    ]


def test_a_join_that_was_cut_short_is_named(journal: Journal) -> None:
    """`former`: ids of relationships joined into this one."""
    one, two = journal.create("Ana Ruiz"), journal.create("Anna Ruiz")
    gone = journal.text(two)
    journal.join(one.key, two.key)
    journal.path(two).write_bytes(gone)
    journal.refresh()
    (problem,) = [each for each in journal.check() if "former" in each.message]
    assert (problem.file, problem.level) == ("ana-ruiz.toml", "warning")
    assert f"former names {two.id}, which is still anna-ruiz.toml" in problem.message
    journal.join(one.key, two.key)
    assert journal.check() == []


def test_one_entry_id_in_two_files_is_a_warning_in_both(journal: Journal) -> None:
    found = said(
        checked(journal, a=head(1) + SECOND, b=head(2) + '\n[[issues]]\nid = "20261108-enc00002"\ntext = "x"\n')
    )
    assert found == [
        "a.toml:7: has the same id as an entry in b.toml; give one another",
        "b.toml:7: has the same id as an entry in a.toml; give one another",
    ]


def test_ids_that_are_nowhere_are_named_where_they_stand(journal: Journal) -> None:
    text = f"""\
{ANA}
[[people]]
id = "20240301-pers0001"
name = "Bo"
relationship = "20240301-gone0001"

[[issues]]
id = "20261101-issu0001"
text = "one"
opened_in = "20261101-gone0002"
closed_in = "20261108-enc00002"
carried = [
    "20261108-enc00002",
    "20261101-gone0003",
]

[[heard]]
id = "20261101-hear0001"
text = "one"
heard_in = "20261101-gone0004"
{SECOND}with = ["20240301-pers0001", "20240301-anaruiz1", "20240301-former01", "20240301-gone0005"]
mentions = ["20240301-00000007"]
"""
    other = head(7) + 'former = ["20240301-former01"]\n'
    found = [each for each in said(checked(journal, ana=text, seven=other)) if "names" in each]
    assert found == [
        "ana.toml:9: relationship names 20240301-gone0001, which is nowhere in this journal",
        "ana.toml:14: opened_in names 20261101-gone0002, which is nowhere in this journal",
        "ana.toml:18: carried names 20261101-gone0003, which is nowhere in this journal",
        "ana.toml:24: heard_in names 20261101-gone0004, which is nowhere in this journal",
        "ana.toml:29: with names 20240301-gone0005, which is nowhere in this journal",
    ]
    found = said(checked(journal, bo="format ="))
    assert "ana.toml:9: relationship names 20240301-gone0001, which is in no file that can be read" in found


def test_an_organisation_that_is_no_id_of_ours_may_be_free_text(journal: Journal) -> None:
    """CONTRACT.md: "organisation … the id or name of a relationship, or free text"."""
    other = head(7) + 'organisation = "Acme"\n'
    found = checked(journal, ana=ANA + 'organisation = "20240301-gone0001"\n', seven=other)
    assert said(found) == ["ana.toml:5: organisation names 20240301-gone0001, which is nowhere in this journal"]


def test_what_was_carried_too_often_or_too_early_is_named(journal: Journal) -> None:
    """ "An issue is carried into an encounter at most once, never into one at or before its opening"."""
    issue = """
[[issues]]
id = "20261101-issu0001"
text = "one"
opened = 2026-11-08T10:00:00+01:00
opened_in = "20261109-enc00003"
carried = ["20261108-enc00002", "20261109-enc00003", "20261110-enc00004", "20261110-enc00004"]
"""
    later = '\n[[encounters]]\nid = "20261109-enc00003"\nat = 2026-11-09T10:00:00+01:00\n'
    elsewhere = head(2) + '\n[[encounters]]\nid = "20261110-enc00004"\nat = 2026-11-10T10:00:00+01:00\n'
    found = said(checked(journal, ana=ANA + issue + SECOND + later, bo=elsewhere))
    early = "in which it was opened or which was before that"
    assert found == [
        f"ana.toml:11: is carried into 20261108-enc00002, {early}",
        f"ana.toml:11: is carried into 20261109-enc00003, {early}",
        "ana.toml:11: is carried into the same encounter twice",
    ]
    moved = elsewhere.replace("at = 2026-11-10", "at = 2026-10-10")
    assert f"ana.toml:11: is carried into 20261110-enc00004, {early}" in said(checked(journal, bo=moved))


def test_an_issue_that_is_open_and_closed_or_closed_too_early_is_named(journal: Journal) -> None:
    issue = '\n[[issues]]\nid = "20261101-issu0001"\ntext = "x"\nopened = 2026-11-08\nclosed = 2026-11-07\n'
    assert said(checked(journal, ana=ANA + issue)) == [
        "ana.toml:10: is closed before it was opened",
        "ana.toml:10: is open, but has a day on which it was closed",
    ]


def test_times_in_the_future_are_named(journal: Journal) -> None:
    times = (("issues", "opened"), ("issues", "closed"), ("heard", "at"), ("encounters", "at"))
    soon, now = "2026-11-22T10:30:01+01:00", "2026-11-22T09:30:00Z"
    entries = [
        f'\n[[{kind}]]\nid = "20261101-entr{number}{at == now:d}00"\ntext = "x"\nstate = "settled"\n{key} = {at}\n'
        for at in (soon, now)
        for number, (kind, key) in enumerate(times)
    ]
    assert said(checked(journal, ana=ANA + "".join(entries))) == [
        "ana.toml:10: opened is in the future",
        "ana.toml:16: closed is in the future",
        "ana.toml:22: at is in the future",
        "ana.toml:28: at is in the future",
    ]


def test_what_other_tools_stumble_over_is_a_warning_and_the_file_works(journal: Journal) -> None:
    """Warnings never make a file unusable."""
    windows = ("\ufeff" + ANA).replace("\n", "\r\n")
    found = checked(journal, ana=windows)
    assert [(each.line, each.level) for each in found] == [(1, "warning"), (1, "warning")]
    journal.change("20240301-anaruiz1", "role", lambda old: edits.changed(old, role="COO"))
    assert 'role = "COO"\r\n' in (journal.places.journal / "ana.toml").read_bytes().decode()


@pytest.mark.skipif(os.name != "posix", reason="hard links are made otherwise there")
def test_a_second_name_of_a_file_is_told(journal: Journal, tmp_path: Path) -> None:
    checked(journal, ana=ANA)
    os.link(journal.places.journal / "ana.toml", tmp_path / "other")
    (problem,) = journal.check()
    assert (problem.level, problem.line) == ("warning", None)
    assert problem.message == "has 2 names (hard links): a save leaves the others with the old text"


def test_a_journal_of_everything_that_is_hard_is_checked(journal: Journal) -> None:
    write_nasty_journal(journal.places.journal)
    found = {each.file for each in journal.check() if each.level == "error"}
    assert found == {"damaged.toml", "empty.toml", "twin-a.toml", "twin-b.toml"}


# ── the gate ─────────────────────────────────────────────────────────────────────────────────────────────


def unreadable(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `locked.toml` a file that nobody may read, also for root."""
    path = journal.places.journal / "locked.toml"
    path.write_text(head(90, "Locked"))
    path.chmod(0)
    load = system.load

    def guarded(asked: Path) -> bytes:
        if asked.name == "locked.toml":
            raise PermissionError(13, "Permission denied")
        return load(asked)

    monkeypatch.setattr(system, "load", guarded)


@pytest.mark.skipif(os.name != "posix", reason="pipes and links are made otherwise there")
def test_damage_is_named_and_every_other_file_works(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    """GATES.md 14: "conflict markers, 0 bytes, NUL, BOM, CRLF, duplicate ids, 1 MB bombs, a directory named x.toml, no
    permission: named, under 1 s; every other file works"."""
    entry = '\n[[issues]]\nid = "20261101-issu0001"\ntext = "x"\n'
    folder = journal.places.journal
    (folder / "folder.toml").mkdir()
    os.mkfifo(folder / "pipe.toml")
    (folder / "leads-nowhere.toml").symlink_to("nowhere")
    (folder / "loop.toml").symlink_to("loop.toml")
    with (folder / "huge.toml").open("wb") as file:
        file.truncate(system.MAX_BYTES + 1)
    unreadable(journal, monkeypatch)
    start = time.process_time()
    found = checked(
        journal,
        sound=ANA,
        conflict=head(1) + "<<<<<<< HEAD\n=======\n>>>>>>> theirs\n",
        empty="",
        nul=head(2) + 'role = "a\0b"\n',
        latin=head(3).encode() + b'role = "caf\xe9"\n',
        mark="\ufeff" + head(4),
        windows=head(5).replace("\n", "\r\n"),
        syntax=head(6) + "role = \n",
        twice=head(7) + entry + entry,
        twin_a=head(8),
        twin_b=head(8) + 'role = "other"\n',
        nested="a = " + "[" * MEGABYTE,
        dotted="a" + ".a" * (MEGABYTE // 2) + " = 1",
        text='a = "' + "x" * MEGABYTE,
        wrong=head(9) + "[[issues]]\n" * (MEGABYTE // 11),
        array=head(10) + "issues = [" + "{}, " * (MEGABYTE // 4) + "]",
    )
    bombs = {"nested", "dotted", "text", "wrong", "array"}
    assert time.process_time() - start < len(bombs) + 1
    named = {each.file.removesuffix(".toml"): each for each in reversed(found)}
    lines = {name: (each.line, each.level) for name, each in named.items()}
    assert {name: place for name, place in lines.items() if name not in bombs} == {
        "conflict": (5, "error"),
        "empty": (None, "error"),
        "nul": (5, "error"),
        "latin": (5, "error"),
        "mark": (1, "warning"),
        "windows": (1, "warning"),
        "syntax": (5, "error"),
        "twice": (11, "error"),
        "twin_a": (2, "error"),
        "twin_b": (2, "error"),
        "folder": (None, "error"),
        "pipe": (None, "error"),
        "locked": (None, "error"),
        "leads-nowhere": (None, "error"),
        "loop": (None, "error"),
        "huge": (None, "error"),
    }
    assert bombs <= {name for name, (_, level) in lines.items() if level == "error"}
    assert all("\n" not in each.message and len(each.message) < 200 for each in found)
    assert "where nothing is" in named["leads-nowhere"].message
    # Every other file works: it is listed, opened and changed.
    assert "Ana Ruiz" in [each.name for each in journal.listed("name")]
    assert journal.view("20240301-anaruiz1").relationship.name == "Ana Ruiz"
    for key in ("20240301-anaruiz1", "20240301-00000004", "20240301-00000005"):
        journal.change(key, "role", lambda old: edits.changed(old, role="COO"))
        assert journal.view(key).relationship.role == "COO"
    with pytest.raises(Damage):
        journal.view("conflict.toml")


def test_a_large_folder_is_checked_file_by_file(journal: Journal) -> None:
    """Never all models at once: what is kept in memory is no more than what was looked at last."""
    for number in range(300):
        (journal.places.journal / f"{number}.toml").write_text(head(number) + SECOND.replace("00002", f"{number:05}"))
    assert journal.check() == []
    assert len(journal._catalog._documents) < 50

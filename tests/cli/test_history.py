"""`convo history`, as a command: what it lists, what was then, what changed since, and how it comes back."""

from __future__ import annotations

import pytest
from git_home import git

from tests.cli.conftest import Convo

pytestmark = pytest.mark.usefixtures("quiet_git")


def commit(convo: Convo, day: str, message: str) -> str:
    """Make a version on a day of November; its id."""
    git(convo.journal, "add", "ana-ruiz.toml")
    when = {"GIT_AUTHOR_DATE": f"2026-11-{day}T15:30:00+01:00"}
    git(convo.journal, "commit", "--quiet", "--message", message, also=when)
    return git(convo.journal, "rev-parse", "HEAD")


@pytest.fixture
def versions(ana: Convo) -> list[str]:
    """Two versions of Ana, a settled issue that is in none yet; the ids, the newest first."""
    git(ana.journal, "init", "--quiet")
    first = commit(ana, "12", "Ana Ruiz: new")
    ana.done("log", "ana", "Rang.", "--at", "2026-11-19 10:00")
    second = commit(ana, "19", "Ana Ruiz: call")
    ana.done("settle", "legal", "--outcome", "it is Bo")
    return [second, first]


def test_versions_are_listed_with_what_they_changed(ana: Convo, versions: list[str]) -> None:
    lines = ana.done("history", "ana").out.split("\n")
    second, first = versions
    assert lines[0].split("  ")[0] == "not in a version yet"
    assert lines[0].endswith("settled “who signs in legal?” (it is Bo)")
    assert [each for each in lines[1].split("  ") if each] == ["Thu 19 Nov 15:30", second[:8], "call"]
    assert lines[2].split()[4] == first[:8]
    assert lines[2].endswith("new, call, 2 opened, 1 heard")
    limited = ana.done("history", "ana", "--limit", "1").out.split("\n")
    assert limited[0] == "not in a version yet  settled “who signs in legal?” (it is Bo)"
    assert limited[1].startswith("and older ones: `convo history ana-ruiz")


def test_programs_are_told_the_same(ana: Convo, versions: list[str]) -> None:
    newest, second, first = ana.done("history", "ana", "--json").json
    assert newest == {
        **dict.fromkeys(("version", "at", "author", "message")),
        "what": ["settled “who signs in legal?” (it is Bo)"],
    }
    assert second == {
        "version": versions[0],
        "at": "2026-11-19T15:30:00+01:00",
        "author": "Test Person",
        "what": ["call of 19 Nov 2026"],
        "message": "Ana Ruiz: call",
    }
    assert first["what"][0] == "new relationship"
    since = ana.done("history", "ana", "--since", versions[1], "--json").json
    assert since == {"since": versions[1], "until": None, "what": [*second["what"], *newest["what"]]}
    then = ana.done("history", "ana", "--at", versions[1][:6], "--json").json
    assert [each["text"] for each in then["issues"]] == ["send pricing for 40 seats #pricing", "who signs in legal?"]
    assert then["issues"][0]["age_days"] == 0


def test_the_relationship_is_shown_as_it_stood_on_a_day(ana: Convo, versions: list[str]) -> None:
    shown = ana.done("history", "ana", "--at", "2026-11-15").out
    assert shown.startswith("Ana Ruiz · Head of Operations · as of Thu 12 Nov 15:30\n")
    assert "who signs in legal?" in shown
    assert "Legal has the draft." in shown
    assert shown == ana.done("history", "ana", "--at", versions[1]).out
    assert "Rang." in ana.done("history", "ana", "--at", "yesterday").out


def test_what_changed_is_said_in_words(ana: Convo, versions: list[str]) -> None:
    since = ana.done("history", "ana", "--since", "12 nov").out
    assert since.split("\n")[:-1] == [
        "from Thu 12 Nov 15:30 to not in a version yet",
        "  call of 19 Nov 2026",
        "  settled “who signs in legal?” (it is Bo)",
    ]
    assert "settled" not in ana.done("history", "ana", "--since", versions[1], "--at", versions[0]).out
    assert "is one version" in ana.done("history", "ana", "--since", versions[1], "--at", versions[1]).out


def test_restoring_all_of_it_is_a_change_that_undo_takes_back(ana: Convo, versions: list[str]) -> None:
    before = ana.file("ana-ruiz").read_text("utf-8")
    done = ana.done("history", "ana", "--restore", versions[1]).out
    assert done.startswith("restored Ana Ruiz as of Thu 12 Nov 15:30; `convo undo` takes it back\n")
    assert "  removed the call of 19 Nov 2026\n" in done
    assert ana.done("history", "ana", "--since", versions[1], "--json").json["what"] == []
    assert git(ana.journal, "rev-parse", "HEAD") == versions[0]
    assert "restore Ana Ruiz as of Thu 12 Nov 15:30" in ana.done("undo").out
    assert ana.file("ana-ruiz").read_text("utf-8") == before


def test_restoring_one_entry_leaves_the_others(ana: Convo, versions: list[str]) -> None:
    issues = ana.done("history", "ana", "--at", versions[1], "--json").json["issues"]
    legal = next(each["id"] for each in issues if each["text"] == "who signs in legal?")
    done = ana.done("history", "ana", "--restore", "12 nov", "--entry", legal[-6:], "--json").json
    assert done["restored"] == versions[1]
    assert done["what"] == ["reopened “who signs in legal?”"]
    assert ana.done("brief", "ana", "--json").json["last_encounter"]["note"] == "Rang."
    again = ana("history", "ana", "--restore", "12 nov", "--entry", legal)
    assert (again.code, again.err.count("\n")) == (1, 1)
    assert "as it was then already" in again.err


def test_what_cannot_be_done_is_said_in_one_line(ana: Convo, versions: list[str]) -> None:
    for words, said in (
        (("--at", "abcdef12"), "no version abcdef12"),
        (("--at", "2026-11-01"), "no version from 2026-11-01 or before"),
        (("--at", "whenever"), "is not a time"),
        (("--restore", "12 nov", "--entry", "nothing1"), "had nothing with the id nothing1 then"),
        (("--restore", "12 nov", "--at", "12 nov"), "stands alone"),
        (("--entry", "abcd"), "goes with --restore"),
    ):
        failed = ana("history", "ana", *words)
        assert (failed.code, failed.out, failed.err.count("\n")) == (1, "", 1), failed.err
        assert said in failed.err


def test_without_versions_one_line_says_how_they_begin(ana: Convo) -> None:
    failed = ana("history", "ana")
    assert (failed.code, failed.out) == (1, "")
    assert "`convo git init` begins to keep them" in failed.err


def test_a_damaged_file_still_has_its_past(ana: Convo, versions: list[str]) -> None:
    """CONTRACT.md, "Commands": exit code 3, the file needed is damaged."""
    path = ana.file("ana-ruiz")
    path.write_text(path.read_text("utf-8") + "[[issues]\n", "utf-8")
    assert "damaged: line" in ana.done("history", "ana-ruiz.toml").out
    assert "who signs" in ana.done("history", "ana-ruiz.toml", "--at", versions[1]).out
    failed = ana("history", "ana-ruiz.toml", "--since", versions[1])
    assert (failed.code, failed.err.count("\n")) == (3, 1)

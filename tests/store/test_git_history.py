"""What a relationship was: its versions on real git, what each changed, and how it stood then (issue 6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from git_home import attempted, git

from convo_tui.clock import Clock
from convo_tui.core.errors import Refused
from convo_tui.paths import Places
from convo_tui.store.errors import Damage
from convo_tui.store.git.repository import NoGit, Past, Repository
from convo_tui.store.git.running import Git

pytestmark = pytest.mark.usefixtures("quiet_git")

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")

ANA = """\
format = 1
id = "20240301-anaruiz1"
name = "Ana Ruiz"
kind = "person"
role = "Buyer"

[[issues]]
id = "20261101-pr1c1ng1"
text = "send pricing"
owner = "me"
state = "open"
opened = 2026-11-01T10:00:00+01:00
"""
SETTLED = ANA.replace('state = "open"', 'state = "settled"').replace(
    "+01:00\n", '+01:00\nclosed = 2026-11-03T10:00:00+01:00\noutcome = "38 seats"\n'
)
CALLED = (
    SETTLED
    + """
[[encounters]]
id = "20261119-enc00003"
at = 2026-11-19T15:00:00+01:00
channel = "call"
nature = "conversation"
note = "Legal has the draft."
"""
)


class Kept:
    """A journal whose versions are made by hand, a day apart."""

    def __init__(self, root: Path, folder: str = "journal") -> None:
        self.top, self.folder = root / "top", root / "top" / folder
        self.folder.mkdir(parents=True)
        git(self.top, "init", "--quiet")
        places = Places(self.folder, *(root / each for each in ("config", "cache", "state")))
        zone = NOW.tzinfo
        assert zone is not None
        self.repository = Repository(places, Clock(lambda: NOW, zone))
        self._day = 0

    def put(self, text: str, file: str = "ana.toml") -> Kept:
        (self.folder / file).write_text(text, "utf-8")
        return self

    def commit(self, message: str = "something", *words: str) -> Kept:
        self._day += 1
        day = f"2026-11-{self._day:02}T10:00:00+01:00"
        git(self.top, "add", "--all")
        git(
            *(self.top, "commit", "--quiet", "--message", message, *words),
            also={"GIT_AUTHOR_DATE": day, "GIT_COMMITTER_DATE": day},
        )
        return self

    def history(self, file: str = "ana.toml", limit: int | None = None) -> list[Past]:
        return self.repository.history(file, limit)

    def meanings(self, file: str = "ana.toml") -> list[str]:
        return [each.meaning for each in self.repository.meanings(self.history(file))]


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path, ".")


@pytest.fixture
def three(kept: Kept) -> Kept:
    """Ana, then the pricing settled, then a call."""
    kept.put(ANA).commit("Ana comes")
    kept.put(SETTLED).commit("Ana Ruiz: settled")
    return kept.put(CALLED).commit("Ana Ruiz: call", "--author=Zoë <zoe@example.org>")


def test_each_version_says_when_it_came_from_whom_and_what_it_changed(three: Kept) -> None:
    newest, settled, first = three.history()
    assert [each.version for each in (newest, settled, first)] == git(three.top, "log", "--format=%H").split("\n")
    assert newest.at == datetime.fromisoformat("2026-11-03T10:00:00+01:00")
    assert str(newest.at.tzinfo) == "UTC+01:00"
    assert (newest.author, newest.message) == ("Zoë", "Ana Ruiz: call")
    assert three.meanings() == ["call", "settled “send pricing” (38 seats)", "new, 1 opened"]
    assert [newest.parent, settled.parent, first.parent] == [settled.version, first.version, ""]


def test_the_relationship_stands_there_as_it_did(three: Kept) -> None:
    newest, settled, first = three.history()
    repository = three.repository
    assert [each.state for each in repository.as_it_was(first).issues] == ["open"]
    assert repository.as_it_was(settled).encounters == ()
    assert repository.as_it_was_before(settled) == repository.as_it_was(first)
    assert repository.as_it_was_before(first) is None
    assert [each.note for each in repository.as_it_was(newest).encounters] == ["Legal has the draft."]
    said = [each.what for each in repository.difference(first, newest)]
    assert said == ["call of 19 Nov 2026", "settled “send pricing” (38 seats)"]
    assert [each.what for each in repository.difference(newest, first)][-1] == "removed the call of 19 Nov 2026"


def test_what_is_in_no_version_yet_stands_first(three: Kept) -> None:
    three.put(CALLED.replace('"Buyer"', '"Head"'))
    first, *others = three.history()
    assert (first.version, first.at, first.short) == ("", None, "not in a version yet")
    assert len(others) == 3
    assert three.meanings()[0] == "role: Buyer → Head"
    assert three.repository.as_it_was(first).role == "Head"
    before = three.repository.as_it_was_before(first)
    assert before is not None
    assert before.role == "Buyer"
    assert len(three.history(limit=2)) == 2
    three.put(CALLED.replace("\n", "\r\n"))
    assert three.history() == others


def test_a_folder_without_versions_says_so_and_a_new_file_is_in_none(kept: Kept, tmp_path: Path) -> None:
    kept.put(ANA)
    assert kept.meanings() == ["new, 1 opened"]
    kept.commit()
    kept.put(CALLED, "bo.toml")
    assert [each.version for each in kept.history("bo.toml")] == [""]
    bare = Places(*(tmp_path / each for each in ("bare", "config", "cache", "state")))
    bare.journal.mkdir()
    zone = NOW.tzinfo
    assert zone is not None
    with pytest.raises(NoGit, match="no versions yet"):
        Repository(bare, Clock(lambda: NOW, zone)).history("ana.toml")


def test_a_file_renamed_by_hand_keeps_its_past(three: Kept) -> None:
    """CONTRACT.md, "The journal folder": a file renamed by hand keeps working."""
    (three.folder / "ana.toml").rename(three.folder / "añá ruiz.toml")
    three.commit()
    three.put(CALLED.replace('"Buyer"', '"Head"'), "añá ruiz.toml").commit()
    three.put(ANA.replace("anaruiz1", "an0ther1"), "ana.toml").commit()
    assert three.meanings("añá ruiz.toml") == [
        *("role: Buyer → Head", "file renamed from ana.toml"),
        *("call", "settled “send pricing” (38 seats)", "new, 1 opened"),
    ]
    assert three.meanings("ana.toml")[0] == "new, 1 opened"


def test_a_file_renamed_there_and_back_is_one_line_of_versions(three: Kept) -> None:
    three.folder.joinpath("ana.toml").rename(three.folder / "ruiz.toml")
    three.commit()
    three.folder.joinpath("ruiz.toml").rename(three.folder / "ana.toml")
    three.commit()
    assert three.meanings()[:3] == ["file renamed from ruiz.toml", "file renamed from ana.toml", "call"]
    assert len(three.meanings()) == 5


def test_somebody_else_put_where_one_was_deleted_is_not_taken_for_them_renamed(three: Kept) -> None:
    (three.folder / "ana.toml").unlink()
    three.put(CALLED.replace("anaruiz1", "an0ther1"), "bo.toml").commit()
    assert three.meanings("bo.toml") == ["new, call, 1 opened, 1 settled"]


def test_a_deleted_file_that_came_back_says_both(three: Kept) -> None:
    (three.folder / "ana.toml").unlink()
    three.commit()
    three.put(CALLED).commit()
    assert three.meanings()[1:3] == ["deleted", "call"]
    with pytest.raises(Refused, match="was deleted in"):
        three.repository.as_it_was(three.history()[1])


def test_a_damaged_version_is_listed_with_its_reason(three: Kept) -> None:
    three.put(CALLED + "\n[[issues]\n").commit()
    three.put(CALLED).commit()
    again, damaged, *_ = three.repository.meanings(three.history())
    assert again.meaning == "readable again"
    assert damaged.is_damaged
    assert damaged.meaning.startswith("damaged: line 23:")
    with pytest.raises(Damage, match=r"ana\.toml as of [0-9a-f]{8}:23: "):
        three.repository.as_it_was(three.history()[1])
    three.put("<<<<<<< ours\n")
    assert three.repository.meanings(three.history())[0].is_damaged


def test_a_journal_in_a_folder_of_a_repository_has_its_own_past(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "notes/ünder [x]")
    (kept.top / "ana.toml").write_text(CALLED)
    kept.put(ANA).commit()
    kept.put(SETTLED).commit()
    kept.put(CALLED)
    assert kept.meanings() == ["call", "settled “send pricing” (38 seats)", "new, 1 opened"]


def test_a_journal_that_was_moved_into_a_folder_keeps_its_past(tmp_path: Path) -> None:
    kept = Kept(tmp_path, "journal")
    (kept.top / "ana.toml").write_text(ANA)
    kept.commit()
    (kept.top / "ana.toml").rename(kept.folder / "ana.toml")
    kept.commit()
    assert kept.meanings() == ["file renamed from ana.toml", "new, 1 opened"]


def test_a_merge_says_what_it_brought_and_both_sides_are_told(three: Kept) -> None:
    git(three.top, "checkout", "--quiet", "-b", "other", "HEAD~1")
    three.put(SETTLED.replace('"Buyer"', '"Head"')).commit()
    git(three.top, "checkout", "--quiet", "main")
    attempted(three.top, "merge", "--quiet", "--no-commit", "other")
    three.put(CALLED.replace('"Buyer"', '"Head"')).commit()
    meanings = three.meanings()
    assert meanings[0] == "merged: role: Buyer → Head"
    assert sorted(meanings[1:3]) == ["call", "role: Buyer → Head"]
    assert meanings[3:] == ["settled “send pricing” (38 seats)", "new, 1 opened"]


def test_a_file_renamed_on_one_side_and_written_on_the_other_keeps_the_past_of_both(three: Kept) -> None:
    git(three.top, "checkout", "--quiet", "-b", "other")
    (three.folder / "ana.toml").rename(three.folder / "ruiz.toml")
    three.commit()
    git(three.top, "checkout", "--quiet", "main")
    three.put(CALLED.replace('"Buyer"', '"Head"')).commit()
    git(three.top, "merge", "--quiet", "--no-edit", "other")
    assert three.meanings("ruiz.toml") == [
        *("merged: file renamed from ana.toml", "file renamed from ana.toml"),
        *("role: Buyer → Head", "call", "settled “send pricing” (38 seats)", "new, 1 opened"),
    ]


def test_a_shallow_clone_says_where_its_versions_end(three: Kept, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=2", three.top.as_uri(), str(clone))
    places = Places(clone, *(tmp_path / each for each in ("config", "cache", "state")))
    zone = NOW.tzinfo
    assert zone is not None
    repository = Repository(places, Clock(lambda: NOW, zone))
    told = repository.meanings(repository.history("ana.toml"))
    assert [each.meaning for each in told] == ["call", "as it was then; nothing older is in this clone"]


def test_what_someone_has_set_up_for_their_own_git_changes_nothing(three: Kept) -> None:
    before = three.meanings()
    for setting in (
        *("log.follow=true", "log.showRoot=false", "diff.renames=copies", "log.diffMerges=combined"),
        *("diff.relative=true", "core.abbrev=4", "log.date=relative", "color.ui=always", "format.pretty=oneline"),
    ):
        git(three.top, "config", *setting.split("="))
    assert three.meanings() == before


def test_what_git_keeps_of_comments_is_a_version_too(three: Kept) -> None:
    three.put(f"{CALLED}# from the fair\n").commit()
    (three.folder / "ana.toml").chmod(0o755)
    three.commit()
    assert three.meanings()[:2] == ["only comments or formatting", "call"]


def test_two_thousand_versions_are_listed_by_as_many_git_processes_as_two(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    run = Git._run

    def counted(self: Git, words: Sequence[str], *others: Any) -> bytes:
        asked.append(words)
        return run(self, words, *others)

    def processes(versions: int) -> int:
        asked.clear()
        found = kept.history()
        assert len(found) == versions
        assert kept.repository.meanings(found[:50])[0].meaning == "only comments or formatting"
        return len(asked)

    monkeypatch.setattr(Git, "_run", counted)
    kept.put(ANA).commit()
    kept.put(f"{ANA}# two\n").commit()
    few = processes(2)
    stream = []
    for number in range(2000):
        text = f"{ANA}\n# {number}\n"
        stream.append(
            f"commit refs/heads/main\ncommitter A <a@example.org> {1700000000 + number} +0100\ndata 1\nx\n"
            f"M 100644 inline ana.toml\ndata {len(text.encode())}\n{text}"
        )
    git(kept.top, "fast-import", "--quiet", "--force", given="\n".join(stream) + "\n")
    git(kept.top, "reset", "--quiet", "--hard")
    assert processes(2000) == few


def test_a_date_that_is_none_is_no_reason_not_to_show_a_version(three: Kept) -> None:
    raw = git(three.top, "cat-file", "commit", "HEAD")
    author = next(line for line in raw.split("\n") if line.startswith("author "))
    odd = raw.replace(author, f"{author.rpartition(' ')[0]} +9999")
    made = git(three.top, "hash-object", "-t", "commit", "-w", "--stdin", "--literally", given=odd + "\n")
    git(three.top, "update-ref", "HEAD", made)
    newest = three.history()[0]
    assert (newest.version, newest.at) == (made, None)
    assert three.meanings()[0] == "call"

"""Two days with Ana, typed into the program as it is; after each step, git says which lines it touched."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import rtoml
from conftest import NOW, Home

THE_DAY_AFTER = "2026-11-23T09:00:00+01:00"


@dataclass(frozen=True)
class Versions:
    """The journal's folder under git."""

    folder: Path

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=Ana", "-c", "user.email=ana@acme.example", "-c", "commit.gpgsign=false")
        command = ["git", "-C", str(self.folder), *who, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a step")

    def changes(self) -> tuple[list[str], list[str]]:
        """The lines that went and those that came since the last commit, and commit them."""
        diff = self.git("diff", "--unified=0", "--no-color", "HEAD").splitlines()
        body = [line for line in diff if not line.startswith(("---", "+++"))]
        self.commit()
        gone = [line[1:] for line in body if line.startswith("-")]
        return gone, [line[1:] for line in body if line.startswith("+")]


@pytest.fixture
def versions(home: Home, monkeypatch: pytest.MonkeyPatch) -> Versions:
    """A folder under git whose first commit is empty, read with no settings of whoever runs the tests."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    home.journal.mkdir(parents=True)
    versions = Versions(home.journal)
    versions.git("init", "--quiet")
    versions.git("commit", "--quiet", "--allow-empty", "--message", "nobody yet")
    return versions


def read(home: Home) -> dict[str, Any]:
    return rtoml.loads((home.journal / "ana-ruiz.toml").read_text("utf-8"))


def test_what_is_left_open_today_waits_in_tomorrows_encounter(home: Home, versions: Versions) -> None:
    """GATES.md 10 for each step: "the diff is those lines only"."""
    convo = home.open()
    convo.wait_for("Nobody is here yet")
    convo.press("N")
    convo.wait_for("New relationship")
    convo.type("Ana Ruiz")
    convo.press("enter")
    convo.wait_for("You have not talked yet")

    me = read(home)["id"]
    versions.git("add", "--all", "--intent-to-add")
    assert versions.changes() == ([], ["format = 1", f'id = "{me}"', 'name = "Ana Ruiz"', 'kind = "person"'])

    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.type(
        "Legal has the draft.\r? who signs in legal?\r! send pricing for 40 seats #pricing\runsaid: afraid of it"
    )
    convo.wait_for("hears    unsaid: afraid of it")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    convo.press("enter", "q")
    assert convo.finish() == 0

    today = read(home)
    (hers, mine), (unsaid,), (first,) = today["issues"], today["heard"], today["encounters"]
    assert versions.changes() == (
        [],
        [
            "",
            "[[issues]]",
            f'id = "{hers["id"]}"',
            'text = "who signs in legal?"',
            'owner = "them"',
            'state = "open"',
            f"opened = {NOW}",
            f'opened_in = "{first["id"]}"',
            "",
            "[[issues]]",
            f'id = "{mine["id"]}"',
            'text = "send pricing for 40 seats #pricing"',
            'owner = "me"',
            'state = "open"',
            f"opened = {NOW}",
            f'opened_in = "{first["id"]}"',
            "",
            "[[heard]]",
            f'id = "{unsaid["id"]}"',
            'kind = "unsaid"',
            'text = "afraid of it"',
            f'heard_in = "{first["id"]}"',
            f"at = {NOW}",
            "",
            "[[encounters]]",
            f'id = "{first["id"]}"',
            f"at = {NOW}",
            'channel = "call"',
            'nature = "conversation"',
            'note = """',
            'Legal has the draft."""',
        ],
    )

    convo = home.open(now=THE_DAY_AFTER)
    convo.wait_for("#pricing 1")
    assert "WHERE WE LEFT OFF  Sun 22 Nov · call" in convo.text
    brief = [line.split("││")[1].strip(" ▌") for line in convo.lines if "││" in line]
    assert [line.split() for line in brief if line.startswith(("1 ", "2 ", "◇ "))] == [
        ["1", "them", "who", "signs", "in", "legal?", "↻0", "1d"],
        ["2", "me", "send", "pricing", "for", "40", "seat…", "↻0", "1d"],
        ["◇", "unsaid", "afraid", "of", "it"],
    ]
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    convo.type("~1\r=2 : agreed on 38 seats")
    convo.wait_for("settles")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")
    convo.press("enter", "q")
    assert convo.finish() == 0

    second = read(home)["encounters"][1]
    assert versions.changes() == (
        ['state = "open"'],
        [
            f'carried = ["{second["id"]}"]',
            'state = "settled"',
            f"closed = {THE_DAY_AFTER}",
            f'closed_in = "{second["id"]}"',
            'outcome = "agreed on 38 seats"',
            "",
            "[[encounters]]",
            f'id = "{second["id"]}"',
            f"at = {THE_DAY_AFTER}",
            'channel = "call"',
            'nature = "conversation"',
        ],
    )
    assert read(home) == {
        **today,
        "issues": [
            {**hers, "carried": [second["id"]]},
            {
                **mine,
                "state": "settled",
                "closed": second["at"],
                "closed_in": second["id"],
                "outcome": "agreed on 38 seats",
            },
        ],
        "encounters": [first, second],
    }
    assert sorted(path.name for path in home.journal.iterdir()) == [".git", "ana-ruiz.toml"]
    assert not list(home.state.rglob("drafts/*"))

"""A journal of years, in a terminal: the first reading, finding, a call, what others write, and the next start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import rtoml
from conftest import Home

ROOT = Path(__file__).parents[2]
BUILT_WITHIN = 900.0
"""Seconds: the largest is read for minutes where two cores are shared."""

NEW = """format = 1
id = "20261122-new00001"
name = "Zacharias Newcomer"
kind = "person"
"""


def believable(folder: Path, relationships: int, encounters: int) -> None:
    """Fill a folder with a journal that someone could have written."""
    folder.mkdir(parents=True)
    sizes = ["--relationships", str(relationships), "--encounters", str(encounters)]
    command = [sys.executable, "-m", "tests.bench.believable", str(folder), *sizes]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize(
    ("relationships", "encounters"),
    [(120, 20), pytest.param(10_000, 50, marks=[pytest.mark.long, pytest.mark.timeout(1800)])],
)
def test_a_journal_of_years_is_read_once_and_then_simply_there(home: Home, relationships: int, encounters: int) -> None:
    believable(home.journal, relationships, encounters)
    someone = next(found for path in sorted(home.journal.iterdir()) if (found := rtoml.load(path))["name"].isascii())
    convo = home.open()
    convo.wait_for(f"Relationships · {relationships:,}", BUILT_WITHIN)
    convo.wait_for(lambda: "reading the journal" not in convo.text, BUILT_WITHIN)

    convo.press("f")
    convo.type(f"{someone['name']} is:relationship")
    convo.wait_for(" found")
    convo.wait_for(lambda: any(someone["name"] in line for line in convo.lines[2:]))
    convo.press("enter")
    convo.wait_for(f"─ {someone['name'][:30]}")

    convo.press("n")
    convo.wait_for("Call with")
    convo.type("A word about quetzals.")
    convo.wait_for("quetzals")
    (home.journal / "zacharias-newcomer.toml").write_text(NEW)
    convo.wait_for(f"Relationships · {relationships + 1:,}")
    convo.type(" And more.")
    convo.wait_for("And more.")
    convo.press("ctrl+s")
    convo.wait_for("Saved: call")
    convo.press("enter", "q")
    assert convo.finish() == 0

    again = home.open()
    again.wait_for(f"Relationships · {relationships + 1:,}")
    again.press("f")
    again.type("quetzal")
    again.wait_for("1 found")
    again.press("enter")
    again.wait_without("1 found")
    again.wait_for("A word about quetzals. And more.")
    again.press("q")
    assert again.finish() == 0

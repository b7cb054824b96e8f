"""docs/reliability.md promises nothing without a test, and names no test that is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "reliability.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_is_named_is_there(file: str, name: str) -> None:
    assert re.search(rf"^(?:async )?def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)


def test_every_promise_names_its_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| promise", "| run"))]
    promises = [row for row in rows if row.count("|") == 3]
    assert len(promises) > 25
    assert [row for row in promises if "::test_" not in row] == []


def test_the_gates_that_are_about_loss_are_all_there() -> None:
    """Issues 5 and 6: the gates 1–9 and 11–18, each by the name of its test."""
    gates = {int(number) for number in re.findall(r"\(gate (\d+)", PAGE)}
    assert gates >= {*range(1, 10), *range(11, 19)}

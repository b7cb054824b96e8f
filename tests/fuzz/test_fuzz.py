"""The fuzzer: a few cases of each target everyday, as many as there is time for in the long run."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from random import Random

import pytest

from tests.fuzz import runner
from tests.fuzz.cases import Case, Target, TooSlow, tried, within
from tests.fuzz.runner import TARGETS, Found, kept, main, searched

EVERYDAY = {"files": 150, "grammar": 120, "merge": 300}
"""Cases of each target; together they take two seconds or three."""


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_chance_brings_holds(name: str) -> None:
    found = searched(TARGETS[name], seed=1, numbers=range(EVERYDAY[name]))
    assert not isinstance(found, Found), found.told


def test_an_id_by_hand_where_none_of_ours_stands_is_a_key_like_any() -> None:
    """Of a table, too; the check took it for that of an entry, once in 5,402 files."""
    head = b'format = 1\nid = "2"\nname = "a"\nkind = "person"\n'
    case = (head + b"[[reach]]\nid = {a = 1}\nvalue = 'x'\n[[issues]]\ntext = 'x'\n", (2418116037,))
    assert tried(TARGETS["files"], case) is None


@pytest.mark.long
@pytest.mark.parametrize("name", TARGETS)
@pytest.mark.timeout(3600)
def test_whatever_chance_brings_holds_for_a_given_time(name: str) -> None:
    """For `$CONVO_FUZZ_SECONDS` each, 60 if not said, with a seed that a failure names."""
    seed = secrets.randbelow(10**9)
    print(f"seed {seed}")
    found = searched(TARGETS[name], seed, seconds=float(os.environ.get("CONVO_FUZZ_SECONDS", runner.SECONDS)))
    assert not isinstance(found, Found), f"{found.told}written to {kept(found)}"


# ── the fuzzer itself ────────────────────────────────────────────────────────────────────────────────────


def _make(rng: Random) -> Case:
    return "".join(rng.choices("abc x\n", k=200)), tuple(rng.choices(range(10), k=5))


def _check(case: Case) -> None:
    text, numbers = case
    assert not ("x" in text and 7 in numbers), "an x and a seven"


BROKEN = Target("broken", _make, _check)


def test_the_first_case_that_fails_is_made_as_small_as_can_be() -> None:
    found = searched(BROKEN, seed=5)
    assert isinstance(found, Found)
    assert found.smallest == ("x", (7,))
    assert "an x and a seven" in found.told
    assert f"--seed 5 --only broken --case {found.number}" in found.told


def test_a_case_is_had_again_from_seed_target_and_number(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(runner, "TARGETS", {"broken": BROKEN})
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = searched(BROKEN, seed=5)
    assert isinstance(found, Found)
    assert main(["--seed", "5", "--only", "broken", "--case", str(found.number)]) == 1
    said = capsys.readouterr().out
    assert said.startswith("seed 5\nbroken: seed 5, case ")
    (written,) = tmp_path.iterdir()
    assert str(written) in said
    assert "'x'" in written.read_text()


def test_without_a_failure_it_says_how_much_was_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "1", "--only", "grammar", "--case", "3"]) == 0
    assert capsys.readouterr().out == "seed 1\ngrammar: 1 cases, all is well\n"


def test_what_takes_too_long_is_a_failure_even_where_everything_is_caught() -> None:
    def goes_on() -> None:
        while True:
            try:
                sum(range(1000))
            except Exception:  # noqa: BLE001 - as a reader does that takes every complaint for one about its input
                continue

    with pytest.raises(TooSlow), within(0.05):
        goes_on()

"""The benchmarks say what they measured: each gate has a measure, and its figure stands beside its goal."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

from tests.bench import page
from tests.bench.figures import Comparison, Figure, Goal, gates_table, growth_table, peers_table
from tests.bench.keys import KEYS
from tests.bench.measuring import NotMeasured, in_turn, percentile, ratio
from tests.bench.runner import MEASURES, PEERS, measured_by, parsed
from tests.bench.saving import write_durably
from tests.bench.searching import EACH, prefixes, whole_typings
from tests.bench.terminal import Program

GATES = list("abcdefghijk")


def test_every_gate_has_a_measure_and_is_explained() -> None:
    """GATES.md, "Fast": a to i."""
    assert list(MEASURES) == GATES == list(page.MEANS)


def test_without_options_everything_is_measured_in_full() -> None:
    wanted = parsed([])
    assert list(wanted.only) == [*GATES, PEERS]
    assert (wanted.quick, wanted.large, wanted.journals, wanted.write) == (False, False, None, None)


def test_options_say_what_is_measured_and_where_it_is_kept() -> None:
    wanted = parsed(["--only", "a,c,peers", "--quick", "--large", "--journals", "kept", "--write", "page.md"])
    assert wanted.only == ("a", "c", "peers")
    assert wanted.quick
    assert wanted.large
    assert (wanted.journals, wanted.write) == (Path("kept"), Path("page.md"))


def test_a_gate_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parsed(["--only", "a,z"])
    assert "no gate 'z'" in capsys.readouterr().err


def test_the_table_shows_ratio_goal_and_verdict() -> None:
    figures = [
        Figure("a", "`convo`", 1.204, goal=Goal(1.25), size=10_000),
        Figure("a", "`convo`", 1.3, goal=Goal(1.25), size=1_000),
        Figure("e", "find", 12.34, "ms", goal=Goal(10)),
        Figure("f", "index", 40.0, "MB/s", goal=Goal(40, at_least=True)),
        Figure("f", "beside parsing", 2.0),
    ]
    assert gates_table(figures).splitlines() == [
        "| gate | what | ratio | goal |  |",
        "| --- | --- | --- | --- | --- |",
        "| a | `convo`; 10,000 relationships | 1.20 | ≤ 1.25 | met |",
        "| e | find | 12.3 ms | ≤ 10 ms | missed |",
        "| f | index | 40 MB/s | ≥ 40 MB/s | met |",
        "| f | beside parsing | 2.00 |  |  |",
    ]


def test_growth_stands_side_by_side() -> None:
    figures = [
        Figure("a", "`convo`", 1.0, size=1_000),
        Figure("a", "`convo`", 1.1, size=10_000),
        Figure("d", "`convo log`", 1.2, size=10_000),
        Figure("g", "saving", 2.0),
    ]
    assert growth_table(figures).splitlines()[0] == "| gate | what | 1,000 | 10,000 |"
    assert growth_table(figures).splitlines()[2:] == ["| a | `convo` | 1.00 | 1.10 |"]
    assert growth_table(figures[2:]) == ""


def test_the_page_explains_what_was_measured_and_names_no_place() -> None:
    figures = [Figure("c", "moving", 4.0, goal=Goal(3)), Figure("g", "saving", 2.0, goal=Goal(5))]
    comparisons = [Comparison("add an entry", "convo log", "jrnl", 5.5)]
    options = ["--large", "--only", "c,g", "--journals", "/some/where", "--write", "/else/where.md"]
    text = page.written(figures, comparisons, measured_by(parsed(options)))
    assert "python -m tests.bench --large --only c,g --write docs/benchmarks.md" in text
    assert gates_table(figures) in text
    assert peers_table(comparisons) in text
    assert f"- **c** {page.MISSED['c']}" in text
    assert page.MEANS["g"] in text
    assert page.MEANS["a"] not in text
    assert "/some/where" not in text
    assert "/else/where" not in text


def test_a_ratio_is_of_what_was_measured_in_the_same_round() -> None:
    counted = count(1)
    ours, floor = in_turn(3, lambda: 2.0 * next(counted), lambda: next(counted))
    assert (ours, floor) == ([6.0, 10.0, 14.0], [4, 6, 8])  # the first two are thrown away
    assert ratio(ours, floor) == pytest.approx(10 / 6)
    assert percentile(list(range(101)), 95) == 95


def test_what_is_typed_is_the_same_each_time_and_grows_by_letters() -> None:
    typings = whole_typings(["Ana Ruiz", "Bo Lindqvist"])
    assert typings == whole_typings(["Ana Ruiz", "Bo Lindqvist"])
    assert {len(texts) for texts in typings.values()} == {EACH}
    assert list(prefixes("#plan")) == ["#", "#p", "#pl", "#pla", "#plan"]


def test_a_program_is_watched_in_a_terminal() -> None:
    with Program(["sh", "-c", "test -t 1 && echo ready; cat"], {}) as program:
        assert program.shows("read.", patience=5) > program.began
        program.forget()
        with pytest.raises(NotMeasured):
            program.shows("ready", patience=0.05)


def test_the_bare_save_leaves_the_file_and_nothing_else(tmp_path: Path) -> None:
    for data in (b"one", b"two"):
        write_durably(tmp_path / "bare.toml", data)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"bare.toml": b"two"}


def test_enough_keys_are_pressed_for_a_p95() -> None:
    assert KEYS >= 100

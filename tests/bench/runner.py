"""`python -m tests.bench`: what is asked for is measured, gate by gate, and shown in tables."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.bench import commands, indexing, keys, page, peers, saving, searching, starting, watching
from tests.bench.figures import Comparison, Figure, gates_table, growth_table, peers_table
from tests.bench.journals import Journals
from tests.bench.measuring import NotMeasured
from tests.bench.setting import Bench, Measure

MEASURES: Mapping[str, Measure] = {
    "a": starting.first_screen,
    "b": keys.typing,
    "c": keys.moving,
    "d": commands.logging,
    "e": searching.finding,
    "f": indexing.indexing,
    "g": saving.saving,
    "h": starting.memory,
    "i": watching.watching,
    "j": commands.merging,
    "k": commands.looking_after,
}
"""The gates of GATES.md, "Fast", each with what measures it; j and k are asked for by issues, on git and the pulse."""
PEERS = "peers"


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Return what the command line asks for; `only` are gates, or `peers`."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="How fast Convo is, as ratios.")
    parser.add_argument("--only", type=_gates, default=(*MEASURES, PEERS), metavar="a,c", help="these gates, or peers")
    parser.add_argument("--quick", action="store_true", help="measure less often: good enough for a look")
    parser.add_argument("--large", action="store_true", help="100,000 relationships as well")
    parser.add_argument("--journals", type=Path, metavar="DIR", help="keep the journals there for the next time")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write a page with the tables as well")
    return parser.parse_args(arguments)


def _gates(text: str) -> tuple[str, ...]:
    wanted = tuple(text.split(","))
    for each in wanted:
        if each not in (*MEASURES, PEERS):
            raise argparse.ArgumentTypeError(f"there is no gate {each!r}; there are {', '.join(MEASURES)} and {PEERS}")
    return wanted


def main(arguments: Sequence[str]) -> None:
    """Measure, and print the tables."""
    wanted = parsed(arguments)
    with tempfile.TemporaryDirectory(prefix="convo-bench-") as scratch:
        kept = (wanted.journals or Path(scratch) / "journals").absolute()
        kept.mkdir(parents=True, exist_ok=True)
        bench = Bench(Journals(kept, Path(scratch), _say), wanted.large, wanted.quick, _say)
        figures = [each for gate in MEASURES if gate in wanted.only for each in _measured(gate, bench)]
        comparisons = _compared(bench) if PEERS in wanted.only else []
    tables = (gates_table(figures), growth_table(figures), peers_table(comparisons))
    print("\n\n".join(table for table in tables if table))
    if wanted.write:
        wanted.write.write_text(page.written(figures, comparisons, measured_by(wanted)), "utf-8")


def measured_by(wanted: argparse.Namespace) -> list[str]:
    """Return the options that say what was measured; where files are is nobody's business."""
    options = [f"--{name}" for name in ("quick", "large") if getattr(wanted, name)]
    return options if len(wanted.only) > len(MEASURES) else [*options, f"--only {','.join(wanted.only)}"]


def _measured(gate: str, bench: Bench) -> list[Figure]:
    """Return the figures of one gate, as far as they could be taken; why not all, is said."""
    began, found = time.monotonic(), []
    _say(f"{gate}: {MEASURES[gate].__doc__}")
    try:
        for figure in MEASURES[gate](bench):
            _say(f"  {figure.told}")
            found.append(figure)
    except (NotMeasured, subprocess.CalledProcessError) as error:
        _say(f"  NOT MEASURED: {_why(error)}")
    _say(f"  {time.monotonic() - began:.0f} s")
    return found


def _compared(bench: Bench) -> list[Comparison]:
    found = []
    try:
        for each in peers.compared(bench):
            _say(f"  {each.ratio:.2f} × as long")
            found.append(each)
    except (NotMeasured, subprocess.CalledProcessError) as error:
        _say(f"peers NOT MEASURED: {_why(error)}")
    return found


def _why(error: Exception) -> str:
    said = getattr(error, "stderr", None)
    return f"{error}\n{said}" if said else str(error)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)

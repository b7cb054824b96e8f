"""`python -m tests.fuzz`: one target after the other for a given time, and what failed as small as it can be."""

from __future__ import annotations

import argparse
import secrets
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.fuzz import files, grammar, merge
from tests.fuzz.cases import Case, Failure, Target, case_of, shrunk, tried

TARGETS: Mapping[str, Target] = {each.name: each for each in (files.TARGET, grammar.TARGET, merge.TARGET)}
SECONDS = 60.0
"""For each target, when nothing else is said."""


@dataclass(frozen=True)
class Found:
    """A case that fails, and the smallest of its kind."""

    target: str
    seed: int
    number: int
    smallest: Case
    failure: Failure

    @property
    def told(self) -> str:
        """What there is to know of it, and how to see it again."""
        again = f"python -m tests.fuzz --seed {self.seed} --only {self.target} --case {self.number}"
        parts = "\n".join(f"  {part!r}" for part in self.smallest)
        return f"{self.target}: seed {self.seed}, case {self.number}: {again}\n{parts}\n{self.failure.story}"


def searched(target: Target, seed: int, numbers: Sequence[int] | None = None, seconds: float = SECONDS) -> Found | int:
    """Try the cases of these numbers, else as many as there is time for; return the first that fails, or how many."""
    end, done = time.monotonic() + seconds, 0
    for number in count() if numbers is None else numbers:
        if numbers is None and time.monotonic() > end:
            break
        case = case_of(target, seed, number)
        failure = tried(target, case)
        if failure is not None:
            smallest = shrunk(target, case, failure)
            return Found(target.name, seed, number, smallest, tried(target, smallest) or failure)
        done += 1
    return done


def main(arguments: Sequence[str]) -> int:
    """Do what the command line asks, and return the exit code: 1 when anything failed."""
    wanted = _parsed(arguments)
    print(f"seed {wanted.seed}", flush=True)
    failed = False
    for name in wanted.only:
        numbers = None if wanted.case is None else [wanted.case]
        found = searched(TARGETS[name], wanted.seed, numbers, wanted.seconds)
        if isinstance(found, Found):
            failed = True
            print(f"{found.told}written to {kept(found)}", flush=True)
        else:
            print(f"{name}: {found} cases, all is well", flush=True)
    return int(failed)


def kept(found: Found) -> Path:
    """Write down what was found in the temporary folder of the system, and return where."""
    path = Path(tempfile.gettempdir()) / f"convo-fuzz-{found.target}-{found.seed}-{found.number}.txt"
    path.write_text(found.told, "utf-8", errors="backslashreplace")
    return path


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Random files, notes and merges.")
    parser.add_argument("--seconds", type=float, default=SECONDS, metavar="N", help="for each target; 60 if not said")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**9), metavar="S", help="else by chance")
    parser.add_argument("--only", type=_targets, default=tuple(TARGETS), metavar=",".join(TARGETS))
    parser.add_argument("--case", type=int, metavar="K", help="this case alone")
    return parser.parse_args(arguments)


def _targets(text: str) -> tuple[str, ...]:
    wanted = tuple(text.split(","))
    for each in wanted:
        if each not in TARGETS:
            raise argparse.ArgumentTypeError(f"there is no target {each!r}; there are {', '.join(TARGETS)}")
    return wanted

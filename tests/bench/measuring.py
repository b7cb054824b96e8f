"""Measuring two things or more in turn, so that what the machine does meanwhile meets all of them."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from statistics import median, quantiles
from typing import TypeAlias

Times: TypeAlias = list[float]
Work: TypeAlias = Callable[[], float]
"""Does something once, and returns the seconds that count."""


class NotMeasured(Exception):
    """Something that is needed for a figure is not here; the text says what."""


def timed(work: Callable[[], object]) -> Work:
    """Return `work` as something that tells how long it took."""

    def took() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return took


def in_turn(rounds: int, *works: Work, warm: bool = True) -> list[Times]:
    """Return the seconds of each work in each round. A `warm` run of each is thrown away first."""
    for work in works if warm else ():
        work()
    found = [[work() for work in works] for _ in range(rounds)]
    return [list(each) for each in zip(*found, strict=True)]


def ratio(ours: Sequence[float], floor: Sequence[float]) -> float:
    """Return the median of the ratios of what was measured in turn."""
    return median(one / other for one, other in zip(ours, floor, strict=True))


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the value that so many percent of the values do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def finished(command: Sequence[str], environment: Mapping[str, str] | None = None) -> str:
    """Run a command to its end and return what it printed. Raises CalledProcessError when it fails."""
    done = subprocess.run(
        command, check=True, env=environment, stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8"
    )
    return done.stdout


def importing(modules: str, environment: Mapping[str, str]) -> Work:
    """Return a whole Python process that imports these modules and does nothing."""
    return timed(lambda: finished([sys.executable, "-c", f"import {modules}"], environment))

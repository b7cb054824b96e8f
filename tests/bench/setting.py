"""What every measure works with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tests.bench.figures import Figure
from tests.bench.journals import GATED, LARGE, SMALL, Journals, Size


@dataclass(frozen=True)
class Bench:
    """One run: its journals, how large they are, and how often everything is measured."""

    journals: Journals
    large: bool
    quick: bool
    say: Callable[[str], None]

    @property
    def sizes(self) -> tuple[Size, ...]:
        """The journals of which the growth is measured."""
        return (SMALL, GATED, LARGE) if self.large else (SMALL, GATED)

    @property
    def scratch(self) -> Path:
        """A folder for everything that is thrown away."""
        return self.journals.scratch

    def rounds(self, many: int) -> int:
        """Return how often something is measured, `many` times unless in a hurry."""
        return max(3, many // 5) if self.quick else many


Measure: TypeAlias = Callable[[Bench], Iterator[Figure]]

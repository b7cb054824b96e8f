"""What was measured, and how it is shown: the table of the gates, how figures grow, and the peers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

UNITS = {"×": "{:.2f}", "ms": "{:.1f} ms", "s": "{:.2f} s", "MB/s": "{:.0f} MB/s", "%": "{:.1f} %"}
AT_SIZE = 10_000
"""The relationships of the journal that the goals speak of."""


@dataclass(frozen=True)
class Goal:
    """What a figure is held against (GATES.md, "Fast"): at most the limit, or at least."""

    limit: float
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        """Whether a figure is as good as that."""
        return value >= self.limit if self.at_least else value <= self.limit


@dataclass(frozen=True)
class Figure:
    """One thing measured for a gate. Without a goal it is there to explain; `size` is the journal's relationships."""

    gate: str
    what: str
    value: float
    unit: str = "×"
    goal: Goal | None = None
    size: int | None = None

    @property
    def label(self) -> str:
        """What was measured, and in how large a journal."""
        return self.what if self.size is None else f"{self.what}; {self.size:,} relationships"

    @property
    def told(self) -> str:
        """The figure in a line, for who waits for the others."""
        return " ".join(filter(None, (self.label, shown(self.value, self.unit), self.verdict)))

    @property
    def verdict(self) -> str:
        """Whether the goal was met, in a word."""
        if self.goal is None:
            return ""
        return "met" if self.goal.is_met(self.value) else "missed"


@dataclass(frozen=True)
class Comparison:
    """The same job done by another program: how many times as long it takes as Convo."""

    job: str
    ours: str
    theirs: str
    ratio: float


def shown(value: float, unit: str) -> str:
    """Return a figure as people read it; a ratio has no unit."""
    return UNITS[unit].format(value)


def gates_table(figures: Iterable[Figure]) -> str:
    """Return every figure that has no size, or the size that the goals speak of, as a table."""
    rows = []
    for each in figures:
        if each.size in (None, AT_SIZE):
            goal = f"{'≥' if each.goal.at_least else '≤'} {_plain(each)}" if each.goal else ""
            rows.append((each.gate, each.label, shown(each.value, each.unit), goal, each.verdict))
    return _table(("gate", "what", "ratio", "goal", ""), rows)


def growth_table(figures: Iterable[Figure]) -> str:
    """Return what was measured in journals of several sizes, side by side; empty when there is nothing of the kind."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    for each in figures:
        if each.size is not None:
            found.setdefault((each.gate, each.what), {})[each.size] = shown(each.value, each.unit)
    several = {what: values for what, values in found.items() if len(values) > 1}
    sizes = sorted({size for values in several.values() for size in values})
    rows = [(*what, *(values.get(size, "") for size in sizes)) for what, values in several.items()]
    return _table(("gate", "what", *(f"{size:,}" for size in sizes)), rows) if rows else ""


def peers_table(comparisons: Iterable[Comparison]) -> str:
    """Return what other programs take for the same jobs; empty when there are none."""
    rows = [(each.job, f"`{each.ours}`", f"`{each.theirs}`", shown(each.ratio, "×")) for each in comparisons]
    return _table(("job", "ours", "theirs", "theirs / ours"), rows) if rows else ""


def _plain(figure: Figure) -> str:
    assert figure.goal is not None
    unit = "" if figure.unit == "×" else f" {figure.unit}"
    return f"{figure.goal.limit:g}{unit}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)

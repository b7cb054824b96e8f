"""How the versions of the folder stand, what a sync would do, and how one goes, in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from textual.content import Content

from convo_tui.sanitize import single
from convo_tui.tui.rows import parts
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.store.git.repository import Plan, State

_HEX = 8
"""So many digits name a version where no branch does."""
_INDENT = 4
_DETAILS = 12
"""So many lines below a step are shown; of more, how many there are."""


@dataclass(frozen=True)
class Standing:
    """How the versions stand in one line, said ever shorter in `texts`; nothing in a folder without versions."""

    texts: tuple[str, ...] = ()
    urgency: Literal["quiet", "warning", "error"] = "quiet"


@dataclass
class Course:
    """How a sync goes: what it has told so far, and how it ended.

    `came` are the messages of what another machine sent; `failed` says why it could not be done, `is_over` that nothing
    is under way.
    """

    steps: list[str] = field(default_factory=list)
    came: tuple[str, ...] = ()
    end: str = ""
    failed: str = ""
    is_over: bool = False


def standing(state: State | None, now: datetime, unreachable: bool = False) -> Standing:
    """Return how the versions stand; `unreachable` says that the other place did not answer when it was asked last."""
    if state is None or not state.is_ours:
        return Standing()
    at = f"⎇ {state.branch or state.commit[:_HEX]}"
    undecided = len(state.unmerged) + state.elsewhere
    if state.doing or undecided:
        what = [f"{state.doing} going on"] if state.doing else []
        what += [f"{undecided:,} to decide"] if undecided else []
        return Standing((f"{at} · {', '.join(what)}", f"{at} · {what[-1]}"), "warning")
    branch = "" if state.branch else " (no branch)"
    signs = [f"*{len(state.changed):,}" if state.changed else "✓"]
    signs += [f"{sign}{count:,}" for sign, count in (("↑", state.ahead), ("↓", state.behind)) if count]
    short = " ".join([f"{at}{branch}", *signs])
    if state.error:
        return Standing((f"{short} · ✗ S tells why", f"{short} ✗"), "error")
    long = short
    if state.remote and state.fetched is not None:
        from convo_tui.store.git.repository import fetched

        long += f" · {fetched(state, now)}"
    if unreachable:
        long += f" · no answer from {state.remote}"
    return Standing((long, short) if long != short else (short,))


def place(state: State | None) -> str:
    """Return where the versions are and which ones they follow: `main ⎇ origin/main`."""
    if state is None:
        return ""
    at = state.branch or state.commit[:_HEX]
    other = state.upstream or state.remote
    return single(f"{at} ⎇ {other}" if other else at)


def can_commit(plan: Plan) -> bool:
    """Whether a version can be made of what has changed, without anything else."""
    state = plan.state
    return state is not None and bool(state.changed) and not (plan.hindrance or state.is_unmerged or state.doing)


def plan_rows(plan: Plan, width: int) -> list[Row]:
    """Return what a sync would do, step by step; what keeps it from that; what the repository would run."""
    blocks = [
        _warning(plan, width),
        _said(plan.hindrance, "$error", width),
        _steps(plan, width),
        _said(_last_error(plan.state), "$error", width),
        [row for each in (*_standing_notes(plan), *plan.notes) for row in _said(each, parts.QUIET, width)],
    ]
    return _blocks(blocks)


def course_rows(course: Course, width: int) -> list[Row]:
    """Return how a sync goes, or went: each step, what came, and how it ended."""
    steps: list[Row] = []
    for number, each in enumerate(course.steps):
        under_way = number == len(course.steps) - 1 and (not course.is_over or course.failed)
        sign = ("✗" if course.failed else "…") if under_way else "✓"
        style = "$error" if sign == "✗" else parts.QUIET if sign == "✓" else "bold"
        steps += parts.hanging(Content.styled(f" {sign}  ", style), parts.text(each), width)
    came: list[Row] = []
    if course.came:
        came = [parts.heading("what came")]
        came += _lines(course.came, width, "")
    end = _said(course.failed, "$error", width) or _said(course.end, "bold", width)
    return _blocks([steps, came, end])


def _warning(plan: Plan, width: int) -> list[Row]:
    """What runs when the git of this repository is used, for a person who was not told of it yet."""
    if not plan.commands:
        return []
    return [
        *_said("This repository decides by itself what runs when its git is used:", "bold $warning", width),
        *_lines(plan.commands, width, ""),
        *_said("If these are not yours, stop here.", "bold $warning", width),
    ]


def _steps(plan: Plan, width: int) -> list[Row]:
    if not plan.steps and not plan.hindrance:
        return _said("Everything is in a version.", "", width)
    rows: list[Row] = []
    for number, step in enumerate(plan.steps, 1):
        rows += parts.hanging(Content.styled(f"{number:>2}  ", parts.QUIET), parts.text(step.what, "bold"), width)
        rows += _lines(step.detail, width, parts.QUIET)
    return rows


def _standing_notes(plan: Plan) -> Iterator[str]:
    state = plan.state
    if state is not None and not state.is_ours:
        yield "The folder lies in a repository that keeps no versions of it yet; enter begins to."


def _last_error(state: State | None) -> str:
    return f"Last time it failed: {state.error}" if state is not None and state.error else ""


def _lines(said: Sequence[str], width: int, style: str) -> list[Row]:
    rows = [
        row
        for each in said[:_DETAILS]
        for row in parts.wrapped(parts.text(each, style), width, lines=3, indent=_INDENT)
    ]
    more = len(said) - _DETAILS
    return [*rows, *parts.wrapped(parts.text(f"and {more:,} more", style), width, indent=_INDENT)] if more > 0 else rows


def _said(said: str, style: str, width: int) -> list[Row]:
    return parts.wrapped(parts.text(said, style), width) if said else []


def _blocks(blocks: Sequence[Sequence[Row]]) -> list[Row]:
    """Return all rows, an empty one between the blocks that have any."""
    rows: list[Row] = []
    for block in blocks:
        rows += [Row(Content()), *block] if rows and block else block
    return rows

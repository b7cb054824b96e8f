"""How the versions stand in a line, and what a sync would do and does, in lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from convo_tui.store.git.repository import Plan, State, Step
from convo_tui.tui.rows.versions import Course, can_commit, course_rows, place, plan_rows, standing
from convo_tui.tui.widgets.line_list import Row

NOW = datetime.fromisoformat("2026-11-22T10:37:00+01:00")

CLEAN = State(
    branch="main",
    commit="1a2b3c4d5e6f",
    upstream="origin/main",
    ahead=0,
    behind=0,
    changed=(),
    unmerged=(),
    elsewhere=0,
    doing="",
    fetched=NOW - timedelta(hours=3),
    driven=True,
    is_set_up=True,
    is_ours=True,
    remote="origin",
)
ALONE = replace(CLEAN, remote="", upstream="", fetched=None)


def text(rows: Sequence[Row]) -> list[str]:
    return [row.content.plain.rstrip() for row in rows]


@pytest.mark.parametrize(
    ("state", "texts", "urgency"),
    [
        (None, (), "quiet"),
        (replace(CLEAN, is_ours=False), (), "quiet"),
        (ALONE, ("⎇ main ✓",), "quiet"),
        (CLEAN, ("⎇ main ✓ · fetched 3 h ago", "⎇ main ✓"), "quiet"),
        (replace(CLEAN, ahead=2, behind=1), ("⎇ main ✓ ↑2 ↓1 · fetched 3 h ago", "⎇ main ✓ ↑2 ↓1"), "quiet"),
        (replace(ALONE, changed=("a.toml", "b.toml", "c.toml")), ("⎇ main *3",), "quiet"),
        (replace(ALONE, branch=""), ("⎇ 1a2b3c4d (no branch) ✓",), "quiet"),
        (
            replace(CLEAN, doing="merge", unmerged=("a.toml", "b.toml")),
            ("⎇ main · merge going on, 2 to decide", "⎇ main · 2 to decide"),
            "warning",
        ),
        (
            replace(CLEAN, branch="", doing="rebase"),
            ("⎇ 1a2b3c4d · rebase going on", "⎇ 1a2b3c4d · rebase going on"),
            "warning",
        ),
        (replace(CLEAN, ahead=2, error="no way"), ("⎇ main ✓ ↑2 · ✗ S tells why", "⎇ main ✓ ↑2 ✗"), "error"),
    ],
)
def test_how_the_versions_stand(state: State | None, texts: tuple[str, ...], urgency: str) -> None:
    """Issue 6: "branch, clean or dirty, ahead and behind, last sync and its error, in the header"."""
    found = standing(state, NOW)
    assert (found.texts, found.urgency) == (texts, urgency)


def test_another_place_that_does_not_answer_is_said_quietly() -> None:
    found = standing(CLEAN, NOW, unreachable=True)
    assert found.texts[0] == "⎇ main ✓ · fetched 3 h ago · no answer from origin"
    assert found.urgency == "quiet"


def test_where_the_versions_are() -> None:
    assert place(CLEAN) == "main ⎇ origin/main"
    assert place(replace(CLEAN, upstream="")) == "main ⎇ origin"
    assert place(ALONE) == "main"
    assert place(None) == ""


def test_a_plan_says_what_the_repository_would_run_before_anything_else() -> None:
    plan = Plan(
        replace(CLEAN, error="no way"),
        (Step("make a version of 1 file", ("Ana Ruiz: call",)), Step("fetch from origin", ("fetched 3 h ago",))),
        commands=("the hook \x1b[31mpre-commit",),
        notes=("bo.toml is damaged and left out",),
    )
    warned, hook, stop, gap, *rest = text(plan_rows(plan, 80))
    assert warned == "This repository decides by itself what runs when its git is used:"
    assert (hook.strip().endswith("pre-commit"), "\x1b" in hook) == (True, False)
    assert (stop, gap) == ("If these are not yours, stop here.", "")
    assert rest == [
        " 1  make a version of 1 file",
        "    Ana Ruiz: call",
        " 2  fetch from origin",
        "    fetched 3 h ago",
        "",
        "Last time it failed: no way",
        "",
        "bo.toml is damaged and left out",
    ]


def test_a_plan_with_nothing_in_it_or_with_a_hindrance_says_so() -> None:
    assert text(plan_rows(Plan(ALONE, ()), 80)) == ["Everything is in a version."]
    assert text(plan_rows(Plan(ALONE, (), "a revert is going on"), 80)) == ["a revert is going on"]


def test_of_many_lines_below_a_step_it_is_said_how_many_more_there_are() -> None:
    plan = Plan(ALONE, (Step("make a version of 14 files", tuple(f"{each}" for each in range(14))),))
    assert text(plan_rows(plan, 80))[-2:] == ["    11", "    and 2 more"]


@pytest.mark.parametrize(
    ("changes", "able"),
    [
        ({}, False),
        ({"changed": ("a.toml",)}, True),
        ({"changed": ("a.toml",), "unmerged": ("b.toml",)}, False),
        ({"changed": ("a.toml",), "doing": "merge"}, False),
    ],
)
def test_only_what_has_changed_and_nothing_unmerged_becomes_a_version(changes: dict[str, object], able: bool) -> None:
    assert can_commit(Plan(replace(CLEAN, **changes), ())) is able  # type: ignore[arg-type]


def test_a_course_marks_what_is_done_and_what_is_under_way_and_ends_with_what_came() -> None:
    course = Course(steps=["made a version: Ana Ruiz: call", "fetching from origin"])
    assert text(course_rows(course, 80)) == [" ✓  made a version: Ana Ruiz: call", " …  fetching from origin"]
    course.is_over, course.failed = True, "git: nobody answered"
    assert text(course_rows(course, 80))[1:] == [" ✗  fetching from origin", "", "git: nobody answered"]
    course = Course(["fetching from origin"], ("Bo: call",), "Both places have the same now: 1 came.", is_over=True)
    assert text(course_rows(course, 80)) == [
        " ✓  fetching from origin",
        "",
        "WHAT CAME",
        "    Bo: call",
        "",
        "Both places have the same now: 1 came.",
    ]

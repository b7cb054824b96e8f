"""Texts with conflict markers: written, and taken apart again."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convo_tui.store.marked import Sides, marked, sides

LINES = st.sampled_from(["a", "b", "c", "", "=======", "<<<<<<< x", ">>>>>>> quoted", "||||||| y", "<<<<<<<<", "x\r"])
TEXTS = st.lists(LINES, max_size=8).map("\n".join)


def test_what_differs_stands_between_markers_and_the_rest_once() -> None:
    text = marked("a\nb\nc\nd\n", "a\nB\nc\nd\ne\n")
    assert text == ("a\n<<<<<<< ours\nb\n=======\nB\n>>>>>>> theirs\nc\nd\n<<<<<<< ours\n=======\ne\n>>>>>>> theirs\n")
    assert marked("a\n", "a\n") == "a\n"


@given(TEXTS, TEXTS)
def test_what_was_marked_is_taken_apart_again(ours: str, theirs: str) -> None:
    """Lines that look like markers, line ends and a last line without one included."""
    if ours != theirs and not sides(ours) and not sides(theirs):
        assert sides(marked(ours, theirs)) == Sides(ours, theirs)


@given(st.text(alphabet="ab\n\r\x0b\u2028=<>| ", max_size=40), st.text(alphabet="ab\n\r=<>| ", max_size=40))
def test_any_text_is_taken_apart_again(ours: str, theirs: str) -> None:
    if ours != theirs and not sides(ours) and not sides(theirs):
        assert sides(marked(ours, theirs)) == Sides(ours, theirs)


def test_windows_line_ends_have_markers_like_them() -> None:
    text = marked("a\r\nb\r\n", "a\r\nc\r\n")
    assert text == "a\r\n<<<<<<< ours\r\nb\r\n=======\r\nc\r\n>>>>>>> theirs\r\n"
    assert sides(text) == Sides("a\r\nb\r\n", "a\r\nc\r\n")


SAME = "".join(f"same {number}\n" for number in range(9))
"""git makes one conflict of two that are close to each other."""


@pytest.mark.parametrize("style", ["merge", "diff3", "zdiff3"])
def test_what_git_marked_is_taken_apart(tmp_path: Path, style: str) -> None:
    base, ours, theirs = (  # the line of equals signs is a heading, outside
        f"title\n=======\nrole = {role}\n{SAME}end = {end}\n" for role, end in ("00", "11", "22")
    )
    for name, text in zip(("base", "ours", "theirs"), (base, ours, theirs), strict=True):
        (tmp_path / name).write_text(text)
    option = [] if style == "merge" else [f"--{style}"]
    command = ["git", "merge-file", "-p", "-L", "HEAD", "-L", "parent of 1a2b3c (x)", "-L", "topic", *option]
    done = subprocess.run([*command, "ours", "base", "theirs"], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == 2
    assert sides(done.stdout.decode()) == Sides(ours, theirs, None if style == "merge" else base)


OPEN, MIDDLE, CLOSE = "<<<<<<< HEAD\n", "=======\n", ">>>>>>> topic\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain\n=======\n",
        f"{OPEN}a\n{MIDDLE}b\n",
        f"{OPEN}a\n{CLOSE}",
        f"{OPEN}a\n{MIDDLE}b\n{MIDDLE}c\n{CLOSE}",
        f"{OPEN}a\n{OPEN}b\n{MIDDLE}c\n{CLOSE}",
        f"{OPEN}a\n{MIDDLE}b\n||||||| x\n{CLOSE}",
        f"{OPEN}a\n{MIDDLE}b\n{CLOSE}{OPEN}",
    ],
)
def test_what_is_not_marked_or_not_well_formed_is_not_taken_apart(text: str) -> None:
    assert sides(text) is None


def test_markers_of_another_conflict_within_the_base_are_part_of_it() -> None:
    inner = "<<<<<<<<< Temporary merge branch 1\nx\n=========\ny\n>>>>>>>>> Temporary merge branch 2\n"
    found = sides(f"{OPEN}a\n||||||| merged common ancestors\n{inner}{MIDDLE}b\n{CLOSE}")
    assert found == Sides("a\n", "b\n", inner)


def test_a_base_that_stands_in_one_conflict_only_is_none() -> None:
    found = sides(f"{OPEN}a\n|||||||\no\n{MIDDLE}b\n{CLOSE}{OPEN}c\n{MIDDLE}d\n{CLOSE}")
    assert found == Sides("a\nc\n", "b\nd\n")

"""Two versions of a text as one, by lines."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convo_tui.core.lines import merged_lines

_TEXTS = st.lists(st.sampled_from(["a", "b", "c", "", "d\r"]), max_size=8).map("\n".join)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "wanted"),
    [
        ("a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC"),
        ("a\nb\nc", "b\nc", "a\nb\nc\nd", "b\nc\nd"),
        ("We talked.", "We talked.\nMore.", "Before.\nWe talked.", "Before.\nWe talked.\nMore."),
        ("a\r\nb\r\nc\r\n", "A\r\nb\r\nc\r\n", "a\r\nb\r\nC\r\n", "A\r\nb\r\nC\r\n"),
        ("a\nb\nc", "x\nb\nc", "x\nb\nd", "x\nb\nd"),
        ("a\nb", "a\nb\nc", "a\nb\nc", "a\nb\nc"),
        ("", "new", "", "new"),
    ],
)
def test_changes_in_different_places_are_both_kept(base: str, ours: str, theirs: str, wanted: str) -> None:
    assert merged_lines(base, ours, theirs) == merged_lines(base, theirs, ours) == wanted


@pytest.mark.parametrize(
    ("base", "ours", "theirs"),
    [
        ("a", "b", "c"),
        ("a\nb", "a", "b"),
        ("a\nz", "a\nours\nz", "a\ntheirs\nz"),
        ("a", "a\nours", "a\ntheirs"),
        ("a\nb\nc", "a\nB\nc", "a\nc"),
        ("a\nb\nc\nd", "a\nB\nc\nd", "a\nb\nC\nd"),
        ("", "ours", "theirs"),
        ("a\nb", "a\nB", "a\nb\nmore"),
    ],
)
def test_what_both_changed_in_one_place_is_a_contradiction(base: str, ours: str, theirs: str) -> None:
    assert merged_lines(base, ours, theirs) is None
    assert merged_lines(base, theirs, ours) is None


def test_a_contradiction_can_be_settled_where_it_is() -> None:
    text = merged_lines(
        "a\nb\nc\nd", "A\nb\nc\no", "a\nb\nc\nt", settle=lambda base, ours, theirs: [*ours, *base, *theirs]
    )
    assert text == "A\nb\nc\no\nd\nt"


@settings(max_examples=300)
@given(_TEXTS, _TEXTS, _TEXTS)
def test_lines_merge_alike_from_either_side(base: str, ours: str, theirs: str) -> None:
    assert merged_lines(base, ours, theirs) == merged_lines(base, theirs, ours)


@settings(max_examples=200)
@given(_TEXTS, _TEXTS)
def test_a_side_that_changed_nothing_takes_the_other(base: str, ours: str) -> None:
    assert merged_lines(base, ours, base) == merged_lines(base, base, ours) == merged_lines(base, ours, ours) == ours


@settings(max_examples=200)
@given(st.lists(st.integers(0, 2), min_size=1, max_size=12), st.data())
def test_changes_that_do_not_touch_merge_as_though_made_one_after_the_other(
    kinds: list[int], data: st.DataObject
) -> None:
    """Blocks of lines that nobody touches part the places; each is changed by ours, by theirs or by nobody."""
    texts: list[list[str]] = [[], [], [], []]
    for number, kind in enumerate(kinds):
        old = [f"old {number}"]
        new = data.draw(st.sampled_from([[], [f"new {number}"], [*old, f"more {number}"], [f"first {number}", *old]]))
        ours, theirs = (new if kind == 1 else old), (new if kind == 2 else old)
        for text, lines in zip(texts, (old, ours, theirs, new if kind else old), strict=True):
            text += [*lines, f"between {number}", ""]
    base, ours_, theirs_, wanted = ("\n".join(text) for text in texts)
    assert merged_lines(base, ours_, theirs_) == wanted


def _file(blocks: int) -> list[str]:
    return [line for number in range(blocks) for line in ("[[encounters]]", f'id = "{number}"', 'channel = "call"', "")]


@pytest.mark.parametrize("lines", [_file(25_000), ["We talked."] * 90_000], ids=["blocks", "one line again and again"])
def test_a_megabyte_with_a_few_changes_takes_no_time(lines: list[str]) -> None:
    ours, theirs = ["first", *lines, "last"], [*lines[:40_000], "middle", *lines[40_000:]]
    start = time.process_time()
    text = merged_lines("\n".join(lines), "\n".join(ours), "\n".join(theirs))
    assert time.process_time() - start < 1
    assert text is None or text.split("\n") == ["first", *theirs, "last"]
    assert text is not None or len(set(lines)) == 1

"""Foreign text in a note."""

from __future__ import annotations

import pytest
from core_builders import acme, issue, read
from hypothesis import given, settings
from hypothesis import strategies as st
from test_markers import notes

from convo_tui.core.meaning import Quotes, Unmatched
from convo_tui.core.pasting import defused, freed_lines


def test_several_lines_make_no_records_by_themselves() -> None:
    """A paste of several lines makes no records by itself: its marker lines arrive escaped."""
    assert (
        defused("Hello,\n! send it\n- [ ] call\nneed: time\nbye")
        == "Hello,\n\\! send it\n- \\[ ] call\n\\need: time\nbye"
    )


def test_one_line_is_taken_as_it_is() -> None:
    assert defused("! send it") == "! send it"


@pytest.mark.parametrize(
    ("before", "text", "after", "result"),
    [
        ("", "! a\nb", "", "\\! a\nb"),
        ("- ", "! a\nb", "", "\\! a\nb"),
        ("said ", "! a\nb", "", "! a\nb"),
        ("! ", "! a\nb", "", "! a\nb"),
        ("", "a\n", "! mine", "a\n"),
        ("", "a\n- ", "! mine", "a\n- "),
        ("", "a\n!", " mine", "a\n\\!"),
        ("", "a\n! b", " mine", "a\n\\! b"),
        ("", "a\nb", "", "a\nb"),
    ],
)
def test_only_markers_that_are_pasted_are_escaped(before: str, text: str, after: str, result: str) -> None:
    assert defused(text, ["above"], before, after) == result


def test_code_is_pasted_as_it_is() -> None:
    assert defused("! a\n! b", ["```"]) == "! a\n! b"
    assert defused("! a\n```\n! b", ["```"]) == "! a\n```\n\\! b"
    assert defused("! a\n! b", ["```", "x", "```"]) == "\\! a\n\\! b"


def test_one_key_frees_the_marker_lines_of_some_rows() -> None:
    lines = ["\\! mine", "\\! a", "```", "\\! code", "```", "\\\\! twice", "\\plain"]
    assert freed_lines(lines, range(1, 7)) == ["! a", "```", "\\! code", "```", "\\! twice", "\\plain"]


def fires(note: str) -> list[object]:
    found = read(note, acme(issue("pricing"))).lines
    return [line for line in found if not isinstance(line.meaning, Quotes)]


@given(notes())
@settings(max_examples=300, deadline=None)
def test_no_paste_of_several_lines_fires_and_freeing_gives_every_character_back(note: str) -> None:
    text = note.replace("\r\n", "\n").replace("\r", "\n") + "\nend"
    safe = defused(text)
    assert fires(safe) == []
    assert "\n".join(freed_lines(safe.split("\n"), range(len(safe)))) == text


@given(notes(), st.sampled_from(["", "- ", "x ", "! ", "```"]), st.sampled_from(["", " x", "! x", "=1"]))
@settings(max_examples=200, deadline=None)
def test_a_paste_anywhere_keeps_every_character(note: str, before: str, after: str) -> None:
    text = note.replace("\r\n", "\n").replace("\r", "\n")
    safe = defused(text, ["above", "~~~"], before, after)
    assert safe.replace("\\", "") == text.replace("\\", "")
    assert safe.count("\n") == text.count("\n")


def test_what_is_freed_counts_again() -> None:
    freed = "\n".join(freed_lines(defused("! a\n~ nothing like it").split("\n"), range(2)))
    assert isinstance(read(freed).lines[1].meaning, Unmatched)

"""Lists while typing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convo_tui.core.typing_help import continued, indented, is_item, outdented, takes_the_place


@pytest.mark.parametrize(
    ("line", "lead"),
    [
        ("- milk", "- "),
        ("* milk", "* "),
        ("+ milk", "+ "),
        ("  - milk", "  - "),
        ("-   milk", "-   "),
        ("1. milk", "2. "),
        ("9) milk", "10) "),
        ("- [ ] milk", "- [ ] "),
        ("- [x] milk", "- [ ] "),
        ("3. [ ] milk", "4. [ ] "),
        ("- ! send pricing", "- "),
        ("- ", ""),
        ("  1. ", ""),
        ("- [ ] ", ""),
        ("milk", None),
        ("-milk", None),
        ("-", None),
        ("999. milk", None),
        ("2026. milk", None),
        ("! milk", None),
        ('> "milk"', None),
        ("", None),
    ],
)
def test_enter_goes_on_with_a_list_and_ends_it_on_an_empty_item(line: str, lead: str | None) -> None:
    assert continued(line, len(line)) == lead


def test_enter_before_the_words_of_an_item_is_a_new_line() -> None:
    assert [continued("- milk", column) for column in (0, 1, 2, 4)] == [None, None, "- ", "- "]


@pytest.mark.parametrize(
    "typed", ["- ", "* ", "1. ", "12) ", "  - ", "> ", "! ", "? ", "~ ", "= ", "=2", "~1", "need:", "Next: ", "about:"]
)
def test_whoever_types_the_beginning_themselves_has_it_once(typed: str) -> None:
    assert takes_the_place(typed)
    assert not any(takes_the_place(typed[:end]) for end in range(len(typed.rstrip())))


@pytest.mark.parametrize("typed", ["-", "a", "milk and ", "1", "1.", "2026: ", "needs: ", "say: ", "!", "", " "])
def test_words_of_an_item_are_words(typed: str) -> None:
    assert not takes_the_place(typed)


@given(st.text(st.characters(exclude_characters="\n"), max_size=20))
def test_moving_in_and_out_keeps_every_letter(line: str) -> None:
    assert indented(line).strip() == outdented(line).strip() == line.strip()
    assert not line.strip() or outdented(indented(line)) == line


@pytest.mark.parametrize(("line", "out"), [("    - a", "  - a"), (" - a", "- a"), ("- a", "- a"), ("\t- a", "- a")])
def test_out_goes_one_level_at_most(line: str, out: str) -> None:
    assert outdented(line) == out


@given(st.text(max_size=30), st.integers(0, 40))
def test_any_line_can_be_gone_on_with(line: str, column: int) -> None:
    lead = continued(line, column)
    assert lead is None or lead == "" or is_item(f"{lead}x")

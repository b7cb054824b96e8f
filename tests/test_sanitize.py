"""Nothing from a file reaches a terminal but text, and nothing else gets into a file through us (GATES.md 15,
ARCHITECTURE.md "Text on screen")."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convo_tui.sanitize import _SUSPECT, LINE_LIMIT, accepted, drawable, sanitize, single

JOINERS = "\u200c\u200d"
NUMBER_SIGNS = "\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.characters(max_codepoint=0xFF),
        st.sampled_from("a \n\r\t\u0301\u0301\u0301\u200d\u200c\u200b\u202e\u2028\ufeff\ufe0f👩☕आ\u094d\u3164\ud800"),
    )
)


def is_fit(character: str, *, lines: bool) -> bool:
    """Written from the rule, not from the code: what a terminal may be sent."""
    if character == "\n":
        return lines
    if character in JOINERS or character in NUMBER_SIGNS:
        return True
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


@given(NASTY, st.booleans())
@settings(max_examples=500, deadline=None)
def test_only_fit_characters_come_out(text: str, lines: bool) -> None:
    assert [c for c in sanitize(text, lines=lines) if not is_fit(c, lines=lines)] == []


@given(NASTY, st.booleans())
@settings(max_examples=500, deadline=None)
def test_sanitizing_twice_is_sanitizing_once(text: str, lines: bool) -> None:
    once = sanitize(text, lines=lines)
    assert sanitize(once, lines=lines) == once


@given(NASTY)
@settings(max_examples=300, deadline=None)
def test_single_is_one_sanitized_line_without_spare_space(text: str) -> None:
    line = single(text)
    assert sanitize(line) == line
    assert "\n" not in line
    assert line == line.strip()


@given(NASTY)
@settings(max_examples=300, deadline=None)
def test_a_run_of_marks_is_never_longer_than_eight(text: str) -> None:
    run = 0
    for character in sanitize(text):
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me"} else 0
        assert run <= 8


def test_every_character_alone_comes_out_fit() -> None:
    wrong = [
        hex(code)
        for code in range(sys.maxunicode + 1)
        if _SUSPECT.search(chr(code)) is None and not is_fit(chr(code), lines=False)
    ]
    assert wrong == []
    for code in [*range(0x3000), *range(0xD7A0, 0x10000), *range(0xE0000, 0xE0200)]:
        assert all(is_fit(c, lines=False) for c in sanitize("a" + chr(code) + "b")), hex(code)


@pytest.mark.parametrize(
    "text",
    [
        "Legal has the draft; she wants the pilot in January.",
        "[/foo] [bold [[x]] [@click=app.bell]x[/]",
        "Søren Ångström, Łódź, Владимир, Ελένη, 山田太郎, 김철수, محمد, שרה, สวัสดี",
        "👩\u200d👩\u200d👧 ❤️ 👍🏽 1️⃣ 🇩🇪 ☕",
        "क्षत्रिय र्\u200dय می\u200cخواهم e\u0301",
        "“quotes” – dashes … €40 → ▂▄▆█ ↻2 ☐",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert sanitize(text) == text
    assert sanitize(text, lines=True) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("\x9b31mred", "�31mred"),
        ("a\x00b\x7f", "a␀b␡"),
        ("evil\u202egpj.exe\u2066\u200f\u061c", "evilgpj.exe"),
        ("pass\u200b\u2060\ufeff\u00adword", "password"),
        ("p\u200da\u200cy", "pay"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("x\ud800\uffff\u0378", "x���"),
        ("\u0301\u0301bare", "bare"),
        ("Z" + "\u0301" * 50, "Z" + "\u0301" * 8),
        ("one\ntwo\tthree\r\nfour\u2028five\u0085six", "one two three four five six"),
        ("a\u3164\u115fb", "ab"),
    ],
)
def test_what_would_act_on_a_terminal_or_hide_is_replaced_or_dropped(text: str, shown: str) -> None:
    assert sanitize(text) == shown


def test_lines_keep_their_ends_and_tabs_become_columns() -> None:
    assert sanitize("a\tb\r\nc\rd\u2029e\x1b", lines=True) == "a   b\nc\nd\ne␛"


def test_a_line_that_is_too_long_is_cut_with_an_ellipsis() -> None:
    cut = sanitize("x" * 1_000_000)
    assert len(cut) == LINE_LIMIT
    assert cut.endswith("x…")
    first, second = sanitize("y" * 20_000 + "\nshort", lines=True).split("\n")
    assert (len(first), second) == (LINE_LIMIT, "short")


def test_a_cut_leaves_no_joiner_behind() -> None:
    cut = sanitize("👩\u200d" * 10_000 + "👧")
    assert cut[-2:] == "👩…"
    assert sanitize(cut) == cut


def test_single_takes_the_first_line_that_shows_anything() -> None:
    assert single("\n \u200b \r\n  Legal\thas   the draft \n then") == "Legal has the draft"
    assert single(" \u200b\n\u202e") == ""


# What gets into a file.

PLAIN = st.text(
    st.characters(
        exclude_categories=["Cc", "Cs", "Cf", "Mn", "Me", "Zl", "Zp"], exclude_characters="\u115f\u1160\u3164\uffa0"
    )
)
"""Letters, digits, signs and spaces of every script."""
STEERING = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}


@given(NASTY, st.booleans())
@settings(max_examples=500, deadline=None)
def test_what_steers_a_terminal_or_disguises_text_never_gets_into_a_file(text: str, lines: bool) -> None:
    kept = accepted(text, lines=lines)
    allowed = "\n\t" if lines else ""
    wrong = [c for c in kept if c not in allowed and (unicodedata.category(c) in {"Cc", "Cs"} or c in STEERING)]
    assert wrong == []
    run = 0
    for character in kept:
        run = run + 1 if unicodedata.category(character) in {"Mn", "Me", "Cf"} else 0
        assert run <= 8 + sum(c in NUMBER_SIGNS for c in kept)


@given(NASTY, st.booleans())
@settings(max_examples=500, deadline=None)
def test_accepting_twice_is_accepting_once(text: str, lines: bool) -> None:
    once = accepted(text, lines=lines)
    assert accepted(once, lines=lines) == once


@given(PLAIN, st.booleans())
@settings(max_examples=500, deadline=None)
def test_ordinary_text_is_accepted_as_it_is(text: str, lines: bool) -> None:
    assert accepted(text, lines=lines) == text
    assert accepted(f"{text}\n\t{text}", lines=True) == f"{text}\n\t{text}"


@given(NASTY)
@settings(max_examples=300, deadline=None)
def test_what_is_accepted_shows_the_same(text: str) -> None:
    """Nothing that a person saw is gone from the file, and nothing else is in it."""
    assert sanitize(accepted(text, lines=True), lines=True) == sanitize(text, lines=True)


@pytest.mark.parametrize(
    "text",
    [
        "👩\u200d👩\u200d👧 ❤️ 👍🏽 1️⃣ 🇩🇪 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می\u200cخواهم\u200c",  # as far as it is typed by now
        "שלום\u200f (v2)\u200e! \u061c٣",
        "e\u0301 ก็ ำ ི་ Z̷̢̛",
        "soft\xadhyphen zero\u200bwidth no\u2060break",
        "new emoji \U0001fae9 private \ue000",
    ],
)
def test_what_people_write_gets_into_a_file_whole(text: str) -> None:
    assert accepted(text) == accepted(text, lines=True) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("\x1b]52;c;aGk=\x07", "␛]52;c;aGk=␇"),
        ("a\x00b\x7fc\x9bd", "a␀b␡c�d"),
        ("x\ud800", "x�"),
        ("evil\u202egpj.exe\u2066 \u2069\u206a", "evilgpj.exe "),
        ("Z" + "\u0301" * 50, "Z" + "\u0301" * 8),
        ("a" + "\u200b\u2060" * 50 + "b", "a" + "\u200b\u2060" * 4 + "b"),
        ("one\r\ntwo\rthree\u2028four\tfive", "one two three four five"),
        ("\u200b \u3164", ""),
        ("x" * 20_000, "x" * LINE_LIMIT),
    ],
)
def test_what_is_not_accepted_in_a_name_or_another_field(text: str, kept: str) -> None:
    assert accepted(text) == kept


def test_a_note_is_kept_whole_with_its_lines_and_tabs() -> None:
    assert accepted("a\r\nb\rc\u2029d\te\x1b", lines=True) == "a\nb\nc\nd\te␛"
    assert accepted("\x1b" + "x" * 1_000_000, lines=True) == "␛" + "x" * 1_000_000


@given(NASTY)
@settings(max_examples=300, deadline=None)
def test_what_is_drawn_while_it_is_typed_is_fit(text: str) -> None:
    drawn = drawable(accepted(text))
    assert [character for character in drawn if not is_fit(character, lines=False)] == []


def test_sanitizing_needs_neither_textual_nor_rich() -> None:
    code = "import sys, convo_tui.sanitize; print([m for m in ('textual', 'rich', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

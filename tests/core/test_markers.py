"""Which lines are marked, how they are kept from firing, and how a note is saved."""

from __future__ import annotations

import pytest
from core_builders import acme, freed, issue, read
from hypothesis import example, given, settings
from hypothesis import strategies as st

from convo_tui.core.markers import cleaned, escaped, marker_span
from convo_tui.core.meaning import Hears, Opens, Quotes

MARKERS = ["! ", "? ", "~ ", "= ", "=1", "~2 ", "issue:", "Ask: ", "NEED: ", "next: fri ", "with: ", "spark: 9", "> "]
MARKERS += ["[ ] ", "met: ", "carry:*", "~ *", "unsaid:", "https://", "minutes: 5"]
LEADS = ["", "  ", "\t", "- ", "* ", "+ ", "3. ", "  - ", "12) ", "> ", "\\", "\\\\", "- \\", "x", "\x0c", "\u3000"]
ENDS = ["\n", "\n", "\r\n", "\r", "\n\n", "\u2028", "\n```\n", "\n~~~ py\n", "  \n", "   \n"]
WORDS = ["pricing", "@ana", "#topic", "`code", "", " : ", "due:fri", "山田", "שלום", "[ ]", "]("]


def notes() -> st.SearchStrategy[str]:
    """Notes full of what looks like markers, fences and escapes."""
    line = st.tuples(*map(st.sampled_from, (LEADS, [*MARKERS, "", "x"], WORDS, ENDS))).map("".join)
    return st.one_of(st.text(max_size=40), st.lists(line | st.text(max_size=8), max_size=8).map("".join))


@pytest.mark.parametrize(
    "lead", ["", " ", "    ", "\t", "- ", "* ", "+ ", "1. ", "12) ", "  - ", "\t* "], ids=lambda lead: repr(lead)
)
def test_a_marker_counts_after_any_indent_or_bullet(lead: str) -> None:
    """A marker counts at the start of a line, after any indent or bullet (`- ! text`)."""
    reading = read(f"before\n{lead}! send pricing\nafter")
    assert [each.text for each in reading.of(Opens)] == ["send pricing"]
    assert reading.note == "before\nafter"


def test_an_empty_checkbox_opens_an_issue() -> None:
    """`- [ ] text` is `! text`."""
    reading = read("- [ ] send pricing\n* [ ] call Bo\n1. [ ] third")
    assert [(each.text, each.owner) for each in reading.of(Opens)] == [
        ("send pricing", "me"),
        ("call Bo", "me"),
        ("third", "me"),
    ]
    assert reading.note == ""


@pytest.mark.parametrize("line", ["[ ] no bullet", "- [x] done already", "- [] nothing between", "- [ ]"])
def test_other_boxes_stay_in_the_note(line: str) -> None:
    assert read(line).lines == ()
    assert read(line).note == line


@pytest.mark.parametrize("word", ["issue:", "Issue:", "ISSUE:", "iSsUe:"])
@pytest.mark.parametrize("space", ["", " ", "\t", "   "])
def test_a_word_and_a_colon_mark_a_line_in_any_case(word: str, space: str) -> None:
    """A marker counts … followed by a space, or is the word and a colon, any case."""
    assert [each.text for each in read(f"{word}{space}send pricing").of(Opens)] == ["send pricing"]


@pytest.mark.parametrize(
    "line",
    [
        "!important",
        "?",
        "!",
        "~~struck out~~",
        "==",
        "=> so",
        "text ! not at the start",
        "he said: need: peace",
        "issue :",
        "issue:",
        "tissue: x",
        "needs: two words",
        "about://blank",
        "**need:** bold",
        "> ! in a quote",
        "- - ! two bullets",
    ],
)
def test_what_only_looks_like_a_marker_stays_as_typed(line: str) -> None:
    """A marker counts at the start of a line … followed by a space, or is the word and a colon."""
    reading = read(line, acme(issue("so")))
    assert [each for each in reading.lines if not isinstance(each.meaning, Quotes)] == []
    assert reading.note == line


@pytest.mark.parametrize("fence", ["```", "~~~", "````", "  ```", "- ```", "```python"])
def test_nothing_is_marked_inside_a_code_fence(fence: str) -> None:
    """Never inside a code fence."""
    end = fence.strip("- ").removesuffix("python")
    note = f"{fence}\n! not an issue\nneed: not heard\n{end}\n! an issue"
    reading = read(note)
    assert [line.index for line in reading.lines] == [4]
    assert reading.note == f"{fence}\n! not an issue\nneed: not heard\n{end}"


def test_a_fence_ends_with_as_many_of_the_same_marks_only() -> None:
    """Never inside a code fence."""
    note = "````\n```\n! a\n~~~~\n! b\n```` x\n! c\n````\n! d"
    assert [each.text for each in read(note).of(Opens)] == ["d"]


def test_code_within_a_line_opens_no_fence() -> None:
    assert [each.text for each in read("```one line```\n! an issue").of(Opens)] == ["an issue"]


@pytest.mark.parametrize("line", ["! a", "- ! a", "need: a", "~ *", "=2", "- [ ] a", "  ? a", "with: Ana"])
def test_a_backslash_before_a_marker_keeps_the_line_as_text(line: str) -> None:
    """A `\\` before a marker keeps the line as text."""
    lead = line[: len(line) - len(line.lstrip(" -"))]
    reading = read(f"{lead}\\{line[len(lead) :]}", acme(issue("one"), issue("two")))
    assert reading.lines == ()
    assert reading.note == line.strip("\n")


def test_a_backslash_before_anything_else_stays() -> None:
    assert read("\\alpha and \\! at the end\n\\!x\n\\> y").note == "\\alpha and \\! at the end\n\\!x\n\\> y"


@settings(deadline=None)
@example("x\r! a\r\n! b")
@example("\\\\! a\n  - \\[ ] b\n```\n! c")
@given(notes())
def test_a_saved_note_that_is_opened_again_fires_nothing(note: str) -> None:
    """A saved note that is opened again shows such lines escaped, so nothing fires twice."""
    reading = read(escaped(note), acme(issue("pricing"), issue("two")))
    assert [line for line in reading.lines if not isinstance(line.meaning, Quotes)] == []
    assert reading.note == cleaned(note)


@settings(deadline=None)
@given(notes())
def test_one_key_frees_what_a_paste_had_escaped(note: str) -> None:
    """A paste of several lines makes no records by itself: its marker lines arrive escaped, and one key frees them."""
    assert freed(escaped(note)) == note.replace("\r\n", "\n").replace("\r", "\n")


@settings(deadline=None)
@given(notes())
def test_every_line_that_is_no_record_stays_in_order_as_typed(note: str) -> None:
    """On save a marked line becomes the record and leaves the note; everything else stays in the note, in order, as
    typed."""
    reading = read(note)
    lines = note.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    records = {line.index for line in reading.lines if not isinstance(line.meaning, Quotes)}
    records -= {line.index for line in reading.unmatched}
    left = [line for index, line in enumerate(lines) if index not in records]
    assert reading.note == cleaned(freed("\n".join(left)))


@settings(deadline=None)
@given(notes())
def test_a_saved_note_is_clean(note: str) -> None:
    """In notes newlines are `\\n` and trailing spaces go, but for the two that are a Markdown line break."""
    saved = cleaned(note)
    assert cleaned(saved) == saved
    assert "\r" not in saved
    for line in saved.split("\n"):
        assert line.removesuffix("  ") == line.rstrip()
        assert line != "  "


@pytest.mark.parametrize(
    ("typed", "saved"),
    [
        ("one  \ntwo ", "one  \ntwo"),
        ("one\t\ntwo", "one\ntwo"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\n\n  indented\n\n", "  indented"),
        ("   \n", ""),
    ],
)
def test_how_a_note_is_saved(typed: str, saved: str) -> None:
    """In notes newlines are `\\n` and trailing spaces go, but for the two that are a Markdown line break."""
    assert cleaned(typed) == saved
    assert read(typed).note == saved


@pytest.mark.parametrize(
    ("line", "span"),
    [
        ("! x", (0, 1)),
        ("  - ? x", (4, 5)),
        ("need: x", (0, 5)),
        ("- [ ] x", (2, 5)),
        ("=12 : done", (0, 3)),
        ("> said", (0, 1)),
        ("~ *", (0, 1)),
        ("plain", None),
        ("", None),
    ],
)
def test_where_a_marker_stands(line: str, span: tuple[int, int] | None) -> None:
    assert marker_span(line) == span


def test_their_own_words_stay_in_the_note_as_a_quote() -> None:
    """`>` their own words: stays in the note as a Markdown quote."""
    reading = read('> "we cannot slip past Q1"\n- > nested\n! an issue')
    assert reading.note == '> "we cannot slip past Q1"\n- > nested'
    assert len(reading.of(Quotes)) == 2
    assert reading.of(Hears) == []

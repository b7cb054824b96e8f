"""Texts as they are compared in a search."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from convo_tui.core.folding import aligned, folded, indexed, is_unspaced, topic_word, words_at

ANY = st.text(st.characters(), max_size=40)
"""Everything that Python calls a text: NUL and lone surrogates too."""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Legal has, the DRAFT!", " legal has the draft "),
        ("", " "),
        (" … —\n", " "),
        ("it's Ana’s e-mail_address", " it s ana s e mail address "),
        ("Crème BRÛLÉE", " creme brulee "),
        ("Søren Łódź Đorđe Æsop œuvre", " soren lodz dorde aesop oeuvre "),
        ("Straße STRASSE", " strasse strasse "),
        ("İstanbul ılık", " istanbul ilik "),
        ("Ελλάς ΕΛΛΆΣ", " ελλασ ελλασ "),
        ("Киёв", " киев "),
        ("ＡＢＣ１２ ﬁne ℡", " abc12 fine tel "),
        ("½ x²", " 1 2 x2 "),
        ("合同，甲方", " 合同 甲方 "),
        ("con\u00adtract", " contract "),
        ("I ❤️ it", " i it "),
        ("nul\x00byte \ud800", " nul byte "),
    ],
)
def test_case_accents_and_punctuation_do_not_count(text: str, words: str) -> None:
    assert folded(text) == words


def test_a_letter_and_its_accent_are_the_same_apart_and_as_one() -> None:
    assert folded("Zoë") == folded(unicodedata.normalize("NFD", "Zoë")) == " zoe "


def test_indic_vowel_signs_are_letters() -> None:
    assert len({folded(word) for word in ("का", "की", "के")}) == 3


def test_a_syllable_half_typed_begins_the_whole_one_in_hangul() -> None:
    assert folded("한국").startswith(folded("하").rstrip())


@given(ANY)
@example("a½b")
@example("\u0301é́ x")
@example("ﷺ")
def test_every_word_has_its_place_in_the_text(text: str) -> None:
    found = list(words_at(text))
    assert " ".join(["", *(word for word, _, _ in found), ""]) == folded(text)
    for word, start, end in found:
        assert 0 <= start < end <= len(text)
        assert word in folded(text[start:end])
    assert [start for _, start, _ in found] == sorted(start for _, start, _ in found)


@given(ANY)
def test_every_folded_character_has_its_place(text: str) -> None:
    words, places = aligned(text)
    assert words == folded(text)
    assert len(places) == len(words)


@given(ANY)
def test_folding_what_is_folded_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(ANY, ANY)
def test_parts_fold_as_the_whole_does(one: str, other: str) -> None:
    assert folded(f"{one}\n{other}").split() == folded(one).split() + folded(other).split()


@given(ANY)
def test_folded_words_hold_no_ascii_that_a_tokenizer_splits_at(text: str) -> None:
    assert all(each == " " or each.isalnum() or not each.isascii() for each in indexed(text))
    assert indexed(text) == indexed(text).casefold()


def test_an_accent_belongs_to_the_word_before_it() -> None:
    assert list(words_at("(Zoe\u0308)")) == [("zoe", 1, 5)]


@pytest.mark.parametrize("word", ["合同", "ひらがな", "カタカナ", "kpi合同", "สวัสดี", "ສະບາຍດີ", "ខ្មែរ", "မြန်မာ", "𠮷"])
def test_scripts_without_spaces_are_known(word: str) -> None:
    assert is_unspaced(folded(word).strip())


@pytest.mark.parametrize("word", ["legal", "søren", "한국", "Привет", "مرحبا", "हिन्दी", "42", ""])
def test_scripts_with_spaces_are_known(word: str) -> None:
    assert not is_unspaced(folded(word).strip())


def test_a_topic_is_one_word_that_no_text_has() -> None:
    assert topic_word("Pri-cing") == "♯pri‐cing"
    assert indexed("we spoke of #Pri-cing, #café and #pri-cing") == (
        " we spoke of pri cing cafe and pri cing ♯cafe ♯pri‐cing "
    )
    assert "♯" not in indexed("♯pricing `#code` nr#1")


@given(st.from_regex(r"[^\W\d_][\w-]{0,8}", fullmatch=True))
def test_a_topic_word_is_never_parted(topic: str) -> None:
    assert len(topic_word(topic).split()) == 1
    assert all(each.isalnum() or not each.isascii() for each in topic_word(topic))

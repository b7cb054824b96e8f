"""Texts as they are compared in a search: their words without case, accents and punctuation.

Every character folds by itself, whatever stands beside it: so a text folds in one pass, and every folded word is
known by its place in the text.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from convo_tui.core.inline import topics

TOPIC_MARK, TOPIC_JOINT = "♯", "‐"
"""No folded text holds these, and a tokenizer that splits at ASCII takes both for letters."""

# Letters that no normal form takes apart; and the stroke that only lengthens an Arabic word.
_LETTERS = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ĸ": "k", "ł": "l", "ŋ": "n",
        "þ": "th", "ŧ": "t", "ƀ": "b", "ɨ": "i", "ʉ": "u", "ƶ": "z", "ǥ": "g", "ـ": "",
    }
)  # fmt: skip

# Thai to Lao, Myanmar, Khmer, Tai scripts, kana and Bopomofo, Han; as they are when folded.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf"
    "\u3005-\u3007\u3041-\u312f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\U0001b000-\U0001b16f\U00020000-\U0003ffff]"
)


class _Folds(dict[int, str]):
    """What `str.translate` puts for a character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = result = _fold(chr(code))
        return result


def _fold(character: str) -> str:
    """The letters and digits of one character; a blank when it separates words, nothing when it is an accent."""
    plain = character
    for _ in range(2):  # ℡ is a TEL only when taken apart, and then still has to lose its case
        plain = unicodedata.normalize("NFKD", plain.casefold())
    return "".join(_letter(each) for each in plain.translate(_LETTERS))


def _letter(character: str) -> str:
    if character.isalnum():
        return character
    if unicodedata.combining(character) or character in _INVISIBLE:
        return ""
    # Vowels of Indic scripts, which are written as marks, are as good as letters: का is not की.
    return character if unicodedata.category(character) in ("Mn", "Mc") else " "


# Inside a word these are not seen: soft hyphen, joiners, variation selectors.
_INVISIBLE = frozenset("\u00ad\u034f\u200c\u200d\u2060\ufeff") | frozenset(map(chr, range(0xFE00, 0xFE10)))

_FOLDS = _Folds()

# The first build of an index folds half a million notes: what is ASCII in them takes only calls of C.
_ASCII_FOLDS = bytes(ord(_FOLDS[code]) if code < 128 else code for code in range(256))
_WORD = re.compile("[^ ]+")


def _fold_beyond_ascii(error: UnicodeError) -> tuple[bytes, int]:
    """Put the folded characters, in UTF-8, where some that are not ASCII stand side by side."""
    assert isinstance(error, UnicodeEncodeError)
    run = error.object[error.start : error.end]
    return run.translate(_FOLDS).encode("utf-8", "surrogatepass"), error.end


_FOLDING = "convo-folding"
codecs.register_error(_FOLDING, _fold_beyond_ascii)


def folded(text: str) -> str:
    """Return the words of `text` as they are compared, with one blank before, between and after: ` legal has it `.

    Case, accents and other marks do not count (`Søren` → `soren`, `ß` → `ss`); whatever is no letter or digit
    separates words, apostrophes too. A text without words is one blank.
    """
    words = text.encode("ascii", _FOLDING).translate(_ASCII_FOLDS).split()
    return f" {b' '.join(words).decode('utf-8', 'surrogatepass')} " if words else " "


def aligned(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return `folded(text)`, and for each of its characters from where up to where it stands in `text`.

    An accent belongs to the letter before it; a character that folds into several stands behind each of them.
    """
    characters, places = [" "], [(0, 0)]
    for place, character in enumerate(text):
        fold = _FOLDS[ord(character)]
        if not fold and characters[-1] != " ":
            places[-1] = places[-1][0], place + 1
        for each in fold:
            if each != " " or characters[-1] != " ":
                characters.append(each)
                places.append((place, place + 1))
    if characters[-1] != " ":
        characters.append(" ")
        places.append((len(text), len(text)))
    return "".join(characters), places


def words_at(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word of `folded(text)`, in order, with where it stands in `text`: from `start` up to `end`.

    Two words may share a character that folds into two: `½` is 1 and 2.
    """
    words, places = aligned(text)
    for found in _WORD.finditer(words):
        yield found[0], places[found.start()][0], places[found.end() - 1][1]


def is_unspaced(word: str) -> bool:
    """Whether a folded word has letters of a script written without spaces: it counts anywhere inside a word."""
    return not word.isascii() and _UNSPACED.search(word) is not None


@lru_cache(maxsize=4096)
def topic_word(topic: str) -> str:
    """Return the one word, which no text holds by itself, that stands for the `topic` (without `#`) in `indexed`."""
    return TOPIC_MARK + folded(topic).strip().replace(" ", TOPIC_JOINT)


def indexed(text: str) -> str:
    """Return `folded(text)`, and after it a word for each of its topics, as `topic_word` has them."""
    words = folded(text)
    return words + "".join(f"{word} " for word in sorted({topic_word(topic) for topic in topics(text)}))

"""What may reach a screen, and what may get into a file (ARCHITECTURE.md, "Text on screen").

Every text from a file passes `sanitize` before it is shown: escape sequences, controls, direction overrides and
invisible characters never come out; letters of every script and emoji stay as they are. Every text that comes in
through us passes `accepted` before it is kept, which takes less away: what is only invisible may have a meaning.
"""

from __future__ import annotations

import re
import unicodedata

LINE_LIMIT = 10_000
"""The most characters of one line that are shown, and of a name or another field of one line that are accepted."""

TAB = 4
"""Columns between tab stops."""

_MARK_LIMIT = 8
_REPLACEMENT = "\ufffd"
_DELETE = 0x7F
_JOINERS = "\u200c\u200d"

# Blank letters and marks that only hide something. Category alone does not tell them from letters.
_HIDDEN = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x3164, 0xFFA0})
# Format characters that are drawn: the Arabic, Syriac and Kaithi number signs.
_DRAWN = frozenset({*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD})

# Blocks without a hole, mark or control: nearly all text is made of them and needs no second look.
_CLEAN = (
    " -~\u00a0-\u00ac\u00ae-\u02ff\u03a3-\u0482\u048a-\u052f\u05d0-\u05ea\u0620-\u064a"
    "\u1e00-\u1f15\u2010-\u2027\u202f-\u205e\u20a0-\u20bf\u2190-\u2426\u2500-\u2b73"
    "\u3001-\u3029\u3041-\u3096\u309d-\u30ff\u4e00-\u9ffc\uac00-\ud7a3\ufffd"
    "\U0001f300-\U0001f64f\U0001f680-\U0001f6d7\U0001f900-\U0001f978"
)
_SUSPECT = re.compile(f"[^{_CLEAN}]")
_SUSPECT_IN_LINES = re.compile(f"[^{_CLEAN}\n]")
_LINE_END = re.compile("\r\n|[\r\u0085\u2028\u2029]")
_ONE_LINE = re.compile("[^\n\r\u0085\u2028\u2029]+")

# What never gets into a file: controls, which leave their picture, and what steers the direction of text.
_STEERING = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"} | {_DELETE: "␡"}
_STEERING |= dict.fromkeys([*range(0x80, 0xA0), *range(0xD800, 0xE000)], _REPLACEMENT)
_STEERING |= dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x2070), *range(0xFFF9, 0xFFFC)], "")

# Over the shape of a text, one letter a character (see `_Shapes`).
_BASELESS = re.compile(r"(?m)^[mj]+")
_LOOSE_JOINER = re.compile(r"(?<![am])j|j(?!a)")
_EXCESS_MARKS = re.compile(rf"(?<={'m' * _MARK_LIMIT})m+")
_EXCESS = re.compile(rf"(?<={'z' * _MARK_LIMIT})z+")


class _Replacements(dict[int, str]):
    """What `str.translate` puts for a character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = result = _replacement(code)
        return result


class _Shapes(dict[int, str]):
    """`m` for a mark, `j` for a joiner, `a` for what a joiner may follow and precede, `.` for the rest."""

    def __missing__(self, code: int) -> str:
        self[code] = result = _shape(code)
        return result


class _Widths(dict[int, str]):
    """`z` for what takes no room of its own: marks and what is invisible; `.` for the rest."""

    def __missing__(self, code: int) -> str:
        is_mark = unicodedata.category(chr(code)) in {"Mn", "Me"}
        self[code] = result = "z" if is_mark or chr(code) in _JOINERS or not _replacement(code) else "."
        return result


def sanitize(text: str, *, lines: bool = False) -> str:
    """Return `text` fit for a terminal; the same again when it already is.

    A control shows as its picture (`␛`), what has no meaning on a screen as `�`; what is invisible goes.
    Without `lines` a line end or a tab becomes a space; with `lines` line ends are `\\n` and tabs are expanded.
    A line over `LINE_LIMIT` characters is cut with `…`.
    """
    if (_SUSPECT_IN_LINES if lines else _SUSPECT).search(text):
        text = _LINE_END.sub("\n", text)
        text = text.expandtabs(TAB) if lines else text.replace("\n", " ").replace("\t", " ")
        text = _reshape(text.translate(_REPLACEMENTS))
    if len(text) <= LINE_LIMIT:
        return text
    return "\n".join(map(_cut, text.split("\n")))


def accepted(text: str, *, lines: bool = False) -> str:
    """Return `text` fit for a file; the same again when it already is.

    A control becomes its picture (`␛`), half a surrogate pair `�`; the overrides, embeddings and isolates of
    direction go, and of a run of marks and invisible characters all beyond `_MARK_LIMIT`. Whatever people write in
    any script stays: joiners, the marks of direction U+200E, U+200F and U+061C, accents, emoji. With `lines` line ends
    are `\\n`, tabs stay, and nothing is cut however long it is. Without, a line end or a tab becomes a space,
    `LINE_LIMIT` characters are kept, and what shows nothing at all is empty.
    """
    if not (_SUSPECT_IN_LINES if lines else _SUSPECT).search(text):
        return text if lines else text[:LINE_LIMIT]
    text = _drop(_EXCESS, _LINE_END.sub("\n", text).translate(_STEERING), _WIDTHS)
    if lines:
        return text
    text = text.replace("\n", " ").replace("\t", " ")[:LINE_LIMIT]
    return text if single(text) or not text.strip() else ""


def drawable(text: str) -> str:
    """Return a piece of a line as it may be sent to a terminal, for what is being typed.

    A mark may stand apart from its letter there, under the cursor; a joiner that joins nothing still goes.
    """
    return _drop(_LOOSE_JOINER, text.translate(_REPLACEMENTS), _SHAPES) if _SUSPECT.search(text) else text


def single(text: str) -> str:
    """Return the first line of `text` that shows anything, for a list: white space collapsed, sanitized."""
    for line in _ONE_LINE.finditer(text):
        shown = " ".join(sanitize(line[0]).split())
        if shown:
            return sanitize(shown)
    return ""


def _replacement(code: int) -> str:
    character = chr(code)
    category = unicodedata.category(character)
    if character == "\n" or character in _JOINERS or code in _DRAWN:
        return character
    if code < 0x20:
        return chr(0x2400 + code)
    if code == _DELETE:
        return "␡"
    if category in {"Cc", "Cs", "Cn"}:
        return _REPLACEMENT
    if category == "Cf" or code in _HIDDEN:
        return ""
    return character


def _shape(code: int) -> str:
    character = chr(code)
    if character == "\n":
        return "\n"
    if character in _JOINERS:
        return "j"
    category = unicodedata.category(character)
    if category in {"Mn", "Me"}:
        return "m"
    # Letters of scripts that join (never Latin, Greek or Cyrillic), their vowel signs, and emoji.
    return "a" if code > 0x2FF and category in {"Lo", "Mc", "So", "Sk", "Sm"} else "."


def _reshape(text: str) -> str:
    """Drop what would stick to its neighbours: marks without a base or beyond a few, joiners that join nothing.

    The order makes it idempotent: no step leaves behind what an earlier one would drop.
    """
    if text.isascii():
        return text
    for pattern in (_BASELESS, _LOOSE_JOINER, _EXCESS_MARKS):
        text = _drop(pattern, text, _SHAPES)
    return text


def _drop(pattern: re.Pattern[str], text: str, shapes: dict[int, str]) -> str:
    """Return `text` without what `pattern` finds over its shape."""
    kept, position = [], 0
    for match in pattern.finditer(text.translate(shapes)):
        kept.append(text[position : match.start()])
        position = match.end()
    return "".join(kept) + text[position:] if kept else text


def _cut(line: str) -> str:
    if len(line) <= LINE_LIMIT:
        return line
    return line[: LINE_LIMIT - 1].rstrip(_JOINERS) + "…"


_REPLACEMENTS = _Replacements()
_SHAPES = _Shapes()
_WIDTHS = _Widths()

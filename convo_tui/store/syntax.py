"""Where things stand in a TOML text: a reader of positions for text that rtoml has already accepted.

rtoml gives values without positions. This module gives positions without values: the spans of every header, key and
value, also inside arrays and inline tables. Offsets count characters; every function is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import rtoml

Path: TypeAlias = tuple[str | int, ...]
"""The way to a value: keys, and positions in arrays counted from 0, such as `("issues", 2, "state")`."""

_TEXT = r"""(?:
    \"{3}(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"{3,5}
  | '{3}(?:[^']++|'{1,2}+(?!'))*+'{3,5}
  | "(?:[^"\\\n]++|\\.)*+"
  | '[^'\n]*+'
)"""
_SCALAR = rf"""(?:{_TEXT} | [^\s,\[\]{{}}\#"'=]++(?:[ ]\d[^\s,\[\]{{}}\#"'=]*+)?+)"""
_KEY = r"""(?:[A-Za-z0-9_-]++ | "(?:[^"\\\n]++|\\.)*+" | '[^'\n]*+')"""
_FLAT = rf"""\[(?:[^\[\]{{{{}}}}\#"']++|{_TEXT})*+\]"""
_KEYS = rf"(?:{_KEY}(?:[ \t]*+\.[ \t]*+{_KEY})*+)"
_FLAGS = re.VERBOSE | re.DOTALL

_LINE = re.compile(
    rf"""[ \t]*+
    (?: (?P<open>\[\[?)[ \t]*+(?P<header>{_KEYS})[ \t]*+\]\]?
      | (?P<key>{_KEYS})[ \t]*+=[ \t]*+(?P<value>{_SCALAR}|{_FLAT})?+
    )?+
    [ \t]*+(?P<comment>\#[^\n]*+)?+(?:\r?\n)?+""",
    _FLAGS,
)
_REST = re.compile(r"[ \t]*+(?:\#[^\n]*+)?+(?:\r?\n)?+", _FLAGS)
_KEY_PART = re.compile(_KEY, _FLAGS)
_KEY_EQUALS = re.compile(rf"(?P<key>{_KEYS})[ \t]*+=[ \t]*+", _FLAGS)
_ONE_SCALAR = re.compile(_SCALAR, _FLAGS)
_NESTED = re.compile(rf"(?P<bracket>[\[\]{{}}]) | {_TEXT} | \#[^\n]*+", _FLAGS)
_TRIVIA = re.compile(r"(?:[ \t\r\n]++|\#[^\n]*+)*+", _FLAGS)
_TAIL = re.compile(r"[ \t]*+(?:\#[^\r\n]*+)?+(?=\r?\n)", _FLAGS)


class Unclear(ValueError):
    """The text is not what rtoml accepts, at the offset given."""


class Pair(NamedTuple):
    """One `key = value` on a line of its own: `text[start:end]` are its whole lines, newline and comment included."""

    keys: tuple[str, ...]
    start: int
    value: int
    value_end: int
    end: int


@dataclass(slots=True)
class Block:
    """A header with what follows it, up to what belongs to the next; the first block has no header.

    `top` is where the comment lines attached above the header begin (the header itself without any), `head_end` the
    end of its line, `core_end` the end of its last key and of the comment lines attached below that.
    """

    path: Path
    top: int
    start: int
    head_end: int
    core_end: int
    pairs: list[Pair] = field(default_factory=list)


class Item(NamedTuple):
    """An element of an array, or a `key = value` of an inline table.

    `lead` is where the white space and comments before it begin, `start` itself, `value` its value; `comma` is the
    offset of the comma after it (-1 without one), `end` the end of the comment on its line.
    """

    keys: tuple[str, ...]
    lead: int
    start: int
    value: int
    value_end: int
    comma: int
    end: int


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a TOML text in the order in which they stand.

    Raises:
        Unclear: when the text is not valid TOML.
    """
    start = 1 if text.startswith("\ufeff") else 0
    block = Block((), 0, start, start, start)
    headers = _Headers()
    comments: int | None = None  # where the run of comment lines just above begins
    position = start
    while position < len(text):
        line = _LINE.match(text, position)
        assert line is not None
        opening, header, key, scalar, comment = line.groups()
        end = line.end()
        if key is not None:
            value, value_end = line.span("value")
            if scalar is None:
                value, value_end = end, end_of_value(text, end)
                end = _end_of_line(text, value_end)
            block.pairs.append(Pair(_parts(key), position, value, value_end, end))
            block.core_end, comments = end, None
        elif header is not None:
            yield block
            path = headers.path(_parts(header), is_array=opening == "[[")
            block = Block(path, position if comments is None else comments, position, end, end)
            comments = None
        elif comment is not None:
            comments = position if comments is None else comments
        else:
            if comments == block.core_end:
                block.core_end = position
            comments = None
        if end == position or (text[end - 1] != "\n" and end < len(text)):
            raise Unclear(f"not understood at offset {end}")
        position = end
    if comments == block.core_end:
        block.core_end = position
    yield block


def items(text: str, start: int) -> Iterator[Item]:
    """Yield the elements of the array, or the pairs of the inline table, that opens at `start`.

    Raises:
        Unclear: when the text is not valid TOML.
    """
    is_table = text[start] == "{"
    lead = start + 1
    while (position := _skip_trivia(text, lead)) < len(text) and text[position] not in "]}":
        keys, value = _key_before(text, position) if is_table else ((), position)
        value_end = end_of_value(text, value)
        comma = _skip_trivia(text, value_end)
        if text[comma : comma + 1] != ",":
            comma = -1
        after = comma + 1 if comma >= 0 else value_end
        tail = _TAIL.match(text, after)
        end = tail.end() if tail else after
        yield Item(keys, lead, position, value, value_end, comma, end)
        lead = end


def end_of_value(text: str, start: int) -> int:
    """Return where the value that begins at `start` ends.

    Raises:
        Unclear: when no value begins there.
    """
    if text[start : start + 1] not in ("[", "{"):
        scalar = _ONE_SCALAR.match(text, start)
        if scalar is None:
            raise Unclear(f"no value at offset {start}")
        return scalar.end()
    depth = 0
    for token in _NESTED.finditer(text, start):
        if bracket := token["bracket"]:
            depth += 1 if bracket in "[{" else -1
            if not depth:
                return token.end()
    raise Unclear(f"no end of the value at offset {start}")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line, counted from 1, on which the value at `path` or its nearest ancestor stands.

    Raises:
        Unclear: when the text is not valid TOML.
    """
    wanted = tuple(path)
    best, place, value = 0, 0, -1
    for known, start, value_start in _places(text):
        common = _common(known, wanted)
        if common > best:
            best, place = common, start
            value = value_start if common == len(known) else -1
        if common == len(wanted):
            break
    while value >= 0 and best < len(wanted) and text[value] in "[{":
        best, place, value = _inside(text, value, wanted, best, place)
    return line_at(text, place)


def line_at(text: str, offset: int) -> int:
    """Return the line, counted from 1, of an offset."""
    return text.count("\n", 0, offset) + 1


def _places(text: str) -> Iterator[tuple[Path, int, int]]:
    """Every header and key: its path, where it begins, and where its value begins (-1 for a header)."""
    for block in blocks(text):
        yield block.path, block.start, -1
        for pair in block.pairs:
            yield (*block.path, *pair.keys), pair.start, pair.value


def _inside(text: str, value: int, wanted: Path, known: int, place: int) -> tuple[int, int, int]:
    """One step into an array or inline table: how much of `wanted` is known then, where it stands, and its value."""
    for number, item in enumerate(items(text, value)):
        keys: Path = item.keys or (number,)
        if keys == wanted[known : known + len(keys)]:
            return known + len(keys), item.start, item.value
    return known, place, -1


def _common(one: Path, other: Path) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


class _Headers:
    """Gives every header its full path: `[issues.x]` belongs to the last `[[issues]]` before it."""

    def __init__(self) -> None:
        self._last: dict[Path, int] = {}

    def path(self, parts: tuple[str, ...], *, is_array: bool) -> Path:
        path: Path = ()
        for part in parts[:-1]:
            path += (part,)
            if path in self._last:
                path += (self._last[path],)
        path += (parts[-1],)
        if is_array:
            self._last[path] = self._last.get(path, -1) + 1
            path += (self._last[path],)
        return path


@lru_cache(maxsize=256)
def _parts(keys: str) -> tuple[str, ...]:
    if keys.isascii() and keys.replace("_", "").replace("-", "").isalnum():
        return (keys,)
    return tuple(_plain(part) for part in _KEY_PART.findall(keys))


def _plain(key: str) -> str:
    if "\\" in key and key[0] == '"':
        return str(rtoml.loads(f"key = {key}")["key"])
    return key[1:-1] if key[0] in "\"'" else key


def _key_before(text: str, position: int) -> tuple[tuple[str, ...], int]:
    key = _KEY_EQUALS.match(text, position)
    if key is None:
        raise Unclear(f"no key at offset {position}")
    return _parts(key["key"]), key.end()


def _skip_trivia(text: str, position: int) -> int:
    trivia = _TRIVIA.match(text, position)
    assert trivia is not None
    return trivia.end()


def _end_of_line(text: str, position: int) -> int:
    rest = _REST.match(text, position)
    assert rest is not None
    return rest.end()

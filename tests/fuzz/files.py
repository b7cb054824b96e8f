"""Journal files, damaged by chance: read or refused, never anything else; and what is written says what was meant."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from pydantic import BaseModel

from convo_tui.core.errors import ConvoError
from convo_tui.core.models import ENTRY_KINDS, Relationship
from convo_tui.sanitize import sanitize, single
from convo_tui.store import codec, syntax
from convo_tui.store.emit import KINDS
from convo_tui.store.index.digest import digest
from convo_tui.store.same import same
from tests.bench import believable
from tests.fuzz.cases import Case, Target, within
from tests.fuzz.edits import ZONE, edited, words
from tests.store.handwritten import handwritten
from tests.store.nasty_journal import FILES
from tests.test_sanitize import is_fit

SECONDS = 1.0
"""GATES.md 14: "named, under 1 s"."""

_CAST = believable.members(12, 1, believable.NOW)
_NASTY = tuple(text.lstrip("\n") for text in FILES.values())


# ── files, and what may happen to them ───────────────────────────────────────────────────────────────────


def whole(rng: Random) -> bytes:
    """A file as someone has it."""
    choice = rng.random()
    if choice < 0.6:
        return handwritten(rng).text.encode()
    if choice < 0.8:
        return rng.choice(_NASTY).encode()
    member = rng.choice(_CAST)
    return believable.File(member, rng.randint(0, 12), rng.randint(0, 99), believable.NOW).text().encode()


def _flip(data: bytes, rng: Random) -> bytes:
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :]


def _insert(data: bytes, rng: Random) -> bytes:
    place = rng.randint(0, len(data))
    return data[:place] + rng.choice(_INSERTS)(rng) + data[place:]


def _cut(data: bytes, rng: Random) -> bytes:
    start = rng.randint(0, len(data))
    return data[:start] + data[start + rng.choice((1, 2, 10, 500)) :]


def _truncate(data: bytes, rng: Random) -> bytes:
    return data[: rng.randint(0, len(data))]


def _drop_line(lines: list[bytes], rng: Random) -> None:
    del lines[rng.randrange(len(lines))]


def _repeat_line(lines: list[bytes], rng: Random) -> None:
    lines.insert(rng.randint(0, len(lines)), rng.choice(lines))


def _swap_lines(lines: list[bytes], rng: Random) -> None:
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _repeat_run(lines: list[bytes], rng: Random) -> None:
    start = rng.randrange(len(lines))
    lines[start:start] = lines[start : start + rng.randint(1, 12)]


def _conflict(lines: list[bytes], rng: Random) -> None:
    start = rng.randrange(len(lines))
    run = lines[start : start + rng.randint(1, 4)]
    lines[start : start + len(run)] = [b"<<<<<<< HEAD\n", *run, b"=======\n", *run[::-1], b">>>>>>> theirs\n"]


def _new_value(lines: list[bytes], rng: Random) -> None:
    place = rng.randrange(len(lines))
    key, equals, _ = lines[place].partition(b"=")
    if equals:
        lines[place] = key + b"= " + rng.choice(_VALUES)(rng) + b"\n"


def _new_key(lines: list[bytes], rng: Random) -> None:
    key = rng.choice(_KEYS)
    lines.insert(rng.randint(0, len(lines)), key.encode() + b" = " + rng.choice(_VALUES)(rng) + b"\n")


def _splice_in(lines: list[bytes], rng: Random) -> None:
    other = whole(rng).splitlines(keepends=True)
    lines[rng.randint(0, len(lines)) :] = other[rng.randint(0, len(other)) :]


def _unicode(rng: Random) -> bytes:
    code = rng.choice((rng.randrange(0x80), rng.randrange(0x300), rng.randrange(0x3000), rng.randrange(0x110000)))
    return chr(code).encode("utf-8", "surrogatepass") * rng.choice((1, 1, 9, 200))


_DATES: tuple[str, ...] = (
    "9999-12-31",
    "0001-01-01",
    "2026-02-30",
    "2026-13-01",
    "0000-00-00",
    "2026-11-22T25:61:00",
    "2026-11-22T23:59:60Z",
)
_DATES += (
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "1900-01-01 00:00:00.123456789",
    "07:32:00",
    "2026-11-22T10:30",
)
_DATES += (
    '"2026-11-22T10:30"',
    '"--02-29"',
    '"--02-30"',
    '"20261122"',
    '"2026-W47-7"',
    '"2026-11-22T10:30+01:00:30"',
    "12026-01-01",
)
_KEYS: tuple[str, ...] = (
    "id",
    "at",
    "note",
    "text",
    "name",
    "with",
    "carried",
    "format",
    "issues",
    "encounters",
    "people.x",
    "''",
    '"a.b"',
    "due",
    "spark",
)
_KEYS += (
    "every",
    "on",
    "kind",
    "with_",
    "minutes",
    "tags",
    "model_config",
    "__class__",
    "opened",
    "left",
    "met",
    "relationship",
)
_VALUES: tuple[Callable[[Random], bytes], ...] = (
    lambda rng: rng.choice(_DATES).encode(),
    lambda rng: str(rng.choice((-1, 0, 6, 10**5 + 1, 2**31, 2**63 - 1, -(2**63), 2**64, 10**400))).encode(),
    lambda rng: rng.choice(
        (b"nan", b"-inf", b"1e999", b"0.1", b"0x7f", b"true", b"[]", b"{}", b"''", b'""', b'" "', b"1_0")
    ),
    lambda rng: f"'{words(rng)}'".encode(),
    lambda rng: f'"""\n{words(rng)}\n"""'.encode(),
    lambda rng: b"[" * rng.choice((1, 50, 5000)) + b"]" * rng.choice((1, 50, 5000)),
    lambda rng: b"{a=" * (depth := rng.choice((1, 50, 5000))) + b"1" + b"}" * depth,
    lambda rng: b"[" + b", ".join(rng.choice((b'"x"', b"1", b"[]")) for _ in range(rng.randint(0, 4))) + b"]",
    lambda rng: b'"' + b"x" * rng.choice((64, 65, 11_000, 100_000)) + b'"',
    lambda rng: rng.choice(
        (b'"\\u0000"', b'"\\ud800"', b'"\\U00110000"', b'"\\e[31m"', b'"\\x1b"', b'"\\u202e"', b'"\\q"')
    ),
)
_INSERTS: tuple[Callable[[Random], bytes], ...] = (
    lambda rng: bytes([rng.randrange(256)]),
    lambda rng: bytes([rng.randrange(32)]),
    lambda rng: rng.randbytes(rng.randint(1, 8)),
    _unicode,
    lambda rng: rng.choice(
        (
            b'"',
            b"'",
            b'"""',
            b"'''",
            b"[",
            b"]",
            b"{",
            b"}",
            b"#",
            b"=",
            b"\\",
            b"\r",
            b"\r\n",
            b"\n",
            b"\0",
            b",",
            b".",
        )
    ),
    lambda rng: rng.choice((b"\xef\xbb\xbf", b"\xff\xfe", b"\xc3", b"\x1b]52;c;aGk=\x07", b"\xc2\x9b")),
    lambda rng: rng.choice(
        (
            b"\n[[issues]]\n",
            b"\n[issues]\n",
            b"\n[a.b.c]\n",
            b"\n[[encounters.x]]\n",
            b"\n[[people.sub]]\n",
            b"\n[''.'']\n",
        )
    ),
    lambda rng: b"\n" + b".".join([b"a"] * rng.choice((2, 100, 5000))) + b" = 1\n",
    lambda rng: b"\n[" + b".".join([b"b"] * rng.choice((2, 100, 3000))) + b"]\n",
)
_ON_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _insert, _insert, _cut, _truncate)
_NEW = (_new_value, _new_value, _new_value, _new_key)
_ON_LINES: tuple[Callable[[list[bytes], Random], None], ...] = (
    *(_drop_line, _repeat_line, _swap_lines, _repeat_run, _conflict, _splice_in, *_NEW),
)


def _make(rng: Random) -> Case:
    data = whole(rng)
    for _ in range(rng.choice((0, 1, 1, 2, 3, 6))):
        if not data:
            break
        if rng.random() < 0.35:
            data = rng.choice(_ON_BYTES)(data, rng)
        else:
            lines = data.splitlines(keepends=True)
            rng.choice(_ON_LINES)(lines, rng)
            data = b"".join(lines)
    return data, tuple(rng.getrandbits(32) for _ in range(rng.randint(1, 3)))


# ── what must hold ───────────────────────────────────────────────────────────────────────────────────────


def _check(case: Case) -> None:
    data, numbers = case
    try:
        with within(SECONDS):
            document = codec.read(data, ZONE)
    except codec.Malformed as problem:
        _check_complaint(data, problem)
        return
    relationship = document.relationship
    _check_digest(data, relationship)
    again = codec.read(data, ZONE).relationship
    assert codec.splice(document, again) == document.text, "saving what was read, unchanged, changes no byte"
    for text in _texts(relationship):
        assert all(is_fit(each, lines=False) for each in sanitize(text) + single(text))
        assert all(is_fit(each, lines=True) for each in sanitize(text, lines=True))
    for number in numbers:
        document = _check_edit(document, number)


def _check_complaint(data: bytes, problem: codec.Malformed) -> None:
    assert "\n" not in str(problem), "a complaint is one line"
    assert problem.line is None or 1 <= problem.line <= data.count(b"\n") + 1
    _check_digest(data, None)


def _check_digest(data: bytes, relationship: Relationship | None) -> None:
    """The index reads what the program reads, and complains of what it cannot."""
    with tempfile.TemporaryDirectory(prefix="convo-fuzz-") as folder:
        Path(folder, "case.toml").write_bytes(data)
        with within(SECONDS):
            found = digest(Path(folder), "case.toml", ZONE)
    assert found is not None
    assert found.head is not None
    if relationship is None:
        assert not found.head["readable"]
        assert found.head["problem"]
    else:
        assert found.head["readable"]
        assert (found.head["id"], found.head["name"]) == (relationship.id, relationship.name)


def _check_edit(document: codec.Document, number: int) -> codec.Document:
    """Do one edit; return the file after it, or as it was when it was refused."""
    before = document.relationship
    try:
        after = edited(before, number)
    except ConvoError:
        return document
    try:
        with within(2 * SECONDS):
            text = codec.splice(document, after)
    except codec.Unspliceable:
        return document
    written = codec.read(text.encode(), ZONE)
    assert same(written.relationship, after), "what was spliced reads back as just that"
    lost = Counter(_untouched_lines(document, after)) - Counter(_lines(text))
    assert not lost, f"lost with an edit that does not concern them: {list(lost)}"
    return written


def _untouched_lines(document: codec.Document, after: Relationship) -> Iterator[str]:
    """The lines of the blocks that the edit does not concern."""
    text, before = document.text, document.relationship
    blocks = list(syntax.blocks(text if text.endswith("\n") else f"{text}\n"))
    ends = [block.top for block in blocks[1:]] + [len(text)]
    counted: Counter[str] = Counter()
    concerned: dict[str, bool] = {}
    for block, end in zip(blocks, ends, strict=True):
        kind = str(block.path[0]) if block.path else ""
        if len(block.path) == 2 and kind in KINDS:
            entry = getattr(before, kind)[counted[kind]]
            counted[kind] += 1
            gets_id = kind in ENTRY_KINDS and entry.id in document.provisional
            concerned[kind] = gets_id or not _stays(entry, getattr(after, kind))
        elif not kind:
            concerned[kind] = _head_changes(document, after, blocks)
        if not concerned.get(kind):  # a table below an entry goes with it, one that is not ours with nothing
            yield from _lines(text[block.top : end])


def _stays(entry: Any, entries: tuple[Any, ...]) -> bool:
    return any(each is entry for each in entries)


def _head_changes(document: codec.Document, after: Relationship, blocks: list[syntax.Block]) -> bool:
    """Whether anything changes above the first header, where entries may stand in one line as well.

    "A hand-written entry without an id gets one at the next save by us."
    """
    own = {str(block.path[0]) for block in blocks if block.path}
    keys = [key for key in Relationship.model_fields if key not in own]
    entries = [each for key in ENTRY_KINDS if key in keys for each in getattr(document.relationship, key)]
    return any(not same(getattr(document.relationship, key), getattr(after, key)) for key in keys) or any(
        each.id in document.provisional for each in entries
    )


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.split("\n") if line.strip()]


def _texts(value: object) -> Iterator[str]:
    """Every text in a relationship, whatever it is in."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        yield from _texts(dict(value))
    elif isinstance(value, dict):
        for key, each in value.items():
            yield str(key)
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


TARGET = Target("files", _make, _check)

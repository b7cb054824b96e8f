"""Where things stand in a TOML text."""

from __future__ import annotations

import random

import pytest
import rtoml
from handwritten import handwritten

from convo_tui.store import syntax

TEXT = '''# the file
name = "Ana" # who
meta."a key".'b.c' = 1
when = 2026-11-22 10:30:00 # a space inside
story = """
[[issues]]
say ""yes"" and \\""""" # after five quotes
list = [ # first
  "a", # one
  # alone
  [1, { b = "]" }],
]

# attached
[[issues]] # head
id = "x"
[issues.sub]
k = 1
# below

# loose

[[issues]]
t = { a = 1, "b c" = [1, { d = 2 }] }
[[issues.deep]]
[[issues.deep]]
z.y = 0
'''


def _spans(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(pair.keys, text[pair.value : pair.value_end]) for block in syntax.blocks(text) for pair in block.pairs]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_key_is_found_with_its_value(newline: str) -> None:
    text = TEXT.replace("\n", newline)
    spans = [(keys, value.replace("\r", "")) for keys, value in _spans(text)]
    assert spans == [
        (("name",), '"Ana"'),
        (("meta", "a key", "b.c"), "1"),
        (("when",), "2026-11-22 10:30:00"),
        (("story",), '"""\n[[issues]]\nsay ""yes"" and \\"""""'),
        (("list",), '[ # first\n  "a", # one\n  # alone\n  [1, { b = "]" }],\n]'),
        (("id",), '"x"'),
        (("k",), "1"),
        (("t",), '{ a = 1, "b c" = [1, { d = 2 }] }'),
        (("z", "y"), "0"),
    ]


def test_sub_tables_belong_to_the_last_entry_before_them() -> None:
    """CONTRACT.md: "Sub-tables written by hand (`[issues.x]`) stay with their entry"."""
    assert [block.path for block in syntax.blocks(TEXT)] == [
        (),
        ("issues", 0),
        ("issues", 0, "sub"),
        ("issues", 1),
        ("issues", 1, "deep", 0),
        ("issues", 1, "deep", 1),
    ]


def test_comments_right_above_a_header_and_right_below_a_key_belong_to_the_block() -> None:
    blocks = list(syntax.blocks(TEXT))
    assert TEXT[blocks[1].top : blocks[1].head_end] == "# attached\n[[issues]] # head\n"
    assert TEXT[blocks[2].top : blocks[2].core_end] == "[issues.sub]\nk = 1\n# below\n"


def test_elements_keep_what_stands_around_them() -> None:
    start = TEXT.index("[ # first")
    first, second = syntax.items(TEXT, start)
    assert TEXT[first.lead : first.start] == " # first\n  "
    assert TEXT[first.value_end : first.end] == ", # one"
    assert TEXT[second.lead : second.start] == "\n  # alone\n  "
    assert TEXT[second.value : second.value_end] == '[1, { b = "]" }]'
    assert TEXT[second.end : second.end + 2] == "\n]"


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("name",), 2),
        (("meta", "a key", "b.c"), 3),
        (("meta", "other"), 3),
        (("list", 0), 9),
        (("list", 1, 1, "b"), 11),
        (("list", 7), 8),
        (("issues",), 15),
        (("issues", 0), 15),
        (("issues", 0, "text"), 15),
        (("issues", 0, "sub", "k"), 18),
        (("issues", 1, "t", "b c", 1, "d"), 24),
        (("issues", 1, "deep", 1, "z"), 27),
        (("missing",), 1),
    ],
)
def test_a_path_has_the_line_of_its_value_or_of_its_nearest_ancestor(path: tuple[str | int, ...], line: int) -> None:
    assert syntax.line_of(TEXT, path) == line


def test_elements_on_lines_of_their_own_have_their_own_line() -> None:
    text = 'issues = [\n  { id = "a" },\n  { id = "b",\n    text = "c" },\n]\n'
    assert [syntax.line_of(text, ("issues", 1, key)) for key in ("id", "text", "gone")] == [3, 4, 3]


def test_a_key_with_escapes_is_read_as_what_it_means() -> None:
    assert next(syntax.blocks('"a\\u00e9\\"b" = 1\n')).pairs[0].keys == ('aé"b',)


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n", "# only this", "a = 1", "\ufeff[a]", "a = []"])
def test_short_files_have_one_end(text: str) -> None:
    assert list(syntax.blocks(text))[-1].core_end <= len(text)


@pytest.mark.parametrize("text", ["a", "a = ", "a = [1", "a = {b = 1", "[a", "= 1", 'a = "b', "a = 1 b"])
def test_what_is_not_toml_is_refused_and_never_loops(text: str) -> None:
    with pytest.raises(syntax.Unclear):
        list(syntax.blocks(text))


def test_values_found_by_place_are_the_values_that_rtoml_reads() -> None:
    for seed in range(40):
        text = handwritten(random.Random(seed)).text
        for block in syntax.blocks(text):
            found = _at(rtoml.loads(text), block.path)
            for pair in block.pairs:
                value = text[pair.value : pair.value_end]
                expected = _at(found, pair.keys)
                assert repr(rtoml.loads(f"v = {value}")["v"]) == repr(expected)


def _at(value: object, path: tuple[str | int, ...]) -> object:
    for part in path:
        value = value[part]  # type: ignore[index]
    return value

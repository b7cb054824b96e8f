"""`#topics` and `@mentions` within a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convo_tui.core.inline import mentions, plain, topic_spans, topics

# What `@` and `#` may stand in without counting.
OPAQUE = [
    "https://example.org/#pricing",
    "https://example.org/(#pricing)",
    "[see #pricing](https://example.org)",
    "[see #pricing](https://en.example.org/wiki/Acme_(firm))",
    '[x](y.html "about #pricing")',
    "<https://example.org/#pricing>",
    "`code #pricing`",
    "``with ` one #pricing``",
    "x#pricing",
    "me#pricing@example.org",
    "mailto:a@b.example?subject=#pricing",
]


@pytest.mark.parametrize("text", OPAQUE)
def test_a_topic_never_counts_inside_links_addresses_or_code(text: str) -> None:
    """`@` and `#` count after white space or `(` only, never inside links, addresses or code."""
    assert topics(text) == frozenset()
    assert topics(f"{text} #pilot") == {"pilot"}


@pytest.mark.parametrize(
    "text", [each.replace("#pricing", "@ana") for each in OPAQUE] + ["ana@acme.example", "(ana@acme.example)"]
)
def test_a_mention_never_counts_inside_links_addresses_or_code(text: str) -> None:
    """`@` and `#` count after white space or `(` only, never inside links, addresses or code."""
    assert mentions(text) == []
    assert [each.name for each in mentions(f"{text} @bo")] == ["bo"]


def test_nothing_in_a_code_fence_is_a_topic() -> None:
    assert topics("```\n#include\n```\n#pilot") == {"pilot"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#pricing", {"pricing"}),
        ("about (#pricing)", {"pricing"}),
        ("\t#pricing, #pilot.", {"pricing", "pilot"}),
        ("#Pricing #PRICING", {"pricing"}),
        ("#Straße #STRASSE", {"strasse"}),
        ("#q1-2027 #a", {"q1-2027", "a"}),
        ("#価格 #ценa", {"価格", "ценa"}),
        ("#1 #-a #_a # a ##a", set()),
        ("a#b (x)#c", set()),
        ("#snake_case", {"snake"}),
    ],
)
def test_what_a_topic_is(text: str, found: set[str]) -> None:
    """A topic begins with a letter, goes on with letters, digits and `-`, and is the same in any case."""
    assert topics(text) == found


def test_where_topics_stand() -> None:
    assert topic_spans("x `#no` #yes (#too)") == [(8, 12), (14, 18)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@ana", ["ana"]),
        ('(@ana) @bo, @"Ana Ruiz".', ["ana", "bo", "Ana Ruiz"]),
        ("@O'Brien @jean-luc @søren @山田", ["O'Brien", "jean-luc", "søren", "山田"]),
        ("@ana. @bo's", ["ana", "bo's"]),
        ("@ana- @bo’", ["ana", "bo"]),
        ('x@ana "@bo" @ ana @"" @_x', []),
    ],
)
def test_what_a_mention_is(text: str, names: list[str]) -> None:
    """`@name` or `@"two words"` mentions a person or a relationship; … after white space or `(` only."""
    found = mentions(text)
    assert [each.name for each in found] == names
    assert all(each.name in text[each.start : each.end] for each in found)


def test_code_runs_to_as_many_backticks_and_an_unclosed_one_is_none() -> None:
    assert plain("a ``b ` c`` d `e") == "a " + "\x00" * 9 + " d `e"
    assert plain("` `` ` ``") == "\x00" * 6 + " ``"


@given(st.text(st.sampled_from("`[]()<>@#:/.ab \"'"), max_size=60))
def test_blanking_moves_no_character(text: str) -> None:
    blanked = plain(text)
    assert len(blanked) == len(text)
    assert all(one in (other, "\x00") for one, other in zip(blanked, text, strict=True))

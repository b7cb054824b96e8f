"""Names and issues that people mean: CONTRACT.md, "Commands", NAME, and "The note grammar"."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slugify import slugify

from convo_tui.core.errors import Ambiguous
from convo_tui.core.match import Named, names, slug, texts, words

SOREN = Named("20250110-h5j6k7m8", "Søren Berg", ("Bergen Søren", "Chief"), "soren-berg.toml")
ANA = Named("20240301-7k3q9m2f", "Ana Ruiz", (), "ana-ruiz.toml", former=("20200101-aaaa1111",))
ANA_MARIA = Named("20240302-7k3q9m2g", "Ana María O'Brien", ("Nana",), "the-other-ana.toml")
ACME = Named("20240303-7k3q9m2h", "Acme GmbH", ("Ana",), "client.toml")
EMOJI = Named("20240304-7k3q9m2j", "🎉", (), "person-7k3q9m2j.toml")
YAMADA = Named("20240305-7k3q9m2k", "山田太郎")
EVERYONE = [SOREN, ANA, ANA_MARIA, ACME, EMOJI, YAMADA]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("20240301-7k3q9m2f", [ANA]),
        ("20200101-aaaa1111", [ANA]),
        ("client", [ACME]),
        ("client.toml", [ACME]),
        ("the-other-ana.toml", [ANA_MARIA]),
        ("Ana Ruiz", [ANA]),
        ("ANA RUIZ", [ANA]),
        ("nana", [ANA_MARIA]),
        ("chief", [SOREN]),
        ("ana m", [ANA_MARIA]),
        ("sør", [SOREN]),
        ("acm", [ACME]),
        ("berg", [SOREN]),
        ("ruiz, ana", [ANA]),
        ("o'brien", [ANA_MARIA]),
        ("o’brien", [ANA_MARIA]),
        ("brien o ana", [ANA_MARIA]),
        ("山田", [YAMADA]),
        ("shan-tian", [YAMADA]),
    ],
)
def test_a_name_is_found(query: str, found: list[Named]) -> None:
    """NAME: id, file name, exact name, alias, then unique prefix, then unique words, compared as slugs."""
    assert names(query, EVERYONE) == found


@pytest.mark.parametrize("query", ["soren", "SØREN", "Sören", " soren ", "søren.", "soren berg", "Berg Søren"])
def test_case_accents_and_punctuation_are_ignored(query: str) -> None:
    """Case, accents and punctuation ignored: `soren` finds Søren."""
    assert names(query, [SOREN, ANA]) == [SOREN]


@pytest.mark.parametrize("query", ["", " ", "🎉", "---", "!?", "…", "\x00", ".toml"])
def test_an_empty_slug_matches_nothing(query: str) -> None:
    """An empty slug matches nothing."""
    assert slug(query) in ("", "toml")
    assert names(query, EVERYONE) == []


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (Named("ana", "x"), Named("1", "y", file="ana.toml")),
        (Named("1", "x", file="ana.toml"), Named("2", "Ana")),
        (Named("1", "Ana"), Named("2", "x", ("Ana",))),
        (Named("1", "x", ("Ana",)), Named("2", "Ana Ruiz")),
        (Named("1", "Anabel"), Named("2", "Ruiz Ana")),
    ],
    ids=["id before file", "file before name", "name before alias", "alias before prefix", "prefix before words"],
)
def test_the_first_that_answers_decides(first: Named, then: Named) -> None:
    """Id, file name, exact name, alias, then unique prefix, then unique words."""
    assert names("ana", [then, first]) == [first]


def test_several_that_answer_are_all_returned() -> None:
    """Several match: they are listed and nothing is done."""
    found = names("an", EVERYONE)
    assert found == [ANA, ANA_MARIA, ACME]
    assert [each.label for each in found] == [
        "Ana Ruiz (ana-ruiz.toml)",
        "Ana María O'Brien (the-other-ana.toml)",
        "Acme GmbH (client.toml)",
    ]


def test_a_person_is_told_apart_by_the_organisation() -> None:
    assert Named("1", "Ana", organisation="Acme").label == "Ana (Acme)"
    assert Named("1", "Ana").label == "Ana"


@given(st.text())
def test_a_slug_is_ascii_and_never_raises(text: str) -> None:
    """Compared as slugs; the file name is an ASCII slug."""
    found = slug(text)
    assert found.isascii()
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(found) == found
    assert words(text) == set(found.split("-")) - {""}


@given(st.text(st.characters(max_codepoint=127)) | st.text("aB1,'-_ .\n\"&#;x"))
def test_plain_text_gives_the_slug_that_slugify_gives(text: str) -> None:
    assert slug(text) == slugify(text, entities=False, decimal=False, hexadecimal=False)


def test_the_slugs_of_a_name_are_made_once_and_count_in_no_comparison() -> None:
    named = Named("1", "Søren Berg", ("Chief O'Neil",), "soren-b.toml", organisation="Acme GmbH")
    assert named.slugs == ("soren-berg", "chief-o-neil")
    assert named.stem == "soren-b"
    assert named.said == " soren berg chief o neil acme gmbh"
    assert named == replace(named) != replace(named, organisation="")


@pytest.mark.parametrize("text", ["&#99999999999999999999;", "&#x110000;", "&eacute;"])
def test_text_is_no_html(text: str) -> None:
    assert slug(text) == text.strip("&#;")


@pytest.mark.parametrize("text", ["O’Brien", "O'Brien"])
def test_both_apostrophes_are_one(text: str) -> None:
    assert slug(text) == "o-brien"


# ── issues ───────────────────────────────────────────────────────────────────────────────────────────────

ITEMS = [("20261101-q2w3e4r5", "send pricing", "a"), ("20261102-q2w3e4r6", "Pricing", "b"), ("x", "who signs?", "c")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("2", ["b"]),
        ("٢", ["b"]),
        ("0", []),
        ("4", []),
        ("x", ["c"]),
        ("20261101-q2w3e4r5", ["a"]),
        ("E4R6", ["b"]),
        ("4r6", []),
        ("pricing", ["b"]),
        ("PRICING ", ["b"]),
        ("signs who", ["c"]),
        ("pricing send", ["a"]),
        ("", []),
        ("?", []),
        ("2026", []),
    ],
)
def test_an_issue_is_found(query: str, found: list[str]) -> None:
    """The number in the agenda …, an id or its ending of at least 4 characters, the exact text, then all words."""
    assert texts(query, ITEMS, ["a", "b", "c"]) == found


def test_without_an_agenda_a_number_names_nothing() -> None:
    assert texts("1", ITEMS) == []


def test_all_that_answer_are_returned() -> None:
    """More than one or none: nothing is guessed."""
    assert texts("pricing", [("1", "pricing a", "a"), ("2", "pricing b", "b")]) == ["a", "b"]


def test_the_candidates_are_listed() -> None:
    """Several match: they are listed and nothing is done."""
    assert Ambiguous("“ana” may mean two", ["Ana (a.toml)", "Ana (b.toml)"]).candidates == (
        "Ana (a.toml)",
        "Ana (b.toml)",
    )

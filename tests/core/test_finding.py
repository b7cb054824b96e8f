"""Whom someone may mean while typing: the fuzzy picker of SCREENS.md."""

from __future__ import annotations

from dataclasses import replace

import pytest
from core_builders import ACME_ID, ANA_ID, TODAY, ago, day
from hypothesis import given
from hypothesis import strategies as st

from convo_tui.core.finding import fuzzy, nearness
from convo_tui.core.match import Named
from convo_tui.core.summary import OpenIssue, Summary

ACME = Named(ACME_ID, "Acme GmbH", aliases=("Ana's shop",), file="acme-gmbh.toml")
ANA = Named(ANA_ID, "Ana Ruiz", home=ACME_ID, organisation="Acme GmbH")
ANNA = Named("3", "Anna Berg", file="anna-berg.toml")
SOREN = Named("4", "Søren Lindqvist", file="soren.toml", organisation="Berg & Söhne")
JUAN = Named("5", "Juan Ana", file="juan.toml")
EVERYONE = [SOREN, JUAN, ANNA, ANA, ACME]
RECENT = {"4": 0, ACME_ID: 1, "3": 2, "5": 3}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ana", [ACME, ANA, JUAN]),
        ("ANA R", [ANA]),
        ("ruiz ana", [ANA]),
        ("ana acme", [ACME, ANA]),
        ("ruiz acme", [ANA]),
        ("soren", [SOREN]),
        ("lind", [SOREN]),
        ("berg", [ANNA, SOREN]),
        ("an", [ACME, ANA, ANNA, JUAN]),
    ],
)
def test_names_then_beginnings_then_words_then_those_of_the_organisation(query: str, found: list[Named]) -> None:
    """`ctrl+n` … asks with whom, fuzzily, people inside organisations too."""
    assert fuzzy(query, EVERYONE, RECENT)[: len(found)] == found


@pytest.mark.parametrize(
    ("query", "found"), [("lindkvist", SOREN), ("sörn", SOREN), ("ruis", ANA), ("anna brg", ANNA), ("acmee", ACME)]
)
def test_a_misspelling_is_found(query: str, found: Named) -> None:
    assert fuzzy(query, EVERYONE, RECENT)[0] == found


def test_recent_and_due_come_first_when_nothing_is_typed() -> None:
    """A fuzzy picker (recent and due first); a person stands behind the organisation they are in."""
    assert fuzzy(" ", EVERYONE, RECENT) == [SOREN, ACME, ANA, ANNA, JUAN]
    assert fuzzy("", EVERYONE, RECENT, 2) == [SOREN, ACME]


def test_who_has_no_rank_comes_last() -> None:
    assert fuzzy("", EVERYONE, {"5": 0}) == [JUAN, ACME, ANNA, SOREN, ANA]


@pytest.mark.parametrize("query", ["zzz", "x", "🎉", "…"])
def test_what_is_like_nothing_finds_nothing(query: str) -> None:
    """An empty slug matches nothing."""
    assert fuzzy(query, EVERYONE, RECENT) == []


@given(st.text("anrsuiz éø-,", max_size=12), st.integers(1, 4))
def test_nobody_is_offered_twice_and_never_more_than_asked(query: str, limit: int) -> None:
    found = fuzzy(query, EVERYONE, RECENT, limit)
    assert len({each.id for each in found}) == len(found) <= limit
    assert found == fuzzy(query, EVERYONE, RECENT)[:limit]


def test_due_is_nearer_than_recent_and_recent_than_never() -> None:
    late = Summary("late", "late", "Late", "person", "late.toml", last_contact=ago(40), cadence="3w")
    overdue = replace(late, key="due", id="due", cadence="", issues=(OpenIssue(None, day(1), "me"),))
    fresh = replace(late, key="fresh", id="fresh", last_contact=ago(1))
    never = replace(fresh, key="never", id="never", last_contact=None)
    found = nearness([never, fresh, late, replace(overdue, last_contact=ago(50))], TODAY)
    assert sorted(found, key=found.__getitem__) == ["late", "due", "fresh", "never"]

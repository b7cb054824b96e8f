"""Who took part: CONTRACT.md, "Rules"."""

from __future__ import annotations

import pytest
from core_builders import ACME_ID, ANA_ID, SOREN_ID, acme, everyone, soren

from convo_tui.core.match import Named
from convo_tui.core.models import Person
from convo_tui.core.participation import Directory

HERE = Person(id="20240301-s0ren006", name="Søren Berg", relationship=SOREN_ID)
GONE = Person(id="20240301-g0ne0007", name="Cy", relationship="20190101-deleted1")


def directory(**soren_fields: str) -> Directory:
    home = acme(people=(*acme().people, HERE, GONE), aliases=("Acme",), former=("20200101-0ldacme1",))
    return Directory.of(everyone(home, soren(**soren_fields)))


@pytest.mark.parametrize(
    ("home", "with_", "part"),
    [
        (ACME_ID, (), {ACME_ID}),
        (ACME_ID, (ANA_ID,), {ACME_ID}),
        (ACME_ID, (SOREN_ID,), {ACME_ID, SOREN_ID}),
        (ACME_ID, (HERE.id,), {ACME_ID, SOREN_ID}),
        (SOREN_ID, (ANA_ID,), {ACME_ID, SOREN_ID}),
        (SOREN_ID, ("20200101-0ldacme1",), {ACME_ID, SOREN_ID}),
        (SOREN_ID, (GONE.id, "nobody"), {ACME_ID, SOREN_ID}),
        (SOREN_ID, ("nobody",), {SOREN_ID}),
        ("nobody", (), set()),
    ],
)
def test_every_relationship_that_took_part(home: str, with_: tuple[str, ...], part: set[str]) -> None:
    """Every relationship that took part (in `with`, through `people.relationship`, …) shows it in its timeline and
    counts it as contact."""
    assert directory().took_part(home, with_) == part


@pytest.mark.parametrize("stated", [ACME_ID, "20200101-0ldacme1", "Acme GmbH", "ACME", "acme gmbh"])
def test_the_organisation_of_a_person_took_part(stated: str) -> None:
    """Or as the person's `organisation` … the id or name of a relationship."""
    assert directory(organisation=stated).took_part(SOREN_ID, ()) == {ACME_ID, SOREN_ID}


@pytest.mark.parametrize("stated", ["", "Somewhere else", "🎉", ANA_ID[:4]])
def test_an_organisation_that_is_free_text_did_not(stated: str) -> None:
    """`organisation`: the id or name of a relationship, or free text."""
    assert directory(organisation=stated).took_part(SOREN_ID, ()) == {SOREN_ID}


def test_an_empty_slug_is_nobodys_organisation() -> None:
    """An empty slug matches nothing."""
    named = [Named("a", "🎉"), Named("b", "Bo", organisation="🎈")]
    assert Directory.of(named).took_part("b", ()) == {"b"}


def test_someone_who_is_said_to_be_themselves_is_met_once() -> None:
    named = [Named("a", "A"), Named("p", "P", home="a", relationship="p")]
    assert Directory.of(named).took_part("a", ("p",)) == {"a"}


def test_a_circle_of_organisations_ends() -> None:
    named = [Named("a", "A", organisation="B"), Named("b", "B", organisation="A")]
    assert Directory.of(named).took_part("a", ()) == {"a", "b"}


def test_ids_that_were_joined_are_resolved_everywhere() -> None:
    """`former`: ids of relationships joined into this one; resolved everywhere."""
    found = directory()
    assert found.resolved("20200101-0ldacme1") == ACME_ID
    assert found.name("20200101-0ldacme1") == "Acme GmbH"
    assert (found.name(ANA_ID), found.name("nobody")) == ("Ana Ruiz", "")

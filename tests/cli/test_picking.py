"""`convo log` without a name: a picker, when a terminal is there."""

from __future__ import annotations

import tomllib

import pytest

from tests.cli.conftest import Convo, Result
from tests.cli.test_log import encounters


@pytest.fixture
def three(ana: Convo) -> Convo:
    """Ana, spoken with; Anna Berg and Acme, never; Zoe is one of Acme's people."""
    ana.done("new", "Anna Berg")
    ana.done("new", "Acme", "--kind", "organisation")
    with ana.file("acme").open("a") as file:
        file.write('\n[[people]]\nid = "20260101-zoe00001"\nname = "Zoe Okafor"\n')
    ana.editor("path.write_text('typed')")
    return ana


def picked(convo: Convo, *typed: str) -> Result:
    return convo("log", "--json", stdin="\n".join([*typed, ""]), terminal=True)


def test_who_is_recent_and_due_is_listed_first(three: Convo) -> None:
    """ "recent and due first"; the questions leave what is printed clean."""
    result = picked(three, "1")
    assert result.json["relationship"] == "Ana Ruiz"
    assert result.err.startswith(" 1  Ana Ruiz\n 2  Acme\n 3  Zoe Okafor · Acme\n 4  Anna Berg\nWith whom? ")
    assert encounters(three)[-1]["note"] == "typed"


def test_a_part_of_a_name_that_is_clear_is_enough(three: Convo) -> None:
    """ "several match: they are listed and nothing is done"; one does: that one is meant."""
    assert picked(three, "berg").json["relationship"] == "Anna Berg"


def test_a_part_that_several_answer_to_lists_them(three: Convo) -> None:
    result = picked(three, "an", "2")
    assert result.json["relationship"] == "Anna Berg"
    assert result.err.endswith(
        "With whom? A number or a part of the name:  1  Ana Ruiz\n 2  Anna Berg\n"
        "With whom? A number or a part of the name: "
    )


def test_a_misspelled_name_is_offered_and_never_taken(three: Convo) -> None:
    result = picked(three, "okafro", "1")
    assert result.json["relationship"] == "Acme"
    assert encounters(three, "acme")[0]["with"] == ["20260101-zoe00001"]


def test_someone_unknown_is_said_to_be(three: Convo) -> None:
    result = picked(three, "xyzzy", "7", "ruiz")
    assert "Nobody here is called so; `convo new NAME` adds someone." in result.err
    assert result.json["relationship"] == "Ana Ruiz"


def test_naming_nobody_saves_nothing(three: Convo) -> None:
    result = picked(three)
    assert (result.code, result.out) == (1, "")
    assert result.err.endswith("convo: nobody was named, nothing is saved\n")


def test_an_empty_journal_says_what_to_do(convo: Convo) -> None:
    result = picked(convo)
    assert (result.code, result.err) == (1, "convo: nobody is here yet; `convo new NAME` adds someone\n")


def test_without_a_terminal_a_name_must_be_given(three: Convo) -> None:
    """Exit codes: 2 usage."""
    result = three("log", stdin="a note")
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert "give a NAME" in result.err
    assert len(tomllib.loads(three.file("ana-ruiz").read_text())["encounters"]) == 1


def test_nothing_of_a_name_reaches_the_terminal_as_it_is(three: Convo) -> None:
    three.done("new", "Evil\x1b]52;c;aGk=\x07")
    assert "\x1b" not in picked(three, "evi", "ruiz").err

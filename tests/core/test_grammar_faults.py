"""What a note must not do: close what was not there yet, mention who is at home, or keep one waiting."""

from __future__ import annotations

import time

import pytest
from core_builders import ACME_ID, acme, ago, heard, issue, read, soren

from convo_tui.core import edits
from convo_tui.core.carry import opened_after
from convo_tui.core.meaning import Meets, Settles, Unmatched
from convo_tui.core.models import Encounter, Issue, Person


@pytest.mark.parametrize("line", ["= pricing : done", "=1", "met: calm"])
def test_nothing_is_closed_before_it_came_up(line: str) -> None:
    home = acme(issue("pricing", 2), heard=[heard("calm", days_ago=2)])
    (late,) = read(line, home, at=ago(3)).lines
    assert late.meaning == Unmatched("it came up after this encounter")
    assert isinstance(read(line, home).lines[0].meaning, Settles | Meets)


def test_what_came_up_in_that_minute_or_on_that_day_can_be_closed() -> None:
    assert isinstance(read("=1", acme(issue("pricing", 2)), at=ago(2)).lines[0].meaning, Settles)
    need = heard("calm", days_ago=2)
    assert not opened_after(need, ago(2).replace(hour=0))
    assert opened_after(Issue(id="20261120-aaaaaaaa", text="x"), ago(3))
    assert not opened_after(Issue(id="by-hand", text="x"), ago(3))


def test_the_name_of_the_relationship_at_home_is_no_mention() -> None:
    """`@name` mentions a person or a relationship (`mentions`): shown with them, but the timeline is theirs anyway."""
    assert read("words with @soren and @bo", soren(), others=[acme()]).mentions == read("@bo", acme()).mentions
    here = Person(id="20260101-herehere", name="Here", relationship=ACME_ID)
    assert read("@here", acme(), others=[soren(people=(here,))]).mentions == ()


@pytest.mark.parametrize("line", ["~ x{}y", "= x{}y", "= {}: y", "~ x{} :y"])
def test_a_hundred_thousand_spaces_are_read_at_once(line: str) -> None:
    began = time.process_time()
    read(line.format(" " * 100_000))
    assert time.process_time() - began < 1


def test_a_time_can_be_changed_where_a_file_has_a_key_of_our_own_name() -> None:
    """Unknown keys stay: `with_` in a file is none of ours."""
    told = Encounter.model_validate(
        {"id": "e", "at": ago(1), "with": ["a"], "with_": ["b"]}, by_alias=True, by_name=False
    )
    later = edits.changed(told, at=ago(0), with_=("c",))
    assert (later.with_, later.model_extra) == (("c",), {"with_": ["b"]})

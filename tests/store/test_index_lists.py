"""What a list shows from the index is what the summaries say, whatever the order and the filter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from nasty_journal import write_nasty_journal
from plain_answers import Plain, queries

from convo_tui.clock import Clock
from convo_tui.core.summary import Summary, by_attention, by_last_contact, by_name
from convo_tui.paths import Places
from convo_tui.store.index import lists
from convo_tui.store.index.lists import Order
from convo_tui.store.lookup import Lookup
from tests.bench import believable

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")
ZONE = NOW.tzinfo
assert ZONE is not None
DAYS = [NOW.date() + timedelta(days=days) for days in (0, -1, 1, -40, 40, -4000, 4000)]
EVERYDAY, NASTY = 30, 10


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Places:
    at = tmp_path_factory.mktemp("lists")
    places = Places(at / "journal", at / "config", at / "cache", at / "state")
    believable.write_journal(places.journal, EVERYDAY, 8, seed=7)
    write_nasty_journal(places.journal)
    return places


@pytest.fixture(scope="module")
def plain(journal: Places) -> Plain:
    return Plain(journal.journal, ZONE)


@pytest.fixture(scope="module")
def at(journal: Places) -> Iterator[Callable[[date], Lookup]]:
    """The journal on another day."""
    opened: dict[date, Lookup] = {}

    def on(day: date) -> Lookup:
        if day not in opened:
            moment = datetime.combine(day, NOW.timetz())
            opened[day] = Lookup(journal, Clock(lambda: moment, ZONE))
        return opened[day]

    yield on
    for lookup in opened.values():
        lookup.close()


def in_order(order: Order, summaries: Sequence[Summary], today: date) -> list[Summary]:
    if order == "attention":
        return by_attention(summaries, today)
    return by_name(summaries) if order == "name" else by_last_contact(summaries)


@pytest.mark.parametrize("order", ["attention", "name", "last contact"])
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_a_list_has_the_order_of_the_summaries_on_every_day(
    at: Callable[[date], Lookup], order: Order, today: date
) -> None:
    summaries = at(today).summaries()
    assert list(at(today).listed(order)) == in_order(order, summaries, today)
    assert len(summaries) == EVERYDAY + NASTY


@pytest.mark.parametrize("order", ["attention", "name", "last contact"])
def test_a_filter_lets_through_what_it_plainly_means(at: Callable[[date], Lookup], plain: Plain, order: Order) -> None:
    today = DAYS[0]
    summaries = at(today).summaries()
    for text in queries(plain, len(order), 200):
        through = plain.listed(summaries, text, today) if text.strip() else {each.key for each in summaries}
        expected = [each for each in in_order(order, summaries, today) if each.key in through]
        assert list(at(today).listed(order, text)) == expected, text


@pytest.mark.parametrize("today", DAYS, ids=str)
@pytest.mark.parametrize("count", [1, 5, 17, 39, 1000])
def test_the_first_are_those_that_a_list_by_attention_begins_with(
    at: Callable[[date], Lookup], today: date, count: int
) -> None:
    lookup = at(today)
    assert list(lists.first(lookup.index.sql, today, count)) == list(lookup.listed())[:count]


def test_a_list_is_a_sequence_whatever_the_page(at: Callable[[date], Lookup], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "_PAGE", 3)
    monkeypatch.setattr(lists, "_PAGES", 2)
    listed = at(DAYS[0]).listed("name")
    everyone = by_name(at(DAYS[0]).summaries())
    assert [listed[place] for place in range(len(listed))] == everyone
    assert [listed[-place] for place in range(1, len(listed) + 1)] == everyone[::-1]
    for chosen in (slice(2, 9), slice(None, None, -1), slice(-5, None), slice(100, 200), slice(1, 30, 7)):
        assert listed[chosen] == everyone[chosen]
    for outside in (len(listed), -len(listed) - 1):
        with pytest.raises(IndexError):
            listed[outside]


def test_a_list_knows_where_a_relationship_stands(at: Callable[[date], Lookup]) -> None:
    lookup = at(DAYS[0])
    listed = lookup.listed("name", "is:organisation")
    places = [listed.index_of(each.key) for each in listed]
    assert places == list(range(len(listed)))
    assert len(places) > 1
    person = next(each for each in lookup.summaries() if each.kind == "person")
    assert listed.index_of(person.key) is None
    assert listed.index_of("nobody") is None


def test_a_list_stays_as_long_when_a_file_goes_until_it_is_made_anew(tmp_path: Path) -> None:
    places = Places(tmp_path / "journal", tmp_path, tmp_path / "cache", tmp_path)
    believable.write_journal(places.journal, 5, 2)
    lookup = Lookup(places, Clock(lambda: NOW, ZONE))
    listed = lookup.listed("name")
    gone = listed[2]
    fresh = lookup.listed("name")
    (places.journal / gone.file).unlink()
    assert lookup.refresh()
    assert len(fresh) == 5
    assert (fresh[2].readable, fresh[2].problem) == (False, "it is gone")
    assert fresh.index_of(gone.key) is None
    assert gone not in list(lookup.listed("name"))
    lookup.close()

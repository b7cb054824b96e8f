"""What `find` answers from the index is what a plain scan of the files answers, whatever is asked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from nasty_journal import write_nasty_journal
from plain_answers import Plain, queries

from convo_tui.clock import Clock
from convo_tui.paths import Places
from convo_tui.store.index import search
from convo_tui.store.lookup import Lookup
from tests.bench import believable

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")
TODAY = NOW.date()
ZONE = NOW.tzinfo
assert ZONE is not None
LIMITS = (50, 1, 7, 50, 1, 50, 7, 10_000)
LONG = os.environ.get("CONVO_EXAMPLES") == "long"


def places(at: Path) -> Places:
    return Places(at / "journal", at / "config", at / "cache", at / "state")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """A journal of everyday and of nasty files."""
    at = places(tmp_path_factory.mktemp("journal"))
    believable.write_journal(at.journal, 30, 12, seed=3)
    write_nasty_journal(at.journal)
    return at


@pytest.fixture(scope="module")
def plain(written: Places) -> Plain:
    return Plain(written.journal, ZONE)


@pytest.fixture(scope="module")
def lookup(written: Places) -> Iterator[Lookup]:
    lookup = Lookup(written, Clock(lambda: NOW, ZONE))
    yield lookup
    lookup.close()


@pytest.mark.parametrize("part", range(5))
def test_a_thousand_queries_find_what_a_plain_scan_of_the_files_finds(lookup: Lookup, plain: Plain, part: int) -> None:
    for nth, text in enumerate(queries(plain, part, 4_000 if LONG else 200)):
        limit = LIMITS[nth % len(LIMITS)]
        plain.check(lookup.search(text, limit), text, TODAY, limit)


@pytest.mark.parametrize("most_words", [0, 2])
@pytest.mark.parametrize("few", [1, 10**9])
def test_every_way_into_the_index_leads_to_the_same(
    lookup: Lookup, plain: Plain, monkeypatch: pytest.MonkeyPatch, most_words: int, few: int
) -> None:
    """Small journals would never see the ways of large ones."""
    monkeypatch.setattr(search, "_MOST_WORDS", most_words)
    monkeypatch.setattr(search, "_FEW", few)
    for nth, text in enumerate(queries(plain, 100 + most_words + few, 2000 if LONG else 150)):
        limit = LIMITS[nth % len(LIMITS)]
        plain.check(lookup.search(text, limit), text, TODAY, limit)


def test_an_index_that_is_not_complete_yet_answers_the_same(written: Places, plain: Plain, tmp_path: Path) -> None:
    lookup = Lookup(Places(written.journal, tmp_path, tmp_path, tmp_path), Clock(lambda: NOW, ZONE))
    steps = lookup.refreshing()
    progress = next(steps)
    while progress.done < progress.total:
        progress = next(steps)
    assert not lookup.index.sql.execute("SELECT value FROM meta WHERE name = 'complete'").fetchone()[0]
    for text in ("pricing", '"the plan"', "#pricing", "is:open", "山田", "igratio"):
        plain.check(lookup.search(text, 10_000), text, TODAY, 10_000)
    list(steps)
    lookup.close()


def edit(folder: Path, rng: Random) -> None:
    """Do to a file what people and other programs do."""
    names = sorted(path.name for path in folder.glob("*.toml"))
    path, other = (folder / rng.choice(names) for _ in range(2))
    text = path.read_text("utf-8")
    act = rng.randrange(8)
    if act == 0:
        path.unlink()
    elif act == 1:
        path.rename(folder / f"{path.stem}-{rng.randrange(1000)}.toml")
    elif act == 2:  # two files with one id
        (folder / f"copy-{rng.randrange(1000)}.toml").write_text(text, "utf-8")
    elif act == 3:
        path.write_text(text.replace("kind =", "archived = true\nkind =", 1), "utf-8")
    elif act == 4:
        path.write_text(text[: rng.randrange(len(text) + 1)], "utf-8")
    elif act == 5:
        path.write_text(text.replace("the", rng.choice(("zebra #zoo", "", "ÉTÉ"))), "utf-8")
    elif act == 6:
        entry = f'id = "x{rng.randrange(10**6)}"\nat = 2026-11-2{rng.randrange(3)}\nnote = "fresh pricing"\n'
        path.write_text(f"{text}\n[[encounters]]\n{entry}", "utf-8")
    else:
        path.write_bytes(other.read_bytes())


@pytest.mark.parametrize("seed", range(12 if LONG else 3))
def test_an_index_brought_up_to_date_finds_what_a_fresh_one_finds(tmp_path: Path, seed: int) -> None:
    at, rng = places(tmp_path), Random(seed)
    believable.write_journal(at.journal, 12, 6, seed=seed)
    write_nasty_journal(at.journal)
    lookup = Lookup(at, Clock(lambda: NOW, ZONE))
    for turn in range(6):
        for _ in range(rng.randint(1, 5)):
            edit(at.journal, rng)
        lookup.refresh()
        plain = Plain(at.journal, ZONE)
        for text in queries(plain, seed * 100 + turn, 40):
            plain.check(lookup.search(text, 10_000), text, TODAY, 10_000)
    lookup.close()


@pytest.mark.parametrize(
    "text",
    ['"', "with:a\udcff", "with:\x00", "is:", "-", '-"', "with:", "*", "NEAR(a b)", "a" * 100_000, "^a", "{a b}"],
)
def test_any_text_is_a_query(lookup: Lookup, plain: Plain, text: str) -> None:
    plain.check(lookup.search(text, 50), text, TODAY, 50)


def test_nothing_is_found_when_nothing_is_asked_for(lookup: Lookup) -> None:
    assert lookup.search("") == lookup.search("  \n") == lookup.search("...") == []


def test_an_encounter_without_a_note_is_nothing_to_find(lookup: Lookup) -> None:
    """`find`: full text over notes, issues, heard, stories, names (CONTRACT.md, "Commands")."""
    ids = {hit.id for text in ("with:acme", "since:2026", "-pricing") for hit in lookup.search(text, 10_000)}
    assert "20261108-enco0002" in ids
    assert "20261108-enco0003" not in ids


def test_a_note_that_quotes_an_entry_is_shown_as_itself(lookup: Lookup) -> None:
    (hit,) = (each for each in lookup.search("forget") if each.id == "20261108-enco0001")
    assert hit.text.startswith("We spoke about")


def test_what_counts_inside_a_word_is_shown_where_it_stands(lookup: Lookup) -> None:
    hit = lookup.search("igratio")[0]
    assert [hit.snippet.text[first:last] for first, last in hit.snippet.spans] == ["igratio"]

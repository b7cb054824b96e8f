"""What the index answers across all relationships is what the files say: each answer beside the plain one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convo_tui.clock import Clock
from convo_tui.core import match
from convo_tui.core.carry import Standing
from convo_tui.core.errors import Ambiguous, NotFound
from convo_tui.core.models import ENTRY_KINDS, ISSUE_STATES, Relationship
from convo_tui.core.topics import Topic, topics
from convo_tui.paths import Places
from convo_tui.sample import build
from convo_tui.store import codec
from convo_tui.store.journal import Journal
from tests.bench.believable import write_journal
from tests.strategies import relationships

NOW = datetime.fromisoformat("2026-11-22T10:30:00+01:00")
STATES = [("open",), ("parked",), ("settled", "dropped"), ISSUE_STATES]


def journal_at(root: Path) -> Journal:
    assert NOW.tzinfo is not None
    (root / "journal").mkdir(exist_ok=True)
    places = Places(root / "journal", root / "config", root / "cache", root / "state")
    return Journal(places, Clock(lambda: NOW, NOW.tzinfo))


@pytest.fixture(params=["sample", "believable"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Journal:
    """The sample journal, or one of 20 relationships; every fifth of both is archived."""
    made = journal_at(tmp_path)
    folder = made.places.journal
    if request.param == "sample":
        build(folder, made.clock)
    else:
        write_journal(folder, 20, 12, 7, NOW, 1)
    for path in sorted(folder.glob("*.toml"))[::5]:
        path.write_text(path.read_text("utf-8").replace("\nkind = ", "\narchived = true\nkind = ", 1), "utf-8")
    return made


def plain_standings(journal: Journal, states: Iterable[str]) -> list[Standing]:
    found = [
        each
        for view in journal.views()
        if not (view.relationship.archived and set(states) == {"open"})
        for each in view.standings(NOW.date(), states)
    ]
    return list({(each.relationship_id, each.issue.id): each for each in found}.values())


def plain_heard(journal: Journal) -> list[tuple[str, str, Any]]:
    shown = [view.relationship for view in journal.views() if not view.relationship.archived]
    return [(each.id, each.name, as_known(heard)) for each in shown for heard in each.heard]


def plain_topics(journal: Journal) -> list[Topic]:
    views = [view for view in journal.views() if not view.relationship.archived]
    encounters = {each.id: each for view in views for each in view.timeline}
    issues = [issue for view in views for issue in view.relationship.issues]
    return topics(sorted(encounters.values(), key=lambda each: each.at), issues, NOW.date())


def as_known(entry: Any) -> dict[str, Any]:
    """An entry without the keys that are not ours: JSON knows fewer kinds of values than TOML."""
    return {key: getattr(entry, key) for key in type(entry).model_fields}


def known(standing: Standing) -> tuple[Any, ...]:
    return (
        as_known(standing.issue),
        *(getattr(standing, key) for key in Standing.__dataclass_fields__ if key != "issue"),
    )


def same(ours: Iterable[Any], plain: Iterable[Any]) -> None:
    """Both, in whatever order."""
    assert sorted(ours, key=repr) == sorted(plain, key=repr)


@pytest.mark.parametrize("states", STATES)
def test_issues_stand_as_their_files_say(journal: Journal, states: tuple[str, ...]) -> None:
    plain = plain_standings(journal, states)
    assert plain or states == ("parked",)
    same(map(known, journal.standings(states)), map(known, plain))


def test_what_was_heard_is_what_the_files_say(journal: Journal) -> None:
    plain = plain_heard(journal)
    assert plain
    same([(each.relationship_id, each.relationship, as_known(each.heard)) for each in journal.heard()], plain)
    one = plain[0][0]
    assert {each.heard.id for each in journal.heard(one)} == {each["id"] for home, _, each in plain if home == one}


def test_topics_are_those_of_the_files(journal: Journal) -> None:
    """ "every `#topic` in notes and issues becomes a line" (PRODUCT.md)."""
    assert journal.topics()
    assert journal.topics() == plain_topics(journal)


def test_what_was_heard_comes_in_time_and_as_typed(tmp_path: Path) -> None:
    journal = journal_at(tmp_path)
    (journal.places.journal / "ana.toml").write_text(
        'format = 1\nid = "a"\nname = "Ana"\nkind = "person"\n'
        + "".join(
            f'\n[[heard]]\nid = "{each}"\nkind = "need"\ntext = "{each}"\nat = 2026-11-{day}T10:00:00+01:00\n'
            for each, day in (("z", 12), ("a", 12), ("early", 10))
        )
    )
    assert [each.heard.id for each in journal.heard()] == ["early", "z", "a"]


# ── entries that people mean ─────────────────────────────────────────────────────────────────────────────


def plain_meant(journal: Journal, query: str, table: str, usable: Any) -> set[tuple[str, str]]:
    """What `match.texts` finds among the entries of all files: first those that are usable, then all."""
    everything = [
        (entry.id, entry.text, (view.relationship.id, entry))
        for view in journal.views()
        for entry in getattr(view.relationship, table)
    ]
    found = match.texts(query, [each for each in everything if usable(each[2][1])]) or match.texts(query, everything)
    return {(home, entry.id) for home, entry in found}


def ours(journal: Journal, query: str, table: str, usable: Any) -> set[tuple[str, str]]:
    find = journal.find_issue if table == "issues" else journal.find_heard
    try:
        view, entry = find(query, usable)
    except NotFound:
        return set()
    except Ambiguous as error:
        return {(str(len(error.candidates)), "several")}
    return {(view.relationship.id, entry.id)}


def several(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    return found if len(found) < 2 else {(str(len(found)), "several")}


def queries(journal: Journal, table: str) -> list[str]:
    """Ids, their ends, texts and their words, in other cases; and what nobody is called."""
    entries = [entry for view in journal.views() for entry in getattr(view.relationship, table)][::9]
    made = ["", " ", "7", "zzzz", "the", "40", "Pricing", "no such thing"]
    for each in entries:
        words = each.text.split()
        made += [each.id, each.id[-5:], each.id.upper(), each.text, each.text.upper(), words[-1], " ".join(words[1:3])]
    return made


@pytest.mark.parametrize("table", ["issues", "heard"])
def test_an_entry_is_found_as_among_all_files(journal: Journal, table: str) -> None:
    """ "an id or its ending of at least 4 characters, the exact text, then all words; open ones only"."""

    def usable(entry: Any) -> bool:
        return entry.state == "open" if table == "issues" else entry.is_live

    asked = queries(journal, table)
    assert len(asked) > 20
    for query in asked:
        assert ours(journal, query, table, usable) == several(plain_meant(journal, query, table, usable)), query


def test_any_entry_is_found_by_its_id_or_the_end_of_it(journal: Journal) -> None:
    everything = [
        (entry.id, "", (view.relationship.id, type(entry), entry.id))
        for view in journal.views()
        for kind in ENTRY_KINDS
        for entry in getattr(view.relationship, kind)
    ]
    for identity, *_ in everything[::37]:
        for query in (identity, identity[-4:], identity[-6:].upper(), identity[-3:], f" {identity} "):
            found = [(view.relationship.id, type(entry), entry.id) for view, entry in journal.entries(query)]
            same(found, match.texts(query, everything))
    assert journal.entries("") == journal.entries("zzzzzzzz") == []


TEXTS = [
    "agree on 1,000 seats",
    "AGREE ON IT",
    "Grüße an Søren",
    "見積もりを送る",
    "e-mail: don't",
    "ſtraße",
    "40k\nseats",
]


@pytest.mark.parametrize("query", [*TEXTS, "1000", "it on agree", "grusse", "soren", "t don", "strasse", "ON"])
def test_words_of_any_script_find_an_issue(tmp_path: Path, query: str) -> None:
    """ "compared as slugs (case, accents and punctuation ignored: `soren` finds Søren …)"."""
    journal = journal_at(tmp_path)
    journal.create("Ana")
    home = {"format": 1, "id": "x", "name": "X", "kind": "person"}
    issues = [{"id": f"20260101-{number:08}", "text": text} for number, text in enumerate(TEXTS)]
    file = codec.write(Relationship.model_validate({**home, "issues": issues}))
    (journal.places.journal / "x.toml").write_text(file, "utf-8")
    journal.refresh()
    plain = plain_meant(journal, query, "issues", lambda each: True)
    assert plain
    assert ours(journal, query, "issues", lambda each: True) == several(plain)


def test_an_entry_that_has_gone_since_answers_to_nothing(journal: Journal) -> None:
    view = next(each for each in journal.views() if each.relationship.issues)
    issue = view.relationship.issues[0]
    path = journal.path(view.summary)
    path.write_text(path.read_text("utf-8").replace(issue.id, "20200101-elsewhere"), "utf-8")
    assert journal.entries(issue.id) == []
    with pytest.raises(NotFound):
        journal.find_issue(issue.id, lambda each: True)


def test_two_files_with_one_id_are_one_relationship_everywhere(tmp_path: Path) -> None:
    """ "Two files with one id are reported": what stands in both is there once."""
    journal = journal_at(tmp_path)
    build(journal.places.journal, journal.clock)
    before = len(journal.standings(ISSUE_STATES)), len(journal.heard()), [each.encounters for each in journal.topics()]
    for path in list(journal.places.journal.glob("*.toml")):
        path.with_stem(f"z-{path.stem}").write_bytes(path.read_bytes())
    journal.refresh()
    after = len(journal.standings(ISSUE_STATES)), len(journal.heard()), [each.encounters for each in journal.topics()]
    assert after == before


# ── any journal ──────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(relationships(), min_size=1, max_size=3, unique_by=lambda each: each.id))
def test_the_same_is_said_of_any_journal(those: list[Relationship]) -> None:
    with TemporaryDirectory() as root:
        journal = journal_at(Path(root))
        for number, each in enumerate(those):
            (journal.places.journal / f"{number}.toml").write_text(codec.write(each), "utf-8", newline="")
        assert all(each.readable for each in journal.summaries())
        for states in STATES:
            same(map(known, journal.standings(states)), map(known, plain_standings(journal, states)))
        same(
            [(each.relationship_id, each.relationship, as_known(each.heard)) for each in journal.heard()],
            plain_heard(journal),
        )
        assert journal.topics() == plain_topics(journal)
        journal.close()

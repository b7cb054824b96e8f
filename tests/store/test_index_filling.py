"""Filling the index: however the files come and go, it ends with what a fresh one would hold, and that is right."""

from __future__ import annotations

import json
import os
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convo_tui.clock import Clock
from convo_tui.core.carry import standing
from convo_tui.core.edits import named
from convo_tui.core.folding import folded
from convo_tui.core.inline import topics
from convo_tui.core.models import Encounter, Issue, Person, Relationship
from convo_tui.core.noticing import signs
from convo_tui.core.participation import Directory, place_in_time
from convo_tui.core.pulse_rules import rests
from convo_tui.core.signs import Signs
from convo_tui.paths import Places
from convo_tui.store import codec
from convo_tui.store.index import filling, noticed, reading, workers
from convo_tui.store.index.database import noted, version, whole
from convo_tui.store.index.index import Index
from convo_tui.store.index.lists import order_of
from convo_tui.store.index.places import MINUTE_BIT
from convo_tui.store.shelf import Shelf

FIRST = datetime.fromisoformat("2026-01-05T10:00:00+01:00")
TODAY = date(2026, 3, 1)
CLOCK = Clock(lambda: datetime(2026, 3, 1, 12, tzinfo=UTC), UTC)
WORDS = ["legal", "has", "the", "draft", "#pricing", "Søren", "#pilot", "naïve", "seats", "kick-off"]


# ── a journal ────────────────────────────────────────────────────────────────────────────────────────────


def encounter(identity: int, day: int, *with_: str, note: str = "legal has the #draft", **more: Any) -> Encounter:
    return Encounter(id=f"20260101-e{identity:07}", at=FIRST + timedelta(days=day), with_=with_, note=note, **more)


def relation(number: int, *encounters: Encounter, **more: Any) -> Relationship:
    given: dict[str, Any] = {"format": 1, "id": rid(number), "name": f"Name {number}", "kind": "person"}
    return Relationship(**{**given, **more, "encounters": encounters})


def rid(number: int) -> str:
    return f"20260101-r{number:07}"


def journal(count: int = 30) -> dict[str, bytes]:
    """Files that lead to one another: everyone met the next one, belongs to an organisation, and has an issue."""
    files = {}
    for number in range(count):
        issue = Issue(
            id=f"20260101-i{number:07}",
            text=f"send the {WORDS[number % len(WORDS)]}",
            opened=FIRST + timedelta(days=1),
            carried=(f"20260101-e{number:07}",),
        )
        met = encounter(number, number, rid((number + 1) % count), note=" ".join(WORDS[: 1 + number % 10]), spark=3)
        later = encounter(count + number, number + 2, mentions=(rid(0),))
        organisation = rid(0) if number % 3 == 1 else ""
        relationship = relation(number, met, later, issues=(issue,), organisation=organisation)
        files[f"{number:03}.toml"] = codec.write(relationship).encode()
    return files


def write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)


@dataclass
class Place:
    """A folder and the indexes of it, closed at the end."""

    root: Path
    made: list[Index] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.root / "journal"

    def index(self, name: str = "index", zone: tzinfo = UTC) -> Index:
        self.made.append(Index(self.folder, self.root / f"{name}.sqlite", zone))
        return self.made[-1]

    def fresh(self) -> dict[str, list[Any]]:
        """What an index holds that was made of the folder as it is now, all at once."""
        index = self.index(f"fresh-{len(self.made)}")
        index.refresh()
        return contents(index)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    here = Place(tmp_path)
    write(here.folder, journal())
    yield here
    for index in here.made:
        index.close()


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every few files are a step and a segment of the full text, and every two are settled at once."""
    monkeypatch.setattr(filling, "_STEP_BYTES", 2000)
    monkeypatch.setattr(filling, "_TEXT_BYTES", 5000)
    monkeypatch.setattr(reading, "_BATCH_BYTES", 1000)
    monkeypatch.setattr("convo_tui.store.index.together._FILES", 2)


# ── what an index holds ──────────────────────────────────────────────────────────────────────────────────


def contents(index: Index) -> dict[str, list[Any]]:
    """Return all rows of all tables and the places of all words, with names in the place of numbers."""
    sql = index.sql
    files = dict(sql.execute("SELECT number, file FROM files"))
    companies = {row[0]: (files[row[1]], row[2]) for row in sql.execute("SELECT company, number, with_ FROM companies")}
    entries: dict[int, tuple[str, ...]] = {}
    places: dict[int, tuple[str, ...]] = {}
    for entry, place_, number, kind, identity in sql.execute("SELECT entry, place, number, kind, id FROM entries"):
        entries[entry] = places[place_] = (files[number], kind, identity)
    names: dict[str, Callable[[Any], Any]] = {
        "number": files.__getitem__,
        "company": lambda company: company if company is None else companies[company],
        "entry": entries.__getitem__,
        "place": lambda place_: place_ >> MINUTE_BIT,
        "settled": lambda _: None,
    }
    found: dict[str, list[Any]] = {}
    for table in ("files", "names", "links", "companies", "members", "parties", "entries", "talks", "spoken", "refs"):
        columns = [row[1] for row in sql.execute(f"PRAGMA table_info ({table})")]
        rows = sql.execute(f"SELECT * FROM {table}").fetchall()
        told = [tuple(names.get(name, _same)(value) for name, value in zip(columns, row, strict=True)) for row in rows]
        found[table] = sorted(told, key=repr)
    found["words"] = sql.execute("SELECT word, entries FROM words ORDER BY word").fetchall()
    for word, _ in found["words"]:
        said = sql.execute("SELECT rowid FROM texts WHERE texts MATCH ?", (f'"{word}"',))
        found[f"texts: {word}"] = sorted(places[row[0]] for row in said)
    found["meta"] = sql.execute("SELECT * FROM meta ORDER BY name").fetchall()
    return found


def _same(value: object) -> object:
    return value


def numbers(index: Index) -> dict[tuple[str, str], int]:
    rows = index.sql.execute("SELECT entries.kind, entries.id, file, entry FROM entries JOIN files USING (number)")
    return {(f"{kind} {identity}", file): entry for kind, identity, file, entry in rows}


# ── in steps ─────────────────────────────────────────────────────────────────────────────────────────────


def test_many_steps_end_as_one_does(place: Place, small_steps: None, monkeypatch: pytest.MonkeyPatch) -> None:
    index = place.index()
    steps = list(index.refreshing())
    assert len(steps) > 20
    assert [each.done for each in steps] == sorted(each.done for each in steps)
    assert steps[-1].done == steps[-1].total
    monkeypatch.undo()
    assert contents(index) == place.fresh()


def test_the_full_text_says_what_the_entries_say(place: Place, small_steps: None) -> None:
    index = place.index()
    index.refresh()
    said: defaultdict[str, set[str]] = defaultdict(set)
    for file, text in index.sql.execute(
        "SELECT file || entries.kind || entries.id, entries.said FROM entries JOIN files USING (number)"
    ):
        for word in text.split():
            said[word].add(file)
    held = contents(index)
    assert dict(held["words"]) == {word: len(those) for word, those in said.items()}
    for word, those in said.items():
        assert {"".join(each) for each in held[f"texts: {word}"]} == those


@pytest.mark.parametrize("steps", [1, 4, 9, 14, 20, 30])
def test_a_build_that_was_killed_goes_on(place: Place, small_steps: None, steps: int) -> None:
    killed = place.index()
    going = killed.refreshing()
    for _ in range(steps):
        next(going)
    going.close()  # type: ignore[attr-defined]
    killed.close()
    again = place.index()
    assert not again.sql.execute("SELECT value FROM meta WHERE name = 'complete'").fetchone()[0]
    assert again.refresh()
    assert not again.refresh()
    assert contents(again) == place.fresh()


@pytest.mark.parametrize("steps", [2, 3, 4, 5, 6, 8, 12, 25])
def test_what_changes_while_a_build_is_interrupted_is_seen(place: Place, small_steps: None, steps: int) -> None:
    killed = place.index()
    going = killed.refreshing()
    for _ in range(steps):
        next(going)
    going.close()  # type: ignore[attr-defined]
    killed.close()
    for number in range(2, 30):
        later = encounter(900 + number, 40, rid(5), note="altogether else", spark=1)
        write(place.folder, {f"{number:03}.toml": codec.write(relation(number, later)).encode()})
    for number in (0, 1):
        (place.folder / f"{number:03}.toml").unlink()
    again = place.index()
    again.refresh()
    assert contents(again) == place.fresh()


def test_the_last_file_of_an_interrupted_build_can_be_found_when_it_changes(place: Place, small_steps: None) -> None:
    killed = place.index()
    going = killed.refreshing()
    newest = "SELECT entry, file FROM entries JOIN files USING (number) ORDER BY entry DESC LIMIT 1"
    while next(going) and str(killed.sql.execute(newest).fetchone()[0]) != noted(killed.sql, "texts"):
        pass
    going.close()  # type: ignore[attr-defined]
    _, last = killed.sql.execute(newest).fetchone()
    killed.close()
    path = place.folder / last
    path.write_bytes(path.read_bytes().replace(b"legal has the #draft", b"altogether else"))
    again = place.index()
    again.refresh()
    assert contents(again) == place.fresh()


def test_a_large_change_of_a_complete_index_comes_in_steps_too(place: Place, small_steps: None) -> None:
    index = place.index()
    index.refresh()
    write(place.folder, {name: data.replace(b"draft", b"contract") for name, data in journal(40).items()})
    assert len(list(index.refreshing())) > 10
    assert contents(index) == place.fresh()


def test_two_that_fill_one_index_at_once_end_the_same(place: Place, small_steps: None) -> None:
    both, ready = [place.index(), place.index()], threading.Barrier(2)
    assert [index.sql.execute("SELECT count(*) FROM files").fetchone() for index in both] == [(0,), (0,)]

    def fill(index: Index) -> None:
        ready.wait()
        index.refresh()

    threads = [threading.Thread(target=fill, args=(index,)) for index in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [index.trouble for index in both] == ["", ""]
    assert contents(both[0]) == contents(both[1]) == place.fresh()


def test_what_another_program_leaves_half_done_during_the_last_steps_is_done(place: Place, small_steps: None) -> None:
    first, other = place.index(), place.index()
    going = first.refreshing()
    progress = next(going)
    while progress.done < progress.total:
        progress = next(going)
    for _ in range(40):
        next(going)
    write(place.folder, {"000.toml": codec.write(relation(0, encounter(800, 50, rid(9), note="unheard of"))).encode()})
    killed = other.refreshing()
    next(killed)
    killed.close()  # type: ignore[attr-defined]
    for _ in going:
        pass
    assert contents(first) == place.fresh()


# ── in other processes ───────────────────────────────────────────────────────────────────────────────────


def test_other_processes_read_the_same(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MANY_BYTES", 0)
    monkeypatch.setattr(reading, "_BATCH_BYTES", 1000)
    index = place.index()
    index.refresh()
    monkeypatch.undo()
    assert contents(index) == place.fresh()


@pytest.mark.parametrize("fails", ["__init__", "submit"])
def test_without_room_for_other_processes_this_one_reads(
    place: Place, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(reading, "MANY_BYTES", 0)
    monkeypatch.setattr(reading, "_BATCH_BYTES", 1000)
    monkeypatch.setattr(workers.Workers, fails, refused)
    index = place.index()
    index.refresh()
    monkeypatch.undo()
    assert index.trouble == ""
    assert contents(index) == place.fresh()


# ── what has changed, and nothing else ───────────────────────────────────────────────────────────────────


def test_a_change_of_one_encounter_writes_that_entry_only(place: Place) -> None:
    index = place.index()
    index.refresh()
    before = numbers(index)
    path = place.folder / "007.toml"
    path.write_bytes(path.read_bytes().replace(b"legal has the #draft", b"nothing of the kind"))
    assert index.refresh()
    after = numbers(index)
    written = {key for key, entry in after.items() if before[key] != entry}
    assert written == {("encounter 20260101-e0000037", "007.toml")}
    assert contents(index) == place.fresh()


def test_encounters_of_one_moment_stay_in_the_order_of_the_file(place: Place) -> None:
    """ "Ties as written" (CONTRACT.md, "The file"): which are the last three decides whether an issue is circling."""
    ids = [f"20260101-e{number:07}" for number in range(4)]
    issue = Issue(id="20260101-i0000000", text="again", opened=FIRST, carried=tuple(ids[1:]))
    other = relation(1, encounter(9, 1, rid(0)))

    def write_with(first: str) -> None:
        notes = [first, "one", "two", "three"]
        mine = relation(0, *(encounter(nth, 3, note=note) for nth, note in enumerate(notes)), issues=(issue,))
        write(place.folder, {"000.toml": codec.write(mine).encode(), "001.toml": codec.write(other).encode()})

    for path in place.folder.iterdir():
        path.unlink()
    index = place.index()
    for note in ("zero", "another"):
        write_with(note)
        index.refresh()
        query = "SELECT passed, circling FROM entries WHERE kind = 'issue'"
        assert index.sql.execute(query).fetchall() == [(2, 1)]


def test_an_issue_that_was_passed_elsewhere_is_not_when_that_file_is_gone(place: Place) -> None:
    index = place.index()
    index.refresh()
    query = "SELECT passed FROM entries JOIN files USING (number) WHERE file = '008.toml' AND entries.kind = 'issue'"
    assert index.sql.execute(query).fetchone() == (2,)
    (place.folder / "007.toml").unlink()
    index.refresh()
    assert index.sql.execute(query).fetchone() == (1,)


def test_a_file_that_is_gone_leaves_nothing_behind(place: Place) -> None:
    index = place.index()
    index.refresh()
    for path in place.folder.iterdir():
        path.unlink()
    index.refresh()
    held = contents(index)
    assert [table for table, rows in held.items() if rows] == ["meta"]


def test_a_file_that_was_only_touched_is_not_written_again(place: Place) -> None:
    index = place.index()
    index.refresh()
    before, seen = numbers(index), index.sql.total_changes
    os.utime(place.folder / "004.toml", (1, 1))
    index.refresh()
    assert numbers(index) == before
    assert index.sql.total_changes - seen < 12  # its stamp, and notes of how far the index is
    assert not index.refresh()


def test_a_change_within_one_tick_and_of_the_same_size_is_noticed(place: Place) -> None:
    index = place.index()
    path = place.folder / "000.toml"
    index.refresh()
    stamp = path.stat()
    data = path.read_bytes().replace(b"legal", b"lidar")
    with path.open("r+b") as file:
        file.write(data)
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert path.stat().st_ino == stamp.st_ino
    assert index.refresh()
    assert contents(index) == place.fresh()


def test_another_zone_reads_again_what_has_local_times(place: Place) -> None:
    """A naive time is local time (CONTRACT.md, "Dates")."""
    local = (
        b'format = 1\nid = "20260101-local000"\nname = "L"\nkind = "person"\n[[encounters]]\nat = 2026-03-01T10:00:00\n'
    )
    write(place.folder, {"local.toml": local})
    index = place.index()
    index.refresh()
    before = numbers(index)
    index.close()
    moved = place.index(zone=timezone(timedelta(hours=5)))
    assert moved.refresh()
    query = "SELECT at FROM entries JOIN files USING (number) WHERE file = 'local.toml' AND entries.kind = 'encounter'"
    assert moved.sql.execute(query).fetchone() == ("2026-03-01T10:00:00+05:00",)
    after = numbers(moved)
    assert {file for (_, file), entry in after.items() if before.get((_, file)) != entry} == {"local.toml"}
    assert not moved.refresh()


# ── whatever happens to the files ────────────────────────────────────────────────────────────────────────

PEOPLE = [f"20260101-p{number:07}" for number in range(3)]


@st.composite
def relationships(draw: st.DrawFn, number: int) -> Relationship:
    """One of a few who belong to one another, met one another, or have the same id as another."""
    anyone = st.sampled_from([*(rid(each) for each in range(6)), *PEOPLE, "unknown"])
    people = tuple(
        Person(id=identity, name=f"P {identity[-1]}", relationship=draw(st.sampled_from(["", rid(0), rid(1)])))
        for identity in draw(st.lists(st.sampled_from([PEOPLE[number % 3]]), max_size=1))
    )
    met = [
        encounter(
            100 * number + each,
            draw(st.integers(0, 6)),
            *draw(st.lists(anyone, max_size=2)),
            note=" ".join(draw(st.lists(st.sampled_from(WORDS), max_size=3))),
            channel=draw(st.sampled_from(["call", "call", "note"])),
            spark=draw(st.sampled_from([None, 1, 5])),
            mentions=tuple(draw(st.lists(anyone, max_size=1))),
        )
        for each in range(draw(st.integers(0, 4)))
    ]
    some = st.lists(
        st.sampled_from([f"20260101-e{100 * each + nth:07}" for each in (0, 1, number) for nth in range(4)])
    )
    closed = draw(st.sampled_from([None, FIRST + timedelta(days=4)]))
    issue = Issue(
        id=f"20260101-i{number:07}",
        text="send the draft",
        state="settled" if closed else draw(st.sampled_from(["open", "parked"])),
        opened=draw(st.sampled_from([None, FIRST, FIRST + timedelta(days=2)])),
        due=draw(st.sampled_from([None, date(2026, 2, 1)])),
        closed=closed,
        carried=tuple(dict.fromkeys(draw(some))),
    )
    return relation(
        number,
        *met,
        id=draw(st.sampled_from([rid(number), rid(number), rid(number), rid(5)])),
        name=draw(st.sampled_from([f"Name {number}", f"Other {number}"])),
        kind="organisation" if people else "person",
        organisation=draw(st.sampled_from(["", "", rid(0), "Name 1", "Other 2"])),
        former=tuple(draw(st.sampled_from([(), (), ("unknown",)]))),
        cadence=draw(st.sampled_from([None, "3w"])),
        archived=draw(st.sampled_from([False, False, True])),
        people=people,
        issues=draw(st.sampled_from([(), (issue,)])),
    )


@st.composite
def changes(draw: st.DrawFn) -> dict[str, bytes | None]:
    """What some files say from now on; None for one that is removed."""
    changed: dict[str, bytes | None] = {}
    for number in draw(st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True)):
        what = draw(st.sampled_from(["write", "write", "write", "remove", "damage"]))
        text = codec.write(draw(relationships(number))).encode() if what == "write" else b"name = 'Nobody'\n["
        changed[f"{number}.toml"] = None if what == "remove" else text
    return changed


def plainly(folder: Path) -> dict[str, dict[str, Any]]:
    """What follows from all files together, worked out from the rules and nothing else."""
    read: dict[str, Relationship] = {}
    for path in sorted(folder.iterdir()):
        try:
            read[path.name] = codec.read(path.read_bytes(), UTC).relationship
        except codec.Malformed:
            continue
    directory = Directory.of(each for file, relationship in read.items() for each in named(relationship, file))
    sharing: defaultdict[str, list[str]] = defaultdict(list)
    for file, relationship in read.items():
        sharing[relationship.id].append(file)
    told: dict[str, dict[str, Any]] = {}
    for file, relationship in read.items():
        is_first, shared = sharing[relationship.id][0] == file, len(sharing[relationship.id]) > 1
        parties = {
            (met.with_, party)
            for met in relationship.encounters
            for party in directory.took_part(relationship.id, met.with_) - {relationship.id}
            if is_first
        }
        joint = [
            (met, other.id)
            for home, other in read.items()
            if is_first and other.id != relationship.id and sharing[other.id][0] == home
            for met in other.encounters
            if relationship.id in directory.took_part(other.id, met.with_)
        ]
        own = [(met, "") for met in relationship.encounters]
        timeline = sorted(own + joint, key=lambda each: place_in_time(each[0].at, each[0].id, not each[1]))
        homes = {met.id: home for met, home in joint}
        contacts = [met for met, _ in timeline if met.is_contact and is_first]
        stands = [standing(issue, [met for met, _ in timeline], date.min) for issue in relationship.issues]
        people = [
            each
            for each in directory.everyone.values()
            if not each.home
            and (
                directory.organisation(each) == relationship.id
                or each.id in {directory.resolved(person.relationship) for person in relationship.people}
            )
        ]
        found = signs(relationship, [met for met, _ in timeline], people, homes)
        told[file] = {
            "signs": found if is_first and not rests(found, TODAY) else None,
            "key": relationship.id if is_first else file,
            "has clash": shared,
            "last contact": contacts[-1].at if contacts else None,
            "sparks": tuple(met.spark for met in contacts if met.spark is not None)[-8:],
            "parties": parties,
            "stands": [(each.carried, each.passed, each.circling) for each in stands],
            "words": {word for met in relationship.encounters for word in folded(met.note).split()},
            "talks": {(met.id, topic) for met in relationship.encounters for topic in topics(met.note)},
            "spoken": {(met.id, mentioned) for met in relationship.encounters for mentioned in met.mentions},
        }
    return told


_OF_ENCOUNTERS = (
    "SELECT entries.id, {} FROM {} JOIN entries USING (entry) WHERE number = ? AND entries.kind = 'encounter'"
)


def as_indexed(shelf: Shelf) -> dict[str, dict[str, Any]]:
    index, told = shelf.index, dict[str, dict[str, Any]]()
    signs_of = {each.id: each for each in shelf.signs()}
    assert {each.id: each for each in index.signs(TODAY)} == signs_of, "what was gathered is kept"
    for summary in index.summaries():
        if not summary.readable:
            continue
        query = "SELECT number, clash, wakes, late_from, rank, moment FROM files WHERE file = ?"
        number, clash, wakes, late_from, rank, moment = index.sql.execute(query, (summary.file,)).fetchone()
        placed = order_of(replace(summary))
        assert (wakes, late_from, rank, moment) == tuple(
            placed[each] for each in ("wakes", "late_from", "rank", "moment")
        )
        parties = index.sql.execute(
            "SELECT with_, party FROM companies JOIN parties USING (company) WHERE number = ?", (number,)
        )
        stands = index.sql.execute(
            "SELECT carried, passed, circling FROM entries WHERE number = ? AND kind = 'issue' ORDER BY id", (number,)
        )
        said = index.sql.execute("SELECT said FROM entries WHERE number = ? AND kind = 'encounter'", (number,))
        told[summary.file] = {
            "signs": signs_of.get(summary.key),
            "key": summary.key,
            "has clash": bool(clash),
            "last contact": summary.last_contact,
            "sparks": summary.sparks,
            "parties": {(tuple(json.loads(with_)), party) for with_, party in parties},
            "stands": [(carried, passed, bool(circling)) for carried, passed, circling in stands],
            "words": {word for row in said for word in row[0].split() if not word.startswith("♯")},
            "talks": set(index.sql.execute(_OF_ENCOUNTERS.format("topic", "talks"), (number,))),
            "spoken": set(index.sql.execute(_OF_ENCOUNTERS.format("spoken.id", "spoken"), (number,))),
        }
    return told


def shelf_at(place: Place) -> Shelf:
    return Shelf(Places(place.folder, *(place.root / each for each in ("config", "cache", "state"))), CLOCK)


OF_NOBODY = relation(7)
OF_ACME = relation(7, organisation="Name 0")


@pytest.mark.parametrize(
    ("with_", "steps"),
    [
        (rid(7), [(OF_NOBODY, 0), (OF_ACME, 1), (OF_NOBODY, 0)]),
        (rid(7), [(OF_ACME, 1), (relation(8, former=("Name 0",)), 0), (relation(8), 1)]),
        ("as it was", [(OF_NOBODY, 0), (relation(7, former=("as it was",), aliases=("Bo",)), 1), (OF_NOBODY, 0)]),
    ],
    ids=["states it", "states another", "has another id"],
)
def test_who_of_an_organisation_took_part_is_noticed_anew_when_it_is_someone_else(
    place: Place, with_: str, steps: list[tuple[Relationship, int]]
) -> None:
    """An encounter of the organisation's own: which people were there depends on the files of others alone."""
    for path in place.folder.iterdir():
        path.unlink()
    person = Person(id=PEOPLE[0], name="P", relationship=rid(7) if with_ != rid(7) else "")
    acme = relation(0, encounter(1, 1, with_), kind="organisation", people=(person,))
    write(place.folder, {"acme.toml": codec.write(acme).encode()})
    shelf = shelf_at(place)
    try:
        for relationship, people in steps:
            write(place.folder, {f"{relationship.name}.toml": codec.write(relationship).encode()})
            shelf.refresh()
            (found,) = [each for each in shelf.signs() if each.id == rid(0)]
            assert found.people_noted == people
    finally:
        shelf.close()


def test_signs_that_depend_on_one_file_alone_need_no_other(place: Place) -> None:
    """`convo pulse` from the index: what takes part in nothing of others, and has nobody, is known from the start."""
    write(place.folder, {"alone.toml": codec.write(relation(90, encounter(90, 3), kind="organisation")).encode()})
    index = place.index()
    index.refresh()
    assert rid(90) in {each.id for each in index.signs(TODAY)}
    assert rid(90) not in index.without_signs(TODAY)
    assert rid(5) in index.without_signs(TODAY)


def test_signs_are_not_kept_when_another_program_wrote_meanwhile(place: Place) -> None:
    index, other = place.index(), place.index()
    index.refresh()
    other.refresh()
    (missing, *_), seen = index.without_signs(TODAY), version(index.sql)
    gathered = [Signs(missing, "N", "person")]
    with whole(other.sql):
        other.sql.execute("INSERT INTO meta VALUES ('something', 'new')")
    noticed.keep(index.sql, gathered, seen)
    assert missing in index.without_signs(TODAY)
    noticed.keep(index.sql, gathered, version(index.sql))
    assert missing not in index.without_signs(TODAY)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(several=st.lists(changes(), min_size=1, max_size=5))
def test_after_any_changes_the_index_is_as_a_fresh_one_and_as_the_rules_say(
    tmp_path_factory: pytest.TempPathFactory, several: list[dict[str, bytes | None]]
) -> None:
    place = Place(tmp_path_factory.mktemp("any"))
    place.folder.mkdir()
    shelf = shelf_at(place)
    try:
        for changed in several:
            for name, data in changed.items():
                if data is None:
                    (place.folder / name).unlink(missing_ok=True)
                else:
                    (place.folder / name).write_bytes(data)
            shelf.refresh()
            assert as_indexed(shelf) == plainly(place.folder)
            assert contents(shelf.index) == place.fresh()
    finally:
        shelf.close()
        for each in place.made:
            each.close()

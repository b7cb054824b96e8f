"""GATES.md 7, 9, 10 and the part of 14 that is about a file's text."""

from __future__ import annotations

import difflib
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from handwritten import Handwritten, Owner, handwritten
from hypothesis import HealthCheck, given, settings
from strategies import relationships

from convo_tui.core.models import ENTRY_KINDS, Encounter, Issue, Reach, Relationship
from convo_tui.store import codec
from convo_tui.store.same import same

ZONE = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)

everyday = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
full = settings(max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))


# ── Gate 7 ───────────────────────────────────────────────────────────────────────────────────────────────


def _write_read_write(relationship: Relationship) -> None:
    text = codec.write(relationship)
    document = codec.read(text.encode(), ZONE)
    assert same(document.relationship, relationship)
    assert codec.write(document.relationship) == text


@everyday
@given(relationships())
def test_what_is_written_reads_as_it_was_and_is_written_the_same_again(relationship: Relationship) -> None:
    _write_read_write(relationship)


@pytest.mark.long
@pytest.mark.timeout(1200)
@full
@given(relationships())
def test_ten_thousand_relationships_are_written_and_read_alike(relationship: Relationship) -> None:
    _write_read_write(relationship)


@settings(everyday, max_examples=60)
@given(relationships(), relationships())
def test_any_file_can_be_spliced_into_any_other(old: Relationship, new: Relationship) -> None:
    for text in (codec.write(old), codec.write(old).replace("\n", "\r\n"), codec.write(old).rstrip("\n")):
        document = codec.read(text.encode(), ZONE)
        assert same(codec.read(codec.splice(document, new).encode(), ZONE).relationship, new)


# ── Gate 9 ───────────────────────────────────────────────────────────────────────────────────────────────


class _Edits:
    """Random edits of one relationship, with a record of what they touched and what went for good."""

    def __init__(self, relationship: Relationship, rng: random.Random) -> None:
        self.relationship, self.rng = relationship, rng
        self.first = relationship
        self.gone: set[Owner] = set()
        self.touched: set[Owner] = set()

    def apply(self, times: int) -> Relationship:
        edits: list[Callable[[], None]] = [
            self.append_encounter, self.settle, self.drop_entry, self.edit_note, self.change_list, self.empty_key,
            self.fill_key, self.carry, self.insert_encounter, self.swap,
        ]  # fmt: skip
        for edit in self.rng.sample(edits, times):
            edit()
        self.change_reach()
        return self.relationship

    def set(self, **fields: Any) -> None:
        self.relationship = self.relationship.model_copy(update=fields)

    def owner(self, kind: str, entry: Any) -> Owner | None:
        """The place that an entry had in the file."""
        for number, first in enumerate(getattr(self.first, kind)):
            if first.id == entry.id:
                return (kind, number)
        return None

    def replace(self, kind: str, entry: Any, **fields: Any) -> None:
        entries = getattr(self.relationship, kind)
        changed = entry.model_copy(update=fields)
        self.set(**{kind: tuple(changed if each is entry else each for each in entries)})
        if owner := self.owner(kind, entry):
            self.touched.add(owner)

    def append_encounter(self) -> None:
        new = Encounter(id=f"new-{self.rng.random()}", at=NOW, note="# new\nnote")
        self.set(encounters=(*self.relationship.encounters, new))

    def insert_encounter(self) -> None:
        entries = list(self.relationship.encounters)
        entries.insert(self.rng.randint(0, len(entries)), Encounter(id=f"in-{self.rng.random()}", at=NOW))
        self.set(encounters=tuple(entries))

    def settle(self) -> None:
        if issues := self.relationship.issues:
            issue = self.rng.choice(issues)
            self.replace("issues", issue, state="settled", closed=NOW, closed_in="x", outcome="done\ntwice")
        else:
            self.set(issues=(Issue(id="new-issue", text="new"),))

    def drop_entry(self) -> None:
        kind = self.rng.choice(list(ENTRY_KINDS))
        if entries := getattr(self.relationship, kind):
            entry = self.rng.choice(entries)
            left = tuple(each for each in entries if each is not entry)
            self.set(**{kind: left})
            if owner := self.owner(kind, entry):
                self.gone.add(owner)
            if not left:
                self.gone |= {(kind,), ("", kind)}

    def edit_note(self) -> None:
        if encounters := self.relationship.encounters:
            encounter = self.rng.choice(encounters)
            self.replace("encounters", encounter, note=f"{encounter.note}\nmore" if encounter.note else "more")

    def change_list(self) -> None:
        tags = list(self.relationship.tags)
        if tags and self.rng.random() < 0.5:
            self.gone.add(("", "tags", tags.pop(self.rng.randrange(len(tags)))))
        else:
            tags.insert(self.rng.randint(0, len(tags)), "new")
        if not tags:
            self.gone.add(("", "tags"))
        self.set(tags=tuple(tags))

    def carry(self) -> None:
        if issues := self.relationship.issues:
            issue = self.rng.choice(issues)
            self.replace("issues", issue, carried=(*issue.carried, "another"))

    def empty_key(self) -> None:
        self.set(role="", next_about="")
        self.gone |= {("", "role"), ("", "next_about")}

    def fill_key(self) -> None:
        self.set(organisation="Acme", next_on=date(2026, 12, 1), cadence="3w")

    def swap(self) -> None:
        people = self.relationship.people
        self.set(people=people[::-1])

    def change_reach(self) -> None:
        reach = list(self.relationship.reach)
        choice = self.rng.randrange(4)
        number = self.rng.randrange(len(reach)) if reach else 0
        if choice == 0:
            reach.insert(number, Reach(kind="web", value="https://new.example"))
        elif choice == 1 and reach:
            reach[number] = reach[number].model_copy(update={"label": "newly labelled"})
            self.touched.add(("reach", number))
        elif choice == 2 and len(reach) > 1 and reach.count(reach[number]) == 1:
            del reach[number]
            self.gone.add(("reach", number))
        self.set(reach=tuple(reach))


def _edit_by_hand_and_by_program(seed: int) -> None:
    rng = random.Random(seed)
    made = handwritten(rng)
    document = codec.read(made.text.encode(), ZONE)
    assert codec.splice(document, document.relationship) == made.text
    edits = _Edits(document.relationship, rng)
    text = codec.splice(document, edits.apply(rng.randint(1, 3)))
    _check_comments(made, edits, text)
    _check_blocks(made, edits, document, text)
    assert "\r\n" not in text or "\n" not in text.replace("\r\n", "")


def _check_comments(made: Handwritten, edits: _Edits, text: str) -> None:
    for token, owner in made.owners.items():
        may_go = any(owner[:length] in edits.gone for length in range(1, len(owner) + 1))
        assert token in text or may_go, f"lost {token} of {owner}"


def _check_blocks(made: Handwritten, edits: _Edits, document: codec.Document, text: str) -> None:
    for owner, block in made.blocks.items():
        entry = getattr(document.relationship, str(owner[0]))[owner[1]]
        gets_an_id = getattr(entry, "id", "") in document.provisional and text != made.text
        if owner not in edits.touched | edits.gone and not gets_an_id:
            assert block.rstrip() in text, f"touched {owner}"


@pytest.mark.parametrize("start", range(0, 60, 20))
def test_edits_of_handwritten_files_lose_only_comments_of_what_was_deleted(start: int) -> None:
    for seed in range(start, start + 20):
        _edit_by_hand_and_by_program(seed)


@pytest.mark.long
def test_edits_of_four_hundred_handwritten_files_lose_only_comments_of_what_was_deleted() -> None:
    for seed in range(400):
        _edit_by_hand_and_by_program(seed)


# ── Gate 10 ──────────────────────────────────────────────────────────────────────────────────────────────

_BEFORE = """format = 1
id = "20240301-7k3q9m2f"
name = "Ana"
kind = "person"

# first things first
[[issues]]
id = "20261101-q2w3e4r5"
text = "send pricing"
owner = "me"  # as ever
state = "open"  # for now
opened = 2026-11-01T10:20:00+01:00

[[encounters]]
id = "20261122-dddd4444"
at = 2026-11-22T10:30:00+01:00
channel = "call"
nature = "conversation"
note = \"\"\"
Markdown text as typed.\"\"\"
"""


def _append_and_settle(text: str) -> str:
    document = codec.read(text.encode(), ZONE)
    old = document.relationship
    encounter = Encounter(id="20261123-eeee5555", at=NOW, note="We agreed.\nAt last.")
    settled = {"state": "settled", "closed": NOW, "closed_in": encounter.id, "outcome": "38 seats"}
    issue = old.issues[0].model_copy(update=settled)
    return codec.splice(
        document, old.model_copy(update={"issues": (issue,), "encounters": (*old.encounters, encounter)})
    )


_ADDED = [
    'state = "settled"  # for now',
    "closed = 2026-11-23T09:00:00+01:00",
    'closed_in = "20261123-eeee5555"',
    'outcome = "38 seats"',
    "",
    "[[encounters]]",
    'id = "20261123-eeee5555"',
    "at = 2026-11-23T09:00:00+01:00",
    'channel = "call"',
    'nature = "conversation"',
    'note = """',
    "We agreed.",
    'At last."""',
]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_encounter_appended_and_an_issue_settled_are_those_lines_only(newline: str) -> None:
    """ "Saving a change rewrites only the lines of the keys that changed, and adds the blocks that are new"."""
    before = _BEFORE.replace("\n", newline)
    after = _append_and_settle(before)
    assert after.count("\n") == after.count(newline)
    diff = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    assert [line[2:] for line in diff if line.startswith("- ")] == ['state = "open"  # for now']
    assert [line[2:] for line in diff if line.startswith("+ ")] == _ADDED


def test_git_sees_those_lines_only(tmp_path: Path) -> None:
    """ "Saving a change rewrites only the lines of the keys that changed, and adds the blocks that are new"."""
    (tmp_path / "before").write_bytes(_BEFORE.encode())
    (tmp_path / "after").write_bytes(_append_and_settle(_BEFORE).encode())
    command = ["git", "diff", "--no-index", "--no-color", "--no-ext-diff", "--unified=0", "before", "after"]
    lines = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout.splitlines()[4:]
    assert [line[1:] for line in lines if line.startswith("-")] == ['state = "open"  # for now']
    assert [line[1:] for line in lines if line.startswith("+")] == _ADDED


# ── Gate 14, what the text of a file can do ──────────────────────────────────────────────────────────────

_MEGABYTE = 1_000_000
_HEAD = 'format = 1\nid = "x"\nname = "Ana"\nkind = "person"\n'
_BOMBS = {
    "headers": "[" * _MEGABYTE,
    "arrays": "a = " + "[" * _MEGABYTE,
    "tables": "a = " + "{a=" * (_MEGABYTE // 3),
    "bare tables": "{a=" * (_MEGABYTE // 3),
    "a dotted key": "a" + ".a" * 50_000 + " = 1",
    "a dotted header": "[a" + ".a" * 50_000 + "]",
    "ever deeper headers": "\n".join(f"[a{'.a' * depth}]" for depth in range(1400)),
    "a huge number": "a = " + "9" * _MEGABYTE,
    "an open text": 'a = "' + "x" * _MEGABYTE,
    "one key again and again": "a = 1\n" * 160_000,
    "wrong entries": _HEAD + "[[issues]]\n" * 90_000,
    "one id again and again": _HEAD + '[[heard]]\nid = "a"\ntext = "b"\n' * 30_000,
    "wrong entries in one array": _HEAD + "issues = [" + "{}, " * 250_000 + "]",
}


@pytest.mark.parametrize("bomb", _BOMBS)
def test_a_bomb_is_named_in_less_than_a_second(bomb: str) -> None:
    data = _BOMBS[bomb].encode()
    start = time.process_time()
    with pytest.raises(codec.Malformed) as caught:
        codec.read(data, UTC)
    assert time.process_time() - start < 1
    assert caught.value.reason
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


def test_one_encounter_is_spliced_into_a_big_file_in_steps_linear_in_its_size() -> None:
    """Steps, not seconds: a busy machine must not fail it, and a quadratic one must (calls, Python's and C's)."""

    def steps(count: int) -> int:
        entries = tuple(
            Encounter(id=f"e{number}", at=NOW - timedelta(hours=count - number), note="We talked.\n" * 20)
            for number in range(count)
        )
        old = Relationship(format=1, id="x", name="Ana", kind="person", encounters=entries)
        document = codec.read(codec.write(old).encode(), ZONE)
        wanted = document.relationship.model_copy(update={"encounters": (*entries, Encounter(id="new", at=NOW))})
        calls = 0

        def counted(_frame: object, event: str, _argument: object) -> None:
            nonlocal calls
            calls += event in ("call", "c_call")

        before = sys.getprofile()
        sys.setprofile(counted)
        try:
            codec.splice(document, wanted)
        finally:
            sys.setprofile(before)
        return calls

    steps(10)
    assert steps(1000) < 11 * steps(100)

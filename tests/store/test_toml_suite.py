"""TOML at its nastiest, as journal files: read or refused in one line, never anything else, and never touched.

The official suite is run when `$CONVO_TOML_SUITE` names a folder that has it (`tests` of toml-lang/toml-test on
GitHub); nothing is fetched for it. A handful of cases of our own runs every day.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from convo_tui.clock import Clock
from convo_tui.core import edits
from convo_tui.core.models import Encounter
from convo_tui.paths import Places
from convo_tui.store import codec, emit
from convo_tui.store.errors import Damage
from convo_tui.store.journal import Journal

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
SUITE = os.environ.get("CONVO_TOML_SUITE", "")

HEAD = b"""\
format = 1
id = "20240301-anaruiz1"
name = "Ana Ruiz"  # a sound relationship, so far
kind = "person"
"""

OURS: dict[str, bytes] = {
    "valid-quoted-headers": b'["a.b"]\n\'"x"\' = 1\n["" . "c\\u00e9"]\n"" = 2\n',
    "valid-hash-in-texts": b"a = \"#\" # \"\nb = '#' # '\nc = \"\"\"\n# no comment\"\"\"# one\nd = '''#\n[x]\n'''\n",
    "valid-quotes-at-the-end": b'a = """a""\\""""\nb = """""a"""""\nc = \'\'\'\'\'a\'\'\'\'\'\n',
    "valid-backslash-line-end": b'a = """one \\\n\n   two \\\r\n three"""\n',
    "valid-headers-in-a-text": b'a = """\n[[encounters]]\nid = "x"\n"""\n',
    "valid-dots-and-dates": b"a.b.c = 1979-05-27T07:32:00.999999-07:00\na.b.d = 1979-05-27 07:32:00\na.e = 07:32:00\n",
    "valid-numbers": b"a = -0\nb = +inf\nc = nan\nd = 0x_f\n".replace(b"0x_f", b"0xdead_beef") + b"e = 5e+2_2\n",
    "valid-array-over-lines": b"a = [ # one\n  1, # ]\n  [\"]\", ']'], # [\n\n  {b = 2}, ]\n",
    "valid-tables-out-of-order": b"[a.b]\nx = 1\n[c]\n[a]\ny = 2\n[[d]]\n[d.e]\n[[d]]\n[d.e]\nz = 3\n",
    "valid-no-newline-at-the-end": b"a = 1",
    "valid-windows": b'a = 1\r\n\r\n[b]\r\nc = """\r\nd"""\r\n',
    "valid-marks-and-scripts": "\ufeffa = \"\u202e\u0301\U0001f469\u200d\U0001f467\"\n'\u540d' = 1\n".encode(),
    "invalid-key-twice": b"a = 1\n'a' = 2\n",
    "invalid-table-over-a-value": b"a = 1\n[a.b]\n",
    "invalid-array-over-a-table": b"[a]\n[[a]]\n",
    "invalid-open-text": b'a = """\nx\n',
    "invalid-bare-return": b"a = 1\rb = 2\n",
    "invalid-control": b'a = "\x01"\n',
    "invalid-surrogate": b'a = "\\ud800"\n',
    "invalid-overlong": b'a = "\xc0\xaf"\n',
    "invalid-latin": b'a = "caf\xe9"\n',
    "invalid-utf-16": 'a = "x"\n'.encode("utf-16"),
    "invalid-day": b"a = 2026-02-30\n",
    "invalid-leading-zero": b"a = 007\n",
    "invalid-double-underscore": b"a = 1__0\n",
    "invalid-text-over-a-line": b'a = "x\ny"\n',
    "invalid-nul": b"a = 1\0\n",
    "invalid-half-a-conflict": b"<<<<<<< HEAD\na = 1\n",
}
"""Cases of our own by name, which says whether they are TOML."""


def suite() -> dict[str, bytes]:
    """The official cases by their path."""
    root = Path(SUITE)
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*.toml"))}


@pytest.fixture
def places(tmp_path: Path) -> Places:
    found = Places(*(tmp_path / each for each in ("journal", "config", "cache", "state")))
    found.journal.mkdir()
    return found


@pytest.fixture
def journal(places: Places) -> Iterator[Journal]:
    found = Journal(places, Clock(lambda: NOW, UTC))
    yield found
    found.close()


def refusal(journal: Journal, key: str) -> Damage | None:
    """Why a file cannot be opened; None when it can."""
    try:
        journal.view(key)
    except Damage as damage:
        return damage
    return None


def as_journal_files(journal: Journal, cases: dict[str, bytes]) -> Counter[str]:
    """Put each case into the folder as it is; each is read or named with file, line and reason, its bytes untouched."""
    paths = {name: journal.places.journal / f"{number}.toml" for number, name in enumerate(cases)}
    for name, path in paths.items():
        path.write_bytes(cases[name])
    journal.refresh()
    named = {each.file for each in journal.check() if each.level == "error"}
    count: Counter[str] = Counter()
    for name, path in paths.items():
        damage = refusal(journal, path.name)
        assert (damage is not None) == (path.name in named), name
        if damage is None:
            count["read"] += 1
            continue
        assert damage.path == path, name
        assert damage.reason, name
        assert "\n" not in str(damage), name
        count["refused"] += 1
        count["with a line"] += damage.line is not None
    journal.repairs()  # a plan writes nothing
    assert {name: path.read_bytes() for name, path in paths.items()} == cases
    return count


def within_a_relationship(cases: dict[str, bytes]) -> Counter[str]:
    """Put each case below a sound head; where that can be read, what is spliced into it leaves every other byte."""
    entry = Encounter(id="20261122-enc00001", at=NOW, note="We talked.")
    count: Counter[str] = Counter()
    for name, case in cases.items():
        data = HEAD + case.removeprefix("\ufeff".encode())
        try:
            document = codec.read(data, UTC)
        except codec.Malformed:
            count["refused"] += 1
            continue
        count["read"] += 1
        old = document.relationship
        try:
            text = codec.splice(document, edits.changed(old, role="COO"))
            longer = codec.splice(document, old.model_copy(update={"encounters": (*old.encounters, entry)}))
        except codec.Unspliceable:
            count["left alone"] += 1
            continue
        assert text.replace('role = "COO"\n', "", 1) == document.text, name
        before, block, after = longer.partition(emit.entry("encounters", entry).rstrip("\n"))
        assert block, name
        assert document.text in {
            before.removesuffix(above) + after.removeprefix(below)
            for above in ("", "\n", "\n\n")
            for below in ("", "\n", "\n\n")
        }, name
        assert codec.read(longer.encode(), UTC).relationship.encounters[-1] == entry, name
        count["spliced"] += 1
    return count


def test_our_own_cases_are_read_or_refused_with_a_reason_and_stay_as_they_are(journal: Journal) -> None:
    """GATES.md 8: "each read or refused with file, line, reason; no other exception; bytes untouched"."""
    count = as_journal_files(journal, OURS)
    assert count["refused"] == len(OURS), "none of them is a relationship"


def test_our_own_cases_below_a_sound_head_are_read_when_they_are_toml_and_spliced() -> None:
    valid = {name: case for name, case in OURS.items() if name.startswith("valid")}
    assert within_a_relationship(valid) == {"read": len(valid), "spliced": len(valid)}
    rest = {name: case for name, case in OURS.items() if name not in valid}
    assert within_a_relationship(rest) == {"refused": len(rest)}


@pytest.mark.skipif(not SUITE, reason="CONVO_TOML_SUITE names no folder with the official suite")
def test_the_official_suite_is_read_or_refused_with_a_reason_and_stays_as_it_is(journal: Journal) -> None:
    """GATES.md 8: "the official TOML test suite (valid and invalid) as journal files: each read or refused with file,
    line, reason; no other exception; bytes untouched"."""
    cases = suite()
    assert len(cases) > 500
    count = as_journal_files(journal, cases)
    assert count["read"] + count["refused"] == len(cases)
    print(f"\nas journal files: {len(cases)} files, {dict(count)}")


@pytest.mark.skipif(not SUITE, reason="CONVO_TOML_SUITE names no folder with the official suite")
@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_the_official_suite_below_a_sound_head_is_spliced(kind: str) -> None:
    cases = {name: case for name, case in suite().items() if f"/{kind}/" in f"/{name}"}
    count = within_a_relationship(cases)
    print(f"\nbelow a sound head, {kind}: {len(cases)} files, {dict(count)}")
    assert count["read"] + count["refused"] == len(cases)
    assert count["spliced"] > 0 or kind == "invalid"

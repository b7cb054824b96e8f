"""Gate e: finding as one types, letter by letter, beside ripgrep over the folder."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from functools import partial
from itertools import chain
from random import Random

from convo_tui.store.journal import Journal
from tests.bench import believable_words as words
from tests.bench import commands
from tests.bench.figures import Figure, Goal
from tests.bench.journals import Home
from tests.bench.measuring import Times, Work, in_turn, percentile, ratio, timed
from tests.bench.setting import Bench

SEED, EACH = "typings", 8
"""Of each kind of typing, so many."""
LIMIT, WIDTH = 50, 96
"""How many hits the screen asks for, and the characters it has for each."""
IN_SIGHT = 36
"""Hits of which a line is drawn."""


def finding(bench: Bench) -> Iterator[Figure]:
    """Finding as one types over all encounters, beside ripgrep; and `convo find`."""
    for size in bench.sizes:
        home = bench.journals.read_only(size)
        journal, n = home.opened(), size.relationships
        typings = whole_typings(names=[each.name for each in journal.summaries()[:: max(1, n // 40)]])
        took: Times = []
        for kind, texts in typings.items():
            letters = [_search(journal, text)() for text in chain.from_iterable(map(prefixes, texts))]
            bench.say(f"  {kind}: {1000 * percentile(letters, 50):.1f} ms, p95 {1000 * percentile(letters, 95):.1f} ms")
            took += letters
        what = "find as you type, each letter, p95"
        yield Figure("e", what, 1000 * percentile(took, 95), "ms", goal=Goal(10), size=n)
        lone = [*typings["frequent"], *typings["medium"], *typings["rare"]]
        program, found = _beside_grep(bench, journal, home, lone)
        what = f"find for a whole word, how many times faster than {program} over the folder"
        yield Figure("e", what, found, goal=Goal(10, at_least=True), size=n)
    yield from commands.finding(bench)


def whole_typings(names: list[str]) -> dict[str, list[str]]:
    """Return what people type, by its kind; the same each time for the same `names`."""
    rng = Random(SEED)
    ranked, _ = words.vocabulary()
    frequent, medium, rare = ranked[: len(words.COMMON)], ranked[1_000:5_000], ranked[25_000:]
    return {
        "frequent": rng.sample(frequent, EACH),
        "medium": rng.sample(medium, EACH),
        "rare": rng.sample(rare, EACH),
        "made up": ["zzyzx", "qwertz", "xylofoon", "wibble", "brzk", "plughery", "ffff", "unheardof"],
        "two words": [f"{rng.choice(frequent)} {rng.choice(medium)}" for _ in range(EACH)],
        "topics": [f"#{each}" for each in rng.sample(words.TOPICS, EACH)],
        "phrases": [f'"{each}"' for each in rng.sample(words.OPENINGS, EACH)],
        "with": [f'with:"{rng.choice(names)}" {rng.choice(frequent)}' for _ in range(EACH)],
    }


def prefixes(text: str) -> Iterator[str]:
    """Yield what stands in the line after each letter of a text."""
    return (text[:end] for end in range(1, len(text) + 1))


def _search(journal: Journal, text: str) -> Work:
    """A search as the screen does it, with the lines that are in sight."""
    return timed(lambda: [hit.snippet for hit in journal.search(text, LIMIT, WIDTH)[:IN_SIGHT]])


def _beside_grep(bench: Bench, journal: Journal, home: Home, whole: list[str]) -> tuple[str, float]:
    """Return what searched the files, and how many times as long it took, the median of all words."""
    program = "ripgrep" if shutil.which("rg") else "grep"
    begin = ["rg", "--no-config"] if program == "ripgrep" else ["grep", "-r"]
    ours: Times = []
    theirs: Times = []
    for word in whole:
        command = [*begin, "--count", "--ignore-case", "--fixed-strings", "--", word, str(home.journal)]
        grep = timed(partial(subprocess.run, command, capture_output=True, check=False))
        mine, other = in_turn(bench.rounds(5), _search(journal, word), grep)
        ours += mine
        theirs += other
    return program, ratio(theirs, ours)

"""The page that is kept of a run: docs/benchmarks.md."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from tests.bench.figures import Comparison, Figure, gates_table, growth_table, peers_table

MEANS: Mapping[str, str] = {
    "a": "How long it takes until a person sees whom they know: a new process in a terminal, from its start to the "
    "moment at which the whole list stands there. The floor is a Textual program of three panes with a word in each.",
    "b": "How long a letter takes from the key to the screen while a long relationship is shown beside the note.",
    "c": "How long it takes, after a key in the list, until where we left off with the next one is read, ranked and "
    "painted. The floor is a key that changes one word in the program of three panes.",
    "d": "How long `convo log` takes as a whole process. The floor is a process that imports the libraries needed to "
    "find, check and write a relationship, and does nothing with them.",
    "e": "How long a search takes at each letter of what people type: frequent, rare and unheard-of words, two words, "
    "topics, phrases, words with someone; the lines that are in sight included.",
    "f": "How fast a folder that was never seen is read, checked and written into the index, by a process of its own.",
    "g": "How long saving takes at worst, with all that keeps it safe: lock, splice, comparison, exchange, undo. "
    "The floor parses the text twice into a relationship and writes its bytes by system calls, `fsync` included.",
    "h": "How much memory stays in use once everything has come to rest.",
    "i": "How long it takes until a change by another program stands on the screen, and what watching for it costs.",
    "j": "How long git waits for one file that it lets Convo merge. The floor is a process that imports the libraries "
    "and the models needed to read, check and write a relationship.",
    "k": "How long it takes to say who needs attention, and why, of everyone. The floor is the list of everyone.",
}
"""What each gate means, in a sentence or two."""

MISSED: Mapping[str, str] = {
    "a": "What is left is not the journal, whose size hardly shows, but the program: some sixty modules more than the "
    "floor imports, forty widgets instead of three, and their styles.",
    "b": "With every letter the agenda, the receipt and the safe copy of the note follow; what has not changed is not "
    "drawn again.",
    "c": "A bare key changes one word and reads nothing. Ours opens the file of the next relationship, and those in "
    "which others met it, ranks what is open and draws two panes, whose heights change; the selection itself moves at "
    "once.",
    "d": "The save is synced to the disk, and the index with it, which the floor does not do; with ten thousand files "
    "each of them is asked for its time before anything is written.",
    "e": "The first search after a start reads the index from the disk; two beginnings of one or two letters are "
    "tested row by row. `convo find` asks all files for their time first.",
    "f": "Every file is validated, folded into words, compared with its timeline and written into the full text: about "
    "four times what parsing costs. The folder can be looked at meanwhile.",
    "h": "Validation, the index and its caches are loaded; the relationships themselves are not.",
    "i": "In place, right after the start, the index is still asked for.",
}
"""Why a gate is missed, by its letter."""


def written(figures: Sequence[Figure], comparisons: Sequence[Comparison], options: Iterable[str]) -> str:
    """Return the page for what was measured with these options: those that say what, not where files are."""
    gates = dict.fromkeys(each.gate for each in figures)
    missed = dict.fromkeys(each.gate for each in figures if each.verdict == "missed")
    command = " ".join(["python -m tests.bench", *options, "--write docs/benchmarks.md"])
    parts = [
        "# Benchmarks",
        f"Written on {datetime.now(UTC):%Y-%m-%d} by `{command}`: {_machine()}.",
        "Every ratio is measured in one run, ours and its floor in turn: the median of the ratios of all rounds, or of "
        "their p95. Times tell of the machine, ratios of the program. The journals are made by "
        "`tests/bench/believable.py`; caches are warm.",
        "## Gates",
        gates_table(figures),
        "\n".join(f"- **{gate}** {MEANS[gate]}" for gate in gates),
        *_section("### What is missed, and why", _reasons(missed)),
        *_section("## Growth: the same with so many relationships", growth_table(figures)),
        *_section("## Beside other programs, on the same data", peers_table(comparisons)),
    ]
    return "\n\n".join(parts) + "\n"


def _reasons(missed: Iterable[str]) -> str:
    return "\n".join(f"- **{gate}** {MISSED[gate]}" for gate in missed if gate in MISSED)


def _section(title: str, text: str) -> list[str]:
    return [title, text] if text else []


def _machine() -> str:
    """The machine in general words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )

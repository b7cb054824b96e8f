"""Gates d and j, and what gate e says of the command line: commands beside importing what they must import. Gate k:
one beside another."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from convo_tui.sample import build
from tests.bench.figures import Figure, Goal
from tests.bench.journals import CLOCK, Home
from tests.bench.measuring import importing, in_turn, ratio, timed
from tests.bench.setting import Bench

TO_LOOK = "click, platformdirs, sqlite3"
"""What a command that asks the index needs of others."""
TO_WRITE = f"{TO_LOOK}, pydantic, rtoml, tomli_w, filelock, slugify, convo_tui.core.models"
"""What one that reads, changes and writes a relationship needs, the models included."""

TO_MERGE = "pydantic, rtoml, tomli_w, convo_tui.core.models"
"""What the merge driver needs."""


def logging(bench: Bench) -> Iterator[Figure]:
    """`convo log` beside importing what it must import."""
    sample = Home(bench.scratch / "sample", bench.scratch / "sample-home")
    sample.journal.mkdir()
    build(sample.journal, CLOCK)
    what = "`convo log` beside importing what it must"
    yield Figure("d", f"{what}; the sample journal", _log_ratio(bench, sample), goal=Goal(1.3))
    for size in bench.sizes:
        found = _log_ratio(bench, bench.journals.copy(size))
        yield Figure("d", what, found, goal=Goal(1.3), size=size.relationships)


def finding(bench: Bench) -> Iterator[Figure]:
    """`convo find` beside importing what it must import."""
    for size in bench.sizes:
        home = bench.journals.read_only(size)
        find = timed(partial(home.convo, "find", "pricing"))
        ours, floor = in_turn(bench.rounds(25), find, importing(TO_LOOK, home.environment))
        what = "`convo find` beside importing what it must"
        yield Figure("e", what, ratio(ours, floor), goal=Goal(1.5), size=size.relationships)


def merging(bench: Bench) -> Iterator[Figure]:
    """The merge driver, as git calls it, beside importing what it must import."""
    sample = Home(bench.scratch / "merged", bench.scratch / "merged-home")
    sample.journal.mkdir()
    build(sample.journal, CLOCK)
    base, ours, theirs = (sample.journal / "ana-ruiz.toml", bench.scratch / "ours", bench.scratch / "theirs")
    text = base.read_text("utf-8")
    theirs.write_text(text.replace("pricing", "prices"), "utf-8")

    def merge() -> None:
        ours.write_text(text.replace("Legal", "The lawyers"), "utf-8")
        sample.convo("merge-file", str(base), str(ours), str(theirs), "ana-ruiz.toml")

    found = ratio(*in_turn(bench.rounds(25), timed(merge), importing(TO_MERGE, sample.environment)))
    yield Figure("j", "the merge driver beside importing what it must", found, goal=Goal(1.5))


def looking_after(bench: Bench) -> Iterator[Figure]:
    """`convo pulse` beside `convo list`."""
    for size in bench.sizes:
        home = bench.journals.read_only(size)
        home.convo("pulse")  # what the index lacks after its first build is gathered once
        ours, floor = in_turn(bench.rounds(15), *(timed(partial(home.convo, each)) for each in ("pulse", "list")))
        what = "`convo pulse` beside `convo list`"
        yield Figure("k", what, ratio(ours, floor), goal=Goal(3), size=size.relationships)


def _log_ratio(bench: Bench, home: Home) -> float:
    name = home.someone["name"]
    log = timed(lambda: home.convo("log", name, "We talked about the plan."))
    return ratio(*in_turn(bench.rounds(25), log, importing(TO_WRITE, home.environment)))

"""The receipt: "Before saving, the program shows a receipt of what it understood" (CONTRACT.md)."""

from __future__ import annotations

from core_builders import NOW, TODAY, acme, context, heard, issue, soren

from convo_tui.core import grammar
from convo_tui.core.ending import plan
from convo_tui.core.models import Encounter
from convo_tui.core.receipt import Phrase, done, phrases

HOME = acme(issue("send pricing"), issue("report", every="1m"), heard=[heard("a dashboard")])
NOTE = """\
intro
! book the kickoff @us due:fri every:1m
? who signs? due:whenever
~ pricing
~ *
= report : sent
= dashboard
expect: an answer
next: in 3 weeks the board
next: soon
with: ana, bo
spark: 4
nature: transaction
minutes: 25
> quoted
~ nothing"""


def test_before_saving_every_marked_line_is_said_in_words() -> None:
    """Before saving, the program shows a receipt of what it understood."""
    said = phrases(grammar.read(NOTE, context(HOME)), TODAY)
    assert said == [
        Phrase("opens", "book the kickoff · us · Fri 27 Nov · every 1m"),
        Phrase("opens", "who signs? due:whenever · them"),
        Phrase("as typed", said[2].text, doubtful=True),
        Phrase("carries", "send pricing"),
        Phrase("carries", "send pricing · report"),
        Phrase("settles", "report · sent"),
        Phrase("meets", "a dashboard"),
        Phrase("hears", "expectation: an answer"),
        Phrase("as typed", "next: in 3 weeks the board · another next: follows", doubtful=True),
        Phrase("next", "soon"),
        Phrase("with", "Ana Ruiz, Bo Lindqvist"),
        Phrase("spark", "4"),
        Phrase("nature", "transaction"),
        Phrase("minutes", "25"),
        Phrase("as typed", "~ nothing · it does not match an open issue", doubtful=True),
    ]
    assert "whenever" in said[2].text


def test_when_to_talk_again_is_said() -> None:
    reading = grammar.read("next: in 3 weeks the board", context(HOME))
    assert phrases(reading, TODAY) == [Phrase("next", "Sun 13 Dec · the board")]


def test_after_saving_it_is_said_what_was_done() -> None:
    ids = iter(f"20261122-{number:08d}" for number in range(99))
    reading = grammar.read(NOTE, context(HOME, others=[soren()]))
    done_ = done(plan(HOME.id, Encounter(id="20261122-aaaaaaaa", at=NOW), reading, lambda: next(ids)), TODAY)
    assert done_ == [
        Phrase("opened", "book the kickoff · us · Fri 27 Nov"),
        Phrase("opened", "who signs? due:whenever · them"),
        Phrase("carried", "send pricing"),
        Phrase("carried", "report"),
        Phrase("settled", "report · sent"),
        Phrase("met", "a dashboard"),
        Phrase("heard", "expectation: an answer"),
        Phrase("next", "soon"),
        Phrase("as typed", "next: in 3 weeks the board", doubtful=True),
        Phrase("as typed", "~ nothing", doubtful=True),
    ]


def test_when_to_talk_again_was_noted() -> None:
    reading = grammar.read("next: fri", context(HOME))
    assert done(plan(HOME.id, Encounter(id="x", at=NOW), reading, lambda: "y"), TODAY) == [Phrase("next", "Fri 27 Nov")]

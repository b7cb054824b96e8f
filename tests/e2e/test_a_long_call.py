"""Someone types along for ten minutes, and the power goes in the middle: nothing that was typed is lost."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable

import pytest
import rtoml
from conftest import Home
from terminal import Terminal

SAID = (
    ("Legal is fine with draft {n}, she says.", "Legal is fine with draft {n}, she says."),
    ("! book kickoff {n} @us due:fri #pilot", "book kickoff {n} #pilot"),
    ("need: a plan for weekend {n}", "a plan for weekend {n}"),
    ("> we cannot slip past quarter {n}", "> we cannot slip past quarter {n}"),
    ("? who comes to session {n}", "who comes to session {n}"),
    ("They asked about room {n}; it is not ours.", "They asked about room {n}; it is not ours."),
)
"""What is typed in a call, each line with a number of its own, and what the file then holds."""


def line(number: int) -> str:
    return SAID[number % len(SAID)][0].format(n=number)


def record(number: int) -> str:
    return SAID[number % len(SAID)][1].format(n=number)


def keys_for(number: int) -> str:
    """What is pressed for a line: now and then a slip that is taken back, and enter after it."""
    typed = line(number)
    slip = "" if number % 3 else "xq\x7f\x7f"
    return f"{typed[:7]}{slip}{typed[7:]}\r"


def type_along(convo: Terminal, numbers: Iterable[int], count: int, at_least: float = 0.0) -> list[tuple[float, int]]:
    """Type lines of `count` keys, for `at_least` so many seconds, each line at once as a slow connection delivers it.

    Return when each line was sent.
    """
    began, pressed = time.monotonic(), 0
    sent: list[tuple[float, int]] = []
    for number in numbers:
        if pressed >= count and time.monotonic() - began >= at_least:
            break
        keys = keys_for(number)
        convo.type(keys)
        pressed += len(keys)
        sent.append((time.monotonic(), number))
        convo.wait_for(line(number).split()[-1])
    return sent


def held(home: Home) -> Counter[str]:
    """Every line of the last note, and the text of all that was opened and heard."""
    file = rtoml.loads((home.journal / "ana-ruiz.toml").read_text("utf-8"))
    entries = [*file["issues"], *file["heard"]]
    return Counter([*file["encounters"][-1]["note"].split("\n"), *(each["text"] for each in entries)])


@pytest.mark.parametrize("count", [600, pytest.param(7200, marks=[pytest.mark.long, pytest.mark.timeout(600)])])
def test_a_call_survives_the_power_going_in_the_middle(ana: Home, count: int) -> None:
    """GATES.md 6: "kill -9 while typing: at most 1 s or 20 characters gone", over a call of ten minutes at 12 keys a
    second (7,200 keys); every day over a shorter one. Nothing is there twice either."""
    convo = ana.open()
    convo.wait_for("send pricing")
    convo.press("n")
    convo.wait_for("Call with Ana Ruiz")
    before = type_along(convo, range(1000, 9999), count // 2, at_least=2.0)
    killed = time.monotonic()
    convo.kill()

    convo = ana.open()
    convo.wait_for("You were in the middle of this")
    convo.wait_for("Call with Ana Ruiz")
    convo.press("enter")  # after the line that the power has cut
    after = type_along(convo, range(10000, 99999), count // 2)
    convo.press("ctrl+s")
    convo.wait_for("Saved: call with Ana Ruiz")

    owed = [number for when, number in before if when <= killed - 1] + [number for _, number in after]
    assert owed[0] == 1000, "something was typed long enough before"
    kept = held(ana)
    assert {number: kept[record(number)] for number in owed} == dict.fromkeys(owed, 1)

"""A relationship as Markdown that one would like to read."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from convo_tui.core.models import Encounter, Issue, Relationship
from convo_tui.exchange.story import story_markdown

TODAY = date(2026, 11, 22)
ZONE = timezone(timedelta(hours=1))


def met(month: int, day: int, note: str, **fields: Any) -> Encounter:
    return Encounter(
        id=f"2026{month:02}{day:02}-x", at=datetime(2026, month, day, 10, tzinfo=ZONE), note=note, **fields
    )


def markdown(*timeline: Encounter, **fields: Any) -> str:
    ana = Relationship(format=1, id="20240301-anaruiz1", name="Ana Ruiz", kind="person", **fields)
    return story_markdown(ana, timeline, {"b0": "Bo"}, TODAY)


GOLDEN = """\
# Ana Ruiz

*Head of Operations, Acme GmbH*

We are building the pilot together.

## October 2026

### Thursday 22 · meeting with Bo · 25 min

#### Plan
Walked through the #pilot.
> "we cannot slip"

Then lunch.

→ Opened: send pricing (due Fri 27 Nov).

*Friday 23 · a note to myself*

She seemed tired.

## November 2026

### Thursday 19 · call

→ Settled: send pricing, 38 seats.
"""


def test_it_reads_as_a_story() -> None:
    first = met(10, 22, '# Plan\nWalked through the #pilot.\n> "we cannot slip"\nThen lunch.', channel="meeting")
    first = first.model_copy(update={"with_": ("b0", "gone"), "minutes": 25})
    last = met(11, 19, "")
    pricing = Issue(
        id="20261022-p",
        text="send pricing",
        state="settled",
        opened_in=first.id,
        due=date(2026, 11, 27),
        closed_in=last.id,
        outcome="38 seats",
    )
    said = markdown(
        first,
        met(10, 23, "She seemed tired.", channel="note"),
        last,
        story="We are building the pilot together.",
        role="Head of Operations",
        organisation="Acme GmbH",
        issues=(pricing,),
    )
    assert said == GOLDEN


@pytest.mark.parametrize(
    ("note", "stands"),
    [
        ("# one\n### three\n###### six", "#### one\n###### three\n###### six"),
        ("Title\n=====\ntext\n---", "#### Title\n##### text"),
        ("- a list\n---\n\n---", "- a list\n---\n\n---"),
        ("```\n# code\n> code\nnot closed", "```\n# code\n> code\nnot closed\n```"),
        ("~~~~\n```\n~~~~\n# after", "~~~~\n```\n~~~~\n#### after"),
        ("> theirs\n> too\nmine", "> theirs\n> too\n\nmine"),
        ("<!-- not closed\n<https://a.example> x", "\\<!-- not closed\n<https://a.example> x"),
        ("> <div>", "> \\<div>"),
        ("#pricing and a < b", "#pricing and a < b"),
    ],
)
def test_nothing_in_a_note_breaks_what_is_around_it(note: str, stands: str) -> None:
    assert markdown(met(10, 22, note)).endswith(f"### Thursday 22 · call\n\n{stands}\n")


def test_someone_never_spoken_with_is_a_title() -> None:
    assert markdown() == "# Ana Ruiz\n"

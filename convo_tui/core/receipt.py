"""The receipt: in words, what each line of a note will become, or has become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeAlias

from convo_tui.core.dates import dated
from convo_tui.core.ending import Plan
from convo_tui.core.meaning import (
    Carries,
    Hears,
    Line,
    Meaning,
    Meets,
    Opens,
    Quotes,
    Reading,
    Sets,
    Settles,
    Takes,
    TalksNext,
    Unmatched,
)

SEPARATOR = " · "

Names: TypeAlias = Mapping[str, str]
"""The names, by id, of the others who take part: of all relationships but the one at home."""

_NOBODY: Names = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing that a note does: a verb (`opens`), what it does that to, and whether it needs a look."""

    verb: str
    text: str
    doubtful: bool = False


def phrases(reading: Reading, today: date, others: Names = _NOBODY) -> list[Phrase]:
    """Return what each marked line of a note will become, in the order typed, and with whom if not at home."""
    return [phrase for line in reading.lines for phrase in _of(line, today, others)]


def phrase(line: Line, today: date, others: Names = _NOBODY) -> Phrase | None:
    """Return what one line will become, for the line that is being typed; None for a quote."""
    return next(iter(_of(line, today, others)), None)


def _of(line: Line, today: date, others: Names) -> Iterable[Phrase]:
    meaning: Meaning = line.meaning
    match meaning:
        case Opens(relationship_id=home, text=text, owner=owner, due=due, every=every, doubts=doubts):
            day, again = dated(due, today) if due else "", f"every {every}" if every else ""
            yield Phrase("opens", _joined(text, owner, day, again, _with(home, others)))
            for doubt in doubts:
                yield Phrase("as typed", doubt, doubtful=True)
        case Carries(items=items):
            yield Phrase("carries", SEPARATOR.join(item.issue.text for item in items))
        case Settles(item=item, outcome=outcome):
            yield Phrase("settles", _joined(item.issue.text, outcome))
        case Meets(heard=heard):
            yield Phrase("meets", heard.text)
        case Hears(kind=kind, text=text):
            yield Phrase("hears", f"{kind}: {text}")
        case TalksNext(on=on, about=about):
            yield Phrase("next", _joined(dated(on, today) if on else "", about))
        case Takes(who=who):
            yield Phrase("with", ", ".join(each.name for each in who))
        case Sets(field=field, value=value):
            yield Phrase(field, str(value))
        case Unmatched(reason=reason):
            yield Phrase("as typed", f"{line.typed.strip()}{SEPARATOR}{reason}", doubtful=True)
        case Quotes():
            return


def done(plan: Plan, today: date, others: Names = _NOBODY) -> list[Phrase]:
    """Return what an encounter that was saved has done, in words, and with whom it was opened if not at home."""
    said = [
        Phrase(
            "opened",
            _joined(issue.text, issue.owner, dated(issue.due, today) if issue.due else "", _with(home, others)),
        )
        for home, issue in plan.opened
    ]
    said += [Phrase("carried", issue.text) for _, issue in plan.carried]
    said += [Phrase("settled", _joined(each.issue.text, each.outcome)) for each in plan.settled]
    said += [Phrase("met", heard.text) for _, heard in plan.met]
    said += [Phrase("heard", f"{heard.kind}: {heard.text}") for heard in plan.heard]
    if plan.next is not None:
        on = dated(plan.next.on, today) if plan.next.on else ""
        said.append(Phrase("next", _joined(on, plan.next.about)))
    said += [Phrase("as typed", line.strip(), doubtful=True) for line in plan.unmatched]
    return said


def _with(home: str, others: Names) -> str:
    return f"with {others[home]}" if home in others else ""


def _joined(*pieces: str) -> str:
    return SEPARATOR.join(filter(None, pieces))

"""The pulse: who needs attention, and why, in words. Never a score without its reasons (PRODUCT.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from convo_tui.core.pulse_rules import RULES, WAKING, Reason, Thresholds, cadence_days, rests, sleeps
from convo_tui.core.signs import Signs

DEFAULTS = Thresholds()

AT_ONCE = 7
"""So many are shown at a time, the rest folded (issue "Where the conversation stands")."""

_NEVER_ALONE = frozenset({"shorter-notes"})
"""Rules that say something only beside another (issue: "shrinking notes never alone")."""


@dataclass(frozen=True, slots=True)
class Attention:
    """A relationship that needs attention, and why: `weight` only ranks, the reasons are what is shown.

    `days_since` is since the last contact, `cadence_days` its own, None without one.
    """

    id: str
    name: str
    weight: float
    reasons: tuple[Reason, ...]
    last_contact: date | None
    days_since: int | None
    cadence_days: int | None


def reasons(
    signs: Signs, today: date, thresholds: Thresholds = DEFAULTS, default_cadence: str | None = None
) -> tuple[Reason, ...]:
    """Return why a relationship needs attention, the weightiest first; nothing for one that rests.

    `default_cadence` (`3w`) stands for the cadence of one that has none of its own; it makes no address a relationship,
    and wakes none that sleeps: of that, only what is promised or meant is said (`pulse_rules.sleeps`).
    """
    if rests(signs, today):
        return ()
    rules = WAKING if sleeps(signs, today, thresholds) else RULES
    if default_cadence and not signs.cadence:
        signs = replace(signs, cadence=default_cadence)
    found = [reason for rule in rules if (reason := rule(signs, today, thresholds)) is not None]
    if all(each.rule in _NEVER_ALONE for each in found):
        return ()
    return tuple(sorted(found, key=lambda each: -each.weight))


def pulse(
    all_signs: Iterable[Signs], today: date, thresholds: Thresholds = DEFAULTS, default_cadence: str | None = None
) -> list[Attention]:
    """Return who needs attention: by weight, then the longest silence, then by name."""
    found = []
    for signs in all_signs:
        if why := reasons(signs, today, thresholds, default_cadence):
            last = signs.last_contact
            found.append(
                Attention(
                    signs.id,
                    signs.name,
                    sum(each.weight for each in why),
                    why,
                    last,
                    (today - last).days if last else None,
                    cadence_days(signs.cadence) if signs.cadence else None,
                )
            )
    return sorted(found, key=_order)


def _order(each: Attention) -> tuple[float, date, str, str]:
    return -each.weight, each.last_contact or date.min, each.name.casefold(), each.id


explained: Mapping[str, str] = MappingProxyType(
    {
        "overdue": "Something that is yours to do is past its due date by more than `overdue_days`.",
        "time-to-talk": "The day has come on which you meant to talk again; `next:` sets it.",
        "past-cadence": (
            "The silence is longer than its cadence; without one, more than `usual_gap_factor` times the usual gap of"
            " at least 4 days on which you talked, and more than `usual_gap_days`. After `asleep_days` it sleeps: then"
            " only what is overdue, or the day on which you meant to talk, is said."
        ),
        "rival": "A competitor was mentioned in the last `rival_days`; it fades day by day.",
        "avoided": "An open issue has passed in 3 encounters and was never carried; always so.",
        "circling": "An open issue was carried in each of the last 3 encounters; always so.",
        "falling-spark": "The average of the last two sparks is `spark_drop` or more below that of the two before.",
        "nobody-decides": "In 4 encounters or more you noted who was there, and nobody among them decides.",
        "silent-decider": "You talk with others, but for `decider_days` not with someone who decides.",
        "silent-critic": "You have not spoken for `critic_days`, or never, with someone who is critical.",
        "overdue-theirs": "Something that is theirs to do is past its due date by more than `overdue_theirs_days`.",
        "only-transactions": "The last encounters, `transactions` of them or more, were all transactions.",
        "unmet-need": "A need, a want, an expectation or something unsaid is unmet for `need_days` or more.",
        "one-sided": "The last issues, `one_sided` of them or more, were all yours, or all theirs.",
        "same-topics": "You talked about the same one or two topics in 4 encounters or more over `same_topics_days`.",
        "one-person": "The same single person was there in the last encounters, `one_person` of them or more.",
        "nothing-open": "No issue is open and nothing is said of a next time, until `nothing_open_days` have passed.",
        "shorter-notes": (
            "Notes of calls and meetings, or of mail and chat, are `shorter_notes` times as long as before, or less;"
            " never the only reason."
        ),
    }
)
"""What each rule means and where its threshold is: a number of `[pulse]` in the settings."""

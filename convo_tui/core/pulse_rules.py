"""The rules of the pulse: each looks at the signs of one relationship and says in words what it sees, or nothing.

What nobody noted (spark, nature, stance, influence, minutes) counts against no one, and no trend is read from fewer
than `TREND` encounters (PRODUCT.md, "Patience, no fuss").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeAlias

from convo_tui.core.plain_words import interval, lasting, measured, month, silence, when
from convo_tui.core.signs import TREND, IssueSign, PersonSign, Signs
from convo_tui.core.summary import DAYS_OF_CADENCE


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on a rule sees something; each is a number of `[pulse]` in the settings, 0 or more."""

    usual_gap_factor: float = 2
    """Without a cadence: silence of more than so many times the usual gap."""
    usual_gap_days: float = 14
    """Without a cadence: never before more days of silence than these."""
    asleep_days: float = 365
    """Without a cadence: days of silence after which it sleeps, and only what is promised or meant wakes it."""
    overdue_days: float = 0
    """Days past its due date after which what you promised is named."""
    overdue_theirs_days: float = 3
    """Days past its due date after which it is worth to ask for what they promised."""
    nothing_open_days: float = 180
    """Days since the last contact after which a conversation rests, and an open end is no longer missed."""
    transactions: float = 4
    """So many transactions in a row, or more; never fewer than 4."""
    one_sided: float = 4
    """So many moves in a row of one side, or more; never fewer than 4."""
    spark_drop: float = 1
    """By how much the average of the last two sparks is below that of the two before, or more."""
    same_topics_days: float = 60
    """Days from the first to the last encounter with the same topics, or more."""
    shorter_notes: float = 0.5
    """Newer notes are this part of the length of earlier ones, or less."""
    need_days: float = 60
    """Days for which a need is unmet, or more."""
    rival_days: float = 90
    """Days after which a rival that was mentioned has faded."""
    critic_days: float = 60
    """Days since a critic was spoken with, or more."""
    decider_days: float = 90
    """Days since someone who decides was spoken with, or more."""
    one_person: float = 4
    """So many encounters in a row with the same single person, or more; never fewer than 4."""

    @classmethod
    def of(cls, stated: Mapping[str, float]) -> Thresholds:
        """Return the defaults with those that are stated, as in `[pulse]`; unknown names are left out."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in stated.items() if name in known})


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a relationship needs attention: one sentence, what it weighs, and the ids of the entries that show it."""

    rule: str
    text: str
    weight: float
    evidence: tuple[str, ...] = ()


Rule: TypeAlias = Callable[[Signs, date, Thresholds], Reason | None]

COMPARABLE = 80
"""Characters: notes that were never longer than this say nothing by getting shorter."""

CIRCLING = 3
"""As `carry.CIRCLING_AFTER`, which needs the models that a list of ten thousand must do without."""

_WORD = 6
"""Characters of a word, with the space after it."""


def rests(signs: Signs, today: date) -> bool:
    """Whether it is left alone on `today`: archived, snoozed, or an address (never spoken with, and no cadence)."""
    snoozed = signs.snoozed_until is not None and signs.snoozed_until > today
    return signs.archived or snoozed or not (signs.contacts or signs.cadence)


def sleeps(signs: Signs, today: date, thresholds: Thresholds) -> bool:
    """Whether it has no cadence of its own, and was silent for more than `asleep_days`: a conversation may end, and one
    that did is not to be named day after day (PRODUCT.md, "Patience, no fuss": "never nagged about")."""
    last = signs.last_contact
    return not signs.cadence and last is not None and (today - last).days > thresholds.asleep_days


# Falling out of relationship.


def past_cadence(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """Silence beyond its cadence; without one beyond its own median gap, times `usual_gap_factor` and more than
    `usual_gap_days`. Rests until `next_on` (PRODUCT.md, "Falling out of relationship", "We will talk again")."""
    since = signs.last_contact or signs.known_since
    if since is None or (signs.next_on is not None and today < signs.next_on):
        return None
    days, evidence = (today - since).days, (signs.last_id,) if signs.last_id else ()
    if signs.cadence:
        rhythm, usual, verb = interval(signs.cadence), float(cadence_days(signs.cadence)), "like to talk"
        is_past = days > usual
    elif signs.days_between is not None:
        rhythm, usual, verb = measured(signs.days_between), signs.days_between, "usually talk"
        is_past = days > max(usual * thresholds.usual_gap_factor, thresholds.usual_gap_days)
    else:
        return None
    if not is_past:
        return None
    text = silence(days, rhythm, verb) if signs.contacts else "You have not talked yet; this may be a good time."
    return Reason("past-cadence", text, 40 + 10 * min(days / max(usual, 1), 4), evidence)


def cadence_days(cadence: str) -> int:
    """Return how many days `3w` is."""
    return int(cadence[:-1]) * DAYS_OF_CADENCE[cadence[-1]]


def time_to_talk(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """The day has come on which we meant to talk again, and we have not since (PRODUCT.md, "We will talk again")."""
    meant = signs.next_on
    if meant is None or meant > today or (signs.last_contact is not None and signs.last_contact >= meant):
        return None
    about = f": “{signs.next_about}”" if signs.next_about else ""
    day = "Today is the day you had in mind" if meant == today else f"The day you had in mind was {when(meant, today)}"
    text = f"{day}{about}."
    return Reason("time-to-talk", text, 70, (signs.last_id,) if signs.last_id else ())


def shorter_notes(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """Notes of calls and meetings, or of mail and chat, `shorter_notes` as long as they were, or less; never the only
    reason (PRODUCT.md, "Falling out of relationship"; issue: "shrinking notes never alone")."""
    for family, earlier, later, evidence in signs.lengths:
        if earlier >= COMPARABLE and later <= earlier * thresholds.shorter_notes:
            kind = "calls and meetings" if family == "spoken" else "mail and chat"
            now, before = (max(1, round(length / _WORD)) for length in (later, earlier))
            text = f"Your notes of {kind} have become shorter: about {now} words, where there were {before}."
            return Reason("shorter-notes", text, 8, evidence)
    return None


def rival(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """A competitor was mentioned: fades within `rival_days` (PRODUCT.md, "Falling out of relationship")."""
    if not signs.rivals:
        return None
    newest = signs.rivals[-1]
    days = max(0, (today - newest.since).days)
    if days > thresholds.rival_days:
        return None
    text = f"They mentioned “{newest.text}” {when(newest.since, today)}; it may be worth hearing what draws them."
    return Reason("rival", text, 45 * (1 - days / (thresholds.rival_days + 1)), (newest.id,))


# What is open.


def nothing_open(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """No issue is open and nothing is said about a next time, up to `nothing_open_days` after the last contact
    (PRODUCT.md, "Don't finish anything")."""
    if signs.last_contact is None or signs.next_on is not None or signs.next_about or _open(signs, today):
        return None
    if (today - signs.last_contact).days > thresholds.nothing_open_days:
        return None
    return Reason("nothing-open", "Nothing is left open to come back to.", 15, (signs.last_id,))


def avoided(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """An issue passed in three encounters and never carried (CONTRACT.md, "Rules")."""
    found = sorted((each for each in _open(signs, today) if each.avoided), key=lambda each: -each.passed)
    if not found:
        return None
    text = f"“{found[0].text}” has waited through {found[0].passed} encounters without coming up{_more(found)}."
    return Reason("avoided", text, 38 + len(found), _ids(found))


def circling(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """An issue carried in each of the last `CIRCLING` encounters (CONTRACT.md, "Rules")."""
    found = [each for each in _open(signs, today) if each.circling]
    if not found:
        return None
    text = f"“{found[0].text}” came up in each of the last {CIRCLING} encounters{_more(found)}; a new angle may help."
    return Reason("circling", text, 34 + len(found), _ids(found))


def overdue(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """What you promised, or both of us, is more than `overdue_days` past its due date (PRODUCT.md, "It is a shared
    story": whose move it is)."""
    found = [(due, each) for due, each in _due(signs, today, thresholds.overdue_days) if each.owner != "them"]
    if not found:
        return None
    due, oldest = found[0]
    text = f"“{oldest.text}” was due {when(due, today)}{_more(found)}; even a word about it helps."
    return Reason("overdue", text, 55 + min((today - due).days, 25), _ids(each for _, each in found))


def overdue_theirs(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """What they promised is more than `overdue_theirs_days` past its due date: a reason to ask (PRODUCT.md, "It is a
    shared story")."""
    found = [(due, each) for due, each in _due(signs, today, thresholds.overdue_theirs_days) if each.owner == "them"]
    if not found:
        return None
    due, oldest = found[0]
    text = f"“{oldest.text}” was due from them {when(due, today)}{_more(found)}; a good reason to ask."
    return Reason("overdue-theirs", text, 30, _ids(each for _, each in found))


def unmet_need(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """A need, want, expectation or something unsaid that is unmet for `need_days`, the oldest (PRODUCT.md, "Listening,
    also to the unexpressed")."""
    found = [each for each in signs.needs if (today - each.since).days >= thresholds.need_days]
    if not found:
        return None
    oldest = found[0]
    said = {"need": "needed", "want": "wanted", "expectation": "expected"}.get(oldest.kind)
    since = _since(oldest.since, today)
    text = f"They have {said} “{oldest.text}” {since}." if said else f"“{oldest.text}” has been left unsaid {since}."
    return Reason("unmet-need", text, 24 + len(found), tuple(each.id for each in found))


# A conversation, and one that stays alive.


def only_transactions(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """The last encounters were all transactions, `transactions` or more: going through the motions (PRODUCT.md,
    "Relationship, not transactions")."""
    run = signs.transactions
    if not _is_trend(run.times, thresholds.transactions):
        return None
    text = f"The last {run.times} encounters were all transactions; a real conversation would do you both good."
    return Reason("only-transactions", text, 25, run.evidence)


def one_sided(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """The last moves were all mine, or all theirs, `one_sided` or more: ping-pong or a monologue (PRODUCT.md, "It is a
    shared story")."""
    run = signs.one_sided
    if (
        run.words not in (("me",), ("them",))
        or signs.contacts < TREND
        or not _is_trend(run.times, thresholds.one_sided)
    ):
        return None
    whose, other = ("yours", "they") if run.words == ("me",) else ("theirs", "you")
    text = f"The last {run.times} moves were all {whose}; {other} may like to take something up."
    return Reason("one-sided", text, 22, run.evidence)


def falling_spark(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """The average of the last two sparks is by `spark_drop` or more below that of the two before (PRODUCT.md, "It gets
    more interesting")."""
    values = [value for _, value in signs.sparks]
    if len(values) < TREND:
        return None
    drop = (values[0] + values[1] - values[2] - values[3]) / 2
    if drop <= 0 or drop < thresholds.spark_drop:
        return None
    text = f"The spark went {', '.join(map(str, values))}; something new may bring it back."
    return Reason("falling-spark", text, 28 + 4 * drop, tuple(encounter for encounter, _ in signs.sparks))


def same_topics(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """The same one or two topics, and no other, in at least four encounters over `same_topics_days` (PRODUCT.md, "It
    gets more interesting")."""
    run = signs.same_topics
    if run.times < TREND or run.since is None or run.until is None:
        return None
    if (run.until - run.since).days < thresholds.same_topics_days:
        return None
    topics = " and ".join(f"“{each}”" for each in run.words)
    since = f"since {month(run.since, today)}"
    text = f"You have been talking about {topics} in {run.times} encounters {since}; something new may be welcome."
    return Reason("same-topics", text, 20, run.evidence)


# The people of an organisation. A relationship is many people (PRODUCT.md).


def nobody_decides(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """You know who takes part and what their influence is, and nobody among them decides (PRODUCT.md, "A relationship
    is many people")."""
    current = _current(signs, today)
    spoken = [each for each in current if each.last_contact is not None]
    if signs.people_noted < TREND or not spoken:
        return None
    if any(each.influence in ("decides", "unknown") for each in spoken):
        return None
    decider = next((each for each in current if each.influence == "decides"), None)
    known = f"“{decider.name}” does" if decider else "it may help to know who does"
    text = f"Nobody you speak with decides there; {known}."
    return Reason("nobody-decides", text, 30, _persons((decider, *spoken) if decider else spoken))


def silent_decider(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """You talk with others, but not for `decider_days` (or its longer cadence) with someone who decides (PRODUCT.md, "A
    relationship is many people")."""
    longest = max(thresholds.decider_days, cadence_days(signs.cadence) if signs.cadence else 0)
    found = [
        each
        for each in _silent(signs, today, longest, lambda person: person.influence == "decides")
        if each.last_contact is not None and signs.last_contact is not None and each.last_contact < signs.last_contact
    ]
    if not found:
        return None
    return Reason("silent-decider", _not_spoken(found[0], "decides", today), 30, _persons(found))


def silent_critic(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """A critic was not spoken with for `critic_days` (or its longer cadence), or never (PRODUCT.md, "A relationship is
    many people")."""
    longest = max(thresholds.critic_days, cadence_days(signs.cadence) if signs.cadence else 0)
    found = _silent(signs, today, longest, lambda person: person.stance == "critic")
    if not found:
        return None
    return Reason("silent-critic", _not_spoken(found[0], "is critical", today), 28, _persons(found))


def one_person(signs: Signs, today: date, thresholds: Thresholds) -> Reason | None:
    """One single person of theirs in the last encounters, `one_person` or more (PRODUCT.md, "A relationship is many
    people")."""
    run = signs.one_person
    if not _is_trend(run.times, thresholds.one_person):
        return None
    text = f"“{run.words[0]}” alone was there in the last {run.times} encounters; a second person would keep it going."
    return Reason("one-person", text, 18, run.evidence)


RULES: tuple[Rule, ...] = (
    overdue, time_to_talk, past_cadence, rival, avoided, circling, falling_spark, nobody_decides, silent_decider,
    silent_critic, overdue_theirs, only_transactions, unmet_need, one_sided, same_topics, one_person, nothing_open,
    shorter_notes,
)  # fmt: skip
"""All of them; of equal weight, the one that stands first is named first."""

WAKING: tuple[Rule, ...] = (overdue, time_to_talk, overdue_theirs)
"""What is promised or meant: these see something also in a conversation that sleeps."""


def _open(signs: Signs, today: date) -> list[IssueSign]:
    return [each for each in signs.issues if each.shows_from is None or each.shows_from <= today]


def _due(signs: Signs, today: date, days: float) -> list[tuple[date, IssueSign]]:
    """The open issues that were due more than so many days ago, with the day, the oldest first."""
    found = [(each.due, each) for each in _open(signs, today) if each.due is not None]
    return sorted((pair for pair in found if (today - pair[0]).days > days), key=lambda pair: pair[0])


def _more(found: Sequence[object]) -> str:
    """That there are more; not how many, for of very many not all are kept."""
    return ("", ", and another like it", ", and others like it")[min(len(found), 3) - 1]


def _ids(found: Iterable[IssueSign]) -> tuple[str, ...]:
    return tuple(each.id for each in found)


def _is_trend(times: int, threshold: float) -> bool:
    return times >= max(TREND, threshold)


def _since(day: date, today: date) -> str:
    days = (today - day).days
    return f"for {lasting(days)}" if days < 60 else f"since {month(day, today)}"


def _current(signs: Signs, today: date) -> list[PersonSign]:
    """Those who have not left."""
    return [each for each in signs.people if each.left is None or each.left > today]


def _silent(signs: Signs, today: date, days: float, is_meant: Callable[[PersonSign], bool]) -> list[PersonSign]:
    """Those not spoken with for so many days, the longest first; nobody where it was never noted who took part."""
    if not signs.people_noted:
        return []
    found = [
        each
        for each in _current(signs, today)
        if is_meant(each) and (each.last_contact is None or (today - each.last_contact).days >= days)
    ]
    return sorted(found, key=lambda each: each.last_contact or date.min)


def _not_spoken(person: PersonSign, what: str, today: date) -> str:
    if person.last_contact is None:
        return f"“{person.name}” {what}, and you have not spoken with them yet."
    return f"“{person.name}” {what}, and you last spoke with them {when(person.last_contact, today)}."


def _persons(found: Iterable[PersonSign]) -> tuple[str, ...]:
    return tuple(each.id for each in found)

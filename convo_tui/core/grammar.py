"""The note grammar: a note's text -> what it means (CONTRACT.md, "The note grammar").

Nothing is guessed and no word is lost: a marked line either becomes a record and leaves the note, or stays in it
as typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from convo_tui.core import inline, match
from convo_tui.core.carry import opened_after, opened_before
from convo_tui.core.dates import NotADate, due, interval_days, leading_date
from convo_tui.core.markers import cleaned, lines_of, marker, split_lead, unescaped
from convo_tui.core.meaning import (
    AgendaItem,
    Carries,
    Context,
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
from convo_tui.core.models import HeardKind, Owner

_OWNERS: dict[str, Owner] = {"me": "me", "them": "them", "us": "us"}
_HEARD: dict[str, HeardKind] = {
    "need": "need",
    "want": "want",
    "expect": "expectation",
    "unsaid": "unsaid",
    "idea": "idea",
    "rival": "rival",
    "about": "about",
}
_DUE = re.compile(r"(?<![^\s(])due:(?:\"([^\"]*)\"|(\S+))", re.IGNORECASE)
_EVERY = re.compile(r"(?<![^\s(])every:(?:\"([^\"]*)\"|(\S+))", re.IGNORECASE)
_OWNER = re.compile(r"(?<![^\s(])@(me|them|us)(?![\w@'’-]|\.\w)", re.IGNORECASE)
_CLOSING = ",;.:!?)"
_WHO = re.compile(r"\s*@?\"[^\"]+\"|[^,;@]+")
_SHORT = 3
_REST = re.compile(r"(?<!\s)\s++:(?:\s+|$)")  # from the first white space only: linear


def read(note: str, context: Context) -> Reading:
    """Return what `note` means; whatever is not understood stays in the note that is left."""
    reader = _Reader(context)
    for index, line, outside in inline.unfenced(lines_of(note)):
        reader.take(index, line, outside)
    left = "\n".join(reader.kept[index] for index in sorted(reader.kept))
    return Reading(tuple(reader.lines), cleaned(left), tuple(dict.fromkeys(reader.mentions)))


@dataclass
class _Reader:
    context: Context
    lines: list[Line] = field(default_factory=list)
    kept: dict[int, str] = field(default_factory=dict)
    said: dict[str, int] = field(default_factory=dict)
    mentions: list[str] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """What was closed since the agenda got its numbers is open to nothing."""
        self.closed |= {item.issue.id for item in self.context.agenda if not item.issue.is_open(self.context.today)}

    def take(self, index: int, line: str, outside: bool) -> None:
        if not outside:
            self.kept[index] = line
            return
        lead, rest = split_lead(line)
        found = marker(lead, rest)
        if found is None:
            if rest.startswith(">"):
                self.lines.append(Line(index, line, Quotes()))
            text = unescaped(line)
            self._mention(text)
            self.kept[index] = text
            return
        meaning, stays = self._meaning(*found)
        if isinstance(meaning, TalksNext | Sets):
            self._supersede("next" if isinstance(meaning, TalksNext) else meaning.field)
        self.lines.append(Line(index, line, meaning))
        if isinstance(meaning, Unmatched):
            self._mention(line)
            self.kept[index] = line
        elif stays:
            self._mention(stays)
            self.kept[index] = lead + stays

    def _supersede(self, what: str) -> None:
        """Of lines that say the same thing anew the last counts; those before it stay in the note as typed."""
        place = self.said.get(what)
        if place is not None:
            line = self.lines[place]
            self.lines[place] = replace(line, meaning=Unmatched(f"another {what}: follows"))
            self.kept[line.index] = line.typed
        self.said[what] = len(self.lines)

    def _mention(self, text: str) -> None:
        for mention in inline.mentions(text):
            if mention.name.casefold() not in _OWNERS:
                found = self.context.called(mention.name)
                if len(found) == 1 and self.context.home not in (found[0].id, found[0].relationship):
                    self.mentions.append(found[0].id)

    def _meaning(self, word: str, text: str) -> tuple[Meaning, str]:
        """Return what a marked line means, and what of it stays in the note."""
        if word in ("issue", "ask"):
            return self._opens("me" if word == "issue" else "them", text), ""
        if word == "carry":
            return self._carries(text)
        if word in ("settled", "met"):
            return self._settles(text)
        if word in _HEARD:
            self._mention(text)
            return Hears(_HEARD[word], text), ""
        if word == "next":
            return self._next(text), ""
        if word == "with":
            return self._takes(text), ""
        return _sets_field(word, text), ""

    def _opens(self, owner: Owner, text: str) -> Meaning:
        home, text = self._addressed(text)
        found = parse_issue(text, owner, self.context)
        if not found.text:
            return Unmatched("an issue needs words")
        self._mention(found.text)
        return replace(found, relationship_id=home)

    def _addressed(self, text: str) -> tuple[str, str]:
        """Return in whose file an issue line is opened, and the line without the `@name` that says so."""
        for mention in inline.mentions(text)[:1]:
            rest = text[mention.end :].lstrip(" ,:")
            if mention.start == 0 and rest and mention.name.casefold() not in _OWNERS:
                found = match.names(mention.name, self.context.parties)
                if len(found) == 1:
                    return found[0].id, rest
        return self.context.home, text

    def _carries(self, text: str) -> tuple[Meaning, str]:
        query, rest = _parted(text)
        agenda = [item for item in self.context.agenda if item.issue.id not in self.closed]
        if query.strip() == "*":
            items = tuple(item for item in agenda if opened_before(item.issue, self.context.at))
            if not items:
                return Unmatched("there is nothing to carry"), ""
            return Carries(items), rest.strip()
        found = match.texts(query, [(item.issue.id, item.issue.text, item) for item in agenda], self.context.agenda)
        found = [item for item in found if item in agenda]
        if len(found) != 1:
            return _unmatched(found, "an open issue"), ""
        item = found[0]
        if not opened_before(item.issue, self.context.at):
            return Unmatched("it was opened in this encounter or after it"), ""
        return Carries((item,)), f"{item.issue.text}: {rest.strip()}" if rest.strip() else ""

    def _settles(self, text: str) -> tuple[Meaning, str]:
        query, rest = _parted(text)
        found = self._open_ones(query)
        if len(found) != 1:
            return _unmatched(found, "an open issue or an unmet need"), ""
        only = found[0]
        if opened_after(only.heard if isinstance(only, Meets) else only.issue, self.context.at):
            return Unmatched("it came up after this encounter"), ""
        if isinstance(only, Meets):
            self.closed.add(only.heard.id)
            return only, f"{only.heard.text}: {rest.strip()}" if rest.strip() else ""
        self.closed.add(only.issue.id)
        return Settles(only, rest.strip()), ""

    def _open_ones(self, query: str) -> Sequence[AgendaItem | Meets]:
        items: list[tuple[str, str, AgendaItem | Meets]] = [
            (item.issue.id, item.issue.text, item) for item in self.context.agenda if item.issue.id not in self.closed
        ]
        items += [
            (heard.id, heard.text, Meets(home, heard))
            for home, heard in self.context.needs
            if heard.id not in self.closed
        ]
        found = match.texts(query, items, self.context.agenda)
        return [each for each in found if isinstance(each, Meets) or each.issue.id not in self.closed]

    def _next(self, text: str) -> Meaning:
        today, order = self.context.today, self.context.date_order
        found = leading_date(text, today, order)
        if found is None and len(text.split()) <= _SHORT:  # a date in another language stands alone
            with suppress(NotADate):
                return TalksNext(due(text, today, order), "")
        return TalksNext(*found) if found else TalksNext(None, text)

    def _takes(self, text: str) -> Meaning:
        who = []
        for name in _WHO.findall(text):
            bare = name.strip().removeprefix("@").strip('" ')
            if not bare:
                continue
            found = self.context.called(bare)
            if len(found) != 1:
                return _unmatched([each.label for each in found], f"anyone called {bare}")
            who.append(found[0])
        return Takes(tuple(who)) if who else Unmatched("nobody is named")


def parse_issue(text: str, owner: Owner, context: Context) -> Opens:
    """Return the issue that `text` opens: its owner, due date and recurrence taken out, the words left.

    The first of each counts, what is said again stays in the words. So does a due date or a recurrence that is not
    understood, and it is named in `doubts`.
    """
    day: date | None = None
    every: str | None = None
    doubts: list[str] = []
    if token := _token(_DUE, text):
        try:
            day, text = due(token.value, context.today, context.date_order), token.rest
        except NotADate as error:
            doubts.append(str(error))
    if token := _token(_EVERY, text):
        try:
            interval_days(token.value.lower())
            every, text = token.value.lower(), token.rest
        except NotADate as error:
            doubts.append(str(error))
    if token := _token(_OWNER, text):
        owner, text = _OWNERS[token.value.lower()], token.rest
    return Opens(context.home, re.sub(r"[ \t]+", " ", text).strip(), owner, day, every, tuple(doubts))


class _Token(NamedTuple):
    value: str
    rest: str


def _token(pattern: re.Pattern[str], text: str) -> _Token | None:
    """Return the value of the first such word outside code, links and addresses, and the text without it."""
    hidden = inline.plain(text)
    for found in pattern.finditer(text):
        start, end = found.span()
        if hidden[start:end] == text[start:end]:
            value = str(found[found.lastindex or 0])
            if found.lastindex == 2:  # not quoted: what closes the clause is none of it
                bare = value.rstrip(_CLOSING)
                value, end = bare, end - len(value) + len(bare)
            return _Token(value, _without(text[:start].rstrip(), text[end:].lstrip()))
    return None


def _without(before: str, after: str) -> str:
    """Return what stood around a word that was taken out; nothing but brackets left empty goes with it."""
    if before.endswith("(") and after.startswith(")"):
        before, after = before[:-1].rstrip(), after[1:].lstrip()
    if not before:
        return after.lstrip(",;: ")
    glued = before.endswith("(") or after.startswith(tuple(_CLOSING))
    return before + after if glued else f"{before} {after}"


def _parted(text: str) -> tuple[str, str]:
    """Return what a line names, and what follows its ` : `."""
    query, *rest = _REST.split(text, maxsplit=1)
    return query, rest[0] if rest else ""


def _sets_field(word: str, text: str) -> Meaning:
    if word == "spark":
        return Sets("spark", int(text)) if re.fullmatch(r"[1-5]", text) else Unmatched("a spark is 1 to 5")
    if word == "minutes":
        found = re.fullmatch(r"(\d{1,4})\s*(?:m|min|mins|minutes)?", text, re.IGNORECASE)
        return Sets("minutes", int(found[1])) if found else Unmatched("minutes are a number")
    natures = [nature for nature in ("conversation", "transaction") if nature == text.lower()]
    if natures:
        return Sets("nature", natures[0])
    return Unmatched("an encounter is a conversation or a transaction")


def _unmatched(found: Sequence[object], what: str) -> Unmatched:
    if found:
        return Unmatched(f"{len(found)} things answer to it; say which")
    return Unmatched(f"it does not match {what}")

"""The note grammar: a note's text -> what it means (CONTRACT.md, "The note grammar").

Nothing is guessed and no word is lost: a marked line either becomes a record and leaves the note, or stays in it
as typed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from convo_tui.core import inline, match
from convo_tui.core.carry import opened_before
from convo_tui.core.dates import NotADate, due, leading_date
from convo_tui.core.markers import cleaned, marker, split_lead, unescaped
from convo_tui.core.match import Named
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
_DUE = re.compile(r"(?:^|(?<=\s))due:(?:\"([^\"]*)\"|(\S+?))(?=[,;.)]*(?:\s|$))[,;]?", re.IGNORECASE)
_EVERY = re.compile(r"(?:^|(?<=\s))every:([1-9]\d{0,3}[dwmy])(?=\s|$)", re.IGNORECASE)
_OWNER = re.compile(r"(?:^|(?<=\s))@(me|them|us)(?=[\s,;]|$)", re.IGNORECASE)
_REST = " : "


def read(note: str, context: Context) -> Reading:
    """Return what `note` means; whatever is not understood stays in the note that is left."""
    reader = _Reader(context)
    lines = note.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for index, line, outside in inline.unfenced(lines):
        reader.take(index, line, outside)
    return Reading(tuple(reader.lines), cleaned("\n".join(reader.kept)), tuple(dict.fromkeys(reader.mentions)))


@dataclass
class _Reader:
    context: Context
    lines: list[Line] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    closed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """What was closed since the agenda got its numbers is open to nothing."""
        self.closed |= {item.issue.id for item in self.context.agenda if not item.issue.is_open(self.context.today)}

    def take(self, index: int, line: str, outside: bool) -> None:
        if not outside:
            self.kept.append(line)
            return
        lead, rest = split_lead(line)
        found = marker(lead, rest)
        if found is None:
            if rest.startswith(">"):
                self.lines.append(Line(index, line, Quotes()))
            text = unescaped(line)
            self._mention(text)
            self.kept.append(text)
            return
        meaning, stays = self._meaning(*found)
        self.lines.append(Line(index, line, meaning))
        if isinstance(meaning, Unmatched):
            self.kept.append(line)
        elif stays:
            self._mention(stays)
            self.kept.append(lead + stays)

    def _mention(self, text: str) -> None:
        for mention in inline.mentions(text):
            found = self._people(mention.name)
            if len(found) == 1:
                self.mentions.append(found[0].id)

    def _people(self, name: str) -> list[Named]:
        """Return those whom `name` means; someone in an organisation who has a file of their own is one, not two."""
        found = match.names(name, self.context.people)
        return found[:1] if len({each.relationship or each.id for each in found}) == 1 else found

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
        query, _, rest = text.partition(_REST)
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
        query, _, rest = text.partition(_REST)
        found = self._open_ones(query)
        if len(found) != 1:
            return _unmatched(found, "an open issue or an unmet need"), ""
        only = found[0]
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
        try:
            return TalksNext(due(text, self.context.today, self.context.date_order), "")
        except NotADate:
            found = leading_date(text, self.context.today, self.context.date_order)
        return TalksNext(*found) if found else TalksNext(None, text)

    def _takes(self, text: str) -> Meaning:
        who = []
        for name in re.findall(r"\"[^\"]+\"|[^,;]+", text):
            bare = name.strip().removeprefix("@").strip('" ')
            if not bare:
                continue
            found = self._people(bare)
            if len(found) != 1:
                return _unmatched([each.label for each in found], f"anyone called {bare}")
            who.append(found[0])
        return Takes(tuple(who)) if who else Unmatched("nobody is named")


def parse_issue(text: str, owner: Owner, context: Context) -> Opens:
    """Return the issue that `text` opens: its owner, due date and recurrence taken out, the words left.

    A due date that is not understood stays in the words, and is named in `doubts`.
    """
    day: date | None = None
    doubts: list[str] = []
    for found in reversed(_outside(_DUE, text)):
        said = found[1] if found[1] is not None else found[2]
        try:
            day = due(said, context.today, context.date_order)
        except NotADate as error:
            doubts.insert(0, str(error))
            continue
        text = text[: found.start()] + text[found.end() :]
    every: str | None = None
    for found in reversed(_outside(_EVERY, text)):
        every = found[1].lower()
        text = text[: found.start()] + text[found.end() :]
    for found in reversed(_outside(_OWNER, text)):
        owner = _OWNERS[found[1].lower()]
        text = text[: found.start()] + text[found.end() :]
    return Opens(context.home, re.sub(r"[ \t]+", " ", text).strip(), owner, day, every, tuple(doubts))


def _outside(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """Return the matches that stand outside code, links and addresses."""
    hidden = inline.plain(text)
    return [found for found in pattern.finditer(text) if "\x00" not in hidden[found.start() : found.end()]]


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
        return Unmatched(f"{len(found)} things answer to it")
    return Unmatched(f"it does not match {what}")

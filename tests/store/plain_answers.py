"""What a search and a list must answer, worked out from the files alone: no SQL, nothing remembered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from random import Random

from convo_tui.core import match
from convo_tui.core.edits import named
from convo_tui.core.findable import Findable, findables, has_marks, in_time, snippet
from convo_tui.core.folding import folded, indexed
from convo_tui.core.hits import Hit
from convo_tui.core.match import Named
from convo_tui.core.models import Encounter, Relationship
from convo_tui.core.participation import Directory
from convo_tui.core.query import MARKS, Query, Term, parse, says, settled
from convo_tui.core.summary import Summary
from convo_tui.store import codec

OF_THEM = ("person", "organisation", "archived", "relationship", "late")
"""The marks that a relationship has by itself in a list; the others it has when something in its file has them."""

_SNIPPETS = 5
"""Of how many hits the line is compared: it is made by the same function from the same text."""


@dataclass(frozen=True)
class File:
    """A file that can be read; `key` names its relationship in the journal."""

    name: str
    key: str
    relationship: Relationship
    everyone: tuple[Named, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Entry:
    """Something that can be found: where it stands among all, what it says, who took part or was spoken of."""

    findable: Findable
    place: tuple[int, int]
    said: str
    ids: frozenset[str]


class Plain:
    """Reads every file of a folder, and answers from that."""

    def __init__(self, folder: Path, zone: tzinfo) -> None:
        read: dict[str, Relationship] = {}
        self.names = sorted(path.name for path in folder.glob("*.toml"))
        for name in self.names:
            try:
                read[name] = codec.read((folder / name).read_bytes(), zone).relationship
            except (codec.Malformed, OSError):
                continue
        everyone = {name: tuple(named(relationship, name)) for name, relationship in read.items()}
        self._directory = Directory.of(each for those in everyone.values() for each in those)
        taken: set[str] = set()
        self.files: list[File] = []
        for name, relationship in read.items():
            key = name if relationship.id in taken else relationship.id
            taken.add(relationship.id)
            entries = tuple(self._entries(relationship, key == relationship.id))
            self.files.append(File(name, key, relationship, everyone[name], entries))
        self._words = {word for file in self.files for entry in file.entries for word in entry.said.split()}

    def _entries(self, relationship: Relationship, counts: bool) -> Iterable[Entry]:
        contacts = [each.at for each in relationship.encounters if each.is_contact]
        encounters = {each.id: each for each in relationship.encounters}
        for each in findables(relationship):
            is_theirs = each.kind in ("relationship", "story", "person")
            at = max(contacts, default=None) if is_theirs else each.at
            encounter = encounters[each.id] if each.kind == "encounter" else None
            ids = self._ids(relationship.id, encounter, counts) if encounter else frozenset()
            yield Entry(each, (each.rank, _minute(at)), indexed(each.text), frozenset((relationship.id, *ids)))

    def _ids(self, home: str, encounter: Encounter, counts: bool) -> frozenset[str]:
        """Who took part or was spoken of; of two files with one id only the first counts for others."""
        parties = self._directory.took_part(home, encounter.with_) if counts else frozenset()
        return frozenset((*encounter.with_, *encounter.mentions, *parties))

    def called(self, name: str) -> frozenset[str]:
        """The ids of everyone some words of whose name, alias or organisation begin like each word of `name`."""
        asked = [word for word in match.slug(name).split("-") if word]
        found: set[str] = set()
        for file in self.files if asked else ():
            for each in file.everyone:
                if all(any(word.startswith(begun) for word in each.said.split()) for begun in asked):
                    found |= {each.id, each.relationship, *each.former}
        return frozenset(found - {""})

    def begins(self, word: str) -> bool:
        """Whether a word of the journal begins so."""
        return any(each.startswith(word) for each in self._words)

    # ── find ─────────────────────────────────────────────────────────────────────────────────────────────

    def found(self, text: str, today: date) -> tuple[Query, dict[tuple[str, str, str], tuple[Entry, str]]]:
        """What `text` finds, by key, kind and id, each with the name of its relationship; and what it asks for."""
        query = settled(parse(text, today), self.begins)
        if query.is_empty:
            return query, {}
        with_, without = ([self.called(name) for name in those] for those in (query.with_, query.without))
        return query, {
            (file.key, entry.findable.kind, entry.findable.id): (entry, file.relationship.name)
            for file in self.files
            for entry in file.entries
            if says(query, entry.said)
            and has_marks(query, entry.findable, today)
            and in_time(query, entry.findable)
            and all(ids & entry.ids for ids in with_)
            and not any(ids & entry.ids for ids in without)
        }

    def check(self, hits: list[Hit], text: str, today: date, limit: int, width: int = 160) -> None:
        """Fail unless `hits` are what `text` finds: what is wanted most first, in any order where that is the same."""
        query, found = self.found(text, today)
        got = [(hit.key, hit.kind, hit.id) for hit in hits]
        assert len(set(got)) == len(got), text
        assert not set(got) - set(found), text
        places = sorted((entry.place for entry, _ in found.values()), reverse=True)
        assert [found[each][0].place for each in got] == places[:limit], text
        for hit, each in zip(hits, got, strict=True):
            entry, name = found[each]
            assert (hit.at, hit.relationship, hit.relationship_id) == (
                entry.findable.at,
                name,
                entry.findable.relationship_id,
            )
            assert " ".join(hit.text.split()) == " ".join(entry.findable.text.split()), text
        for hit, each in list(zip(hits, got, strict=True))[:_SNIPPETS]:
            assert hit.snippet == snippet(found[each][0].findable.text, query, width), text

    # ── lists ────────────────────────────────────────────────────────────────────────────────────────────

    def listed(self, summaries: Iterable[Summary], text: str, today: date) -> set[str]:
        """The keys of the relationships that `text` lets through; `summaries` are all of them."""
        summaries = list(summaries)
        by_name = {file.name: file for file in self.files}
        said = {each.file: self._said(each, by_name.get(each.file)) for each in summaries}
        begun = [word for each in said.values() for word in each.split()]
        query = settled(parse(text, today), lambda word: any(each.startswith(word) for each in begun))
        return {
            each.key
            for each in summaries
            if self._is_let_through(each, by_name.get(each.file), said[each.file], query, today)
        }

    @staticmethod
    def _said(summary: Summary, file: File | None) -> str:
        aliases = file.relationship.aliases if file else ()
        kind = summary.kind if file else ""
        words = (summary.name, *aliases, summary.organisation, summary.role, kind, summary.file[:-5], *summary.tags)
        return folded(" ".join(words))

    def _is_let_through(self, summary: Summary, file: File | None, said: str, query: Query, today: date) -> bool:
        entries = file.entries if file else ()

        def has(term: Term) -> bool:
            return any(term.sought in each.said for each in entries) if term.is_topic else term.sought in said

        def marked(mark: str) -> bool:
            if mark in OF_THEM:
                return {
                    "relationship": True,
                    "archived": summary.archived,
                    "late": summary.days_late(today) > 0,
                }.get(mark, summary.kind == mark)
            return any(has_marks(Query(marks=(mark,)), each.findable, today) for each in entries)

        def with_(name: str) -> bool:
            ids = self.called(name)
            return summary.id in ids or any(ids & self._company(each, summary) for each in self.files)

        last = summary.last_contact.date() if summary.last_contact else None
        return (
            all(map(has, query.wanted))
            and not any(map(has, query.unwanted))
            and all(map(marked, query.marks))
            and not any(map(marked, query.unmarked))
            and all(map(with_, query.with_))
            and not any(map(with_, query.without))
            and (query.since is None or (last is not None and query.since <= last))
            and (query.until is None or (last is not None and last <= query.until))
        )

    def _company(self, file: File, summary: Summary) -> frozenset[str]:
        """Everyone in `with` of the encounters of a file in which a relationship took part."""
        home = file.relationship.id
        counts = file.key == home != summary.id
        return frozenset(
            member
            for each in file.relationship.encounters
            if file.name == summary.file or (counts and summary.id in self._directory.took_part(home, each.with_))
            for member in each.with_
        )


def _minute(at: datetime | None) -> int:
    """The minute since the year 1; what has no time comes last, beside what was before that anywhere."""
    return 0 if at is None else max(0, (at - datetime(1, 1, 1, tzinfo=UTC)) // timedelta(minutes=1))


# ── random queries ───────────────────────────────────────────────────────────────────────────────────────

_GARBAGE = (
    "-\"*:#@()[]{}\\/%_^~+&|,;.!?'´`’“”„ \t\n\x00\x07\u200d\u202e\ud800\udcff½ﬁ♯‐\U0010ffffİıßſK東ภ한🎉́AND NOT OR NEAR"
)
_DAYS = ("march", "2025", "2026-03", "yesterday", "last week", "this year", "2019-01-01", "mon", "never", "3w", "")


def queries(plain: Plain, seed: int, count: int) -> Iterable[str]:
    """Yield what people may type, and what nobody would: words as written, parts of them, phrases, filters, garbage."""
    rng = Random(seed)
    texts = [entry.findable.text for file in plain.files for entry in file.entries]
    names = [each.name for file in plain.files for each in file.everyone]
    marks = sorted(MARKS)

    def text() -> list[str]:
        return rng.choice(texts).split() or ["x"]

    def word() -> str:
        return rng.choice(text())[:60]

    def part() -> str:
        chosen = word()
        start = rng.randrange(len(chosen))
        return chosen[start : start + rng.randint(1, 4)]

    def beginning() -> str:
        return word()[: rng.randint(1, 5)] + rng.choice(("", "", "*"))

    def phrase() -> str:
        words = text()
        start = rng.randrange(len(words))
        return '"' + " ".join(words[start : start + rng.randint(1, 3)])[:80] + rng.choice(('"', '"', ""))

    def topic() -> str:
        topics = [each for each in text() if each.startswith("#")] or ["#pricing"]
        return rng.choice(("{}", '"{}"')).format(rng.choice(topics)[: rng.randint(2, 12)])

    def name() -> str:
        chosen = rng.choice(names)
        return rng.choice((chosen.split()[0], chosen[: rng.randint(1, 4)], f'"{chosen}"', "nobody", "acme"))

    def garbage() -> str:
        return "".join(rng.choices(_GARBAGE, k=rng.randint(1, 6)))

    makers = (
        (word, 6), (beginning, 6), (part, 4), (phrase, 3), (topic, 2), (garbage, 1),
        (lambda: f"-{beginning()}", 2),
        (lambda: f"with:{name()}", 2), (lambda: f"-with:{name()}", 1),
        (lambda: f"is:{rng.choice(marks)}", 2), (lambda: f"-is:{rng.choice(marks)}", 1),
        (lambda: f"since:{rng.choice(_DAYS)}", 1), (lambda: f"until:{rng.choice(_DAYS)}", 1),
    )  # fmt: skip
    choices, weights = zip(*makers, strict=True)
    for _ in range(count):
        yield " ".join(make() for make in rng.choices(choices, weights, k=rng.choice((1, 1, 1, 2, 2, 3))))

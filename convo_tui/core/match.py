"""Names and issues that people mean. Nothing is ever guessed: one thing answers, or the caller is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

SHORTEST_ENDING = 4
"""How many characters of the end of an id name it (CONTRACT.md, "The note grammar")."""

_NOT_OF_A_SLUG = re.compile(r"[^a-z0-9]+")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d)")


@dataclass(frozen=True, slots=True)
class Named:
    """Someone who can be named: a relationship, or a person inside one (`home` is then that one's id)."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    file: str = ""
    former: tuple[str, ...] = ()
    home: str = ""
    organisation: str = ""
    relationship: str = ""
    slugs: tuple[str, ...] = field(init=False, repr=False, compare=False)
    stem: str = field(init=False, repr=False, compare=False)
    said: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the slugs once: `slugs` of the names, `stem` of the file, `said` the words of all, each after a space.

        Ten thousand of them are compared at every keystroke, and making a slug costs more than comparing it.
        """
        slugs = tuple(slug(each) for each in (self.name, *self.aliases))
        words_of_all = " ".join((*slugs, slug(self.organisation))).replace("-", " ").split()
        object.__setattr__(self, "slugs", slugs)
        object.__setattr__(self, "stem", slug(self.file.removesuffix(".toml")))
        object.__setattr__(self, "said", "".join(f" {word}" for word in words_of_all))

    @property
    def label(self) -> str:
        """What tells it from another of the same name: the file, else the organisation."""
        extra = self.file or self.organisation
        return f"{self.name} ({extra})" if extra else self.name


@lru_cache(maxsize=8192)
def slug(text: str) -> str:
    """Return the ASCII slug of `text`: case, accents and punctuation do not count (`Søren` → `soren`)."""
    text = text.replace("’", "'")
    if text.isascii():  # nothing to transliterate: the rest of what slugify does, a dozen times as fast
        return _NOT_OF_A_SLUG.sub("-", _THOUSANDS.sub("", text.lower())).strip("-")
    from slugify import slugify

    # People's text is no HTML: a number of an entity too large for a character would raise.
    return slugify(text, entities=False, decimal=False, hexadecimal=False)


def words(text: str) -> frozenset[str]:
    """Return the words of `text` as they are compared."""
    return frozenset(slug(text).split("-")) - {""}


def names(query: str, candidates: Iterable[Named]) -> list[Named]:
    """Return those that `query` names: one when it is clear, several when it is not, none when nobody is.

    In this order, the first that answers decides: id, file name, exact name, alias, prefix, words
    (CONTRACT.md, "Commands"), compared as slugs; an empty slug matches nothing.
    """
    candidates = list(candidates)
    exact = query.strip()
    by_id = [named for named in candidates if exact and (exact == named.id or exact in named.former)]
    if by_id:
        return by_id
    wanted = slug(query)
    if not wanted:
        return []
    stem = slug(exact.removesuffix(".toml"))
    asked = frozenset(wanted.split("-"))
    tiers: tuple[Callable[[Named], bool], ...] = (
        lambda named: stem != "" and named.stem == stem,
        lambda named: named.slugs[0] == wanted,
        lambda named: wanted in named.slugs,
        lambda named: any(each.startswith(wanted) for each in named.slugs),
        lambda named: any(asked <= frozenset(each.split("-")) for each in named.slugs),
    )
    for answers in tiers:
        found = [named for named in candidates if answers(named)]
        if found:
            return found
    return []


def texts(query: str, items: Sequence[tuple[str, str, T]], numbers: Sequence[T] = ()) -> list[T]:
    """Return the entries that `query` names among `items` (id, text, entry).

    In this order: the number in the agenda (an index into `numbers`, from 1), an id or its ending of at least
    4 characters, the exact text, then all words (CONTRACT.md, "The note grammar"). A number is never a word.
    """
    query = query.strip()
    if re.fullmatch(r"\d{1,3}", query):
        return [numbers[int(query) - 1]] if 0 < int(query) <= len(numbers) else []
    lowered = query.casefold()
    ending = lowered if len(lowered) >= SHORTEST_ENDING and re.fullmatch(r"[0-9a-z-]+", lowered) else None
    asked = words(query)
    tiers: tuple[Callable[[str, str], bool], ...] = (
        lambda identity, text: identity == query,
        lambda identity, text: ending is not None and identity.casefold().endswith(ending),
        lambda identity, text: text.strip().casefold() == lowered,
        lambda identity, text: bool(asked) and asked <= words(text),
    )
    for answers in tiers:
        found = [entry for identity, text, entry in items if answers(identity, text)]
        if found:
            return found
    return []

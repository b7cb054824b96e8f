"""Whom someone may mean while the name is still being typed. What is offered is chosen by a person, never by us."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from convo_tui.core.match import Named, slug
from convo_tui.core.summary import Summary, by_attention

_ALIKE = 75
"""From which likeness, of 100, a name may be a misspelling of what was typed."""

_SHORTEST = 3
"""What is shorter is alike to everything."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What completes a word: what to type, what tells it from others, and how often it occurs (0: not counted)."""

    value: str
    about: str = ""
    count: int = 0


def fuzzy(query: str, candidates: Sequence[Named], recent: Mapping[str, int], limit: int = 50) -> list[Named]:
    """Return those of `candidates` that `query` may mean, the best first, at most `limit`.

    Names and aliases come first, then their beginnings, then those of their words in any order, then those that
    take the organisation's, then what is spelled alike. Among equals, and when nothing is typed, the lowest rank in
    `recent` (by id) comes first; a person inside an organisation stands behind it.
    """
    wanted = slug(query)
    if not wanted:
        return [] if query.strip() else heapq.nsmallest(limit, candidates, key=lambda each: _nearness(each, recent))
    asked = wanted.split("-")
    begins = [f" {word}" for word in asked]
    rarest = max(begins, key=len)  # one look at each of ten thousand; the other words at the few that are left
    hits = [each for each in candidates if rarest in each.said and all(word in each.said for word in begins)]
    found = heapq.nsmallest(limit, hits, key=lambda each: (_tier(each, wanted, begins), *_nearness(each, recent)))
    if len(found) == limit or len(wanted) < _SHORTEST:
        return found
    return found + _alike(" ".join(asked), candidates, {each.id for each in hits}, recent)[: limit - len(found)]


def nearness(summaries: Iterable[Summary], today: date) -> dict[str, int]:
    """Return the rank of each relationship by id, for `fuzzy`: what is due first, then the last spoken with."""
    return {each.id: place for place, each in enumerate(by_attention(summaries, today))}


def _tier(named: Named, wanted: str, begins: Sequence[str]) -> int:
    if wanted in named.slugs:
        return 0
    if any(each.startswith(wanted) for each in named.slugs):
        return 1
    own = "".join(f" {each}" for each in named.slugs).replace("-", " ")
    return 2 if all(word in own for word in begins) else 3


def _nearness(named: Named, recent: Mapping[str, int]) -> tuple[int, bool, str]:
    return recent.get(named.id, recent.get(named.home, len(recent))), bool(named.home), named.name


def _alike(text: str, candidates: Sequence[Named], known: set[str], recent: Mapping[str, int]) -> list[Named]:
    from rapidfuzz import fuzz, process

    others = [each for each in candidates if each.id not in known]
    said = [each.said for each in others]
    scored = process.extract(text, said, scorer=fuzz.partial_ratio, score_cutoff=_ALIKE, limit=None)
    best = sorted(scored, key=lambda found: (-found[1], *_nearness(others[found[2]], recent)))
    return [others[place] for _, _, place in best]

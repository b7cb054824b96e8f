"""Hypothesis strategies for whole relationships: everything that a valid file can hold."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any

from hypothesis import strategies as st

from convo_tui.core.ids import derived_id
from convo_tui.core.models import Relationship

_NASTY = (
    '"""',
    'she said "yes"',
    'ends in a quote "',
    'four """" and five """""',
    "back\\slash \\n \\",
    "'''",
    "two spaces  \nare a line break",
    "\n leading newline",
    "trailing newline\n",
    "\r\n and \r alone",
    "\x00\x1b]52;c;aGk=\x07\x7f\x85",
    "[[issues]]\nid = 1 # not a comment",
    "=======",
    "\ufeffbom \u2028 \u202e bidi",
    "山田太郎 🎉 é",
    "\t tab",
)


@cache
def texts() -> st.SearchStrategy[str]:
    """Texts as hostile as TOML can hold."""
    return st.one_of(
        st.sampled_from(_NASTY),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
        st.lists(st.sampled_from(_NASTY), min_size=2, max_size=3).map(" ".join),
    )


@cache
def filled() -> st.SearchStrategy[str]:
    """Texts that are not blank."""
    return texts().map(lambda text: text if text.strip() else f"x{text}")


@cache
def _days() -> st.SearchStrategy[date]:
    return st.dates(date(1900, 1, 1), date(2100, 1, 1))


@cache
def moments() -> st.SearchStrategy[datetime]:
    """Times with an offset of whole minutes, or without one."""
    offsets = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    return st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.one_of(st.none(), offsets)).map(
        lambda moment: moment.replace(microsecond=0) if moment.minute % 2 else moment
    )


@cache
def _unknown_values() -> st.SearchStrategy[Any]:
    leaves = st.one_of(
        texts(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(),
        _days(),
        moments(),
        st.times().map(time.isoformat).map(time.fromisoformat),
    )
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_unknown_keys(), inner, max_size=3),
        max_leaves=4,
    )


@cache
def _unknown_keys() -> st.SearchStrategy[str]:
    keys = st.one_of(st.sampled_from(["x", "my key", "a.b", "", "ünï", 'q"uote', "42"]), texts())
    # The keys of entries may be unknown at the top and the other way round; ours only are left out everywhere.
    return keys.map(lambda key: f"x{key}" if key.isidentifier() else key)


def _table(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    known = st.fixed_dictionaries(required, optional=optional)
    unknown = st.one_of(st.just({}), st.dictionaries(_unknown_keys(), _unknown_values(), max_size=2))
    return st.tuples(known, unknown).map(lambda parts: {**parts[1], **parts[0]})


def _few(items: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(items, max_size=3)


def _reach() -> st.SearchStrategy[dict[str, Any]]:
    kinds = st.sampled_from(["email", "phone", "web", "chat", "address", "other"])
    return _table({"value": filled()}, {"kind": kinds, "label": texts()})


def _dates() -> st.SearchStrategy[dict[str, Any]]:
    return _table({"on": _days() | st.just("--04-15")}, {"label": texts(), "once": st.booleans()})


def _people() -> st.SearchStrategy[dict[str, Any]]:
    return _table(
        {"name": filled()},
        {
            "role": texts(),
            "influence": st.sampled_from(["decides", "influences", "uses", "partner", "unknown"]),
            "stance": st.sampled_from(["advocate", "neutral", "critic", "unknown"]),
            "reach": _few(texts()),
            "relationship": texts(),
            "left": _days(),
        },
    )


def _issues() -> st.SearchStrategy[dict[str, Any]]:
    return _table(
        {"text": filled()},
        {
            "owner": st.sampled_from(["me", "them", "us"]),
            "state": st.sampled_from(["open", "parked", "settled", "dropped"]),
            "opened": moments(),
            "opened_in": texts(),
            "due": _days(),
            "every": st.sampled_from(["10d", "3w", "2m", "1y"]),
            "parked_until": _days(),
            "carried": _few(texts()),
            "closed": moments(),
            "closed_in": texts(),
            "outcome": texts(),
        },
    )


def _heard() -> st.SearchStrategy[dict[str, Any]]:
    kinds = st.sampled_from(["need", "want", "expectation", "unsaid", "idea", "rival", "about"])
    return _table(
        {"text": filled()},
        {"kind": kinds, "heard_in": texts(), "at": moments(), "met": _days(), "dropped": _days()},
    )


def _encounters() -> st.SearchStrategy[dict[str, Any]]:
    return _table(
        {"at": moments()},
        {
            "channel": st.sampled_from(["call", "meeting", "email", "chat", "note"]),
            "with": _few(texts()),
            "mentions": _few(texts()),
            "nature": st.sampled_from(["conversation", "transaction"]),
            "spark": st.integers(1, 5),
            "minutes": st.integers(0, 100_000),
            "note": texts(),
        },
    )


@cache
def _files() -> st.SearchStrategy[dict[str, Any]]:
    return _table(
        {
            "format": st.just(1),
            "id": st.sampled_from(["20240301-7k3q9m2f", "x", "19991231-00000000"]),
            "name": filled(),
            "kind": st.sampled_from(["person", "organisation"]),
        },
        {
            "organisation": texts(),
            "role": texts(),
            "aliases": _few(texts()),
            "former": _few(texts()),
            "tags": _few(texts()),
            "cadence": st.sampled_from(["10d", "3w", "2m", "1y"]),
            "next_on": _days(),
            "next_about": texts(),
            "archived": st.booleans(),
            "snoozed_until": _days(),
            "story": texts(),
            "reach": _few(_reach()),
            "dates": _few(_dates()),
            "people": _few(_people()),
            "issues": _few(_issues()),
            "heard": _few(_heard()),
            "encounters": _few(_encounters()),
        },
    )


@st.composite
def relationships(draw: st.DrawFn) -> Relationship:
    """Valid relationships: nasty texts, odd offsets, every enumeration, unknown keys at every level."""
    table = draw(_files())
    for kind in ("people", "issues", "heard", "encounters"):
        for number, entry in enumerate(table.get(kind, ())):
            entry["id"] = derived_id(date(2026, 1, 1), kind, str(number))
    return Relationship.model_validate(table)

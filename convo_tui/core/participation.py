"""Who took part in an encounter. "An encounter lives in one file; every relationship that took part (in `with`,
through `people.relationship`, or as the person's `organisation`) shows it in its timeline and counts it as contact."
(CONTRACT.md, "Rules")
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from convo_tui.core.match import Named, slug

if TYPE_CHECKING:
    from convo_tui.core.models import Encounter


def place_in_time(at: datetime, identity: str, is_own: bool) -> tuple[datetime, str]:
    """Return what a timeline is sorted by, oldest first: the one rule for encounters of the same minute.

    Those in the relationship's own file stay as written ("ties as written", CONTRACT.md, "The file"); those of other
    files follow them, by id. So the newest is the same one wherever it is asked for.
    """
    return at, "" if is_own else identity


def newest(encounters: Iterable[Encounter]) -> Encounter | None:
    """Return the newest of these, all of one file; None without any."""
    return max(reversed(tuple(encounters)), key=lambda each: place_in_time(each.at, each.id, True), default=None)


@dataclass(slots=True)
class Directory:
    """Whom every id means, and to which organisation each relationship belongs."""

    everyone: Mapping[str, Named] = field(default_factory=dict)
    current: Mapping[str, str] = field(default_factory=dict)
    by_name: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, named: Iterable[Named]) -> Directory:
        """Build it from everyone who can be named."""
        everyone: dict[str, Named] = {}
        current: dict[str, str] = {}
        by_name: dict[str, str] = {}
        for each in named:
            everyone.setdefault(each.id, each)
            if not each.home:
                for former in each.former:
                    current.setdefault(former, each.id)
                for name in filter(None, each.slugs):
                    by_name.setdefault(name, each.id)
        return cls(everyone, current, by_name)

    def resolved(self, identity: str) -> str:
        """Return the id under which a relationship is known now: one joined into another has a new one."""
        return self.current.get(identity, identity)

    def name(self, identity: str) -> str:
        """Return the name behind an id; empty when nobody has it."""
        found = self.everyone.get(self.resolved(identity))
        return found.name if found else ""

    def organisation(self, named: Named) -> str:
        """Return the id of the relationship that is a person's organisation; empty when it is none of ours."""
        stated = named.organisation
        if not stated:
            return ""
        if self.resolved(stated) in self.everyone:
            return self.resolved(stated)
        return self.by_name.get(slug(stated), "")

    def took_part(self, home: str, with_: Iterable[str]) -> frozenset[str]:
        """Return the ids of all relationships that took part in an encounter of `home` with these."""
        found: set[str] = set()
        met: set[str] = set()
        waiting = [home, *with_]
        while waiting:
            identity = self.resolved(waiting.pop())
            named = self.everyone.get(identity)
            if named is None or identity in met:
                continue
            met.add(identity)
            if named.home:  # a person in an organisation: both the organisation and their own relationship
                waiting += [named.home, *([named.relationship] if named.relationship else [])]
            else:
                found.add(identity)
                organisation = self.organisation(named)
                waiting += [organisation] if organisation else []
        return frozenset(found)

"""A place in the journal that a line of a list stands for, and that one can go to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """An entry, or the relationship itself: `kind` is issue, heard, encounter, person or relationship.

    `key` names the relationship in this journal, `name` is what it is called; `id` is that of the entry.
    """

    key: str
    kind: str
    id: str
    name: str = ""

    @property
    def row(self) -> str:
        """The key of its row in a list of many relationships: no other place has the same."""
        return f"{self.kind}:{self.id}@{self.key}"

    @property
    def can_be_worked_on(self) -> bool:
        """Whether the verbs on issues and on what was heard mean it."""
        return self.kind in ("issue", "heard")

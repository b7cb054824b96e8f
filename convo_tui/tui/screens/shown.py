"""The relationship on the screen: what its panes draw, and what of it a key acts on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from textual.content import Content

from convo_tui.core.shape import shape
from convo_tui.tui.rows import details
from convo_tui.tui.rows.shape import shape_rows
from convo_tui.tui.widgets.line_list import Row

if TYPE_CHECKING:
    from convo_tui.core.brief import Brief
    from convo_tui.store.journal import Journal, View


@dataclass(frozen=True)
class Shown:
    """The relationship on the screen: everything that its panes draw."""

    view: View
    brief: Brief

    @property
    def id(self) -> str:
        """The id of the relationship."""
        return self.view.relationship.id


@dataclass(frozen=True)
class Target:
    """What a key acts on: an `issue`, something `heard`, an `encounter` or a `relationship`, by its id."""

    kind: Literal["issue", "heard", "encounter", "relationship"]
    id: str


def gathered(journal: Journal, key: str, today: date) -> Shown:
    """Return the relationship of `key` as it is shown. Raises NotFound, Damage."""
    view = journal.view(key)
    return Shown(view, view.brief(today))


def target_of(key: str | None) -> Target | None:
    """Return what the key of a row stands for; None for a row that nothing can be done to."""
    kind, _, identity = (key or "").partition(":")
    if kind in ("issue", "heard", "encounter"):
        return Target(kind, identity)  # type: ignore[arg-type]
    return None


def detail_rows(shown: Shown, target: Target, today: date, width: int) -> list[Row]:
    """Return one thing of the relationship that is shown, in full."""
    view = shown.view
    if target.kind == "relationship":
        return _card(shown, today, width)
    if target.kind == "encounter":
        encounter = next((each for each in view.timeline if each.id == target.id), None)
        return details.encounter_rows(encounter, view.relationship, today, width, view.names) if encounter else []
    if target.kind == "issue":
        stands = view.standing(target.id, today)
        return details.issue_rows(stands, view.timeline, today, width) if stands else []
    heard = next((each for each in view.relationship.heard if each.id == target.id), None)
    return details.heard_rows(heard, view.timeline, today, width) if heard else []


def _card(shown: Shown, today: date, width: int) -> list[Row]:
    """Who they are, the last encounter, and the shape of it over time, with a line of air between."""
    view, last = shown.view, shown.brief.last
    rows = details.card_rows(view.relationship, today, width)
    if last is not None:
        rows += [Row(Content()), *details.encounter_rows(last, view.relationship, today, width, view.names)]
    drawn = shape_rows(shape(view.relationship, view.timeline, today), today, width)
    return [*rows, Row(Content()), *drawn] if drawn else rows

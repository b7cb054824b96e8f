"""The forms there are: a new relationship, one that is here, and a person of an organisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar, cast

from convo_tui.core import forms, people
from convo_tui.core.day_forms import quoted
from convo_tui.core.match import slug
from convo_tui.core.models import Person, Relationship
from convo_tui.sanitize import single
from convo_tui.tui.screens.form import Line, Outcome, Sheet

if TYPE_CHECKING:
    from convo_tui.store.journal import Journal
    from convo_tui.tui.place import Place
    from convo_tui.tui.screens.overview import Host

M = TypeVar("M", Relationship, Person)
Of: TypeAlias = type[Relationship] | type[Person]

_HINTS = {
    "name": "all that is needed",
    "organisation": "where they are",
    "role": "what they do there",
    "reach": "ana@acme.example\nwork: +34 600 000 000\nweb https://acme.example",
    "dates": "birthday 15 Apr\nrenewal 2027-03-01 once",
    "aliases": "other names, with commas",
    "tags": "client, emea",
    "cadence": "10d, 3w, 2m or 1y",
    "next_on": "fri, 2w, 10 dec",
    "next_about": "what to talk about then",
    "snoozed_until": "fri, 2w, 10 dec",
    "story": "what the two of us are doing together",
    "left": "today, 3 may",
}
_PLAIN_REACH = "ana@acme.example\n+34 600 000 000"
"""Of a person in an organisation, a way to reach them has no label."""

_HEIGHTS = {"reach": 3, "dates": 2, "story": 3}
_BEGIN = frozenset({"reach", "aliases", "cadence", "story"})
"""The fields before which there is a line of air."""


def _lines(of: Of) -> list[Line]:
    hints = _HINTS if of is Relationship else _HINTS | {"reach": _PLAIN_REACH}
    return [
        Line(key, field.label, hints.get(key, ""), _HEIGHTS.get(key, 1), field.choices, key in _BEGIN)
        for key, field in forms.FORMS[of].items()
    ]


def _fault(host: Host, of: Of) -> Callable[[str, str], str]:
    return lambda key, text: forms.fault(of, key, text, host.today, host.date_order)


# ── a new relationship ───────────────────────────────────────────────────────────────────────────────────


def new_relationship(host: Host) -> Sheet:
    """Return the sheet that adds a relationship; quick for whoever types no more than a name."""
    warned: set[str] = set()

    async def save(typed: Mapping[str, str]) -> Outcome:
        return await host.attempt(lambda journal: _created(journal, host, typed, warned))

    texts = {"kind": "person", "archived": "no"}
    return Sheet("New relationship", _lines(Relationship), texts, _fault(host, Relationship), save, adds=True)


def _created(journal: Journal, host: Host, typed: Mapping[str, str], warned: set[str]) -> Outcome:
    """Add it; a second one of a name only for whoever was told that there is one."""
    values = forms.values(Relationship, typed, host.today, host.date_order)
    called = slug(values["name"])
    same = next((each for each in journal.summaries() if slug(each.name) == called != ""), None)
    if same is not None and called not in warned:
        warned.add(called)
        return {"name": f"{single(same.name)} is here already; ctrl+s adds a second of that name."}
    with journal.together(f"new {values['name']}"):
        summary = journal.create(**values, another=True)
        _link(journal, summary.key)
    return summary.key


# ── what is here ─────────────────────────────────────────────────────────────────────────────────────────


class _Edit(Generic[M]):
    """What a form changes, on what stands in the file; `base` is what the form shows of it."""

    def __init__(self, host: Host, base: M, change: Callable[[Journal, M, Mapping[str, str]], str]) -> None:
        self._host = host
        self._base: M = base
        self._change: Callable[[Journal, M, Mapping[str, str]], str] = change

    async def save(self, typed: Mapping[str, str]) -> Outcome:
        """Save what was typed; where another program has changed the same, tell so first."""
        return await self._host.attempt(lambda journal: self._saved(journal, typed))

    def _saved(self, journal: Journal, typed: Mapping[str, str]) -> Outcome:
        try:
            return self._change(journal, self._base, typed)
        except forms.ChangedMeanwhile as other:
            self._base = cast(M, other.stands)
            return {
                key: f"Meanwhile another program wrote {quoted(said) if said else 'nothing'} here; ctrl+s keeps yours."
                for key, said in other.said.items()
            }


async def relationship_form(host: Host, key: str) -> Sheet | None:
    """Return the sheet of the relationship of `key`; None, with the reason said, when it cannot be changed."""
    found = await host.attempt(lambda journal: _writable(journal, key))
    if found is None:
        return None
    base, texts = found

    def change(journal: Journal, base: Relationship, typed: Mapping[str, str]) -> str:
        def edit(now: Relationship) -> Relationship:
            return forms.filled_since(base, now, typed, host.today, host.date_order)

        with journal.together(f"edit {base.name}"):
            journal.change(key, f"edit {base.name}", edit)
            if not typed.keys().isdisjoint({"name", "organisation"}):
                _link(journal, key)
        return key

    saving = _Edit(host, base, change)
    return Sheet(base.name, _lines(Relationship), texts, _fault(host, Relationship), saving.save)


def _writable(journal: Journal, key: str) -> tuple[Relationship, dict[str, str]]:
    """Return a relationship with the texts of its form; an organisation that is one of ours is called by its name."""
    journal.writable(key)
    now = journal.view(key).relationship
    texts = forms.fields(now)
    return now, texts | {"organisation": journal.directory.name(now.organisation) or texts["organisation"]}


def _link(journal: Journal, key: str) -> None:
    """Link whoever is called so among the people of their organisation to their own file, when it can be written."""
    own = journal.view(key).relationship
    named = journal.directory.everyone.get(own.id)
    home = journal.directory.organisation(named) if named is not None and own.kind == "person" else ""
    found = journal.summary(home) if home else None
    if found is None or found.kind != "organisation" or found.problem:
        return
    organisation = journal.view(found.key).relationship
    if people.linked(organisation, own) is not organisation:
        journal.change(found.key, f"link {own.name}", lambda now: people.linked(now, own))


# ── a person of an organisation ──────────────────────────────────────────────────────────────────────────


def new_person(host: Host, organisation: Place) -> Sheet:
    """Return the sheet that adds a person to an organisation."""
    key = organisation.key

    def create(journal: Journal, typed: Mapping[str, str]) -> str:
        values = forms.values(Person, typed, host.today, host.date_order)
        new = Person.model_validate({"id": journal.new_id(), **values})
        journal.change(key, f"{new.name} of {organisation.name}", lambda now: people.with_person(now, new))
        return new.id

    async def save(typed: Mapping[str, str]) -> Outcome:
        return await host.attempt(lambda journal: create(journal, typed))

    texts = {"influence": "unknown", "stance": "unknown"}
    title = f"Someone of {organisation.name}"
    return Sheet(title, _lines(Person), texts, _fault(host, Person), save, adds=True)


async def person_form(host: Host, organisation: Place, identity: str) -> Sheet | None:
    """Return the sheet of a person of an organisation; None, with the reason said, when they are no longer there."""
    key = organisation.key
    base = await host.attempt(lambda journal: people.person(journal.view(key).relationship, identity))
    if base is None:
        return None

    def change(journal: Journal, base: Person, typed: Mapping[str, str]) -> str:
        def edit(now: Relationship) -> Relationship:
            stands = people.person(now, identity)
            return people.with_person(now, forms.filled_since(base, stands, typed, host.today, host.date_order))

        journal.change(key, f"edit {base.name} of {organisation.name}", edit)
        return identity

    title = f"{base.name} · {organisation.name}"
    return Sheet(title, _lines(Person), forms.fields(base), _fault(host, Person), _Edit(host, base, change).save)

"""Address books: the cards of vCard files, and the relationships that they become."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from convo_tui.core.errors import Ambiguous
from convo_tui.core.match import slug
from convo_tui.core.models import FORMAT, Anniversary, Kind, Reach, ReachKind, Relationship
from convo_tui.exchange.vcard_lines import Property, blocks, line_of, one_line, parts_of, properties, text_of

UID_KEY = "vcard_uid"
"""The key of a relationship that keeps the UID of the card it came from."""


@dataclass(frozen=True)
class Card:
    """What a card says about someone; `source` is the file and line of its beginning."""

    source: str
    name: str
    kind: Kind = "person"
    organisation: str = ""
    role: str = ""
    aliases: tuple[str, ...] = ()
    reach: tuple[Reach, ...] = ()
    dates: tuple[Anniversary, ...] = ()
    note: str = ""
    tags: tuple[str, ...] = ()
    uid: str = ""


@dataclass(frozen=True)
class Broken:
    """A card that was left out, or lines of one that were; `line` counts from 1 in the file `source`."""

    source: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.reason}"


def read(data: bytes, source: str) -> Iterator[Card | Broken]:
    """Yield every card in `data`, and what could not be read: a broken card does not take the others with it.

    `source` is the file as messages name it. Raises nothing, whatever the bytes.
    """
    found = False
    for line, physical, ended in blocks(data):
        found = True
        if ended:
            yield from _card(list(properties(physical)), source, line)
        else:
            yield Broken(source, line, "this card has no END:VCARD; it was left out")
    if not found:
        yield Broken(source, 1, "there is no vCard in this file")


# From properties to a card.

_LEFT_OUT = {"group": "a list of people", "location": "a place", "application": "a program", "device": "a device"}
_MESSENGERS = {
    "X-AIM": "aim",
    "X-GOOGLE-TALK": "google talk",
    "X-ICQ": "icq",
    "X-JABBER": "jabber",
    "X-MATRIX": "matrix",
    "X-MSN": "msn",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-YAHOO": "yahoo",
}
# Types that tell nothing which one would read beside a number.
_PLAIN_TYPES = frozenset(
    {"pref", "voice", "msg", "internet", "text", "x400", "other", "dom", "intl", "postal", "parcel"}
)
_SCHEME = re.compile(r"(?:mailto|tel|sms):", re.IGNORECASE)
_DATE = re.compile(r"(?P<year>\d{4}|-)-?(?P<month>\d{2})-?(?P<day>\d{2})(?:[T ].*)?", re.ASCII)
_APPLE_LABEL = re.compile(r"_\$!<(.*)>!\$_")
_NO_YEAR = frozenset({"-", "0000", "1604"})
"""What stands for a year that is not known; 1604 is Apple's."""


class _Sheet:
    """The properties of one card, by name."""

    def __init__(self, properties: Iterable[Property]) -> None:
        self._by_name: dict[str, list[Property]] = {}
        self._labels: dict[str, str] = {}
        for item in properties:
            self._by_name.setdefault(item.name, []).append(item)
            if item.name == "X-ABLABEL" and item.group:
                self._labels[item.group] = _APPLE_LABEL.sub(r"\1", line_of(item.value)).casefold()

    def all(self, *names: str) -> Iterator[Property]:
        """Those that say something, in the order of `names`."""
        return (item for name in names for item in self._by_name.get(name, ()) if item.value.strip(" ;\n"))

    def text(self, *names: str) -> str:
        """The first that is there, on one line."""
        return next((line for item in self.all(*names) if (line := line_of(item.value))), "")

    def parts(self, name: str) -> list[str]:
        """The components of a structured one: of a name, an organisation."""
        return next(([one_line(part) for part in parts_of(item.value, ";")] for item in self.all(name)), [])

    def label(self, item: Property) -> str:
        """`work cell`: the label that the user gave, else the types of it."""
        types = (kind for kind in item.types if kind not in _PLAIN_TYPES)
        return self._labels.get(item.group) or " ".join(dict.fromkeys(types))


def _card(found: Sequence[Property | int], source: str, line: int) -> Iterator[Card | Broken]:
    sheet = _Sheet(item for item in found if isinstance(item, Property))
    kind = sheet.text("KIND", "X-ADDRESSBOOKSERVER-KIND").casefold()
    family, given, middle, prefix, suffix = (*sheet.parts("N"), *[""] * 5)[:5]
    organisation, *departments = [*sheet.parts("ORG"), ""]
    personal = " ".join(part for part in (prefix, given, middle, family, suffix) if part)
    name = sheet.text("FN") or personal or organisation or sheet.text("NICKNAME") or _address(sheet.text("EMAIL"))
    if kind in _LEFT_OUT:
        yield Broken(source, line, f"this card is {_LEFT_OUT[kind]}, not someone to talk with; it was left out")
        return
    if not name:
        yield Broken(source, line, "this card names nobody; it was left out")
        return
    company = sheet.text("X-ABSHOWAS").casefold() == "company" or (not personal and name == organisation)
    is_organisation = kind == "org" or company
    title = [sheet.text("TITLE", "ROLE"), *departments]
    dates, unclear = _dates(sheet)
    yield Card(
        source=f"{source}:{line}",
        name=name,
        kind="organisation" if is_organisation else "person",
        organisation="" if is_organisation else organisation,
        role="" if is_organisation else ", ".join(part for part in title if part),
        aliases=_listed(sheet, "NICKNAME", name),
        reach=_reach(sheet),
        dates=dates,
        note="\n\n".join([*(text_of(item.value).strip() for item in sheet.all("NOTE")), *unclear]),
        tags=_listed(sheet, "CATEGORIES", ""),
        uid=sheet.text("UID"),
    )
    bad = [number for number in found if isinstance(number, int)]
    if bad:
        lines = "this line is" if len(bad) == 1 else f"{len(bad)} lines from here are"
        yield Broken(source, bad[0], f"{lines} no property; the rest of {name} was read")


def _listed(sheet: _Sheet, name: str, without: str) -> tuple[str, ...]:
    listed = (one_line(part) for item in sheet.all(name) for part in parts_of(item.value, ","))
    return tuple(dict.fromkeys(part for part in listed if part and part != without))


def _reach(sheet: _Sheet) -> tuple[Reach, ...]:
    found: dict[tuple[str, str], Reach] = {}

    def add(kind: ReachKind, item: Property, value: str, label: str = "") -> None:
        if value:
            way = Reach(kind=kind, label=sheet.label(item) or label, value=value)
            found.setdefault(_way(way), way)

    for item in sheet.all("EMAIL"):
        add("email", item, _address(line_of(item.value)))
    for item in sheet.all("TEL"):
        add("phone", item, _address(line_of(item.value)).replace(";ext=", " ext. "))
    for item in sheet.all("URL", "X-SOCIALPROFILE", "X-TWITTER"):
        add("web", item, line_of(item.value))
    for item in sheet.all("IMPP", *_MESSENGERS):
        add("chat", item, line_of(item.value), _MESSENGERS.get(item.name, ""))
    for item in sheet.all("ADR"):
        lines = (part.replace("\n", ", ") for part in parts_of(item.value, ";"))
        add("address", item, one_line(", ".join(part for part in lines if part)))
    return tuple(found.values())


def _dates(sheet: _Sheet) -> tuple[tuple[Anniversary, ...], list[str]]:
    """The dates, and in words those that are none of a calendar (`circa 1800`)."""
    dates, unclear = dict[str, Anniversary](), list[str]()
    for item in sheet.all("BDAY", "ANNIVERSARY", "X-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-ABDATE"):
        known = "birthday" if item.name == "BDAY" else "anniversary"
        label = known if item.name != "X-ABDATE" else sheet.label(item) or known
        day = _day(line_of(item.value), item.parameters.get("X-APPLE-OMIT-YEAR", ()))
        if day is None:
            unclear.append(f"{label}: {line_of(item.value)}")
        else:
            dates.setdefault(label, Anniversary(label=label, on=day))
    return tuple(dates.values()), unclear


def _day(value: str, omitted: Sequence[str]) -> date | str | None:
    """A date, or `--04-15` when its year is not known; the local day as written, whatever the time."""
    found = _DATE.fullmatch(value)
    if not found:
        return None
    try:
        if found["year"] in _NO_YEAR or found["year"] in omitted:
            leap = date(2000, int(found["month"]), int(found["day"]))
            return f"--{leap:%m-%d}"
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None


def _address(value: str) -> str:
    return _SCHEME.sub("", value, count=1) if _SCHEME.match(value) else value


# From a card to a relationship.


class Known(NamedTuple):
    """A relationship there is, as cards are compared with it; `ways` as the function of that name gives them."""

    id: str
    name: str
    ways: frozenset[str] = frozenset()
    uid: str = ""
    aliases: tuple[str, ...] = ()


def ways(reach: Iterable[Reach]) -> frozenset[str]:
    """Return the mail addresses and phone numbers among `reach`, in the form in which they are compared."""
    return frozenset(_way(way)[1] for way in reach if way.kind in ("email", "phone"))


class Book:
    """Who is known already, for telling a card that is new from one that is not."""

    def __init__(self, people: Iterable[Known] = ()) -> None:
        self._by_uid: dict[str, str] = {}
        self._by_name: dict[str, dict[str, Known]] = {}
        for known in people:
            self.add(known)

    def add(self, known: Known) -> None:
        """Note `known`, new or as it now is: after every card, as the next may be about the same one."""
        if known.uid:
            self._by_uid.setdefault(known.uid, known.id)
        for name in (known.name, *known.aliases):
            self._by_name.setdefault(_name_key(name), {})[known.id] = known

    def find(self, card: Card) -> str | None:
        """Return the id of the relationship that `card` is about, or None when there is none yet.

        It is the one with the card's UID. Else it is one of the same name or alias (case, accents and punctuation
        ignored) with which the card shares a mail address or phone number. Else it is the only one of that name,
        provided that nothing tells the two apart: not both have mail addresses or phone numbers, and not both have a
        UID. So the same card read again is the same one, and two John Smiths with different addresses are two.

        Raises:
            Ambiguous: when several have the name, and the card has nothing else to know it by.
        """
        if card.uid in self._by_uid:
            return self._by_uid[card.uid]
        namesakes = list(self._by_name.get(_name_key(card.name), {}).values())
        own = ways(card.reach)
        for known in namesakes:
            if own & known.ways:
                return known.id
        if len(namesakes) == 1:
            apart = (own and namesakes[0].ways) or (card.uid and namesakes[0].uid)
            return None if apart else namesakes[0].id
        if namesakes and not own and not card.uid:
            raise Ambiguous(
                f"{card.source}: {len(namesakes)} relationships are called {card.name}; the card was left out:"
                " give it a mail address",
                [known.id for known in namesakes],
            )
        return None


def merge(card: Card, existing: Relationship | None, *, new_identity: str) -> Relationship:
    """Return the relationship of `card`: a new one with the id `new_identity`, or `existing` with what it lacked.

    Nothing that `existing` has is changed or removed; when it lacks nothing, it is returned itself. The note of
    a card becomes the story where there is none: it is what the user wrote about them.
    """
    if existing is None:
        about = {"name": card.name, "kind": card.kind, "organisation": card.organisation, "role": card.role}
        lists = {"aliases": card.aliases, "tags": card.tags, "reach": card.reach, "dates": card.dates}
        kept = {UID_KEY: card.uid} if card.uid else {}
        return Relationship.model_validate(
            {"format": FORMAT, "id": new_identity, "story": card.note, **about, **lists, **kept}
        )
    missing = _missing(card, existing)
    return existing.model_copy(update=missing) if missing else existing


def _missing(card: Card, existing: Relationship) -> dict[str, Any]:
    """The keys of `existing` that `card` adds to, with their new values."""
    person = existing.kind == "person"
    single = {
        "organisation": card.organisation if person else "",
        "role": card.role if person else "",
        "story": card.note,
        "tags": card.tags,
    }
    result: dict[str, Any] = {key: value for key, value in single.items() if value and not getattr(existing, key)}
    called = {_name_key(name) for name in (existing.name, *existing.aliases)}
    here = {_way(way) for way in existing.reach}
    labels = {known.label.casefold() for known in existing.dates}
    added = {
        "aliases": tuple(name for name in (card.name, *card.aliases) if _name_key(name) not in called),
        "reach": tuple(way for way in card.reach if _way(way) not in here),
        "dates": tuple(day for day in card.dates if day.label.casefold() not in labels),
    }
    result |= {key: getattr(existing, key) + extra for key, extra in added.items() if extra}
    if card.uid and UID_KEY not in (existing.model_extra or {}):
        result[UID_KEY] = card.uid
    return result


def _name_key(name: str) -> str:
    return slug(name) or name.casefold()


def _way(way: Reach) -> tuple[str, str]:
    """A way to reach someone as it is compared: the digits of a phone number, a mail address in lower case."""
    value = " ".join(way.value.casefold().split())
    if way.kind == "phone":
        value = re.sub(r"\D", "", value).removeprefix("00") or value
    elif way.kind == "web":
        value = re.sub(r"^https?://|/$", "", value)
    return way.kind, value

"""The ways to reach a relationship and its people, with the link that each one opens (PRODUCT.md, "Accessible").

A link is made from parts that were understood, never handed through: what a file says cannot smuggle in a subject,
a recipient, credentials or another scheme. What makes no link is there to be copied.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from convo_tui.core.models import Reach, ReachKind, Relationship

_LONGEST = 2_000
"""Characters of a value that may still become a link."""

_MAIL = re.compile(r"(?:[^<>]*<)?(?:mailto:)?([^\s@<>]{1,64})@([\w-]+(?:\.[\w-]+)*)>?", re.IGNORECASE)
_PHONE = re.compile(r"(?:tel:)?(\+?[\d ()./-]+?)(?:(?:;ext=|,? *(?:ext\.?|x) *)\d+)?", re.IGNORECASE | re.ASCII)
_TRUNK = re.compile(r"(?<=\d)([^\d]*)\(0\)")
_DIGITS = range(3, 21)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_HOST = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?::\d{1,5})?(?:[/?#].*)?")

# RFC 6068, section 2: what may stand in an address as it is; "," begins another address and "?" the headers.
_IN_MAIL = "!$'*+-._~"
# RFC 3986, section 2.2: what may stand in the rest of an address, an escape as well.
_IN_PATH = "%/:@!$&'()*+,;=-._~?"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach someone: what kind it is, in a word or two, the value as written, and the link, if it makes one.

    `name` is whose it is, for the people of an organisation.
    """

    label: str
    value: str
    link: str | None
    name: str = ""


def ways(relationship: Relationship) -> list[Way]:
    """Return every way to reach a relationship, its own first, then those of the people who are still there."""
    own = [_way(each) for each in relationship.reach]
    people = [person for person in relationship.people if person.left is None]
    return own + [_way(_guessed(value), person.name) for person in people for value in person.reach if value.strip()]


def link(kind: ReachKind, value: str) -> str | None:
    """Return the `mailto:` (RFC 6068), `tel:` (RFC 3966) or web address that a value means; None when it is none."""
    value = " ".join(value.split())
    makes = _LINKS.get(kind)
    return makes(value) if makes is not None and len(value) <= _LONGEST and value.isprintable() else None


def _way(reach: Reach, name: str = "") -> Way:
    label = f"{reach.kind} · {reach.label}" if reach.label else reach.kind
    return Way(label, reach.value, link(reach.kind, reach.value), name)


def _guessed(value: str) -> Reach:
    """What a value of a person means, which says no kind: the first of mail, phone and web that understands it."""
    kinds: Iterator[ReachKind] = (kind for kind in _LINKS if link(kind, value))
    return Reach(kind=next(kinds, "other"), value=value)


def _mail(value: str) -> str | None:
    found = _MAIL.fullmatch(value)
    return f"mailto:{quote(found[1], safe=_IN_MAIL)}@{quote(found[2], safe=_IN_MAIL)}" if found else None


def _phone(value: str) -> str | None:
    found = _PHONE.fullmatch(value)
    if not found:
        return None
    # `+49 (0) 30`: the 0 is dialled only at home.
    number = _TRUNK.sub(r"\1", found[1], count=1) if found[1].startswith("+") else found[1]
    digits = re.sub(r"\D", "", number)
    plus = "+" if number.startswith("+") else ""
    return f"tel:{plus}{digits}" if len(digits) in _DIGITS else None


def _web(value: str) -> str | None:
    if not _SCHEME.match(value):
        if not _HOST.fullmatch(value):
            return None
        value = f"https://{value}"
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return None
    if "@" in parts.netloc or "\\" in value or not re.fullmatch(r"[a-z0-9.-]+", host) or host.startswith("-"):
        return None
    rest = "".join(
        f"{mark}{quote(part, safe=_IN_PATH)}"
        for mark, part in (("", parts.path), ("?", parts.query), ("#", parts.fragment))
        if part
    )
    return f"{parts.scheme}://{host}{port}{rest}"


_LINKS: dict[ReachKind, Callable[[str], str | None]] = {"email": _mail, "phone": _phone, "web": _web}

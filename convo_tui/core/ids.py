"""Identities: a date and eight Crockford base32 characters, `20240301-7k3q9m2f` (CONTRACT.md, "The file")."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import date

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's alphabet in lower case: no i, l, o or u, so nothing is misread over the phone."""

_BITS = 40  # eight characters of five bits


def new_id(day: date, randbits: Callable[[int], int] = secrets.randbits) -> str:
    """Return a fresh id for something that came to be on `day`."""
    return f"{day:%Y%m%d}-{_characters(randbits(_BITS))}"


def derived_id(day: date, *parts: str) -> str:
    """Return the id that the same `parts` always give: for a hand-written entry until it is saved with it."""
    digest = hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).digest()
    return f"{day:%Y%m%d}-{_characters(int.from_bytes(digest[:5], 'big'))}"


def _characters(number: int) -> str:
    return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(_BITS - 5, -1, -5))

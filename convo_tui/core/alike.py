"""Whether two values of a relationship mean the same, which `==` does not tell."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from pydantic import BaseModel


def alike(one: object, other: object) -> bool:
    """Return whether two values would be written alike.

    Unlike `==`: NaN is itself, 1 is not true or 1.0, and one moment in two offsets is two things.
    """
    if one is other:
        return True
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    if isinstance(one, BaseModel) and isinstance(other, BaseModel):
        known = all(alike(value, other.__dict__.get(name)) for name, value in one.__dict__.items())
        return type(one) is type(other) and known and alike(one.model_extra or {}, other.model_extra or {})
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(alike, one, other))
    return form(one) == form(other)


def form(value: Any) -> str:
    """Return a text that is the same for values that are `alike`, and for no others."""
    if isinstance(value, BaseModel):
        return form({**value.__dict__, "": form(value.model_extra or {})})
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key!r}: {form(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(form, value))}]"
    if isinstance(value, date | time):
        return f"{type(value).__name__} {value.isoformat()}"
    return repr(value)

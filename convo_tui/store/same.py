"""Whether two values mean the same in a file, which `==` does not tell."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel

from convo_tui.store import emit


def same(one: object, other: object) -> bool:
    """Return whether two models or values would be written alike.

    Unlike `==`: NaN is itself, 1 is not true or 1.0, and one moment in two offsets is two things.
    """
    if one is other:
        return True
    if type(one) is str:
        return one == other
    if isinstance(one, list | tuple):
        return (
            isinstance(other, list | tuple)
            and len(one) == len(other)
            and all(same(mine, theirs) for mine, theirs in zip(one, other, strict=True))
        )
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(item, other[name]) for name, item in one.items())
    if isinstance(one, BaseModel) and isinstance(other, BaseModel):
        return same(one.__dict__, other.__dict__) and same(one.model_extra or {}, other.model_extra or {})
    if isinstance(one, datetime) and isinstance(other, datetime) and one.utcoffset() == other.utcoffset():
        return one == other
    if isinstance(one, float | datetime):
        return emit.value(one) == emit.value(other)
    return one == other

"""Things that belong together, under what they have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Group(Generic[T]):
    """Some things, and the heading that they stand under."""

    heading: str
    those: tuple[T, ...]

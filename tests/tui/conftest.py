"""Homes for the journeys through the full screen."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from journey import ANA, BO, CHIARA, Home


@pytest.fixture(autouse=True)
def collected_afterwards() -> Iterator[None]:
    """Collect garbage between the tests: a start of the program makes so many objects that it takes 40 % of one."""
    gc.disable()
    yield
    gc.enable()
    gc.collect()
    gc.freeze()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A person's folders with an empty journal."""
    return Home(tmp_path)


@pytest.fixture
def ana(home: Home) -> Home:
    """A journal with Ana alone: three encounters, two open issues, one settled, something unsaid."""
    return home.put(ana=ANA)


@pytest.fixture
def three(home: Home) -> Home:
    """A journal with Ana, Bo, whom one spoke with a month ago, and Chiara, whom one never spoke with."""
    return home.put(ana=ANA, bo=BO, chiara=CHIARA)

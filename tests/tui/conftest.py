"""Homes for the journeys through the full screen."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from journey import ANA, BO, CHIARA, Home
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet


@pytest.fixture(scope="session", autouse=True)
def stylesheets_read_once() -> Iterator[None]:
    """Read each stylesheet once, and let rules be told apart without Python: a tenth of what a start of the program
    takes, and all of them have the same."""
    read, known = Stylesheet._parse_rules, dict[Any, list[RuleSet]]()

    def rules(sheet: Stylesheet, *source: Any, **how: Any) -> list[RuleSet]:
        what = tuple(sheet._variables.items()), source, tuple(how.items())
        if what not in known:
            known[what] = read(sheet, *source, **how)
        return known[what]

    with patch.object(Stylesheet, "_parse_rules", rules), patch.object(RuleSet, "__hash__", object.__hash__):
        yield


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

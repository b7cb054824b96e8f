"""Imports point one way: `core` ← `store`, `exchange` ← `cli`, `tui` (ARCHITECTURE.md)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import convo_tui

ROOT = Path(convo_tui.__file__).parent

LEAVES = ("clock", "editor", "opening", "paths", "sanitize", "settings")
STORE = ("store.journal", "store.git.repository", "store.lookup", "store.glance", "store.errors", "store.driver")

PLAIN_WIDGETS = ("tui.widgets.line_list", "tui.widgets.line_input", "tui.widgets.completions")
"""Widgets that others are made of."""

# What may import what of ours: of several lines the one with the longest name counts.
ALLOWED: dict[str, tuple[str, ...]] = {
    "": (),
    "__main__": ("cli",),
    "core": ("core",),
    "clock": ("core",),
    "editor": ("core",),
    "opening": ("core", "sanitize"),
    "paths": (),
    "sanitize": (),
    "settings": ("core", "store.syntax"),
    "store": ("core", "store", "clock", "paths"),
    "exchange": ("core", "exchange", "sanitize"),
    "sample": ("core", "sample", "clock", "store.codec"),
    "cli": ("", "core", *LEAVES, *STORE, "exchange", "sample", "cli", "tui.app"),
    "tui": ("", "core", *LEAVES, *STORE, "exchange", "tui"),
    "tui.keys": ("sanitize",),
    "tui.widgets": (
        "core",
        "sanitize",
        "tui.keys",
        *(f"tui.widgets.{each}" for each in ("line_list", "line_input", "completions")),
    ),
}
SCREEN = {"textual", "rich"}
"""Only the full screen knows them."""

PURE = {"pydantic", "slugify", "dateparser", "rapidfuzz"}
"""All that core may have from elsewhere."""
IMPURE = {"builtins", "glob", "io", "logging", "os", "pathlib", "shutil", "socket", "sqlite3", "subprocess", "tempfile"}
IMPURE |= {"asyncio", "threading", "time", "importlib"}
CLOCKS = {"now", "today", "utcnow"}

Sources = dict[str, str]


def sources() -> Sources:
    """Every module of ours by its name within the package, with its text."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix("__init__").rstrip("."): path.read_text()
        for path in ROOT.rglob("*.py")
    }


def imported(text: str) -> Iterator[str]:
    """Every module, or name in one, that is imported anywhere: within functions and for types, too."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def ours(name: str, known: Sources) -> str | None:
    """The module of ours that is meant by the import of `name`; None for one of others."""
    if name.split(".")[0] != "convo_tui":
        return None
    inside = name.removeprefix("convo_tui").removeprefix(".")
    return inside if inside in known else inside.rpartition(".")[0]


def within(module: str, package: str) -> bool:
    return module == package or (package != "" and module.startswith(f"{package}."))


def complaints(known: Sources) -> Iterator[str]:
    """Every arrow that points where it may not, in words."""
    for module, text in known.items():
        layer = max((package for package in ALLOWED if within(module, package)), key=len, default=None)
        if layer is None:
            yield f"{module} belongs to no layer"
            continue
        for name in imported(text):
            target, top = ours(name, known), name.split(".")[0]
            if target is not None and not any(within(target, package) for package in ALLOWED[layer]):
                yield f"{module} imports {target}"
            if top in SCREEN and not within(module, "tui"):
                yield f"{module} imports {top}"
            elif top == "":
                yield f"{module} imports {name} by its place"
            elif layer == "core" and target is None and top not in (sys.stdlib_module_names | PURE) - IMPURE:
                yield f"{module} imports {top}"
        if layer == "core":
            yield from (f"{module} calls {call}" for call in impure_calls(text))


def impure_calls(text: str) -> Iterator[str]:
    """`open(…)` and whatever reads the clock."""
    for node in ast.walk(ast.parse(text)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"open", "input", "print"}
        ):
            yield node.func.id
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
            yield ast.unparse(node.func)


def cycle(known: Sources) -> list[str]:
    """The modules of a circle of imports; empty when there is none."""
    graph = {
        module: {target for name in imported(text) if (target := ours(name, known)) not in (None, module)}
        for module, text in known.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_arrow_points_one_way() -> None:
    """Imports point one way … a test walks the imports and fails on an arrow that points back."""
    assert sorted(set(complaints(sources()))) == []


def test_there_is_no_circle() -> None:
    """… on a cycle (a `TYPE_CHECKING` import counts)."""
    assert cycle(sources()) == []


@pytest.mark.parametrize(
    ("module", "line", "said"),
    [
        ("core.carry", "from convo_tui.store import journal", "core.carry imports store.journal"),
        ("core.carry", "def f():\n    import convo_tui.clock", "core.carry imports clock"),
        ("core.carry", "import os.path", "core.carry imports os"),
        ("core.carry", "import httpx", "core.carry imports httpx"),
        ("core.carry", "text = open('x').read()", "core.carry calls open"),
        ("core.carry", "today = datetime.now(UTC)", "core.carry calls datetime.now"),
        ("core.carry", "from .models import Issue", "core.carry imports .models.Issue by its place"),
        ("store.files", "from convo_tui.cli import main", "store.files imports cli"),
        ("exchange.vcard", "from convo_tui.store.journal import Journal", "exchange.vcard imports store.journal"),
        ("cli.log", "from convo_tui.store import files", "cli.log imports store.files"),
        ("cli.log", "if TYPE_CHECKING:\n    from rich.text import Text", "cli.log imports rich"),
        ("tui.widgets.header", "from convo_tui.tui.app import App", "tui.widgets.header imports tui.app"),
        (
            "tui.widgets.header",
            "from convo_tui.tui.widgets import footer",
            "tui.widgets.header imports tui.widgets.footer",
        ),
        ("paths", "from convo_tui.core.errors import Refused", "paths imports core.errors"),
        ("drawer", "x = 1", "drawer belongs to no layer"),
    ],
)
def test_an_arrow_that_points_back_is_found(module: str, line: str, said: str) -> None:
    known = dict.fromkeys(sources(), "") | {module: line, "clock": "", "cli": ""}
    assert list(complaints(known)) == [said]


def test_what_may_be_imported_is_no_complaint() -> None:
    known = dict.fromkeys(sources(), "")
    known["tui.widgets.header"] = "from textual.widget import Widget\nfrom convo_tui.tui.widgets.line_list import Row"
    known["cli.log"] = "import click\nfrom convo_tui import __version__\nfrom convo_tui.store.journal import Journal"
    known["core.carry"] = "import re\nimport pydantic\nfrom convo_tui.core import models\nfrom datetime import date"
    assert list(complaints(known)) == []


def test_a_circle_is_found_also_when_it_is_for_types_only() -> None:
    """A `TYPE_CHECKING` import counts."""
    known = {"a": "from convo_tui import b", "b": "if TYPE_CHECKING:\n    from convo_tui.a import A", "": ""}
    assert set(cycle(known)) == {"a", "b"}
    assert cycle({**known, "b": ""}) == []

"""Every screen as it looks, at the three widths: plain text to read in a review, and SVG for the colours.

`make test` compares; `CONVO_SNAPSHOTS=write pytest tests/tui/test_screens.py` takes them anew.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
SNAPSHOTS = Path(__file__).parent / "snapshots"


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


screenshots = _script("screenshots")
key_table = _script("key_table")

SIZES = ((140, 40), (100, 34), (70, 30))
SCENES = [
    *((scene, size, "convo-dark") for scene in screenshots.SCENES for size in SIZES),
    ("journal", (140, 40), "convo-light"),
]


def as_it_did(name: str, text: str, svg: str) -> None:
    """A screen looks as it did when its picture was taken."""
    for suffix, seen in ((".txt", text), (".svg", svg)):
        kept = SNAPSHOTS / f"{name}{suffix}"
        if os.environ.get("CONVO_SNAPSHOTS") == "write":
            kept.write_text(seen, "utf-8")
        assert kept.read_text("utf-8") == seen, f"{kept.name} is not what the screen looks like now"


@pytest.mark.parametrize(("scene", "size", "theme"), SCENES)
async def test_a_screen_looks_as_it_did(scene: str, size: tuple[int, int], theme: str) -> None:
    text, svg = await screenshots.taken(scene, size, theme)
    as_it_did(f"{scene}-{size[0]}" + ("" if theme == "convo-dark" else f"-{theme}"), text, svg)


@pytest.mark.parametrize("size", SIZES)
async def test_the_screens_over_the_journal_look_as_they_did(size: tuple[int, int]) -> None:
    for view, (text, svg) in (await screenshots.overlays(size)).items():
        as_it_did(f"{view}-{size[0]}", text, svg)


async def test_the_pictures_of_the_readme_show_the_program_as_it_is() -> None:
    for scene, theme in screenshots.README:
        _, svg = await screenshots.taken(scene, screenshots.README_SIZE, theme)
        kept = (ROOT / "docs" / f"{scene}.svg").read_text("utf-8")
        assert kept == svg, "run `make screenshots` and commit what it changes on its own"


def test_the_keys_in_the_readme_are_those_of_the_program() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert key_table.with_table(readme) == readme, "run `make screenshots`"
    assert "`ctrl+s`" in readme

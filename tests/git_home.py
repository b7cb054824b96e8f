"""Real git for tests: alone with itself, whatever the machine it runs on has set up."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

SETTINGS = """\
[user]
name = Test Person
email = test@example.org
[init]
defaultBranch = main
templateDir =
[core]
fsync = none
[gc]
auto = 0
[maintenance]
auto = false
[protocol "file"]
allow = always
"""


def environment(home: Path) -> dict[str, str]:
    """The variables that keep git from everything but `home`, whose settings it is given."""
    home.mkdir(parents=True, exist_ok=True)
    settings = home / "gitconfig"
    if not settings.exists():
        settings.write_text(SETTINGS, "utf-8")
    return {"GIT_CONFIG_GLOBAL": str(settings), "GIT_CONFIG_NOSYSTEM": "1", "GIT_CEILING_DIRECTORIES": str(home.parent)}


@contextmanager
def quiet(home: Path) -> Iterator[Path]:
    """Git for everything that runs meanwhile, with settings of its own in `home`; gives the file that holds them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [each for each in os.environ if each.startswith("GIT_")]:
            patch.delenv(name)
        for name, value in environment(home).items():
            patch.setenv(name, value)
        yield home / "gitconfig"


@pytest.fixture
def quiet_git(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Git for everything that this test runs, with settings of its own; the file that holds them."""
    with quiet(tmp_path_factory.mktemp("git")) as settings:
        yield settings


def git(folder: Path, *words: str, given: str | None = None, also: Mapping[str, str] | None = None) -> str:
    """What git prints; it must not fail. To be used with `quiet_git`."""
    done = attempted(folder, *words, given=given, also=also)
    assert done.returncode == 0, f"git {' '.join(words)}: {done.stderr}{done.stdout}"
    return done.stdout.removesuffix("\n")


def attempted(
    folder: Path, *words: str, given: str | None = None, also: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What came of a git that may fail."""
    return subprocess.run(
        ["git", *words],
        cwd=folder,
        input=given,
        stdin=subprocess.DEVNULL if given is None else None,
        capture_output=True,
        text=True,
        timeout=60,
        env=os.environ | {"GIT_EDITOR": "true"} | dict(also or {}),
        check=False,
    )

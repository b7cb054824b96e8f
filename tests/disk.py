"""A folder on the disk, for tests that would show nothing in memory, where everyday runs have theirs (`conftest`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@pytest.fixture(name="tmp_path")
def on_disk(tmp_path: Path) -> Iterator[Path]:
    """To be imported where a kill is to come while a save waits for the disk; and where one machine gets from another
    what nothing is to be asked about, for the program asks about a repository in /dev (`store.git.trust`)."""
    if tmp_path.parts[:2] != ("/", "dev"):
        yield tmp_path
        return
    with TemporaryDirectory(prefix="convo-", dir="/var/tmp", ignore_cleanup_errors=True) as folder:
        yield Path(folder)

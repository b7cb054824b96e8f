"""Makes the modules that tests share (`strategies`) importable from every folder of tests, and examples repeatable.

Everyday runs try the same examples each time, and write to memory where they can; `make test-long` looks for new
examples, and writes to the disk.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from git_home import quiet_git
from hypothesis import settings

__all__ = ["quiet_git"]

EXAMPLES = os.environ.get("CONVO_EXAMPLES", "everyday")
MEMORY = Path("/dev/shm")
NEEDED = 2 << 30
"""Bytes that must be free in it; a run fills a quarter of them."""


def write_to_memory() -> None:
    """Make temporary folders in memory: the program waits for the disk at every save, and that is most of what many
    tests take. Where programs may not be run from it, a test that nothing is executed there would show nothing."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return
    if not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC and shutil.disk_usage(MEMORY).free > NEEDED:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


if EXAMPLES == "everyday" and "TMPDIR" not in os.environ:
    write_to_memory()

settings.register_profile("everyday", derandomize=True, database=None, deadline=None)
settings.register_profile("long", deadline=None, print_blob=True)
settings.load_profile(EXAMPLES)

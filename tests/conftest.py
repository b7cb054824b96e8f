"""Makes the modules that tests share (`strategies`) importable from every folder of tests, and examples repeatable.

Everyday runs try the same examples each time; `make test-long` looks for new ones.
"""

from __future__ import annotations

import os

from git_home import quiet_git
from hypothesis import settings

__all__ = ["quiet_git"]

settings.register_profile("everyday", derandomize=True, database=None, deadline=None)
settings.register_profile("long", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("CONVO_EXAMPLES", "everyday"))

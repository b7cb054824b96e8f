"""`make bench`: each figure as a ratio to the floor that it is held against, both measured in turn in one run.

It never fails by time: it prints the ratio beside the goal, and *met* or *missed* (GATES.md, "Fast").
"""

from __future__ import annotations

import sys

from tests.bench.runner import main

if __name__ == "__main__":
    main(sys.argv[1:])

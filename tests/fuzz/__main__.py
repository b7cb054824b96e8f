"""`python -m tests.fuzz`: random cases for a given time; what fails can be had again by its number."""

from __future__ import annotations

import sys

from tests.fuzz.runner import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

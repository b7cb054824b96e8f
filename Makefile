# Two commands do everything: `make demo` and `make test`. Python 3.11 or newer and make are all they need.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo run test test-long bench lint screenshots clean

demo: $(READY)  ## the full screen on a sample journal
	$(BIN)/convo demo

run: $(READY)  ## the full screen on your own journal
	$(BIN)/convo

test: $(READY)  ## all everyday tests
	$(BIN)/pytest -n 2 -m "not long"

test-long: $(READY)  ## the full numbers of the gates
	CONVO_EXAMPLES=long $(BIN)/pytest -n 2 --timeout 3600

bench: $(READY)  ## how fast, as ratios; BENCH="--large --write docs/benchmarks.md" for the page that is kept
	$(BIN)/python -m tests.bench $(BENCH)

lint: $(READY)  ## format, lint and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

screenshots: $(READY)  ## the pictures and the table of keys in the README, made anew
	$(BIN)/python docs/screenshots.py
	$(BIN)/python docs/key_table.py

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Convo needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $(READY)

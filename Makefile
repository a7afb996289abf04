# What a user needs: python3 with venv and pip, and make.
#
#   make run       build the graph and show its three jobs
#   make test      everything a change needs
#   make test-all  the long tier as well
#   make bench     the side-by-side measurements

PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run test test-all bench docs lint clean

run: .venv/run
	@BIN=$(BIN) sh docs/tour.sh

test: .venv/test lint
	$(BIN)/python -m pytest -m "not long" -n 2 --dist loadgroup -q

test-all: .venv/test lint
	$(BIN)/python -m pytest -n 2 --dist loadgroup -q

lint: .venv/test
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy

bench: .venv/test
	$(BIN)/python bench/all.py

# Writes again what is generated and checked in: the command line's reference, the ontology's, the tables of counts.
docs: .venv/test
	$(BIN)/python docs/generate.py

# Relative paths only, so that a checkout may lie in a folder with blanks in its name.
PIP := $(BIN)/python -m pip install --quiet --constraint constraints.txt

.venv/run: pyproject.toml constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) hatchling editables
	@$(PIP) --no-build-isolation --editable .
	@touch $@

.venv/test: pyproject.toml constraints.txt .venv/run
	@$(PIP) setuptools
	@$(PIP) --no-build-isolation --editable '.[test]'
	@touch $@

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Every target makes the virtual environment it needs in .venv; nothing but Python 3.11+, make and a package index is asked for.
# PYTHON=python3.12 make test      another Python
# CORPUS=DIR make eval             a folder in the format of stripper's labelled corpora (default: ../shared/corpora/*)

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
CORPUS ?= $(patsubst %/gold.jsonl,%,$(wildcard ../shared/corpora/*/gold.jsonl))
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test slow check lint types imports bench laws faults eval crossvalidate gate labels fixture screenshots clean

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1 — \2/p' $(MAKEFILE_LIST)

demo: $(VENV)/.run ## strip a page of ours and show the clean text and a part of the record
	@$(BIN)/python tools/demo.py

test: $(VENV)/.test ## the test suite without its slow tests
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile

slow: $(VENV)/.test ## the tests that take more than 5 seconds each
	@$(BIN)/python -m pytest -m slow

check: lint types imports test ## all that must be green before a commit

lint: $(VENV)/.dev ## ruff: rules and format
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/.dev ## mypy, strict
	@$(BIN)/mypy

imports: $(VENV)/.dev ## import-linter: which room may import which
	@$(BIN)/lint-imports --no-logo

bench: $(VENV)/.bench ## CPU time a page beside other tools, in one run
	@$(BIN)/python tools/bench.py

laws: $(VENV)/.test ## the seven laws on every page of CORPUS and every fixture
	@$(BIN)/python -m tests.laws fixtures $(CORPUS)

eval: $(VENV)/.run ## scores on the labelled pages of CORPUS
	@test -n "$(CORPUS)" || { echo "make eval: no corpus; say CORPUS=DIR" >&2; exit 2; }
	@for corpus in $(CORPUS); do $(BIN)/stripper eval $$corpus || exit; done

crossvalidate: $(VENV)/.train ## figures on pages whose host the models never saw: trains ten models, an hour
	@$(BIN)/python -m stripper.training.crossvalidate $(filter-out %/text-dev,$(CORPUS))
	@$(BIN)/python -m stripper.training.line_crossvalidate $(CORPUS)

faults: $(VENV)/.test ## let every operation of a batch on the disk fail once, and kill -9 batches at 40 moments: half an hour
	@$(BIN)/python -m tests.batch.faults 20 && $(BIN)/python -m tests.batch.faults --kill 40

gate: $(VENV)/.run ## scores against the floors in tools/floors.toml
	@$(BIN)/python tools/quality_gate.py

labels: $(VENV)/.run ## labels/kinds.jsonl joined with the pages of CORPUS: a corpus to train on, in OUT
	@test -n "$(CORPUS)" -a -n "$(OUT)" || { echo "make labels: say CORPUS=\"DIR DIR\" OUT=DIR" >&2; exit 2; }
	@$(BIN)/python -m tools.join_labels labels/kinds.jsonl $(CORPUS) -o "$(OUT)"

fixture: $(VENV)/.run ## a new fixture: make fixture PAGE=annotated.html SLUG=name
	@test -n "$(PAGE)" -a -n "$(SLUG)" || { echo "make fixture: say PAGE=FILE SLUG=NAME" >&2; exit 2; }
	@$(BIN)/python -m tests.make_fixture "$(PAGE)" "$(SLUG)"

screenshots: $(VENV)/.test ## the pictures in docs/: the review of the demo page in Chromium
	@$(BIN)/python tools/screenshots.py

clean: ## remove the virtual environment and every cache
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# One stamp for each set of packages: nothing is installed again until pyproject.toml changes.
$(VENV)/.run: pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer found; say PYTHON=PATH" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing stripper and what it needs into $(VENV) ..."
	@$(PIP) install --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.run
	@$(PIP) install --editable '.[test]'
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@$(PIP) install --editable '.[dev]'
	@touch $@ $(VENV)/.test

$(VENV)/.bench: $(VENV)/.run
	@$(PIP) install --editable '.[bench]'
	@touch $@

# pip before 24 trips over the way two of the tools that scrape ask for lxml.
$(VENV)/.train: $(VENV)/.run
	@$(PIP) install --upgrade pip
	@$(PIP) install --editable '.[train]'
	@touch $@

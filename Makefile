# Everything one does with a clone. Needs Python 3.11 or newer, nothing else; uv is used when it
# is there. `make PYTHON=python3.12 …` picks another Python.
PYTHON ?= python3
TRADEPOST_SHARED ?= ../shared
ARGS ?=
SECONDS ?=
BIN := .venv/bin
# Files of tests side by side; each process has servers of its own. Tests wait a good deal, so three
# of them keep two cores busy; those of real data do not.
PARALLEL ?= -n 3 --dist loadfile
PARALLEL_ACCEPTANCE ?= -n 2 --dist loadfile --no-loadscope-reorder

# Compiled modules are kept even where the environment says otherwise: a start takes a third.
export PYTHONDONTWRITEBYTECODE =
export PYTHON TRADEPOST_SHARED

.DEFAULT_GOAL := help
.PHONY: help install install-dev demo test acceptance bench scale simulate lint types style-and-arrows compiled format migration lock clean

help: ## what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | \
	  awk -F '\t' '{ printf "make %-12s %s\n", $$1, $$2 }'

install: ## the product in .venv, from the locked versions: .venv/bin/tradepost
	@bin/install runtime

install-dev: ## the same with the servers' drivers and everything the tests need
	@bin/install dev

demo: install ## a shop with some weeks of trade, served on this machine (ARGS=--no-serve: without serving)
	@$(BIN)/tradepost demo $(ARGS)

test: install-dev ## all checks and tests that need nothing but this clone
	@$(MAKE) --no-print-directory -j2 types compiled
	@$(BIN)/pytest $(PARALLEL) $(ARGS)

acceptance: install-dev ## tests on the real data in TRADEPOST_SHARED (../shared)
	@$(BIN)/pytest $(PARALLEL_ACCEPTANCE) -m acceptance --timeout 2400 $(ARGS)

bench: install-dev ## what the product does on this machine, each figure against its floor (ARGS=…)
	@PYTHONPATH=src $(BIN)/python -m bench $(ARGS)

scale: install-dev ## an order in a store of 1,000,000 beside one in a store of 10,000 (ARGS=…; takes long)
	@PYTHONPATH=src $(BIN)/python -m bench.scale $(ARGS)

simulate: install-dev ## 100,000 histories with faults, or for SECONDS=60, or again TRADEPOST_SIMULATION_SEED
	@PYTHONPATH=src $(BIN)/python -m tests.simulation $(if $(SECONDS),--seconds $(SECONDS)) $(ARGS)

lint: install-dev ## style, types and arrows
	@$(MAKE) --no-print-directory -j2 types style-and-arrows

types:
	@$(BIN)/mypy

style-and-arrows:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@PYTHONPATH=. $(BIN)/lint-imports --no-logo

# What is imported is compiled once, on the core that the types leave free: in a fresh clone each
# process of the tests would do it for itself, at the same time.
compiled: style-and-arrows
	@told=$$($(BIN)/pytest --collect-only -qq 2>&1) || { echo "$$told"; exit 1; }

format: install-dev ## put the code into its form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

migration: install-dev ## a revision of the schema from the tables there are (ARGS="add wishlists")
	@$(BIN)/python bin/migration "$(ARGS)"

lock: ## write the locks of our dependencies anew (needs uv; ARGS=--upgrade: newer versions)
	@bin/lock $(ARGS)

clean: ## remove what was installed and cached here; data is kept
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find src tests bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# What one does with Ventanilla. `make help` prints this list.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup run test check faults bench format system-parts

help: ## Print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 12

setup: $(VENV)/installed node_modules/installed var/model/trained ## Install everything and train the classifier

$(VENV)/installed: requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Ventanilla needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

node_modules/installed: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	touch $@

var/model/trained: $(VENV)/installed $(wildcard intake/classifier/*.py intake/classifier/*.toml intake/classifier/training/*.py intake/classifier/training/*.toml intake/classifier/training/corpus/*.jsonl)
	$(BIN)/ventanilla train --shipped --out var/model
	touch $@

run: export VENTANILLA_SIMULATED ?= true
run: setup ## Serve the demo desk; Ctrl-C stops it, the data stays under var/
	@$(BIN)/ventanilla init
	@$(BIN)/ventanilla demo
	@exec $(BIN)/ventanilla serve

system-parts: # the tests' system parts: Chromium and PostgreSQL's server programs
	@sh tests/system-parts.sh

test: setup system-parts ## Run all the tests, with a browser and with PostgreSQL
	$(BIN)/python -m pytest -n 2

check: setup ## Format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## Write the code in the house's form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

faults: setup system-parts ## The long fault suite: every fault at every point, 10,000 hostile messages a channel
	VENTANILLA_FAULTS=all VENTANILLA_FUZZ=10000 $(BIN)/python -m pytest -n 2 tests/service/test_faults.py tests/intake/channels

bench: export SIZE ?= 100000
bench: setup system-parts ## Measure, as ratios to the machine's own limits; SIZE cases at most (100000)
	$(BIN)/python -m bench

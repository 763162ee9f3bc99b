# What a contributor needs, from nothing: Python 3.11+, Git and make. Every target installs what it lacks, once.

PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadgroup
TESTS ?=
CODE := src tests bench docs demo tools/build

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

# --- what the targets need: a stamp a group of packages, so that a second run installs nothing

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "no Python 3.11 or newer on PATH: install one, or name it: make PYTHON=/path/to/python" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { echo "$(PYTHON) -m venv failed: install its venv module (Debian, Ubuntu: apt-get install python3-venv)" >&2; exit 2; }
	@$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.runtime: $(VENV)/.made pyproject.toml
	@echo "installing cluster-stacks into $(VENV)"
	@$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.test $(VENV)/.lint $(VENV)/.schemas: $(VENV)/.runtime
	@echo "installing the packages of group $(patsubst .%,%,$(@F))"
	@$(BIN)/python -m pip install --quiet --group $(patsubst .%,%,$(@F))
	@touch $@

.PHONY: tools
tools: $(VENV)/.made ## build kubeconform, helm, kustomize, actionlint and gotemplate into .tools/bin
	@$(BIN)/python tools/build

# --- tests

.PHONY: test test-slow
test: $(VENV)/.test tools ## the tests, less the slow ones (TESTS="tests/cli -k name" for some of them)
	$(PYTEST) -m "not slow" $(TESTS)

test-slow: $(VENV)/.test tools ## the slow tests: packaging, pre-commit, the demo's walk
	$(PYTEST) -m slow $(TESTS)

# Random histories against the model of the specification, and hostile text against the reports: fifty times as many.
DEEP := tests/versioning/test_model.py tests/versioning/test_landing.py tests/operations/test_property_*.py tests/reporting/test_hostile.py

.PHONY: test-deep
test-deep: $(VENV)/.test tools ## the property tests with many more examples (half an hour)
	FUZZ_SECONDS=600 HYPOTHESIS_PROFILE=deep $(PYTEST) --timeout 0 $(DEEP) tests/validation/test_fuzz.py

.PHONY: bench
bench: $(VENV)/.test tools ## speed and memory on generated repositories, as ratios
	PATH="$(CURDIR)/.tools/bin:$$PATH" $(BIN)/python bench/run.py

.PHONY: e2e
e2e: $(VENV)/.runtime ## Flux and Cluster API on the management cluster that KUBECONFIG names
	$(BIN)/python tests/e2e/walk.py

.PHONY: mutants parity
mutants: $(VENV)/.test tools ## spoil the stacks in hundreds of ways: what share is found, beside a real cluster's answers
	PATH="$(CURDIR)/.tools/bin:$$PATH" PYTHONPATH=tests $(BIN)/python -m mutants.run $(OPERATORS)

parity: $(VENV)/.test tools ## ask the management cluster that KUBECONFIG names about every mutant, and write its answers down
	PATH="$(CURDIR)/.tools/bin:$$PATH" PYTHONPATH=tests $(BIN)/python -m mutants.parity $(OPERATORS)

.PHONY: flux-local
flux-local: $(VENV)/.runtime tools ## flux-local on what is published for Flux (needs flux-local and flux on PATH)
	PATH="$(CURDIR)/.tools/bin:$$PATH" $(BIN)/python tests/e2e/flux_local.py

.PHONY: demo
demo: $(VENV)/.runtime ## the whole walk in a scratch clone: edit, refused, bump, publish, again
	@$(BIN)/python demo/demo.py

# --- checks

.PHONY: lint
lint: $(VENV)/.test $(VENV)/.lint tools ## ruff, mypy, import order, workflows
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/mypy demo/demo.py tools/build
	$(BIN)/lint-imports
	.tools/bin/actionlint
	$(BIN)/zizmor --offline --quiet .github action.yml

# CRDs are read from a folder beside the checkout where there is one, else by Go from its module proxy.
CRDS ?= $(wildcard ../shared/crds)

.PHONY: schemas-check
schemas-check: $(VENV)/.schemas ## fail where schemas/crds and schemas/kubernetes are not what their sources give
	@[ -n "$(CRDS)" ] || { go=$$($(BIN)/python tools/build --go) && PATH="$$go:$$PATH"; } || exit 1; \
	$(BIN)/cluster-stacks schemas check $(if $(CRDS),--crds $(CRDS))

.PHONY: docs docs-check
docs: $(VENV)/.runtime ## make docs/reference from the code
	$(BIN)/python docs/generate.py

docs-check: $(VENV)/.runtime ## fail where docs/reference is not what the code gives
	$(BIN)/python docs/generate.py --check

.PHONY: clean
clean: ## remove what the targets made
	rm -rf $(VENV) .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist

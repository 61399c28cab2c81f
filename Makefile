# Every command sets itself up: a machine needs Python 3.11 and make, nothing else.
PYTHON ?= python3
export PATH := $(CURDIR)/.venv/bin:$(PATH)
export CDK_DISABLE_CLI_TELEMETRY := true
export JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION := 1

READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help synth test snapshots lint bench fuzz mutants deploy-local docs lock clean

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

synth: $(READY) ## every reference stack to cdk.out
	cdk synth --quiet

# By file, since the tests of a file share what is slow to make. ARGS=-n0 runs all in one process, as a debugger needs.
test: $(READY) ## the whole suite
	python -m pytest --numprocesses=2 --dist=loadfile --no-loadscope-reorder $(ARGS)

snapshots: $(READY) ## accept the templates as they are now
	python -m pytest tests/stacks --snapshot-update --quiet

lint: $(READY) ## style and types
	ruff check .
	ruff format --check .
	mypy

bench: $(READY) ## figures, to build/bench.json
	python -m tools.bench

fuzz: $(READY) ## the property tests, with many more examples
	HYPOTHESIS_PROFILE=fuzz python -m pytest -m property $(ARGS)

mutants: $(READY) ## do tests see a fault? 100 mutants of what a change touches, or of ARGS=path
	python -m tools.mutants $(ARGS)

deploy-local: $(READY) ## deploy, verify, update, destroy and redeploy every pattern on a local cloud
	python -m tools.deploy_local $(ARGS)

docs: $(READY) ## what is generated of the documents; ARGS=checks for the tables of the rules alone, without a synth; ARGS=schema for those of the drill
	python -m tools.docs $(ARGS)

lock: $(READY) ## choose the newest versions and pin them
	uv pip compile --quiet --upgrade pyproject.toml --group dev --extra cli --extra aws --extra functions \
	  --extra testing --generate-hashes --universal --no-header --no-emit-index-url --no-emit-package ha-patterns-cli \
	  --output-file tools/requirements.lock
	npm --prefix tools/node install --package-lock-only

clean: ## what was made
	rm -rf .venv cdk.out build dist .pytest_cache .mypy_cache .ruff_cache

$(READY): tools/setup.py tools/requirements.lock tools/node/package-lock.json tools/node/package.json pyproject.toml cli/pyproject.toml
	@$(PYTHON) tools/setup.py

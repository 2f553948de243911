# `make` lists the targets.
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help lab test check seal release trial mark manual tables refresh bench lock wheel clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/lab: requirements.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/dev: .venv/lab requirements-dev.txt
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

lab: .venv/lab ## make the environment and open the course in JupyterLab
	cd notebooks && ../$(BIN)/jupyter lab --LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate

test: .venv/dev check ## make the environment and run everything: style, tables, lessons, marking, browser
	$(RUN) -m pytest -n 2 --dist loadgroup

check: .venv/dev ## style of code and notebooks, form of notebooks, key and tables (seconds)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(RUN) -m upkeep.notebook_form --check solutions notebooks
	$(RUN) -m upkeep.tables --check

seal: .venv/lab ## make course/check/checks.json from grading/key
	$(RUN) -m grading.seal

trial: .venv/lab ## try the marking with every right and wrong answer that the keys foresee
	$(RUN) -m grading.trial

mark: .venv/lab ## mark a lesson's submissions: make mark lesson=06-megawatts
	$(RUN) -m grading.mark $(lesson)

manual: .venv/lab ## mark argued answers by hand, in the browser: make manual lesson=06-megawatts
	$(RUN) -m grading.manual $(lesson)

tables: .venv/dev ## validate datasets/ and make its pictures and code book
	$(RUN) -m upkeep.tables

release: .venv/lab seal ## make notebooks/ from solutions/ with nbgrader
	$(RUN) -m grading.release

refresh: .venv/dev ## list the tables that can be read anew from their sources, and when they were
	$(RUN) -m upkeep.refresh

bench: .venv/dev ## measure imports, lessons, explorers, marking; against=REVISION compares lessons
	$(RUN) -m tests.bench $(if $(against),--against $(against))

lock: .venv/dev ## pin every dependency again from pyproject.toml
	$(RUN) -m upkeep.lock

wheel: .venv/dev ## build the wheel into dist/
	$(BIN)/python -m hatchling build -t wheel

clean: ## remove what the other targets made, the environment included; never students' work
	rm -rf .venv dist build

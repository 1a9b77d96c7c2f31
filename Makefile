# Comity's commands. `make demo` and `make test` set up all they need; `make help` lists the rest.
UV_VERSION := 0.13.9
UV := .uv/uv
PY := .venv/bin/python
# Once after an install: a node then starts in half the time, also where Python may not write its caches itself.
COMPILE := tools/compile.sh $(UV)
export UV_PYTHON_DOWNLOADS := never
export UV_NO_PROGRESS := 1

.DEFAULT_GOAL := help
.PHONY: help demo test setup setup-dev check lint types imports format docs clean

help:            ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: setup      ## two states' nodes on this machine run the journey, then stay up (ARGS="--between FR,ES --headless")
	@.venv/bin/comity demo $(ARGS)

test: setup-dev  ## everything CI runs: lint, types, imports, tests on SQLite and PostgreSQL, browser
	@tools/test.sh $(ARGS)

setup: $(UV)     ## install Comity into .venv
	@$(UV) sync --locked --no-dev --inexact --quiet
	@$(COMPILE) --no-dev

setup-dev: $(UV)
	@$(UV) sync --locked --quiet
	@$(COMPILE)

check: setup-dev lint types imports  ## lint, types, imports

lint:
	@.venv/bin/ruff format --check --quiet . && .venv/bin/ruff check --quiet .

types:
	@.venv/bin/mypy

imports:
	@.venv/bin/lint-imports

format: setup-dev ## format the code
	@.venv/bin/ruff format . && .venv/bin/ruff check --fix .

docs: setup-dev  ## write the generated reference pages
	@$(PY) tools/reference.py

$(UV): tools/bootstrap_uv.py
	@python3 tools/bootstrap_uv.py $(UV_VERSION) $(UV)

clean:           ## remove what set-up and tests made
	rm -rf .venv .uv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# `make` lists what it can do. Nothing is needed but Python 3.11 or later.
PYTHON ?= python3
PORT ?= 8000
PY := .venv/bin/python
LOCK := $(PY) -m uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--python-version 3.11 pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help run test lint test-all lock messages bench

help: ## List what can be done
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

run: .venv/.base ## Start the site with its demo on 127.0.0.1:$PORT (8000)
	@exec sh bin/serve "$(PORT)"

test: .venv/.dev ## Run every test that needs no server; ends with pytest's closing line
	$(PY) -m pytest -n auto --dist worksteal $(ARGS)

lint: .venv/.dev ## Check style, templates, floors, migrations and the English catalogue
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m djlint --check templates
	$(PY) -m djlint --lint templates
	$(PY) -m pytest tests/test_architecture.py tests/test_templates.py tests/test_consistency.py

test-all: .venv/.dev ## Run every test on SQLite, PostgreSQL and in Chromium (root: installs them)
	@exec sh bin/test-all $(ARGS)

lock: .venv/.dev ## Write requirements/*.txt, with hashes, from pyproject.toml
	$(LOCK) --group dev -o requirements/dev.txt
	$(LOCK) --constraint requirements/dev.txt -o requirements/base.txt

messages: .venv/.dev ## Bring the English catalogue up to date (needs gettext)
	$(PY) manage.py makemessages --locale en --no-obsolete --no-wrap --add-location file \
		--ignore '.venv/*' --ignore 'var/*' --ignore 'tests/*'

bench: .venv/.dev ## Count queries and milliseconds with 45 and 10,000 resources; load the server (wrk)
	$(PY) -m tests.bench
	$(PY) -m tests.bench.hostile
	$(PY) -m tests.bench.requests
	$(PY) -m tests.bench.search $(SIZES)
	$(PY) -m tests.bench.restrictions
	$(PY) -m tests.bench.served
	$(PY) -m tests.bench.race

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch .venv/.python

.venv/.base: requirements/base.txt .venv/.python
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@touch .venv/.base

.venv/.dev: requirements/dev.txt .venv/.base
	$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch .venv/.dev

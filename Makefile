# Works with GNU make 3.81 and later. Needs python3 (3.11 or later), make and git.

PORT ?= 8866
PYTEST_ARGS ?=
SERVE_ARGS ?=
LAB_ARGS ?=
BROWSER ?= yes

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
# Stamps, written last: an interrupted installation is done again.
MADE := $(VENV)/.stamp-made
INSTALLED := $(VENV)/.stamp-installed
INSTALLED_DEV := $(VENV)/.stamp-installed-dev
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check --constraint requirements.lock

.PHONY: help serve lab test lint bench pictures browser lock clean

help: ## say what there is
	@echo "make serve     open the page on 127.0.0.1:$(PORT) (another port: make serve PORT=9000)"
	@echo "make lab       open the notebooks in JupyterLab"
	@echo "make test      run the checks and all tests (no browser tests: make test BROWSER=no)"
	@echo "make lint      run the checks alone"
	@echo "make bench     measure the speed"
	@echo "make pictures  renew the pictures of the page, in docs/ and in its tests"
	@echo "make lock      renew requirements.lock from pyproject.toml"
	@echo "make clean     remove $(VENV) and all caches"

serve: $(INSTALLED)
	$(BIN)/client-triage serve --port $(PORT) $(SERVE_ARGS)

# JupyterLab refuses to run as root unless told; here it answers on loopback only, behind its token.
lab: $(INSTALLED)
	$(PY) -m jupyterlab --notebook-dir=notebooks --ip=127.0.0.1 \
	  $(if $(filter 0,$(shell id -u)),--allow-root) $(LAB_ARGS)

lint: $(INSTALLED_DEV)
	$(PY) -m ruff check
	$(PY) -m ruff format --check
	$(PY) -m mypy
	$(BIN)/lint-imports
	$(BIN)/client-triage content check
	$(BIN)/client-triage notebooks check

# What is asked for with PYTEST_ARGS may be in one of the two runs alone: 5 is "no tests".
NONE_MATCH := $(if $(PYTEST_ARGS),|| [ $$? = 5 ])

test: lint browser
	$(PY) -m pytest -n auto $(PYTEST_ARGS) $(NONE_MATCH)
	$(if $(filter no,$(BROWSER)),,$(PY) -m pytest -n auto --dist loadfile --no-loadscope-reorder -m browser $(PYTEST_ARGS) $(NONE_MATCH))

bench: $(INSTALLED_DEV) browser
	$(PY) bench/run.py
	$(PY) bench/visitors.py

# They show the page as it is now: look at each of them before you commit it.
pictures: $(INSTALLED_DEV) browser
	$(PY) -m pytest -m browser tests/browser/make_pictures.py

# The browser tests look for $$CHROMIUM, then for chromium on the PATH, and draw Korean.
browser:
	@if [ "$(BROWSER)" = no ]; then exit 0; fi; \
	missing=; \
	[ -n "$${CHROMIUM:-}" ] || command -v chromium >/dev/null 2>&1 || missing=chromium; \
	if command -v dpkg >/dev/null 2>&1; then \
	  dpkg -s fonts-nanum >/dev/null 2>&1 || missing="$$missing fonts-nanum"; \
	fi; \
	[ -n "$$missing" ] || exit 0; \
	if ! command -v apt-get >/dev/null 2>&1; then may=no; \
	elif [ "$$(id -u)" = 0 ]; then may=yes; as=; \
	elif sudo -n true >/dev/null 2>&1; then may=yes; as="sudo -n"; \
	else may=no; fi; \
	if [ $$may = yes ]; then \
	  echo "Installing for the browser tests: $$missing"; \
	  $$as apt-get -qq update && \
	  $$as env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends $$missing >/dev/null; \
	else \
	  case "$$missing" in \
	    *chromium*) \
	      echo "The browser tests need Chromium. Do one of these:" >&2; \
	      echo "  - install it (Debian: apt-get install$$(printf ' %s' $$missing))" >&2; \
	      echo "  - name one:            CHROMIUM=/path/to/chromium make test" >&2; \
	      echo "  - leave the tests out: make test BROWSER=no" >&2; \
	      exit 1;; \
	    *) echo "Korean in the browser tests' pictures needs a font: apt-get install$$(printf ' %s' $$missing)" >&2;; \
	  esac; \
	fi

lock: $(MADE)
	$(PY) -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev \
	  --no-config --custom-compile-command "make lock" --output-file requirements.lock pyproject.toml

$(MADE):
	@found=; \
	for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    found=$$python; break; \
	  fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "Client Triage needs Python 3.11 or later, and none was found." >&2; \
	  echo "Install one, or name it: make PYTHON=/path/to/python3" >&2; \
	  exit 1; \
	fi; \
	if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "$$found cannot make virtual environments. Install its venv module" >&2; \
	  echo "(Debian and Ubuntu: apt-get install python3-venv)." >&2; \
	  exit 1; \
	fi; \
	echo "Setting up $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv --clear $(VENV)
	@touch $@

$(INSTALLED): $(MADE) pyproject.toml requirements.lock
	@echo "Installing what Client Triage needs; the first time takes a minute or two."
	@$(PIP_INSTALL) --editable .
	@touch $@

$(INSTALLED_DEV): $(MADE) pyproject.toml requirements.lock
	@echo "Installing what the checks and tests need; the first time takes a minute or two."
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $(INSTALLED) $@

clean:
	rm -rf $(VENV) build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

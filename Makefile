# make demo · make test · make check · make bench: each sets up what it needs.
SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: demo test pythons check fuzz flakes crash soak mirror pictures bench wheel sbom pins clean

# The first Python >= 3.11 that really starts (a version manager's shim may not).
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && \
	{ command -v "$$python"; break; }; done)

# Every other Python >= 3.11 that has venv, as version:path; a version manager keeps its own aside.
OTHERS = $(shell for python in $(foreach folder,$(subst :, ,$(PATH)) $(HOME)/.pyenv/versions/*/bin,$(wildcard $(folder)/python3.1[1-9])); do \
	"$$python" -c 'import ensurepip, os, platform, sys, venv; python = os.path.realpath(sys.executable); \
	python == os.path.realpath("$(VENV)/bin/python") or print(platform.python_version(), python, sep=":")' 2>/dev/null; \
	done | sort -u)

VENV := .venv
PIP := $(VENV)/bin/python -m pip --disable-pip-version-check --quiet
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

demo: $(RUNTIME)
	@exec $(VENV)/bin/sijill sandbox $(if $(PROFILE),--demo-profile $(PROFILE)) $(DEMO)

# Compiled files are written even where the environment forbids it: every worker reads them.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(DEV)
	$(VENV)/bin/python -m pytest -n auto --dist worksteal --durations 15 $(TESTS)

# Whether every other Python of this machine imports all of Sijill, serves, and answers to the byte.
SHORT := tests/test_architecture.py tests/test_golden.py tests/settings tests/cli tests/e2e/test_process.py

pythons:
	@for python in $(OTHERS); do \
		$(MAKE) --no-print-directory test TESTS='$(SHORT)' PYTHON="$${python#*:}" VENV=".venv-$${python%%:*}" || exit 1; \
	done

check: $(DEV)
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

# Made-up requests to a real server: FUZZ='--limit 1000 --seed 7'.
fuzz: $(DEV)
	PYTHONPATH=tests $(VENV)/bin/python -m fuzz $(FUZZ)

# 1,000 tests at once on one sandbox, in twenty orders: FLAKES='--tests 100 --runs 3'.
flakes: $(DEV)
	PYTHONPATH=tests $(VENV)/bin/python -m flakes $(FLAKES)

# Kills at named points, losses of power, backups under writes: CRASH='power --rounds 50'.
crash: $(DEV)
	PYTHONPATH=tests $(VENV)/bin/python -m crash $(CRASH)

# Two hours of mixed load, and whether anything grows: SOAK='--minutes 10'.
soak: $(DEV)
	PYTHONPATH=tests $(VENV)/bin/python -m soak $(SOAK)

# The long proofs of the mirror: MIRROR='kills 200' ends its process so often.
mirror: $(DEV)
	PYTHONPATH=tests $(VENV)/bin/python -m mirror.mirroring $(or $(MIRROR),customers 100000)

# Every page of the console in Chromium; PICTURES=--docs takes those that the documents show.
pictures: $(DEV)
	PYTHONPATH=tests $(VENV)/bin/python -m console.pictures $(PICTURES)

bench: $(DEV)
	$(VENV)/bin/python -m benchmarks $(BENCH)

wheel: $(RUNTIME)
	$(VENV)/bin/python -m hatchling build -t wheel

# What runs with Sijill, with the hashes of every file: dist/sijill.cdx.json, CycloneDX 1.6.
sbom: $(DEV)
	@mkdir -p dist
	$(VENV)/bin/cyclonedx-py requirements requirements/runtime.txt --pyproject pyproject.toml \
		--output-reproducible --spec-version 1.6 --output-format JSON --output-file dist/sijill.cdx.json

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Sijill needs Python 3.11 or newer: install it and try again." >&2; exit 1; }
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || \
		{ "$(PYTHON)" -c 'import sys; v = "python%d.%d" % sys.version_info[:2]; print("Sijill needs the module venv of %s: install the package %s-venv and try again." % (v, v))' >&2; exit 1; }
	@echo "Making the environment in $(VENV) ($(PYTHON)) ..." >&2
	@rm -rf $(VENV)
	@"$(PYTHON)" -m venv $(VENV)

$(RUNTIME): requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing what Sijill needs; the first time takes a minute or more ..." >&2
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo "Installing what its tests need ..." >&2
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

# Needs uv. Writes hashes and no address of any index.
pins:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --quiet pyproject.toml --group build -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --quiet pyproject.toml --group build --group dev \
		--constraint requirements/runtime.txt -o requirements/dev.txt

clean:
	rm -rf $(VENV) .venv-* dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis

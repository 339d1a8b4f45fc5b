# make run    the demo on http://localhost:8400
# make test   everything but the long fault and fuzz runs
# make test-faults  crowds and faults that take minutes
# make test-fuzz  every parser under the fuzzer, two minutes each
# make check  lint, types, imports, content, tests
.DELETE_ON_ERROR:
.PHONY: run test test-faults test-fuzz check static lock clean

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8400

run: .venv/run.done
	$(BIN)/samjour demo --port $(PORT)

test: .venv/test.done
	@command -v chromium >/dev/null || test "$$(id -u)" != 0 || (apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null)
	@command -v chromium >/dev/null || { echo "chromium is missing: apt-get install chromium"; exit 1; }
	$(BIN)/python -m pytest -q -n auto --dist loadfile -m "not long"

# Crowds and faults that take minutes.
test-faults: .venv/test.done
	$(BIN)/python -m pytest -q -m long

# Coverage-guided, every parser for so many seconds, as many at once as there are processors; FUZZ="note event" picks.
FUZZ_SECONDS ?= 120
test-fuzz: .venv/fuzz.done
	$(BIN)/python -m tests.fuzz.run --seconds $(FUZZ_SECONDS) $(FUZZ)

check: static test

static: .venv/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/samjour check

# The locks hold hashes and no index address; uv only computes them.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --extra dev --extra build pyproject.toml -o requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --extra build pyproject.toml -o requirements.lock -c requirements-dev.lock
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-annotate --extra fuzz --extra dev --extra build pyproject.toml -o requirements-fuzz.lock -c requirements-dev.lock

clean:
	rm -rf .venv var screenshots

.venv/bin/python:
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "venv is missing: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/run.done: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/test.done: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

.venv/fuzz.done: requirements-fuzz.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-fuzz.lock
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

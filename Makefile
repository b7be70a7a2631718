# The two commands of the README are `make run` and `make test`; both make what they need first.
PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.made-from-the-lock

.PHONY: setup run test check lint types contracts sql lock measure docs clean browser

setup: $(STAMP)

# --no-deps: the lock is complete, and every wheel in it is checked against its hash.
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is needed and not on the PATH; name yours: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

run: setup
	$(BIN)/gongbao run

test: setup browser
	$(BIN)/python -m pytest

# The page tests look at real pages in a real browser; on Debian and Ubuntu we can install it.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { echo "installing chromium for the page tests"; \
	       if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	       else sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; fi; }

check: lint types contracts sql

lint: setup
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

sql: setup
	$(BIN)/sqlfluff lint models tests/data

lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --no-emit-index-url --generate-hashes --no-annotate --no-header \
	  --no-strip-extras --all-extras pyproject.toml --output-file requirements.lock

# MATERIAL is a folder of annotated reports and cases; each script says what of it is absent.
MATERIAL ?= ../shared
measure: setup
	-$(BIN)/python benchmarks/measure_extract.py $(MATERIAL)
	-$(BIN)/python benchmarks/measure_judge.py $(MATERIAL)
	-$(BIN)/python benchmarks/measure_audit.py $(MATERIAL)

clean:
	rm -rf warehouse .mypy_cache .ruff_cache .hypothesis .import_linter_cache

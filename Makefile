# The two commands of the README are `make run` and `make test`; both make what they need first.
PYTHON ?= python3.11
BIN := .venv/bin
STAMP := .venv/.made-from-the-lock
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes
UV := UV_SYSTEM_CERTS=1 $(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes

.PHONY: setup run test check lint types contracts sql models docs metrics lock measure bench peers crash clean browser spark spark-test

setup: $(STAMP)

# --no-deps: the lock is complete, and every wheel in it is checked against its hash. uv, itself from the lock, installs it
# in a fraction of pip's time; it does not read pip.conf, so where that names the only index to be reached, pip does it.
$(STAMP): requirements.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is needed and not on the PATH; name yours: make PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/installer.lock
	$(PIP) -r .venv/installer.lock
	$(UV) -r requirements.lock || $(PIP) -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

# The engine spark is 450 MB more than the rest together, so it has a lock of its own and CI does without.
SPARK_STAMP := .venv/.made-with-spark
spark: setup $(SPARK_STAMP)

$(SPARK_STAMP): requirements-spark.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --require-hashes -r requirements-spark.lock
	@touch $(SPARK_STAMP)

# Wants a Java 17 besides: on Debian `apt-get install openjdk-17-jre-headless`.
spark-test: spark
	$(BIN)/python -m pytest -m spark -rs

run: setup
	$(BIN)/gongbao run

test: setup browser
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

# The page tests look at real pages in a real browser; on Debian and Ubuntu we can install it.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
	  || { echo "installing chromium for the page tests"; \
	       if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; \
	       else sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null; fi; }

check: lint types contracts sql models

lint: setup
	$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

sql: setup
	$(BIN)/sqlfluff lint --processes 2 models tests/data

# dbt needs a build file to be named, not to be there. DO_NOT_TRACK is for dbt and MetricFlow alike.
DBT := DO_NOT_TRACK=1 GONGBAO_BUILD_FILE=warehouse/build/gongbao.duckdb $(BIN)

# The project's rules for models, dbt-bouncer.yml, over what dbt parses.
models: setup
	$(DBT)/dbt parse --quiet && $(BIN)/dbt-bouncer --config-file dbt-bouncer.yml

# The models, their columns, tests and lineage as pages: target/index.html, one file, of the warehouse as last built.
docs: setup
	@test -f warehouse/build/gongbao.duckdb || { echo "warehouse/build/gongbao.duckdb is missing; make run builds it"; exit 1; }
	$(DBT)/dbt docs generate --quiet --static && mv target/static_index.html target/index.html
	@echo target/index.html

# make metrics QUERY="--metrics coverage,new_cases --group-by metric_time__month,publisher"
QUERY ?= --metrics report_count,coverage,broken_check_share --group-by metric_time__month
metrics: setup
	$(DBT)/dbt parse --quiet && $(DBT)/mf query $(QUERY)

# requirements-spark.lock holds what the extra spark needs beside requirements.lock, in versions that agree with it.
LOCKED = $(BIN)/uv pip compile --quiet --upgrade --python-version 3.11 --no-emit-index-url --generate-hashes \
  --no-annotate --no-header --no-strip-extras
lock: setup
	$(LOCKED) --extra dev --extra metrics --extra postgres pyproject.toml --output-file requirements.lock
	echo '# The extra gongbao[spark], on top of requirements.lock: `make spark`. pyspark comes as source, 450 MB.' > .venv/spark.lock
	$(LOCKED) --constraint requirements.lock --extra spark pyproject.toml \
	  $$(sed -n 's/^\([A-Za-z0-9._-]*\)[^=]*==.*/--no-emit-package \1/p' requirements.lock) >> .venv/spark.lock
	mv .venv/spark.lock requirements-spark.lock

# MATERIAL is a folder of annotated reports and cases; each script says what of it is absent.
MATERIAL ?= ../shared
measure: setup
	-$(BIN)/python benchmarks/measure.py $(MATERIAL)
	-$(BIN)/python benchmarks/measure_judge.py $(MATERIAL)
	-$(BIN)/python benchmarks/measure_audit.py $(MATERIAL)

# Speed, as ratios of one run, beside benchmarks/baseline.csv. BENCH="--sizes 1000", "--parts load more", "--keep".
bench: setup
	PEERS=$(PEERS) $(BIN)/python benchmarks/bench.py $(BENCH)

# What extraction is compared with, each in a venv of its own outside the project.
PEERS ?= $(HOME)/.cache/gongbao-peers
peers: setup
	PEERS=$(PEERS) $(BIN)/python benchmarks/bench.py --install-peers

# Kills runs everywhere with SIGKILL, fills disks, damages files, brings hostile reports, and looks at what is left; the
# same seed, the same kills. Some faults need root, and are named where they cannot be tried. About an hour of two cores.
KILLS ?= 200
HOSTILE ?= 5000
SEED ?= 1
crash: setup
	$(BIN)/python -m tests.crash.harness --kills $(KILLS) --seed $(SEED) --faults --hostile $(HOSTILE) \
	  $(if $(wildcard $(MATERIAL)/reports),--material $(MATERIAL)/reports)

clean:
	rm -rf warehouse .mypy_cache .ruff_cache .hypothesis .import_linter_cache

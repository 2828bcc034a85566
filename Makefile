# `make grade` and `make test` are all that a newcomer needs: Python 3.11 and make. `make help` lists the rest.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SEEDS ?= 200
FUZZ_SECONDS ?= 600
FUZZ_TARGETS := frames values notebook source archive listing yaml roster

.DEFAULT_GOAL := help
.PHONY: help grade test browser screenshots lint types validate power bench throughput fuzz gradescope clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

grade: $(VENV)/.installed  ## grade the class in submissions_example/ and show its table
	$(BIN)/grader grade submissions_example -o grades

test: $(VENV)/.installed  ## the whole test suite
	$(BIN)/pytest -n auto --dist loadgroup -q

browser: $(VENV)/.browser  ## the pages in a real browser: chromium from $$CHROMIUM or the PATH
	$(BIN)/pytest -q tests/browser

screenshots: $(VENV)/.browser  ## docs/images/ anew, with chromium
	$(BIN)/python docs/screenshots.py

lint: $(VENV)/.installed  ## ruff, check and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check grader tests benchmarks fuzz

types: $(VENV)/.installed  ## mypy, strict
	$(BIN)/mypy

validate: $(VENV)/.installed  ## prove the course fair on SEEDS seeds (200: an hour or two)
	$(BIN)/grader validate --seeds $(SEEDS)

power: $(VENV)/.installed  ## which planted errors our gradient check and others see
	$(BIN)/python benchmarks/power.py

bench: $(VENV)/.installed  ## what grading costs beside its floor and beside pytest
	$(BIN)/python benchmarks/overhead.py

throughput: $(VENV)/.installed  ## how fast a class of 500 is graded, where the time goes, memory up to 10,000
	$(BIN)/python benchmarks/throughput.py

fuzz: $(VENV)/.fuzz  ## coverage-guided fuzzing of every parser, FUZZ_SECONDS (600) in all; see fuzz/README.md
	for target in $(FUZZ_TARGETS); do \
		$(BIN)/python -m fuzz $$target --seconds $$(( $(FUZZ_SECONDS) / $(words $(FUZZ_TARGETS)) )) || exit 1; \
	done

gradescope:  ## build/gradescope.zip, an autograder for ASSIGNMENTS="neuron ..."
	@test -n "$(ASSIGNMENTS)" || { echo 'make gradescope ASSIGNMENTS="neuron"'; exit 2; }
	@test -f reference/secret.txt || { echo 'reference/secret.txt is missing: grade once, or write the secret seed into it'; exit 2; }
	rm -rf build/gradescope build/gradescope.zip && mkdir -p build/gradescope/course
	cp templates/gradescope/setup.sh templates/gradescope/run_autograder build/gradescope
	cp -r assignments reference grader pyproject.toml constraints.txt README.md LICENSE build/gradescope/course
	find build/gradescope -name __pycache__ -prune -exec rm -rf {} +
	echo "$(ASSIGNMENTS)" > build/gradescope/assignments.txt
	cd build/gradescope && $(PYTHON) -m zipfile -c ../gradescope.zip *

clean:  ## remove what the other targets made
	rm -rf $(VENV) grades build *.egg-info

$(VENV)/.fuzz: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	touch $@

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

$(VENV)/.browser: $(VENV)/.installed
	$(BIN)/pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,browser]'
	touch $@

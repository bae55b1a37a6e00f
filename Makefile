# Two commands: `make demo` (from nothing to a cited answer) and `make test` (all that CI checks).
# Each step leaves a stamp, so that a second run does only what is missing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
DEMO_QUESTION ?= Quelle est l’enveloppe de la SRDIA pour 2026-2028 ?

# Of llama.cpp only the library is built: no tools, tests, examples, server or vision.
LLAMA_BUILD := -DLLAVA_BUILD=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
	-DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_APP=OFF -DLLAMA_BUILD_COMMON=OFF -DLLAMA_OPENSSL=OFF

# OCR, a browser, and an office suite to open what is exported.
PROGRAMS := tesseract-ocr tesseract-ocr-fra chromium libreoffice-writer-nogui fonts-liberation

.PHONY: help install models index demo test lint types unit system corpus clean \
	bench sheets bench-retrieval bench-audit bench-scale bench-load screenshots bench-evidence bench-claims bench-gate bench-injections evaluate

CACHE := benchmarks/.cache
SHEETS := $(CACHE)/sheets
PEERS := $(CACHE)/peers-venv

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed ## the virtual environment, with pinned dependencies

$(VENV)/.installed: requirements.lock requirements-torch.lock pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed: apt install python3.11-venv, or make PYTHON=/path/to/python3.11" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	# torch alone and first: a plain range would pull a CUDA build of several gigabytes
	$(BIN)/pip install --progress-bar off -r requirements-torch.lock
	# compiles llama-cpp-python once a machine: pip keeps the wheel in its cache
	CMAKE_ARGS="$(LLAMA_BUILD)" CMAKE_BUILD_PARALLEL_LEVEL=$$(nproc) \
		$(BIN)/pip install --progress-bar off -r requirements.lock
	$(BIN)/pip install --progress-bar off --no-deps --editable .
	touch $@

models: install ## the models of the manifest, fetched and verified
	@$(BIN)/assistant models fetch

index: models ## the demo corpus, ingested
	@$(BIN)/assistant ingest || { code=$$?; test $$code = 4 && echo "(les autres documents sont là)" || exit $$code; }

demo: index ## from nothing to a cited answer
	@echo
	echo "assistant ask \"$(DEMO_QUESTION)\""
	echo
	$(BIN)/assistant ask "$(DEMO_QUESTION)"
	echo
	echo "Une autre question :   $(BIN)/assistant ask \"Qui porte la saisine du CESER ?\""
	echo "L’interface :          $(BIN)/assistant serve   puis http://127.0.0.1:7860"
	echo "Vos documents :        $(BIN)/assistant init MON_DOSSIER   (voir README.md)"

test: install system models lint types unit ## all that CI checks

lint:
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types:
	@$(BIN)/mypy

unit:
	@$(BIN)/python -m pytest

# Programs that some tests run for real; asked of the system only where they are missing.
system:
	@if tesseract --list-langs 2>/dev/null | grep -qx fra && command -v chromium >/dev/null \
		&& command -v soffice >/dev/null; then exit 0; fi
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		apt-get update -qq
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PROGRAMS) >/dev/null
	else
		echo "Some tests run these programs for real; install them: $(PROGRAMS)" >&2
		exit 1
	fi

corpus: install ## the demo corpus, made again from its sources
	@$(BIN)/python corpus/_sources/build.py

# --- measures: minutes to hours, never part of the tests -------------------------

sheets: index # the public sheets, fetched and ingested
	@test -f $(SHEETS)/assistant.toml || $(BIN)/python -m benchmarks.sheets $(SHEETS)
	$(BIN)/assistant ingest --workspace $(SHEETS)

# The peer of `bench`, in an environment of its own; its llama-cpp-python is built as ours is.
$(PEERS)/.installed: benchmarks/peers/requirements.txt requirements-torch.lock | install
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --progress-bar off -r requirements-torch.lock
	CMAKE_ARGS="$(LLAMA_BUILD)" CMAKE_BUILD_PARALLEL_LEVEL=$$(nproc) \
		$(PEERS)/bin/pip install --progress-bar off -r benchmarks/peers/requirements.txt
	touch $@

bench: index $(PEERS)/.installed ## speed, each figure against its measure in the same run (an hour); ROWS="decode ..."
	@$(BIN)/python -m benchmarks.speed $(if $(ROWS),--rows $(ROWS))

bench-retrieval: index ## the right passage among the first, on three sets (embeds 13,000 passages once)
	@test -f $(CACHE)/sheets-bare/assistant.toml || $(BIN)/python -m benchmarks.sheets --bare $(CACHE)/sheets-bare
	$(BIN)/assistant ingest --workspace $(CACHE)/sheets-bare
	test -f $(CACHE)/code/assistant.toml || $(BIN)/python -m benchmarks.labour_code $(CACHE)/code
	$(BIN)/assistant ingest --workspace $(CACHE)/code
	$(BIN)/python -m benchmarks.retrieval sheets code demo

bench-audit: install ## verifying a log of a million records: time and memory
	@$(BIN)/python -m benchmarks.audit

bench-scale: models ## search, memory and publishing from 1,000 to a million passages (20 GB of disk)
	@$(BIN)/python -m benchmarks.scale

bench-load: index ## 1, 5 and 20 people asking and searching at once, the server stopped and killed (20 min)
	@$(BIN)/python -m benchmarks.load

screenshots: index ## the pictures of the README, taken of the real interface
	@$(BIN)/python -m docs.screenshots

bench-evidence: sheets ## share of the facts in what the model may read
	@$(BIN)/python -m benchmarks.evidence benchmarks/gold/demo.jsonl
	$(BIN)/python -m benchmarks.evidence benchmarks/gold/sheets.jsonl --workspace $(SHEETS)

bench-claims: install ## the verifier against hand-labelled pairs
	@$(BIN)/python -m benchmarks.claims

bench-gate: sheets ## the abstention gate, fitted anew and measured (an hour)
	@$(BIN)/python -m benchmarks.fit_gate --sheets $(SHEETS)

bench-injections: models ## planted instructions, asked for real
	@$(BIN)/python -m benchmarks.injections

evaluate: index ## the project's gold questions, with the default model (an hour)
	@$(BIN)/assistant evaluate benchmarks/gold/demo.jsonl

clean: ## what was built here (models and the audit log stay)
	@rm -rf $(VENV) index/generations index/prefix index/catalogue.sqlite3* index/*.log .pytest_cache .mypy_cache .ruff_cache

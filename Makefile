# make demo | make test  are the two commands of the README; everything sets itself up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Torch's own index of CPU builds: on Linux the default index would bring gigabytes of CUDA. Empty it on a GPU machine.
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export DO_NOT_TRACK := 1
export HF_HUB_DISABLE_TELEMETRY := 1

.PHONY: help setup demo server test test-all lint bench train-env fuzz clean

help:
	@echo "make demo      the whole job on the bundled sample, then a short training run"
	@echo "make test      all quick tests        make test-all   adds the slow checks on real dumps"
	@echo "make lint      ruff and mypy          make bench      every benchmark, into docs/"
	@echo "make server    a Prefect server with its worker and deployments, until Ctrl-C"
	@echo "make setup     only the environment   make clean      remove it and what runs made"

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=python3.11 setup')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade pip
	$(BIN)/python -m pip install -q -c constraints.txt $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) --retries 1 torch
	$(BIN)/python -m pip install -q -c constraints.txt -e '.[trainer,dev]'
	$(BIN)/python -m pip check
	$(BIN)/python -c "import datatrove, datasketch, fasttext, presidio_analyzer, prefect, pyarrow, tiktoken, tokenizers, torch, trafilatura"
	@touch $@

demo: setup
	@$(BIN)/python -m curation demo

server: setup
	@exec $(BIN)/python -m flows.server

test: setup
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder

test-all: setup
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder -m "slow or not slow"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m benchmarks

# Training a toxicity or quality model needs the fastText wheel that trains; it overwrites the one that only predicts.
train-env: .venv-train/.ready

.venv-train/.ready:
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/pip install -q --upgrade pip
	.venv-train/bin/pip install -q fasttext-numpy2-wheel numpy
	@touch $@

fuzz: setup
	SOURCES_FUZZ_ROUNDS=$(or $(ROUNDS),300) $(BIN)/python -m pytest tests/sources/test_members_fuzz.py tests/sources/test_fuzz_wiki_code_chat.py

clean:
	rm -rf $(VENV) data/demo

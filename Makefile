# Everything is run from .venv, which tools/setup.sh makes and keeps up to date.

BIN := .venv/bin
# Two workers: rendering tests fill a core each. A file stays together, as its tests share a worker; files
# keep their order, in which the last ones are short.
DIST := -n 2 --dist loadfile --no-loadscope-reorder
PYTEST_ARGS ?= $(DIST)

.DEFAULT_GOAL := help
.PHONY: help run app test sweeps coverage soak mutation bench lint format messages pictures parts shipped check-clean setup setup-dev

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

run: setup ## set everything up, render the backpropagation lesson, open the studio on it
	@tools/run.sh

app: setup ## the window
	@$(BIN)/backprop-studio

test: setup-dev ## set everything up and run the tests (PYTEST_ARGS="-x tests/core" for some)
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

sweeps: setup-dev ## the tests that make test leaves out: every scene at every bound, every frame twice (twenty minutes)
	@$(BIN)/python -m pytest $(DIST) -m slow

coverage: setup-dev ## the tests of core and render once more, which have to reach nearly all lines of these rooms
	@$(BIN)/python -m pytest $(DIST) --cov --cov-report= tests/cli tests/core tests/render src

soak: setup-dev ## kill processes, render, walk and play on a real screen, hundreds of times (hours)
	@BACKPROP_STUDIO_SOAK_ROUNDS=$${ROUNDS:-200} $(BIN)/python -m pytest -n 0 -s -q --timeout=7200 -m "slow or not slow" \
		tests/render/test_kills.py tests/render/kit/test_kills.py tests/render/test_soak.py tests/render/test_faults.py \
		tests/render/queue/test_kills.py tests/gui/test_kills.py tests/gui/test_random_walk.py tests/gui/screen \
		tests/scenes/claims tests/core/network/test_wild.py

mutation: setup-dev ## break one line at a time and list what no test notices (OF="core/base" for some)
	@$(BIN)/python -c "import cosmic_ray" 2>/dev/null || $(BIN)/python -m pip install --quiet -c constraints.txt -e ".[mutation]"
	@$(BIN)/python tools/mutation.py $(OF)

bench: setup ## measure what is promised about speed and memory (an hour; BENCH="walk jobs" for some)
	@$(BIN)/python -m benchmarks $(BENCH)

CHECKS = "ruff check ." "ruff format --check ." mypy lint-imports "python tools/import_circles.py" codespell "python tools/unused.py" \
	"python tools/layout.py" "python tools/documents.py" "python tools/messages.py --check" "python tools/shipped.py --check" "python tools/notebooks.py --check"

lint: setup-dev ## style, types, directions of import, spelling, unused code, layout, documents, catalogues
	@status=0; \
	for check in $(CHECKS); do \
		echo "$$check"; $(BIN)/$$check || status=1; \
	done; exit $$status

format: setup-dev ## put the code into its style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

messages: setup-dev ## collect the texts to translate, update and compile the catalogues
	$(BIN)/python tools/messages.py

pictures: setup ## draw the README's pictures anew: a frame of the lesson, and the window
	$(BIN)/backprop-studio still backprop --beat back_1 -o docs/pictures/backprop.png --overwrite
	XDG_CONFIG_HOME=$$(mktemp -d) QT_QPA_PLATFORM=offscreen $(BIN)/python -m backprop_studio.gui --screenshot docs/pictures/window.png \
		--size 1360x790 --appearance dark --language en --lesson-language en

parts: setup ## draw the reference sheets of all parts anew
	PYTHONPATH=. $(BIN)/python tools/parts.py

shipped: setup ## list the scenes and draw their thumbnails for the first start (OF="backprop" for some)
	PYTHONPATH=. $(BIN)/python tools/shipped.py $(OF)

check-clean: ## fail if a run left files behind or changed any
	@test -z "$$(git status --porcelain)" || { git status --short; exit 1; }

setup:
	@tools/setup.sh

setup-dev:
	@tools/setup.sh dev

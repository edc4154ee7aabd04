# On a machine with python3 and make, and nothing else:   make demo
PYTHON ?= python3
ifeq ($(PYTHON),python3)
VENV   ?= .venv
else  # another Python has an environment of its own, such as .venv-3.13
VENV   ?= .venv-$(or $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null),none)
endif
PY     := $(VENV)/bin/python
UV     := $(shell command -v uv 2>/dev/null)
# The tests of a file share what is slow to set up. Hundreds of tests start Python anew: what one
# has compiled the others read, even where Python was told to write no bytecode.
TESTS  := PYTHONDONTWRITEBYTECODE= $(PY) -m pytest -n auto --dist loadfile
DEMOS  := $(wildcard demos/[0-9]*.py)

.PHONY: demo demos lesson pictures notebooks docs site serve playground pyodide test mutants check lint types coverage generate format bench clean help
.DELETE_ON_ERROR:

demo: $(VENV)/.demo             ## explain one expression, draw it into build/
	$(PY) -m autograd_mini

demos: $(VENV)/.all             ## run every demo from beginning to end
	@set -e; for demo in $(DEMOS); do echo "$$demo"; $(PY) $$demo; done

lesson: $(VENV)/.lesson         ## step through a demo in a REPL: make lesson N=4
	$(PY) -m autograd_mini lesson $(N)

pictures: $(VENV)/.test         ## make the README's pictures again
	$(PY) demos/pictures/make.py

notebooks: $(DEMOS:demos/%.py=build/notebooks/%.ipynb)  ## the lessons as notebooks, in build/notebooks/; ARGS=--slides

build/notebooks/%.ipynb: demos/%.py $(VENV)/.demo
	@mkdir -p $(@D)
	$(PY) -m autograd_mini lesson --notebook $< $@ $(ARGS)

docs: $(VENV)/.docs             ## the reference of the package, in build/docs/
	$(PY) -m tests.reference build/docs

site: $(VENV)/.site             ## the playground, Python in the browser: a folder for any server
	$(PY) demos/playground/make.py

serve: $(VENV)/.site            ## look at the playground, on this machine: make serve PORT=8000
	@test -d build/site || $(PY) demos/playground/make.py
	$(PY) -m http.server --bind 127.0.0.1 --directory build/site $(or $(PORT),8000)

playground: $(VENV)/.test       ## every lesson in the playground, in Chromium: some minutes
	$(PY) -m pytest -o faulthandler_timeout=0 tests/house/playground_lessons.py $(ARGS)

pyodide: $(VENV)/.test          ## tests of the engine and the steps in the browser's Python, in node
	$(PY) -m tests.pyodide $(ARGS)

test: $(VENV)/.test             ## the tests; some of them, on some Python: make test ARGS=tests/engine PYTHON=python3.13
	$(TESTS) $(ARGS)

mutants: $(VENV)/.test          ## do the tests notice planted faults? One room: make mutants ARGS=engine
	$(PY) -m tests.mutants $(ARGS)

check: lint types coverage      ## what CI runs: lint, types, tests with their coverage

lint: $(VENV)/.lint             ## style and layout
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m tests.script

types: $(VENV)/.lint $(VENV)/.test  ## mypy, strict, and pyright
	$(PY) -m mypy
	$(PY) -m pyright

coverage: $(VENV)/.test         ## the tests, failing below the coverage in pyproject.toml
	$(TESTS) --cov

generate: $(VENV)/.demo         ## after a change of the table, or of the page's script: write fast/written.py, view/page.min.*
	AUTOGRAD_MINI_PLAIN=1 $(PY) -m autograd_mini.fast.generate
	$(PY) -m autograd_mini.view.generate

format: $(VENV)/.lint           ## lay the code out
	$(PY) -m ruff check --fix-only .
	$(PY) -m ruff format .

bench: $(VENV)/.bench           ## measure against the peers; in two minutes: make bench ARGS=--quick
	$(PY) -m tests.benchmarks $(ARGS)

clean:                          ## remove everything that make made
	rm -rf $(VENV) .venv .venv-* build dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -prune -exec rm -rf {} +

help:                           ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1 : /p' Makefile | awk -F' : ' '{ printf "make %-10s %s\n", $$1, $$2 }'

# Each stamp in the environment stands for one set of packages, and is made again when
# pyproject.toml changes. The package itself is installed in place, so its changes need nothing.
needs_demo      := -e '.[svg]'
needs_lesson    := -e '.[svg,plots]'
needs_all       := -e '.[all]'
needs_test      := -e '.[all]' --group test
needs_lint      := --group lint
needs_bench     := -e '.[all]' --group bench
needs_docs      := -e . --group docs
needs_site      := -e '.[svg]' --group site
needs_pip       := 'pip>=25.1'

ifdef UV
INSTALL := uv pip install -q --python $(PY)
else
INSTALL := $(PY) -m pip install -q --disable-pip-version-check
# the pip that Python 3.11 brings along does not know dependency groups
$(VENV)/.test $(VENV)/.lint $(VENV)/.bench $(VENV)/.docs $(VENV)/.site: $(VENV)/.pip
endif

$(VENV)/.%: pyproject.toml $(VENV)/.made
	$(INSTALL) $(needs_$*)
	@touch $@

# An environment that lost its Python or its packages (say, in a system upgrade) is made anew. One
# that is whole is used as it is, whoever made it.
WHOLE := $(shell $(PY) -c 'import pip; print("whole")' 2>/dev/null)
ifneq ($(WHOLE),whole)
.PHONY: $(VENV)/.made
endif

define TOO_OLD
autograd_mini needs Python 3.11 or later, and "$(PYTHON)" is not that, or does not run. Name one that is and does:
  make $(or $(MAKECMDGOALS),demo) PYTHON=python3.12
endef

define NO_ENSUREPIP
"$(PYTHON)" cannot make a virtual environment: its module ensurepip is missing. Type
  sudo apt-get install python3-venv
on Debian or Ubuntu; elsewhere install uv, which make uses when it finds it.
To see the text with nothing installed:
  $(PYTHON) -m autograd_mini
endef

export TOO_OLD NO_ENSUREPIP

$(VENV)/.made:
ifneq ($(WHOLE),whole)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$TOO_OLD"; exit 1; }
ifdef UV
	uv venv -q --clear --seed --python $(PYTHON) $(VENV)
else
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$$NO_ENSUREPIP"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
endif
endif
	@touch $@

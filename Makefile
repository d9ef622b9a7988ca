# Everything a newcomer needs. `make help` lists it.
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
# Sets and dictionaries go the same way round in every run of the tests.
export PYTHONHASHSEED := 0
# What each test took in the last run of all.
TIMES := .pytest_cache/times.xml
# Checks load the settings; these need a data folder with keys, which must not be the real one.
CHECKS := UPSTANDER_HOME=var/checks UPSTANDER_PROCESS=test
MAKE_KEYS := from upstander.config.home import Home; from upstander.vault.keyring import Keyring; \
	Keyring(Home.from_env().ensure().keys).ensure()

# How templates are laid out; the words are the components that hold other markup (upstander/ui/templatetags/ui.py).
LAY_OUT := .venv/bin/djangofmt --quiet --line-length 120 --indent-width 2 \
	--custom-blocks notice,cell,section,empty,bubble,card,toolbar,dialog

.PHONY: help demo serve verify test quick lint format soak figures faults bench check digests migrations messages danger-lines threat-model styles requirements setup setup-dev

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-13s %s\n", $$1, $$2}'

setup:
	@scripts/setup base

setup-dev:
	@scripts/system
	@scripts/setup dev

demo: setup ## start everything with made-up people, print where to sign in (Ctrl-C ends it)
	@exec .venv/bin/upstander demo

serve: setup ## start everything with the real data of var/ (after `upstander init`)
	@exec .venv/bin/upstander serve

verify: setup ## check the record of what was started here, entry by entry (it must be running)
	@exec .venv/bin/upstander audit verify

test: setup-dev ## set up all that the tests need (as root the browser too), run them all, say what took long
	@$(PYTHON) -m pytest -n auto --junitxml=$(TIMES) || { [ $$? -eq 1 ] && $(PYTHON) -m pytest --last-failed --last-failed-no-failures none --second-try; }; said=$$?; $(PYTHON) scripts/suite_times.py $(TIMES); exit $$said

quick: setup-dev ## the tests that start no servers and no browser and take no time
	@$(PYTHON) -m pytest -n auto -m "not servers and not browser and not slow"

lint: setup-dev ## style, types, layers, templates
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports --no-logo
	@$(CHECKS) $(PYTHON) -c "$(MAKE_KEYS)"
	@$(CHECKS) .venv/bin/mypy
	@git ls-files '*.html' | xargs -r $(LAY_OUT) --check
	@git ls-files '*.html' | xargs -r .venv/bin/djade --check --target-version 6.1
	@$(PYTHON) scripts/sql_format.py --check
	@$(PYTHON) -m upstander.schema.layers
	@$(PYTHON) scripts/messages.py --check

format: setup-dev ## put code and templates into the common form
	@.venv/bin/ruff check --fix-only .
	@.venv/bin/ruff format .
	@$(PYTHON) scripts/sql_format.py
	@git ls-files '*.html' | xargs -r $(LAY_OUT)
	@git ls-files '*.html' | xargs -r .venv/bin/djade --target-version 6.1

soak: setup-dev ## search on: fresh examples, random kills, floods, all journeys, benches (SEED=… PARTS="properties lots journeys bench")
	@$(PYTHON) scripts/soak.py $(PARTS) $(if $(SEED),--seed $(SEED))

figures: setup-dev ## print the counts that documents don't keep
	@$(PYTHON) scripts/figures.py

faults: setup-dev ## which of the pinned packages have known faults (asks PyPI, where it can be reached)
	@$(PYTHON) scripts/known_faults.py

bench: setup-dev ## measure (PARTS="intake paging" for some): tips a second, CPU a tip, time to the screen, page weight
	@$(PYTHON) -m tests.bench $(PARTS)

check: lint test ## what must pass before a change lands

migrations: setup-dev ## write migrations for changed models
	@$(CHECKS) $(PYTHON) -c "$(MAKE_KEYS)"
	@$(CHECKS) $(PYTHON) -m django makemigrations --settings upstander.config.settings

digests: setup-dev ## write down what must stand in a database (after a change of SQL or policies)
	@$(PYTHON) scripts/digests.py

messages: setup-dev ## find new words, compile translations (locale/*/LC_MESSAGES/django.po)
	@$(PYTHON) scripts/messages.py

danger-lines: setup-dev ## write the lines on which a life may hang, for readers (docs/danger-lines.csv)
	@$(CHECKS) $(PYTHON) -c "$(MAKE_KEYS)"
	@$(CHECKS) $(PYTHON) scripts/danger_lines.py

threat-model: setup-dev ## write the list of what stands in clear (docs/threat-model.md)
	@$(CHECKS) $(PYTHON) -c "$(MAKE_KEYS)"
	@$(CHECKS) $(PYTHON) scripts/threat_model.py

styles: setup ## put the style sheets together (upstander/ui/styles)
	@$(PYTHON) -m upstander.ui.stylesheets

requirements: setup-dev ## pin requirements/*.in anew, with hashes
	@for kind in base dev; do \
		uv pip compile --quiet --universal --python-version 3.12 --generate-hashes \
			--no-emit-index-url --no-header --upgrade requirements/$$kind.in -o requirements/$$kind.txt; \
	done

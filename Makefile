# The front door. Without make: python3 start.py demo | test | ...
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help demo test check lint search perf faults attacks leadtime calibrate walk tour picture screens replay page policy privacy clean

help: ## print the recipes
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: ## a fictional network on this machine, 24 months of it, and the page (PORT=8000; HOLDERS=3: three key holders)
	@$(PYTHON) start.py demo $(ARGS)

test: ## every test, on SQLite, on a real PostgreSQL and in a real browser
	@$(PYTHON) start.py test $(ARGS)

check: test lint ## what CI runs: the tests, the linters, the types, the import contracts

lint: ## formatting, linters, types, import contracts
	@$(PYTHON) start.py lint

search: ## the property tests on 40 times as many examples, random ones (up to an hour)
	@$(PYTHON) start.py search $(ARGS)

perf: ## speed as ratios, each beside its reference (WHAT=push | upload | release | importing | alerts | subscribers | chat | page for one)
	@$(PYTHON) start.py perf $(WHAT)

faults: ## kill -9 of the server during uploads, releases and conversations, 30 times each
	@$(PYTHON) start.py faults $(ARGS)

attacks: ## every attack on every release policy, in full: figures for docs/attacks.md (about 10 minutes)
	@$(PYTHON) start.py attacks $(ARGS)

leadtime: ## how early and how often alerts are right, beside naive rules (ARGS=--write puts it into docs/alerts.md)
	@$(PYTHON) start.py leadtime $(ARGS)

calibrate: ## how right the chance of being very late is (ARGS=--write puts coefficients and plot where they belong)
	@$(PYTHON) start.py calibrate $(ARGS)

replay: ## push a real invoice list through a fresh network: make replay FILE=invoices.csv
	@$(PYTHON) start.py replay $(FILE)

walk: ## a newcomer's walk: the commands, timed (ARGS=--install: from nothing), then the page as screenshots in both languages (to .demo/walk)
	@$(PYTHON) start.py walk $(ARGS)

tour: ## that walk in the page alone
	@$(PYTHON) start.py tour $(ARGS)

picture: ## the pictures in the README, from the demo
	@$(PYTHON) start.py picture

screens: ## every screen in every state, language, theme and width: axe, pictures, no fault (ARGS=--write stores the pictures)
	@$(PYTHON) start.py screens $(ARGS)

policy: ## the tables in docs/policy.md, from the profiles and the measured costs
	@$(PYTHON) start.py policy

privacy: ## the tables in the lawyers' pages (docs/privacy), from the code
	@$(PYTHON) start.py privacy

page: ## build the page alone
	@$(PYTHON) start.py page

clean: ## remove the environment, the demo's database and the built page
	rm -rf .venv .demo web/dist web/node_modules

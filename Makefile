# The one door to the project. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
BIN := node_modules/.bin
# Node 22 comes with the dependencies, whatever the machine has.
export PATH := $(CURDIR)/$(BIN):$(PATH)
# REPORT=folder keeps each run's result there as JSON.
REPORTING = $(if $(REPORT),--json --outputFile=$(REPORT)/$@.json)
JEST := NODE_OPTIONS="--experimental-vm-modules --disable-warning=ExperimentalWarning" node node_modules/jest/bin/jest.js

.PHONY: help install tools generate verify format lint test test-unit test-browser test-servers test-integration demo bench build clean

help: ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

# Versions and checksums are the lockfile's. Not `npm ci`: it refuses a lockfile that lacks optional packages of other
# platforms, which is how npm writes it where the registry does not carry them.
node_modules/.installed: package-lock.json
	npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

install: node_modules/.installed ## Install the pinned packages, Node 22 among them

tools: install ## Find or build the control plane, Prometheus, KWOK and Helm (once, about 15 minutes)
	node hack/tools/tools.ts

generate: install ## Write CRDs, chart copies and reference pages from their one source
	node hack/generate.ts

verify: install ## Fail when a generated file differs from its source
	node hack/generate.ts --check

format: install ## Format the code
	prettier --write .

lint: install ## Types, style, walls between the rooms, unused code
	tsc --noEmit -p .
	tsc -p src/simulate/report/page
	eslint --max-warnings 0 .
	depcruise --config .dependency-cruiser.mjs src
	prettier --check .
	knip

test-unit: install ## Tests that need nothing but Node
	$(JEST) --selectProjects unit --maxWorkers=2 $(REPORTING) $(ARGS)

test-browser: install ## The backtest's page in a real browser, at desktop and phone width
	$(JEST) --selectProjects browser --runInBand $(REPORTING) $(ARGS)

test-servers: tools ## Tests against a real control plane and a real Prometheus
	$(JEST) --selectProjects servers --runInBand $(REPORTING) $(ARGS)

test-integration: tools ## Tests of the operator on a real control plane: faults, chart, end to end
	$(JEST) --selectProjects integration --runInBand $(REPORTING) $(ARGS)

# Both mostly wait for clocks and servers: side by side, each with its own control plane, they take two thirds of the time.
test: tools test-unit test-browser ## Everything: unit, property, browser, servers, integration
	$(MAKE) -j2 test-servers test-integration

demo: tools ## One policy scales a real Deployment ahead of its load, beside a real HPA (TRACE=file replays your own)
	@node hack/demo/demo.ts $(if $(TRACE),--trace "$(TRACE)") $(ARGS)

bench: tools ## Speed and memory; JSON and Markdown in bench/results
	node bench/bench.ts $(ARGS)

build: install ## Compile to dist/
	rm -rf dist && tsc -p tsconfig.build.json

clean: ## Remove what builds leave here
	rm -rf dist bench/results

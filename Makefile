# Every target installs what it needs. Beforehand a machine needs only git, make, and Node 20 or later with its npm:
# the Node that Farthing runs on comes with the packages, and npm's scripts find it first.

.DEFAULT_GOAL := help
.PHONY: help demo test check fuzz crash simulate bench bench-check build docs ubuntu mac release clean

help: ## explain the targets (this list)
	@awk -F ':[^#]*## ' '/^[a-z-]+:[^#]*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build ## show two people paying each other through a real server
	@npm run -s demo

test: check build ## check the code and run every test
	@npm run -s test

check: node_modules/.package-lock.json ## types, lint, dead code
	@npm run -s check

fuzz: node_modules/.package-lock.json ## search for input that breaks a reader (TARGET=name SECONDS=60 SEED=number)
	@npm run -s fuzz -- $(TARGET:%=--target %) $(SECONDS:%=--seconds %) $(SEED:%=--seed %)

crash: node_modules/.package-lock.json ## kill servers and clients, cut networks and power, and count what was lost (ROUNDS=100 STATES=1000 SEED=number)
	@npm run -s crash -- $(ROUNDS:%=--rounds %) $(STATES:%=--states %) $(SEED:%=--seed %)

simulate: node_modules/.package-lock.json ## let communities live on simulated networks and disks, and look for what must not be (SECONDS=60 SEEDS=n SEED=number)
	@npm run -s simulate -- $(SEED:%=--seed %) $(SEEDS:%=--seeds %) $(SECONDS:%=--seconds %)

bench: build ## measure the links beside TLS and others, in a quarter of an hour (CASES='name name' SECONDS=0.5 ROUNDS=5)
	@npm run -s bench -- $(CASES) $(SECONDS:%=--seconds %) $(ROUNDS:%=--rounds %)

bench-check: build ## measure shortly, and say what has become slower
	@npm run -s bench:check

build: node_modules/.package-lock.json ## make dist/ from src/
	@npm run -s build

docs: node_modules/.package-lock.json .typedoc/node_modules/.package-lock.json ## make pages of the library's API in docs/
	@.typedoc/node_modules/.bin/typedoc --options .typedoc/typedoc.json

ubuntu: build ## build on Ubuntu, and say how to start
	@echo 'Built. Start the server with: npx farthing-server'
	@echo 'and a client beside it with:  npx farthing 127.0.0.1'

mac: ubuntu ## build on macOS, and say how to start

release: check ## make the package of this commit, try it in empty folders, and say how to publish it
	@npm run -s release

clean: ## remove what the other targets made
	rm -rf dist docs node_modules release .typedoc/node_modules

# npm writes this file last, so that it is older than the lock file only when there is something to install.
node_modules/.package-lock.json: package-lock.json
	@npm ci
	@touch $@

.typedoc/node_modules/.package-lock.json: .typedoc/package-lock.json
	@npm ci --prefix .typedoc
	@touch $@

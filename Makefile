# What CI calls, and what you call. `make` lists the targets.
GO       ?= go
BIN      := bin
FUZZTIME ?= 10s
BENCH    ?= .
DIR      ?=

# Tools are built by the Go toolchain, each version once, into bin/.
GOLANGCI_VERSION    := v2.15.0
GOVULNCHECK_VERSION := v1.9.0
GOLANGCI    := $(BIN)/golangci-lint-$(GOLANGCI_VERSION)
GOVULNCHECK := $(BIN)/govulncheck-$(GOVULNCHECK_VERSION)

.PHONY: help build demo test lint vuln fuzz bench corpus docs e2e e2e-all update
help: ## list the targets
	@sed -nE 's/^([a-z0-9-]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS="$$(printf '\t')" read -r t d; do printf '%-8s %s\n' "$$t" "$$d"; done

build: ## build bin/bulwark
	$(GO) build -o $(BIN)/bulwark ./cmd/bulwark

demo: ## harden the sample application of testdata: the diff, and the account of it
	$(GO) run ./cmd/bulwark diff testdata/sample

test: ## run all tests
	$(GO) test ./...

lint: $(GOLANGCI) ## vet, golangci-lint with gofmt, known vulnerabilities
	$(GO) vet ./...
	$(GO) vet -tags e2e ./...
	$(GOLANGCI) run
	@$(MAKE) --no-print-directory vuln

# govulncheck asks a database on the network. Where that cannot be reached, nothing was checked.
vuln: ## look for known vulnerabilities, where their database can be reached
	@if curl --silent --fail --location --max-time 10 --output /dev/null https://vuln.go.dev/index/db.json; then \
		$(MAKE) $(GOVULNCHECK) && $(GOVULNCHECK) ./...; \
	else \
		echo 'SKIPPED: govulncheck. Its database cannot be reached: NOBODY LOOKED for known vulnerabilities' >&2; \
	fi

fuzz: ## run each fuzz target for FUZZTIME (10s)
	@mkdir -p $(BIN)
	@$(GO) test -list '^Fuzz' ./... > $(BIN)/fuzz.all
	@awk '/^Fuzz/ {names[n++] = $$1} /^ok/ {for (i = 0; i < n; i++) print $$2, names[i]; n = 0}' $(BIN)/fuzz.all > $(BIN)/fuzz.list
	@test -s $(BIN)/fuzz.list
	@while read -r pkg name; do \
		echo "$$pkg $$name"; \
		GO='$(GO)' .ci/fuzz "$$pkg" "$$name" $(FUZZTIME) || exit 1; \
	done < $(BIN)/fuzz.list

bench: ## files per second of the engine beside BuildKit's parse, and one file as a process
	$(GO) test -run '^$$' -bench '$(BENCH)' -benchmem ./internal/bench ./internal/dockerfile

corpus: ## check every property on the Dockerfiles below DIR, and print counts
	@test -n '$(DIR)' || { echo 'make corpus DIR=folder-of-repositories' >&2; exit 2; }
	$(GO) test ./transform -run '^TestCorpus$$' -corpus '$(abspath $(DIR))' -count=1 -v -timeout 60m

docs: ## write docs/ and the examples of README.md anew from the code
	$(GO) run ./internal/docsgen

e2e: ## verify the applications of testdata that fetch no packages, on the BuildKit in BUILDKIT_HOST
	@test -n "$$BUILDKIT_HOST" || { echo 'e2e: BUILDKIT_HOST has to name a BuildKit' >&2; exit 2; }
	$(GO) test -tags e2e -count=1 ./internal/verify/...
	$(GO) test -tags e2e -count=1 -v -timeout 40m ./internal/e2e $(E2EFLAGS)

e2e-all: ## verify all of them
	@$(MAKE) --no-print-directory e2e E2EFLAGS='-args -registry'

update: ## fill the wanted diffs and reports of the cases; read the changes before you commit them
	$(GO) test ./transform -run '^TestCases$$' -update

$(GOLANGCI):
	$(call tool,github.com/golangci/golangci-lint/v2/cmd/golangci-lint,$(GOLANGCI_VERSION),golangci-lint)

$(GOVULNCHECK):
	$(call tool,golang.org/x/vuln/cmd/govulncheck,$(GOVULNCHECK_VERSION),govulncheck)

# tool PACKAGE,VERSION,NAME: a failed build leaves nothing behind.
define tool
	GOBIN='$(abspath $(BIN))/tmp' $(GO) install $(1)@$(2)
	mv '$(BIN)/tmp/$(3)' '$@'
endef

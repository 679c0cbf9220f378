# SPDX-License-Identifier: Apache-2.0
# What one does with this project. Assumes make and a package manager, nothing else; `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

DEMO_CAPTURE := build/demo-capture
BUILT := build/built
BENCH_BUILT := build/bench-built
RUNS := 3
SCALE := 1
MODULES := schemas bpf recorder analyzer
# Directories too, so that a file that went makes a difference.
SOURCES := pom.xml $(shell find $(MODULES) -path '*/target' -prune -o -path '*/src/test' -prune -o -print)
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
MAVEN = JAVA_HOME="$$(sh packaging/setup.sh jdk)" mvn -B -ntp -Dstyle.color=never

help: ## list the targets (what plain `make` does)
	@echo "usage: make TARGET"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | while IFS='|' read -r target text; do \
		printf '  %-13s %s\n' "$$target" "$$text"; \
	done

setup: ## install what is missing: JDK 17, Maven, clang, libbpf, bpftool (apt, dnf or zypper; root or sudo)
	@sh packaging/setup.sh

build: $(BUILT) ## compile everything, without tests

$(BUILT): $(SOURCES) | setup
	@mkdir -p build
	@echo "build: compiling (the first time Maven fetches libraries as well)"
	@$(MAVEN) -q -DskipTests package >build/build.log 2>&1 || { sed 's/\x1b\[[0-9;]*m//g' build/build.log; exit 1; }
	@sh packaging/archive.sh
	@touch $@

demo: build ## record 10 seconds of a demo workload, then print what happened (root or sudo)
	@rm -rf $(DEMO_CAPTURE)
	@$(SUDO) ./sys-inspector record --all -o $(DEMO_CAPTURE) -- sh examples/demo/demo.sh
	@echo
	@./sys-inspector analyze report $(DEMO_CAPTURE)

test: setup ## build and run every test; some record on the running kernel (root)
	@mkdir -p build
	@$(MAVEN) --fail-at-end verify 2>&1 | tee build/test.log | sed -u -E 's/\x1b\[[0-9;]*m//g; /^\[INFO\]/{/Tests run:|Running |BUILD |Reactor Summary|SUCCESS|FAILURE/!d}; /^$$/d'
	@sh packaging/archive.sh
	@touch $(BUILT)

bench: $(BENCH_BUILT) ## measure beside strace, perf and bpftrace, write bench/RESULTS.md (root or sudo; 25 minutes, less with RUNS=1 SCALE=0.1)
	@sh packaging/setup.sh bench
	@$(SUDO) env RUNS=$(RUNS) SCALE=$(SCALE) bench/bench.sh bench/RESULTS.md
	@$(MAKE) --no-print-directory bench-micro
	@awk -f bench/micro.awk build/micro.csv >>bench/RESULTS.md

$(BENCH_BUILT): $(BUILT) bench/pom.xml $(shell find bench/src)
	@$(MAVEN) -q -Pbench -pl bench -am -DskipTests package >build/bench.log 2>&1 || { cat build/bench.log; exit 1; }
	@sh packaging/archive.sh
	@touch $@

bench-huge: $(BUILT) ## record and roll a million files, half a million programs and the like, write bench/HUGE.md (root or sudo; 20 minutes, less with SCALE=0.1)
	@$(SUDO) env SCALE=$(SCALE) bench/huge.sh bench/HUGE.md

bench-micro: $(BENCH_BUILT) ## measure ring reader, segment writer and roller alone, by JMH
	@echo "bench: microbenchmarks"
	@"$$(sh packaging/setup.sh jdk)/bin/java" -cp 'bench/target/*:bench/target/lib/*' org.openjdk.jmh.Main -prof gc -tu us \
		-rf csv -rff build/micro.csv >build/micro.log || { tail -n 20 build/micro.log; exit 1; }
	@awk -f bench/micro.awk build/micro.csv

clean: ## remove everything that was built
	@rm -rf build $(addsuffix /target,$(MODULES) bench)

.PHONY: help setup build demo test bench bench-huge bench-micro clean

# SPDX-License-Identifier: Apache-2.0
# What the cost of a one-byte read or write and of the mix is made of, step by step, and what a row of Parquet. For bench.sh.
#
# Appends lines to the data: step NAME OPERATIONS SECONDS
#                            mixstep NAME ROUND SECONDS    with "nothing" first and last in a round
#                            parquet KIND BYTES LEAST
#                            parquet rows ROWS
# shellcheck shell=bash

steps="nothing hooks one_clock two_clocks no_latency all"
mix_steps="hooks all sys_inspector"
mix_rounds=8 # in each round of the others

# Prints the step $1 for people.
step_name() {
    case $1 in
        nothing) echo 'nothing' ;;
        hooks) echo 'both tracepoints, programs that do nothing' ;;
        one_clock) echo 'the same, and the clock read at the exit' ;;
        two_clocks) echo 'the same, and the clock read at the entry' ;;
        no_latency) echo 'the programs of record --no-latency: at the exit alone' ;;
        all) echo 'the programs of record' ;;
        sys_inspector) echo 'sys-inspector' ;;
    esac
}

# Runs the load with the programs of step $1.
under_step() {
    local floor=("${work:?}/floor" "$work/floor.bpf.o")
    case $1 in
        nothing) limited "${load[@]}" ;;
        hooks) limited "${floor[@]}" enter_empty,exit_empty "${load[@]}" ;;
        one_clock) limited "${floor[@]}" enter_empty,exit_clock "${load[@]}" ;;
        two_clocks) limited "${floor[@]}" enter_clock,exit_clock "${load[@]}" ;;
        no_latency) limited "${work:?}/reference" "${object:?}" out "${programs//si_sys_enter,/}" "${lifecycle_bytes:?}" "${names_bytes:?}" \
            "${io_bytes:?}" "${load[@]}" ;;
        all) limited "${work:?}/reference" "${object:?}" out "${programs:?}" "${lifecycle_bytes:?}" "${names_bytes:?}" "${io_bytes:?}" "${load[@]}" ;;
        sys_inspector) sys_inspector_run "${load[@]}" ;;
    esac
}

build_floor() {
    clang -g -O2 -target bpf -I"/usr/include/$(uname -m)-linux-gnu" -c "${here:?}/floor.bpf.c" -o "${work:?}/floor.bpf.o"
    "${compiler:?}" -O2 -Wall -Wextra -Werror "$here/floor.c" -o "$work/floor" -lbpf
}

# One round, the steps one after the other; the C reference carries the recorder's programs, so that they alone are compared.
measure_steps() {
    local step operations seconds
    for step in $steps; do
        new_cell
        set_load bytes "$(awk -v scale="${scale:?}" 'BEGIN { print int(2000000 * scale) }')"
        printf 'bench: round %s of %s: what the cost is made of: %s\n' "$1" "${runs:?}" "$step" >&2
        if ! under_step "$step" >log 2>&1 || [ ! -s result ]; then
            failed bytes reference "$step"
            continue
        fi
        read -r _ operations seconds _ <result
        echo "step $step $operations $seconds" >>"$work/data"
    done
}

# One run of the mix with the programs of step $1, in round $2.
measure_mix_step() {
    local seconds
    new_cell
    if ! under_step "$1" >log 2>&1 || [ ! -s result ]; then
        failed mix reference "$1"
        return 0
    fi
    read -r _ _ seconds _ <result
    echo "mixstep $1 $2 $seconds" >>"${work:?}/data"
}

# The mix takes a second, of which the machine gives and takes as much as a recorder does: many rounds, each with its own
# untraced runs.
measure_mix_steps() {
    local round step
    set_load mix "$(amount mix reference)"
    for round in $(seq "$(awk -v n="$((mix_rounds * runs))" -v scale="${scale:?}" 'BEGIN { n = int(n * scale); print (n < 2 ? 2 : n) }')"); do
        printf 'bench: round %s of the mix, step by step\n' "$round" >&2
        for step in nothing $mix_steps nothing; do
            measure_mix_step "$step" "$round"
        done
    done
}

# What the Parquet files of the mix are made of.
measure_parquet() {
    new_cell
    set_load mix "$(amount mix sys_inspector)"
    printf 'bench: what a row of Parquet is made of\n' >&2
    if ! sys_inspector_run "${load[@]}" >log 2>&1; then
        failed mix sys_inspector run
        return 0
    fi
    "${java:?}" -cp "${root:?}/bench/target/*:$root/bench/target/lib/*" org.sysinspector.bench.ParquetBytes out >>"$work/data" 2>log \
        || failed mix sys_inspector parquet
}

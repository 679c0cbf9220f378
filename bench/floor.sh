# SPDX-License-Identifier: Apache-2.0
# What the cost of a one-byte read or write under the recorder is made of, step by step. For bench.sh.
#
# Appends lines to the data: step NAME OPERATIONS SECONDS
# shellcheck shell=bash

steps="nothing hooks one_clock two_clocks no_latency all"

# Prints the step $1 for people.
step_name() {
    case $1 in
        nothing) echo 'nothing' ;;
        hooks) echo 'both tracepoints, programs that do nothing' ;;
        one_clock) echo 'the same, and the clock read at the exit' ;;
        two_clocks) echo 'the same, and the clock read at the entry' ;;
        no_latency) echo 'the programs of record --no-latency: at the exit alone' ;;
        all) echo 'the programs of record' ;;
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

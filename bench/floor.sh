# SPDX-License-Identifier: Apache-2.0
# What the cost of a one-byte read or write and of the mix is made of, step by step, and what a row of Parquet. For bench.sh.
#
# Appends lines to the data: step LOAD NAME ROUND OPERATIONS SECONDS CPU_SECONDS    with "nothing" before and after each
#                            parquet KIND BYTES LEAST
#                            parquet rows ROWS
# shellcheck shell=bash

byte_steps=(hooks one_clock two_clocks who file all sys_inspector no_latency)
mix_steps=(hooks all sys_inspector)
declare -A step_rounds=([bytes]=6 [mix]=8) # in each round of the others
byte_pairs=1000000

# Prints the step $1 for people.
step_name() {
    case $1 in
        nothing) echo 'nothing' ;;
        hooks) echo 'both tracepoints, programs that do nothing' ;;
        one_clock) echo 'the same, and the clock read at the exit' ;;
        two_clocks) echo 'the same, and the clock read at the entry' ;;
        who) echo 'the recorder at the entry; at the exit whose call it is and how long it took' ;;
        file) echo 'the same, and which file' ;;
        all) echo 'the programs of record: the same, and a record in the ring' ;;
        no_latency) echo 'the programs of record --no-latency: at the exit alone' ;;
        sys_inspector) echo 'sys-inspector' ;;
    esac
}

# Runs the load with the programs of step $1.
under_step() {
    local floor=("${work:?}/floor" "$work/floor.bpf.o") parts="$work/parts.bpf.o"
    case $1 in
        nothing) limited "${load[@]}" ;;
        hooks) limited "${floor[@]}" enter_empty,exit_empty "${load[@]}" ;;
        one_clock) limited "${floor[@]}" enter_empty,exit_clock "${load[@]}" ;;
        two_clocks) limited "${floor[@]}" enter_clock,exit_clock "${load[@]}" ;;
        who) under_reference "$parts" "${programs/si_sys_exit/si_exit_who}" ;;
        file) under_reference "$parts" "${programs/si_sys_exit/si_exit_file}" ;;
        all) under_reference "${object:?}" "${programs:?}" ;;
        sys_inspector) sys_inspector_run "${load[@]}" ;;
        no_latency) under_reference "$object" "${programs//si_sys_enter,/}" ;;
    esac
}

# Runs the load with programs $2 of object $1 under the C reference.
under_reference() {
    limited "$work/reference" "$1" out "$2" "${lifecycle_bytes:?}" "${names_bytes:?}" "${io_bytes:?}" "${load[@]}"
}

build_floor() {
    local include
    include=/usr/include/$(uname -m)-linux-gnu
    clang -g -O2 -target bpf "-I$include" -c "${here:?}/floor.bpf.c" -o "${work:?}/floor.bpf.o"
    clang -g -O2 -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 "-I${root:?}/bpf/include" "-I$root/schemas/target/generated-c" \
        -idirafter "$include" -c "$here/parts.bpf.c" -o "$work/parts.bpf.o"
    "${compiler:?}" -O2 -Wall -Wextra -Werror "$here/floor.c" -o "$work/floor" -lbpf
}

# One run of load $1 with the programs of step $2, in round $3.
measure_step() {
    local operations seconds cpu
    new_cell
    if ! under_step "$2" >log 2>&1 || [ ! -s result ]; then
        failed "$1" reference "$2"
        return 0
    fi
    read -r _ operations seconds cpu <result
    echo "step $1 $2 $3 $operations $seconds $cpu" >>"${work:?}/data"
}

# Load $1 of amount $2 under the steps that follow, in many short rounds, each step between untraced runs of its own: the machine gives
# and takes within seconds as much as a recorder does.
measure_steps() {
    local name=$1 round step
    set_load "$name" "$2"
    shift 2
    for round in $(seq "$(awk -v n="$((${step_rounds[$name]} * ${runs:?}))" -v scale="${scale:?}" 'BEGIN { n = int(n * scale); print (n < 2 ? 2 : n) }')"); do
        printf 'bench: round %s of what the cost of %s is made of\n' "$round" "$name" >&2
        measure_step "$name" nothing "$round"
        for step in "$@"; do
            measure_step "$name" "$step" "$round"
            measure_step "$name" nothing "$round"
        done
    done
}

measure_all_steps() {
    measure_steps bytes "$byte_pairs" "${byte_steps[@]}"
    measure_steps mix "$(amount mix reference)" "${mix_steps[@]}"
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

#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Side by side, in one run: what each tool costs and how much it keeps, on the same workloads. Prints tables and writes them.
#
# usage: bench.sh RESULTS.md     as root
#
#   RUNS=3      rounds; every figure is the median
#   SCALE=1     multiplies the work; 0.1 to try it out
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
runs=${RUNS:-3}
scale=${SCALE:-1}
began=$(date +%s)
ours_failed=no
object=$root/bpf/target/classes/org/sysinspector/bpf/core.bpf.o
tools="untraced reference sys_inspector no_roll strace perf_trace perf_record bpftrace"
workloads="idle bytes mix forks writers churn"
# shellcheck source=bench/tools.sh
. "$here/tools.sh"
# shellcheck source=bench/flood.sh
. "$here/flood.sh"
# shellcheck source=bench/floor.sh
. "$here/floor.sh"

fail() {
    printf 'bench: %s\n' "$1" >&2
    exit "${2:-1}"
}

# Removes what this run made; a tool that still runs ends by the signal that ended us, or with its load.
clean_up() {
    cd /
    rm -rf "$work"
    [ "$mounted" = no ] || umount /sys/kernel/tracing 2>/dev/null || true
}

# How much work: operations (pairs of them for bytes, processes for forks, files for mix), less for the slower tools.
amount() {
    local most=1
    case $1:$2 in
        bytes:strace) most=8000 ;;
        bytes:perf_trace) most=20000 ;;
        bytes:perf_record) most=400000 ;;
        bytes:bpftrace) most=60000 ;;
        bytes:*) most=4000000 ;;
        writers:strace) most=16000 ;;
        writers:perf_trace) most=40000 ;;
        writers:perf_record) most=800000 ;;
        writers:bpftrace) most=120000 ;;
        writers:*) most=8000000 ;;
        churn:strace) most=8000 ;;
        churn:perf_trace) most=20000 ;;
        churn:perf_record) most=200000 ;;
        churn:bpftrace) most=40000 ;;
        churn:*) most=400000 ;;
        forks:strace | forks:perf_trace | forks:bpftrace) most=500 ;;
        forks:*) most=2000 ;;
        mix:*) most=10 ;;
    esac
    awk -v most="$most" -v scale="$scale" 'BEGIN { n = int(most * scale); least = most < 4 ? most : 4; print (n < least ? least : n) }'
}

# Leaves the command of workload $1 of the amount $2 in the array load.
set_load() {
    case $1 in
        bytes) load=("$work/load" result run $((2 * $2)) dd if=/dev/zero of=/dev/null bs=1 "count=$2" status=none) ;;
        mix) load=("$work/load" result run "$mix_operations" sh "$work/mix.sh" mix "$compiler" "$2") ;;
        *) load=("$work/load" result "$1" "$2") ;;
    esac
}

# The operations kept that count for a workload, of the six figures of a tool.
relevant() {
    case $1 in
        idle) echo 1 ;;
        bytes | writers) echo "$2" ;;
        churn) echo "$4" ;;
        forks) echo $(($5 + $6 + $7)) ;;
        mix) echo $(($3 + $4 + $5)) ;;
    esac
}

# Waits for what earlier runs left for the disk, so that a tool does not pay for another.
new_cell() {
    cd "$work"
    rm -rf cell
    mkdir -p cell/mix
    cd cell
    sync -f .
}

# Says why tool $2 has no figures for workload $1.
failed() {
    printf 'bench: failed: tool=%s workload=%s step=%s; its last words:\n' "$2" "$1" "$3" >&2
    tail -n 5 log >&2
    case $2 in
        untraced | reference | sys_inspector | no_roll) ours_failed=yes ;;
    esac
}

# Runs tool $2 on workload $1 in round $3; appends a line to the data: workload, tool, operations, seconds, kept, bytes, CPU.
measure() {
    local counts operations seconds load_cpu pid bytes
    new_cell
    set_load "$1" "$(amount "$1" "$2")"
    printf 'bench: round %s of %s: %s under %s\n' "$3" "$runs" "$1" "$2" >&2
    TIMEFORMAT='%U %S'
    if ! { time "$2_run" "${load[@]}" >log 2>&1; } 2>cpu || [ ! -s result ]; then
        failed "$1" "$2" run
        return 0
    fi
    read -r pid operations seconds load_cpu <result
    if ! bytes=$("$2_bytes" 2>>log); then
        failed "$1" "$2" size
        return 0
    fi
    read -ra counts <<<"$("$2_count" "$pid" 2>>log)"
    if [ "${#counts[@]}" -ne 6 ]; then
        failed "$1" "$2" count
        return 0
    fi
    awk -v own="$load_cpu" -v line="$1 $2 $operations $seconds $(relevant "$1" "${counts[@]}") $bytes" \
        '{ print line, $1 + $2 - own }' cpu >>"$work/data"
}

# Prints the CPU time of the machine so far: in use, and in all, in ticks.
machine_ticks() {
    awk '$1 == "cpu" { for (i = 2; i <= 9; i++) all += $i; print all - $5 - $6, all; exit }' /proc/stat
}

# Prints the share of the machine's CPU time, in percent, that others have used since this run began.
used_by_others() {
    # Fields 14 to 17, after the name in brackets: the time of this shell and of all it waited for.
    sed 's/.*) //' "/proc/$$/stat" | awk -v before="$ticks_before" -v now="$(machine_ticks)" '{
        split(before, b, " ")
        split(now, n, " ")
        others = n[1] - b[1] - ($12 + $13 + $14 + $15)
        printf "%.0f", (others > 0 ? 100 * others / (n[2] - b[2]) : 0)
    }'
}

# Compiles the loads and the reference.
build() {
    local flags=(-O2 -Wall -Wextra -Werror)
    compiler=$(command -v gcc || command -v clang) || fail "no compiler: needed=gcc or clang; run: make setup"
    cp "$here/mix.sh" "$here/ops.bt" "$work"
    "$compiler" "${flags[@]}" "$here/load.c" -o "$work/load"
    "$compiler" "${flags[@]}" -I "$root/schemas/target/generated-c" "$here/count.c" -o "$work/count"
    "$compiler" "${flags[@]}" "$here/reference.c" -o "$work/reference" -lbpf
    build_floor
}

# Prints the bytes of a ring of class $1, from the manifest in $manifest.
ring_bytes() {
    printf '%s' "$manifest" | grep -o "\"class\":\"$1\",\"cpu\":-\{0,1\}[0-9]*,\"bytes\":[0-9]*" | head -n 1 | sed 's/.*://'
}

# Learns from a short recording what the recorder attaches and how large its rings are: the reference has the same.
learn_set_up() {
    new_cell
    set_load idle 1
    sys_inspector_run "${load[@]}" >log 2>&1 || fail "cannot record: $(tail -n 1 log)" 3
    manifest=$(tr -d ' \n' <out/manifest.json)
    programs=$(printf '%s' "$manifest" | grep -o '"name":"[a-z_]*","hook"' | cut -d '"' -f 4 | paste -sd ,)
    lifecycle_bytes=$(ring_bytes lifecycle)
    names_bytes=$(ring_bytes names)
    io_bytes=$(ring_bytes io)
}

# The operations of the mix, as strace counts them in a run of its own (it stops every call: none can be lost).
count_mix() {
    mix_operations=0
    has strace || return 0
    new_cell
    set_load mix "$(amount mix strace)"
    strace -f -c -e trace=read,write,open,openat,execve -o out "${load[@]}" >log 2>&1 || fail "cannot count: $(tail -n 1 log)"
    mix_operations=$(awk '$NF ~ /^(read|write|open|openat)$/ { n += $4 } $NF == "execve" { n += $4 - (NF == 6 ? $5 : 0) } END { print n }' out)
}

write_report() {
    local tool step
    cat <<END
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- What "make bench" measured last; written by it. -->
# Benchmark

    make bench RUNS=$runs SCALE=$scale

On $(date -u +%Y-%m-%dT%H:%MZ), in $(($(date +%s) - began)) s. Every figure is the median of $runs run(s), all of this one call; the flood, rolling
beside it and the recorder with nothing to do are one run each.
Operations kept are counted in each tool's own output, of the workload's processes alone; there can be that many as the workload
says it made, or, for the mix, as strace -c counts in a run of its own.

| machine | |
|---|---|
| kernel | $(uname -r) |
| CPUs | $(nproc) x $(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | head -n 1) |
| memory | $(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo) MiB |
| rings | $io_bytes bytes a CPU for io, $names_bytes for names, $lifecycle_bytes for lifecycle |
| CPU time used by others meanwhile | $others % |

END
    {
        for tool in $tools; do
            echo "name $tool $(name_of "$tool")"
            has "$tool" || echo "missing $tool"
        done
        for step in nothing "${byte_steps[@]}"; do
            echo "name $step $(step_name "$step")"
        done
    } | cat - "$work/data" | awk -v tools="$tools" -v byte_steps="${byte_steps[*]}" -v mix_steps="${mix_steps[*]}" -v others="$others" -v rounds="$runs" -f "$here/report.awk"
    printf '\n## Commands\n\n'
    for tool in $tools; do
        printf '    %s\n' "$(command_of "$tool")"
    done
}

if [ $# -lt 1 ]; then
    echo "usage: bench.sh RESULTS.md" >&2
    exit 2
fi
results=$(realpath "$1")
[ "$(id -u)" = 0 ] || fail "not root: uid=$(id -u); run: make bench" 3
java=$(sh "$root/packaging/setup.sh" jdk)/bin/java
[ -f "$object" ] || fail "not built yet: missing=$object; run: make build"
case $runs in
    "" | 0 | *[!0-9]*) fail "not a number of rounds: RUNS=$runs; give 1 or more" 2 ;;
esac
case $scale in
    "" | . | *[!0-9.]* | *.*.*) fail "not a factor: SCALE=$scale; give a number such as 0.1" 2 ;;
esac
limit_seconds=$(awk -v scale="$scale" 'BEGIN { print int(300 * (scale > 1 ? scale : 1)) }')
ticks_before=$(machine_ticks)
mounted=no
work=$(mktemp -d /var/tmp/sys-inspector-bench.XXXXXX)
trap clean_up EXIT
if [ ! -e /sys/kernel/tracing/events ]; then
    mount -t tracefs tracefs /sys/kernel/tracing && mounted=yes
fi
: >"$work/data"
mix_operations=0
build
learn_set_up
count_mix
for round in $(seq "$runs"); do
    for workload in $workloads; do
        for tool in $tools; do
            ! has "$tool" || measure "$workload" "$tool" "$round"
        done
    done
done
measure_all_steps
measure_parquet
measure_long_runs
cd "$work"
others=$(used_by_others)
write_report >report
cat report
cat report >"$results"
[ -z "${SUDO_UID:-}" ] || chown "$SUDO_UID:${SUDO_GID:-$SUDO_UID}" "$results"
[ "$ours_failed" = no ]

# SPDX-License-Identifier: Apache-2.0
# How the benchmark runs each tool, and how it counts what the tool kept, from the tool's own output. For bench.sh.
#
# For each tool:  NAME_run COMMAND...   runs it on the command, in the current directory
#                 NAME_bytes            prints the bytes of its output
#                 NAME_count PID        prints what it kept of the processes below PID (without itself): reads and writes
#                                       that returned 1, reads and writes, opens, successful execs, forks, exits
# shellcheck shell=bash

calls=read,write,open,openat,execve,clone,clone3,fork,vfork,exit_group

# Runs a tool, and ends it where it takes too long: its load is bounded and ends by itself.
limited() {
    timeout --foreground "${limit_seconds:?}" "$@" </dev/null
}

# Whether the tool is installed.
has() {
    case $1 in
        strace | bpftrace) command -v "$1" >/dev/null ;;
        perf_*) perf version >/dev/null 2>&1 ;; # Ubuntu's is there and fails where it is not made for the kernel
        *) ;;
    esac
}

name_of() {
    case $1 in
        reference) echo 'C reference' ;;
        sys_inspector) echo 'sys-inspector' ;;
        no_roll) echo 'sys-inspector --no-roll' ;;
        *) echo "${1//_/ }" ;;
    esac
}

# The command of a tool, as a user would give it; for the report.
command_of() {
    case $1 in
        untraced) echo COMMAND ;;
        reference) echo 'reference core.bpf.o OUT PROGRAMS RINGS COMMAND' ;;
        sys_inspector) echo 'sys-inspector record --all -o OUT -- COMMAND' ;;
        no_roll) echo 'sys-inspector record --all --no-roll -o OUT -- COMMAND' ;;
        strace) echo "strace -f -ttt -T -e trace=$calls -o OUT COMMAND" ;;
        perf_trace) echo "perf trace -e $calls -o OUT -- COMMAND" ;;
        perf_record) echo "perf record -m 4096 -e $(perf_events) -o OUT -- COMMAND" ;;
        bpftrace) echo 'BPFTRACE_PERF_RB_PAGES=4096 bpftrace -o OUT -c COMMAND bench/ops.bt' ;;
    esac
}

untraced_run() { limited "$@"; }
untraced_bytes() { echo 0; }
untraced_count() { echo 0 0 0 0 0 0; }

reference_run() { limited "${work:?}/reference" "${object:?}" out "${programs:?}" "${lifecycle_bytes:?}" "${names_bytes:?}" "${io_bytes:?}" "$@"; }
reference_bytes() { stat -c %s out; }
reference_count() { "${work:?}/count" out "$1"; }

sys_inspector_run() { limited "${root:?}/sys-inspector" record --all -o out -- "$@"; }
sys_inspector_bytes() { du -sb out | cut -f1; }
sys_inspector_count() {
    "${root:?}/sys-inspector" analyze sql out --format csv "
        WITH RECURSIVE
        tree AS (
            SELECT child_key AS k FROM fork WHERE parent_pid = $1 AND NOT is_thread
            UNION
            SELECT f.child_key FROM fork f JOIN tree ON f.parent_key = tree.k WHERE NOT f.is_thread
        ),
        operation AS (
            SELECT ops, bytes FROM io WHERE op IN ('read', 'write') AND proc_key IN (SELECT k FROM tree)
        )
        SELECT
            (SELECT coalesce(sum(ops), 0) FROM operation WHERE bytes = ops),
            (SELECT coalesce(sum(ops), 0) FROM operation),
            (SELECT count(*) FROM open WHERE proc_key IN (SELECT k FROM tree)),
            (SELECT count(*) FROM exec WHERE ret = 0 AND proc_key IN (SELECT k FROM tree)),
            (SELECT count(*) FROM fork WHERE NOT is_thread AND parent_key IN (SELECT k FROM tree)),
            (SELECT count(*) FROM exit WHERE proc_key IN (SELECT k FROM tree))" | tail -n 1 | tr , ' '
}

no_roll_run() { limited "${root:?}/sys-inspector" record --all --no-roll -o out -- "$@"; }
no_roll_bytes() { sys_inspector_bytes; }
no_roll_count() {
    "${root:?}/sys-inspector" roll out >&2
    sys_inspector_count "$1"
}

strace_run() { limited strace -f -ttt -T -e "trace=$calls" -o out "$@"; }
strace_bytes() { stat -c %s out; }
# A call that another thread interrupted has two lines: the second, "<... read resumed>", counts.
strace_count() {
    awk -v root="$1" '
        $1 == root || / <unfinished \.\.\.>$/ { next }
        $3 == "+++" { exits++; next }
        $3 == "---" { next }
        {
            name = $3 == "<..." ? $4 : substr($3, 1, index($3, "(") - 1)
            n = split($0, parts, " = ")
            ret = parts[n] + 0
            if (name == "read" || name == "write") { rw++; one += ret == 1 }
            else if (name == "open" || name == "openat") opens++
            else if (name == "execve") execs += ret == 0 && parts[n] ~ /^0/
            else if (name ~ /^(clone|clone3|fork|vfork)$/) forks += ret > 0
        }
        END { print one + 0, rw + 0, opens + 0, execs + 0, forks + 0, exits + 0 }' out
}

perf_trace_run() { limited perf trace -e "$calls" -o out -- "$@"; }
perf_trace_bytes() { stat -c %s out; }
perf_trace_count() {
    awk -v root="$1" '
        {
            sub(/^[^)]*\): */, "")
            pid = $1
            sub(/.*\//, "", pid)
            n = split($0, parts, / = /)
            if (pid == root || n < 2) next
            call = $2 == "..." ? $4 : $2
            name = substr(call, 1, index(call, "(") - 1)
            ret = parts[n] + 0
            if (name == "read" || name == "write") { rw++; one += ret == 1 }
            else if (name == "open" || name == "openat") opens++
            else if (name == "execve") execs += parts[n] ~ /^0/
            else if (name ~ /^(clone|clone3|fork|vfork)$/) forks += ret > 0
            else if (name == "exit_group") exits++
        }
        END { print one + 0, rw + 0, opens + 0, execs + 0, forks + 0, exits + 0 }' out
}

perf_events() {
    local call
    for call in read write open openat; do
        printf 'syscalls:sys_enter_%s,syscalls:sys_exit_%s,' "$call" "$call"
    done
    echo sched:sched_process_fork,sched:sched_process_exec,sched:sched_process_exit
}
perf_record_run() { limited perf record -q -m 4096 -e "$(perf_events)" -o out -- "$@"; }
perf_record_bytes() { stat -c %s out; }
# An operation is kept if its entry and its exit are. The result of a call and its process would take perf script, which
# needs minutes: so the few operations of the loader are counted too.
perf_record_count() {
    perf report -i out --stats 2>/dev/null | awk '
        / stats:$/ { event = $1; sub(/.*:/, "", event) }
        / SAMPLE events:/ { seen[event] = $3 }
        function kept(call) { return seen["sys_enter_" call] < seen["sys_exit_" call] ? seen["sys_enter_" call] : seen["sys_exit_" call] }
        END {
            rw = kept("read") + kept("write")
            print rw, rw, kept("open") + kept("openat"), seen["sched_process_exec"] + 0, seen["sched_process_fork"] + 0, seen["sched_process_exit"] + 0
        }'
}

bpftrace_run() { limited env BPFTRACE_PERF_RB_PAGES=4096 bpftrace -o out -c "$*" "${work:?}/ops.bt"; }
bpftrace_bytes() { stat -c %s out; }
# Twice over the file: the lines of different CPUs are not in order.
bpftrace_count() {
    awk -v root="$1" '
        BEGIN { member[root] = 1 }
        NR == FNR { if ($1 == "fork") parent[$3] = $2; next }
        function is_below(pid) {
            if (!(pid in member))
                member[pid] = pid in parent ? is_below(parent[pid]) : 0
            return member[pid]
        }
        $2 == root || !is_below($2) { next }
        $1 == "rw" { rw++; one += $3 == 1 }
        $1 == "open" { opens++ }
        $1 == "exec" { execs++ }
        $1 == "fork" { forks++ }
        $1 == "exit" { exits++ }
        END { print one + 0, rw + 0, opens + 0, execs + 0, forks + 0, exits + 0 }' out out
}

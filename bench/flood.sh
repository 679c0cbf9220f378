# SPDX-License-Identifier: Apache-2.0
# The benchmark's long runs: a flood at full rate, the roller beside one, and a recorder that has nothing to do. For bench.sh.
#
# Each appends lines to the data: flood TOOL OPERATIONS SECONDS KEPT CPU MEMORY
#                                 rolled LOAD EVENTS LOST ROWS ROWS_MEANWHILE CPU SECONDS
#                                 still PERCENT MEMORY ATTACHED EVENTS SECONDS
# with CPU in seconds, memory in bytes.
# shellcheck shell=bash

# Log that a second of flood makes, in MiB: more than any machine is known to.
flood_mib_a_second=250

# Prints the seconds of a flood of $1 at SCALE 1, less where the disk has no room for its log.
flood_seconds() {
    local free
    free=$(df -m --output=avail "${work:?}" | tail -n 1)
    awk -v most="$1" -v scale="${scale:?}" -v room="$((free / flood_mib_a_second))" \
        'BEGIN { n = int(most * scale); n = n < room ? n : room; print (n < 2 ? 2 : n) }'
}

# Prints the number of the key $1 in the manifest of capture out.
manifest_number() {
    tr -d ' \n' <out/manifest.json | grep -o "\"$1\":[0-9]*" | head -n 1 | sed 's/.*://'
}

# Prints how many events of ring class io were seen, recorded or lost, as $1 says, by the manifest of capture out.
io_count() {
    tr -d ' \n' <out/manifest.json | grep -o '"class":"io","seen":[0-9]*,"recorded":[0-9]*,"lost":[0-9]*' | head -n 1 \
        | sed "s/.*\"$1\":\([0-9]*\).*/\1/"
}

# Prints the rows in the tables of capture out so far.
rolled_rows() {
    cat out/manifest.json out/rolled.ndjson 2>/dev/null | tr -d ' \n' | grep -o '"rows":[0-9]*' | awk -F : '{ n += $2 } END { print n + 0 }'
}

# Prints the operations that tool $1 kept of the processes below PID $2; ours by its own count, as asking for them takes minutes.
flood_kept() {
    case $1 in
        untraced) echo 0 ;;
        reference) "$1_count" "$2" | cut -d ' ' -f 1 ;;
        *) io_count recorded ;;
    esac
}

# Runs the flood of $2 seconds under tool $1.
measure_flood() {
    local operations seconds load_cpu pid kept memory=0
    new_cell
    printf 'bench: flood of %s s under %s\n' "$2" "$1" >&2
    TIMEFORMAT='%U %S'
    if ! { time "$1_run" "$work/load" result flood "$2" >log 2>&1; } 2>cpu || [ ! -s result ]; then
        failed flood "$1" run
        return 0
    fi
    read -r pid operations seconds load_cpu <result
    if ! kept=$(flood_kept "$1" "$pid" 2>>log); then
        failed flood "$1" count
        return 0
    fi
    [ ! -f out/manifest.json ] || memory=$(manifest_number max_rss_anon_bytes)
    awk -v own="$load_cpu" -v memory="$memory" -v line="flood $1 $operations $seconds $kept" \
        '{ print line, $1 + $2 - own, memory }' cpu >>"$work/data"
}

# Prints the CPU seconds of a process or, given /proc/PID/task/TID, of a thread.
cpu_seconds_of() {
    sed 's/.*) //' "$1/stat" 2>/dev/null | awk -v hz="$(getconf CLK_TCK)" '{ print ($12 + $13) / hz }'
}

# Prints the directory in /proc of thread $2 of process $1.
thread_of() {
    local task
    for task in "/proc/$1/task"/*; do
        [ "$(cat "$task/comm" 2>/dev/null)" != "$2" ] || echo "$task"
    done
}

# Records load $1, flood or single, of $2 seconds and rolls it meanwhile: what the roller gets done, by the CPU time of its thread alone.
measure_roller() {
    local pid thread now cpu=0 meanwhile=0 seconds
    new_cell
    printf 'bench: %s of %s s with rolling\n' "$1" "$2" >&2
    "${root:?}/sys-inspector" record --all -o out -- "$work/load" result "$1" "$2" >log 2>&1 &
    pid=$!
    thread=
    while [ -z "$thread" ] && kill -0 "$pid" 2>/dev/null; do
        sleep 0.1
        thread=$(thread_of "$pid" roller)
    done
    while now=$(cpu_seconds_of "$thread"); [ -n "$now" ]; do
        cpu=$now
        [ -s result ] || meanwhile=$(rolled_rows)
        sleep 0.2
    done
    if ! wait "$pid"; then
        failed "$1" sys_inspector run
        return 0
    fi
    seconds=$(cut -d ' ' -f 3 result)
    echo "rolled $1 $(io_count seen) $(io_count lost) $(rolled_rows) $meanwhile $cpu $seconds" >>"$work/data"
}

# Records the machine as it is for $1 seconds.
measure_still() {
    local pid before after
    new_cell
    printf 'bench: %s s of a recorder with nothing to do\n' "$1" >&2
    "${root:?}/sys-inspector" record --duration "$(($1 + 10))s" -o out >log 2>&1 &
    pid=$!
    sleep 6 # it starts, and its compilers come to rest
    before=$(cpu_seconds_of "/proc/$pid")
    sleep "$1"
    after=$(cpu_seconds_of "/proc/$pid")
    if ! wait "$pid"; then
        failed idle sys_inspector run
        return 0
    fi
    awk -v before="$before" -v after="$after" -v seconds="$1" -v memory="$(manifest_number max_rss_anon_bytes)" \
        -v attached="$(manifest_number attach_ns)" -v events="$(rolled_rows)" \
        'BEGIN { print "still", 100 * (after - before) / seconds, memory, attached / 1e9, events, seconds }' >>"$work/data"
}

measure_long_runs() {
    local seconds
    seconds=$(flood_seconds 60)
    measure_flood untraced "$(awk -v n="$seconds" 'BEGIN { print (n > 10 ? 10 : n) }')"
    measure_flood reference "$seconds"
    measure_flood no_roll "$seconds"
    measure_roller single "$(flood_seconds 20)"
    measure_roller flood "$(flood_seconds 20)"
    measure_still "$(awk -v scale="$scale" 'BEGIN { n = int(30 * scale); print (n < 10 ? 10 : n) }')"
}

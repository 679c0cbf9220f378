#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Captures that make a recorder remember much: is everything recorded and rolled, and in how much memory?
#
# usage: huge.sh RESULTS.md     as root
#
#   SCALE=1     multiplies the work: 1,000,000 files, 500,000 executions, 300,000 threads, 6,000 segments
#   ONLY=       one of these: files, execs, threads, segments
set -eu
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
inspector=$(dirname "$here")/sys-inspector
scale=${SCALE:-1}
only=${ONLY:-}
results=${1:?usage: huge.sh RESULTS.md}
work=$(mktemp -d /var/tmp/sys-inspector-huge.XXXXXX)
memory=/dev/shm/$(basename "$work")
most=0
clean_up() {
    rm -rf "$work" "$memory"
}
trap clean_up EXIT
${CC:-clang} -O2 -Wall -Wextra -pthread -o "$work/huge" "$here/huge.c"
${CC:-clang} -O2 -Wall -Wextra -static -nostdlib -o "$work/nothing" "$here/nothing.c"

scaled() {
    awk "BEGIN { printf \"%d\", $1 * $scale }"
}

# The number behind "$1" in the manifest.
manifest() {
    grep -o "\"$1\" *: *[0-9]*" "$work/capture/manifest.json" | head -n 1 | grep -o '[0-9]*$'
}

ask() {
    "$inspector" analyze sql --format csv "$work/capture" "$1" | tail -n 1
}

# $1 name  $2 how often  $3 what the capture must hold as often  the rest: options of record, --, the work
run() {
    local name=$1 count=$2 query=$3 began rows rss segments
    shift 3
    [ -z "$only" ] || [ "$only" = "$name" ] || return 0
    began=$(date +%s.%N)
    "$inspector" record -q -o "$work/capture" "$@"
    seconds=$(awk "BEGIN { printf \"%.0f\", $(date +%s.%N) - $began }")
    rows=$(ask "$query")
    [ "$rows" = "$count" ] || printf 'huge: %s made=%s found=%s\n' "$name" "$count" "$rows" >&2
    rss=$(($(manifest max_rss_anon_bytes) >> 20))
    segments=$(grep -o '"number" *:' "$work/capture/manifest.json" | wc -l)
    lost=$(ask 'SELECT coalesce(sum(lost), 0) FROM loss')
    "$inspector" verify "$work/capture" >"$work/verified" || { cat "$work/verified" >&2; exit 1; }
    printf '| %s | %s | %s | %s | %s | %s | %s MiB |\n' "$name" "$count" "$rows" "$lost" "$segments" "$seconds s" "$rss" | tee -a "$work/rows"
    rm -rf "$work/capture"
    [ "$rows" = "$count" ] && [ "$lost" = 0 ] && [ "$rss" -lt 150 ] || most=1
}

files=$(scaled 1000000)
execs=$(scaled 500000)
threads=$(scaled 300000)
segments=$(scaled 6000)
run files "$files" "SELECT count(*) FROM name_op WHERE op = 'unlink' AND ret = 0 AND proc_key IS NOT NULL" \
    -- "$work/huge" files "$files" "$memory"
run execs "$execs" "SELECT count(*) - 1 FROM exec WHERE ret = 0" -- "$work/huge" execs "$execs" "$work/nothing"
run threads "$threads" "SELECT count(*) FROM io WHERE op = 'write' AND bytes = 1 AND proc_key IS NOT NULL AND comm = 'huge'" \
    -- "$work/huge" threads "$threads"
# About every third pause ends a segment.
run segments "$((segments * 6000))" "SELECT count(*) FROM io WHERE op = 'write' AND bytes = 1 AND proc_key IS NOT NULL" \
    --segment-size 64KiB -- "$work/huge" pieces "$((segments * 3))"
{
    printf '<!-- SPDX-License-Identifier: Apache-2.0 -->\n<!-- What huge.sh printed: captures that make a recorder remember much. -->\n'
    printf '# Huge captures\n\n'
    printf '| work | made | rows of it | lost | segments | recorded and rolled in | most anonymous memory |\n|---|--:|--:|--:|--:|--:|--:|\n'
    cat "$work/rows"
} >"$results"
exit "$most"

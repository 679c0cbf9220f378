#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The demo workload, about 10 s: a build of many short processes, one child of which writes a burst; a pipeline; a copy; failures.
# Needs sh and coreutils (and sed). Works in a directory of its own below /var/tmp (on a disk, where fsync costs something).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d /var/tmp/sys-inspector-demo.XXXXXX)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
cd "$work"

sleep 1
echo "demo: building 300 small files"
sh "$here/build.sh" 300

echo "demo: a pipeline over what was built"
cat object/*.o | tr ' ' '\n' | sort | uniq -c | sort -rn | head -n 20 >frequent.txt
head -c 4194304 backup.db >program
sleep 0.5

echo "demo: a file copied"
mkdir release
cp program release/program
sleep 0.5

echo "demo: a tool and a few files that are not there"
for file in site.conf user.conf; do
    cat "$work/etc/$file" 2>/dev/null || true
done
sh -c ./no-such-linker 2>/dev/null || true
sleep 1

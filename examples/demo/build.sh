#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Part of the demo: "compiles" $1 small files, each in a shell of its own, and has a backup made half-way.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir source object
for number in $(seq "$1"); do
    echo "int value_$number = $number;" >"source/$number.c"
    sh -c "cat source/$number.c | sed s/int/long/ >object/$number.o && true" compile
    [ $((number % 10)) -ne 0 ] || sleep 0.15
    if [ "$number" -eq $(($1 / 2)) ]; then
        sleep 0.5
        sh "$here/backup.sh"
        sleep 0.5
    fi
done

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The everyday workload of the benchmark: compiles small files, packs the headers of the system, walks /usr.
#
# usage: mix.sh DIRECTORY COMPILER FILES     works in the directory, which exists, and leaves it empty
set -eu
cd "$1"
number=0
while [ "$number" -lt "$3" ]; do
    number=$((number + 1))
    printf '#include <stdio.h>\n#include <stdlib.h>\nint f%s(int x) { return printf("%%d", x) + rand(); }\n' "$number" >"$number.c"
    "$2" -O1 -c "$number.c" -o "$number.o"
done
tar -cf include.tar -C /usr/include .
find /usr -type f -size +100M >large.txt
rm -f ./*.c ./*.o include.tar large.txt

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Part of the demo: the burst. Writes 96 MiB as fast as it goes and waits until they are on the disk.
set -eu
echo "demo: a backup, in the middle of the build"
dd if=/dev/zero of=backup.db bs=64k count=1536 conv=fsync status=none

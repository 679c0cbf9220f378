#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the class-data archives with which the JVM starts faster: beside the jars, of the classes that real runs load.
#
# usage: archive.sh     after the build; where BPF cannot be loaded the recorder's archive holds less, and nothing fails
#
# An archive is of use to the JVM that made it and to these very jars; any other JVM leaves it aside.
set -u
home=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d) || exit 0
trap 'rm -rf "$work"' EXIT

# Runs the launcher with options for the JVM ($1), silently.
run() {
    options=$1
    shift
    SYS_INSPECTOR_OPTS="${SYS_INSPECTOR_OPTS:-} $options" "$home/sys-inspector" "$@" >/dev/null 2>&1
}

# Runs the launcher and adds the classes that it loads to $work/$module.classes.
train() {
    run "-XX:DumpLoadedClassList=$work/list" "$@"
    status=$?
    [ -f "$work/list" ] || return $status
    # Their numbers are those of one run, and what other loaders load cannot be archived.
    sed '/source:/d; s/ id: [0-9]*$//' "$work/list" >>"$work/$module.classes"
    rm -f "$work/list"
    return $status
}

# Makes the archive of $module; only a whole one that the JVM accepts gets its name: of one that was cut off the JVM dies.
archive() {
    target=$home/$module/target
    awk '!seen[$0]++' "$work/$module.classes" >"$work/classes"
    run "-Xshare:dump -XX:SharedClassListFile=$work/classes -XX:SharedArchiveFile=$work/archive" "$@" &&
        run "-Xshare:on -XX:SharedArchiveFile=$work/archive" "$@" &&
        cp "$work/archive" "$target/.archive" && sync "$target/.archive" &&
        mv -f "$target/.archive" "$target/$module-$version.jsa"
    rm -f "$target/.archive" "$work/archive"
}

rm -f "$home"/*/target/*.jsa
version=$(SYS_INSPECTOR_OPTS=-XshowSettings:properties "$home/sys-inspector" --version 2>&1 | sed -n 's/^ *java.version = //p')
module=recorder
if ! train record -q -o "$work/capture" --all -- true; then
    # No root or no BPF: what is ours is in the archive all the same.
    for jar in "$home/recorder/target"/recorder-*.jar "$home/recorder/target/lib"/schemas-*.jar; do
        "$(sh "$home/packaging/setup.sh" jdk)/bin/jar" tf "$jar" | sed -n 's/\.class$//p' >>"$work/$module.classes"
    done
fi
train verify -q "$work/capture"
archive --version
if [ -d "$work/capture/tables" ] && [ -d "$home/analyzer/target" ]; then
    module=analyzer
    train analyze report "$work/capture"
    archive analyze --version
fi
exit 0

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what building and recording need and what is not there yet. Never upgrades; says nothing if all is there.
#
# usage: setup.sh         installs what is missing (apt, dnf or zypper; as root or with sudo)
#        setup.sh bench   installs what the benchmarks compare with (strace, perf, bpftrace), as far as it can be had
#        setup.sh jdk     prints the home of the JDK that builds
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
log=$here/build/setup.log

fail() {
    printf 'setup: %s\n' "$1" >&2
    exit 3
}

# The major version of the JDK in directory $1, 0 if there is none. Reads a file: starting a JVM would cost more than all else.
jdk_version() {
    version=0
    if [ -x "$1/bin/javac" ] && [ -r "$1/release" ]; then
        version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    fi
    printf '%s' "${version:-0}"
}

# Prints the first JDK of version 17 or newer: JAVA_HOME, javac on the PATH, the places of the distributions.
find_jdk() {
    javac=$(command -v javac || true)
    [ -z "$javac" ] || javac=$(readlink -f "$javac")
    for home in "${JAVA_HOME:-}" "${javac%/bin/javac}" /usr/lib/jvm/* /usr/lib64/jvm/*; do
        if [ -n "$home" ] && [ "$(jdk_version "$home")" -ge 17 ]; then
            printf '%s\n' "$home"
            return 0
        fi
    done
    return 1
}

# True if a file matching one of the patterns is there.
any_file() {
    for file in "$@"; do
        [ ! -e "$file" ] || return 0
    done
    return 1
}

# What is missing, by the names used in package_of.
missing() {
    find_jdk >/dev/null || echo jdk
    command -v mvn >/dev/null || echo maven
    command -v clang >/dev/null || echo clang
    any_file /usr/include/stdio.h || echo libc-headers
    any_file /usr/include/asm/unistd.h /usr/include/*/asm/unistd.h || echo kernel-headers
    any_file /usr/include/bpf/bpf_helpers.h || echo libbpf-headers
    any_file /usr/lib/*/libbpf.so.[01] /usr/lib64/libbpf.so.[01] /usr/lib/libbpf.so.[01] || echo libbpf
    command -v bpftool >/dev/null || any_file /usr/sbin/bpftool /sbin/bpftool || echo bpftool
}

# The same of the tools that the benchmarks compare with.
missing_tools() {
    command -v strace >/dev/null || echo strace
    # Ubuntu's is there, and fails, where it is not made for the running kernel.
    perf version >/dev/null 2>&1 || echo perf
    command -v bpftrace >/dev/null || echo bpftrace
}

# Prints the first of the packages that the package manager knows.
first_known() {
    for package in "$@"; do
        case $manager in
            apt) known=$(apt-cache show "$package" 2>/dev/null || true) ;;
            dnf) known=$(dnf -q list --available "$package" 2>/dev/null || true) ;;
            zypper) known=$(zypper -nq search --match-exact "$package" 2>/dev/null || true) ;;
        esac
        if [ -n "$known" ]; then
            printf '%s\n' "$package"
            return 0
        fi
    done
    printf '%s\n' "$1"
}

# Prints the packages that bring what $1 names.
package_of() {
    case $manager:$1 in
        apt:jdk) first_known openjdk-17-jdk-headless openjdk-21-jdk-headless openjdk-25-jdk-headless default-jdk-headless ;;
        *:jdk) first_known java-17-openjdk-devel java-21-openjdk-devel java-25-openjdk-devel java-latest-openjdk-devel ;;
        *:maven | *:clang | *:strace | *:bpftrace) echo "$1" ;;
        apt:perf) first_known linux-perf linux-tools-generic ;;
        *:perf) echo perf ;;
        apt:libc-headers) echo libc6-dev ;;
        *:libc-headers) echo glibc-devel ;;
        apt:kernel-headers) echo linux-libc-dev ;;
        dnf:kernel-headers) echo kernel-headers ;;
        zypper:kernel-headers) echo linux-glibc-devel ;;
        apt:libbpf-headers) echo libbpf-dev ;;
        *:libbpf-headers) echo libbpf-devel ;;
        apt:libbpf) first_known libbpf1 libbpf0 ;;
        dnf:libbpf) echo libbpf ;;
        zypper:libbpf) echo libbpf1 ;;
        apt:bpftool)
            # Ubuntu ships it with the tools of its kernels.
            if [ "$(first_known bpftool linux-tools-common)" = bpftool ]; then
                echo bpftool
            else
                echo linux-tools-common linux-tools-generic
            fi
            ;;
        *:bpftool) echo bpftool ;;
    esac
}

# Runs a command as root.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# What is missing for $goal: all that building needs, or one tool.
missing_for_goal() {
    case $goal in
        "") missing ;;
        *) missing_tools | sed -n "/^$goal\$/p" ;;
    esac
}

goal=${1:-}
case $goal in
    jdk)
        find_jdk || fail "no JDK found: needed>=17; run: make setup"
        exit 0
        ;;
    bench)
        # One at a time: where one cannot be had, the others still can.
        for tool in $(missing_tools); do
            sh "$0" "$tool" || echo "setup: going on without $tool"
        done
        exit 0
        ;;
esac
[ "$(uname -sm)" = "Linux x86_64" ] || fail "cannot record on this machine: system=\"$(uname -sm)\" needed=\"Linux x86_64\""
wanted=$(missing_for_goal)
[ -n "$wanted" ] || exit 0

if command -v apt-get >/dev/null; then
    manager=apt
elif command -v dnf >/dev/null; then
    manager=dnf
elif command -v zypper >/dev/null; then
    manager=zypper
else
    fail "no package manager that is known here: known=apt,dnf,zypper; install by hand: $(echo "$wanted" | tr '\n' ' ')"
fi
[ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "not root and no sudo: missing=$(echo "$wanted" | tr '\n' ,); run: make setup as root"

mkdir -p "$here/build"
: >"$log"
# A broken third-party source fails here; whether it matters, the installation tells.
[ $manager != apt ] || as_root apt-get -q update >>"$log" 2>&1 || true
packages=
for name in $wanted; do
    packages="$packages $(package_of "$name")"
done
echo "setup: installing$packages"
# The words of $packages are package names: no quotes.
set -f
set --
for package in $packages; do
    set -- "$@" "$package"
done
set +f
case $manager in
    apt) set -- env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends --no-upgrade "$@" ;;
    dnf) set -- dnf -q -y install "$@" ;;
    zypper) set -- zypper -nq install --no-recommends "$@" ;;
esac
as_root "$@" >>"$log" 2>&1 || status=$?
if [ "${status:-0}" != 0 ]; then
    tail -n 20 "$log" >&2
    fail "installation failed: manager=$manager status=$status log=$log"
fi
wanted=$(missing_for_goal)
[ -z "$wanted" ] || fail "still missing after the installation: $(echo "$wanted" | tr '\n' ' ')log=$log"

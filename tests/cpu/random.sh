#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# random.sh SEED COUNT [--pages]: random programs on our hart and on QEMU's, COUNT instructions of each extension; or
# COUNT accesses and privileged instructions under random page tables, modes and PMP entries.
#
# From the environment: BUILD (build).
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
command -v qemu-system-riscv64 >/dev/null ||
	{ echo "qemu-system-riscv64 is missing: install the package qemu-system-misc" >&2; exit 77; }
log=$("$BUILD/cpu-random" --seed "$1" --count "$2" ${3:+"$3"})
status=$?
[ $status -ne 0 ] && printf '%s\n' "$log" && exit $status
echo "note: $(printf '%s\n' "$log" | tail -n 1)"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh [can_fail]: QEMU's device and ours by the qtest protocol; can_fail: a falsified answer must be found.
#
# From the environment: BUILD (build), QTEST_DUT (model), QTEST_SEED (1), QTEST_RANDOM (2000 random sequences).
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
command -v qemu-system-riscv64 >/dev/null ||
	{ echo "qemu-system-riscv64 is missing: install the package qemu-system-misc" >&2; exit 77; }

qtest() { "$BUILD/qtest" --ringwalk "$BUILD/ringwalk" --dut "${QTEST_DUT:-model}" --seed "${QTEST_SEED:-1}" "$@"; }

if [ "${1:-}" != can_fail ]; then
	out=$(qtest --random "${QTEST_RANDOM:-2000}")
	status=$?
	printf '%s\nnote: %s\n' "$out" "$(printf '%s\n' "$out" | tail -n 1)"
	exit $status
fi

kinds=
# Each unmasked comparison of these sequences is falsified, and must be reported, with the command that repeats it:
# registers, rings, interrupts, memory and disk are all met.
for sequence in status/0 framing/1 $(qtest --list | grep -x packed.framing/1); do
	count=0
	while out=$(qtest --only $sequence --fake $count); status=$?; [ $status -ne 3 ]; do
		case $status$out in
		"1sequence $sequence, seed "*": QEMU "*", ours "*"again: "*" --seed "*" --only $sequence"*) kinds="$kinds $out" ;;
		*)
			printf '%s\n%s, status %s: comparison %s was falsified, and not found\n' "$out" $sequence $status $count
			exit 1
			;;
		esac
		count=$((count + 1))
	done
	echo "$sequence: $count comparisons falsified, each of them found"
done
for kind in 'interrupt lines' 'used len' 'memory at' 'disk at' 'chains given back' 'Status' 'InterruptStatus'; do
	case $kinds in
	*": $kind"*) ;;
	*) echo "no comparison of '$kind' was falsified" && exit 1 ;;
	esac
done

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bugs.sh NAME: tests/cpu/bugs/NAME.patch puts a deliberate fault into the hart, and the random comparison with QEMU must
# find it, and say how it is seen again. The first line of the patch says what the fault is. What begins with mmu_, pmp_ or
# priv_ is for random page tables and modes, the others are for random instructions.
#
# From the environment: BUILD (build), holding cpu-random and its objects. Exit status: 0 found, 1 not, 77 no QEMU.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
patch=tests/cpu/bugs/${1:-}.patch
[ -r "$patch" ] || { echo "usage: $0 NAME of tests/cpu/bugs/NAME.patch" >&2; exit 2; }
for tool in qemu-system-riscv64:qemu-system-misc patch:patch; do
	command -v "${tool%:*}" >/dev/null || { echo "${tool%:*} is missing: install the package ${tool#*:}" >&2; exit 77; }
done

work=$BUILD/cpu-bugs/$1
rm -rf "$work" && mkdir -p "$work" && cp -r sim "$work/sim" || exit 1
patch -s -p1 -F0 -d "$work" <"$patch" || { echo "note: the patch does not apply"; exit 1; }

# Of a source, it alone is compiled again; of what others include, all of the hart is.
files=$(sed -n 's,^+++ b/,,p' "$patch")
case $files in
*.c) ;;
*) files=$(cd "$work" && echo sim/cpu/*.c) ;;
esac
for file in $files; do
	gcc -std=c11 -D_GNU_SOURCE -O1 -I"$work/sim" -Imodel -c -o "$work/$(basename "$file" .c).o" "$work/$file" || exit 1
done
gcc -o "$work/cpu-random" "$BUILD"/obj/tests/cpu/*.o "$work"/*.o "$BUILD/libsim.a" || exit 1

case $1 in
mmu_* | pmp_* | priv_*) kind=--pages ;;
*) kind= ;;
esac
# shellcheck disable=SC2086
"$work/cpu-random" $kind --seed 1 --count 300000 >"$work/log" 2>&1
status=$?
what=$(head -n 1 "$patch")
if [ $status -ne 1 ] || ! grep -q '^again: ' "$work/log"; then
	cat "$work/log"
	echo "note: nobody sees it: $what"
	exit 1
fi
echo "note: $what: seen in $(sed -n 's/^seed [0-9]*, //p' "$work/log" | tail -n 1)"
rm -rf "$work"

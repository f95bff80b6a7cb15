#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# faults.sh NAME | none: a deliberate fault in the model, and exactly the rows of conformance that it breaks.
#
# faults/NAME.patch: its first line says what, the second `rows: ID ID ...` which rows must fail, the rest is a diff
# against model/. A copy of model/ gets it, is compiled, and takes the place of the model in the conformance program.
# `none` is the model as it is. Exit status: 0 just these rows fail, 1 others do or the patch does not apply.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
name=${1:-}
patch=tests/conformance/faults/$name.patch
[ "$name" = none ] || [ -r "$patch" ] || { echo "usage: $0 NAME of tests/conformance/faults/NAME.patch | none" >&2; exit 2; }
for tool in patch:patch gcc:gcc; do
	command -v "${tool%:*}" >/dev/null || { echo "${tool%:*} is missing: install the package ${tool#*:}" >&2; exit 77; }
done

work=$BUILD/faults/$name
rm -rf "$work" && mkdir -p "$work" && cp -r model "$work/model" || exit 1
expected='' what='the model as it is'
if [ "$name" != none ]; then
	what=$(head -n 1 "$patch")
	expected=$(sed -n '2s/^rows: *//p' "$patch" | tr ' ' '\n' | sort)
	[ -n "$expected" ] || { echo "note: the second line is not \`rows: ID ID ...\`"; exit 1; }
	patch -s -p1 -F0 -d "$work" <"$patch" || { echo "note: the patch does not apply"; exit 1; }
fi
gcc -std=c11 -D_GNU_SOURCE -Og -I"$work/model" -Isim -c -o "$work/vio.o" "$work/model/vio.c" || exit 1
# shellcheck disable=SC2046
gcc -o "$work/conformance" $(for c in tests/conformance/*.c; do echo "$BUILD/obj/${c%.c}.o"; done) "$work/vio.o" \
	"$BUILD/libsim.a" -Wl,--defsym=dut_open_rtl=0 -lelf -lz -latomic -lpthread || exit 1
timeout 120 "$work/conformance" --dut model >"$work/out.txt" 2>&1
status=$?
[ "$status" -le 1 ] || { tail -n 3 "$work/out.txt"; echo "note: the program ended with status $status"; exit 1; }
found=$(sed -n 's/^FAIL \([^ ]*\) .*/\1/p' "$work/out.txt" | sort)
if [ "$found" != "$expected" ]; then
	grep '^FAIL' "$work/out.txt"
	echo "expected: $(echo $expected)"
	echo "found:    $(echo $found)"
	echo "note: not just the named rows fail: $what"
	exit 1
fi
rm -rf "$work"
echo "note: $what: seen by $(echo ${found:-nobody})"

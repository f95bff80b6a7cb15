#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# restore.sh: the debugger finds a machine that -restore brought back, halted by -S, as it found the one that wrote the
# checkpoint: registers, memory, device. Breakpoints hold in it, and the rest of the run is the rest of the whole run.
# DUT names the device.
#
# Exit status 77 when gdb-multiarch is not there.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
. tests/gdb/common.sh
out=$BUILD/gdb/restore.$DUT
mkdir -p "$out" || exit 2
command -v gdb-multiarch >/dev/null || { echo "gdb-multiarch is missing: install the package gdb-multiarch" >&2; exit 77; }
fail() { echo "$1"; exit 1; }

# run NAME OPTION...: t_irq on NAME.img.
run() {
	name=$out/$1
	shift
	SIM_ARGS="--trace $name.log $*" run_sim t_irq "$name.img" rw >"$name.txt" 2>"$name.err"
}

# debugged NAME OPTION... -- GDB's OPTION...: the same halted, for GDB; what it saw between `state` and `end` is NAME.state.
debugged() {
	debugged=$1 options=
	shift
	while [ "$1" != -- ]; do options="$options $1" && shift; done
	shift
	rm -f "$out/socket"
	run "$debugged" -S -gdb "unix:$out/socket" "$options" &
	sim=$!
	gdb_at "$out/socket" t_irq "$@" >"$out/$debugged.said"
	wait $sim
	sed -n '/^state$/,/^end$/p' "$out/$debugged.said" >"$out/$debugged.state"
}

make_disk "$out/whole.img" 65536
cp "$out/whole.img" "$out/first.img"
run whole || fail "the run without a debugger does not pass"
# The clock behind the second request's header: its answer is on the way.
at=$(awk '$2 == "REQ" && ++n == 2 { print $1 + 5 }' "$out/whole.log")
debugged first --max-cycles "$at" --checkpoint "$out/first.ckpt" --checkpoint-at "$at" -- -ex continue -x tests/gdb/restore.gdb
cp "$out/first.img" "$out/rest.img"
debugged rest --restore "$out/first.ckpt" -- -x tests/gdb/restore.gdb -ex 'break irq_trap' -ex continue -ex backtrace -ex detach

grep -q "^clock $at, " "$out/first.state" && grep -qE '^pc +0x8' "$out/first.state" && grep -q '^end$' "$out/first.state" ||
	fail "the first run did not stop at clock $at: $(cat "$out/first.said")"
grep -q 'idx = 0x1, ' "$out/first.state" && grep -q '^    the device has 1 chains$' "$out/first.state" ||
	fail "the second request is not on its way in clock $at"
cmp "$out/first.state" "$out/rest.state" || { diff "$out/first.state" "$out/rest.state"; fail "another state"; }
grep -q '^Breakpoint 1, irq_trap' "$out/rest.said" && grep -q '^#1 .*trap_entry' "$out/rest.said" ||
	fail "no breakpoint in the restored run: $(cat "$out/rest.said")"
cat "$out/first.log" "$out/rest.log" | cmp - "$out/whole.log" || fail "the log is not the rest"
tail -c "$(wc -c <"$out/rest.txt")" "$out/whole.txt" | cmp - "$out/rest.txt" || fail "the text is not the rest"
cmp "$out/whole.img" "$out/rest.img" || fail "another image"

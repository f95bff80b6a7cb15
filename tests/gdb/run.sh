#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh SCRIPT [ELF]: gdb-multiarch runs SCRIPT.gdb on that firmware (t_irq), on the device that DUT names. The lines of
# SCRIPT.want are found in its output, in this order, as extended regular expressions. And the run is the one without a
# debugger: the same transcript, event log and clocks.
#
# Exit status 77 when gdb-multiarch is not there.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
. tests/gdb/common.sh
script=$1 elf=${2:-t_irq}
out=$BUILD/gdb/$script.$DUT
mkdir -p "$out" || exit 2
command -v gdb-multiarch >/dev/null || { echo "gdb-multiarch is missing: install the package gdb-multiarch" >&2; exit 77; }

make_disk "$out/disk.img" 65536
SIM_ARGS="--trace $out/plain.log" run_sim "$elf" "$out/disk.img" rw >"$out/plain.txt" 2>"$out/plain.err" ||
	{ cat "$out/plain.txt" "$out/plain.err"; exit 1; }
make_disk "$out/disk.img" 65536
SIM_ARGS="--trace $out/debugged.log -S -gdb unix:$out/socket" run_sim "$elf" "$out/disk.img" rw \
	>"$out/debugged.txt" 2>"$out/debugged.err" &
sim=$!
gdb_at "$out/socket" "$elf" -x "tests/gdb/$script.gdb" >"$out/said"
wait $sim
status=$?
[ $status -eq 0 ] || { echo "the simulator ended with $status"; cat "$out/debugged.err"; tail -n 20 "$out/said"; exit 1; }

# The wanted lines in order. Backwards they are not there: so the order is looked at.
wanted() {
	awk -v want="$1" '
		BEGIN { while ((getline line < want) > 0) wanted[n++] = line }
		at < n && $0 ~ wanted[at] { at++ }
		END { if (at < n) { print "not said, or not behind the line before it: " wanted[at]; exit 1 } }
	' "$out/said"
}
wanted "tests/gdb/$script.want" || { cat "$out/said"; exit 1; }
tac "tests/gdb/$script.want" >"$out/backwards"
wanted "$out/backwards" >/dev/null && { echo "any order will do"; exit 1; }
[ "$script.$DUT" != vio.lockstep ] || [ "$(grep -c '^  rtl: all of this is equal$' "$out/said")" -eq 3 ] ||
	{ echo 'model and rtl are not equal'; exit 1; }
cmp "$out/plain.log" "$out/debugged.log" && cmp "$out/plain.txt" "$out/debugged.txt"

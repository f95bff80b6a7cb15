#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# same_trace.sh: firmware leaves the same event log and the same count of clocks with idle clocks skipped and run.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
out=$BUILD/system/same_trace
mkdir -p "$out" || exit 2
for elf in t_irq t_errors t_regs t_two_disks; do
	[ $elf = t_two_disks ] && mode=two || mode=rw
	for way in skip run; do
		make_disks "$out/disk.img" 65536 $mode
		SIM_ARGS="--trace $out/$elf.$way.log"
		[ $way = skip ] || SIM_ARGS="$SIM_ARGS --no-idle-skip"
		run_sim $elf "$out/disk.img" $mode >"$out/$elf.$way.txt" 2>"$out/err" || { cat "$out/err"; exit 1; }
	done
	cmp "$out/$elf.skip.log" "$out/$elf.run.log" && cmp "$out/$elf.skip.txt" "$out/$elf.run.txt" || exit 1
	[ "$(wc -l <"$out/$elf.skip.log")" -gt 100 ] || { echo "$elf: hardly a log"; exit 1; }
done

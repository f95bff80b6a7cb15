#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# dtb.sh: what the machine's device tree says of its parts, QEMU's says too: every property of every node, but for those
# that are listed here with their reason.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
for tool in qemu-system-riscv64:qemu-system-misc fdtget:device-tree-compiler; do
	command -v "${tool%:*}" >/dev/null || { echo "dtb.sh: install the package ${tool#*:}" >&2; exit 77; }
done
out=$BUILD/system/dtb
mkdir -p "$out" || exit 2

# riscv,isa: the harts differ. riscv,ndev: the PLICs differ. rng-seed: QEMU's is random.
differ='riscv,isa|riscv,ndev|rng-seed'

# nodes FILE PATH: the paths of all nodes.
nodes() {
	echo "$2"
	fdtget -l "$1" "$2" | while read -r node; do nodes "$1" "${2%/}/$node"; done
}

# facts FILE: `PATH PROPERTY VALUE`, a line each.
facts() {
	nodes "$1" / | while read -r node; do
		fdtget -p "$1" "$node" | grep -vxE "$differ" | while read -r property; do
			echo "$node $property $(fdtget -t bx "$1" "$node" "$property" 2>/dev/null)"
		done
	done | sort
}

failed=0
for size in 128M 3G; do
	rm -f "$out/ours" "$out/qemu"
	"$SIM" -M virt,dumpdtb="$out/ours" -m $size || exit 1
	qemu-system-riscv64 -M virt,dumpdtb="$out/qemu" -m $size -bios none -nographic >/dev/null 2>&1 || exit 1
	facts "$out/ours" >"$out/ours.txt"
	facts "$out/qemu" >"$out/qemu.txt"
	comm -23 "$out/ours.txt" "$out/qemu.txt" >"$out/wrong"
	[ ! -s "$out/wrong" ] || { failed=1; echo "-m $size: not so on QEMU:"; cat "$out/wrong"; }
	[ "$(wc -l <"$out/ours.txt")" -gt 80 ] || { failed=1; echo "hardly a tree"; }
done
exit $failed

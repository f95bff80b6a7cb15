#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# wave.sh FIRMWARE: runs it in lockstep on a disk of 64 KiB and keeps the wave in build/waves/FIRMWARE.fst.
set -eu
cd "$(dirname "$0")/../.."
DUT=${DUT:-lockstep}
. tests/system/common.sh
[ -r "$ELF_DIR/$1.elf" ] || { echo "wave.sh: no firmware $ELF_DIR/$1.elf" >&2; exit 2; }
out=$BUILD/waves
mkdir -p "$out"
make_disk "$out/$1.img" 65536
SIM_ARGS="--wave $out/$1.fst"
run_sim "$1" "$out/$1.img" rw >"$out/$1.txt" || { cat "$out/$1.txt"; exit 1; }
echo "$out/$1.fst: $(wc -c <"$out/$1.fst") bytes"

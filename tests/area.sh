#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# area.sh: how large the device is on an FPGA, as Yosys counts: a small and a full configuration, on Xilinx 7 and iCE40.
#
# Prints a table for the README, and writes it to $BUILD/area.json. Yosys runs once for each row, as many at a time as
# there are processors (JOBS). What each said is in $BUILD/area/. LUT memory is counted in cells of 32 or 64 entries.
# Exit status: 77 when Yosys is not there, 1 when a synthesis fails.
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build}
command -v yosys >/dev/null || { echo "area: yosys is missing: install the package yosys" >&2; exit 77; }

# The small one keeps what a driver cannot do without: VERSION_1, FLUSH and the block size.
small() {
	echo -DVIO_QUEUES=1 -DVIO_QUEUE_NUM_MAX=16 -DVIO_SLOTS=2 -DVIO_SEGS=4 -DVIO_FIFO_MAX=16 -DVIO_BURST_BEATS=16
	sed -n 's/^FEATURE(\([A-Z0-9_]*\), .*/-DVIO_HAS_\1=0/p' model/def/features.def |
		grep -v -e VERSION_1 -e BLK_FLUSH -e BLK_BLK_SIZE
}

# --one CONFIGURATION.FAMILY: its statistics before and after mapping.
if [ "${1:-}" = --one ]; then
	name=$2 defines=
	case $name in small.*) defines=$(small | tr '\n' ' ') ;; esac
	case $name in
	*.xilinx) synth='synth_xilinx -family xc7 -flatten -noiopad -noclkbuf -top vio' ;;
	*.ice40) synth='synth_ice40 -top vio' ;;
	esac
	echo "  yosys $name" >&2
	yosys -p "read_verilog $defines -Irtl -Irtl/gen $(echo rtl/*.v)
		$synth -run begin:coarse
		tee -q -o $BUILD/area/$name.memory stat
		$synth -run coarse:
		tee -q -o $BUILD/area/$name.cells stat" >"$BUILD/area/$name.log" 2>&1 ||
		{ echo "area: $name failed: $BUILD/area/$name.log" >&2; exit 255; }
	echo "  yosys $name: done" >&2
	exit 0
fi

mkdir -p "$BUILD/area"
printf '%s\n' full.xilinx full.ice40 small.xilinx small.ice40 | xargs -n 1 -P "${JOBS:-$(nproc)}" "$0" --one || exit 1

# The cells of a row as `LUTs FFs carry MUX LUTRAM BRAM DSP total`. With -flatten, stat speaks of one module.
cells() {
	awk '
	$1 == "===" { delete n; total = 0 }
	NF == 2 && $2 ~ /^[0-9]+$/ { n[$1] = $2 }
	/Number of cells:/ { total = $4 }
	END {
		for (c in n) {
			if (c ~ /^(LUT[1-6]|SB_LUT4|INV)$/) lut += n[c]
			else if (c ~ /^(FD[RSCP]E|SB_DFF)/) ff += n[c]
			else if (c ~ /^(CARRY4|SB_CARRY)$/) carry += n[c]
			else if (c ~ /^MUXF/) mux += n[c]
			else if (c ~ /^RAM[0-9]/) lutram += n[c]
			else if (c ~ /^(RAMB|SB_RAM)/) bram += n[c]
			else if (c ~ /^(DSP|SB_MAC)/) dsp += n[c]
		}
		print lut + 0, ff + 0, carry + 0, mux + 0, lutram + 0, bram + 0, dsp + 0, total
	}' "$1"
}

json=$BUILD/area.json
printf '[' >"$json"
comma=
echo '| configuration | family | LUT | FF | carry | MUX | LUT RAM | block RAM | DSP | cells | memory bits before mapping |'
echo '|---|---|---|---|---|---|---|---|---|---|---|'
for config in small full; do
	for family in xilinx ice40; do
		name=$config.$family
		# shellcheck disable=SC2046
		set -- $(cells "$BUILD/area/$name.cells") \
			"$(awk '/Number of memory bits:/ { bits = $5 } END { print bits + 0 }' "$BUILD/area/$name.memory")"
		echo "| $config | $family | $1 | $2 | $3 | $4 | $5 | $6 | $7 | $8 | $9 |"
		printf '%s\n{"configuration": "%s", "family": "%s", "lut": %s, "ff": %s, "carry": %s, "mux": %s, ' \
			"$comma" "$config" "$family" "$1" "$2" "$3" "$4" >>"$json"
		printf '"lutram": %s, "bram": %s, "dsp": %s, "cells": %s, "memory_bits": %s}' "$5" "$6" "$7" "$8" "$9" >>"$json"
		comma=,
	done
done
printf '\n]\n' >>"$json"

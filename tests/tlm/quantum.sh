#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# quantum.sh: the platform gives the same run at each quantum and in each mode of DMI: transcript, cycles, disk image and event
# log with its clocks. Approximately timed, the log and the cycles are those of `ringwalk --dut model` as well, byte for byte.
# Loosely timed, writes land up to a write latency earlier than there, which a hart that polls memory sees: the run's cycles
# differ by less than 1 %. From the environment: RUNS, firmware:bytes of disk:variant; PLATFORM, its program.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
out=$BUILD/tlm/quantum
mkdir -p "$out" || exit 2
export SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1
bad=0 runs=0

# run NAME DUT ARGS...: leaves NAME.txt, .img, .log
run() {
	name=$1 DUT=$2
	shift 2
	SIM_ARGS="$* --trace $out/$name.log"
	make_disk "$out/$name.img" "$bytes"
	run_sim "$elf" "$out/$name.img" rw "$variant" "$ours" >"$out/$name.raw" 2>"$out/$name.err" || { echo "$name: exit status $?"; bad=1; }
	sed 's/^[a-z-]*: \([0-9]* cycles,.*\)/\1/' "$out/$name.raw" >"$out/$name.txt"
	runs=$((runs + 1))
}

# same A B
same() {
	for kind in txt img log; do
		cmp -s "$out/$1.$kind" "$out/$2.$kind" || { echo "$elf: $1.$kind and $2.$kind differ"; bad=1; }
	done
}

cycles() { sed -n 's/^\([0-9]*\) cycles,.*/\1/p' "$out/$1.txt"; }

ours=-
for test in ${RUNS:-t_irq:65536:plain t_errors:1048576:packed t_status:65536:plain}; do
	elf=${test%%:*} bytes=${test#*:} variant=${test##*:}
	bytes=${bytes%:*}
	SIM=$BUILD/ringwalk run model model
	SIM=${PLATFORM:-$BUILD/platform}
	for style in tlm-lt tlm-at; do
		run "$style" "$style" --quantum 1us --dmi on
		for quantum in 1ns 1us 1ms; do
			for dmi in on off random; do
				run "$style.$quantum.$dmi" "$style" --quantum $quantum --dmi $dmi
				same "$style" "$style.$quantum.$dmi"
			done
		done
	done
	same tlm-at model
	cmp -s "$out/tlm-lt.img" "$out/model.img" || { echo "tlm-lt: another disk image"; bad=1; }
	lt=$(cycles tlm-lt) at=$(cycles tlm-at)
	[ $((lt * 100)) -lt $((at * 101)) ] && [ $((at * 100)) -lt $((lt * 101)) ] ||
		{ echo "$elf: $lt cycles loosely timed, $at approximately: more than 1 % apart"; bad=1; }
done
echo "note: $runs runs compared"
exit $bad

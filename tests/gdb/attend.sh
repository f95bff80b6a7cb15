#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# attend.sh WHAT: what a user may do with a run from outside: interrupt, profile, progress.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
. tests/gdb/common.sh
DUT=model
out=$BUILD/gdb/$1
mkdir -p "$out" || exit 2
fail() { echo "$1"; exit 1; }

# SIGNAL STATUS: a run that would take long ends in order.
interrupt() {
	rm -f "$out"/*
	truncate -s 256M "$out/disk.img"
	"$SIM" -kernel "$ELF_DIR/t_sha256.elf" -drive "$(drive_args "$out/disk.img" ro)" -device virtio-blk-device,drive=d \
		--trace "$out/log" --stats "$out/stats" --wave "$out/fst" --profile "$out/profile" \
		>"$out/txt" 2>"$out/err" </dev/null &
	sim=$!
	wait_until [ -s "$out/log" ]
	kill -s "$1" $sim
	wait $sim
	status=$?
	[ $status -eq "$2" ] || fail "$1: status $status"
	cycles=$(sed -n 's/^interrupted at cycle \([0-9]*\)$/\1/p' "$out/txt")
	[ -n "$cycles" ] || fail "$1: $(cat "$out/txt")"
	grep -qE '^pc 0x[0-9a-f]+ in [a-z]' "$out/txt" || fail "$1: no pc"
	grep -q "^model: $cycles cycles, " "$out/txt" || fail "$1: no summary"
	grep -q '"end": "interrupted"' "$out/stats" && grep -q "\"cycles\": $cycles," "$out/stats" || fail "$1: stats"
	grep -q " $cycles 100.00  all\$" "$out/profile" || fail "$1: profile"
	[ "$(tail -c 1 "$out/log" | od -An -c | tr -d ' ')" = '\n' ] || fail "$1: the log ends in the middle of a line"
}

# The rows of each table add up to the run's clocks.
adds_up() {
	awk -v cycles="$2" '
		/^slot/ { device = 1; next }
		device && NF == 5 { devices++; if ($2 + $3 + $4 != cycles || $5 != cycles) bad = "a device has other clocks" }
		!device && $3 == "all" { all = $1 }
		!device && $1 + 0 > 0 && $3 != "all" { sum += $1; rows++ }
		END {
			if (all != cycles || sum != cycles) bad = "rows: " sum ", all: " all ", clocks: " cycles
			if (rows < 20 || devices != 1) bad = "rows are missing"
			if (bad) { print bad; exit 1 }
		}' "$1"
}

profile() {
	for way in plain profile run; do
		make_disk "$out/disk.img" 65536
		SIM_ARGS="--trace $out/$way.log"
		[ $way = plain ] || SIM_ARGS="$SIM_ARGS --profile $out/$way.profile"
		[ $way != run ] || SIM_ARGS="$SIM_ARGS --no-idle-skip"
		run_sim t_irq "$out/disk.img" rw >"$out/$way.txt" 2>"$out/err" || { cat "$out/err"; exit 1; }
	done
	cmp "$out/plain.log" "$out/profile.log" && cmp "$out/plain.txt" "$out/profile.txt" || fail 'a profile changes the run'
	cmp "$out/profile.profile" "$out/run.profile" || fail 'skipped clocks change the profile'
	cycles=$(sed -n 's/^model: \([0-9]*\) cycles.*/\1/p' "$out/plain.txt")
	adds_up "$out/profile.profile" "$cycles" || fail 'totals'
	grep -q '  virtq_take$' "$out/profile.profile" && grep -q '  \[asleep in WFI\]$' "$out/profile.profile" || fail 'rows'
	sed 's/^\( *\)[0-9]\([0-9]* .* virtq_take\)$/\19\2/' "$out/profile.profile" >"$out/wrong"
	adds_up "$out/wrong" "$cycles" >/dev/null && fail 'the sum is not looked at'
	true
}

progress() {
	make_disk "$out/disk.img" 1048576
	SIM_ARGS='' run_sim t_sha256 "$out/disk.img" ro >"$out/plain.txt" 2>"$out/plain.err"
	SIM_ARGS='--progress' run_sim t_sha256 "$out/disk.img" ro >"$out/quiet.txt" 2>"$out/quiet.err"
	cmp "$out/plain.txt" "$out/quiet.txt" || fail 'progress changes the run'
	grep -q simulated "$out/quiet.err" && fail 'progress where there is no terminal'
	truncate -s 256M "$out/disk.img"
	SIM_ARGS='--progress=plain' LIMIT=2.5 run_sim t_sha256 "$out/disk.img" ro >"$out/lines.txt" 2>"$out/lines.err"
	grep -qE '^ringwalk: [0-9]+\.[0-9]{6} s simulated, [0-9.]+ MIPS, [0-9]+ requests, [0-9.]+ MB$' "$out/lines.err" ||
		fail "no lines: $(cat "$out/lines.err")"
	rm -f "$out/disk.img"
}

case $1 in
interrupt)
	interrupt INT 130
	interrupt TERM 143
	rm -f "$out/disk.img"
	;;
profile) profile ;;
progress) progress ;;
*) echo "usage: $0 interrupt | profile | progress" >&2 && exit 2 ;;
esac

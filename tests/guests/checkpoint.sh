#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# checkpoint.sh: Linux on the device that DUT names is stopped in the middle of its self-test, with requests under way and a
# write among them, and goes on from a checkpoint as if nothing had been: event log, UART, findings of --check and last
# disk image are those of the run that was not stopped, byte for byte.
#
# The clock is the first at which the most is under way, by the event log of the whole run. Exit status: 0, 1 if something
# differs, 77 if a tool is missing, 2 if the host fails.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/guests/common.sh
need_machine
[ -s "$guests/disk.img" ] && [ -s "$guests/initrd.cpio" ] || die "no guests in $guests: run make guests"
[ "$DUT" != qemu ] || die "checkpoint.sh: QEMU writes none"
out=$guests/checkpoint.$DUT
mkdir -p "$out" || die "cannot write $out"

# go NAME IMAGE OPTION...: the guest on a copy of IMAGE; NAME.img, NAME.log, NAME.txt, NAME.err.
go() {
	name=$out/$1
	cp --sparse=always "$2" "$name.img" || die "cannot write $name.img"
	shift 2
	SIM_ARGS="--disk-latency 2000 --trace $name.log $*"
	(linux_machine plain "$name.img") </dev/null >"$name.txt" 2>"$name.err"
}

# place: a clock, and how many chains and storage commands are under way in it.
place() {
	awk '
		at && $1 > at + 2 && write && chains + commands > most {
			most = chains + commands; place = at + 1 " " chains " " commands
		}
		{ at = $1 }
		$2 == "HEAD" { chains++ }
		$2 == "USED" && $4 != "idx" { chains-- }
		$2 == "CMD" { commands++; write = $3 ~ /^WRITE/ }
		$2 == "RSP" { write = --commands && write }
		END { print place }' "$out/whole.log"
}

checks() { grep '^check:' "$1"; }

# judge: says what of `first` and `rest` together is not the whole run.
judge() {
	cat "$out/first.log" "$out/rest.log" | cmp -s - "$out/whole.log" || echo "another event log"
	bytes=$(wc -c <"$out/rest.txt")
	before=$(($(wc -c <"$out/whole.txt") - bytes))
	[ "$bytes" -gt 500 ] && tail -c "$bytes" "$out/whole.txt" | cmp -s - "$out/rest.txt" || echo "another text"
	[ $before -gt 0 ] && cmp -s -n $before "$out/first.txt" "$out/whole.txt" || echo "another text before the checkpoint"
	checks "$out/whole.err" >"$out/all"
	checks "$out/rest.err" >"$out/behind"
	[ -s "$out/behind" ] && tail -n "$(wc -l <"$out/behind")" "$out/all" | cmp -s - "$out/behind" || echo "other findings"
	cmp -s "$out/rest.img" "$out/whole.img" || echo "another image"
}

# case_of NAME FILE WORDS: with a line more in FILE the judge says WORDS.
case_of() {
	cp --sparse=always "$2" "$out/kept"
	echo 'check: made up' >>"$2"
	if judge | grep -qx -- "$3"; then
		echo "  pass  linux.checkpoint.can_fail.$1"
	else
		echo "  FAIL  linux.checkpoint.can_fail.$1: the judge did not say: $3"
		failed=1
	fi
	mv "$out/kept" "$2"
}

start=$(date +%s%N)
failed=0
go whole "$guests/disk.img"
ended "$out/whole.txt" $? >"$out/wrong"
grep -q '^selftest: [0-9]* ok, 0 failed' "$out/whole.txt" || echo "the self-test does not pass" >>"$out/wrong"
read -r at chains commands <<END
$(place)
END
[ "${chains:-0}" -ge 4 ] && [ "$commands" -ge 2 ] ||
	echo "at most ${chains:-0} requests and ${commands:-0} commands are under way in a clock" >>"$out/wrong"
if [ ! -s "$out/wrong" ]; then
	go first "$guests/disk.img" --max-cycles "$at" --checkpoint "$out/first.ckpt" --checkpoint-at "$at"
	cmp -s "$out/first.img" "$guests/disk.img" && echo "nothing was written before the checkpoint" >>"$out/wrong"
	go rest "$out/first.img" --restore "$out/first.ckpt"
	judge >>"$out/wrong"
fi
tenths=$((($(date +%s%N) - start) / 100000000))
if [ -s "$out/wrong" ]; then
	echo "  FAIL  linux.checkpoint.$DUT"
	sed 's/^/    /' "$out/wrong"
	echo "    repeat: DUT=$DUT tests/guests/checkpoint.sh; its files are in $out"
	exit 1
fi
echo "  pass  linux.checkpoint.$DUT: $chains requests and $commands commands under way at clock $at, $((tenths / 10)).$((tenths % 10)) s"
case_of log "$out/rest.log" "another event log"
case_of text "$out/rest.txt" "another text"
case_of check "$out/rest.err" "other findings"
case_of image "$out/rest.img" "another image"
[ $failed -ne 0 ] || rm -rf "$out"
exit $failed

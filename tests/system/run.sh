#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: every firmware test on the simulator, with the device that DUT names (model, rtl or lockstep).
#
# A test passes if the finisher's code is 0, no check failed, and for t_sha256 if the digest is sha256sum's.
# Output goes to $BUILD/system/$OUT (default: the name of the device).
# Exit status: 0, or 1 if a test failed, or 2 if the simulator is not there.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh

[ -x "$SIM" ] || { echo "run.sh: no simulator at $SIM: run make first" >&2; exit 2; }
out=$BUILD/system/${OUT:-$DUT}
mkdir -p "$out" || exit 2

one() {
	name=$1 elf=$2 bytes=$3 mode=$4 variant=$5 properties=$6
	make_disks "$out/$name.img" "$bytes" "$mode"
	cp "$out/$name.img" "$out/$name.before"
	run_sim "$elf" "$out/$name.img" "$mode" "$variant" "$properties" >"$out/$name.txt" 2>"$out/$name.err"
	status=$?
	bad=0
	[ $status -eq 0 ] || { bad=1; echo "    exit status $status"; }
	[ $status -ne 77 ] || tail -n 2 "$out/$name.txt" | sed 's/^/    /'
	grep -E '^(\[ours\] )?FAIL' "$out/$name.txt" | sed 's/^/    /' | grep . && bad=1
	[ "$elf" != t_sha256 ] || check_digest "$out/$name.before" "$out/$name.txt" || bad=1
	if [ "$mode" = ro ] && ! cmp -s "$out/$name.before" "$out/$name.img"; then
		bad=1
		echo "    a read-only disk changed"
	fi
	[ $bad -eq 0 ] || { tail -n 5 "$out/$name.err" | sed 's/^/    /'; return 1; }
	rm -f "$out/$name.before" "$out/$name.img" "$out/$name.img.second"
}

our_tests >"$out/list"
passed=0 failed=0
while read -r name elf bytes mode variant ours _; do
	if report=$(one "$name" "$elf" "$bytes" "$mode" "$variant" "$ours"); then
		passed=$((passed + 1))
		echo "  pass  $name ($DUT)"
	else
		failed=$((failed + 1))
		echo "  FAIL  $name ($DUT)"
		echo "$report"
		echo "    repeat: DUT=$DUT TESTS=$name tests/system/run.sh; output in $out/$name.txt"
	fi
done <"$out/list"
echo "system tests on $DUT: $passed passed, $failed failed"
[ "$failed" -eq 0 ]

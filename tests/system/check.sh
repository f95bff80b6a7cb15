#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check.sh: the driver monitor, --check, on every firmware test.
#
# Per test: the run is the same with and without it (transcript, event log, counts), and it finds just the rows that
# check_rules.txt gives. Then: --check=strict makes a status of the findings, clock by clock they are the same, and
# the rules agree with the table of rows. Output goes to $BUILD/system/check.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh

[ -x "$SIM" ] || { echo "check.sh: no simulator at $SIM: run make first" >&2; exit 2; }
out=$BUILD/system/check
mkdir -p "$out" || exit 2
passed=0 failed=0

# verdict NAME: passes if standard input is empty.
verdict() {
	report=$(cat)
	if [ -z "$report" ]; then
		passed=$((passed + 1))
		echo "  pass  check.$1"
	else
		failed=$((failed + 1))
		echo "  FAIL  check.$1"
		printf '%s\n' "$report" | sed 's/^/    /'
	fi
}

# rows FILE: the rows that were found, one a line.
rows() {
	sed -n 's/^check: cycle [0-9]*: \(slot [0-9]: \)\{0,1\}\([A-Z]*-[0-9]*\) .*/\2/p' "$1" | sort -u
}

# expected RUN: the rows of check_rules.txt. A run is a test, and behind a dot a variant that is not plain.
expected() {
	awk -v run="$1" '{ n = split($1, runs, ","); for (i = 1; i <= n; i++) if (runs[i] == run) print $2 }' \
		tests/system/check_rules.txt | tr , '\n' | sort -u
}

# run NAME ELF BYTES MODE VARIANT PROPERTIES SUFFIX OPTION...: a run on a fresh disk; NAME.SUFFIX.* is what came of it.
run() {
	base=$out/$1.$7 elf=$2 bytes=$3 mode=$4 variant=$5 properties=$6
	shift 7
	make_disks "$base.img" "$bytes" "$mode"
	SIM_ARGS="$* -trace $base.log -stats $base.json" run_sim "$elf" "$base.img" "$mode" "$variant" "$properties" >"$base.txt" 2>"$base.err"
	status=$?
	rm -f "$base.img" "$base.img.second"
	return $status
}

one() {
	run "$1" "$2" "$3" "$4" "$5" "$6" off || echo "exit status $? without --check"
	run "$1" "$2" "$3" "$4" "$5" "$6" on --check || echo "exit status $? with --check"
	for part in txt log json; do
		cmp "$out/$1.off.$part" "$out/$1.on.$part" 2>&1
		rm -f "$out/$1.off.$part"
	done
	rm -f "$out/$1.on.log"
	grep -q '^check: \(slot [0-9]: \)\{0,1\}[0-9]* findings, [0-9]* rules watched$' "$out/$1.on.err" || echo "no summary in $out/$1.on.err"
	rows "$out/$1.on.err" >"$out/$1.found"
	expected "$2$([ "$5" = plain ] || echo ".$5")" >"$out/$1.expected"
	expected '*' >"$out/anywhere"
	grep -vxF -f "$out/anywhere" "$out/$1.found" | comm -23 - "$out/$1.expected" | sed "s|\$| was found, see $out/$1.on.err|"
	comm -13 "$out/$1.found" "$out/$1.expected" | sed 's/$/ was not found/'
}

strict() {
	run t_sha256 t_sha256 65536 ro plain - strict --check=strict || echo "t_sha256: exit status $?"
	run t_framing t_framing 1048576 rw plain - strict --check=strict || echo "t_framing broke no MUST: exit status $?"
	run t_status t_status 65536 rw plain - strict --check=strict
	[ $? -eq 1 ] || echo "t_status: exit status is not 1"
}

clocks() {
	for elf in t_errors t_regs; do
		run $elf $elf 1048576 rw plain - skip --check
		run $elf $elf 1048576 rw plain - clocks --check --no-idle-skip
		grep '^check' "$out/$elf.skip.err" >"$out/skip"
		grep '^check' "$out/$elf.clocks.err" | cmp "$out/skip" - 2>&1
	done
}

# Each rule has a row, with that section and level, and each row of the driver a rule, or a line in unwatched.tsv that
# says why not (order: not visible on one hart; inside: not visible at all; other: by another row). INIT-02 is a MAY for reads; the rule is its "must not write".
table() {
	awk -F '\t' '{ print $1 "|" $3 "|" $4 }' tests/conformance/rows.tsv >"$out/rows"
	sed -n 's/^RULE(\([A-Z]*\)_\([0-9]*\)[a-z_]*, *"\([^"]*\)", *\([A-Z]*\).*/\1-\2|\3|\4/p' sim/check/rules.def |
		sed 's/^INIT-02|3.1.1|MUST$/INIT-02|3.1.1|MAY/' >"$out/rules"
	[ "$(wc -l <"$out/rules")" -eq "$(grep -c '^RULE(' sim/check/rules.def)" ] || echo "rules.def: a line is not read"
	grep -vxF -f "$out/rows" "$out/rules" | sed 's/$/ is no row of rows.tsv/'
	cut -d '|' -f 1 "$out/rules" | sort -u >"$out/ruled"
	awk -F '\t' 'NR > 1 { print $1 }' tests/conformance/unwatched.tsv | sort >"$out/unwatched"
	awk -F '\t' '$7 == "driver" || $7 == "both" { print $1 }' tests/conformance/rows.tsv | sort >"$out/driver"
	sort -u "$out/ruled" "$out/unwatched" | comm -13 - "$out/driver" | sed 's/$/ has neither a rule nor a line in unwatched.tsv/'
	comm -12 "$out/ruled" "$out/unwatched" | sed 's/$/ has a rule and a line in unwatched.tsv/'
	comm -23 "$out/unwatched" "$out/driver" | sed 's/$/ of unwatched.tsv is no row of the driver/'
}

our_tests >"$out/list"
while read -r name elf bytes mode variant ours _; do
	one "$name" "$elf" "$bytes" "$mode" "$variant" "$ours" >"$out/report"
	verdict "$name" <"$out/report"
done <"$out/list"
for what in strict clocks table; do
	$what >"$out/report"
	verdict "$what" <"$out/report"
done
rm -f "$out"/*.log
echo "check: $passed passed, $failed failed"
[ "$failed" -eq 0 ]

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# qemu.sh: every firmware test on QEMU and, if it is built, on the simulator (DUT names the device). The UART
# transcripts must be equal line by line, but for the checks that qemu_skips.txt takes out with a reason.
#
# Exit status: 0, or 1 if a test failed, or 77 if there is no QEMU.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh

if ! command -v qemu-system-riscv64 >/dev/null; then
	echo "qemu.sh: install the package qemu-system-misc" >&2
	exit 77
fi
out=$BUILD/system/qemu
mkdir -p "$out" || exit 2
: >"$out/dropped"

skip_reason() { awk -F '\t' -v p="$1" '$1 == p { print $2 }' "$SKIPS"; }

# without_skips ELF: drops lines `[ours] ok|FAIL TEST.CHECK` that the list names, and carriage returns. Notes the
# entries that it used.
without_skips() {
	tr -d '\r' | awk -F '\t' -v elf="$1" -v used="$out/dropped" '
		FNR == NR { if (!/^#/) skip[$1] = 1; next }
		/^\[ours\] / {
			split($0, w, " "); check = w[3]; sub(/:$/, "", check)
			test = check; sub(/\..*/, "", test)
			if (skip[elf "/" check]) { print elf "/" check >>used; next }
			if (skip[elf "/" test]) { print elf "/" test >>used; next }
		}
		{ print }' "$SKIPS" -
}

# on MACHINE NAME ELF BYTES MODE VARIANT PROPERTIES: one run; leaves NAME.MACHINE.txt without skipped lines and without the simulator's
# closing lines. 0 if every check left held.
on() {
	raw=$out/$2.$1.raw
	make_disks "$out/$2.img" "$4" "$5"
	cp "$out/$2.img" "$out/$2.before"
	"run_$1" "$3" "$out/$2.img" "$5" "$6" "$7" >"$raw" 2>"$out/$2.$1.err"
	status=$?
	sed "/^$DUT: [0-9]* cycles, /d; /^$DUT: slot [0-9]: /d" "$raw" | without_skips "$3" >"$out/$2.$1.txt"
	bad=0
	grep 'FAIL' "$out/$2.$1.txt" | sed "s/^/    $1: /" | grep . && bad=1
	# A check that QEMU fails and the list takes out still makes the program end with 1.
	case $1.$status in
	*.0) status_ok=1 ;;
	qemu.1) status_ok=$(grep -c '^\[ours\] FAIL' "$raw") ;;
	*) status_ok=0 ;;
	esac
	if [ "$status_ok" -eq 0 ]; then
		bad=1
		echo "    $1: exit status $status"
		tail -n 3 "$out/$2.$1.err" | sed 's/^/    /'
	fi
	[ "$3" != t_sha256 ] || check_digest "$out/$2.before" "$out/$2.$1.txt" || bad=1
	rm -f "$out/$2.img" "$out/$2.img.second" "$out/$2.before"
	return $bad
}

# one NAME ELF BYTES MODE VARIANT OURS QEMUS
one() {
	ok=0
	on qemu "$1" "$2" "$3" "$4" "$5" "$7" || ok=1
	if [ -x "$SIM" ] && is_ours "$5"; then
		on sim "$1" "$2" "$3" "$4" "$5" "$6" || ok=1
		diff -u "$out/$1.qemu.txt" "$out/$1.sim.txt" >"$out/$1.diff" || ok=1
		sed 's/^/    /' "$out/$1.diff" | head -n 20
	fi
	return $ok
}

tests >"$out/list"
passed=0 failed=0 skipped=0
[ -x "$SIM" ] || echo "  note: no simulator at $SIM; QEMU alone"
while read -r name elf bytes mode variant ours qemu; do
	reason=$(skip_reason "$name")
	if [ -n "$reason" ]; then
		skipped=$((skipped + 1))
		echo "  skip  $name: $reason"
		echo "$name" >>"$out/dropped"
	elif report=$(one "$name" "$elf" "$bytes" "$mode" "$variant" "$ours" "$qemu"); then
		passed=$((passed + 1))
		echo "  pass  $name"
	else
		failed=$((failed + 1))
		echo "  FAIL  $name"
		echo "$report"
		echo "    repeat: DUT=$DUT TESTS=$name tests/system/qemu.sh; output in $out/$name.*"
	fi
done <"$out/list"
if [ -z "${TESTS:-}" ] && [ "$VARIANTS" = "$ALL_VARIANTS" ]; then
	grep -v '^#' "$SKIPS" | cut -f1 | while read -r entry; do
		grep -qx "$entry" "$out/dropped" || echo "  STALE $entry: in $SKIPS, but nothing prints it"
	done >"$out/stale"
	cat "$out/stale"
	[ ! -s "$out/stale" ] || failed=$((failed + $(wc -l <"$out/stale")))
fi
left_out=$(sort -u "$out/dropped" | grep -c /)
[ "$left_out" -eq 0 ] || echo "  $left_out parts of tests left out, each with its reason in $SKIPS"
if [ -x "$SIM" ]; then against=$DUT; else against="no simulator"; fi
echo "firmware, QEMU against $against: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]

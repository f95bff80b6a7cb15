#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# console.sh: what is typed reaches the guest from a file and a pipe; what it prints can end the run. The terminal is in
# terminal.sh.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
out=$BUILD/system/console
mkdir -p "$out" || exit 2
plain="$SIM -kernel $ELF_DIR/t_echo.elf -max-cycles 200000000"
echo="timeout 60 $plain"
failed=0

wrong() {
	failed=1
	echo "$*"
}

# told FILE BYTE...: the guest told just these.
told() {
	file=$1
	shift
	tr -d '\r' <"$file" | sed -n 's/^byte [0-9]* is 0x//p' | tr '\n' ' ' >"$out/got"
	[ "$(cat "$out/got")" = "$* " ] || wrong "$file: $(cat "$out/got"), want $*"
}

# From a file the run repeats to the clock, also clock by clock. More than the FIFO holds, so that the rest has to wait.
printf 'abcdefghijklmnopq' >"$out/typed"
all='61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71'
for way in skip again run; do
	option=
	[ $way != run ] || option=-no-idle-skip
	$echo $option <"$out/typed" >"$out/$way.txt" 2>"$out/err" || wrong "$way: exit status $?"
	# shellcheck disable=SC2086
	told "$out/$way.txt" $all
	cmp "$out/skip.txt" "$out/$way.txt" || failed=1
done

# A pipe may be slow, and nothing is lost; at its end a guest that waits is told so.
{ sleep 0.2; printf abc; sleep 0.2; printf deq; } | $echo >"$out/pipe.txt" 2>"$out/err" || wrong "pipe: exit status $?"
told "$out/pipe.txt" 61 62 63 64 65 71
printf abcde | $echo >"$out/end.txt" 2>"$out/err"
[ $? -eq 1 ] && grep -q 'waits for an interrupt that cannot come' "$out/end.txt" || wrong "end of input: status or reason"

# Lines that end the run.
$echo -stop-on-line 'is 0x63' <"$out/typed" >"$out/stop.txt" 2>"$out/err" || wrong "-stop-on-line: exit status $?"
told "$out/stop.txt" 61 62 63
$echo -fail-on-line 'is 0x63' <"$out/typed" >"$out/fail.txt" 2>"$out/err"
[ $? -eq 1 ] && grep -q '^guest: printed "is 0x63" in cycle' "$out/fail.txt" || wrong "-fail-on-line: status or line"
$echo -serial "file:$out/file.txt" -stop-on-line type <"$out/typed" >"$out/null.txt" 2>"$out/err" ||
	wrong "-serial file: exit status $?"
[ "$(cat "$out/file.txt")" = type ] || wrong "-serial file: $(cat "$out/file.txt")"
[ "$(wc -l <"$out/null.txt")" -eq 1 ] || wrong "-serial file: more than the summary on standard output"

exit $failed

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# terminal.sh: the user's terminal, which here is a pseudo-terminal of util-linux' script: it is raw while the simulator
# runs, and as it was afterwards, however the run ended. Every byte is the guest's but for Ctrl-A's, and Ctrl-A x quits
# also when the guest never reads.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
out=$BUILD/system/terminal
mkdir -p "$out" || exit 2
command -v script >/dev/null || { echo "terminal.sh: install the package bsdutils" >&2; exit 77; }
failed=0

wrong() {
	failed=1
	echo "$*"
}

# there FILE: waits for it, some seconds.
there() {
	tries=0
	while [ ! -e "$1" ] && [ $((tries += 1)) -lt 400 ]; do sleep 0.05; done
}

# What runs on the terminal: the simulator, and stty before, during and after. SIGNAL may be empty. The shell takes
# standard input from what runs beside it, but not the terminal.
cat >"$out/inner.sh" <<'END'
name=$1 signal=$2
shift 2
stty -a >"$name.before"
"$@" </dev/tty &
sim=$!
tries=0
while stty -a >"$name.now" && cmp -s "$name.before" "$name.now" && [ $((tries += 1)) -lt 100 ]; do sleep 0.05; done
mv "$name.now" "$name.during"
[ -z "$signal" ] || kill -s "$signal" $sim
wait $sim
echo $? >"$name.status"
stty -a >"$name.new"
mv "$name.new" "$name.after"
stty sane
END

# on_terminal NAME STATUS SIGNAL TEXT COMMAND...: the command with TEXT typed, once the terminal is raw; printf's escapes.
on_terminal() {
	name=$out/$1 status=$2 signal=$3 text=$4
	shift 4
	rm -f "$name".*
	{ there "$name.during"; printf "$text"; there "$name.after"; } |
		timeout 60 script -qec "sh $out/inner.sh $name '$signal' $*" /dev/null 2>&1 | tr -d '\r' >"$name.txt"
	[ "$(cat "$name.status")" = "$status" ] || wrong "${name##*/}: exit status $(cat "$name.status"), want $status"
	cmp "$name.before" "$name.after" || wrong "${name##*/}: the terminal is not as before"
}

# raw NAME: the terminal was.
raw() {
	for flag in -icanon -echo -isig -icrnl -ixon -iexten; do
		grep -qw -e "$flag" "$out/$1.during" || wrong "$1: no $flag while it ran"
		grep -qw -e "$flag" "$out/$1.before" && wrong "$1: $flag all the time"
	done
}

# Ctrl-C, Return, Ctrl-Z and Ctrl-D are bytes like others; Ctrl-A Ctrl-A is one Ctrl-A.
on_terminal echo 0 '' 'a\003\r\001\001\032\001hb\004\001x' "$SIM" -kernel "$ELF_DIR/t_echo.elf"
raw echo
got=$(sed -n 's/^byte [0-9]* is 0x//p' "$out/echo.txt" | tr '\n' ' ')
[ "$got" = '61 3 d 1 1a 62 4 ' ] || wrong "echo: the guest told $got"
grep -q '^Ctrl-A x' "$out/echo.txt" || wrong "Ctrl-A h: no help"

# A guest that reads nothing, clock by clock, so that it does not come to its end.
on_terminal loop 0 '' 'abcdefghijklmnopqrstuvwxyz\001x' "$SIM" -no-idle-skip -kernel "$ELF_DIR/t_loop.elf"
raw loop
grep -q checksum "$out/loop.txt" && wrong "loop: Ctrl-A x did not quit"
grep -q ': [0-9]* cycles$' "$out/loop.txt" || wrong "loop: no summary"

# Signals that the simulator answers in order, one that ends it at once, and an error of the user's.
for end in INT:130 TERM:143 HUP:129; do
	on_terminal "${end%:*}" "${end#*:}" "${end%:*}" '' "$SIM" -kernel "$ELF_DIR/t_echo.elf"
	raw "${end%:*}"
done
on_terminal error 2 '' '' "$SIM" -kernel "$ELF_DIR/t_echo.elf" -restore no/such
grep -q '^ringwalk: .*no/such' "$out/error.txt" || wrong "error: no message"
exit $failed

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# debian.sh: the kernel and initrd of Debian's installer on the device that DUT names, until the first question is on the
# terminal. Exit status as that of linux.sh.
#
# Its terminal is a vt102, whose escape sequences are taken out before the question is looked for.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/guests/common.sh

QUESTION='Select a language'
need_machine
[ -d "$root" ] || die "no guests in $guests: run make guests"
files=$(echo "$root"/usr/lib/debian-installer/images/*/riscv64/text/debian-installer/riscv64)
[ -r "$files/linux" ] || die "no installer in $root: remove it, then make guests again"
out=$guests/debian
log=$out/$DUT.log disk=$out/$DUT.img
mkdir -p "$out" || die "cannot write $out"

# plain: the text without escape sequences and character sets.
plain() { tr -d '\r\017' <"$1" | sed 's/\x1b\[[0-9;?]*[A-Za-z]//g; s/\x1b[()][0-9A-Z]//g; s/\x1b[=>]//g'; }

# Our machine stops by itself at the line; for QEMU it is this loop that looks.
stop_qemu() {
	while kill -0 "$1" 2>/dev/null; do
		if grep -q "$QUESTION" "$log.raw"; then
			kill "$1"
			return
		fi
		sleep 0.2
	done
}

verdict() {
	grep -q "$QUESTION" "$log" || echo "no '$QUESTION' on the terminal"
	[ "$DUT" = qemu ] || ended "$log" "$1"
	grep -E 'Kernel panic|Oops|BUG:|WARNING:' "$log" | sed 's/^/kernel: /' | head -n 5
	findings debian "$log"
}

truncate -s 64M "$disk" || die "cannot write $disk"
start=$(date +%s%N)
(
	[ "$DUT" = qemu ] || set -- --stop-on-line "$QUESTION"
	machine plain "$disk" -m 512 -bios "$opensbi" -kernel "$files/linux" -initrd "$files/initrd.gz" \
		-append "console=ttyS0 TERM=vt102" "$@"
) </dev/null >"$log.raw" 2>&1 &
guest=$!
[ "$DUT" != qemu ] || stop_qemu $guest
wait $guest
status=$?
tenths=$((($(date +%s%N) - start) / 100000000))
plain "$log.raw" >"$log"
rm -f "$disk" "$log.raw"
verdict $status >"$log.wrong"
if [ -s "$log.wrong" ]; then
	echo "  FAIL  debian.$DUT"
	sed 's/^/    /' "$log.wrong"
	echo "    repeat: make debian DUT=$DUT; the terminal's text is in $log"
	exit 1
fi
echo "  pass  debian.$DUT: '$QUESTION', $((tenths / 10)).$((tenths % 10)) s"

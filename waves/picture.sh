#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# picture.sh FILE.fst OUT.png [FROM_NS TO_NS]: the README's picture of a wave, taken without a screen.
#
# Without times it shows the first request that raises an interrupt: from its notify to the interrupt.
set -eu
[ $# -eq 2 ] || [ $# -eq 4 ] || { echo "usage: $0 FILE.fst OUT.png [FROM_NS TO_NS]" >&2; exit 2; }
[ -r "$1" ] || { echo "$0: cannot read $1" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
for tool in gtkwave fst2vcd xvfb-run; do
	command -v "$tool" >/dev/null ||
		{ echo "$0: $tool is missing: install the packages gtkwave, xvfb, xauth" >&2; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ $# -eq 4 ]; then
	from=$3 to=$4
else
	# The row of register events in VCD: "#time" lines, then "stext code"; blanks in the text are escaped.
	times=$(fst2vcd "$1" | awk '
		$1 == "$var" && $5 == "registers" { code = $4 }
		/^#/ { now = substr($0, 2) }
		code != "" && $NF == code && /NOTIFY/ { from = now }
		code != "" && $NF == code && /IRQ.*1/ && from != "" { print from, now; exit }')
	[ -n "$times" ] || { echo "$0: no request in $1 raises an interrupt" >&2; exit 1; }
	from=${times% *} to=${times#* }
	margin=$(((to - from) / 25))
	from=$((from - margin)) to=$((to + 2 * margin))
fi
cat >"$work/picture.tcl" <<TCL
gtkwave::setZoomRangeTimes $from $to
gtkwave::/File/Grab_To_File picture.png
exit
TCL
# A window that holds all rows that are not folded.
sed 's/^initial_window_y .*/initial_window_y 1170/' "$here/gtkwaverc" >"$work/gtkwaverc"
# The window's title shows the file's name, so that is given a plain one.
ln -s "$(realpath "$1")" "$work/ringwalk.fst"
(cd "$work" && timeout 60 xvfb-run -a -s '-screen 0 1720x1300x24' gtkwave -r gtkwaverc -f ringwalk.fst \
	-a "$here/device.gtkw" -S picture.tcl >log 2>&1) || { cat "$work/log" >&2; exit 1; }
[ -s "$work/picture.png" ] || { cat "$work/log" >&2; echo "$0: GTKWave took no picture" >&2; exit 1; }
cp "$work/picture.png" "$2"
echo "$2: $from ns to $to ns"

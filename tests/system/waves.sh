#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# waves.sh FILE.fst: every signal of every saved view is in the wave, as GTKWave itself sees it.
#
# A name that GTKWave does not find is left out of its list of shown signals without a word. The check proves itself
# first: it must miss made-up names.
set -eu
[ $# -eq 1 ] || { echo "usage: $0 FILE.fst" >&2; exit 2; }
[ -r "$1" ] || { echo "$0: cannot read $1" >&2; exit 2; }
root=$(dirname "$0")/../..
for tool in gtkwave xvfb-run; do
	command -v "$tool" >/dev/null ||
		{ echo "$0: $tool is missing: install the packages gtkwave, xvfb, xauth" >&2; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Signals that a view names, as GTKWave prints them: without the name in +{} that a row shows instead.
named() { sed -n '/^[^][@*(#-]/p' "$1" | sed 's/^+{[^}]*}//; s/^ *//' | sort -u; }

# Signals of view $1 that GTKWave shows on wave $2.
cat >"$work/list.tcl" <<'TCL'
foreach signal [gtkwave::getDisplayedSignals] { puts "SHOWN $signal" }
exit
TCL
shown() {
	timeout 60 xvfb-run -a -s '-screen 0 1600x1000x24' gtkwave -r "$root/waves/gtkwaverc" -f "$2" -a "$1" \
		-S "$work/list.tcl" 2>&1 | sed -n 's/^SHOWN //p' | sort -u
}

# Names of view $1 that wave $2 does not have, one a line.
missing() {
	named "$1" >"$work/named"
	shown "$1" "$2" >"$work/shown"
	comm -23 "$work/named" "$work/shown"
}

views=0
bad=0
for view in "$root"/waves/*.gtkw; do
	{ cat "$view"; printf '@28\nringwalk.model.no_such_pin\n+{fifo head} ringwalk.model.fifo.no_such_fifo\n'; } \
		>"$work/bogus.gtkw"
	if [ "$(missing "$work/bogus.gtkw" "$1" | grep -c '\.no_such_')" != 2 ]; then
		echo "$0: the check does not see a made-up name in $view" >&2
		exit 1
	fi
	if lost=$(missing "$view" "$1") && [ -n "$lost" ]; then
		printf '%s: not in the wave:\n%s\n' "$view" "$lost" >&2
		bad=1
	fi
	[ "$(wc -l <"$work/named")" -gt 20 ] || { echo "$view names hardly any signal" >&2; bad=1; }
	views=$((views + 1))
	echo "$(basename "$view"): $(wc -l <"$work/named") signals, all in the wave" | { [ $bad = 0 ] && cat || :; }
done
[ $views -gt 0 ] || { echo "$0: no views" >&2; exit 1; }
exit $bad

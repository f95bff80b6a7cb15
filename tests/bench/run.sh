#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh: `make bench`: the rows of the usual device and those of wider buses, which are builds of their own, together in
# $BUILD/bench.json. Exit status: 0 all bars are met, 1 one is missed, 2 a bench could not run.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
status=0
rm -f "$BUILD/bench.json"

# measure FOLDER OPTION...: its rows as FOLDER/rows.json
measure() {
	folder=$1
	shift
	"$folder/bench" --json "$folder/rows.json" "$@"
	code=$?
	[ $code -le $status ] || status=$code
	[ -s "$folder/rows.json" ] || exit 2
}

measure "$BUILD" --ringwalk "$BUILD/ringwalk" --firmware "$BUILD/firmware"
for width in 128 256; do
	measure "$BUILD/w$width"
done
SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1 "$BUILD/tlm/bench" "$BUILD/tlm/rows.json" "$BUILD/platform" "$BUILD/ringwalk" \
	"$BUILD/firmware/t_sha256.elf" "$BUILD/disk.img"
code=$?
[ $code -le $status ] || status=$code
[ -s "$BUILD/tlm/rows.json" ] || exit 2
# One list of all lists: each row is a line.
{
	echo '['
	cat "$BUILD/rows.json" "$BUILD/tlm/rows.json" "$BUILD"/w128/rows.json "$BUILD"/w256/rows.json | sed -n 's/^  {\(.*\)},*$/  {\1}/p' | sed '$!s/$/,/'
	echo ']'
} >"$BUILD/bench.json"
exit "$status"

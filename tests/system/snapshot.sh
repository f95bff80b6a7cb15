#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# snapshot.sh: with -snapshot the guest reads back what it writes, and the image is as it was, to the byte and to its time;
# without it the same run writes.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
out=$BUILD/system/snapshot
mkdir -p "$out" || exit 2
make_disk "$out/disk.img" 1048576
touch -d @1000000000 "$out/disk.img"
cp -p "$out/disk.img" "$out/before.img"
SIM_ARGS=-snapshot run_sim t_sha256 "$out/disk.img" rw >"$out/snapshot.txt" 2>"$out/err" || { cat "$out/err"; exit 1; }
cmp "$out/disk.img" "$out/before.img" || exit 1
[ "$(stat -c %Y "$out/disk.img")" = 1000000000 ] || { echo "the image's time changed"; exit 1; }
run_sim t_sha256 "$out/disk.img" rw >"$out/written.txt" 2>"$out/err" || { cat "$out/err"; exit 1; }
cmp "$out/snapshot.txt" "$out/written.txt" || exit 1
grep -qx 'verify ok' "$out/snapshot.txt" || { echo "nothing was written"; exit 1; }
! cmp -s "$out/disk.img" "$out/before.img" || { echo "the run without -snapshot wrote nothing"; exit 1; }

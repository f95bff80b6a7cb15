#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# disk.sh IMAGE [USER'S FILE]: firmware t_sha256 reads the disk, and its digest must be sha256sum's of the same bytes.
#
# Without a second argument it works on a copy of IMAGE and writes to it. The user's own file is opened read-only,
# unless RW=1. From the environment: BUILD (build), DUT (lockstep), RW. Exit status: the simulator's, or 1 for a wrong
# digest, or 2 when the disk cannot be read.
set -u
BUILD=${BUILD:-build} DUT=${DUT:-lockstep}
disk=$1 mode=,readonly=on
out=$BUILD/run
mkdir -p "$out" || exit 2
if [ -z "${2:-}" ]; then
	cp "$1" "$out/disk.img" || exit 2
	disk=$out/disk.img mode=
elif [ "${RW:-}" = 1 ]; then
	mode=
fi

[ -r "$disk" ] || { echo "run: cannot read $disk" >&2; exit 2; }

# The device serves whole sectors: the last one is padded with zeros.
size=$(stat -L -c %s -- "$disk") || exit 2
pad=$(((512 - size % 512) % 512))
want=$({ cat -- "$disk" && head -c "$pad" /dev/zero; } | sha256sum | cut -d ' ' -f 1)

# A comma in a drive's file name is written twice, as QEMU has it.
file=$(printf '%s' "$disk" | sed 's/,/,,/g')
set -- "$BUILD/ringwalk" --dut "$DUT" -M virt -bios none -kernel "$BUILD/firmware/t_sha256.elf" -nographic \
	-drive "if=none,id=d,format=raw,file=$file$mode" -device virtio-blk-device,drive=d
echo "$*"
# The summary is kept for the end, behind the digest: it is the last word of a good run.
summary='^(model|rtl|lockstep): [0-9]* cycles'
{ "$@" </dev/null 2>"$out/stderr"; echo $? >"$out/status"; } | tee "$out/uart.txt" | sed -u -E "/$summary/d"
status=$(cat "$out/status")
got=$(tr -d '\r' <"$out/uart.txt" | sed -n 's/^sha256 \([0-9a-f]*\) .*/\1/p')
if [ "$status" -eq 0 ] && [ "$got" = "$want" ]; then
	echo "$want is sha256sum's digest of $disk too"
elif [ "$status" -eq 0 ]; then
	echo "sha256sum of $disk is $want: the digests differ" >&2
	status=1
fi
cat "$out/stderr" >&2
grep -E "$summary" "$out/uart.txt"
exit "$status"

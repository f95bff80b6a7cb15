#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# uboot.sh [m|s]... [VARIANT]: Debian's U-Boot on the device that DUT names, in machine mode (m) or behind OpenSBI (s);
# both if none is given. VARIANT is plain or legacy.
#
# Over the UART it is told to look at the slots, list a file system, load a file, give its CRC32, and write part of it to
# raw sectors. The file's bytes are the host's, and so must be the CRC and, afterwards, the sectors. Exit status: 0, 1 if
# something differs, 77 if a tool or a package is missing, 2 if the host fails.
set -u
cd "$(dirname "$0")/../.." || exit 2
export PATH="$PATH:/usr/sbin:/sbin"
. tests/guests/common.sh
LIMIT=${UBOOT_LIMIT:-60}
uboot=/usr/lib/u-boot jump=/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.bin
out=$guests/uboot

need_machine
need mke2fs:e2fsprogs gzip:gzip
[ -r $uboot/qemu-riscv64/u-boot.bin ] || { echo "uboot: install the package u-boot-qemu" >&2; exit 77; }
[ -r $jump ] || { echo "uboot: install the package opensbi" >&2; exit 77; }

# The file, and where 64 sectors of it are written to: behind the file system.
BYTES=1048577 FS_BYTES=3145728 SECTORS=64

make_disk() {
	mkdir -p "$tree/folder" || die "cannot write $out"
	seq 1 400000 | head -c $BYTES >"$tree/blob"
	cp LICENSE "$tree/folder/"
	rm -f "$1"
	truncate -s 4M "$1" && mke2fs -q -t ext4 -b 1024 -d "$tree" "$1" $((FS_BYTES / 1024))k || die "mke2fs failed"
}

# The first lines end the count-down; all of them, because OpenSBI and U-Boot empty the receiver a few times before. A
# command that looks for Ctrl-C throws away what was typed ahead: spaces, here.
commands() {
	yes '' | head -n 100
	sed 's/^/        /' <<-'END'
	md.l 0x10007000 3
	md.l 0x10008000 4
	virtio scan
	virtio info
	ls virtio 0 /
	load virtio 0 ${kernel_addr_r} /blob
	crc32 ${kernel_addr_r} ${filesize}
	virtio write ${kernel_addr_r} 0x1800 0x40
	poweroff
	END
}

# said REGEX: U-Boot printed such a line.
said() { grep -qE -- "$1" "$log" || echo "U-Boot did not print: $1"; }

crc_of() { gzip -c1 <"$1" | tail -c 8 | od -An -N 4 -t x4 | tr -d ' '; }

# verdict MODE VARIANT STATUS
verdict() {
	ended "$log" "$3"
	[ "$2" = legacy ] && version=00000001 || version=00000002
	said "^10007000: 74726976 $version 00000000 "
	said "^10008000: 74726976 $version 00000002 554d4551 "
	said '^Device 0: QEMU VirtIO Block Device'
	said ' Capacity: 4.0 MB = 0.0 GB \(8192 x 512\)'
	said '^<DIR> .* folder$'
	said " $BYTES blob\$"
	said "^$BYTES bytes read in "
	said "==> $(crc_of "$tree/blob")\$"
	said 'block # 6144, count 64 ... 64 blocks written: OK'
	[ "$(digest_at "$disk" $FS_BYTES $((SECTORS * 512)))" = "$(digest_at "$tree/blob" 0 $((SECTORS * 512)))" ] ||
		echo "the sectors that U-Boot wrote differ from the file"
	e2fsck -fn "$disk" >"$log.fsck" 2>&1 || { echo "e2fsck:"; cat "$log.fsck"; }
	findings "uboot-$1$([ "$2" = plain ] || echo ".$2")" "$log"
}

# run MODE VARIANT
run() {
	name=$1.$2.$DUT log=$out/$1.$2.$DUT.log disk=$out/$1.$2.$DUT.img
	tree=$out/$1.$2.$DUT.tree # of its own: runs go side by side
	make_disk "$disk"
	case $1 in
	m) set -- "$1" "$2" -bios $uboot/qemu-riscv64/u-boot.bin ;;
	s) set -- "$1" "$2" -bios $jump -kernel $uboot/qemu-riscv64_smode/u-boot.bin ;;
	esac
	mode=$1 variant=$2
	shift 2
	start=$(date +%s%N)
	commands | (machine "$variant" "$disk" -m 128 "$@") >"$log.raw" 2>"$log.err"
	status=$?
	tenths=$((($(date +%s%N) - start) / 100000000))
	tr -d '\r' <"$log.raw" >"$log"
	verdict "$mode" "$variant" $status >"$log.wrong"
	rm -f "$log.raw"
	if [ -s "$log.wrong" ]; then
		echo "  FAIL  uboot.$name"
		sed 's/^/    /' "$log.wrong"
		echo "    repeat: make uboot DUT=$DUT; the UART's text is in $log"
		return 1
	fi
	rm -f "$disk"
	echo "  pass  uboot.$name: crc32 $(crc_of "$tree/blob"), $((tenths / 10)).$((tenths % 10)) s"
}

modes= variant=plain
for word; do
	case $word in
	m | s) modes="$modes $word" ;;
	plain | legacy) variant=$word ;;
	*) echo "uboot.sh: $word is neither m, s, plain nor legacy" >&2; exit 2 ;;
	esac
done
bad=0
for mode in ${modes:-m s}; do
	run "$mode" "$variant" || bad=1
done
exit $bad

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build.sh initrd|disk: makes what the Linux guest boots out of the packages that fetch.sh unpacked, in $BUILD/guests.
#
# initrd.cpio: busybox, the modules that a root on virtio-mmio and ext4 needs, and guest/init, which mounts /dev/vda. It
# is not compressed, and the modules come without the assembler's labels, of which ext4 has 200,000: the guest would
# spend a third of its time on them. disk.img: an ext4 file system with busybox, e2fsck and
# guest/selftest as its /sbin/init, then a raw area. The same files give the same bytes.
#
# Exit status 0, 77 if a tool is missing, 2 if anything else is.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/guests/common.sh

modules=$root/usr/lib/modules
work=$guests/work.$1
rm -rf "$work"
mkdir -p "$work" || die "cannot write $guests"

# module NAME: unpacks it and what it depends on, once each, in the order in which they can be inserted.
module() {
	[ ! -e "$work/lib/$1.ko" ] || return 0
	packed=$(find "$modules" -name "$1.ko.xz" -o -name "$(echo "$1" | tr _ -).ko.xz" | head -n 1)
	if [ -z "$packed" ]; then
		grep -qE "/$(echo "$1" | sed 's/[-_]/[-_]/g').ko\$" "$modules"/*/modules.builtin || die "the kernel package has no module $1"
		return 0
	fi
	xz -dc "$packed" >"$work/lib/$1.ko" && riscv64-unknown-elf-strip --discard-locals --strip-debug "$work/lib/$1.ko" ||
		die "cannot unpack $packed"
	for needed in $(modinfo -F depends "$work/lib/$1.ko" | tr , ' '); do
		module "$needed"
	done
	echo "$1" >>"$work/lib/order"
}

# stamp FOLDER: the same times whenever it is made.
stamp() { find "$1" -exec touch -h -d @0 {} +; }

make_initrd() {
	mkdir -p "$work/bin" "$work/lib" "$work/dev" "$work/proc" "$work/sys" "$work/mnt"
	cp "$root/usr/bin/busybox" "$work/bin/" && cp tests/guests/guest/init "$work/init" || die "cannot write $work"
	# crc32c is asked for by name when ext4 mounts.
	for name in crc32c_generic virtio_mmio virtio_blk ext4; do
		module "$name"
	done
	chmod 755 "$work/init" "$work/bin/busybox"
	stamp "$work"
	(cd "$work" && find . | LC_ALL=C sort | cpio --quiet --reproducible -o -H newc -R 0:0) >"$guests/initrd.new" || die "cpio failed"
	mv "$guests/initrd.new" "$guests/initrd.cpio"
}

make_disk() {
	mkdir -p "$work/bin" "$work/sbin" "$work/dev" "$work/proc" "$work/sys" "$work/tmp" "$work/data"
	cp "$root/usr/bin/busybox" "$work/bin/" && cp "$root/usr/sbin/e2fsck.static" "$work/sbin/e2fsck" || die "cannot write $work"
	for applet in sh cat cmp cut dd ls mount poweroff rm sed sha256sum sync wc fallocate fstrim; do
		ln -s busybox "$work/bin/$applet"
	done
	sed "s/FS_KIB \* 1024/$FS_KIB * 1024/" tests/guests/guest/selftest >"$work/sbin/init"
	chmod 755 "$work/bin/busybox" "$work/sbin/e2fsck" "$work/sbin/init"
	stamp "$work"
	rm -f "$guests/disk.new"
	truncate -s $((DISK_KIB * 1024)) "$guests/disk.new" || die "cannot write $guests/disk.new"
	E2FSPROGS_FAKE_TIME=1 MKE2FS_DETERMINISTIC=1 mke2fs -q -t ext4 -d "$work" -L ringwalk -U 00000000-0000-4000-8000-000000000001 \
		-E hash_seed=00000000-0000-4000-8000-000000000002,root_owner=0:0,lazy_itable_init=0 -b 1024 -I 256 -N 256 -m 0 \
		"$guests/disk.new" ${FS_KIB}k || die "mke2fs failed"
	mv "$guests/disk.new" "$guests/disk.img"
}

export PATH="$PATH:/usr/sbin:/sbin"
case $1 in
initrd) need cpio:cpio modinfo:kmod xz:xz-utils riscv64-unknown-elf-strip:binutils-riscv64-unknown-elf && make_initrd ;;
disk) need mke2fs:e2fsprogs && make_disk ;;
esac
rm -rf "$work"

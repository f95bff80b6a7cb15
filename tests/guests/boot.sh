#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# boot.sh model|rtl|lockstep|qemu: the Linux guest, once, with its UART on standard output, for the bench: nothing is
# watched or looked at. Exit status: that of the machine.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/guests/common.sh
DUT=$1 CHECK=
need_machine
[ -s "$guests/disk.img" ] && [ -s "$guests/initrd.cpio" ] || die "no guests in $guests: run make guests"
cp --sparse=always "$guests/disk.img" "$guests/boot.$1.img" || die "cannot write $guests/boot.$1.img"
linux_machine plain "$guests/boot.$1.img"

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# linux.sh [plain|legacy|packed [LOG IMAGE]]: OpenSBI and Debian's kernel on the device that DUT names: root from /dev/vda, then
# guest/selftest, then power off.
#
# Its last line must say that nothing failed, the kernel must not have complained, sysfs and the event log must show the
# ring that was asked for and requests side by side, the driver monitor must find just what check_rules.txt explains; and
# on the host e2fsck must find the image clean, and the digests that the guest printed must be those of the image. Our
# storage takes its time, LATENCY clocks, so that requests pile up as they do on real disks. With LOG and IMAGE there is no
# run: these are judged. CAN_FAIL=1 has can_fail.sh break them afterwards, to see that the judge notices. Exit status: 0, 1
# if something differs, 77 if a tool is missing, 2 if the host fails.
set -u
cd "$(dirname "$0")/../.." || exit 2
export PATH="$PATH:/usr/sbin:/sbin"
. tests/guests/common.sh

variant=${1:-plain}
LATENCY=${LATENCY:-2000}
case $variant in plain | legacy | packed) ;; *) die "linux.sh: $variant is neither plain, legacy nor packed" ;; esac
need_machine
need debugfs:e2fsprogs
[ -s "$guests/disk.img" ] && [ -s "$guests/initrd.cpio" ] || die "no guests in $guests: run make guests"
out=$guests/linux
name=$variant.$DUT
log=${2:-$out/$name.log} disk=${3:-$out/$name.img}
mkdir -p "$out" || die "cannot write $out"

# bit N: feature N as sysfs has it, 0 or 1.
bit() { sed -n 's/^virtio0 features //p' "$log" | cut -c $(($1 + 1)); }

# wants_bit N VALUE NAME
wants_bit() { [ "$(bit "$1")" = "$2" ] || echo "feature $3 (bit $1) of virtio0 is $(bit "$1"), not $2"; }

said() { grep -qE -- "$1" "$log" || echo "the guest did not print: $1"; }

# What the device saw, by its event log: `DESC q0 [slot] #id` is of a packed ring, `DESC q0 #index` of a split one; heads
# taken and not yet used are requests side by side.
events() {
	[ "$DUT" != qemu ] || return 0
	[ "$variant" != legacy ] || grep -q '^[0-9]* W QueuePFN 0x0*[1-9a-f]' "$log.trace" || echo "no QueuePFN was written"
	packed=$(grep -c '^[0-9]* DESC q0 \[' "$log.trace") split=$(grep -c '^[0-9]* DESC q0 #' "$log.trace")
	case $variant.$packed.$split in
	packed.0.* | packed.*.[1-9]*) echo "$split descriptors of a split ring, $packed of a packed one" ;;
	packed.*) ;;
	*.*.0 | *.[1-9]*.*) echo "$split descriptors of a split ring, $packed of a packed one" ;;
	esac
	depth=$(awk '$2 == "HEAD" { if (++n > most) most = n } $2 == "USED" && $4 != "idx" { n-- } END { print most + 0 }' "$log.trace")
	[ "$depth" -ge 4 ] || echo "no more than $depth requests side by side"
}

# The word of features is what the driver and the device agreed on, and so tells which ring was used.
sysfs() {
	[ "$variant" = legacy ] && status=07 || status=0f
	said '^virtio0 device 0x0002$'
	said '^virtio0 vendor 0x554d4551$'
	said "^virtio0 status 0x000000$status\$"
	said '^virtio0 modalias virtio:d00000002v554D4551$'
	case $variant in
	plain) wants_bit 32 1 VERSION_1 && wants_bit 34 0 RING_PACKED ;;
	packed) wants_bit 32 1 VERSION_1 && wants_bit 34 1 RING_PACKED ;;
	legacy) wants_bit 32 0 VERSION_1 && wants_bit 34 0 RING_PACKED ;;
	esac
}

selftest() {
	last=$(grep '^selftest: ' "$log" | tail -n 1)
	case $last in
	"selftest: $(grep -c '^selftest: ok ' "$log") ok, 0 failed") ;;
	*) echo "the self-test ends with: ${last:-nothing}" && grep -A 3 '^selftest: FAILED' "$log" ;;
	esac
	grep -E 'I/O error|EXT4-fs (error|warning)|Oops|BUG:|WARNING:|Call Trace|stall|hung|nobody cared' "$log" | sed 's/^/kernel: /' | head -n 5
}

# The digests that the guest printed, on the image that it left.
digests() {
	e2fsck -fn "$disk" >"$log.fsck" 2>&1 || { echo "e2fsck on the image:" && cat "$log.fsck"; }
	sed -n 's/^digest //p' "$log" >"$log.digests"
	[ "$(wc -l <"$log.digests")" -ge 10 ] || echo "the guest printed fewer than 10 digests"
	while read -r what digest; do
		case $what in
		@*)
			range=${what#@}
			found=$(digest_at "$disk" "${range%+*}" "${range#*+}")
			;;
		*)
			found=$(debugfs -R "cat $what" "$disk" 2>/dev/null | sha256sum | cut -d ' ' -f 1)
			;;
		esac
		[ "$found" = "$digest" ] || echo "$what is $found on the host, $digest for the guest"
	done <"$log.digests"
}

verdict() {
	ended "$log" "$1"
	sysfs
	events
	selftest
	digests
	findings "linux$([ "$variant" = plain ] || echo ".$variant")" "$log"
}

if [ $# -eq 3 ]; then
	verdict 0
	exit
fi

cp --sparse=always "$guests/disk.img" "$disk" || die "cannot write $disk"
[ "$DUT" = qemu ] || SIM_ARGS="--disk-latency $LATENCY --trace $log.trace $SIM_ARGS"
start=$(date +%s%N)
(linux_machine "$variant" "$disk") </dev/null >"$log.raw" 2>"$log.err"
status=$?
tenths=$((($(date +%s%N) - start) / 100000000))
tr -d '\r' <"$log.raw" >"$log"
rm -f "$log.raw"
verdict $status >"$log.wrong"
if [ -s "$log.wrong" ]; then
	echo "  FAIL  linux.$name"
	sed 's/^/    /' "$log.wrong"
	echo "    repeat: DUT=$DUT tests/guests/linux.sh $variant; the UART's text is in $log"
	exit 1
fi
echo "  pass  linux.$name: $(grep '^selftest: ' "$log" | tail -n 1 | cut -d ' ' -f 2-), $(wc -l <"$log.digests") digests, $((tenths / 10)).$((tenths % 10)) s"
[ -z "${CAN_FAIL:-}" ] || tests/guests/can_fail.sh "$variant" "$log" "$disk" || exit 1
rm -f "$disk" "$log.err" "$log.trace" "$log.digests" "$log.wrong" "$log.fsck"

# SPDX-License-Identifier: Apache-2.0
# common.sh: where the guests are, how a machine is started on one, and what is looked at afterwards. The scripts of this
# folder source it.
#
# From the environment: BUILD (build), DUT (model; rtl, lockstep, or qemu: the same guest on QEMU), SIM (the simulator),
# SIM_ARGS (more options for it), LIMIT (seconds a run may take).

BUILD=${BUILD:-build}
DUT=${DUT:-model}
SIM=${SIM:-$BUILD/ringwalk}
SIM_ARGS=${SIM_ARGS:-}
CHECK=--check
LIMIT=${LIMIT:-900}
guests=$BUILD/guests
root=$guests/root
opensbi=$root/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin

# The Linux guest's disk: a file system, and a raw area behind it. KiB.
FS_KIB=24576
DISK_KIB=32768

die() {
	echo "guests: $*" >&2
	exit 2
}

# need TOOL:PACKAGE...
need() {
	for tool; do
		command -v "${tool%:*}" >/dev/null ||
			{ echo "guests: ${tool%:*} is missing: install the package ${tool#*:}" >&2; exit 77; }
	done
}

# need_machine: the program that DUT stands for.
need_machine() {
	if [ "$DUT" = qemu ]; then
		need qemu-system-riscv64:qemu-system-misc
	else
		[ -x "$SIM" ] || die "no simulator at $SIM: run make first"
	fi
}

# machine VARIANT DISK OPTION...: runs it with the disk as the only device; VARIANT is plain, legacy (Version 1) or packed
# (packed rings). The UART is on standard input and output. Our machine watches the driver, too.
machine() {
	case $1 in legacy) legacy=true ;; *) legacy=false ;; esac
	case $1 in packed) packed=,packed=on ;; *) packed= ;; esac
	disk=$2
	shift 2
	set -- -M virt -nographic "$@" -global virtio-mmio.force-legacy=$legacy -drive "if=none,id=d,format=raw,file=$disk" \
		-device "virtio-blk-device,drive=d$packed"
	if [ "$DUT" = qemu ]; then
		exec timeout -k 2 "$LIMIT" qemu-system-riscv64 "$@"
	else
		# shellcheck disable=SC2086
		exec timeout -k 2 "$LIMIT" "$SIM" --dut "$DUT" $CHECK $SIM_ARGS "$@"
	fi
}

# linux_machine VARIANT DISK: the Linux guest. The bench starts the same one.
linux_machine() {
	machine "$1" "$2" -m 256 -bios "$opensbi" -kernel "$(echo "$root"/boot/vmlinu*)" -initrd "$guests/initrd.cpio" -append console=ttyS0
}

# Everything below prints what is wrong, a line each; silence is a pass.

# findings RUN LOG: what the driver monitor found that check_rules.txt does not explain, and what it should have found.
# LOG.err is what the machine itself had to say.
findings() {
	[ "$DUT" != qemu ] || return 0
	grep -q '^check: [0-9]* findings, [0-9]* rules watched' "$2.err" || { echo "no summary of the driver monitor" && cat "$2.err"; }
	sed -n 's/^check: cycle [0-9]*: \([A-Z]*-[0-9]*\) .*/\1/p' "$2.err" | sort -u >"$2.found"
	awk -v run="$1" '{ n = split($1, runs, ","); for (i = 1; i <= n; i++) if (runs[i] == run) print $2 }' \
		tests/guests/check_rules.txt | tr , '\n' | sort -u >"$2.explained"
	comm -23 "$2.found" "$2.explained" | while read -r row; do
		echo "$(grep -m 1 ": $row " "$2.err"): not explained in tests/guests/check_rules.txt"
	done
	comm -13 "$2.found" "$2.explained" | sed 's/^/--check did not find /'
	rm -f "$2.found" "$2.explained"
}

# ended LOG STATUS: the guest switched the machine off; in lockstep, without a mismatch.
ended() {
	[ "$2" -eq 0 ] || echo "exit status $2$([ "$2" -ne 124 ] || echo ": not done after $LIMIT s")"
	case $DUT in
	lockstep) grep -q '^lockstep: .* 0 mismatches$' "$1" || echo "the log has no line of lockstep with 0 mismatches" ;;
	esac
}

# digest_at IMAGE OFFSET BYTES
digest_at() { dd if="$1" bs=64k skip="$2" count="$3" iflag=skip_bytes,count_bytes status=none | sha256sum | cut -d ' ' -f 1; }

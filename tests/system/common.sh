# SPDX-License-Identifier: Apache-2.0
# common.sh: the list of system tests, their disks, and how each machine is called. run.sh and qemu.sh source it.
#
# From the environment: BUILD (build), DUT (model), SIM (the simulator), ELF_DIR (where the ELFs are), SIM_ARGS (more
# options), TESTS (names out of the list below; default all), LIMIT (seconds a run may take).

BUILD=${BUILD:-build}
DUT=${DUT:-model}
SIM=${SIM:-$BUILD/ringwalk}
ELF_DIR=${ELF_DIR:-$BUILD/firmware}
SIM_ARGS=${SIM_ARGS:-}
LIMIT=${LIMIT:-120}
SKIPS=tests/system/qemu_skips.txt

# name, ELF, bytes of disk, rw or ro
all_tests() {
	cat <<-'END'
	t_hello t_hello 1048576 rw
	t_sha256 t_sha256 1048576 rw
	t_sha256.ro t_sha256 1048576 ro
	t_sha256.512 t_sha256 512 rw
	t_sha256.odd t_sha256 99840 ro
	t_framing t_framing 1048576 rw
	t_errors t_errors 1048576 rw
	t_reset t_reset 1048576 rw
	t_wrap t_wrap 65536 ro
	t_irq t_irq 65536 rw
	t_regs t_regs 65536 rw
	t_status t_status 65536 rw
	t_hostile t_hostile 65536 rw
	END
}

tests() {
	all_tests | while read -r name elf bytes mode; do
		case " ${TESTS:-$name} " in *" $name "*) echo "$name $elf $bytes $mode" ;; esac
	done
}

# make_disk FILE BYTES: the same bytes every time, no two sectors alike.
make_disk() {
	rm -f "$1"
	seq 1 400000 | head -c "$2" >"$1"
}

drive_args() {
	case $2 in
	ro) echo "if=none,id=d,format=raw,file=$1,readonly=on" ;;
	*) echo "if=none,id=d,format=raw,file=$1" ;;
	esac
}

# run_sim ELF DISK MODE
run_sim() {
	timeout "$LIMIT" "$SIM" --dut "$DUT" $SIM_ARGS -bios none -kernel "$ELF_DIR/$1.elf" \
		-drive "$(drive_args "$2" "$3")" -device virtio-blk-device,drive=d </dev/null
}

# run_qemu ELF DISK MODE
run_qemu() {
	timeout "$LIMIT" qemu-system-riscv64 -M virt -bios none -kernel "$ELF_DIR/$1.elf" -nographic \
		-global virtio-mmio.force-legacy=false -drive "$(drive_args "$2" "$3")" \
		-device virtio-blk-device,drive=d </dev/null
}

# check_digest DISK TRANSCRIPT: the firmware printed the digest that the disk had before it was written.
check_digest() {
	want="sha256 $(sha256sum <"$1" | cut -d' ' -f1)  $(wc -c <"$1") bytes"
	grep -qx "$want" "$2" || { echo "    digest: want: $want"; return 1; }
}

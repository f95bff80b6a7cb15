# SPDX-License-Identifier: Apache-2.0
# common.sh: the list of system tests, their disks, and how each machine is called. run.sh and qemu.sh source it.
#
# From the environment: BUILD (build), DUT (model), SIM (the simulator), ELF_DIR (where the ELFs are), SIM_ARGS (more
# options), TESTS (names out of the list below; default all), SHORT (1: without the LONG ones), VARIANTS (which of them;
# default all), LIMIT (seconds a run may take).

BUILD=${BUILD:-build}
DUT=${DUT:-model}
SIM=${SIM:-$BUILD/ringwalk}
ELF_DIR=${ELF_DIR:-$BUILD/firmware}
SIM_ARGS=${SIM_ARGS:-}
LIMIT=${LIMIT:-120}
SKIPS=tests/system/qemu_skips.txt

# The variants of a run: plain, packed (packed=on: the firmware takes the packed ring) and legacy (Version 1). VARIANTS
# names those that run; QEMU has them all, our device these:
OUR_VARIANTS="plain packed legacy"
ALL_VARIANTS="plain packed legacy"
VARIANTS=${VARIANTS:-$ALL_VARIANTS}

# Every feature of virtio-blk; and QEMU's block device with the same figures in config space.
OUR_BLK=topology=on,config-wce=on,discard=on,write-zeroes=on,size-max=on,geometry=on,lifetime=on,secure-erase=on
QEMU_BLK=physical_block_size=4096,logical_block_size=512,min_io_size=4096,opt_io_size=65536,discard_granularity=4096
QEMU_BLK=$QEMU_BLK,max-discard-sectors=32768,max-write-zeroes-sectors=32768

# Those in which an index of 16 bits goes round: as long as all others together.
LONG=' t_wrap t_wrap.legacy t_event_idx t_event_idx.legacy t_packed.packed '

# name, ELF, bytes of disk, rw, ro or two (two disks, the second twice as large), variants, device properties of ours, of QEMU's (-: none)
all_tests() {
	cat <<-END
	t_hello      t_hello     1048576 rw plain               -                        -
	t_sha256     t_sha256    1048576 rw plain,packed,legacy -                        -
	t_sha256.ro  t_sha256    1048576 ro plain,packed,legacy -                        -
	t_sha256.512 t_sha256    512     rw plain               -                        -
	t_sha256.odd t_sha256    99840   ro plain               -                        -
	t_framing    t_framing   1048576 rw plain,packed,legacy -                        -
	t_errors     t_errors    1048576 rw plain,packed,legacy -                        -
	t_reset      t_reset     1048576 rw plain,packed,legacy -                        -
	t_wrap       t_wrap      65536   ro plain,legacy        -                        -
	t_irq        t_irq       65536   rw plain,packed,legacy -                        -
	t_regs       t_regs      65536   rw plain,packed        -                        -
	t_status     t_status    65536   rw plain,packed        -                        -
	t_hostile    t_hostile   65536   rw plain               -                        -
	t_indirect   t_indirect  65536   rw plain,packed,legacy indirect_desc=on         -
	t_event_idx  t_event_idx 65536   rw plain,packed,legacy event_idx=on             -
	t_packed     t_packed    65536   rw packed              indirect_desc=on,event_idx=on -
	t_packed_bad t_packed_bad 65536  rw packed              indirect_desc=on         -
	t_legacy     t_legacy    65536   rw legacy              -                        -
	t_blk_more   t_blk_more  65536   rw plain,packed,legacy $OUR_BLK                 $QEMU_BLK
	t_in_order   t_in_order  65536   rw plain,packed        in_order=on              -
	t_two_disks  t_two_disks 65536   two plain,packed,legacy -                       -
	END
}

# tests: the runs of the list, name elf bytes mode variant ours qemu; a variant other than plain shows in the name.
tests() {
	all_tests | while read -r name elf bytes mode variants ours qemu; do
		for variant in $VARIANTS; do
			case ",$variants," in *",$variant,"*) ;; *) continue ;; esac
			run=$name
			[ "$variant" = plain ] || run=$name.$variant
			[ -z "${SHORT:-}" ] || case $LONG in *" $run "*) continue ;; esac
			case " ${TESTS:-$run} " in *" $run "*) echo "$run $elf $bytes $mode $variant $ours $qemu" ;; esac
		done
	done
}

# our_tests: those that our device can run.
our_tests() {
	tests | while read -r line; do
		is_ours "$(echo "$line" | cut -d ' ' -f 5)" && echo "$line"
	done
}

is_ours() { case " $OUR_VARIANTS " in *" $1 "*) true ;; *) false ;; esac; }

# make_disk FILE BYTES: the same bytes every time, no two sectors alike.
make_disk() {
	rm -f "$1"
	seq 1 400000 | head -c "$2" >"$1"
}

# make_disks FILE BYTES MODE: the second disk of `two` is FILE.second.
make_disks() {
	make_disk "$1" "$2"
	[ "$3" != two ] || make_disk "$1.second" $((2 * $2))
}

drive_args() {
	case $2 in
	ro) echo "if=none,id=d,format=raw,file=$1,readonly=on" ;;
	*) echo "if=none,id=d,format=raw,file=$1" ;;
	esac
}

# device_args VARIANT PROPERTIES DISK MODE
device_args() {
	case $1 in legacy) legacy=true ;; *) legacy=false ;; esac
	case $1 in packed) properties=,packed=on ;; *) properties= ;; esac
	case $2 in -) ;; *) properties=$properties,$2 ;; esac
	set -- "$3" "$4" "-global virtio-mmio.force-legacy=$legacy -device virtio-blk-device,drive=d$properties"
	[ "$2" != two ] ||
		set -- "$1" "$2" "$3 -drive if=none,id=e,format=raw,file=$1.second -device virtio-blk-device,drive=e$properties"
	echo "$3"
}

# run_sim ELF DISK MODE [VARIANT [PROPERTIES]]
run_sim() {
	# shellcheck disable=SC2046
	timeout -k 2 "$LIMIT" "$SIM" --dut "$DUT" $SIM_ARGS -bios none -kernel "$ELF_DIR/$1.elf" \
		-drive "$(drive_args "$2" "$3")" $(device_args "${4:-plain}" "${5:--}" "$2" "$3") </dev/null
}

# run_qemu ELF DISK MODE VARIANT PROPERTIES
run_qemu() {
	# shellcheck disable=SC2046
	timeout -k 2 "$LIMIT" qemu-system-riscv64 -M virt -bios none -kernel "$ELF_DIR/$1.elf" -nographic \
		-drive "$(drive_args "$2" "$3")" $(device_args "$4" "$5" "$2" "$3") </dev/null
}

# check_digest DISK TRANSCRIPT: the firmware printed the digest that the disk had before it was written.
check_digest() {
	want="sha256 $(sha256sum <"$1" | cut -d' ' -f1)  $(wc -c <"$1") bytes"
	grep -qx "$want" "$2" || { echo "    digest: want: $want"; return 1; }
}

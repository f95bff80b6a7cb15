#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# checkpoint.sh DUT | refused: a run that is stopped in the middle of disk traffic and restored is the run that was not
# stopped: its event log, output, findings of --check and last disk image are the exact rest, and a checkpoint that is
# written later is the same, byte for byte. `refused`: what does not fit is refused, with status 2 and one line.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
out=$BUILD/system/checkpoint.$1
mkdir -p "$out" || exit 2
failed=0

fail() {
	failed=1
	echo "    $*"
}

# go NAME DISK OPTION...: the firmware with these options; NAME.log, NAME.txt, NAME.err. Its status is looked at by none:
# it may have been stopped.
go() {
	go_name=$out/$1 go_disk=$2
	shift 2
	SIM_ARGS="--trace $go_name.log --check $options $*"
	run_sim "$elf" "$go_disk" "$mode" "$variant" "$properties" >"$go_name.txt" 2>"$go_name.err"
}

images() { [ "$mode" = two ] && echo "$1 $1.second" || echo "$1"; }

# keep FROM TO: copies the images
keep() {
	for image in $(images "$1"); do cp "$image" "$2${image#"$1"}" || exit 2; done
}

# A clock with a storage command under way, behind the middle of the log.
middle() {
	awk '{ line[NR] = $0 } END { for (n = int(NR / 2); n <= NR; n++)
		if (line[n] ~ / CMD /) { split(line[n], f, " "); split(line[n + 1], g, " ");
			if (g[1] > f[1] + 2) { print f[1] + 1 + int((g[1] - f[1]) / 2); exit } } }' "$out/whole.log"
}

# is_rest NAME: it is what the whole run did behind the checkpoint.
is_rest() {
	cat "$out/first.log" "$out/$1.log" | cmp -s - "$out/whole.log" || fail "$label: the log of $1 is not the rest"
	for kind in txt checks; do
		[ $kind = txt ] || for n in whole "$1"; do grep '^check:' "$out/$n.err" >"$out/$n.checks"; done
		sed "s/^$DUT: /device: /; s/, 0 mismatches//" "$out/$1.$kind" >"$out/rest"
		sed "s/^$whole_dut: /device: /; s/, 0 mismatches//" "$out/whole.$kind" | tail -c "$(wc -c <"$out/rest")" |
			cmp -s - "$out/rest" || fail "$label: $kind of $1 is not the rest"
	done
	for image in $(images "$out/$1.img"); do
		cmp -s "$image" "$out/whole.img${image#"$out/$1.img"}" || fail "$label: another image after $1"
	done
}

# case NAME ELF MODE VARIANT PROPERTIES OPTION...
one() {
	label=$1 elf=$2 mode=$3 variant=$4 properties=$5
	shift 5
	options=$*
	before=$failed
	rm -f "$out"/*.ckpt
	make_disks "$out/whole.img" 65536 "$mode"
	keep "$out/whole.img" "$out/start.img"
	keep "$out/whole.img" "$out/first.img"
	keep "$out/whole.img" "$out/later.img"
	whole_dut=$DUT
	go whole "$out/whole.img"
	tail -n 1 "$out/whole.txt" >"$out/whole.last"
	at=$(middle)
	[ -n "$at" ] || { fail "$label: no clock is in the middle of traffic"; return; }
	later=$((at + 777))
	go later "$out/later.img" --max-cycles $later --checkpoint "$out/later.ckpt" --checkpoint-at $later
	go first "$out/first.img" --max-cycles "$at" --checkpoint "$out/first.ckpt" --checkpoint-at "$at"
	[ -r "$out/first.ckpt" ] || { fail "$label: no checkpoint: $(cat "$out/first.err")"; return; }
	keep "$out/first.img" "$out/again.img"
	go again "$out/again.img" --max-cycles $later --restore "$out/first.ckpt" --checkpoint "$out/again.ckpt" \
		--checkpoint-at $later
	cmp -s "$out/later.ckpt" "$out/again.ckpt" || fail "$label: a later checkpoint is another one"
	keep "$out/first.img" "$out/rest.img"
	go rest "$out/rest.img" --restore "$out/first.ckpt"
	is_rest rest
	keep "$out/first.img" "$out/clocked.img"
	go clocked "$out/clocked.img" --restore "$out/first.ckpt" --no-idle-skip
	is_rest clocked
	if [ "$variant" = packed ]; then # where a line of the guest's says
		keep "$out/start.img" "$out/lined.img"
		text=$(sed -n "$(($(grep -c '' "$out/whole.txt") / 2))s/^ok //p" "$out/whole.txt")
		go lined "$out/lined.img" --checkpoint "$out/line.ckpt" --checkpoint-on-line "$text"
		cmp -s "$out/lined.log" "$out/whole.log" || fail "$label: a checkpoint changes the run"
		tail -n 1 "$out/lined.txt" | cmp -s - "$out/whole.last" || fail "$label: a checkpoint changes the end"
		lined=$(sed -n 's/^checkpoint: .* at cycle //p' "$out/lined.err")
		keep "$out/start.img" "$out/there.img"
		go there "$out/there.img" --max-cycles "${lined:-1}" --checkpoint "$out/there.ckpt" --checkpoint-at "${lined:-1}"
		cmp -s "$out/line.ckpt" "$out/there.ckpt" || fail "$label: behind '$text' it is another checkpoint"
		grep -qF "$text" "$out/there.txt" || fail "$label: '$text' was not sent"
	fi
	if [ "$whole_dut" = lockstep ]; then
		for DUT in model rtl; do
			keep "$out/first.img" "$out/$DUT.img"
			go $DUT "$out/$DUT.img" --restore "$out/first.ckpt"
			is_rest $DUT
		done
		DUT=$whole_dut
	fi
	[ $failed -ne "$before" ] && echo "  FAIL  checkpoint.$label ($DUT)" || echo "  pass  checkpoint.$label ($DUT)"
}

# wants TEXT OPTION...
wants() {
	word=$1
	shift
	timeout 20 "$SIM" --dut model -kernel "$ELF_DIR/t_irq.elf" "$@" >"$out/stdout" 2>"$out/stderr" </dev/null
	status=$?
	if [ $status -ne 2 ] || [ "$(grep -c "^ringwalk: " "$out/stderr")" -ne 1 ] ||
		! grep -q "^ringwalk: .*$word" "$out/stderr"; then
		fail "status $status, not one line that says \"$word\": $SIM $*"
		sed 's/^/    /' "$out/stderr"
	fi
}

refused() {
	ckpt=$out/x.ckpt disk=$out/disk.img
	device="-drive if=none,id=d,file=$disk -device virtio-blk-device,drive=d"
	make_disk "$disk" 65536
	# shellcheck disable=SC2086
	{
		"$SIM" --dut model -kernel "$ELF_DIR/t_irq.elf" $device --max-cycles 200000 --checkpoint "$ckpt" \
			--checkpoint-at 200000 >"$out/stdout" 2>"$out/stderr"
		cp "$disk" "$out/then.img"
		head -c 70000 "$ckpt" >"$out/cut.ckpt"
		{ head -c 60000 "$ckpt"; printf X; tail -c +60002 "$ckpt"; } >"$out/bad.ckpt"
		wants no/such.ckpt $device --restore no/such.ckpt
		wants 'cut.ckpt: .*truncated' $device --restore "$out/cut.ckpt"
		wants 'bad.ckpt: section .* is damaged' $device --restore "$out/bad.ckpt"
		wants 't_irq.elf: is no checkpoint' $device --restore "$ELF_DIR/t_irq.elf"
		wants 'x.ckpt: was written with -dut model, not rtl' $device --restore "$ckpt" --dut rtl
		wants 'x.ckpt: was written with -dut model, not lockstep' $device --restore "$ckpt" --dut lockstep
		wants 'x.ckpt: was written with -m 131072k, not 65536k' $device --restore "$ckpt" -m 64
		wants 'x.ckpt: was written with -seed 1, not 2' $device --restore "$ckpt" --seed 2
		wants 'x.ckpt: was written with -read-latency 32, not 8' $device --restore "$ckpt" --read-latency 8
		wants 'x.ckpt: was written with -check off, not on' $device --restore "$ckpt" --check
		wants 'x.ckpt: was written with slot 7: features' $device,packed=on --restore "$ckpt"
		wants 'x.ckpt: was written with the device of slot 7, not 2' $device,bus=virtio-mmio-bus.2 --restore "$ckpt"
		wants 'x.ckpt: was written with the device of slot' --restore "$ckpt"
		wants 'x.ckpt: was written with -inject nothing' $device --restore "$ckpt" --inject disk-error@1
		wants 'x.ckpt: what is loaded into memory is not what it was' $device --restore "$ckpt" -kernel \
			"$ELF_DIR/t_framing.elf"
		wants 'checkpoint-at: .*x.ckpt goes on at cycle 200000' $device --restore "$ckpt" --checkpoint "$out/y" \
			--checkpoint-at 199999
		wants 'record: ' $device --restore "$ckpt" --record "$out/y"
		wants no/such/dir $device --checkpoint no/such/dir/x --checkpoint-at 1
		wants 'checkpoint: .*has to say when' $device --checkpoint "$out/y"
		wants 'checkpoint-at: .*has to say where' $device --checkpoint-at 1
		wants 'y: the run ended .* before it was due' $device --checkpoint "$out/y" --checkpoint-at 999999999
		cp "$out/then.img" "$disk"
		printf x | dd of="$disk" bs=1 seek=12345 conv=notrunc status=none
		wants 'x.ckpt: the disk in slot 7 is not what it was' $device --restore "$ckpt"
		cp "$out/then.img" "$disk"
		truncate -s 65024 "$disk"
		wants 'x.ckpt: the disk in slot 7 is not what it was' $device --restore "$ckpt"
		cp "$out/then.img" "$disk"
		"$SIM" --dut model -kernel "$ELF_DIR/t_irq.elf" $device --restore "$ckpt" >"$out/stdout" 2>"$out/stderr" ||
			fail "the checkpoint itself is refused: $(cat "$out/stderr")"
	}
	[ ! -e "$out/y" ] || fail "a checkpoint that was refused is there"
	[ -z "$(find "$out" -name '*.part')" ] || fail "a part of a checkpoint is there"
}

case $1 in
model | rtl | lockstep)
	DUT=$1
	one t_irq.packed t_irq rw packed -
	one t_framing.stalls t_framing rw packed - --stalls 100
	[ "$DUT" = lockstep ] || exit $failed # whose checkpoints hold both
	one t_irq t_irq rw plain -
	one t_errors.legacy t_errors rw legacy - --inject disk-error@5
	one t_hostile t_hostile rw plain -
	one t_two_disks t_two_disks two plain -
	;;
refused) refused ;;
*)
	echo "usage: $0 model | rtl | lockstep | refused" >&2
	exit 2
	;;
esac
exit $failed

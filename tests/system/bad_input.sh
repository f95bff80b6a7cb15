#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bad_input.sh: what a user can get wrong ends with status 2 and one line that names the thing; no data is lost.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
out=$BUILD/system/bad_input
mkdir -p "$out" || exit 2
failed=0

# wants WORD OPTION...: status 2, and one line on stderr that starts with `ringwalk: ` and has WORD in it.
wants() {
	word=$1
	shift
	timeout 20 "$SIM" "$@" >"$out/stdout" 2>"$out/stderr" </dev/null
	status=$?
	if [ $status -ne 2 ] || [ "$(wc -l <"$out/stderr")" -ne 1 ] || ! grep -q "^ringwalk: .*$word" "$out/stderr"; then
		failed=1
		echo "status $status, not one line that names \"$word\": $SIM $*"
		sed 's/^/    /' "$out/stderr"
	fi
}

# with FILE OPTION...: t_sha256 on that disk.
disk() {
	file=$1
	shift
	echo "-kernel $ELF_DIR/t_sha256.elf -drive if=none,id=d,file=$file$* -device virtio-blk-device,drive=d"
}

make_disk "$out/good.img" 65536
: >"$out/empty.img"
printf 'no elf' >"$out/text.elf"
head -c 100 "$ELF_DIR/t_hello.elf" >"$out/cut.elf"
cp "$out/good.img" "$out/before.img"
printf '\023\000\000\000' >"$out/nop.bin"
printf '\037\213\010' >"$out/image.gz"
{ head -c 56 /dev/zero && printf 'ARM\144' && head -c 64 /dev/zero; } >"$out/arm.img"
hello=$ELF_DIR/t_hello.elf

# shellcheck disable=SC2046
{
	wants no/such/file $(disk no/such/file)
	wants empty.img $(disk "$out/empty.img")
	wants "$out" $(disk "$out")
	[ "$(id -u)" -eq 0 ] || { chmod 0 "$out/before.img"; wants before.img $(disk "$out/before.img"); chmod 644 "$out/before.img"; }
	wants drives $(disk "$out/good.img") -drive "if=none,id=e,file=$out/good.img" -device virtio-blk-device,drive=e
	wants no/such.elf -kernel no/such.elf
	wants text.elf -kernel "$out/text.elf"
	wants cut.elf -kernel "$out/cut.elf"
	wants ringwalk -kernel "$SIM"
	wants image.gz -kernel "$out/image.gz"
	wants arm64 -kernel "$out/arm.img"
	wants good.img -bios "$hello" -kernel "$out/good.img"
	wants outside -m 4k -kernel "$hello"
	wants "device tree" -m 4k -kernel "$out/nop.bin"
	wants good.img -kernel "$hello" -dtb "$out/good.img"
	wants no/such.dtb -kernel "$hello" -dtb no/such.dtb
	wants no/such.rd -kernel "$hello" -initrd no/such.rd
	wants good.img -m 96k -kernel "$hello" -initrd "$out/good.img"
	wants initrd -initrd "$out/good.img"
	wants no/such.map -kernel "$hello" -symbols no/such.map
	wants no/such/dir -M virt,dumpdtb=no/such/dir/x
	wants tomorrow -kernel "$hello" -rtc base=tomorrow
	wants hello -bios "$hello" -kernel "$hello"
	wants frobnicate --frobnicate
	wants nonsense --dut nonsense -kernel "$ELF_DIR/t_hello.elf"
	wants tohost -kernel "$ELF_DIR/t_hello.elf" --htif
	wants begin_signature -kernel "$ELF_DIR/t_hello.elf" --signature "$out/signature"
	wants seed -kernel "$ELF_DIR/t_hello.elf" --seed x
	wants no/such/dir $(disk "$out/good.img") --trace no/such/dir/log
	wants 0.0.0.0 -kernel "$ELF_DIR/t_hello.elf" -gdb tcp:0.0.0.0:1234
	wants nonsense -kernel "$ELF_DIR/t_hello.elf" -gdb nonsense
	wants no/such/dir -kernel "$ELF_DIR/t_hello.elf" -gdb unix:no/such/dir/socket
	wants resume -kernel "$ELF_DIR/t_hello.elf" -S
	wants no/such/dir -kernel "$ELF_DIR/t_hello.elf" --profile no/such/dir/file
	wants /dev/full -kernel "$ELF_DIR/t_hello.elf" --profile /dev/full
	wants no/such/dir $(disk "$out/good.img") --wave no/such/dir/x.fst
	wants /dev/full $(disk "$out/good.img,readonly=on") --trace /dev/full
	wants /dev/full $(disk "$out/good.img,readonly=on") --stats /dev/full
}

# lost ELF OPTION...: a guest that jumps into nothing: status 1, and a line with pc and function.
lost() {
	timeout 20 "$SIM" "$@" >"$out/stdout" 2>/dev/null </dev/null
	status=$?
	if [ $status -ne 1 ] || ! grep -q '^guest: jumped into nothing: .* at pc 0x.*; ra 0x.* in [a-z_]*+0x.*; cycle [0-9]*$' "$out/stdout"; then
		failed=1
		echo "status $status, no line about a guest that jumps into nothing: $SIM $*"
		tail -n 3 "$out/stdout"
	fi
}
lost -kernel "$ELF_DIR/t_nowhere.elf"
lost -kernel "$ELF_DIR/t_nowhere.elf" -no-idle-skip

# A disk that takes no more: the guest sees IOERR, the user a line, and the status is 2 at the end.
full() {
	make_disk "$out/full.img" 1048576
	# shellcheck disable=SC2046
	(ulimit -f 512 && exec timeout 60 "$SIM" $(disk "$out/full.img")) >"$out/stdout" 2>"$out/stderr" </dev/null
	status=$?
	if [ $status -ne 2 ] || [ "$(grep -c '^ringwalk: disk: write at byte [0-9]* failed: ' "$out/stderr")" -ne 1 ] ||
		! grep -q 'a request fails' "$out/stdout"; then
		failed=1
		echo "status $status: not what a full disk should give"
		cat "$out/stdout" "$out/stderr"
	fi
}
full
cmp "$out/good.img" "$out/before.img" || failed=1
exit $failed

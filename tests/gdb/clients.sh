#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# clients.sh: one client at a time, one server at a port, Ctrl-C, and a client that vanishes.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/system/common.sh
. tests/gdb/common.sh
DUT=model
out=$BUILD/gdb/clients
mkdir -p "$out" || exit 2
command -v gdb-multiarch >/dev/null || { echo "gdb-multiarch is missing: install the package gdb-multiarch" >&2; exit 77; }
elf=$ELF_DIR/t_sha256.elf
failed=0
fail() { echo "$1"; failed=1; }
gdb() { timeout -k 2 "$LIMIT" gdb-multiarch -nx -batch -ex 'set pagination off' "$@" "$elf" 2>&1 </dev/null; }

make_disk "$out/disk.img" 1048576
# Port 0 is one that is free; the server says which.
timeout -k 2 "$LIMIT" "$SIM" -kernel "$elf" -drive "$(drive_args "$out/disk.img" ro)" -device virtio-blk-device,drive=d \
	-S -gdb tcp::0 >"$out/txt" 2>"$out/err" </dev/null &
sim=$!
for _ in $(seq 100); do
	port=$(sed -n 's/^ringwalk: gdb: target remote 127\.0\.0\.1:\([0-9]*\)$/\1/p' "$out/err")
	[ -n "$port" ] && break
	sleep 0.1
done
"$SIM" -kernel "$elf" -gdb "tcp::$port" >"$out/second.txt" 2>"$out/second.err" </dev/null
[ $? -eq 2 ] && [ "$(wc -l <"$out/second.err")" -eq 1 ] && grep -q "^ringwalk: -gdb: .*in use" "$out/second.err" ||
	fail "a port in use: $(cat "$out/second.err")"

# While one debugger is there, another is told so. It leaves by closing the line: then the hart runs, and a third may come.
gdb -ex "target remote 127.0.0.1:$port" -ex "shell timeout 20 gdb-multiarch -nx -batch -ex 'target remote 127.0.0.1:$port' 2>&1" \
	-ex 'monitor cycle' -ex 'break compress' -ex 'continue' -ex 'monitor cycle' >"$out/first"
grep -q 'another debugger is attached' "$out/first" || fail 'the second client was not told'
grep -q '^clock 0, ' "$out/first" || fail 'the first client was not served any more'
grep -q 'Breakpoint 1, compress' "$out/first" || fail 'no breakpoint'
wait $sim || fail 'the run did not end well after the client had gone'
check_digest "$out/disk.img" "$out/txt" || failed=1

# Ctrl-C of the debugger's user, in a loop without an end.
timeout -k 2 "$LIMIT" "$SIM" -kernel "$elf" -drive "$(drive_args "$out/disk.img" ro)" -device virtio-blk-device,drive=d \
	-S -gdb "unix:$out/socket" >"$out/txt" 2>"$out/err" </dev/null &
sim=$!
wait_until [ -S "$out/socket" ]
printf 'target remote %s\ntbreak main\ncontinue\nset *(int *)$pc = 0x6f\nset $loop = $pc\ncontinue\nprint $pc == $loop\nkill\n' \
	"$out/socket" >"$out/loop.gdb"
# In the foreground, for else timeout sends the signal twice, and GDB takes the second for the wish to give up.
timeout --foreground -k 20 -s INT 3 gdb-multiarch -nx -batch -ex 'set confirm off' -x "$out/loop.gdb" "$elf" >"$out/loop" 2>&1 </dev/null
grep -q 'SIGINT' "$out/loop" && grep -q '^\$1 = 1' "$out/loop" || { fail 'Ctrl-C'; cat "$out/loop"; }
wait $sim
status=$?
[ $status -eq 1 ] && grep -q '^interrupted at cycle ' "$out/txt" || fail "killed by the debugger: status $status"
exit $failed

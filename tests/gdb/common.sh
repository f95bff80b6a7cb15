# SPDX-License-Identifier: Apache-2.0
# common.sh: a halted simulator and the debugger. The scripts of this folder source it, behind tests/system/common.sh.

# wait_until COMMAND...: it succeeds within 10 s, or later never.
wait_until() {
	for _ in $(seq 100); do
		"$@" && return
		sleep 0.1
	done
}

# gdb_at SOCKET ELF GDB'S OPTION...: attaches as soon as the simulator listens.
gdb_at() {
	wait_until [ -S "$1" ]
	gdb_socket=$1 gdb_elf=$2
	shift 2
	timeout -k 2 "$LIMIT" gdb-multiarch -nx -batch -ex 'set pagination off' -ex 'set width 0' -ex "target remote $gdb_socket" \
		"$@" "$ELF_DIR/$gdb_elf.elf" 2>&1 </dev/null
}

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh suites: every ELF of RISC-V's own test suites in the folder RISCV_TESTS, named as they name them, such as
# rv64ui-p-add; each ends by writing to its variable tohost. What is not there is counted as skipped, and so is what is of
# an extension that the hart has not.
# run.sh can_fail: a program that never writes tohost, and a folder without a suite, are seen.
#
# From the environment: BUILD (build), SIM (the simulator), RISCV_TESTS (none), LIMIT (clocks a program may take).
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
SIM=${SIM:-$BUILD/ringwalk}
LIMIT=${LIMIT:-20000000}
OUT=$BUILD/test/riscv-tests
SUITES='rv64ui-p rv64ui-v rv64um-p rv64um-v rv64ua-p rv64ua-v rv64uc-p rv64uc-v rv64uf-p rv64uf-v rv64ud-p rv64ud-v rv64si-p rv64mi-p'

suite_of() { echo "$1" | cut -d - -f 1-2; }
is_suite() { case " $SUITES " in *" $1 "*) true ;; *) false ;; esac; }

# run_one ELF: its line.
run_one() {
	name=$(basename "$1")
	is_suite "$(suite_of "$name")" || { echo "  skip  cpu.$name: of no suite that the hart is for"; return; }
	"$SIM" --htif --max-cycles "$LIMIT" -kernel "$1" >"$OUT/$name.log" 2>&1 </dev/null
	status=$?
	if [ $status -eq 0 ]; then
		echo "  pass  cpu.$name"
	else
		echo "  FAIL  cpu.$name: status $status: $SIM --htif -kernel $1"
	fi
}

suites() {
	failed=0
	mkdir -p "$OUT"
	for suite in $SUITES; do
		if [ -z "${RISCV_TESTS:-}" ]; then
			echo "  skip  cpu.$suite: RISCV_TESTS names no folder of test programs"
		elif ! ls "$RISCV_TESTS/$suite"-* >/dev/null 2>&1; then
			echo "  skip  cpu.$suite: none in $RISCV_TESTS"
		fi
	done
	[ -n "${RISCV_TESTS:-}" ] || return 0
	for elf in "$RISCV_TESTS"/rv*-*-*; do
		case $elf in *.dump | *.hex | *'*') continue ;; esac
		line=$(run_one "$elf")
		echo "$line"
		case $line in *"  FAIL  "*) failed=1 ;; esac
	done
	return $failed
}

can_fail() {
	folder=$BUILD/test/riscv-tests-none
	rm -rf "$folder"
	mkdir -p "$folder"
	cp "$BUILD/firmware/t_hello.elf" "$folder/rv64ui-p-hello"
	said=$(RISCV_TESTS=$folder "$0" suites)
	[ $? -eq 1 ] || { echo "a program without tohost passes"; return 1; }
	for want in '  FAIL  cpu.rv64ui-p-hello: status 2' "  skip  cpu.rv64ui-v: none in $folder"; do
		case $said in *"$want"*) ;; *) echo "not said: $want"; return 1 ;; esac
	done
}

case ${1:-} in
suites) suites ;;
can_fail) can_fail ;;
*)
	echo "usage: $0 suites | can_fail" >&2
	exit 2
	;;
esac

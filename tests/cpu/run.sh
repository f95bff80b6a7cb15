#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh suites: every ELF of RISC-V's own test suites in the folder RISCV_TESTS. Those of riscv-tests are named as they are
# there, such as rv64ui-p-add, and end by writing 1 to their variable tohost. One beside a file NAME.reference_output is of
# riscv-arch-test, and its signature must be that. What is not there is counted as skipped, and so is what is of an extension
# that the hart has not.
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

# run_arch ELF: the same, by its signature.
run_arch() {
	name=$(basename "$1")
	"$SIM" --htif --max-cycles "$LIMIT" --signature "$OUT/$name.signature" -kernel "$1" >"$OUT/$name.log" 2>&1 </dev/null
	status=$?
	if [ $status -eq 0 ] && cmp -s "$OUT/$name.signature" "$1.reference_output"; then
		echo "  pass  cpu.arch.$name"
	else
		echo "  FAIL  cpu.arch.$name: status $status, or its signature differs: $SIM --htif --signature FILE -kernel $1"
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
	if [ -z "${RISCV_TESTS:-}" ] || ! ls "$RISCV_TESTS"/*.reference_output >/dev/null 2>&1; then
		echo "  skip  cpu.arch: no ELF with a reference_output in ${RISCV_TESTS:-RISCV_TESTS, which is not set}"
	fi
	[ -n "${RISCV_TESTS:-}" ] || return 0
	for elf in "$RISCV_TESTS"/*; do
		case $elf in *.dump | *.hex | *.reference_output | *'*') continue ;; esac
		if [ -e "$elf.reference_output" ]; then line=$(run_arch "$elf"); else line=$(run_one "$elf"); fi
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
	cp "$BUILD/firmware/t_hello.elf" "$folder/arch"
	echo 00000000 >"$folder/arch.reference_output"
	said=$(RISCV_TESTS=$folder "$0" suites)
	[ $? -eq 1 ] || { echo "a program without tohost passes"; return 1; }
	for want in '  FAIL  cpu.rv64ui-p-hello: status 2' '  FAIL  cpu.arch.arch: status 2' "  skip  cpu.rv64ui-v: none in $folder"; do
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

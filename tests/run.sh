#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh GROUP...: runs the tests of the groups, two at a time, and counts them.
#
# Groups: gen lint lint-all unit asan system system-all cpu cpu-all check random conformance qemu qtest gdb waves widths
# uboot tlm tlm-all linux bugs bugs-all faults faults-all soak. `make test` takes a share of those that have an -all: of
# the faults every fifth or eighth, in the order of their names. Unit tests are its asan. From the environment: BUILD
# (build), T (only tests whose name contains this), JOBS (processors), ABSENT (skip; FAIL makes a missing tool a failure).
#
# A test is a command. It passes with status 0, is skipped with 77, and fails otherwise. A command that prints lines
# `  pass  NAME`, `  skip  NAME` or `  FAIL  NAME` counts as these tests. The output of each is in
# build/test/GROUP/NAME.log, or build/test/all/NAME.log when there are several groups.
# The last line is `N passed, N failed, N skipped`; exit status 1 if any failed.
set -u
cd "$(dirname "$0")/.." || exit 2
export BUILD="${BUILD:-build}"
[ $# -eq 1 ] && group=$1 || group=all
export LOGS="${LOGS:-$BUILD/test/$group}" SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1
out=$LOGS
tab=$(printf '\t')

# tlm_programs FOLDER LEAPS RANDOM: the programs of tests/tlm/ there, with so many requests.
tlm_programs() {
	case $1 in */asan) where=tlm.asan ;; *) where=tlm ;; esac
	for style in lt at rtl; do
		echo "$where.target.$style${tab}$1/tlm/target $style"
	done
	for dmi in on off random; do
		echo "$where.dmi.$dmi${tab}$1/tlm/dmi $dmi 1 $3"
	done
	for seed in 1 2; do
		echo "$where.leap.$seed${tab}$1/tlm/leap $seed $2"
		echo "$where.random.$seed${tab}$1/tlm/random $seed $3"
	done
}

# name, tab, command
group() {
	case $1 in
	gen)
		for what in vio_params.h vio_defs.vh vio_fifos.vh ringwalk.svd README.md; do
			echo "gen.$what${tab}tests/check_gen.sh $what"
		done
		;;
	lint | lint-all)
		# make has compiled what it tests with gcc and the same warnings.
		[ "$1" = lint ] && gcc='' || gcc=gcc
		for what in verilator $gcc clang format icarus yosys small widths; do
			echo "lint.$what${tab}tests/lint.sh $what"
		done
		;;
	unit)
		for file in tests/unit/test_*.c; do
			name=$(basename "$file" .c)
			echo "unit.$name${tab}$BUILD/unit/$name"
		done
		;;
	asan)
		for file in tests/unit/test_*.c; do
			name=$(basename "$file" .c)
			echo "asan.$name${tab}$BUILD/asan/unit/$name"
		done
		for profile in mixed hostile stall wrap; do
			echo "asan.random.$profile${tab}$BUILD/asan/random --dut model --profile $profile --seed 5 --requests 1000"
		done
		echo "asan.system${tab}env SHORT=1 BUILD=$BUILD/asan ELF_DIR=$BUILD/firmware DUT=model tests/system/run.sh"
		;;
	system | system-all)
		# What takes long on the RTL alone runs in lockstep, too.
		[ "$1" = system ] && short=SHORT=1 || short=
		echo "system.lockstep${tab}env DUT=lockstep tests/system/run.sh"
		echo "system.rtl${tab}env $short DUT=rtl tests/system/run.sh"
		echo "system.model${tab}env DUT=model tests/system/run.sh"
		echo "system.same_trace${tab}tests/system/same_trace.sh"
		echo "system.bad_input${tab}tests/system/bad_input.sh"
		echo "system.console${tab}tests/system/console.sh"
		echo "system.terminal${tab}tests/system/terminal.sh"
		echo "system.snapshot${tab}tests/system/snapshot.sh"
		for what in lockstep rtl model refused; do
			echo "system.checkpoint.$what${tab}tests/system/checkpoint.sh $what"
		done
		;;
	cpu | cpu-all)
		[ "$1" = cpu ] && every=7 count=200000 cases=40000 seeds=1 ||
			{ every=1 count=500000 cases=200000 seeds='1 2'; }
		echo "cpu.suites${tab}tests/cpu/run.sh suites"
		echo "cpu.can_fail${tab}tests/cpu/run.sh can_fail"
		for seed in $seeds; do
			echo "cpu.random.$seed${tab}tests/cpu/random.sh $seed $count"
			echo "cpu.pages.$seed${tab}tests/cpu/random.sh $seed $cases --pages"
		done
		printf '%s\n' tests/cpu/bugs/*.patch | sed -n "1~${every}p" | while read -r patch; do
			name=$(basename "$patch" .patch)
			echo "cpu.bugs.$name${tab}tests/cpu/bugs.sh $name"
		done
		;;
	random)
		for profile in mixed hostile stall wrap fast; do
			for seed in 1 2 3; do
				echo "random.$profile.$seed${tab}$BUILD/random --dut lockstep --profile $profile --seed $seed --requests 6000"
			done
		done
		for profile in mixed hostile stall; do
			echo "random.saves.$profile${tab}$BUILD/random --dut lockstep --profile $profile --seed 4 --requests 2000 --saves 500"
		done
		for way in seed idle-skip shuffle twins; do
			echo "random.same_log.$way${tab}tests/random/same_log.sh $way"
		done
		;;
	soak)
		# Ten runs of 100,000 requests, so that two processors have work; four at the other widths.
		for run in 1:mixed: 2:mixed: 3:hostile: 4:mixed:w32/ 5:mixed:w128/ 6:hostile:w256/ 7:mixed:w512/ 8:wrap: 9:stall: 10:fast:; do
			seed=${run%%:*} width=${run##*:} profile=${run#*:}
			profile=${profile%:*}
			echo "soak.$seed.$profile${width:+.${width%/}}${tab}$BUILD/${width}random --dut lockstep --profile $profile --seed 10$seed --requests 100000"
		done
		;;
	check) echo "check${tab}env DUT=model tests/system/check.sh" ;;
	conformance)
		"$BUILD/conformance" --list | cut -f 2 | sort -u | while read -r area; do
			echo "conformance.$area${tab}$BUILD/conformance --area $area"
		done
		;;
	qemu)
		echo "qemu${tab}tests/system/qemu.sh"
		echo "qemu.dtb${tab}tests/system/dtb.sh"
		;;
	qtest)
		echo "qtest.differences${tab}tests/qtest/run.sh"
		echo "qtest.can_fail${tab}tests/qtest/run.sh can_fail"
		;;
	gdb)
		for dut in model lockstep; do
			echo "gdb.stops.$dut${tab}env DUT=$dut tests/gdb/run.sh stops"
			echo "gdb.vio.$dut${tab}env DUT=$dut tests/gdb/run.sh vio"
			echo "gdb.restore.$dut${tab}env DUT=$dut tests/gdb/restore.sh"
		done
		echo "gdb.vio.rtl${tab}env DUT=rtl tests/gdb/run.sh vio"
		echo "gdb.errors${tab}env DUT=model tests/gdb/run.sh errors t_hostile"
		echo "gdb.clients${tab}tests/gdb/clients.sh"
		for what in interrupt profile progress; do
			echo "gdb.$what${tab}tests/gdb/attend.sh $what"
		done
		;;
	uboot)
		for run in model:m rtl:m lockstep:m lockstep:s lockstep:m,legacy; do
			echo "uboot.${run#*:}.${run%:*}${tab}env DUT=${run%:*} tests/guests/uboot.sh $(echo "${run#*:}" | tr , ' ')"
		done
		;;
	linux)
		# The longest ones first.
		echo "debian.rtl${tab}env DUT=rtl tests/guests/debian.sh"
		for run in lockstep:plain lockstep:legacy lockstep:packed rtl:plain model:plain; do
			can_fail=
			[ "$run" != model:plain ] || can_fail=CAN_FAIL=1
			echo "linux.${run#*:}.${run%:*}${tab}env $can_fail DUT=${run%:*} tests/guests/linux.sh ${run#*:}"
		done
		echo "linux.checkpoint${tab}env DUT=lockstep tests/guests/checkpoint.sh"
		;;
	waves) echo "waves${tab}env FW=t_sha256 tests/system/views.sh" ;;
	widths)
		for width in 32 128 256 512; do
			sim=$BUILD/w$width
			for test in reader writer; do
				echo "widths.$width.$test${tab}$sim/unit/test_$test"
			done
			for run in mixed:1500 hostile:800 stall:800 wrap:500 fast:1500; do
				profile=${run%%:*} requests=${run##*:}
				echo "widths.$width.$profile${tab}$sim/random --dut lockstep --profile $profile --seed 1 --requests $requests"
			done
			echo "widths.$width.t_framing${tab}env DUT=lockstep SIM=$sim/ringwalk OUT=w$width TESTS=t_framing tests/system/run.sh"
		done
		;;
	bugs | bugs-all)
		[ "$1" = bugs ] && every=5 || every=1
		echo "bugs.none${tab}tests/bugs/run.sh none"
		printf '%s\n' tests/bugs/*.patch | sed -n "1~${every}p" | while read -r patch; do
			name=$(basename "$patch" .patch)
			echo "bugs.$name${tab}tests/bugs/run.sh $name"
		done
		;;
	faults | faults-all)
		[ "$1" = faults ] && every=8 || every=1
		echo "faults.none${tab}tests/conformance/faults.sh none"
		printf '%s\n' tests/conformance/faults/*.patch | sed -n "1~${every}p" | while read -r patch; do
			name=$(basename "$patch" .patch)
			echo "faults.$name${tab}tests/conformance/faults.sh $name"
		done
		;;
	tlm)
		# Of both and tlm-lt the short firmware; `make tlm` runs all of it, and 100,000 random requests.
		short='t_irq t_irq.packed t_irq.legacy t_status t_regs t_regs.packed t_errors t_hostile t_packed_bad.packed t_two_disks
			t_in_order.packed t_legacy.legacy t_blk_more t_sha256.512 t_sha256.odd'
		short=$(echo $short)
		for dut in tlm-lt both; do
			echo "tlm.firmware.$dut${tab}env SIM=$BUILD/platform DUT=$dut TESTS='$short' LIMIT=600 tests/system/run.sh"
		done
		tlm_programs "$BUILD" 3000 1500
		echo "tlm.pins${tab}$BUILD/tlm/pins 1 300"
		echo "tlm.quantum${tab}env RUNS=t_irq:65536:packed tests/tlm/quantum.sh"
		echo "tlm.install${tab}tests/tlm/install.sh"
		echo "tlm.asan.firmware${tab}env BUILD=$BUILD/asan ELF_DIR=$BUILD/firmware DUT=tlm-at SIM=$BUILD/asan/platform TESTS='t_irq t_errors.packed t_two_disks' LIMIT=600 tests/system/run.sh"
		tlm_programs "$BUILD/asan" 300 200
		for patch in tests/tlm/faults/*.patch; do
			echo "tlm.fault.$(basename "$patch" .patch)${tab}tests/tlm/faults.sh $(basename "$patch" .patch)"
		done
		;;
	tlm-all)
		for dut in tlm-lt tlm-at rtl-sc both; do
			echo "tlm-all.firmware.$dut${tab}env SIM=$BUILD/platform DUT=$dut LIMIT=900 tests/system/run.sh"
		done
		for seed in 11 12 13 14 15; do
			echo "tlm-all.random.$seed${tab}$BUILD/tlm/random $seed 20000"
		done
		tlm_programs "$BUILD" 20000 1500
		echo "tlm-all.pins${tab}$BUILD/tlm/pins 2 3000"
		echo "tlm-all.quantum${tab}tests/tlm/quantum.sh"
		;;
	*)
		echo "run.sh: no group is called $1" >&2
		exit 2
		;;
	esac
}

# --one NAME COMMAND: runs it, and says how it went in one piece.
if [ "${1:-}" = --one ]; then
	name=${2%%"$tab"*} command=${2#*"$tab"} log=$out/${2%%"$tab"*}.log
	start=$(date +%s%N)
	sh -c "$command" >"$log" 2>&1 </dev/null
	status=$?
	seconds=$((($(date +%s%N) - start) / 100000000))
	seconds=$((seconds / 10)).$((seconds % 10))
	lines=$(grep -E '^  (pass|skip|FAIL)  ' "$log")
	note=$(sed -n 's/^note: //p' "$log" | tail -n 1)
	repeat="    repeat: $command"
	case $status in
	0) lines=${lines:-"  pass  $name${note:+: $note}"} ;;
	77) lines="  ${ABSENT:-skip}  $name: $(tail -n 1 "$log")" ;;
	*)
		case $lines in
		*"  FAIL  "*) ;;
		*) lines="${lines:+$lines
}  FAIL  $name: ${note:-status $status, output in $log}" ;;
		esac
		lines="$lines
$(grep -v -E '^  (pass|skip|FAIL)  ' "$log" | tail -n 20 | sed 's/^/    /')
$repeat"
		;;
	esac
	printf '%s\n' "$lines" >"$out/$name.result"
	printf '%s\n' "$lines" | sed "1s/\$/  ($seconds s)/"
	exit 0
fi

mkdir -p "$out"
rm -f "$out"/*.result "$out"/*.log
for name; do group "$name" || exit 2; done >"$out/list" || exit 2
[ -z "${T:-}" ] || { grep -F -- "$T" "$out/list" >"$out/list.some"; mv "$out/list.some" "$out/list"; }
xargs -a "$out/list" -d '\n' -n 1 -P "${JOBS:-$(nproc)}" "$0" --one

count() { cat "$out"/*.result 2>/dev/null | grep -c "^  $1  "; }
failed=$(count FAIL)
# A command that vanished without a result is a failure.
done=$(find "$out" -name '*.result' | wc -l)
failed=$((failed + $(wc -l <"$out/list") - done))
echo "$(count pass) passed, $failed failed, $(count skip) skipped"
[ "$failed" -eq 0 ]

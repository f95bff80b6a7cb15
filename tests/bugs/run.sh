#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run.sh NAME | none | --table: a deliberate fault in the RTL, and which checks see it.
#
# NAME.patch holds one fault: its first line says what, a second one `width: N` for which width of the data bus (64 if
# it is not there), the rest is a diff against rtl/. A copy of rtl/ gets it, is verilated, and is put before three
# judges, each until it first complains:
#
#   scoreboard   tests/random on the RTL alone: the specification, the rules of AXI and of the storage port
#   firmware     tests/system on the RTL alone
#   lockstep     tests/random, model against RTL
#
# The fault is caught if one of them complains; a patch that does not apply is a failure. `none` is the RTL as it is:
# nobody may complain. With JUDGES=first in the environment the others are not asked, and the quickest begins: lockstep,
# with one short run of an RTL that was compiled in no time; it is compiled again if that did not see the fault.
# --table prints what the last runs of all judges found. Exit status: 0 caught, 1 not.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
JUDGES=${JUDGES:-all}
# profile:seed:requests; the long runs are for what nobody saw in the others
RUNS='mixed:1:700 hostile:1:500 stall:2:1000 mixed:2:700 hostile:2:500 wrap:1:500 fast:1:500'
FIRST='mixed:1:500'
LONG='mixed:3:4000 hostile:3:4000 stall:3:4000 stall:4:4000'
FIRMWARE='t_irq t_framing t_reset t_errors t_hostile t_status t_regs t_indirect t_blk_more t_legacy.legacy
	t_framing.packed t_packed_bad.packed'

table() {
	echo '| fault | scoreboard | firmware | lockstep |'
	echo '|---|---|---|---|'
	for patch in tests/bugs/*.patch; do
		name=$(basename "$patch" .patch)
		[ -r "$BUILD/bugs/$name.row" ] && cat "$BUILD/bugs/$name.row" || echo "| $name | not run | | |"
	done
}

# build NAME OPTION: the RTL with the fault as $work/ringwalk and $work/random. Compiled fast, not to be fast: short
# functions take the compiler a third less time. The shim knows nothing of the RTL but its pins, so the one of the RTL as it is will do.
build() {
	rm -rf "$work" && mkdir -p "$work/verilated" && cp -r rtl "$work/rtl" || return 1
	if [ "$1" != none ]; then
		patch -s -p1 -F0 -d "$work" <"tests/bugs/$1.patch" || { echo "note: the patch does not apply"; return 1; }
	fi
	# shellcheck disable=SC2086
	(cd "$work" && verilator --cc --savable --top-module vio -Irtl -Irtl/gen -O3 -Wno-lint --output-split-cfuncs 300 $params \
		--Mdir verilated rtl/vio.v) || return 1
	cmp "$work/verilated/Vvio.h" "$objects/verilated/Vvio.h" || return 1
	make -s -C "$work/verilated" -f Vvio.mk VM_PARALLEL_BUILDS=0 OPT_FAST="$2" OPT_SLOW=-O0 \
		Vvio__ALL.a >"$work/log" 2>&1 ||
		{ cat "$work/log"; return 1; }
	rtl="$objects/obj/sim/dut/rtl.o $work/verilated/Vvio__ALL.a"
	rtl="$rtl $BUILD/verilated/verilated.o $BUILD/verilated/verilated_save.o $BUILD/verilated/verilated_threads.o"
	# shellcheck disable=SC2086
	g++ -o "$work/ringwalk" "$objects/obj/sim/main.o" "$objects/libsim.a" $rtl -lelf -lfdt -lz -latomic -lpthread &&
		g++ -o "$work/random" "$objects"/obj/tests/random/*.o "$objects/libsim.a" $rtl -lelf -lfdt -lz -latomic -lpthread
}

# random_sees DUT RUNS: says what the first complaint is about, or nothing.
random_sees() {
	for run in $2; do
		profile=${run%%:*} seed=${run#*:}
		timeout 60 "$work/random" --dut "$1" --profile "$profile" --seed "${seed%:*}" --requests "${seed#*:}" \
			>"$work/random.txt" 2>&1 && continue
		case $(head -n 1 "$work/random.txt") in
		*differ*) echo "$profile" ;;
		*AXI* | *m_axi*) echo "$profile: AXI rules" ;;
		*be_* | *storage*) echo "$profile: storage port" ;;
		*progress*) echo "$profile: no progress" ;;
		*) echo "$profile: rings and memory" ;;
		esac
		sed 's/^/> /; 3q' "$work/random.txt" >&2
		return
	done
}

firmware_sees() {
	for test in $FIRMWARE; do
		ELF_DIR=$BUILD/firmware SIM=$work/ringwalk BUILD=$work/out DUT=rtl TESTS=$test LIMIT=8 \
			SIM_ARGS='--max-cycles 30000000' tests/system/run.sh >"$work/firmware.txt" 2>&1 && continue
		echo "$test"
		sed 's/^/> /; 3q' "$work/firmware.txt" >&2
		return
	done
}

# The first judge to complain is enough, and one has.
done_judging() {
	[ "$JUDGES" = first ] && [ -n "$scoreboard$firmware$lockstep" ]
}

case ${1:-} in
--table)
	table
	exit 0
	;;
none) what='none: the RTL as it is' ;;
*)
	[ -r "tests/bugs/${1:-}.patch" ] || { echo "usage: $0 NAME of tests/bugs/NAME.patch | none | --table" >&2; exit 2; }
	what=$(head -n 1 "tests/bugs/$1.patch")
	;;
esac
for tool in verilator:verilator patch:patch g++:g++; do
	command -v "${tool%:*}" >/dev/null || { echo "${tool%:*} is missing: install the package ${tool#*:}" >&2; exit 77; }
done

work=$BUILD/bugs/$1 objects=$BUILD params=
width=$([ "$1" = none ] || sed -n '2s/^width: //p' "tests/bugs/$1.patch")
[ -z "$width" ] || { objects=$BUILD/w$width params=-DVIO_DATA_W=$width; what="$what (width $width)"; }
mkdir -p "$BUILD/bugs"
rm -f "$BUILD/bugs/$1.row"
scoreboard='' firmware='' lockstep=''
if [ "$JUDGES" = first ]; then
	build "$1" -O0 || exit 1
	lockstep=$(random_sees lockstep "$FIRST")
fi
if ! done_judging; then
	build "$1" -O1 || exit 1
	lockstep=$(random_sees lockstep "$RUNS")
fi
done_judging || firmware=$(firmware_sees)
done_judging || scoreboard=$(random_sees rtl "$RUNS")
if [ -z "$scoreboard$firmware$lockstep" ] && [ "$1" != none ]; then
	lockstep=$(random_sees lockstep "$LONG")
fi
[ "$1" = none ] || [ "$JUDGES" = first ] ||
	echo "| $what | ${scoreboard:--} | ${firmware:--} | ${lockstep:+yes} |" >"$BUILD/bugs/$1.row"
seen="${scoreboard:+scoreboard ($scoreboard), }${firmware:+firmware ($firmware), }${lockstep:+lockstep ($lockstep), }"
rm -rf "$work"
if [ "$1" = none ]; then
	[ -z "$seen" ] || { echo "note: without a fault, there are complaints: ${seen%, }"; exit 1; }
	exit 0
fi
[ -n "$seen" ] || { echo "note: nobody sees it: $what"; exit 1; }
echo "note: $what: seen by ${seen%, }"

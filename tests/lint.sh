#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lint.sh WHAT: one linter over its sources: verilator, gcc, clang, format, icarus, yosys; `small`: the smallest device
# passes the ones of hardware; `widths`: so do those with another data bus than 64 bits; or `sources` lists the C files.
#
# Exit status 77 when the tool is not there.
set -u
cd "$(dirname "$0")/.." || exit 2

need() { command -v "$1" >/dev/null || { echo "$1 is missing: install the package $2" >&2; exit 77; }; }
sources() { find model sim firmware tests \( -name '*.c' -o -name '*.h' -o -name '*.cpp' \) | sort; }
rtl() { find rtl -name '*.v' | sort; }

# The units of the model are part of model/vio.c. Headers come in where they are used.
compile() {
	cc=$1
	shift
	strict='-std=c11 -D_GNU_SOURCE -Wall -Wextra -Wconversion -Werror -O2 -fsyntax-only -Imodel -Isim'
	fst=$(verilator --getenv VERILATOR_ROOT)/include/gtkwave
	find "$@" model/vio.c -name '*.c' | sort |
		# shellcheck disable=SC2086
		xargs -n 1 "$cc" $strict ${PARAMS:-} -isystem "$fst"
}

# What a tool says although it ends with 0 is a failure too.
silent() {
	said=$("$@" 2>&1) && [ -z "$said" ] || { printf '%s\n' "$said"; return 1; }
}

case ${1:-} in
sources) sources ;;
verilator)
	need verilator verilator
	# shellcheck disable=SC2086
	silent verilator --lint-only -Wall ${PARAMS:-} --top-module vio -Irtl -Irtl/gen $(ls rtl/lint.vlt 2>/dev/null) rtl/vio.v
	;;
gcc)
	need gcc gcc
	need verilator verilator
	compile gcc sim firmware tests model/gen.c
	;;
clang)
	need clang clang
	need verilator verilator
	compile clang sim firmware tests model/gen.c
	;;
format)
	need clang-format clang-format
	sources | xargs clang-format --dry-run -Werror
	;;
icarus)
	need iverilog iverilog
	# shellcheck disable=SC2086
	silent iverilog ${PARAMS:-} -g2005 -Wall -Wno-timescale -t null -s vio -Irtl -Irtl/gen $(rtl)
	;;
yosys)
	need yosys yosys
	silent yosys -q -e '.*' -p "read_verilog ${PARAMS:-} -Irtl -Irtl/gen $(rtl | tr '\n' ' '); hierarchy -check -top vio; proc; check -assert"
	;;
small)
	off=$(sed -n 's/^FEATURE(\([A-Z0-9_]*\), .*/-DVIO_HAS_\1=0/p' model/def/features.def | grep -v VERSION_1)
	PARAMS=$(echo -DVIO_QUEUES=1 -DVIO_QUEUE_NUM_MAX=16 -DVIO_SLOTS=2 -DVIO_SEGS=4 -DVIO_FIFO_MAX=16 -DVIO_BURST_BEATS=16 $off)
	export PARAMS
	compile gcc sim && "$0" verilator && "$0" icarus && "$0" yosys
	;;
widths)
	for width in 32 128 256 512; do
		export PARAMS=-DVIO_DATA_W=$width
		"$0" verilator && "$0" icarus || { echo "lint.sh: at width $width"; exit 1; }
	done
	"$0" yosys
	;;
*)
	echo "usage: $0 verilator | gcc | clang | format | icarus | yosys | small | widths | sources" >&2
	exit 2
	;;
esac

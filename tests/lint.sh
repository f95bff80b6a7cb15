#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# lint.sh WHAT: one linter over its sources: verilator, gcc, clang, format, icarus, yosys; or `sources` lists the C files.
#
# Exit status 77 when the tool is not there.
set -u
cd "$(dirname "$0")/.." || exit 2

need() { command -v "$1" >/dev/null || { echo "$1 is missing: install the package $2" >&2; exit 77; }; }
sources() { find model sim firmware tests \( -name '*.c' -o -name '*.h' -o -name '*.cpp' \) | sort; }
rtl() { find rtl -name '*.v' | sort; }

# The units of the model are part of model/vio.c. Headers come in where they are used.
compile() {
	strict='-std=c11 -D_GNU_SOURCE -Wall -Wextra -Wconversion -Werror -O2 -fsyntax-only -Imodel -Isim'
	fst=$(verilator --getenv VERILATOR_ROOT)/include/gtkwave
	find sim firmware tests model/vio.c model/gen.c -name '*.c' | sort |
		# shellcheck disable=SC2086
		xargs -n 1 "$1" $strict -isystem "$fst"
}

# What a tool says although it ends with 0 is a failure too.
silent() {
	said=$("$@" 2>&1) && [ -z "$said" ] || { printf '%s\n' "$said"; return 1; }
}

case ${1:-} in
sources) sources ;;
verilator)
	need verilator verilator
	silent verilator --lint-only -Wall --top-module vio -Irtl -Irtl/gen $(ls rtl/lint.vlt 2>/dev/null) rtl/vio.v
	;;
gcc)
	need gcc gcc
	need verilator verilator
	compile gcc
	;;
clang)
	need clang clang
	need verilator verilator
	compile clang
	;;
format)
	need clang-format clang-format
	sources | xargs clang-format --dry-run -Werror
	;;
icarus)
	need iverilog iverilog
	silent iverilog -g2005 -Wall -Wno-timescale -t null -s vio -Irtl -Irtl/gen $(rtl)
	;;
yosys)
	need yosys yosys
	silent yosys -q -e '.*' -p "read_verilog -Irtl -Irtl/gen $(rtl | tr '\n' ' '); hierarchy -check -top vio; proc; check -assert"
	;;
*)
	echo "usage: $0 verilator | gcc | clang | format | icarus | yosys | sources" >&2
	exit 2
	;;
esac

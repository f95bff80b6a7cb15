#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh: `make install` into an empty folder, once by PREFIX and once below DESTDIR; then model/tlm/example.cpp is built in
# another empty folder with what pkg-config says and nothing else, and run; Verilator reads the RTL by its list.
set -eu
cd "$(dirname "$0")/../.."
for tool in pkg-config:pkg-config g++:g++ verilator:verilator; do
	command -v "${tool%:*}" >/dev/null || { echo "${tool%:*} is missing: install the package ${tool#*:}" >&2; exit 77; }
done
BUILD=${BUILD:-build}
work=$(cd "$BUILD" && pwd)/install-test
rm -rf "$work" && mkdir -p "$work/empty"
cp model/tlm/example.cpp "$work/empty/"
make -s --no-print-directory BUILD="$BUILD" install PREFIX="$work/prefix" >"$work/log"
make -s --no-print-directory BUILD="$BUILD" install PREFIX=/opt/ringwalk DESTDIR="$work/stage" >>"$work/log"
(cd "$work/prefix" && find . -type f | sort) >"$work/a"
(cd "$work/stage/opt/ringwalk" && find . -type f | sort) >"$work/b"
cmp "$work/a" "$work/b"
grep -qx 'prefix=/opt/ringwalk' "$work/stage/opt/ringwalk/lib/pkgconfig/ringwalk.pc"
cd "$work/empty"
export PKG_CONFIG_PATH="$work/prefix/lib/pkgconfig"
# shellcheck disable=SC2046
g++ -std=c++17 -Wall -Wextra -Werror example.cpp $(pkg-config --cflags --libs ringwalk) -o example
SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1 ./example >said
cat said
grep -qx 'magic 0x74726976, device 2, 2048 sectors, 60 ns' said
cd "$(pkg-config --variable=rtl ringwalk)"
verilator --lint-only -Wno-lint --top-module vio -f ringwalk.f
# Each file of the two lists is there, and none is left out.
for list in ringwalk.f ringwalk.core; do
	grep -o '[a-z_]*\.v$' $list | sort >"$work/listed"
	ls ./*.v | sed 's#.*/##' | sort | cmp - "$work/listed"
done
rm -rf "$work"

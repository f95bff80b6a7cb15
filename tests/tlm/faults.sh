#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# faults.sh NAME | none: a deliberate fault in model/, and the test of tests/tlm/ that must see it.
#
# faults/NAME.patch: its first line says what is wrong, the second `test: COMMAND` which test must fail, with its program first, or
# quantum.sh; the rest is a diff against model/. Exit status: 0 seen (none: nobody complains), 1 not.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
export SYSTEMC_DISABLE_COPYRIGHT_MESSAGE=1
patch=tests/tlm/faults/${1:-}.patch
[ -r "$patch" ] || { echo "usage: $0 NAME of tests/tlm/faults/NAME.patch" >&2; exit 2; }
command -v patch >/dev/null || { echo "patch is missing: install the package patch" >&2; exit 77; }
work=$BUILD/tlm/faults/$1
what=$(sed -n 1p "$patch") command=$(sed -n '2s/^test: //p' "$patch")
program=${command%% *}
rm -rf "$work" && mkdir -p "$work" && cp -r model "$work/model" || exit 2
patch -s -p1 -F0 -d "$work" <"$patch" || { echo "note: the patch does not apply"; exit 1; }
for file in $(sed -n 's#^+++ b/##p' "$patch"); do
	case $file in
	*.h) g++ -std=c++17 -O1 -I"$work/model" -Isim -c -o "$work/dma_at.o" "$work/model/tlm/dma_at.cpp" ;;
	*.cpp) g++ -std=c++17 -O1 -I"$work/model" -Isim -c -o "$work/$(basename "$file" .cpp).o" "$work/$file" ;;
	*) gcc -std=c11 -D_GNU_SOURCE -O1 -I"$work/model" -Isim -c -o "$work/vio.o" "$work/model/vio.c" ;;
	esac || exit 1
done
# The objects with the fault come first; the library gives the others.
if [ "$program" = quantum.sh ]; then
	program=platform command=tests/tlm/quantum.sh
	objects=$(find "$BUILD/obj/model/tlm" -name '*.o')
	export RUNS=t_irq:65536:plain PLATFORM="$work/platform"
else
	command=$work/$command
	objects=$(find "$BUILD/obj/model/tlm" "$BUILD/obj/tests/tlm/traffic.o" "$BUILD/obj/tests/bench/ring.o" -name '*.o' \
		! -name platform.o ! -name machine.o)
	objects="$objects $BUILD/obj/tests/tlm/$program.o"
fi
for object in "$work"/*.o; do
	objects=$(echo "$objects" | grep -v "/$(basename "$object")\$")
done
# shellcheck disable=SC2086
g++ -fno-lto -o "$work/$program" "$work"/*.o $objects "$BUILD/libringwalk.a" "$BUILD/libsim.a" \
	$([ "$program" != pins ] || ls "$BUILD/verilated_sc/Vvio_sc__ALL.a") "$BUILD/librtl.a" -lsystemc -lelf -lfdt -lz -latomic -lpthread || exit 1
if timeout 100 $command >"$work/said" 2>&1; then
	echo "note: nobody sees it: $what"
	exit 1
fi
echo "note: $what: seen by ${command#"$work/"}: $(head -n 1 "$work/said")"
rm -rf "$work"

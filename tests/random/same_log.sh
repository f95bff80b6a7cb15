#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# same_log.sh seed | idle-skip | shuffle | twins: two ways to run the same random requests give the same event log.
#
#   seed       two runs with one seed
#   idle-skip  idle clocks of the device skipped, and run
#   shuffle    the model's units in their order, and in others
#   twins      model and RTL
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# log NAME OPTION...: runs, and keeps the log.
log() {
	name=$1
	shift
	"$BUILD/random" --log "$work/$name" "$@" >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
	[ "$(wc -l <"$work/$name")" -gt 500 ] || { echo "hardly a log: $*"; exit 1; }
}

same() {
	cmp "$work/a" "$work/b" || { diff "$work/a" "$work/b" | head -n 10; exit 1; }
}

for profile in mixed hostile stall wrap; do
	for seed in 11 12; do
		common="--profile $profile --seed $seed --requests 1500"
		# shellcheck disable=SC2086
		log a $common
		case ${1:-} in
		seed) log b $common ;;
		idle-skip) log b $common --no-idle-skip ;;
		twins) log b $common --dut rtl ;;
		shuffle)
			log b $common --shuffle 1
			same
			log b $common --shuffle 2
			;;
		*) echo "usage: $0 seed | idle-skip | shuffle | twins" >&2; exit 2 ;;
		esac
		same
	done
done

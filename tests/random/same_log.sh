#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# same_log.sh PROFILE SEED: one run's event log is the same a second time, without idle skip, with the model's units in
# other orders, and in lockstep. BUILD (build) says where the programs are.
set -u
build=${BUILD:-build}
dir=$build/test/same_log.$1.$2
mkdir -p "$dir"

run() {
	log=$1
	shift
	"$build/random" --requests 1000 --log "$dir/$log" "$@" >"$dir/$log.out" || { cat "$dir/$log.out"; exit 1; }
}

set -- --profile "$1" --seed "$2"
run first "$@"
run second "$@"
run every_clock "$@" --no-idle-skip
run shuffle_1 "$@" --shuffle 1
run shuffle_2 "$@" --shuffle 2
run lockstep "$@" --dut lockstep
for log in second every_clock shuffle_1 shuffle_2 lockstep; do
	cmp "$dir/first" "$dir/$log" || exit 1
done
[ -s "$dir/first" ]

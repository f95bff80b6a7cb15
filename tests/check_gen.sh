#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check_gen.sh FILE: vio_params.h, vio_defs.vh, vio_fifos.vh, ringwalk.svd or README.md is what model/gen.c prints from model/def/.
set -eu
cd "$(dirname "$0")/.."
BUILD=${BUILD:-build}
fresh=$(mktemp)
trap 'rm -f "$fresh"' EXIT
case $1 in
vio_params.h) committed=model/$1 && "$BUILD/gen" params >"$fresh" ;;
vio_defs.vh) committed=rtl/gen/$1 && "$BUILD/gen" vh >"$fresh" ;;
vio_fifos.vh) committed=rtl/gen/$1 && "$BUILD/gen" fifos >"$fresh" ;;
ringwalk.svd) committed=rtl/gen/$1 && "$BUILD/gen" svd >"$fresh" ;;
README.md) committed=$1 && "$BUILD/gen" readme "$1" >"$fresh" ;;
*) echo "usage: $0 vio_params.h | vio_defs.vh | vio_fifos.vh | ringwalk.svd | README.md" >&2; exit 2 ;;
esac
diff -u "$committed" "$fresh" || { echo "note: $committed is stale: run make gen"; exit 1; }

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# open.sh FILE.fst [VIEW.gtkw]: opens a wave in GTKWave with a saved view (device.gtkw).
set -eu
here=$(dirname "$0")
[ $# -ge 1 ] || { echo "usage: $0 FILE.fst [VIEW.gtkw]" >&2; exit 2; }
[ -r "$1" ] || { echo "$0: cannot read $1" >&2; exit 2; }
command -v gtkwave >/dev/null || { echo "$0: gtkwave is missing: install the package gtkwave" >&2; exit 77; }
exec gtkwave -r "$here/gtkwaverc" -f "$1" -a "${2:-$here/device.gtkw}"

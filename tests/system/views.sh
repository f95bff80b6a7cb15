#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# views.sh: makes the wave that `make wave` opens, and checks the saved views on it.
set -eu
cd "$(dirname "$0")/../.."
tests/system/wave.sh t_sha256
tests/system/waves.sh "${BUILD:-build}/waves/t_sha256.fst"

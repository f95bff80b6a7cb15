#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# can_fail.sh VARIANT LOG IMAGE: what linux.sh judges can fail. LOG and IMAGE are those of a run that passed, and DUT names
# its machine; each case breaks a copy of one of them, and linux.sh must find just that. Exit status 0, or 1 if a case
# was not noticed.
set -u
cd "$(dirname "$0")/../.." || exit 2
variant=$1 log=$2 image=$3
broken=$log.broken
bad=0

# case_of NAME EXPECTED: judges $broken and $broken.img; a line of the verdict must hold EXPECTED.
case_of() {
	if tests/guests/linux.sh "$variant" "$broken" "$broken.img" | grep -qF -- "$2"; then
		echo "  pass  linux.can_fail.$1"
	else
		echo "  FAIL  linux.can_fail.$1: the judge did not say: $2"
		bad=1
	fi
}

fresh() { cp "$log" "$broken" && cp --sparse=always "$image" "$broken.img"; }

# text NAME EXPECTED SED
text() {
	fresh
	sed "$3" "$log" >"$broken"
	case_of "$1" "$2"
}

fresh
[ -z "$(tests/guests/linux.sh "$variant" "$broken" "$broken.img")" ] || { echo "  FAIL  linux.can_fail: the run itself does not pass"; exit 1; }
text selftest "the self-test ends with: selftest: " 's/^\(selftest: .*\), 0 failed/\1, 1 failed/'
text cut_off "the self-test ends with: selftest: ok " '/^selftest: .* failed$/d'
text a_test_is_missing "the self-test ends with" '/^selftest: ok fsck after/d'
text kernel "kernel: " '/^selftest: ok remount$/s/^/I\/O error, dev vda, sector 8\n/'
text ring "(bit 34) of virtio0" 's/^\(virtio0 features .\{34\}\)./\12/'
text status "did not print: ^virtio0 status" 's/^virtio0 status .*/virtio0 status 0x00000003/'
text digests "fewer than 10 digests" '/^digest/d'
text digest "on the host" '/^digest .*odd.4097/s/[0-9a-f]$/x/'
[ "${DUT:-model}" = qemu ] || text check "STAT-04 MUST" '1s/^/check: cycle 1: STAT-04 MUST (virtio 1.2, 2.1.1): made up\n/'

# One byte of the raw area; one byte of the root directory's inode, whose checksum then is wrong.
fresh
range=$(sed -n 's/^digest @\([0-9]*\)+.*/\1/p' "$log" | tail -n 1)
printf 'x' | dd of="$broken.img" bs=1 seek="$((range + 1000))" conv=notrunc status=none
case_of raw_area "@$range+"
fresh
debugfs -w -R 'set_inode_field <2> links_count 9' "$broken.img" >/dev/null 2>&1
case_of file_system "e2fsck on the image"
rm -f "$broken" "$broken".*
exit $bad

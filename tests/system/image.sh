#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# image.sh OUT FILE...: an ext4 file system of 16 MiB with these files in it. The same files give the same bytes: times,
# owners, identifiers and the order of the files are fixed.
set -eu
export LC_ALL=C TZ=UTC
export E2FSPROGS_FAKE_TIME=1000000000
uuid=52494e47-5741-4c4b-8000-000000000001
out=$1
shift
tree=$out.tree
rm -rf "$tree" "$out.new"
mkdir -p "$tree"
printf '%s\n' "$@" | sort >"$out.list"
xargs -d '\n' cp --parents -t "$tree" <"$out.list"
chmod -R u=rwX,go=rX "$tree"
find "$tree" -exec touch -h -d "@$E2FSPROGS_FAKE_TIME" {} +
mke2fs -q -t ext4 -b 1024 -L ringwalk -U "$uuid" -E "hash_seed=$uuid,root_owner=0:0,lazy_itable_init=0" -d "$tree" \
	"$out.new" 16m >/dev/null
# mke2fs takes owners and change times from the host's files.
(cd "$tree" && find . -mindepth 1) | sort | while read -r path; do
	for field in 'uid 0' 'gid 0' 'atime @1000000000' 'ctime @1000000000' 'ctime_extra 0' 'atime_extra 0' \
		'crtime @1000000000' 'crtime_extra 0' 'mtime_extra 0'; do
		echo "set_inode_field \"${path#.}\" $field"
	done
done >"$out.fields"
debugfs -w -f "$out.fields" "$out.new" >/dev/null 2>"$out.log" || { cat "$out.log" >&2; exit 1; }
rm -rf "$tree" "$out.list" "$out.fields" "$out.log"
mv "$out.new" "$out"

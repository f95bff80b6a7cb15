#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# fetch.sh: the guests' packages, from Debian, into $BUILD/guests. `make guests` calls it.
#
# apt does it, in a root of its own below $BUILD/guests/apt: nothing is installed, and the machine's own apt does not
# notice. The suite is trixie, the architecture riscv64. The address of the mirror is that of the machine's own apt
# sources, whatever form they have; Debian's keyring is what the packages are checked with. Lists and packages that are
# there are kept, and a download that was cut off goes on where it ended.
#
# Afterwards $BUILD/guests/root has what the guests need of them, and `versions`, the packages with their versions. Exit
# status 0, 77 if a tool is missing, 2 if anything else is.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
case $BUILD in /*) out=$BUILD/guests ;; *) out=$PWD/$BUILD/guests ;; esac
apt=$out/apt
suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

die() {
	echo "guests: $*" >&2
	exit 2
}

say() { echo "  $*"; }

for tool in apt-get:apt dpkg-deb:dpkg tar:tar xz:xz-utils; do
	command -v "${tool%:*}" >/dev/null || { echo "guests: ${tool%:*} is missing: install the package ${tool#*:}" >&2; exit 77; }
done
[ -r "$keyring" ] || { echo "guests: $keyring is missing: install the package debian-archive-keyring" >&2; exit 77; }

# mirrors: addresses that the machine's sources name, each once. What its lists know to be Debian's comes first, what they
# know to be something else is left out. Where there are no lists yet, the addresses that an update would ask come next.
mirrors() {
	{
		env -u APT_CONFIG apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)' 'Created-By: Packages' |
			sed -n 's,^Debian|Debian|main|\(.*[^/]\)/*$,\1,p'
		env -u APT_CONFIG apt-get update --print-uris | sed -n "s,^'\(.*\)/dists/[^/]*/InRelease'.*,\1,p"
	} 2>/dev/null | awk '!seen[$0]++'
}

# The rest of the machine's configuration holds: proxies, credentials, retries.
configure() {
	mkdir -p "$apt/state/lists/partial" "$apt/cache/archives/partial" "$apt/debs" || die "cannot write $apt"
	: >"$apt/status"
	cat >"$apt/apt.conf" <<-END
		APT::Architecture "riscv64";
		APT::Architectures { "riscv64"; };
		APT::Sandbox::User "$(id -un)";
		Acquire::Retries "3";
		Dir::State "$apt/state";
		Dir::State::status "$apt/status";
		Dir::Cache "$apt/cache";
		Dir::Etc::SourceList "$apt/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::Etc::Preferences "/dev/null";
		Dir::Etc::PreferencesParts "/dev/null";
	END
	export APT_CONFIG="$apt/apt.conf" LC_ALL=C
}

# update: the lists of the first mirror that has the suite.
update() {
	mirrors >"$apt/mirrors"
	[ -s "$apt/mirrors" ] || die "this machine's apt sources name no mirror of Debian: add one (man sources.list), then make guests again"
	: >"$apt/update.log"
	say "LIST $suite riscv64"
	cp "$apt/sources.list" "$apt/sources.old" 2>/dev/null
	while read -r mirror; do
		echo "deb [arch=riscv64 signed-by=$keyring target=Packages lang=none] $mirror $suite main" >"$apt/sources.list"
		apt-get -q -o APT::Update::Error-Mode=any update >>"$apt/update.log" 2>&1 && return 0
	done <"$apt/mirrors"
	rm -f "$apt/sources.list"
	mv "$apt/sources.old" "$apt/sources.list" 2>/dev/null
	die "no list of $suite from the mirror of this machine's apt sources: connect to the network, then make guests again ($apt/update.log)"
}

# The packages, with the kernel that the metapackage stands for.
names() {
	kernel=$(apt-cache show linux-image-riscv64 2>/dev/null | sed -n 's/^Depends: *\(linux-image-[^ ,]*\).*/\1/p' | head -n 1)
	[ -n "$kernel" ] || return 1
	echo "$kernel busybox-static e2fsck-static opensbi u-boot-qemu debian-installer-13-netboot-riscv64"
}

# wanted: a line for each package, file name and size, as the lists have them.
wanted() {
	# shellcheck disable=SC2046
	apt-get -qq download --print-uris $(names) 2>/dev/null | awk '{ print $2, $3 }'
}

# download: all that is not there yet; apt looks at the digest of each. It works in the folder that it is called in.
download() {
	while read -r file size; do
		[ "$(stat -c %s "$apt/debs/$file" 2>/dev/null)" = "$size" ] || say "GET  $file ($((size / 1000)) kB)"
	done <"$apt/wanted"
	quiet=-qq
	[ ! -t 1 ] || quiet=-q=0
	# shellcheck disable=SC2046
	(cd "$apt/debs" && apt-get $quiet download $(names)) 2>"$apt/download.log"
}

# unpack PACKAGE PATTERN...: the files of the package that the patterns name.
unpack() {
	file=$(grep "^$1" "$apt/wanted" | cut -d ' ' -f 1)
	[ -f "$apt/debs/$file" ] || die "$suite has no package $1"
	shift
	say "UNPACK $(echo "$file" | cut -d _ -f 1,2)"
	dpkg-deb --fsys-tarfile "$apt/debs/$file" | tar -x -C "$out/root.new" --no-same-owner --wildcards "$@" ||
		die "cannot unpack $file into $out/root.new: is the disk full?"
}

unpack_all() {
	rm -rf "$out/root.new"
	mkdir -p "$out/root.new" || die "cannot write $out"
	unpack linux-image- './boot/vmlinu*' '*/kernel/drivers/virtio/*' '*/kernel/drivers/block/virtio*' '*/kernel/fs/ext4/*' \
		'*/kernel/fs/jbd2/*' '*/kernel/fs/mbcache*' '*/kernel/lib/*' '*/kernel/crypto/*' '*/modules.builtin'
	unpack busybox-static './usr/bin/busybox'
	unpack e2fsck-static './usr/sbin/e2fsck.static'
	unpack opensbi './usr/lib/riscv64-linux-gnu/opensbi/*'
	unpack u-boot-qemu './usr/lib/u-boot/qemu-riscv64*'
	unpack debian-installer- '*/debian-installer/riscv64/linux' '*/debian-installer/riscv64/initrd.gz'
	cut -d _ -f 1,2 "$apt/wanted" | tr _ ' ' >"$out/root.new/versions"
	rm -rf "$out/root"
	mv "$out/root.new" "$out/root"
}

configure
[ -s "$apt/sources.list" ] && names >/dev/null || update
wanted >"$apt/wanted"
download || { update && wanted >"$apt/wanted" && download; } ||
	die "a download failed: connect to the network, then make guests again; it goes on where it ended ($apt/download.log)"
unpack_all

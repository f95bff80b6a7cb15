#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install.sh MARK...: installs the packages of packages.txt that are marked so (run, test) and are not there.
#
# By apt-get, with sudo when not root. Exit status 77 when that is impossible; it names the packages then.
set -eu
cd "$(dirname "$0")/.."

wanted=$(for mark; do sed -n "s/^\([^# ]*\) *# $mark:.*/\1/p" packages.txt; done)
missing=$(for package in $wanted; do
	state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || :)
	[ "$state" = installed ] || printf ' %s' "$package"
done)
[ -n "$missing" ] || exit 0

sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
for tool in apt-get $sudo; do
	command -v "$tool" >/dev/null ||
		{ echo "$tool is missing: install these packages by hand:$missing" >&2; exit 77; }
done
apt="$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0"
echo "Installing by apt-get:$missing"
# shellcheck disable=SC2086
$apt install --no-install-recommends $missing >/dev/null 2>&1 || {
	$apt update
	$apt install --no-install-recommends $missing >/dev/null
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# fetch.sh [BASE]           prints the folder of a pristine kernel source, fetching it when it is not there
# fetch.sh --cached [BASE]  prints the one that is there, or nothing
# fetch.sh --bases          bases that are known by name; any other X.Y is asked for as linux-source-X.Y
# BASE is 6.12 unless it is named.  The version of a known base is pinned, so that numbers of two nights
# are of one kernel (6.12's is what our series are written against); when the archive has it no longer,
# the newest of that series, and a line says so.
# The source is Debian's package, through this machine's own apt configuration; where that has no such
# package, a temporary apt state asks other suites at the same mirror.  The system's apt configuration
# is not touched.
set -eu

cache=${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}

# base | version | suite that has it
bases='
6.1  | 6.1.176-1          | bookworm
6.12 | 6.12.117-1~deb12u1 | bookworm-backports
7.2  | 7.2.12-1~bpo13+1   | trixie-backports
7.3  | 7.3.4-1~bpo13+1    | trixie-backports
'
other_suites='trixie-backports testing unstable'

die() { printf 'fetch.sh: %s\n' "$2" >&2; exit "$1"; }

of_base() { printf '%s' "$bases" | awk -F' *[|] *' -v n="$base" -v f="$1" '$1 == n { print $f }'; }

have() { apt-cache show --no-all-versions "$package" >/dev/null 2>&1; }

# "URI keyring" of this machine's own Debian mirror.
mirror() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(CODENAME) $(REPO_URI) $(SIGNED_BY)' 'Created-By: Packages' |
		awk '$1 ~ /^(bookworm|trixie|forky|sid)$/ { print $2, $3; exit }'
}

suite_options() {
	local state=$1 suites=$2 uri key suite
	read -r uri key <<<"$(mirror)"
	[ -n "$uri" ] || die 3 "apt knows no suite with $package; build a kernel tree of yours: --src TREE"
	[ "${key#/}" != "$key" ] || key=/usr/share/keyrings/debian-archive-keyring.gpg
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
	for suite in $suites; do
		echo "deb [signed-by=$key] $uri $suite main"
	done >"$state/sources.list"
	printf '%s\n' -o "Dir::State=$state" -o Dir::State::status=/var/lib/dpkg/status \
		-o "Dir::Cache=$state/cache" -o "Dir::Etc::sourcelist=$state/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root
}

download() {
	local state=$1 suites options=()
	if ! have; then
		suites=$(of_base 3)
		mapfile -t options < <(suite_options "$state" "${suites:-$other_suites}")
		[ "${#options[@]}" -gt 0 ] || exit 3
		apt-get "${options[@]}" update >"$state/log" 2>&1 ||
			die 3 "apt could not read ${suites:-$other_suites}: $(sed -n "s,^[EW]: ,,p" "$state/log" | head -n 1)"
	fi
	if [ -n "$version" ]; then
		(cd "$state" && apt-get "${options[@]}" download "$package=$version" >>"$state/log" 2>&1) && return
		echo "$package $version is not in the archive: taking its newest" >&2
	fi
	(cd "$state" && apt-get "${options[@]}" download "$package" >>"$state/log" 2>&1) ||
		die 3 "base $base: no $package in the archive, or no network; build a kernel tree of yours: --src TREE"
}

folder_of() { echo "$cache/src/linux-$base-$(printf '%s' "$1" | tr ':~+' '---')"; }

cached() {
	if [ -n "$version" ] && [ -d "$(folder_of "$version")" ]; then
		folder_of "$version"
	else
		find "$cache/src" -maxdepth 1 -name "linux-$base-*" -type d 2>/dev/null | sort -V | tail -n 1
	fi
}

main() {
	local deb tree # and state, which the trap reads when main has ended
	mkdir -p "$cache/src"
	exec 9>"$cache/src/lock"
	flock 9
	tree=$(cached)
	if [ -z "$tree" ]; then
		state=$(mktemp -d "$cache/src/fetch.XXXXXX")
		trap 'rm -rf "$state"' EXIT
		echo "fetching $package" >&2
		download "$state"
		deb=$(echo "$state"/"$package"_*.deb)
		tree=$(folder_of "$(dpkg-deb -f "$deb" Version)")
		dpkg-deb -x "$deb" "$state/deb"
		mkdir "$state/tree"
		tar -xf "$state/deb/usr/src/$package.tar.xz" -C "$state/tree" --strip-components=1 ||
			die 3 "$package could not be unpacked below $cache/src"
		mv "$state/tree" "$tree"
	fi
	echo "$tree"
}

what=main
case ${1:-} in
--cached) what=cached; shift ;;
--bases) printf '%s' "$bases" | awk 'NF { print $1 }'; exit ;;
-*) die 2 "usage: fetch.sh [--cached] [BASE] | --bases" ;;
esac
base=${1:-6.12}
case $base in
[0-9]*.[0-9]*) [ "${base//[0-9.]/}" = '' ] || die 2 "base $base: not a version such as 6.12" ;;
*) die 2 "base $base: not a version such as 6.12" ;;
esac
package=linux-source-$base
version=$(of_base 2)
$what

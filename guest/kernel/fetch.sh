#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# fetch.sh            prints the folder of a pristine kernel source tree, fetching it when it is not there
# fetch.sh --cached   prints the one that is there, or nothing
#   FAULTLINE_KERNEL_SRC=DIR   a tree of your own, used as it is
# The version is the one our series are written against, so that numbers of two nights are of one
# kernel; when the archive has it no longer, the newest, and a line says so.
# The source is Debian's package, through this machine's own apt configuration; where only the
# backports suite of a Debian 12 has it, a temporary apt state asks that suite at the same mirror.
# The system's apt configuration is not touched.
set -eu

package=linux-source-6.12
base=6.12.117-1~deb12u1
cache=${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}

die() { printf 'fetch.sh: %s\n' "$2" >&2; exit "$1"; }

have() { apt-cache show --no-all-versions "$package" >/dev/null 2>&1; }

# "URI keyring" of this machine's own bookworm mirror.
mirror() {
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(CODENAME) $(REPO_URI) $(SIGNED_BY)' 'Created-By: Packages' |
		awk '$1 == "bookworm" { print $2, $3; exit }'
}

backports_options() {
	local state=$1 uri key
	read -r uri key <<<"$(mirror)"
	[ -n "$uri" ] || die 3 "apt knows no suite with $package; set FAULTLINE_KERNEL_SRC=DIR to a kernel tree"
	[ -n "$key" ] || key=/usr/share/keyrings/debian-archive-keyring.gpg
	mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
	echo "deb [signed-by=$key] $uri bookworm-backports main" >"$state/sources.list"
	printf '%s\n' -o "Dir::State=$state" -o Dir::State::status=/var/lib/dpkg/status \
		-o "Dir::Cache=$state/cache" -o "Dir::Etc::sourcelist=$state/sources.list" \
		-o Dir::Etc::sourceparts=/dev/null -o APT::Sandbox::User=root
}

download() {
	local state=$1 options=()
	if ! have; then
		mapfile -t options < <(backports_options "$state")
		[ "${#options[@]}" -gt 0 ] || exit 3
		apt-get "${options[@]}" update >"$state/log" 2>&1 ||
			die 3 "apt could not read the backports suite (no network?)"
	fi
	(cd "$state" && apt-get "${options[@]}" download "$package=$base" >>"$state/log" 2>&1) && return
	echo "$package $base is not in the archive: taking its newest" >&2
	(cd "$state" && apt-get "${options[@]}" download "$package" >>"$state/log" 2>&1) ||
		die 3 "apt could not download $package (no network, or no such package)"
}

folder_of() { echo "$cache/src/linux-6.12-$(printf '%s' "$1" | tr ':~+' '---')"; }

cached() {
	if [ -d "$(folder_of "$base")" ]; then
		folder_of "$base"
	else
		find "$cache/src" -maxdepth 1 -name 'linux-6.12-*' -type d 2>/dev/null | sort -V | tail -n 1
	fi
}

main() {
	local deb tree # and state, which the trap reads when main has ended
	if [ -n "${FAULTLINE_KERNEL_SRC:-}" ]; then
		[ -f "$FAULTLINE_KERNEL_SRC/Kbuild" ] || die 2 "FAULTLINE_KERNEL_SRC=$FAULTLINE_KERNEL_SRC is no kernel source tree"
		(cd "$FAULTLINE_KERNEL_SRC" && pwd)
		return
	fi
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
		tar -xf "$state/deb/usr/src/$package.tar.xz" -C "$state/tree" --strip-components=1
		mv "$state/tree" "$tree"
	fi
	echo "$tree"
}

case ${1:-} in
--cached) cached ;;
'') main ;;
*) die 2 "usage: fetch.sh [--cached]" ;;
esac

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# selftests.sh [BASE]   builds the mm selftests of a base's kernel tree, static; prints their folder
# selftests.sh --names  those that are built
# They come from the untouched source, whatever kernel they run on.  They are kept in the cache folder
# by the hash of what shapes them; "current" points at the last ones, where `programs = selftests/NAME`
# of an experiment finds them.
# Tests that a base does not have are left out.
set -eu

# No $(...) around a path of ours: it would take newlines off its end.
here=${BASH_SOURCE[0]%/*}
[ "${here#/}" != "$here" ] || here=$PWD/$here
cache=${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}
names=(cow khugepaged ksm_functional_tests madv_populate map_fixed_noreplace migration mkdirty
	mlock2-tests mremap_dontunmap mremap_test pagemap_ioctl soft-dirty split_huge_page_test
	transhuge-stress uffd-unit-tests)

die() { printf 'selftests.sh: %s\n' "$2" >&2; exit "$1"; }

# Files that every test takes, as this source calls them.
common() {
	local file
	for file in vm_util.c thp_settings.c hugepage_settings.c; do
		[ ! -f "$file" ] || echo "$file"
	done
}

# Sets the files and libraries beside those.
extra() {
	objects=()
	libs=()
	case $1 in
	uffd-unit-tests) objects=(uffd-common.c) ;;
	migration) libs=(-lnuma) ;;
	esac
}

compile() {
	local src=$1 out=$2 headers=$2/headers name objects libs common folder=mm
	make -s -C "$src" O="$headers" headers || return
	mkdir "$headers/config"
	# No liburing: its cases say so and are left out.  A script makes the file under either name.
	tee "$headers/config/local_config.h" "$headers/config/local_config.h_gen" </dev/null
	[ -d "$src/tools/testing/selftests/mm" ] || folder=vm # until 6.3
	cd "$src/tools/testing/selftests/$folder"
	mapfile -t common < <(common)
	for name in "${names[@]}"; do
		[ -f "$name.c" ] || continue
		extra "$name"
		gcc -static -O2 -w -D_GNU_SOURCE -I"$headers/config" -isystem "$headers/usr/include" \
			-include ../kselftest.h -I.. -I../../.. -I../../../../tools/include -o "$out/$name" "$name.c" "${objects[@]}" \
			"${common[@]}" "${libs[@]}" -lpthread -lrt -lm || return
	done
	rm -rf "$headers"
}

main() {
	local src key dir new log
	src=$("$here/fetch.sh" "$1")
	key=$({ basename "$src"; gcc -dumpfullversion; cat "$here/selftests.sh"; } | sha256sum | cut -c1-12)
	dir=$cache/selftests/$key
	mkdir -p "$cache/selftests"
	exec 8>"$cache/selftests/lock"
	flock 8
	if [ ! -d "$dir" ]; then
		new=$dir.new
		log=$dir.log
		rm -rf "$new"
		mkdir "$new"
		echo "building the mm selftests (log: $log)" >&2
		(compile "$src" "$new") >"$log" 2>&1 || {
			grep -E 'error|Error' "$log" | head -n 3 >&2
			die 3 "the selftests did not build (log: $log)"
		}
		mv "$new" "$dir"
		rm -f "$log"
	fi
	ln -sfn "$key" "$cache/selftests/current"
	echo "$dir"
}

case ${1:-} in
--names) printf '%s\n' "${names[@]}" ;;
''|[0-9]*) main "${1:-6.12}" ;;
*) die 2 "usage: selftests.sh [BASE] | --names" ;;
esac

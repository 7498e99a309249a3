#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# build.sh [OPTION...] NAME[@BASE]          builds a guest kernel when it is not there; prints its folder
# build.sh [OPTION...] --print NAME[@BASE]  prints its folder, or exits 1 when it is not built
# build.sh --names                          kernels that can be built
# build.sh --list                           "NAME FOLDER" of those that are, and "NAME@BASE FOLDER"
#   --src TREE      a kernel tree of the user's, as it is; nothing is written there
#   --commit REV    a commit of TREE, whatever is checked out there
#   --series DIR    the *.patch files of DIR, in sorted order, after those of NAME
#   --config FILE   lines of options, laid over NAME's; or a whole configuration in their place
#   --cc PROGRAM    the compiler, instead of gcc
#   --llvm          make LLVM=1: clang, lld and the rest
# Exit status: 2 wrong usage, or patches or options that the source does not take; 3 it does not build,
# or cannot be fetched; 4 nothing can be built here: no space, no compiler.
# BASE is a version that Debian has the source of; 6.12 where none is given.
# A kernel is kept in the cache folder by the hash of all that shapes it: source, config fragment,
# patches, compiler.  Trees and objects are kept in the cache's workshops/, so that the next kernel
# builds only what differs; see docs/reference/kernels.md.
# shellcheck disable=SC2034 # lib/ reads what is set here
set -eu

# No $(...) around a path of ours: it would take newlines off its end.
here=${BASH_SOURCE[0]%/*}
[ "${here#/}" != "$here" ] || here=$PWD/$here
cache=${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}

die() { printf 'build.sh: %s\n' "$2" >&2; exit "$1"; }

for lib in kernels source config series compile workshop meta; do
	# shellcheck source=/dev/null
	. "$here/lib/$lib.sh"
done

# What is asked for, and what find_source, find_patches and choose_compiler make of it.
own_tree='' commit='' series_folder='' config_file='' cc=gcc llvm='' base=6.12
pristine='' version='' git_folder=''

usage() {
	die 2 "usage: build.sh [--src TREE [--commit REV]] [--series DIR] [--config FILE] [--cc PROGRAM] [--llvm] [--print] NAME[@BASE] | --names | --list"
}

take_options() {
	action=build kernel=''
	while [ $# -gt 0 ]; do
		case $1 in
		--src | --commit | --series | --config | --cc)
			[ -n "${2:-}" ] || die 2 "$1 wants a value"
			case $1 in
			--src) own_tree=$2 ;;
			--commit) commit=$2 ;;
			--series) series_folder=$2 ;;
			--config) config_file=$2 ;;
			--cc) cc=$2 ;;
			esac
			shift ;;
		--llvm) llvm=1 ;;
		--print) action=print ;;
		--names | --list) action=${1#--} ;;
		-*) usage ;;
		*)
			[ -z "$kernel" ] || usage
			kernel=$1 ;;
		esac
		shift
	done
	[ -z "$llvm" ] || [ "$cc" != gcc ] || cc=clang
}

# Checks what was asked for, in the order in which a user would mend it.
prepare() {
	[ -n "$kernel" ] || usage
	known "$kernel"
	[ -z "$commit" ] || [ -n "$own_tree" ] || die 2 "--commit $commit: of which tree? --src TREE"
	case $kernel in
	*@*)
		[ -z "$own_tree" ] || die 2 "$kernel: a base is Debian's source, and --src is a tree of yours: leave one out"
		base=${kernel#*@}
		[ "$base" != 6.12 ] || kernel=${kernel%@*} ;;
	esac
	[ -z "$config_file" ] || [ -r "$config_file" ] || die 2 "--config $config_file: cannot be read"
	find_source
	find_patches "$kernel"
	choose_compiler
}

has_space() {
	local free
	free=$(df --output=avail -k "$cache/kernels" | tail -n 1)
	[ "$free" -ge 2000000 ] || die 4 "no space to build a kernel: $((free / 1024)) MB are free below $cache, 2 GB are needed"
}

build() {
	local name=$1 src out dir log root source
	[ -n "$pristine" ] || pristine=$("$here/fetch.sh" "$base")
	version=$(source_version)
	source=$(source_id)
	dir=$(folder "$name")
	mkdir -p "$cache/kernels"
	if ! built "$dir"; then
		need_tools
		has_space
		sweep_roots
		root=$(workshop_root)
		mkdir -p "$root"
		[ -z "$own_tree" ] || echo "${git_folder:-$own_tree}" >"$root/of"
		exec 8>"$root.lock"
		flock 8
	fi
	if built "$dir"; then
		complete_meta "$name" "$dir"
		echo "$dir"
		return
	fi
	log=$dir.log
	enter_workshop "$name" "$root"
	drop_unfinished "$out"
	compile "$name" "$src" "$out" "$log"
	# An object made from what a file was before it changed may be newer than the file: all go.
	[ "$source" = "$(source_id)" ] || {
		mv "$out/.began" "$out/.building"
		die 3 "$pristine changed while it was built: build it again"
	}
	publish "$name" "$out" "$dir" "$log"
	echo "$dir"
}

# A workshop whose options and Kconfig files are as they were has its .config.
is_configured() {
	! in_place && [ -f "$2/.config" ] && [ "$(cat "$2/.configured" 2>/dev/null)" = "$(config_id "$1")" ]
}

make_config() {
	local name=$1 src=$2 out=$3 log=$4
	rm -f "$out/.configured"
	configure "$name" "$src" "$out" >"$log" 2>&1 || {
		if grep -q '^REFUSED' "$log"; then
			echo "$(what_source) does not take these options of $name:" >&2
			sed -n 's/^REFUSED /  /p' "$log" >&2
		else
			tail -n 5 "$log" >&2
		fi
		die 2 "the configuration of $name failed (log: $log)"
	}
	config_id "$name" >"$out/.configured"
}

compile() {
	local name=$1 src=$2 out=$3 log=$4 from_nothing=yes
	[ ! -f "$out/vmlinux" ] || from_nothing=
	touch "$out/.building"
	cp -p "$out/.building" "$out/.began"
	echo "building kernel $name (log: $log)" >&2
	: >"$log"
	is_configured "$name" "$out" || make_config "$name" "$src" "$out" "$log"
	run_make "$src" "$out" "$log" || {
		first_errors "$log" "$src" >&2
		die 3 "kernel $name did not build (log: $log)"
	}
	[ -z "$from_nothing" ] || steps_of "$log" >"$root/steps"
}

print_folder() {
	local dir
	[ -n "$pristine" ] || exit 1
	version=$(source_version)
	dir=$(folder "$kernel")
	built "$dir" || exit 1
	[ -n "$own_tree" ] || complete_meta "$kernel" "$dir"
	echo "$dir"
}

list() {
	local name dir source
	for base in 6.12 $("$here/fetch.sh" --bases | grep -vx 6.12); do
		pristine=$("$here/fetch.sh" --cached "$base")
		[ -n "$pristine" ] || continue
		version=$(source_version)
		source=$(source_id)
		for name in $(names); do
			[ "$base" = 6.12 ] || name=$name@$base
			unset fragment_text
			find_patches "$name"
			dir=$(folder "$name")
			! built "$dir" || echo "$name $dir"
		done
	done
}

take_options "$@"
case $action in
names) names ;;
list) list ;;
print)
	prepare
	print_folder ;;
build)
	prepare
	build "$kernel" ;;
esac

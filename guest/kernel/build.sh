#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# build.sh NAME          builds a guest kernel when it is not there; prints its folder
# build.sh --print NAME  prints its folder, or exits 1 when it is not built
# build.sh --names       kernels that can be built
# build.sh --list        "NAME FOLDER" of those that are
# A kernel is kept in the cache folder by the hash of all that shapes it: source, config fragment,
# patches, compiler.  FAULTLINE_KERNEL_SRC=DIR builds a tree of your own.
set -eu

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}

# NAME | config fragments | folders of patches, in order
kernels='
stock              | config.fragment |
planted-slow       | config.fragment | planted/slow
planted-leak       | config.fragment | planted/leak
planted-nocollapse | config.fragment | planted/nocollapse
'

die() { printf 'build.sh: %s\n' "$2" >&2; exit "$1"; }

field() { printf '%s' "$kernels" | awk -F'|' -v n="$1" -v f="$2" '{ gsub(/[ \t]+$/, "", $1) } $1 == n { print $f }'; }

known() { [ -n "$(field "$1" 2)" ] || die 2 "no kernel $1: one of $(names | tr '\n' ' ')"; }

names() { printf '%s' "$kernels" | awk -F'|' 'NF > 1 { gsub(/[ \t]/, "", $1); print $1 }'; }

patches() {
	local series
	for series in $(field "$1" 3); do
		find "$here/$series" -name '*.patch' | sort
	done
}

source_id() {
	if [ -n "${FAULTLINE_KERNEL_SRC:-}" ]; then
		git -C "$FAULTLINE_KERNEL_SRC" rev-parse HEAD 2>/dev/null || true
		git -C "$FAULTLINE_KERNEL_SRC" diff HEAD 2>/dev/null | sha256sum
		(cd "$FAULTLINE_KERNEL_SRC" && pwd)
	else
		find "$cache/src" -maxdepth 1 -name 'linux-6.12-*' -type d -printf '%f\n' 2>/dev/null | sort -V | tail -n 1
	fi
}

key() {
	{
		source_id
		gcc -dumpfullversion
		(cd "$here" && cat $(field "$1" 2) /dev/null)
		patches "$1" | xargs -r cat
	} | sha256sum | cut -c1-12
}

folder() { echo "$cache/kernels/$1-$(key "$1")"; }

built() { [ -f "$1/meta" ] && [ -f "$1/vmlinux" ]; }

configure() {
	local name=$1 src=$2 out=$3 fragment line
	make -s -C "$src" O="$out" tinyconfig
	for fragment in $(field "$name" 2); do
		"$src/scripts/kconfig/merge_config.sh" -m -O "$out" "$out/.config" "$here/$fragment"
	done
	make -s -C "$src" O="$out" olddefconfig
	for fragment in $(field "$name" 2); do
		while IFS= read -r line; do
			case $line in
			CONFIG_*=n) ! grep -q "^${line%=n}=" "$out/.config" ;;
			CONFIG_*) grep -qxF "$line" "$out/.config" ;;
			esac || { echo "REFUSED $fragment: $line"; return 1; }
		done <"$here/$fragment"
	done
}

# The work tree of a source: hard links, so it costs seconds.  patch(1) and cp put new files in
# place of old ones and never write into the pristine source.
make_tree() {
	local pristine=$1 tree=$2
	[ ! -f "$tree/.series" ] || return 0
	rm -rf "$tree"
	mkdir -p "$(dirname "$tree")"
	cp -al "$pristine" "$tree"
	: >"$tree/.touched"
	echo none >"$tree/.series"
}

# Puts a series in place of the one that is in the tree.  Files of the old one are copied back with
# a new time, so that make builds them again.  Plain patch: neither fuzz nor rejects pass.
switch_series() {
	local pristine=$1 tree=$2 list=$3 file p id
	id=$(printf '%s\n' "$list" | xargs -r cat | sha256sum)
	[ "$(cat "$tree/.series")" != "$id" ] || return 0
	echo changing >"$tree/.series"
	while IFS= read -r file; do
		rm -f "$tree/$file"
		[ ! -e "$pristine/$file" ] || cp "$pristine/$file" "$tree/$file"
	done <"$tree/.touched"
	for p in $list; do
		sed -n 's,^[-+][-+][-+] [ab]/\([^[:space:]]*\).*,\1,p' "$p"
	done | sort -u >"$tree/.touched"
	for p in $list; do
		patch -d "$tree" -p1 --fuzz=0 --no-backup-if-mismatch -s <"$p" >&2 ||
			die 2 "$p does not apply to $pristine"
	done
	echo "$id" >"$tree/.series"
}

# Where a kernel is built: one tree a source, one folder of objects for each configuration of it, so
# that a second series, or the next commit of your own tree, builds only what it touches.
workshop() {
	local pristine=$1
	if [ -n "${FAULTLINE_KERNEL_SRC:-}" ]; then
		echo "$cache/work/own-$(printf '%s' "$pristine" | sha256sum | cut -c1-12)"
	else
		echo "$cache/work/$(basename "$pristine")"
	fi
}

prepare_source() {
	local name=$1 pristine=$2 work=$3 list
	list=$(patches "$name")
	if [ -n "${FAULTLINE_KERNEL_SRC:-}" ] && [ -z "$list" ]; then
		echo "$pristine"
		return
	fi
	make_tree "$pristine" "$work/tree"
	switch_series "$pristine" "$work/tree" "$list"
	echo "$work/tree"
}

# Objects so far against what such a build comes to, every few seconds.
progress() {
	local log=$1 start=$SECONDS done
	while sleep 5; do
		done=$(grep -c '^  [A-Z]' "$log" 2>/dev/null || true)
		if [ -t 2 ]; then
			printf '\r\033[Kkernel: %s of about 1150 steps, %s s' "$done" "$((SECONDS - start))" >&2
		elif [ $(((SECONDS - start) % 30)) -lt 5 ]; then
			printf 'kernel: %s of about 1150 steps, %s s\n' "$done" "$((SECONDS - start))" >&2
		fi
	done
}

compile() {
	local src=$1 out=$2 log=$3 watcher status=0
	progress "$log" &
	watcher=$!
	make -C "$src" O="$out" -j"$(nproc)" KBUILD_BUILD_TIMESTAMP='2026-01-01' KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_USER=faultline KBUILD_BUILD_HOST=faultline vmlinux bzImage \
		>>"$log" 2>&1 || status=$?
	kill "$watcher" 2>/dev/null || true
	wait "$watcher" 2>/dev/null || true
	[ ! -t 2 ] || printf '\r\033[K' >&2
	return "$status"
}

build() {
	local name=$1 pristine src dir out log work
	pristine=$("$here/fetch.sh")
	dir=$(folder "$name")
	work=$(workshop "$pristine")
	mkdir -p "$cache/kernels" "$work"
	exec 8>"$work.lock"
	flock 8
	if built "$dir"; then
		echo "$dir"
		return
	fi
	log=$dir.log
	src=$(prepare_source "$name" "$pristine" "$work")
	out=$work/objects-$( (cd "$here" && gcc -dumpfullversion && cat $(field "$name" 2)) | sha256sum | cut -c1-12)
	mkdir -p "$out"
	echo "building kernel $name (log: $log)" >&2
	configure "$name" "$src" "$out" >"$log" 2>&1 || {
		grep '^REFUSED' "$log" >&2 || tail -n 5 "$log" >&2
		die 2 "the configuration of $name failed (log: $log)"
	}
	compile "$src" "$out" "$log" 8>&- || {
		grep -E 'error:|Error|not clean' "$log" | head -n 5 >&2
		die 3 "kernel $name did not build (log: $log)"
	}
	publish "$name" "$pristine" "$out" "$dir" "$log"
	echo "$dir"
}

publish() {
	local name=$1 src=$2 out=$3 dir=$4 log=$5 new=$4.new
	rm -rf "$new"
	mkdir "$new"
	cp "$out/vmlinux" "$out/System.map" "$new/"
	cp "$out/arch/x86/boot/bzImage" "$new/"
	cp "$out/.config" "$new/config"
	cp "$log" "$new/build.log"
	printf 'name %s\nrelease %s\nsource %s\ngcc %s\n' "$name" "$(cat "$out/include/config/kernel.release")" \
		"$(basename "$src")" "$(gcc -dumpfullversion)" >"$new/meta"
	mv "$new" "$dir"
	rm -f "$log"
}

list() {
	local name dir
	for name in $(names); do
		dir=$(folder "$name")
		! built "$dir" || echo "$name $dir"
	done
}

case ${1:-} in
--names) names ;;
--list) list ;;
--print)
	known "${2:-}"
	dir=$(folder "$2")
	built "$dir" || exit 1
	echo "$dir" ;;
-* | '') die 2 "usage: build.sh NAME | --print NAME | --names | --list" ;;
*)
	known "$1"
	build "$1" ;;
esac

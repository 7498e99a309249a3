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
stock   | config.fragment |
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

# A patched kernel gets a tree of its own; plain patch, and neither fuzz nor rejects pass.
prepare_source() {
	local name=$1 pristine=$2 copy=$3 list p
	list=$(patches "$name")
	if [ -z "$list" ]; then
		echo "$pristine"
		return
	fi
	if [ ! -f "$copy/.patched" ]; then
		rm -rf "$copy"
		cp -a "$pristine" "$copy"
		for p in $list; do
			patch -d "$copy" -p1 --fuzz=0 --no-backup-if-mismatch -s <"$p" >&2 ||
				die 2 "$p does not apply to $pristine"
		done
		touch "$copy/.patched"
	fi
	echo "$copy"
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
	make -C "$src" O="$out" -j"$(nproc)" KBUILD_BUILD_TIMESTAMP='2026-01-01' \
		KBUILD_BUILD_USER=faultline KBUILD_BUILD_HOST=faultline vmlinux bzImage \
		>>"$log" 2>&1 || status=$?
	kill "$watcher" 2>/dev/null || true
	wait "$watcher" 2>/dev/null || true
	[ ! -t 2 ] || printf '\r\033[K' >&2
	return "$status"
}

build() {
	local name=$1 pristine src dir out log
	pristine=$("$here/fetch.sh")
	dir=$(folder "$name")
	mkdir -p "$cache/kernels"
	exec 8>"$cache/kernels/$name.lock"
	flock 8
	if built "$dir"; then
		echo "$dir"
		return
	fi
	out=$dir.build
	log=$dir.log
	mkdir -p "$out"
	src=$(prepare_source "$name" "$pristine" "$dir.src")
	echo "building kernel $name (log: $log)" >&2
	configure "$name" "$src" "$out" >"$log" 2>&1 || {
		grep '^REFUSED' "$log" >&2 || tail -n 5 "$log" >&2
		die 2 "the configuration of $name failed (log: $log)"
	}
	compile "$src" "$out" "$log" 8>&- || {
		grep -E 'error:|Error' "$log" | head -n 5 >&2
		die 3 "kernel $name did not build (log: $log)"
	}
	publish "$name" "$src" "$out" "$dir" "$log"
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
	rm -rf "$out" "$log" "$dir.src"
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

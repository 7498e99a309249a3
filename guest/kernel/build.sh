#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# build.sh NAME          builds a guest kernel when it is not there; prints its folder
# build.sh --print NAME  prints its folder, or exits 1 when it is not built
# build.sh --names       kernels that can be built
# build.sh --list        "NAME FOLDER" of those that are
# A kernel is kept in the cache folder by the hash of all that shapes it: source, config fragment,
# patches, compiler.  FAULTLINE_KERNEL_SRC=DIR builds a tree of your own.  Trees and objects are
# kept in the cache's work/, so that the next kernel builds only what differs; see docs/KERNELS.md.
set -eu

# No $(...) around a path of ours: it would take newlines off its end.
here=${BASH_SOURCE[0]%/*}
[ "${here#/}" != "$here" ] || here=$PWD/$here
cache=${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}

# NAME | config fragments | folders of patches, in order
kernels='
stock              | config.fragment |
patched            | config.fragment | reserve balloon hinting
stock-debug        | config.fragment debug.fragment |
patched-debug      | config.fragment debug.fragment hinting.fragment | reserve balloon hinting
patched-kasan      | config.fragment kasan.fragment hinting.fragment | reserve balloon hinting
reserve            | config.fragment | reserve
balloon            | config.fragment | balloon
hinting            | config.fragment | hinting
planted-slow       | config.fragment | planted/slow
planted-leak       | config.fragment | planted/leak
planted-nocollapse | config.fragment | planted/nocollapse
planted-step       | config.fragment | planted/step
planted-wrong      | config.fragment | planted/wrong
planted-deaf       | config.fragment | planted/deaf
planted-half       | config.fragment | planted/half
planted-watched    | config.fragment | planted/watched
planted-promote-race | config.fragment | reserve planted/promote-race
planted-behind     | config.fragment hinting.fragment behind.fragment | hinting
'

die() { printf 'build.sh: %s\n' "$2" >&2; exit "$1"; }

field() { printf '%s' "$kernels" | awk -F'|' -v n="$1" -v f="$2" '{ gsub(/[ \t]+$/, "", $1) } $1 == n { print $f }'; }

known() { [ -n "$(field "$1" 2)" ] || die 2 "no kernel $1: one of $(names | tr '\n' ' ')"; }

names() { printf '%s' "$kernels" | awk -F'|' 'NF > 1 { gsub(/[ \t]/, "", $1); print $1 }'; }

# The fragments' text; the folder of objects and the kernel's key hang on it.
fragments() { (cd "$here" && field "$1" 2 | xargs cat); }

own() { [ -n "${FAULTLINE_KERNEL_SRC:-}" ]; }

# Paths of patches as they are from here on: these hold no mark of a shell or of xargs.
patches() {
	local series
	for series in $(field "$1" 3); do
		(cd "$here" && find "$series" -name '*.patch' | sort)
	done
}

# The text of patches that are named on stdin.
patch_text() { (cd "$here" && xargs -r cat); }

# What a build, an editor or an index leaves in a tree, by suffix and by name: no source.
products='(^|/)([^/]*~|[^/]*\.(a|asn1\.[ch]|builtin|dtbo?|elf|gcda|gcno|i|ko|lex\.c|ll|lst|mod|mod\.c|o|o\.[^/]*|order'
products+='|orig|rej|s|so|so\.dbg|so\.raw|su|symtypes|tab\.[ch])'
products+='|\.[^/]*\.(cmd|d|sw[a-p])|\.(tmp_|config|vmlinux|version|checked-atomic|missing-syscalls|building|clangd|cache)[^/]*'
products+='|vmlinux(\.(a|bin|bin\.[^/]*|export\.c|map|o|relocs|symvers|unstripped))?|bzImage|System\.map|Module\.symvers|modules\.(builtin[^/]*|order|nsdeps)'
products+='|(vmlinux|module|realmode|vdso[0-9a-z]*)\.lds|tags|TAGS|cscope\.[^/]*|GPATH|GRTAGS|GSYMS|GTAGS|compile_commands\.json)$'
products+='|^(arch/[^/]*/)?include/(config|generated)/|(^|/)(\.git|__pycache__)/'
# What is made by rules of its own: [ch] files, and programs of the build.
made='^(arch/x86/(lib/inat-tables\.c|kernel/cpu/capflags\.c|boot/([a-z]*\.bin|cpustr\.h|mkcpustr|voffset\.h|zoffset\.h'
made+='|tools/build|compressed/(mkpiggy|piggy\.S))|entry/vdso/(vdso-image-[^/]*\.c|vdso2c)|realmode/rm/(pasyms\.h|realmode\.(bin|relocs))'
made+='|tools/(insn_sanity|insn_decoder_test|relocs))|init/utsversion-tmp\.h|lib/(crc(32|64)table\.h|gen_crc[^/.]*'
made+='|oid_registry_data\.c|raid6/((int|altivec|neon|vpermxor)[0-9]+\.c|mktables|tables\.c))|kernel/(config_data(\.gz)?'
made+='|kheaders_data\.tar\.xz|time/timeconst\.h)|drivers/tty/vt/(consolemap_deftbl\.c|defkeymap\.c|conmakehash)'
made+='|scripts/(asn1_compiler|basic/fixdep|extract-cert|gdb/linux/constants\.py|insert-sys-cert|kallsyms|kconfig/[mngq]?conf'
made+='|kconfig/[mngq]conf-(bin|cflags|libs)|mod/(modpost|mk_elfconfig|devicetable-offsets\.h|elfconfig\.h)'
made+='|selinux/[^/]*/(genheaders|mdp)|sign-file|sorttable|target\.json)|security/selinux/(flask|av_permissions)\.h'
made+='|security/apparmor/[a-z]*_names\.h|source|vmlinux-gdb\.py|usr/(gen_init_cpio|initramfs_data\.cpio[^/]*|initramfs_inc_data|include/[^/]*/.*)'
made+='|certs/(extract-cert|signing_key\.[^/]*|x509_[^/]*|blacklist_hash_list|\.x509[^/]*)'
made+='|tools/(objtool/(objtool|fixdep|libsubcmd/.*|arch/x86/lib/.*)|bpf/resolve_btfids/(resolve_btfids|libbpf/.*|libsubcmd/.*)))$'

# Names with a NUL behind each, without those.
only_source() { grep -zvE "$products" | grep -zvE "$made" || true; }

# "NAME SIZE TIME MODE" of files, names as only_source takes them.
stat_files() { sort -z | xargs -0 -r stat -c '%n %s %.9Y %f %N' --; }

# Is it the top of a git tree that has a commit?
in_git() {
	local up
	up=$(git -C "$1" rev-parse --show-cdup 2>/dev/null) && [ -z "$up" ] &&
		git -C "$1" rev-parse -q --verify HEAD >/dev/null 2>&1
}

# What differs from the commit: tracked files by git's own look, untracked ones by their content, and
# ignored ones, which may be the whole source (Debian's ignores everything), by size and time.
changes() {
	git -C "$1" diff --no-ext-diff --no-textconv --no-color --full-index HEAD
	(
		cd "$1"
		git ls-files -z --others --exclude-standard | only_source | sort -z | xargs -0 -r sha256sum --
		git ls-files -z --others --ignored --exclude-standard | only_source | stat_files
	)
}

# What the source is.  A tree of your own is its commit and what differs from it; without git, the
# sizes and times of its files.
source_id() {
	local tree
	if ! own; then
		tree=$("$here/fetch.sh" --cached)
		echo "${tree##*/}"
		return
	fi
	tree=$(cd "$FAULTLINE_KERNEL_SRC" && pwd)
	if in_git "$tree"; then
		git -C "$tree" rev-parse HEAD
		changes "$tree" | sha256sum
	else
		(cd "$tree" && find . \( -type f -o -type l \) -printf '%P\0' | only_source | stat_files | sha256sum)
	fi
	echo "$tree"
}

key() {
	{
		printf '%s\n' "${source:-$(source_id)}"
		gcc -dumpfullversion
		fragments "$1"
		patches "$1" | patch_text
	} | sha256sum | cut -c1-12
}

folder() { echo "$cache/kernels/$1-$(key "$1")"; }

built() { [ -f "$1/meta" ] && [ -f "$1/vmlinux" ]; }

configure() {
	local name=$1 src=$2 out=$3 fragment line
	make -s -C "$src" O="$out" tinyconfig
	for fragment in $(field "$name" 2); do
		(cd "$here" && "$src/scripts/kconfig/merge_config.sh" -m -O "$out" "$out/.config" "$fragment")
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

# Hard links cost seconds and no disk: patch(1) and cp put new files in place of old ones and never
# write into the source.  Another file system, or files of another user, are copied.
link_tree() {
	local from=$1 to=$2
	rm -rf "$to"
	mkdir -p "$to"
	find "$from" -mindepth 1 -maxdepth 1 ! -name .git -exec cp -al -t "$to" {} + 2>/dev/null && return
	rm -rf "$to"
	mkdir -p "$to"
	find "$from" -mindepth 1 -maxdepth 1 ! -name .git -exec cp -a --reflink=auto -t "$to" {} +
}

# The work tree of a source.  A new one has the source's old times, so objects made from whatever was
# there before would pass for newer: they go.  A tree of your own changes between builds and is linked
# anew each time; the list of files that the last series touched lives on.
make_tree() {
	local pristine=$1 work=$2 tree=$2/tree
	if [ ! -f "$tree/.series" ]; then
		rm -rf "$work"/objects-*
		link_tree "$pristine" "$tree"
		: >"$tree/.touched"
	elif own; then
		link_tree "$pristine" "$tree.new"
		cp "$tree/.touched" "$tree.new/.touched"
		rm -rf "$tree"
		mv "$tree.new" "$tree"
	else
		return 0
	fi
	echo none >"$tree/.series"
}

# Files that the change of series left as they were get their time back: make would build all that
# includes them.
keep_times() {
	local tree=$1 old=$2 file
	while IFS= read -r file; do
		! cmp -s "$old/$file" "$tree/$file" || touch -r "$old/$file" "$tree/$file"
	done <"$old/.touched"
	rm -rf "$old"
}

# Puts a series in place of the one that is in the tree.  Files of the old one are copied back with
# a new time, so that make builds them again.  Plain patch: neither fuzz nor rejects pass.
switch_series() {
	local pristine=$1 tree=$2 list=$3 old=$2.old file p id
	id=$(printf '%s\n' "$list" | patch_text | sha256sum)
	[ "$(cat "$tree/.series")" != "$id" ] || return 0
	echo changing >"$tree/.series"
	rm -rf "$old"
	mkdir "$old"
	cp "$tree/.touched" "$old/.touched"
	while IFS= read -r file; do
		[ ! -e "$tree/$file" ] || (cd "$tree" && cp -a --parents "$file" "$old")
		rm -f "$tree/$file"
		[ ! -e "$pristine/$file" ] || {
			mkdir -p "$(dirname "$tree/$file")"
			cp "$pristine/$file" "$tree/$file"
		}
	done <"$tree/.touched"
	for p in $list; do
		sed -n 's,^[-+][-+][-+] [ab]/\([^[:space:]]*\).*,\1,p' "$here/$p"
	done | sort -u >"$tree/.touched"
	for p in $list; do
		patch -d "$tree" -p1 --fuzz=0 --no-backup-if-mismatch -s <"$here/$p" >&2 ||
			die 2 "$p does not apply to $pristine"
	done
	keep_times "$tree" "$old"
	echo "$id" >"$tree/.series"
}

# Where a kernel is built: one tree a source, one folder of objects for each configuration of it, so
# that a second series, or the next commit of your own tree, builds only what it touches.  Your own
# tree is built where it is, and with a series in a linked tree: two paths, so two workshops.
workshop() {
	local name=$1 pristine=$2 series=
	if own; then
		[ -z "$(patches "$name")" ] || series=-series
		echo "$cache/work/own-$(printf '%s' "$pristine" | sha256sum | cut -c1-12)$series"
	else
		echo "$cache/work/$(basename "$pristine")"
	fi
}

prepare_source() {
	local name=$1 pristine=$2 work=$3 list
	list=$(patches "$name")
	if own && [ -z "$list" ]; then
		echo "$pristine"
		return
	fi
	make_tree "$pristine" "$work"
	switch_series "$pristine" "$work/tree" "$list"
	echo "$work/tree"
}

# make deletes what an interrupt left half made.  A kill or a power cut gives it no time for that: an
# object may be there without objtool's pass, or its list of headers cut short, and the rules would
# take it.  The mark stays then, and all that was written since it was set goes; but include/config,
# which kconfig only renames into place and without which every object would be built again.
drop_unfinished() {
	local out=$1
	[ -f "$out/.building" ] || return 0
	find "$out" -path "$out/include/config" -prune -o -type f -newer "$out/.building" -exec rm -f {} +
	rm -f "$out/.building"
}

# Steps so far against those of a build from nothing, every few seconds.
progress() {
	local log=$1 start=$SECONDS steps
	while sleep 5 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
		steps=$(grep -c '^  [A-Z]' "$log" 2>/dev/null || true)
		if [ -t 2 ]; then
			printf '\r\033[Kkernel: %s of at most 1770 steps, %s s' "$steps" "$((SECONDS - start))" >&2
		elif [ $(((SECONDS - start) % 30)) -lt 5 ]; then
			printf 'kernel: %s of at most 1770 steps, %s s\n' "$steps" "$((SECONDS - start))" >&2
		fi
	done
}

compile() {
	local src=$1 out=$2 log=$3 watcher status=0
	progress "$log" 8>&- &
	watcher=$!
	trap : INT
	make -C "$src" O="$out" -j"$(nproc)" KBUILD_BUILD_TIMESTAMP='2026-01-01' KBUILD_BUILD_VERSION=1 \
		KBUILD_BUILD_USER=faultline KBUILD_BUILD_HOST=faultline vmlinux bzImage \
		>>"$log" 2>&1 || status=$?
	[ "$status" = 137 ] || rm -f "$out/.building"
	trap - INT
	kill "$watcher" 2>/dev/null || true
	wait "$watcher" 2>/dev/null || true
	[ ! -t 2 ] || printf '\r\033[K' >&2
	return "$status"
}

build() {
	local name=$1 pristine src dir out log work source
	pristine=$("$here/fetch.sh")
	source=$(source_id)
	dir=$(folder "$name")
	if built "$dir"; then
		complete_meta "$name" "$dir" "$pristine"
		echo "$dir"
		return
	fi
	work=$(workshop "$name" "$pristine")
	mkdir -p "$cache/kernels" "$work"
	exec 8>"$work.lock"
	flock 8
	if built "$dir"; then
		echo "$dir"
		return
	fi
	log=$dir.log
	src=$(prepare_source "$name" "$pristine" "$work")
	out=$work/objects-$( { gcc -dumpfullversion && fragments "$name"; } | sha256sum | cut -c1-12)
	mkdir -p "$out"
	drop_unfinished "$out"
	touch "$out/.building"
	cp -p "$out/.building" "$out/.began"
	echo "building kernel $name (log: $log)" >&2
	configure "$name" "$src" "$out" >"$log" 2>&1 || {
		grep '^REFUSED' "$log" >&2 || tail -n 5 "$log" >&2
		die 2 "the configuration of $name failed (log: $log)"
	}
	compile "$src" "$out" "$log" || {
		grep -E 'error:|Error|not clean' "$log" | head -n 5 >&2
		die 3 "kernel $name did not build (log: $log)"
	}
	# An object made from what a file was before it changed may be newer than the file: all go.
	[ "$source" = "$(source_id)" ] || {
		mv "$out/.began" "$out/.building"
		die 3 "$pristine changed while it was built: build it again"
	}
	publish "$name" "$pristine" "$out" "$dir" "$log"
	echo "$dir"
}

# VERSION.PATCHLEVEL.SUBLEVEL and what follows, as the tree's Makefile has them.
base_version() {
	awk -F' *= *' '
		/^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *=/ { v[$1] = $2 }
		/^NAME *=/ { exit }
		END { if (v["VERSION"] != "") print v["VERSION"] "." v["PATCHLEVEL"] "." v["SUBLEVEL"] v["EXTRAVERSION"] }
	' "$1/Makefile"
}

# Where a kernel comes from, "KEY VALUE" lines; what is not known is left out.  All of it follows from
# what its key was made of.
facts() {
	local name=$1 src=$2 dir=$3 base dirty=no
	base=$(base_version "$src")
	printf 'name %s\nrelease %s\n' "$name" "$4"
	own && printf 'source %s\n' "$src" || printf 'source %s\n' "$(basename "$src")"
	[ -z "$base" ] || printf 'base %s\n' "$base"
	if own && in_git "$src"; then
		[ -z "$(changes "$src" | head -c 1)" ] || dirty=yes
		printf 'commit %s\ndirty %s\n' "$(git -C "$src" rev-parse HEAD)" "$dirty"
	fi
	printf 'series %s\n' "$(field "$name" 3 | xargs)"
	[ -z "$(patches "$name")" ] ||
		printf 'series_hash %s\n' "$(patches "$name" | patch_text | sha256sum | cut -d' ' -f1)"
	printf 'fragments %s\ncompiler %s\n' "$(field "$name" 2 | xargs)" "$(gcc --version | head -n 1)"
	printf 'config_hash %s\n' "$(config_lines "$dir/config" | sha256sum | cut -d' ' -f1)"
}

# What counts in a configuration: comments tell the time and the program that wrote it.
config_lines() { grep -E '^(CONFIG_[A-Za-z0-9_]+=|# CONFIG_[A-Za-z0-9_]+ is not set$)' "$1" || true; }

# A kernel that an older build.sh left has a short meta; its key says the rest.
complete_meta() {
	local name=$1 dir=$2 src=$3
	! grep -q '^fragments ' "$dir/meta" && [ -w "$dir" ] || return 0
	facts "$name" "$src" "$dir" "$(sed -n 's/^release //p' "$dir/meta")" >"$dir/meta.$$" &&
		mv "$dir/meta.$$" "$dir/meta"
}

publish() {
	local name=$1 src=$2 out=$3 dir=$4 log=$5 new=$4.new
	rm -rf "$new"
	mkdir "$new"
	cp "$out/vmlinux" "$out/System.map" "$new/"
	cp "$out/arch/x86/boot/bzImage" "$new/"
	cp "$out/.config" "$new/config"
	cp "$log" "$new/build.log"
	facts "$name" "$src" "$new" "$(cat "$out/include/config/kernel.release")" >"$new/meta"
	mv "$new" "$dir"
	rm -f "$log"
}

list() {
	local name dir source
	source=$(source_id)
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
	own || complete_meta "$2" "$dir" "$("$here/fetch.sh" --cached)"
	echo "$dir" ;;
-* | '') die 2 "usage: build.sh NAME | --print NAME | --names | --list" ;;
*)
	known "$1"
	build "$1" ;;
esac

# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The compiler, make, and what a build says while it runs.

# Sets make_options.
choose_compiler() {
	make_options=()
	[ "$cc" = gcc ] || make_options+=("CC=$cc")
	[ -z "$llvm" ] || make_options+=(LLVM=1)
}

need_tools() {
	local tool
	for tool in "$cc" make flex bison bc patch ${llvm:+ld.lld llvm-ar}; do
		command -v "$tool" >/dev/null || die 4 "no $tool: a kernel needs gcc (or --cc), make, flex, bison, bc, patch and libelf-dev"
	done
}

# The compiler as it enters the key; gcc's own version and no more, as it always was.
compiler_id() {
	if [ "$cc" = gcc ]; then
		gcc -dumpfullversion
	else
		"$cc" --version | head -n 1
		[ -z "$llvm" ] || echo LLVM=1
	fi
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

steps_of() { grep -c '^  [A-Z]' "$1" 2>/dev/null || true; }

# "37 steps" or "37 of about 1876 steps", as long as they are not exceeded.
steps_done() {
	local steps=$1 all=$2
	if [ -n "$all" ] && [ "$steps" -le "$all" ]; then
		echo "$steps of about $all steps"
	else
		echo "$steps steps"
	fi
}

# As many as the source's last build from nothing took; when some is built, what is left is not known.
steps_expected() {
	[ -f "$1/vmlinux" ] || cat "$root/steps" 2>/dev/null || echo 1800
}

progress() {
	local log=$1 all=$2 start=$SECONDS
	while sleep 5 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
		if [ -t 2 ]; then
			printf '\r\033[Kkernel: %s, %s s' "$(steps_done "$(steps_of "$log")" "$all")" "$((SECONDS - start))" >&2
		elif [ $(((SECONDS - start) % 30)) -lt 5 ]; then
			printf 'kernel: %s, %s s\n' "$(steps_done "$(steps_of "$log")" "$all")" "$((SECONDS - start))" >&2
		fi
	done
}

run_make() {
	local src=$1 out=$2 log=$3 watcher all status=0
	all=$(steps_expected "$out")
	progress "$log" "$all" 8>&- &
	watcher=$!
	trap : INT
	make -C "$src" O="$out" "${make_options[@]}" -j"$(nproc)" KBUILD_BUILD_TIMESTAMP='2026-01-01' \
		KBUILD_BUILD_VERSION=1 KBUILD_BUILD_USER=faultline KBUILD_BUILD_HOST=faultline vmlinux bzImage \
		>>"$log" 2>&1 || status=$?
	[ "$status" = 137 ] || rm -f "$out/.building"
	trap - INT
	kill "$watcher" 2>/dev/null || true
	wait "$watcher" 2>/dev/null || true
	[ ! -t 2 ] || printf '\r\033[K' >&2
	return "$status"
}

# What the compiler, the linker or make found wrong: the first lines that name a place.
first_errors() {
	local log=$1 src=$2 lines
	lines=$(grep -E ':[0-9]+(:[0-9]+)?: (fatal )?error:|undefined reference|multiple definition|not clean|No space left' "$log" | head -n 5 || true)
	[ -n "$lines" ] || lines=$(grep -E 'rror|\*\*\*' "$log" | head -n 5 || true)
	printf '%s\n' "$lines" | awk -v src="$src/" '{ while (i = index($0, src)) $0 = substr($0, 1, i - 1) substr($0, i + length(src)); print "  " $0 }'
}

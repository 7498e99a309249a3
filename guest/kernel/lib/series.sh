# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The patches of a kernel: those of its series, then those of --series.

# Sets patches: absolute paths in order.
find_patches() {
	local series list
	patches=()
	for series in $(field "$1" 3); do
		mapfile -d '' list < <(find "$here/$series" -name '*.patch' -print0 | sort -z)
		patches+=("${list[@]}")
	done
	[ -n "$series_folder" ] || return 0
	[ -d "$series_folder" ] || die 2 "--series $series_folder: no such folder"
	series_folder=$(cd "$series_folder" && pwd)
	mapfile -d '' list < <(find "$series_folder" -maxdepth 1 -name '*.patch' -print0 | LC_ALL=C sort -z)
	[ "${#list[@]}" -gt 0 ] || die 2 "--series $series_folder: it holds no file *.patch"
	patches+=("${list[@]}")
}

patch_text() { [ "${#patches[@]}" = 0 ] || cat "${patches[@]}"; }

# Files that a patch names, by stdin.
patched_files() { sed -nE 's,^([-+]{3} [ab]/|rename (from|to) )([^[:space:]]*).*,\3,p' | sort -u; }

# "HASH FILE" of each file that a patch names, a patch after another: what two kernels differ in.
patch_list() {
	local p hash
	for p in "${patches[@]}"; do
		hash=$(sha256sum <"$p" | cut -c1-16)
		patched_files <"$p" | sed "s/^/$hash /"
	done | sort -u
}

# Plain patch: neither fuzz nor rejects pass.
apply_patches() {
	local tree=$1 p said
	for p in "${patches[@]}"; do
		said=$(patch -d "$tree" -p1 --fuzz=0 --no-backup-if-mismatch --force -s -r - <"$p" 2>&1) ||
			die 2 "${p##*/} does not apply to $(what_source): $(refused_file "$tree" "$p" "$said")"
	done
}

# The file of the first hunk that failed, as patch says it.
refused_file() {
	local tree=$1 p=$2 said=$3 file
	file=$(patch -d "$tree" -p1 --fuzz=0 --force --dry-run -r - <"$p" 2>&1 |
		awk '/^(patching|checking) file / { sub(/^[a-z]+ file /, ""); file = $0 }
			/^can.t find file/ { lost = 1 }
			lost && /^[|][+][+][+] b\// { sub(/^[|][+][+][+] b\//, ""); print $1 ", which is not there"; exit }
			/FAILED|ignored|malformed/ && file { print file; exit }')
	if [ -n "$file" ]; then
		echo "$file"
	else
		printf '%s\n' "$said" | head -n 1
	fi
}

# The source in words.
what_source() {
	if [ -n "$commit" ]; then
		echo "commit ${commit:0:12} of $own_tree"
	elif [ -n "$own_tree" ]; then
		echo "$own_tree"
	else
		basename "$pristine"
	fi
}

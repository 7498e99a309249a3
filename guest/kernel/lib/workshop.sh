# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Where a kernel is built.  Objects hold the absolute paths of their source and of themselves, and make
# builds what is older than its source.  So all workshops of one source are built at one path, ROOT/at,
# and stand in ROOT/kept when another is there: a rename costs nothing, and going back to a series
# builds nothing.  A new workshop is a copy of the nearest one, in which only the files that differ
# have a new time.
#
# A workshop holds tree/ (hard links, next to no disk), objects/ (250 MB), and these files:
#   id       of the series, the commit and the configuration
#   config   id of the configuration alone, whose compiler and options are in
#   options
#   patches  "HASH FILE" of each file that a patch names
#   commit   that the tree was made of, or nothing

workshops_of_config=3 # that are kept for one configuration of a source; besides the one without patches
workshops_of_root=10

digest() { sha256sum | cut -c1-12; }

# ROOT of a source.
workshop_root() {
	if [ -n "$commit" ]; then
		echo "$cache/workshops/commits-$(printf '%s' "$git_folder" | digest)"
	elif [ -n "$own_tree" ]; then
		echo "$cache/workshops/own-$(printf '%s' "$own_tree" | digest)"
	else
		echo "$cache/workshops/$(basename "$pristine")"
	fi
}

config_text() { compiler_id; fragments "$1"; }

config_id() { config_text "$1" | digest; }

workshop_id() { { config_text "$1"; patch_text; echo "$commit"; } | digest; }

# Workshops of trees that are gone go, too.
sweep_roots() {
	local root
	for root in "$cache"/workshops/*; do
		[ ! -f "$root/of" ] || [ -e "$(cat "$root/of")" ] || rm -rf "$root" "$root.lock"
	done
}

# The user's tree as it is, without a series of ours, is built where it is.
in_place() { [ -n "$own_tree" ] && [ -z "$commit" ] && [ "${#patches[@]}" = 0 ]; }

# Hard links cost seconds and no disk: patch(1), git and cp put new files in place of old ones and
# never write into the source.  Another file system, or files of another user, are copied.
link_tree() {
	local from=$1 to=$2
	rm -rf "$to"
	mkdir -p "$to"
	find "$from" -mindepth 1 -maxdepth 1 ! -name .git -exec cp -al -t "$to" {} + 2>/dev/null && return
	rm -rf "$to"
	mkdir -p "$to"
	find "$from" -mindepth 1 -maxdepth 1 ! -name .git -exec cp -a --reflink=auto -t "$to" {} + ||
		die 3 "$from could not be copied to $to"
}

# A commit's files by git's store alone, into an index of ours; --stdin -z or -a of checkout-index.
from_commit() {
	local tree=$1
	shift
	(
		export GIT_INDEX_FILE=$tree.index
		user_git read-tree "$commit" &&
			user_git --work-tree="$tree" checkout-index -f -q "$@"
	) || die 3 "commit $commit of $own_tree could not be written to $tree"
	rm -f "$tree.index"
}

commit_files() {
	user_git diff-tree -r -z --no-renames --name-only "$@" "$commit"
}

# Files that differ between a workshop and what is wanted, as their patches and commits name them.
differing() {
	local near=$1
	sort "$near/patches" "$new/patches" | uniq -u | cut -d' ' -f2-
	[ -z "$commit" ] || commit_files "$(cat "$near/commit")" | tr '\0' '\n'
}

# A header counts for the many objects that include it, and so does an option.
distance() {
	{
		diff "$1/options" "$new/options" 2>/dev/null | grep -E '^[<>] CONFIG_' | sed 's,$,.h,'
		differing "$1" | sort -u
	} | awk '{ n += /\.h$/ ? 100 : 1 } END { print n + 0 }'
}

# Another compiler, and options by the dozen, leave nothing that can be taken over.
is_near() {
	[ -d "$1/objects" ] && [ ! -f "$1/objects/.building" ] || return 1
	! cmp -s "$1/config" "$new/config" || return 0
	[ -f "$1/options" ] || return 1
	[ "$(head -n 1 "$1/options")" = "$(head -n 1 "$new/options")" ] &&
		[ "$(diff "$1/options" "$new/options" | grep -cE '^[<>] CONFIG_')" -lt 12 ]
}

# The nearest finished workshop; "" when there is none.
nearest() {
	local root=$1 w d best='' least=
	for w in "$root"/kept/*; do
		is_near "$w" || continue
		[ -z "$commit" ] || user_git cat-file -e "$(cat "$w/commit")" 2>/dev/null || continue
		d=$(distance "$w")
		[ -z "$least" ] || [ "$d" -lt "$least" ] || continue
		least=$d
		best=$w
	done
	echo "$best"
}

# Writes the files of stdin (NUL-ended) as the source has them; what it has not goes.
restore() {
	local tree=$1 file have=()
	while IFS= read -r -d '' file; do
		rm -rf "${tree:?}/$file"
		if [ -n "$commit" ]; then
			! user_git cat-file -e "$commit:$file" 2>/dev/null || have+=("$file")
		elif [ -e "$pristine/$file" ]; then
			mkdir -p "$(dirname "$tree/$file")"
			cp "$pristine/$file" "$tree/$file"
		fi
	done
	[ "${#have[@]}" = 0 ] || printf '%s\0' "${have[@]}" | from_commit "$tree" -z --stdin
}

# Files that are as the nearest workshop has them get their time back: make would build all that
# includes them.
keep_times() {
	local tree=$1 old=$2 file
	while IFS= read -r file; do
		[ ! -f "$tree/$file" ] || ! cmp -s "$old/$file" "$tree/$file" || touch -r "$old/$file" "$tree/$file"
	done
}

# The tree of a new workshop, next to the tree of an old one or from nothing.
make_tree() {
	local tree=$1 near=$2 touched=$new/touched
	if [ -n "$commit" ] && [ -n "$near" ]; then
		link_tree "$near/tree" "$tree"
	elif [ -n "$commit" ]; then
		mkdir -p "$tree"
		from_commit "$tree" -a
	else
		link_tree "$pristine" "$tree"
	fi
	{
		[ -z "$near" ] || cut -d' ' -f2- "$near/patches" | tr '\n' '\0'
		[ -z "$commit" ] || [ -z "$near" ] || commit_files "$(cat "$near/commit")"
	} | sort -zu >"$touched"
	restore "$tree" <"$touched"
	apply_patches "$tree"
	[ -z "$near" ] || { tr '\0' '\n' <"$touched"; cut -d' ' -f2- "$new/patches"; } | sort -u |
		keep_times "$tree" "$near/tree"
	rm -f "$touched"
}

# May its .config be another than the one that was made for the nearest one?
other_options() {
	! cmp -s "$1/config" "$new/config" || differing "$1" | grep -q Kconfig
}

# A new workshop in ROOT/new: whole, or not there.
make_workshop() {
	local root=$1 config=$2 near
	new=$root/new
	rm -rf "$new"
	mkdir -p "$new"
	trap 'rm -rf "$new"' EXIT
	patch_list >"$new/patches"
	config_text "$name" >"$new/options"
	echo "$config" >"$new/config"
	echo "$commit" >"$new/commit"
	near=$(nearest "$root")
	make_tree "$new/tree" "$near"
	if [ -n "$near" ]; then
		cp -a --reflink=auto "$near/objects" "$new/objects" || die 4 "no space for another kernel's objects in $root"
		! other_options "$near" || rm -f "$new/objects/.configured"
	else
		mkdir "$new/objects"
	fi
	trap - EXIT
}

# A tree of the user's changes between builds: it is linked anew, and its objects live on.
renew_tree() {
	local at=$1
	new=$1
	rm -rf "$at/old"
	mkdir "$at/old"
	mv "$at/tree" "$at/old/tree"
	cp "$at/patches" "$at/old/patches"
	rm -f "$at/objects/.configured"
	make_tree "$at/tree" "$at/old"
	rm -rf "$at/old"
}

put_aside() {
	local root=$1
	[ -d "$root/at" ] || return 0
	mkdir -p "$root/kept"
	if [ -f "$root/at/id" ] && [ -d "$root/at/tree" ]; then
		rm -rf "$root/kept/$(cat "$root/at/id")"
		mv "$root/at" "$root/kept/$(cat "$root/at/id")"
	else
		rm -rf "$root/at"
	fi
}

# Sets src and out, and puts the kernel's workshop there.
enter_workshop() {
	local name=$1 root=$2 id config
	config=$(config_id "$name")
	if in_place; then
		src=$own_tree
		out=$root/objects-$config
		mkdir -p "$out"
		return
	fi
	id=$(workshop_id "$name")
	src=$root/at/tree
	out=$root/at/objects
	if [ "$(cat "$root/at/id" 2>/dev/null)" != "$id" ] || [ ! -d "$src" ]; then
		put_aside "$root"
		if [ -d "$root/kept/$id" ]; then
			mv "$root/kept/$id" "$root/at"
		else
			make_workshop "$root" "$config"
			echo "$id" >"$new/id"
			mv "$new" "$root/at"
			drop_workshops "$root"
			return
		fi
	fi
	touch "$root/at"
	[ -z "$own_tree" ] || [ -n "$commit" ] || renew_tree "$root/at"
}

# The least recently used workshops go: of one configuration, then of the source.  The one without
# patches goes last: it is what the others are made from.
drop_workshops() {
	local root=$1 config w
	cat "$root"/kept/*/config 2>/dev/null | sort -u | while IFS= read -r config; do
		while IFS= read -r w; do
			[ ! -s "$w/patches" ] && [ -z "$commit" ] || echo "$w"
		done < <(used_last "$root" "$config") | tail -n +"$((workshops_of_config + 1))"
	done | remove_workshops
	used_last "$root" '.*' | tail -n +"$workshops_of_root" | remove_workshops
}

used_last() {
	local root=$1 config=$2 w
	find "$root/kept" -mindepth 1 -maxdepth 1 -type d -printf '%T@ %p\n' 2>/dev/null | sort -rn | cut -d' ' -f2- |
		while IFS= read -r w; do
			! grep -qsx "$config" "$w/config" || echo "$w"
		done
}

remove_workshops() {
	local w
	while IFS= read -r w; do
		rm -rf "$w"
	done
}

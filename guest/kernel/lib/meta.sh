# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The folder of a built kernel, and what it says of where the kernel comes from.

# Of all that shapes a kernel.  For one of 6.12 without any option it is what it has always been.
key() {
	{
		printf '%s\n' "${source:-$(source_id)}"
		compiler_id
		fragments "$1"
		patch_text
	} | digest
}

folder() { echo "$cache/kernels/$1-$(key "$1")"; }

built() { [ -f "$1/meta" ] && [ -f "$1/vmlinux" ]; }

series_names() {
	local name=$1 own=
	[ -z "$series_folder" ] || own=$(basename "$series_folder")
	echo "$(field "$name" 3) $own" | xargs
}

# Where a kernel comes from, "KEY VALUE" lines; what is not known is left out.  All of it follows from
# what its key was made of.
facts() {
	local name=$1 dir=$2 release=$3 dirty=no place stands
	printf 'name %s\nrelease %s\n' "$name" "$release"
	[ -n "$own_tree" ] && printf 'source %s\n' "$own_tree" || printf 'source %s\n' "$(basename "$pristine")"
	[ -z "$version" ] || printf 'base %s\n' "$version"
	if [ -n "$commit" ]; then
		printf 'commit %s\ndirty no\n' "$commit"
	elif [ -n "$own_tree" ] && in_git; then
		[ -z "$(changes | head -c 1)" ] || dirty=yes
		printf 'commit %s\ndirty %s\n' "$(user_git rev-parse HEAD)" "$dirty"
	fi
	printf 'series %s\n' "$(series_names "$name")"
	[ "${#patches[@]}" = 0 ] || printf 'series_hash %s\n' "$(patch_text | sha256sum | cut -d' ' -f1)"
	place=$(field "$name" 2 | xargs)
	! is_whole || place=${place/config.fragment/guest.fragment}
	printf 'fragments %s\ncompiler %s\n' "$place${config_file:+ $config_file}" "$("$cc" --version | head -n 1)"
	printf 'config_hash %s\n' "$(config_lines "$dir/config" | sha256sum | cut -d' ' -f1)"
	stands=$(taken "$name" "$dir/config")
	[ -z "$stands" ] || printf 'taken %s\n' "$stands"
}

# What counts in a configuration: comments tell the time and the program that wrote it.
config_lines() { grep -E '^(CONFIG_[A-Za-z0-9_]+=|# CONFIG_[A-Za-z0-9_]+ is not set$)' "$1" || true; }

# A kernel that an older build.sh left has a short meta; its key says the rest.
complete_meta() {
	local name=$1 dir=$2
	! grep -q '^fragments ' "$dir/meta" && [ -w "$dir" ] || return 0
	facts "$name" "$dir" "$(sed -n 's/^release //p' "$dir/meta")" >"$dir/meta.$$" &&
		mv "$dir/meta.$$" "$dir/meta"
}

publish() {
	local name=$1 out=$2 dir=$3 log=$4 new=$3.new
	rm -rf "$new"
	mkdir "$new"
	cp "$out/vmlinux" "$out/System.map" "$new/"
	cp "$out/arch/x86/boot/bzImage" "$new/"
	cp "$out/.config" "$new/config"
	cp "$log" "$new/build.log"
	facts "$name" "$new" "$(cat "$out/include/config/kernel.release")" >"$new/meta"
	mv "$new" "$dir"
	rm -f "$log"
}

# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The series of free page hinting: its style.

test_hinting_patches_are_in_kernel_style() {
	local src
	src=$("$root/guest/kernel/fetch.sh")
	perl "$src/scripts/checkpatch.pl" --strict --no-tree --quiet --terse --show-types \
		--ignore FILE_PATH_CHANGES,OPEN_ENDED_LINE \
		"$root"/guest/kernel/hinting/*.patch >out 2>&1 || true
	# TRACE_EVENT() has a style of its own.
	grep -v 'tracepoints.*PARENTHESIS_ALIGNMENT' out | grep -E '(ERROR|WARNING|CHECK):' >bad || true
	[ ! -s bad ] || fail "$(cat bad)"
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Layout by .clang-format, and files short enough to be read.
set -u
cd "$(dirname "$0")/../.."
bad=0
mapfile -t files < <(git ls-files --cached --others --exclude-standard '*.c' '*.h')

if command -v clang-format >/dev/null; then
	printf '%s\n' "${files[@]}" | xargs -P "$(nproc)" -n 1 sh -c \
		'clang-format --dry-run -Werror "$0" 2>/dev/null || { echo "$0: clang-format -i changes it"; exit 1; }' ||
		bad=1
else
	echo 'format: no clang-format here, layout not checked' >&2
fi
for f in "${files[@]}"; do
	lines=$(wc -l <"$f")
	[ "$lines" -le 520 ] || { echo "$f: $lines lines, more than about 500"; bad=1; }
done
exit "$bad"

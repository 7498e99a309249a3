#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Every source says its licence; no file names a folder of somebody's machine.
set -u
cd "$(dirname "$0")/../.."
bad=0

while IFS= read -r f; do
	head -n 3 "$f" | grep -q 'SPDX-License-Identifier: GPL-2.0' || { echo "$f: no SPDX line"; bad=1; }
done < <(git ls-files --cached --others --exclude-standard '*.c' '*.h' '*.sh' '*.mk' '*.sql' '*.gp' Makefile)

# /home/NAME and /work/NAME are folders of a machine; results and recorded files tell of theirs.
git ls-files --cached --others --exclude-standard |
	grep -vE '^(results/|tests/(data|fuzz/corpus|unit/data)/|LICENSE$|tests/check/texts\.sh$)' |
	while IFS= read -r f; do [ -f "$f" ] && printf '%s\0' "$f"; done |
	xargs -0 grep -InE '(^|[^A-Za-z0-9_.])/(home|work|Users)/[a-z]' && bad=1
exit "$bad"

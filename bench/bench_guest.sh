#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Boot to the workload's start, and points a minute: medians of fresh guests that do nothing.
set -eu
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/boot.ini" <<'INI'
[experiment]
name = boot
repeat = 11
[workload nothing]
run = busybox true
INI
start=$(date +%s.%N)
FAULTLINE_RESULTS=$dir build/faultline run "$dir/boot.ini" --jobs 1 >/dev/null 2>&1
end=$(date +%s.%N)
FAULTLINE_RESULTS=$dir build/faultline show latest --format json |
	awk '/"wall_s"/ { gsub(/[^0-9.]/, ""); print }' | sort -n |
	awk '{ v[NR] = $1 } END { printf "guest   boot, an empty workload, end: %.2f s median (%.2f to %.2f)\n", v[int((NR + 1) / 2)], v[1], v[NR] }'
echo "$start $end" | awk '{ printf "points  %.0f a minute, report included\n", 11 * 60 / ($2 - $1) }'
for p in "$dir"/boot-*/point-0001/console.log; do
	echo "console of the first boot, the kernel's own clock (what the time goes to):"
	sed 's/^/  /' "$p"
done

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# How exact is the instruction clock?  Every workload of bench/nightly.ini, BOOTS fresh guests each:
# a half on an idle host, a half on one that stress-ng loads, and two that boot instead of being
# restored.  Prints the spread of each workload's instructions: 0 is what is wanted.
#   bench/bench_exact.sh [BOOTS]
set -eu
cd "$(dirname "$0")/.."
boots=${1:-20}
dir=$(mktemp -d)
load=
trap '[ -z "$load" ] || kill "$load" 2>/dev/null; rm -rf "$dir"' EXIT
export FAULTLINE_RESULTS=$dir/results

measure() {
	build/faultline run "$@" >/dev/null 2>"$dir/log" || { tail -n 3 "$dir/log" >&2; exit 1; }
}

# Huge pages at every fault and none: the other settings are khugepaged's and reservations'.
sed '/^\[settings mainline\]/,/^\[workload page_fault1\]/{/^\[workload/!d}' bench/nightly.ini >"$dir/exact.ini"
sed 's/^clock .*/&\nstart = boot/' "$dir/exact.ini" >"$dir/cold.ini"
measure "$dir/exact.ini" --repeat $((boots / 2))
stress-ng --cpu "$(nproc)" --vm 1 --vm-bytes 256m --timeout 3600 >/dev/null 2>&1 &
load=$!
measure "$dir/exact.ini" --repeat $((boots - boots / 2))
kill "$load"
wait "$load" 2>/dev/null || true
load=
measure "$dir/cold.ini" --repeat 2

printf '%-14s %-7s %6s %7s %14s %8s %10s %9s %9s\n' workload thp boots counts insn spread percent 's/point' 's/boot'
sqlite3 -separator ' ' "$dir/results/faultline.db" "
SELECT p.workload_name, s.value, count(*), count(DISTINCT m.value), printf('%d', min(m.value)),
       printf('%d', max(m.value) - min(m.value)),
       printf('%.5f', 100 * (max(m.value) - min(m.value)) / min(m.value)),
       printf('%.2f', avg(CASE p.start WHEN 'restore' THEN p.wall_s END)),
       printf('%.2f', avg(CASE p.start WHEN 'boot' THEN p.wall_s END))
FROM point p JOIN metric m ON m.point = p.id AND m.name = 'workload_time'
JOIN setting s ON s.point = p.id AND s.name = 'thp.enabled'
WHERE p.status = 'ok' GROUP BY 1, 2 ORDER BY 1, 2" |
	while read -r name thp n counts insn spread percent restored booted; do
		printf '%-14s %-7s %6s %7s %14s %8s %10s %9s %9s\n' "$name" "$thp" "$n" "$counts" \
			"$insn" "$spread" "$percent" "$restored" "$booted"
	done

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Every test, stage by stage; a failed stage does not hide the others.
# Ends with one line "N passed, N failed".
set -u
cd "$(dirname "$0")/.."

passed=0
failed=0
jobs=$(nproc)
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# Adds what a stage printed: Criterion's synthesis lines or "N passed, N failed" lines.
count() {
	local p f
	p=$(sed -n 's/.*Passing: \([0-9]*\) .*/\1/p; s/^\([0-9]*\) passed, [0-9]* failed$/\1/p' "$log" |
		awk '{ s += $1 } END { print s + 0 }')
	f=$(sed -n 's/.*Failing: \([0-9]*\) | Crashing: \([0-9]*\).*/\1 \2/p; s/^[0-9]* passed, \([0-9]*\) failed$/\1 0/p' "$log" |
		awk '{ s += $1 + $2 } END { print s + 0 }')
	passed=$((passed + p))
	failed=$((failed + f))
	echo "$p $f"
}

stage() {
	local name=$1 status got start=$SECONDS
	shift
	printf '== %s\n' "$name"
	"$@" 2>&1 | sed 's/\x1b\[[0-9;]*m//g' | tee "$log" | sed -u '/Passing: /d; /^[0-9]* passed, [0-9]* failed$/d'
	status=${PIPESTATUS[0]}
	count >/dev/null
	got=$(sed -n '/Passing: /p; /^[0-9]* passed, [0-9]* failed$/p' "$log" | tail -n 1)
	if [ "$status" != 0 ] && ! grep -qE 'Failing: [1-9]|Crashing: [1-9]|passed, [1-9][0-9]* failed' "$log"; then
		failed=$((failed + 1))
		echo "FAILED: $name (exit status $status)"
	elif [ -z "$got" ]; then
		passed=$((passed + 1))
	fi
	printf '== %s: %s s, so far %s good, %s bad\n' "$name" "$((SECONDS - start))" "$passed" "$failed"
}

stage build make -s -j"$jobs" all
stage check make -s check
stage unit make -s -j"$jobs" unit
stage clang make -s -j"$jobs" clang
stage asan make -s -j"$jobs" asan
stage fuzz make -s -j"$jobs" fuzz FUZZ_SECONDS="${FUZZ_SECONDS:-40}"
stage guest make -s guest
stage cli make -s cli
stage hostile make -s hostile HOSTILE_SECONDS="${HOSTILE_SECONDS:-90}"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# run_fuzz.sh SECONDS NAME...: each fuzz target for so long, from its seed corpus, two at a time.
set -u
seconds=$1
shift
base=$(cd "$(dirname "$0")" && pwd)
build=$base/../../build-fuzz
passed=0
failed=0

one() {
	local name=$1 found
	found=$build/found-$name
	mkdir -p "$found"
	ASAN_OPTIONS=detect_leaks=1 "$build/fuzz/$name" -max_total_time="$seconds" -rss_limit_mb=2048 \
		-timeout=10 -verbosity=0 -print_final_stats=0 -artifact_prefix="$build/crash-$name-" \
		"$found" "$base/corpus/$name" >"$build/$name.log" 2>&1
}

pids=()
order=()
finish() {
	if wait "${pids[0]}"; then
		passed=$((passed + 1))
		echo "ok fuzz $(basename "${order[0]}")"
	else
		failed=$((failed + 1))
		echo "not ok fuzz ${order[0]}:"
		tail -n 25 "$build/${order[0]}.log"
	fi
	pids=("${pids[@]:1}")
	order=("${order[@]:1}")
}

for name in "$@"; do
	[ "${#pids[@]}" -lt "$(nproc)" ] || finish
	one "$name" &
	pids+=($!)
	order+=("$name")
done
while [ "${#pids[@]}" -gt 0 ]; do
	finish
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

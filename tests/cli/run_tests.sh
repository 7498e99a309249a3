#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# run_tests.sh [NAME...]: end-to-end tests of the program.  Every function test_NAME of the files
# beside this one is a test: it runs in a shell and a folder of its own, and fails by fail or by
# its status.  What it prints is shown when it failed.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
PATH=${FAULTLINE_BUILD:-$root/build}:$PATH
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

fail() {
	echo "$*"
	exit 1
}

# Runs a command; its status in $status, its output in the files out and err.
try() {
	status=0
	"$@" >out 2>err </dev/null || status=$?
}

expect() {
	local want=$1
	shift
	try "$@"
	[ "$status" = "$want" ] || fail "$*: exit status $status, not $want: $(head -c 600 err) $(tail -n 2 out)"
}

# usage PATTERN COMMAND...: exit status 2, nothing on stdout, one line on stderr that fits.
usage() {
	local pattern=$1
	shift
	expect 2 "$@"
	[ ! -s out ] || fail "$*: writes to stdout: $(head -n 3 out)"
	[ "$(wc -l <err)" = 1 ] || fail "$*: not one line on stderr: $(cat err)"
	grep -qE -- "$pattern" err || fail "$*: \"$(cat err)\" has no $pattern"
}

# until_true SECONDS COMMAND...: tries twice a second.
until_true() {
	local limit=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -lt "$limit" ] || return 1
		sleep 0.2
	done
}

# Is a process of this test alive?  Its command line names this test's folder, or the word given.
alive() {
	local word=${1:-$PWD} p
	for p in /proc/[0-9]*; do
		[ "${p#/proc/}" != $$ ] && [ "${p#/proc/}" != "$BASHPID" ] &&
			tr '\0' ' ' 2>/dev/null <"$p/cmdline" | grep -qF -- "$word" &&
			! grep -q '^State:[[:space:]]*Z' "$p/status" 2>/dev/null && return 0
	done
	return 1
}
gone() { ! alive "$@"; }

# An experiment of a few small points: small FILE [REPEAT [WORKLOAD]]
small() {
	cat >"$1" <<-EOF
	[experiment]
	name = small
	about = a few small points
	kernel = stock
	repeat = ${2:-1}
	[guest]
	memory = 512m
	cpus = 1
	[workload pf]
	run = ${3:-page_fault1 -t 1 --passes 2 --latency @latency@}
	EOF
}

points() { faultline show latest --format json | jq '.points | length'; }

run_one() {
	local name=$1 start=$SECONDS
	mkdir "$tmp/$name"
	if (
		set -e
		cd "$tmp/$name"
		export FAULTLINE_RESULTS=$PWD/results
		"test_$name"
	) >"$tmp/$name.log" 2>&1; then
		passed=$((passed + 1))
		if grep -q '^skip: ' "$tmp/$name.log"; then
			echo "ok $name ($(sed -n 's/^skip: //p' "$tmp/$name.log" | head -n 1))"
		else
			echo "ok $name$([ $((SECONDS - start)) -lt 10 ] || echo " ($((SECONDS - start)) s)")"
		fi
	else
		failed=$((failed + 1))
		echo "not ok $name: $(tail -n 20 "$tmp/$name.log" | tr '\n' ' ')"
	fi
}

# A second function of one name would take the place of the first, in whatever file it stands.
twice=$(grep -hoE '^[a-z_0-9]+\(\)' "$here"/run_tests.sh "$here"/test_*.sh | sort | uniq -d)
[ -z "$twice" ] || {
	echo "defined twice in tests/cli: $twice" >&2
	exit 1
}

for file in "$here"/test_*.sh; do
	# shellcheck source=/dev/null
	. "$file"
done
passed=0
failed=0
if [ $# = 0 ]; then
	mapfile -t names < <(declare -F | sed -n 's/^declare -f test_//p')
else
	names=("$@")
fi
for name in "${names[@]}"; do
	run_one "$name"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

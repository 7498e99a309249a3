#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# hostile.sh [--seconds N] [--seed N] [--jobs N] [--idea NAME] [--try N]: hostile users, lying guests
# and broken machines, by the table in ideas.sh.  Every try is drawn from the seed and its number, so
# that --seed S --try N does one again; it runs in a folder of its own, which is left when it fails.
# Ends with the tries, the failures and the seed; exit status 1 when anything failed.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
PATH=${FAULTLINE_BUILD:-$root/build}:$PATH
export NO_COLOR=1

seconds=600 seed=$((SRANDOM % 1000000)) jobs=$(nproc) only='' number=''
while [ $# -gt 0 ]; do
	case $1 in
	--seconds) seconds=$2 ;;
	--seed) seed=$2 ;;
	--jobs) jobs=$2 ;;
	--idea) only=$2 ;;
	--try) number=$2 jobs=1 ;;
	*)
		echo "hostile.sh: $1: one of --seconds --seed --jobs --idea --try" >&2
		exit 2
		;;
	esac
	shift 2
done

tmp=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null; wait; ends; [ -n "$(ls "$tmp/failed" 2>/dev/null)" ] || rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM
ends() { mount | awk -v at="$tmp/" 'index($3, at) == 1 { print $3 }' | xargs -r umount; }

# shellcheck source=tests/hostile/ideas.sh
. "$here/ideas.sh"

# What costs milliseconds is tried ten times.
tries() {
	local rounds=1 i
	case $1 in options | words | file) rounds=10 ;; esac
	for ((i = 0; i < rounds; i++)); do
		mkdir "$3/$i"
		(
			RANDOM=$(($4 + i)) # a subshell draws numbers of its own else
			cd "$3/$i" && FAULTLINE_RESULTS=$3/$i/results "try_$1" "$2"
		) || return 1
		echo "$1" >>"$tmp/good"
		rm -rf "${3:?}/$i"
	done
}

# One line a try that failed: number, idea, what is wrong.
one_try() {
	local n=$1 kind idea dir=$tmp/$1
	RANDOM=$(((seed * 7919 + n * 104729) % 32768))
	draw "$only"
	kind=${REPLY%%|*} idea=${REPLY#*|}
	mkdir "$dir"
	if tries "$kind" "$idea" "$dir" $RANDOM >"$dir/log" 2>&1; then
		rm -rf "$dir"
	else
		mkdir -p "$tmp/failed"
		mv "$dir" "$tmp/failed/$n"
		echo "not ok $kind ($idea): $(tail -n 3 "$tmp/failed/$n/log" | tr '\n' ' ' | tr -d '\000-\037' | cut -c 1-400); again: tests/hostile/hostile.sh --seed $seed --try $n${only:+ --idea $only}, left in $tmp/failed/$n" |
			tee -a "$tmp/bad"
	fi
}

worker() {
	local n
	for ((n = $1; SECONDS < seconds; n += jobs)); do one_try "$n"; done
}

prepare "$tmp/reference" || {
	echo "hostile.sh: the reference run failed: $(tail -n 3 "$tmp/reference/log")" >&2
	exit 3
}
touch "$tmp/good" "$tmp/bad"
SECONDS=0
if [ -n "$number" ]; then
	one_try "$number"
else
	for ((w = 0; w < jobs; w++)); do worker "$w" & done
	wait
fi
sort "$tmp/good" | uniq -c | awk '{ printf "ok %s (%s tries)\n", $2, $1 }'
good=$(wc -l <"$tmp/good") bad=$(wc -l <"$tmp/bad")
echo "$((good + bad)) tries, $bad failures, seed $seed"
echo "$(sort -u "$tmp/good" | wc -l) passed, $bad failed"
[ "$bad" = 0 ]

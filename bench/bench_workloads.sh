#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# The workloads against their peers, and the cost of one recorded latency.
#
#	bench/bench_workloads.sh [BUILD]
#
# Peers: numactl's memhog from the PATH; will-it-scale's page_fault1_processes and vm-scalability's
# usemem where FAULTLINE_PEER_PAGE_FAULT1 and FAULTLINE_PEER_USEMEM point to them.
#
# Peer and ours take turns, the first turn is dropped (memory can be cold), medians are compared.
# Exit status 1 when ours is more than 3 % slower than a peer, 0 otherwise.
# shellcheck disable=SC2317 # take_turns calls what it is given
set -eu

BUILD=${1:-${BUILD:-build}}
OURS=$BUILD/workloads
TURNS=${FAULTLINE_BENCH_TURNS:-21}
SIZE=${FAULTLINE_BENCH_SIZE:-256m}
TMP=$(mktemp -d)
trap 'rm -rf "$TMP"' EXIT
status=0

# Nanoseconds that a command takes.
run_ns() {
	start=$(date +%s%N)
	"$@" >/dev/null
	echo $(($(date +%s%N) - start))
}

# The median of the lines of a file but the first.
median() {
	tail -n +2 "$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# take_turns COMMAND_A COMMAND_B: each prints a number; the files a and b get them.
take_turns() {
	: >"$TMP/a"
	: >"$TMP/b"
	turn=0
	while [ "$turn" -lt "$TURNS" ]; do
		if [ $((turn % 2)) -eq 0 ]; then
			$1 >>"$TMP/a"
			$2 >>"$TMP/b"
		else
			$2 >>"$TMP/b"
			$1 >>"$TMP/a"
		fi
		turn=$((turn + 1))
	done
}

# verdict NAME UNIT SIGN: ours is slower when SIGN * (ours - peer) > 3 % of the peer.
verdict() {
	awk -v name="$1" -v unit="$2" -v sign="$3" -v peer="$(median "$TMP/a")" \
		-v ours="$(median "$TMP/b")" 'BEGIN {
		change = (ours - peer) / peer * 100
		slow = sign * change > 3
		printf "%-12s peer %.0f %s, ours %.0f %s: %+.2f %% %s\n", name, peer, unit,
			ours, unit, change, slow ? "SLOWER" : "ok"
		exit slow
	}' || status=1
}

peer_memhog() { run_ns memhog -r3 "$SIZE"; }
our_memhog() { run_ns "$OURS/memhog" -r3 "$SIZE"; }

bench_memhog() {
	if ! command -v memhog >/dev/null; then
		echo "memhog       skipped: no peer, apt install numactl"
		return
	fi
	take_turns peer_memhog our_memhog
	verdict memhog ns 1
}

# The peer has no end but the clock: one warm-up of six seconds and one second a turn.
peer_page_fault1() { "$FAULTLINE_PEER_PAGE_FAULT1" -t 1 -s 1 | sed -n 's/average://p'; }
our_page_fault1() { "$OURS/page_fault1" -t 1 -s 1 | sed -n 's/average://p'; }

bench_page_fault1() {
	if [ -z "${FAULTLINE_PEER_PAGE_FAULT1:-}" ]; then
		echo "page_fault1  skipped: FAULTLINE_PEER_PAGE_FAULT1 names no peer"
		return
	fi
	turns=$TURNS
	TURNS=7
	take_turns peer_page_fault1 our_page_fault1
	TURNS=$turns
	verdict page_fault1 touches/s -1
}

usemem_us() { sed -n 's/.* bytes \/ \([0-9]*\) usecs.*/\1/p'; }
peer_usemem() { "$FAULTLINE_PEER_USEMEM" "$SIZE" | usemem_us; }
our_usemem() { "$OURS/usemem" "$SIZE" | usemem_us; }

bench_usemem() {
	if [ -z "${FAULTLINE_PEER_USEMEM:-}" ]; then
		echo "usemem       skipped: FAULTLINE_PEER_USEMEM names no peer"
		return
	fi
	take_turns peer_usemem our_usemem
	verdict usemem usecs 1
}

bench_latency() {
	echo "latency      one recorded touch costs $("$OURS/bench_latency") ns (aim: 40 or less)"
}

bench_memhog
bench_page_fault1
bench_usemem
bench_latency
exit $status

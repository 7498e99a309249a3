# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Sides that got another state are not called slower or faster, in either clock.

# another_state STATUS SIDE...: compare says another state, and no metric is better or worse.
another_state() {
	local want=$1
	shift
	expect "$want" faultline compare "$@"
	grep -q '^ *NOT THE SAME STATE: .*huge pages' out || fail "$(cat out)"
	expect "$want" faultline compare "$@" --format json
	[ "$(jq '.counts.worse + .counts.better' out)" = 0 ] || fail "$(jq .counts out)"
	[ "$(jq '[.rows[] | select(.state)] | length' out)" = 1 ] || fail "$(jq '.rows[].state' out)"
}

# The program of a public report of a regression that was withdrawn: what is reclaimed without swap
# comes back from nowhere, so both sides differ by their huge pages alone.
test_compare_pageout_is_another_state() {
	local clock place program
	place=$(mktemp -d -p /var/tmp) # a guest has a /tmp of its own
	# shellcheck disable=SC2064
	trap "rm -rf '$place'" EXIT
	program=$place/pageout
	cat >pageout.c <<-'C'
	#include <stdio.h>
	#include <string.h>
	#include <sys/mman.h>

	int main(void)
	{
		size_t size = 16 << 20;
		char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (map == MAP_FAILED)
			return 1;
		memset(map, 1, size);
		if (madvise(map, size, 21 /* MADV_PAGEOUT */))
			perror("madvise");
		memset(map, 2, size);
		return 0;
	}
	C
	gcc -O1 -static -o "$program" pageout.c
	small exp.ini 3 "$program"
	sed -i 's/512m/1g/' exp.ini
	for clock in instructions real; do
		expect 0 faultline run exp.ini --clock "$clock" -s thp.enabled=always,never
		another_state 0 latest@thp.enabled=always latest@thp.enabled=never
	done
}

# The kernel draws at each boot whether it has huge pages: once in 256 all eight have.
test_compare_boots_in_another_state() {
	local round
	cat >exp.ini <<-'INI'
	[experiment]
	name = half
	kernel = stock, planted-half
	repeat = 8
	[guest]
	memory = 1g
	cpus = 1
	[settings]
	thp.enabled = always
	[workload pf]
	run = page_fault1 -t 1 --passes 1 --size 32m --latency @latency@
	INI
	for round in 1 2; do
		expect 0 faultline run exp.ini
		[ "$(drawn 0)" = 0 ] || break
	done
	[ "$(drawn 0)" -gt 0 ] || fail "all boots of planted-half had huge pages, twice"
	another_state 1 latest
}

# How many boots of planted-half had so many huge pages at a fault?
drawn() {
	faultline show latest --format json | jq --argjson n "$1" \
		'[.points[] | select(.kernel == "planted-half" and .metrics.thp_fault_alloc.value == $n)] | length'
}

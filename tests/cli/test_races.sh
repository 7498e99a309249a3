# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The hunt for races: the control finds both planted races, and the series that mends them none.

# hunt KERNEL PAIR: of that pair at threshold 64, 20 s.
hunt() {
	cp "$root/bench/races.ini" .
	sed -i '/^\[workload/,/^$/d; s/, 64, 512/,64/; s/numa.*//; /^\[quick/,/^$/d' races.ini
	printf '\n[workload pair]\nrun = races --pair %s --seconds 20\n' "$2" >>races.ini
	try faultline run ./races.ini -k "$1" -s thp.promotion_threshold=64 -s thp.enabled=always
	faultline show latest --format json >stored.json
	cp results/latest/point-0001/stdout said 2>/dev/null || cp "$(find results -name stdout | head -n 1)" said
}

test_races_of_a_pair_are_found() {
	hunt planted-promote-race write,dontneed
	[ "$status" = 1 ] || fail "status $status: $(head -c 400 err)"
	[ "$(jq -r '.points[0].status' stored.json)" = corrupt ] || fail "$(jq -c '.points[0].status' stored.json)"
	grep -q 'read its old contents .*, promised zero' said || fail "$(cat said)"
	grep -q '^not ok 1 write,dontneed$' said || fail "$(cat said)"
}

test_races_of_userfaultfd_are_found() {
	hunt planted-promote-race write,uffd-move
	[ "$status" = 1 ] || fail "status $status: $(head -c 400 err)"
	grep -qE 'UFFDIO_MOVE (says|of page)' said ||
		jq -r '.points[0].reason' stored.json | grep -q 'WARNING: .*userfaultfd' ||
		fail "$(cat said) $(jq -r '.points[0].reason' stored.json)"
}

test_races_are_mended() {
	local pair
	for pair in write,dontneed write,uffd-move; do
		hunt patched "$pair"
		[ "$status" = 0 ] || fail "$pair: status $status: $(cat said)"
		grep -q "^ok 1 $pair$" said || fail "$(cat said)"
		rm -rf results
	done
}

# By hand on this machine; nothing is broken here.
test_races_by_hand() {
	local races=${FAULTLINE_BUILD:-$root/build}/workloads/races
	expect 0 "$races" --list
	[ "$(wc -l <out)" -ge 30 ] || fail "$(cat out)"
	expect 0 "$races" --pair write,dontneed --rounds 20
	grep -q '^rounds 20$' out || fail "$(cat out)"
	cp /sys/kernel/mm/transparent_hugepage/enabled before
	expect 0 "$races" --pair write,thp-enabled --rounds 3
	grep -q '# SKIP only with --machine$' out || fail "$(cat out)"
	cmp before /sys/kernel/mm/transparent_hugepage/enabled || fail 'the machine was changed'
	usage 'two operations and a comma' "$races" --pair write
	usage 'two operations and a comma' "$races" --pair write,nothing
	usage 'no such operation' "$races" --with nothing
	usage 'one of --all' "$races"
	usage 'one of --all' "$races" --all --pair write,read
	usage 'no operands' "$races" --all more
}

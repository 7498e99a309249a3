# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The hunt for races: the control finds both planted races, and the series that mends them none.

# hunt KERNEL PAIR STALL [SECONDS]: of that pair, to its first violation, with that stall or none; the
# reservations at threshold 64, khugepaged awake all the time.
hunt() {
	local threshold='thp.promotion_threshold = 64'
	case $1 in stock | planted-collapse-race) threshold= ;; esac
	cat >hunt.ini <<-EOF
	[experiment]
	name   = hunt
	kernel = $1
	repeat = 1
	sample = 0
	[guest]
	memory   = 1g
	cpus     = 3
	parallel = yes
	[settings]
	guest.stall = $3
	thp.enabled = always
	khugepaged.scan_sleep_millisecs  = 1
	khugepaged.alloc_sleep_millisecs = 1
	khugepaged.pages_to_scan         = 8192
	$threshold
	[workload pair]
	run = races --pair $2 --first --seconds ${4:-20}
	EOF
	rm -rf results
	try faultline run ./hunt.ini
	faultline show latest --format json >stored.json
	cp "$(find results -name stdout | head -n 1)" said
}

test_races_of_a_pair_are_found() {
	hunt planted-promote-race write,dontneed pgtable_trans_huge_deposit:5ms 120
	[ "$status" = 1 ] || fail "status $status: $(head -c 400 err)"
	[ "$(jq -r '.points[0].status' stored.json)" = corrupt ] || fail "$(jq -c '.points[0].status' stored.json)"
	grep -q 'read its old contents .*, promised zero' said || fail "$(cat said)"
	grep -q '^not ok 1 write,dontneed # [0-9]* of [0-9]* rounds that met$' said || fail "$(cat said)"
}

test_races_of_userfaultfd_are_found() {
	hunt planted-promote-race write,uffd-move pgtable_trans_huge_deposit:5ms 120
	[ "$status" = 1 ] || fail "status $status: $(head -c 400 err)"
	grep -qE 'UFFDIO_MOVE (says|of page)' said ||
		jq -r '.points[0].reason' stored.json | grep -q 'WARNING: .*userfaultfd' ||
		fail "$(cat said) $(jq -r '.points[0].reason' stored.json)"
}

# khugepaged has to be held up between two locks: with the stall at once, without it after minutes.
test_races_that_a_stall_finds() {
	hunt planted-collapse-race read,dontneed down_write_trylock:20ms 120
	[ "$status" = 1 ] || fail "status $status: $(head -c 400 err) $(cat said)"
	grep -q 'read zero .*, promised its old contents' said || fail "$(cat said)"
	hunt stock read,dontneed down_write_trylock:20ms
	[ "$status" = 0 ] || fail "stock: status $status: $(cat said)"
}

test_races_are_mended() {
	local pair
	for pair in write,dontneed write,uffd-move; do
		hunt patched "$pair" pgtable_trans_huge_deposit:5ms
		[ "$status" = 0 ] || fail "$pair: status $status: $(cat said)"
		grep -q "^ok 1 $pair # 0 of [1-9][0-9]* rounds that met$" said || fail "$(cat said)"
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
	expect 0 "$races" --pair read,read --rounds 3 --expect
	grep -q '^found 0$' out || fail "$(cat out)"
}

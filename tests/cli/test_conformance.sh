# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The kernel's own selftests in the guest, and the judgement of cases that differ.

conformance() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = cases
	kernel = stock, patched
	repeat = 1
	sample = 0
	[guest]
	memory = 1g
	programs = selftests/mkdirty selftests/mremap_dontunmap
	[settings]
	thp.enabled = always
	thp.promotion_threshold = 1, 64
	[workload mkdirty]
	run = selftest -- selftests/mkdirty
	[workload dontunmap]
	run = selftest -- selftests/mremap_dontunmap
	[claim same]
	about = cases that differ are explained
	metric = cases_unexplained
	of = kernel=patched
	holds = = 0
	[summary]
	about  = cases that pass
	metric = cases_passed
	[summary stock]
	of = kernel=stock thp.promotion_threshold=1
	[summary T=64]
	of = kernel=patched thp.promotion_threshold=64
	INI
}

test_selftests_case_by_case() {
	conformance
	expect 0 faultline run exp.ini
	faultline show latest --format json >json
	[ "$(jq '[.points[] | select(.settings["thp.promotion_threshold"] == "1") | .metrics.cases_changed.value] | add' json)" = 0 ] ||
		fail "$(tail -n 30 out)"
	[ "$(jq '[.points[] | select(.status == "ok") | .metrics.cases_passed.value] | add' json)" -ge 27 ] || fail "$(tail -n 30 out)"
	grep -qE '^cases +[1-9][0-9]* differ .*, [1-9][0-9]* unexplained' out || fail "$(tail -n 30 out)"
	grep -q 'pass -> skip' out || fail "$(tail -n 30 out)"
	grep -q '^  FAILED  cases that differ' out || fail "$(tail -n 30 out)"
	printf '[explained thp]\nabout = no huge page at the first touch\ncases = *\nis = skip\n' >>exp.ini
	printf 'says = Did not get a THP populated\nof = thp.promotion_threshold=64\n' >>exp.ini
	expect 0 faultline run exp.ini -w 'selftest -- selftests/mkdirty'
	grep -qE '^cases +3 differ .*, 0 unexplained' out || fail "$(tail -n 30 out)"
	expect 0 faultline show latest
	grep -q 'explained *pass -> skip  3 cases, such as' out || fail "$(tail -n 30 out)"
	expect 0 faultline show latest
	grep -q ' holds *cases that differ' out || fail "$(tail -n 30 out)"
}

# A selftest that crashes, hangs or is none is a result or a clear error, never a lost point.
test_selftest_by_hand() {
	local selftest=$root/build/workloads/selftest
	# shellcheck disable=SC2016
	expect 0 "$selftest" -- sh -c 'echo ok 1 a; echo not ok 2 b; kill -SEGV $$'
	grep -q '^not ok 3 killed by signal 11$' out || fail "$(cat out)"
	grep -q '^cases_failed 2$' out || fail "$(cat out)"
	expect 0 "$selftest" -s 1 -- sh -c 'echo ok 1 a; sleep 30'
	grep -q '^not ok 2 not done in 1 s$' out || fail "$(cat out)"
	expect 0 "$selftest" -- sh -c 'exit 4'
	grep -q '^cases_skipped 1$' out || fail "$(cat out)"
	expect 1 "$selftest" -- true
	grep -q 'told of no case' err || fail "$(cat err)"
	usage 'which program' "$selftest"
}

test_a_selftest_that_is_not_built() {
	conformance
	sed -i 's,^programs = .*,programs = selftests/nonsense,' exp.ini
	expect 3 faultline run exp.ini -k stock
	grep -q 'selftests/nonsense is not built: guest/kernel/selftests.sh' err || fail "$(cat err)"
}

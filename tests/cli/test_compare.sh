# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Comparison, the nightly gate and the kernels with planted defects that it must catch.

# exact FILE KERNELS [REPEAT]: what the planted defects show in, in instructions.
exact() {
	cat >"$1" <<-EOF
	[experiment]
	name = exact
	about = planted defects
	kernel = $2
	repeat = ${3:-2}
	[guest]
	memory = 1g
	cpus = 1
	clock = instructions
	[settings]
	khugepaged.scan_sleep_millisecs = 10
	khugepaged.pages_to_scan = 8192
	[settings base]
	thp.enabled = never
	[settings collapse]
	thp.enabled = always
	khugepaged.max_ptes_none = 256
	[workload pf]
	run = page_fault1 -t 1 --passes 1 --latency @latency@
	[workload holes]
	run = usemem --punch-holes --latency @latency@ -s 1 32m
	EOF
}

test_compare_two_kernels_of_one_run() {
	exact exp.ini stock,planted-slow
	expect 0 faultline run exp.ini
	COLUMNS=120 expect 1 faultline compare latest
	grep -qE 'fault_latency_p50 +\+(0\.[89]|1\.[0-4])[0-9]* % +worse .* exact$' out || fail "$(cat out)"
	grep -q 'differs  kernel: stock' out || fail "$(head -n 6 out)"
	expect 1 faultline compare latest --format json
	[ "$(jq '.counts.worse > 0 and (.rows | length) == 4' out)" = true ] || fail "$(head -c 300 out)"
	expect 1 faultline compare latest --format markdown
	grep -q '| fault_latency_p50 |' out || fail "$(cat out)"
	expect 1 faultline compare latest --format robot
	grep -q '%stddev' out || fail "$(cat out)"
	expect 0 faultline compare latest --threshold 50
	expect 0 faultline compare latest@kernel=stock latest@kernel=stock
	grep -q '^0 metrics worse, 0 better, [0-9]* the same, 0 inconclusive, 0 differ' out || fail "$(head -n 2 out)"
	expect 0 faultline compare latest --profile
	grep -qE '\+2[0-9]\.[0-9]  planted_delay' out || fail "$(cat out)"
	expect 0 faultline show latest --point 1 --profile
	grep -q 'do_anonymous_page' out || fail "$(cat out)"
	expect 0 faultline report latest
	grep -q 'Where the instructions go' "$(sed -n 's/^report  //p' out)" || fail 'no flame graph'
}

test_compare_refuses_what_is_unfair() {
	small exp.ini
	expect 0 faultline run exp.ini --clock instructions
	expect 0 faultline run exp.ini --accel tcg
	usage 'clock' faultline compare "$(faultline list runs | sed -n '1s/ .*//p;2s/ .*//p' | head -n 1)" latest
	usage 'KEY=VALUE' faultline compare latest@x latest
	usage 'two sides' faultline compare
	usage 'has 1' faultline compare latest
	usage 'percent' faultline compare latest latest --threshold x
	usage 'no profile' faultline show latest --point 1 --profile
	usage '--point' faultline show latest --profile
}

test_a_hundred_comparisons_of_the_same_raise_no_alarm() {
	exact exp.ini stock 4
	expect 0 faultline run exp.ini
	expect 0 faultline compare latest --aa 100
	grep -q '^0 of 100 raised an alarm' out || fail "$(cat out)"
	[ "$(grep -o '[0-9]* % of the metrics exact' out | cut -d' ' -f1)" -ge 75 ] || fail "$(cat out)"
}

test_nightly_catches_planted_defects_and_keeps_its_baseline() {
	local good
	exact exp.ini stock
	expect 0 faultline nightly exp.ini
	grep -q 'first baseline' out || fail "$(cat out)"
	good=$(faultline show latest --format json | jq -r .run)
	expect 0 faultline nightly exp.ini --junit same.xml
	grep -qE '^0 metrics worse, 0 better, [0-9]+ the same, [0-9]+ inconclusive, 0 differ' out || fail "$(tail -n 4 out)"
	grep -q 'failures="0"' same.xml || fail "$(head -n 4 same.xml)"

	expect 1 faultline nightly exp.ini -k planted-slow --baseline "$good" --junit slow.xml
	grep -q '<failure.*fault_latency_p50' slow.xml || fail "$(grep failure slow.xml)"
	expect 1 faultline nightly exp.ini -k planted-leak --baseline "$good" --junit leak.xml
	grep -q '<failure[^>]*>' leak.xml || fail 'no failure'
	grep -q '^guest_free_lost: ' leak.xml || fail "$(cat leak.xml)"
	expect 1 faultline nightly exp.ini -k planted-nocollapse --baseline "$good" --junit nocollapse.xml
	grep -q '^promotions_khugepaged: ' nocollapse.xml || fail "$(cat nocollapse.xml)"

	expect 0 faultline nightly exp.ini
	grep -q '^0 metrics worse' out || fail 'a regressed night became the baseline'
	ls results/exact-*/plots/history.svg >/dev/null || fail 'no history'
	[ "$(sqlite3 results/faultline.db "select group_concat(gate, ' ') from run")" = \
		'first good regressed regressed regressed good' ] ||
		fail "$(sqlite3 results/faultline.db 'select name, gate from run')"
	expect 0 faultline nightly --accept "$good"
	usage 'no run' faultline nightly --accept no-such-run
}

# Five instructions in 2,841, and one row where nothing of it may be called worse.
test_a_step_of_the_fault_path_is_named_and_fails_when_asked() {
	local good
	exact exp.ini stock
	expect 0 faultline nightly exp.ini
	good=$(faultline show latest --format json | jq -r .run)
	expect 0 faultline nightly exp.ini --threshold 0
	grep -q '4 of 4 rows the same to the instruction' out || fail "$(grep -A9 '^fault path' out)"
	expect 0 faultline nightly exp.ini -k planted-step
	grep -q 'no run of planted-step@6.12 has passed yet' out || fail "$(tail -n 4 out)"
	expect 0 faultline nightly exp.ini -k planted-step --baseline "$good"
	grep -q 'do_anonymous_page, +5.00 in each call' out || fail "$(grep -A9 '^fault path' out)"
	grep -q 'changed, below the threshold of 0.2 %' out || fail "$(grep -A9 '^fault path' out)"
	expect 1 faultline nightly exp.ini -k planted-step --baseline "$good" --threshold 0
	grep -qE '^  fault_path +\+0\.1[0-9] % +worse ' out || fail "$(grep fault_path out)"
	expect 0 faultline compare "$good" latest
	expect 1 faultline compare "$good" latest --threshold 0.05
	[ "$(faultline compare "$good" latest --format json |
		jq '[.rows[].path[] | select(.entry == "asm_exc_page_fault") | .functions[] | select(.each).function] | unique == ["do_anonymous_page"]')" = true ] ||
		fail 'another function was named'
	usage 'percent' faultline nightly exp.ini --threshold x
	usage 'nosuchkey' faultline compare latest@nosuchkey=1 latest
}

test_nightly_counts_a_failed_point() {
	small exp.ini 1 'busybox false'
	expect 1 faultline nightly exp.ini --junit bad.xml
	grep -q 'type="failed"' bad.xml || fail "$(cat bad.xml)"
}

test_bisect_says_what_it_wants() {
	usage 'GOOD BAD' faultline bisect
	usage 'percent' faultline bisect a b --src . --threshold -1 -- exp.ini
	usage 'GOOD BAD' faultline bisect a b --src .
	usage 'not a git tree' faultline bisect a b --src . -- exp.ini
	command -v git >/dev/null || return 0
	git init -q tree
	(cd tree && git config user.email t@example.org && git config user.name t && echo 1 >Kbuild && git add . && git commit -qm one)
	echo 2 >tree/Kbuild
	usage 'uncommitted changes' faultline bisect HEAD HEAD --src tree -- exp.ini
	git -C tree checkout -q Kbuild
	usage 'not a commit' faultline bisect nothing HEAD --src tree -- exp.ini
	usage 'the range is empty' faultline bisect HEAD HEAD --src tree -- exp.ini
	usage 'one of worse' faultline bisect HEAD HEAD --src tree --look-for nice -- exp.ini
	usage 'one kernel of each commit' faultline bisect HEAD HEAD --src tree -- exp.ini -k stock@7.3
	usage 'one kernel of each commit' faultline bisect HEAD HEAD --src tree -- exp.ini -k stock,patched
	(cd tree && echo 3 >Kbuild && git commit -qam two)
	usage 'not an ancestor' faultline bisect HEAD HEAD~1 --src tree -- exp.ini
	mkdir tree/.git/rebase-merge
	usage 'in the middle of a rebase' faultline bisect HEAD~1 HEAD --src tree -- exp.ini
	rmdir tree/.git/rebase-merge
	expect 3 faultline bisect HEAD~1 HEAD --src tree -- exp.ini
	grep -q 'does not build' err || fail "$(cat err)"
	[ "$(git -C tree status --porcelain)" = '' ] || fail 'the tree is left changed'
}

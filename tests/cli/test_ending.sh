# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# What stands on the terminal when a run has ended.

answers() {
	small exp.ini 1 'page_fault1 -t 1 --passes 1 --latency @latency@'
	sed -i 's/^cpus.*/&\nclock = instructions/; s/^name = small/&\nverdict = v/' exp.ini
	cat >>exp.ini <<-'EOF'
	[settings]
	thp.enabled = always, never
	[summary]
	about = cost of a touched page on the mean
	metric = touch_latency_mean
	against = thp.enabled=always
	[summary never]
	of = thp.enabled=never
	[summary as always]
	of = thp.enabled=always
	[summary RSS never]
	metric = guest_rss_peak
	of = thp.enabled=never
	show = value
	[claim more]
	about = base pages cost more
	metric = touch_latency_mean
	of = thp.enabled=never
	holds = > 1 x
	against = thp.enabled=always
	[claim less]
	about = base pages cost less
	metric = touch_latency_mean
	of = thp.enabled=never
	holds = < 1 x
	against = thp.enabled=always
	EOF
}

# The answer is that of the stored numbers, a claim that does not hold stands in full.
test_ending() {
	local change
	answers
	expect 0 faultline run exp.ini
	[ "$(wc -l <out)" -le 30 ] || fail "$(wc -l <out) lines"
	! grep -qE '.{81}' <(grep -vE '^(repeat|report|plots|more) ' out) || fail "wider than 80: $(cat out)"
	faultline show latest --format json >json
	change=$(jq -r '[.points[] | {(.settings["thp.enabled"]): (.metrics.touch_latency_mean | if type == "object" then .value else . end)}] | add | (.never / .always - 1) * 100 | round' json)
	grep -qE "^pf +\+$change% +0% +[0-9]+ *$" out || fail "+$change% is not there: $(cat out)"
	grep -q '^checks   1 passed, 1 FAILED' out || fail "$(cat out)"
	grep -q '^    base pages cost less \[less\]' out || fail "$(cat out)"
	! grep -q 'base pages cost more' out || fail 'what holds is not counted only'
	sed '/^report/,$d' out | sed '/^$/d' >end
	expect 0 faultline show latest --summary
	cmp -s <(sed '/^$/d' out) end || fail "--summary: $(diff out end)"
	usage 'summary is of a run' faultline show latest --summary --point 1
	sed -i 's/metric = guest_rss_peak/metric = none/' exp.ini
	usage 'exp.ini:[0-9]*: \[summary RSS never\]: no metric none' faultline run exp.ini
}

# A claim that fails is a result; with --strict it is the exit status, too.
test_strict() {
	answers
	expect 1 faultline run exp.ini --strict -q
	expect 0 faultline run exp.ini -q
	sed -i '/^\[claim less\]/,$d' exp.ini
	expect 0 faultline run exp.ini --strict -q
}

# Lines as they are declared, values over several rows, words for yes and no, and the run before.
test_ending_of_declared_lines() {
	local sum
	small exp.ini 1 'page_fault1 -t 1 --passes 1 --latency @latency@'
	sed -i 's/^cpus.*/&\nclock = instructions/' exp.ini
	cat >>exp.ini <<-'EOF'
	[settings]
	thp.enabled = always, never
	[workload hole]
	run = usemem -s 1 8m
	[summary]
	metric = touch_count
	since = last
	[summary all pages]
	of = workload=pf
	over = sum
	[summary lived]
	metric = survived
	of = thp.enabled=never
	over = least
	show = yes-no
	[summary-line both settings]
	of = workload=pf
	[summary-line the other]
	of = workload=hole
	[summary-line not in this run]
	of = workload=pf kernel=none
	EOF
	expect 0 faultline run exp.ini -q
	sum=$(faultline show latest --format json | jq '[.points[] | select(.workload_name == "pf") | .metrics.touch_count.value] | add')
	grep -qE "^both settings +$sum +yes$" out || fail "$sum: $(cat out)"
	grep -qE '^the other +- +yes$' out || fail "$(cat out)"
	! grep -q 'not in this run' out || fail 'a line without a row'
	grep -q '^since    nothing: this is the first run' out || fail "$(cat out)"
	expect 0 faultline run exp.ini -q
	grep -qE '^since    small-.*: 0 worse, 0 better, ' out || fail "$(cat out)"
	sed -i 's/^over = sum/over = all/' exp.ini
	usage 'exp.ini:[0-9]+: over = all: first, sum, least or most' faultline run exp.ini
}

# Each reason of points without numbers stands once, without a path.
test_ending_counts_reasons() {
	small exp.ini 2 'busybox true'
	expect 0 faultline run exp.ini -s thp.promotion_threshold=64,128
	[ "$(grep -c 'has no thp.promotion_threshold' out)" = 1 ] || fail "$(cat out)"
	grep -qE '^skipped  4 points: stock \(6[0-9.]*\) has no thp.promotion_threshold$' out || fail "$(cat out)"
}

# Without [summary] the table of a small run is its answer.
test_ending_of_a_small_run() {
	small exp.ini
	expect 0 faultline run exp.ini
	grep -q '^pf: page_fault1' out || fail "$(cat out)"
}

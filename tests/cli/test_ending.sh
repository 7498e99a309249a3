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
	grep -q '^checks   1 of 2 claims hold, 1 does not' out || fail "$(cat out)"
	grep -q '^  does not hold: base pages cost less \[less\]' out || fail "$(cat out)"
	! grep -q 'base pages cost more' out || fail 'what holds is not counted only'
	sed '/^report/,$d' out | sed '/^$/d' >end
	expect 0 faultline show latest --summary
	cmp -s <(sed '/^$/d' out) end || fail "--summary: $(diff out end)"
	usage 'summary is of a run' faultline show latest --summary --point 1
	sed -i 's/metric = guest_rss_peak/metric = none/' exp.ini
	usage 'exp.ini:[0-9]*: \[summary RSS never\]: no metric none' faultline run exp.ini
}

# Without [summary] the table of a small run is its answer.
test_ending_of_a_small_run() {
	small exp.ini
	expect 0 faultline run exp.ini
	grep -q '^pf: page_fault1' out || fail "$(cat out)"
}

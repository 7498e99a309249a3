# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# What `show` and `compare` print: their width, what is folded, what is chosen, the pager, the mail.

# Two kernels that do the same with huge pages on and off.
two_that_agree() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = agree
	about = what a huge page costs
	kernel = stock, patched
	repeat = 1
	[guest]
	memory = 512m
	clock = instructions
	[settings]
	thp.enabled = never, always
	[workload pf]
	run = page_fault1 -t 1 --passes 1 --size 32m --latency @latency@
	[workload gap]
	run = usemem -j 32k --latency @latency@ 32m
	[row THP=@thp.enabled@]
	of = thp.enabled=always
	[row no huge page]
	of = thp.enabled=never
	[summary]
	metric = touch_latency_mean
	against = kernel=stock thp.enabled=always
	[summary never]
	of = thp.enabled=never
	INI
	expect 0 faultline run exp.ini
}

# no_wider N: but for names, paths and commands, that are not broken.
no_wider() {
	! grep -qE ".{$(($1 + 1))}" <(iconv -f utf-8 -t ascii//TRANSLIT out |
		grep -vE '^(repeat|answer|Repeat:|agree-) |/sys/|^ +faultline run| \\$') || fail "wider than $1: $(cat out)"
}

# As a terminal of so many columns and lines sees it: seen COLUMNS LINES COMMAND...
seen() {
	local columns=$1 lines=$2
	shift 2
	script -qec "stty cols $columns rows $lines; $*" /dev/null </dev/null | tr -d '\r' >out
}

test_show_and_compare() {
	local width
	two_that_agree
	faultline show latest --format json >json

	# The row that others are compared with is the first, equal ones are one with a count.
	expect 0 faultline show latest
	grep -qE '^THP=always +both +2 +[0-9.]+ +ref ' out || fail "$(cat out)"
	grep -qE '^no huge page +(both +2|stock) +[0-9.]+ +[+-][0-9]+% ' out || fail "$(cat out)"
	[ "$(grep -nE '^(THP=always|no huge)' out | head -n 1 | grep -c THP)" = 1 ] || fail "$(cat out)"
	change=$(jq -r '[.rows[] | select(.workload_name == "pf" and .kernel == "stock") |
		{(.settings["thp.enabled"]): .metrics.touch_latency_mean.median}] | add |
		(.never / .always - 1) * 100 | round' json)
	grep -qE "^no huge page .* \\+$change% " out || fail "+$change% is not there: $(cat out)"
	grep -q '^in all rows: ' out || fail "nothing is the same: $(cat out)"
	for width in 40 60 80 120 200; do
		COLUMNS=$width expect 0 faultline show latest
		no_wider "$width"
		COLUMNS=$width expect 0 faultline compare latest latest
		no_wider "$width"
	done
	COLUMNS=60 expect 0 faultline show latest
	grep -qE '^\+[0-9]+ columns: --wide \(' out || fail "$(cat out)"
	COLUMNS=60 expect 0 faultline show latest --wide
	! grep -q -- --wide out || fail "$(cat out)"
	expect 0 faultline show latest --all
	[ "$(grep -cE '^(THP=always|no huge page) ' out)" = 8 ] || fail "$(cat out)"

	# What is chosen, and nothing else.
	expect 0 faultline show latest -w 'g*' -k patched --where thp.enabled=never --columns fault_count,touch_latency_mean
	[ "$(grep -cE '^(THP=always|no huge page) ' out)" = 1 ] || fail "$(cat out)"
	! grep -q '^pf:\|^machine' out || fail "$(cat out)"
	grep -qE "^no huge page +patched +$(jq '.rows[] | select(.workload_name == "gap" and .kernel == "patched" and .name == "no huge page").metrics.fault_count.median' json) " out ||
		fail "$(cat out)"
	expect 0 faultline show latest -w gap --sort -fault_count
	sed -n '/^no huge page/=' out | head -n 1 >lines
	[ "$(cat lines)" -lt "$(sed -n '/^THP=always/=' out | head -n 1)" ] || fail "$(cat out)"
	expect 0 faultline show latest --format tsv -w gap --columns fault_count
	[ "$(wc -l <out)" = 5 ] || fail "$(cat out)"
	awk -F'\t' 'NF != n && NR > 1 { exit 1 } { n = NF }' out || fail "$(cat out)"
	usage 'did you mean gap' faultline show latest -w gab
	usage 'did you mean patched' faultline show latest -k pathced
	usage 'did you mean fault_count' faultline show latest --columns fault_cuont
	usage 'thp.enabled = sometimes: ' faultline show latest --where thp.enabled=sometimes
	usage 'KEY=VALUE' faultline show latest --where thp.enabled
	usage 'of the table' faultline show latest --format csv --wide

	# A run is the same as itself, for people too.
	expect 0 faultline compare latest latest
	grep -qE '^0 metrics worse, 0 better, [0-9]+ the same, 0 inconclusive, 0 differ' out || fail "$(cat out)"
	! grep -qE 'worse +[0-9]|inconclusive: ' out || fail "$(cat out)"

	# The mail: a column a kernel, its release below, nothing wider than 72, plain ASCII.
	expect 0 faultline compare latest --format mail
	! grep -qE '.{73}' <(grep -v '/exp.ini' out) || fail "wider than 72: $(cat out)"
	! LC_ALL=C grep -q '[^ -~]' out || fail "no ASCII: $(cat out)"
	grep -qE '^ +stock +patched$' out || fail "$(cat out)"
	release=$(jq -r '.points[0].kernel_release' json)
	grep -q "^ *$release  *$release  *change" out || fail "$(cat out)"
	grep -q '^Machine: ' out || fail "$(cat out)"
	grep -q '^Kernels: stock .*, build [0-9a-f]\{12\}; patched' out || fail "$(cat out)"
	grep -q '^Repeat:  faultline run .*exp.ini' out || fail "$(cat out)"
	grep -q '^not on stock' out || fail "counters that stock lacks are not named: $(cat out)"
	! faultline compare latest@kernel=stock,thp.enabled=never latest@kernel=stock,thp.enabled=always \
		--format mail >out
	grep -q '^agree: thp.enabled=always against thp.enabled=never$' out || fail "$(cat out)"
}

# On a terminal what is longer than the screen goes to the pager, and nothing else does.
test_pager() {
	command -v script >/dev/null || { echo 'skip: no script(1)'; return 0; }
	two_that_agree
	cat >pager <<-'SH'
	#!/bin/sh
	echo "LESS=$LESS"
	wc -l
	SH
	chmod +x pager
	seen 80 10 "FAULTLINE_PAGER=$PWD/pager faultline show latest"
	grep -q '^LESS=FRX$' out || fail "no pager: $(cat out)"
	grep -qE '^ *[0-9]{2,}$' out || fail "$(cat out)"
	seen 80 10 "FAULTLINE_PAGER= PAGER=$PWD/pager faultline show latest"
	! grep -q LESS= out || fail "FAULTLINE_PAGER is empty: $(cat out)"
	seen 80 10 "NO_COLOR=1 PAGER='$PWD/pager' faultline show latest --wide"
	grep -q '^LESS=FXS$' out || fail "$(cat out)"
	seen 80 10 "PAGER=$PWD/pager faultline show latest --no-pager"
	! grep -q LESS= out || fail "--no-pager: $(cat out)"
	seen 80 200 "PAGER=$PWD/pager faultline show latest"
	! grep -q LESS= out || fail "it fits the screen: $(cat out)"
	seen 80 10 "PAGER=/nowhere/pager faultline show latest"
	grep -q '^machine ' out || fail "a pager that is not there hides the table: $(cat out)"
	seen 80 10 "PAGER='head -n 1' faultline show latest; echo status \$?"
	grep -q '^status 0$' out || fail "a pager that ends early: $(cat out)"
	PAGER=$PWD/pager expect 0 faultline show latest
	! grep -q LESS= out || fail "no terminal: $(cat out)"
	seen 40 200 "faultline show latest -w pf"
	! grep -qE '.{41}' <(grep -v '^agree-' out) || fail "wider than 40: $(cat out)"
}

# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Several commands on one run; a run that goes on; what names no run.

measured() {
	small exp.ini "${1:-1}"
	expect 0 faultline run exp.ini --clock instructions
}

# Nothing is left of pages and figures that grew.
nothing_half() {
	local left
	left=$(find results/*/plots results/*/report.html* -regex '.*\.[A-Za-z0-9][A-Za-z0-9]*' \
		! -regex '.*\.\(dat\|gp\|svg\|png\|html\)' 2>/dev/null)
	[ -z "$left" ] || fail "left: $left"
}

begun() { grep -qs . results/*/point-0001/stream; }

# The first draws, waits in its midst until the second is done, and goes on.
test_reports_at_once() {
	measured
	mkdir bin
	mkfifo wait
	printf '#!/bin/sh\n%s "$@" || exit 1\n: >%s/drawn\nread -r line <%s/wait\nexit 0\n' \
		"$(command -v gnuplot)" "$PWD" "$PWD" >bin/gnuplot
	chmod +x bin/gnuplot
	PATH=$PWD/bin:$PATH faultline report latest >out1 2>err1 &
	local first=$!
	until_true 60 test -e drawn || fail "nothing drawn: $(cat err1)"
	expect 0 faultline report latest
	expect 0 faultline plot latest
	exec 9<>"$PWD/wait"
	(for _ in $(seq 40); do echo go; done) >&9
	status=0
	wait $first || status=$?
	[ "$status" = 0 ] || fail "status $status: $(cat err1)"
	grep -q '</html>' results/small-*/report.html || fail 'no whole page'
	nothing_half
}

test_eight_reports_at_once() {
	local pids=() p
	measured
	for p in 1 2 3 4 5 6 7 8; do
		faultline report latest >"out$p" 2>"err$p" &
		pids+=($!)
	done
	for p in "${pids[@]}"; do
		wait "$p" || fail "$(cat err?)"
	done
}

test_resume_beside_other_words() {
	measured
	usage 'resume takes no EXPERIMENT' faultline run --resume latest exp.ini
	usage 'resume takes no --setting' faultline run --resume latest -s thp.enabled=never
	usage 'resume takes no --quick' faultline run --quick --resume latest
}

# As run.sh does before it builds kernels.
test_dry_run_of_a_resumed_run() {
	measured 3
	sqlite3 results/faultline.db 'pragma foreign_keys = on; delete from point where number > 1'
	expect 0 faultline run --resume latest --dry-run -v
	[ "$(points)" = 1 ] || fail "$(points) points: it measured"
	[ "$(grep -c '^ *[0-9]*  stock  repeat' out)" = 2 ] || fail "$(cat out)"
	grep -qx 'resume   faultline run --resume small-[0-9-]*' out || fail "$(cat out)"
	expect 0 faultline run --resume latest
	[ "$(points)" = 3 ] || fail "$(points) points"
}

test_resume_of_a_run_that_goes_on() {
	small exp.ini 1 'busybox sleep 1000'
	faultline run exp.ini >out1 2>err1 &
	local pid=$!
	until_true 60 begun || fail "$(cat err1)"
	usage 'another faultline is measuring small-[0-9-]*; wait' faultline run --resume latest
	kill -INT $pid
	status=0
	wait $pid || status=$?
	[ "$status" = 130 ] || fail "status $status: $(cat err1)"
}

test_empty_run_names_none() {
	measured
	local empty='an empty RUN names none'
	usage "$empty" faultline run --resume ''
	usage "$empty" faultline show ''
	usage "$empty" faultline report ''
	usage "$empty" faultline plot latest ''
	usage "$empty" faultline compare '' latest
	usage "$empty" faultline compare latest ''
	usage "$empty" faultline compare latest '@kernel=stock'
	usage "$empty" faultline nightly --accept ''
	usage "$empty" faultline nightly --baseline '' exp.ini
	[ "$(sqlite3 results/faultline.db 'select count(*) from run where gate is not null')" = 0 ] || fail 'accepted'
}

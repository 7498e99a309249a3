# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Runs in guests: what lands in the store, what an interruption and a kill leave.

stored() { sqlite3 results/faultline.db 'select count(*) from point' 2>/dev/null || echo 0; }
stored_some() { [ "$(stored)" -ge "$1" ]; }

sound() {
	[ "$(sqlite3 results/faultline.db 'pragma integrity_check')" = ok ] || fail 'the store is broken'
	[ -z "$(sqlite3 results/faultline.db 'pragma foreign_key_check')" ] || fail 'dangling rows'
}

# One point each, all good, none twice.
all_good() {
	faultline show latest --format json >json
	[ "$(jq '.points | length' json)" = "$1" ] || fail "$(jq '.points | length' json) points, not $1"
	[ "$(jq '[.points[].point] | unique | length' json)" = "$1" ] || fail 'a point is there twice'
	[ "$(jq '[.points[] | select(.status != "ok")] | length' json)" = 0 ] || fail "$(jq -c '.points[].status' json)"
}

test_dry_run() {
	small exp.ini 3
	expect 0 faultline run exp.ini --dry-run -v -s thp.enabled=always,never --seed 5
	[ "$(grep -c 'repeat [0-9].*thp.enabled=' out)" = 6 ] || fail "$(cat out)"
	cp out first
	expect 0 faultline run exp.ini --dry-run -v -s thp.enabled=always,never --seed 5
	cmp -s first out || fail 'the same seed gives another order'
	expect 0 faultline run exp.ini --dry-run -s thp.enabled=always,never
	grep -qE '^    thp.enabled +always, never$' out || fail "$(cat out)"
	! grep -q 'repeat [0-9]' out || fail 'points without -v'
	[ "$(wc -l <out)" -le 12 ] || fail "$(cat out)"
	[ ! -e results/faultline.db ] || fail 'a dry run made a store'
}

test_run_in_a_guest() {
	small exp.ini 2
	expect 0 faultline run exp.ini -s thp.enabled=never,always
	all_good 4
	[ "$(jq '[.points[].metrics | select(.region_latency_p50.value > 0 and .guest_rss_peak.value > 0)] | length' json)" = 4 ] ||
		fail "$(jq -c '.points[0].metrics | keys' json)"
	grep -qi 'thp.enabled' out || fail 'the table names no setting'
	expect 0 faultline show latest --format csv
	expect 0 faultline list runs
	grep -q '4/4 points' out || fail "$(cat out)"
	sound
}

# An experiment and its parts: a run each, one page of all; what cannot be run is found before.
test_parts() {
	small part.ini
	small two.ini
	sed -i 's/^name .*/name = part/' part.ini
	sed -i 's/^name .*/name = two/' two.ini
	small exp.ini
	sed -i '/^name/a parts = ./part.ini, ./two.ini' exp.ini
	expect 0 faultline run exp.ini --dry-run
	[ "$(grep -c ': 1 point,' out)" = 3 ] || fail "$(cat out)"
	expect 0 faultline run exp.ini --clock instructions
	[ "$(stored)" = 3 ] || fail "$(stored) points"
	[ "$(grep -c '^report' out)" = 4 ] || fail "$(cat out)"
	sed -n '/^verdicts$/,$p' out | grep -q '^  two-[0-9-]*: no claims$' || fail "$(cat out)"
	grep -q 'repeat .*faultline run /.*/two.ini --clock instructions' out || fail "$(cat out)"
	expect 0 faultline run exp.ini -s thp.enabled=never
	[ "$(stored)" = 4 ] || fail 'a sweep of its own took the parts along'
	sed -i 's/^kernel.*/kernel = none-such/' two.ini
	expect 2 faultline run exp.ini
	grep -q 'exp.ini: part ./two.ini: .*none-such' err || fail "$(cat err)"
	[ "$(stored)" = 4 ] || fail 'it began, and a part could not'
}

test_skipped_setting_is_no_failure() {
	small exp.ini
	expect 0 faultline run exp.ini -s thp.promotion_threshold=1,64
	faultline show latest --format json >json
	[ "$(jq -r '[.points[].status] | sort | join(" ")' json)" = 'ok skipped' ] || fail "$(jq -c '.points[].status' json)"
}

test_failed_workload_is_1() {
	small exp.ini
	expect 1 faultline run exp.ini -w 'page_fault1 --no-such-option'
	faultline show latest --format json >json
	[ "$(jq -r '.points[0].status' json)" = failed ] || fail "$(jq -c '.points[0]' json)"
}

# exp.ini, stopped by a SIGINT once a point of it is stored.
interrupt_exp() {
	faultline run exp.ini --jobs 1 >out 2>err &
	local pid=$!
	until_true 120 stored_some 1 || fail "no point in time: $(cat err)"
	kill -INT $pid
	status=0
	wait $pid || status=$?
	[ "$status" = 130 ] || fail "status $status: $(cat err)"
	grep -q -- '--resume' err || fail "no word of --resume: $(cat err)"
}

test_interrupted_and_resumed() {
	small exp.ini 6
	local before
	interrupt_exp
	until_true 5 gone "$PWD/results" || fail 'a QEMU is left'
	sound
	before=$(stored)
	[ "$before" -lt 6 ] || fail 'it was done already'
	expect 0 faultline run --resume latest
	all_good 6
}

speaks() { grep -qas "$1" results/*/point-0001/stream; }

# The guest always has something to say; the interrupt is heard all the same.
test_interrupted_amid_output() {
	small exp.ini 1 "busybox sh -c 'while busybox usleep 2000; do echo on-and-on; done'"
	faultline run exp.ini >out 2>err &
	local pid=$! since
	until_true 120 speaks on-and-on || fail "no output in time: $(cat err)"
	sleep 3
	since=$SECONDS
	kill -INT $pid
	status=0
	wait $pid || status=$?
	[ "$status" = 130 ] || fail "status $status: $(cat err)"
	[ $((SECONDS - since)) -lt 10 ] || fail "$((SECONDS - since)) s from the interrupt to the end"
}

test_interrupted_before_its_parts() {
	small part.ini
	small exp.ini 6
	sed -i '/^name/a parts = ./part.ini' exp.ini
	interrupt_exp
	grep -qxF "faultline: not started: faultline run $PWD/part.ini --jobs 1" err || fail "$(cat err)"
}

test_killed_and_resumed() {
	small exp.ini 6
	faultline run exp.ini --jobs 2 >out 2>err &
	local pid=$!
	until_true 120 stored_some 1 || fail "no point in time: $(cat err)"
	kill -KILL $pid
	wait $pid 2>/dev/null || true
	until_true 5 gone "$PWD/results" || fail 'a QEMU is left'
	sound
	expect 0 faultline run --resume latest
	all_good 6
	sound
}

test_two_runs_at_once() {
	small exp.ini 2
	faultline run exp.ini --jobs 1 >out1 2>err1 &
	local one=$! two
	faultline run exp.ini --jobs 1 >out2 2>err2 &
	two=$!
	wait $one || fail "first: $(tail -n 2 err1)"
	wait $two || fail "second: $(tail -n 2 err2)"
	[ "$(faultline list runs | grep -c '2/2 points')" = 2 ] || fail "$(faultline list runs)"
	sound
}

# A machine that sleeps, or a user who types Ctrl-Z: the guest did not run either.
heard() { grep -qsa "$1" results/*/point-0001/stream; }
test_a_stopped_run_is_no_hang() {
	local pids
	small exp.ini 1 "busybox sh -c 'echo going; sleep 3'"
	sed -i 's/^repeat.*/&\ntimeout = 4s/' exp.ini
	faultline run exp.ini >out 2>err &
	until_true 60 heard going || fail 'the workload does not begin'
	pids="$! $(pgrep -P $!)"
	# shellcheck disable=SC2086
	kill -STOP $pids
	sleep 7
	# shellcheck disable=SC2086
	kill -CONT $pids
	wait $! || fail "$(cat out err)"
}

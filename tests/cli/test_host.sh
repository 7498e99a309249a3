# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# --target host: the workload on this machine, its settings put back whatever happens.

thp=/sys/kernel/mm/transparent_hugepage/enabled

mode() { sed 's/.*\[\(.*\)\].*/\1/' $thp; }
other_mode() { [ "$(mode)" = never ] && echo madvise || echo never; }
mode_is() { [ "$(mode)" = "$1" ]; }
writable() { sh -c ": >>$thp" 2>/dev/null; }

test_host_run() {
	small exp.ini 2
	expect 0 faultline run exp.ini --target host -w 'page_fault1 -t 1 --passes 1 --latency @latency@'
	faultline show latest --format json >json
	[ "$(jq -r '[.points[].status] | join(" ")' json)" = 'ok ok' ] || fail "$(jq -c . json)"
	[ "$(jq '.points[0].metrics.fault_latency_p50.unit' json)" = '"ns"' ] || fail "$(jq -c '.points[0].metrics' json)"
	until_true 5 gone "$PWD/results" || fail 'a process is left'
}

test_host_failed_corrupt_hang() {
	small exp.ini
	sed -i 's/^repeat.*/&\ntimeout = 2s/' exp.ini
	expect 1 faultline run exp.ini --target host -w 'false' -w 'sh -c "exit 4"' -w 'sh -c "sleep 876 & sleep 876"'
	faultline show latest --format json >json
	[ "$(jq -r '[.points[].status] | sort | join(" ")' json)" = 'corrupt failed hang' ] ||
		fail "$(jq -c '[.points[].status]' json)"
	until_true 5 gone 'sleep 876' || fail 'what the workload forked is left'
}

# A point's own file that is no good is that point's failure; the others are run and stored.
test_host_cut_latency_file() {
	local touch="page_fault1 -t 1 --passes 1 --latency"
	small exp.ini 2
	expect 1 faultline run exp.ini --target host -w "$touch @latency@" \
		-w "sh -c '${FAULTLINE_BUILD:-$root/build}/workloads/$touch whole && head -c 300 whole >\$0' @latency@"
	faultline show latest --format json >json
	[ "$(jq -r '[.points[].status] | sort | join(" ")' json)" = 'failed failed ok ok' ] ||
		fail "$(jq -c '[.points[].status]' json)"
	[ "$(jq '[.points[] | select(.status == "failed") | .reason | select(test("latency:[0-9]+: not a latency file"))] | length' json)" = 2 ] ||
		fail "$(jq -c '[.points[].reason]' json)"
}

test_host_settings_put_back() {
	export FAULTLINE_CACHE=$PWD/cache
	local before
	before=$(mode)
	small exp.ini
	expect 0 faultline run exp.ini --target host -w "cat $thp" -s "thp.enabled=$(other_mode)"
	mode_is "$before" || fail "$(cat $thp)"
	if ! writable; then
		faultline show latest --format json >json
		[ "$(jq -r '.points[0].status' json)" = skipped ] || fail "$(jq -c '.points[0]' json)"
		grep -q 'thp.enabled' err || fail "does not say which setting: $(cat err)"
	fi
	[ ! -e cache/host-journal ] || fail 'the journal is left'
}

test_host_killed_is_put_back() {
	export FAULTLINE_CACHE=$PWD/cache
	writable || { echo 'skip: settings cannot be changed here'; return 0; }
	local before other pid
	before=$(mode)
	other=$(other_mode)
	small exp.ini
	faultline run exp.ini --target host -w 'sh -c "sleep 987 & sleep 987"' -s "thp.enabled=$other" >out 2>err &
	pid=$!
	until_true 20 mode_is "$other" || fail "the setting does not change: $(cat err)"
	until_true 10 alive 'sleep 987' || fail 'no workload'
	expect 3 faultline run exp.ini --target host -w true
	grep -q 'another run' err || fail "two at once: $(cat err)"
	kill -KILL $pid
	wait $pid 2>/dev/null || true
	until_true 5 gone 'sleep 987' || fail 'the workload is left'
	mode_is "$other" || fail 'who put it back?'
	try faultline doctor
	grep -q 'killed run left 1 setting' out || fail "doctor does not see it: $(cat out)"
	expect 0 faultline doctor --restore
	grep -q 'restored 1' out || fail "$(cat out)"
	mode_is "$before" || fail "$(cat $thp)"
	[ ! -e cache/host-journal ] || fail 'the journal is left'
	expect 0 faultline doctor --restore
}

# What leaves its session and its parent, by a user who has no control group: it ends with the point,
# and with the harness when that is killed.
test_host_runaways_end() {
	[ "$(id -u)" = 0 ] || { echo 'skip: to be another user needs root'; return 0; }
	local nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups env FAULTLINE_CACHE="$PWD/cache") pid
	chmod a+x "$tmp"
	small exp.ini
	mkdir cache results
	chown 65534:65534 cache results
	"${nobody[@]}" faultline help >/dev/null 2>&1 || { echo 'skip: nobody cannot run the program'; return 0; }
	expect 0 "${nobody[@]}" faultline run exp.ini --target host -w 'sh -c "setsid setsid sleep 7651 & sleep 1"'
	gone 'sleep 7651' || fail 'what left its session outlives the run'
	"${nobody[@]}" faultline run exp.ini --target host -w 'sh -c "setsid setsid sleep 7652 & sleep 7653"' >out 2>err &
	pid=$!
	until_true 20 alive 'sleep 7652' || fail "no workload: $(cat err)"
	until_true 5 alive 'sleep 7653' || fail "no workload: $(cat err)"
	kill -KILL $pid
	wait $pid 2>/dev/null || true
	until_true 10 gone 'sleep 765' || fail 'it outlives a killed harness'
}

pairs() { (cd /proc/sys/vm && grep . dirty_bytes dirty_ratio dirty_background_bytes dirty_background_ratio overcommit_kbytes overcommit_ratio); }
pairs_are() { [ "$(pairs)" = "$1" ]; }

# Writing one of them sets its twin to 0, and 0 is refused for some: the one that counted is put back.
test_host_pairs_put_back() {
	export FAULTLINE_CACHE=$PWD/cache
	writable || { echo 'skip: settings cannot be changed here'; return 0; }
	local before pid
	before=$(pairs)
	small exp.ini
	expect 0 faultline run exp.ini --target host -w true -s vm.dirty_bytes=104857600 \
		-s vm.dirty_background_bytes=52428800 -s vm.overcommit_kbytes=1048576
	pairs_are "$before" || fail "$before is now $(pairs)"
	[ ! -e cache/host-journal ] || fail "the journal is left: $(cat cache/host-journal)"
	faultline run exp.ini --target host -w 'sleep 988' -s vm.dirty_bytes=104857600 >out 2>err &
	pid=$!
	until_true 20 grep -q 104857600 /proc/sys/vm/dirty_bytes || fail "the setting does not change: $(cat err)"
	FAULTLINE_CACHE=$PWD/other expect 3 faultline run exp.ini --target host -w true
	grep -q 'another run' err || fail "two at once: $(cat err)"
	kill -KILL $pid
	wait $pid 2>/dev/null || true
	until_true 20 faultline doctor --restore >out 2>&1 || fail "$(cat out)"
	pairs_are "$before" || fail "$before is now $(pairs)"
	expect 0 faultline run exp.ini --target host -w true
}

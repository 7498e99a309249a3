# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The balloon's experiments: what is wrong with one, and what it leaves.

balloon() {
	cat >exp.ini <<-EOF
	[experiment]
	name = balloon
	kernel = ${1:-stock}
	repeat = 1
	timeout = 60s
	sample = 0
	[guest]
	memory = 512m
	[settings]
	thp.enabled = never
	[workload w]
	run = usemem --punch-holes -s -1 100m
	[steps]
	timeout = 20s
	punched = wait-output punch holes done
	touched = sample
	inflate = balloon 400m
	inflated = sample
	stop = kill
	EOF
}

point() { faultline show latest --format json | jq -r ".points[0]$1"; }

test_bad_balloons() {
	balloon
	sed -i 's/balloon 400m/balloon 600m/' exp.ini
	usage 'exp.ini:17: step inflate = balloon 600m: the guest has only memory = 512m' faultline run exp.ini --dry-run
	balloon
	usage 'from 0 to 10, or host-huge' faultline run exp.ini -s balloon.inflate_order=huge --dry-run
	usage 'one of on, off' faultline run exp.ini -s guest.free_page_reporting=perhaps --dry-run
	usage 'one of always, madvise, never' faultline run exp.ini -s host.thp.enabled=yes --dry-run
	usage 'unknown setting host.vm.swappiness' faultline run exp.ini -s host.vm.swappiness=1 --dry-run
	sed -i 's/memory = 512m/memory = 512m\ndeflate_on_oom = maybe/' exp.ini
	usage 'exp.ini:9: deflate_on_oom = maybe: one of off, on' faultline run exp.ini --dry-run
}

# stock has no inflate_order: order 0 is what it does, another is skipped.
test_a_kernel_without_the_parameter() {
	balloon
	expect 0 faultline run exp.ini -s balloon.inflate_order=host-huge
	[ "$(point .status)" = skipped ] || fail "$(cat out)"
	point .reason | grep -q 'has no balloon.inflate_order' || fail "$(point .reason)"
}

test_numbers_of_a_run() {
	balloon
	expect 0 faultline run exp.ini -s balloon.inflate_order=0
	[ "$(point '.metrics.balloon_actual_at_inflated.value')" = 409600 ] || fail "$(cat out)"
	[ "$(point '.metrics.balloon_interrupts_at_inflated.value >= 112')" = true ] || fail "$(point .metrics.balloon_interrupts_at_inflated.value)"
	[ "$(point '.metrics.model_host_huge_at_inflated.value > 0')" = true ] || fail 'no model'
	grep -q 'huge .*huge' out || fail "$(cat out)"
	[ -s "$(echo results/*/plots/answer.png)" ] || fail 'no picture of the steps'
}

test_a_mark_that_never_comes() {
	balloon
	sed -i 's/wait-output punch holes done/wait-output no such words/; s/timeout = 20s/timeout = 2s/' exp.ini
	expect 1 faultline run exp.ini
	[ "$(point .status)" = failed ] || fail "$(cat out)"
	point .reason | grep -q 'step punched (wait-output no such words): not printed within 2 s' || fail "$(point .reason)"
	[ "$(point .metrics.step_punched_time.value)" != null ] || fail 'what was measured is lost'
}

# The setting of this machine is put back: after the point, after Ctrl-C, after kill -9.
test_settings_of_the_host() {
	local file=/sys/kernel/mm/transparent_hugepage/enabled before pid
	[ -w $file ] && grep -q '\[madvise\]' $file || return 0
	before=$(cat $file)
	balloon
	expect 0 faultline run exp.ini -s host.thp.enabled=always
	[ "$(point .status)" = ok ] || fail "$(cat out)"
	[ "$(cat $file)" = "$before" ] || fail "left $(cat $file)"
	sed -i 's/^stop = kill/rest = settle 50s/' exp.ini
	faultline run exp.ini -s host.thp.enabled=always >out 2>err &
	pid=$!
	until_true 30 grep -q '\[always\]' $file || fail "never set: $(cat err)"
	kill -9 $pid
	wait $pid 2>/dev/null
	faultline doctor >out 2>&1 || true
	grep -q 'a killed run left 1 setting changed' out || fail "doctor: $(cat out)"
	expect 0 faultline doctor --restore
	[ "$(cat $file)" = "$before" ] || fail "doctor left $(cat $file)"
}

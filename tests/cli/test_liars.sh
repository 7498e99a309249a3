# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Guests that lie and never stop (tests/liar): a point's deadline, its bounds and an interrupt hold
# all the same.

# lying LIE STATUS COMMAND...: with a QEMU of that lie; nothing waits longer than it may.
lying() {
	local lie=$1 want=$2
	shift 2
	mkdir -p bin
	ln -sf "${FAULTLINE_BUILD:-$root/build}/liar" bin/qemu-system-x86_64
	status=0
	LIAR=$lie PATH=$PWD/bin:$PATH timeout -s KILL 100 "$@" --accel tcg >out 2>err </dev/null || status=$?
	[ "$status" = "$want" ] || fail "$lie: status $status, not $want: $(head -c 600 err)"
}

# lie LIE STATUS REASON: what its point comes to; less than 600 MB are left by it.
lie() {
	lying "$1" 1 faultline run exp.ini
	faultline show latest --format json >stored.json
	jq -r '.points[0].status' stored.json | grep -qxE "$2" || fail "$1: $(jq -c '.points[0] | {status, reason}' stored.json)"
	jq -r '.points[0].reason' stored.json | grep -qE -- "$3" || fail "$1: $(jq -r '.points[0].reason' stored.json)"
	[ "$(du -sm results | cut -f 1)" -lt 600 ] || fail "$1: $(du -sm results/*/*)"
	rm -rf results
}

liars() {
	small exp.ini 1 'page_fault1 -t 1 --passes 1'
	sed -i '/^repeat/a timeout = 5s' exp.ini
}

test_liars_that_are_none() {
	liars
	lying '' 0 faultline run exp.ini
}

test_liars_without_a_pause() {
	liars
	lie beats 'hang|failed' 'limit of 5 s|more than 512 MiB'
	lie texts failed 'the guest sent more than 512 MiB'
	lie output failed 'the guest sent more than 512 MiB'
	lie latency failed 'the guest sent more than 512 MiB'
	lie ticks 'hang|failed' 'limit of 5 s|more than 512 MiB'
	lie pieces hang 'not done within the limit of 5 s'
}

test_liars_that_fill_files() {
	liars
	lie console failed 'the guest filled console.log, which holds 16 MiB'
	lie events 'hang|failed' 'limit of 5 s|the guest filled qmp.log, which holds 16 MiB'
	lie log failed 'the guest filled qemu.log, which holds 16 MiB'
}

test_liars_that_name_the_host() {
	liars
	lie host-file lost "the guest's stream is not in Faultline's format"
	lie qmp-answer lost "the guest's stream is not in Faultline's format"
}

# CPUs that run at once under TCG: a boot that patched code killed is booted again; one whose
# workload had begun is not, nor one whose CPUs run in turn.
test_liars_that_patch_code() {
	liars
	lie int3-at-boot panic '^[^;]*Fatal exception in interrupt$'
	sed -i 's/^cpus.*//; s/^\[guest\]/&\nparallel = yes\ncpus = 2/' exp.ini
	lie int3-at-boot panic 'Fatal exception.*; booted 3 times; first lost: panic: '
	lie int3 panic '^[^;]*Fatal exception in interrupt$'
}

test_liars_are_interrupted() {
	local lie
	liars
	sed -i 's/^timeout.*/timeout = 30m/' exp.ini
	for lie in interrupt interrupt-at-sync interrupt-at-boot; do
		lying "$lie" 130 faultline run exp.ini
		grep -q 'resume with: faultline run --resume' err || fail "$lie: $(cat err)"
	done
	lying interrupt-at-boot 130 faultline run exp.ini --clock instructions
	grep -q 'resume with: faultline run --resume' err || fail "exact: $(cat err)"
}

# The file that a workload leaves as its latencies has no end, or nobody writes it.
test_latency_files_without_an_end() {
	local target
	small exp.ini
	for target in '--clock instructions' '--target host'; do
		# shellcheck disable=SC2086
		expect 1 timeout -s KILL 100 faultline run exp.ini -w 'busybox ln -sf /dev/zero @latency@' $target
		faultline show latest --format json | jq -r '.points[0] | .status + " " + .reason' >fate
		grep -q '^failed .*not a latency file, cut at 16 MiB$' fate || fail "$target: $(cat fate)"
		# shellcheck disable=SC2086
		expect 0 timeout -s KILL 100 faultline run exp.ini -w 'busybox mkfifo @latency@' $target
	done
	[ "$(du -sm results | cut -f 1)" -lt 80 ] || fail "$(du -am results | sort -n | tail -n 5)"
}

# Of what a workload prints a part is kept, and that is said.
test_output_without_an_end() {
	small exp.ini
	expect 0 faultline run exp.ini -w "busybox sh -c 'busybox yes | busybox head -c 20000000'" --clock instructions
	faultline show latest --format json | jq -r '.points[0] | .status + " " + .reason' >fate
	grep -qx 'ok of its output only the first 8 MiB are kept' fate || fail "$(cat fate)"
}

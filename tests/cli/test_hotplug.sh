# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Memory that is added: what can be wrong with asking for it, and a guest that dies of it.

hotplug() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = plug
	repeat = 1
	outcomes = oom, panic
	columns = survived, memmap_in_new_memory
	[guest]
	memory = 512m
	[settings]
	hotplug.memmap_on_memory = off, on
	step.size = 40g
	[workload add]
	run = busybox sleep 99
	[steps]
	add = dimm-add @step.size@ reserve=off
	online = online add movable
	stop = kill
	[claim dies]
	about = it dies
	metric = survived
	of = hotplug.memmap_on_memory=off
	holds = = 0
	[claim lives]
	about = it lives
	metric = survived
	of = hotplug.memmap_on_memory=on
	holds = = 1
	INI
}

test_hotplug_errors() {
	hotplug
	usage 'step add = dimm-add 100m reserve=off: expected dimm-add SIZE' faultline run exp.ini -s step.size=100m --dry-run
	usage 'a search is LOW..HIGH/STEP' faultline run exp.ini -s step.size=1g..2g --dry-run
	usage 'one of off, on, force' faultline run exp.ini -s hotplug.memmap_on_memory=1 --dry-run
	usage 'memory = 1m' faultline run exp.ini -s guest.memory=1m --dry-run
	sed 's/@step.size@/@step.sise@/' exp.ini >bad.ini
	usage 'bad.ini:[0-9]*: step add.*@step.sise@: no such setting' faultline run bad.ini --dry-run
	sed 's/oom, panic/oom, dead/' exp.ini >bad.ini
	usage 'outcomes = dead' faultline run bad.ini --dry-run
	sed 's/survived, /sirvived, /' exp.ini >bad.ini
	usage 'columns = sirvived: no such metric' faultline run bad.ini --dry-run
	sed 's/^memory.*/machine = microvm/' exp.ini >bad.ini
	usage 'a microvm has no memory hot-plug' faultline run bad.ini --dry-run
	expect 0 faultline run memmap-hotplug --dry-run
	expect 0 faultline run memmap-hotplug --quick --dry-run
}

# A guest that dies is a result, said by a claim; the run goes on and is good.
test_hotplug_oom() {
	hotplug
	expect 0 faultline run exp.ini
	faultline show latest --format json >json
	[ "$(jq -r '[.points[].status] | join(" ")' json)" = 'oom ok' ] || fail "$(jq -c '.points[] | [.status, .reason]' json)"
	grep -q '^checks   2 passed, 0 failed' out || fail "$(tail -n 20 out)"
	[ "$(jq '.points[1].metrics.memmap_in_new_memory.value' json)" = 655360 ] || fail "$(jq -c '.points[1].metrics' json)"
	sed -i '/^outcomes/d' exp.ini
	expect 1 faultline run exp.ini -s hotplug.memmap_on_memory=off
}

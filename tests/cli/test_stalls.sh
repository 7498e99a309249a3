# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Stalls: who enters a function of the guest's kernel is held up there, and it is counted.

stalled() { faultline run exp.ini --cpus 2 --parallel "$@"; }

test_stalls_bad_input() {
	local stock
	small exp.ini
	usage "guest.stall = nonsense: 'nonsense': FUNCTION:TIME" stalled --stall nonsense
	usage "'200' is no time from 1us to 1s" stalled --stall unmap_page_range:200
	usage "'2s' is no time" stalled --stall unmap_page_range:2s
	usage "'8' is no share" stalled --stall unmap_page_range:1ms:8
	usage 'unmap_page_range is there twice' stalled --stall unmap_page_range:1ms --stall unmap_page_range:2ms
	usage '--stall ,: stalls separated by commas' stalled --stall ,
	usage 'wait for the one that sleeps: --cpus 2 --parallel' faultline run exp.ini --stall unmap_page_range:1ms
	usage 'wait for the one that sleeps: --cpus 2 --parallel' faultline run exp.ini --cpus 2 --stall unmap_page_range:1ms
	usage '--stall need a guest, not --target host' faultline run exp.ini --target host --stall unmap_page_range:1ms
	usage '--accel tcg, not kvm' stalled --stall unmap_page_range:1ms --accel kvm
	usage 'kernel stock has no function unmap_page_rang in .*: did you mean unmap_page_range\?' \
		stalled --stall unmap_page_rang:1ms
	usage 'no function move_pages_pte in .* inlined is stalled by what calls it' stalled --stall move_pages_pte:1ms
	stock=$("$root/guest/kernel/build.sh" --print stock)
	mkdir alone
	ln "$stock/vmlinux" alone/ 2>/dev/null || cp "$stock/vmlinux" alone/
	usage 'alone.*: guest.stall needs its System.map' stalled -k "$PWD/alone/vmlinux" --stall unmap_page_range:1ms
	echo 'no map' >alone/System.map
	usage 'needs its System.map, beside it' stalled -k "$PWD/alone/vmlinux" --stall unmap_page_range:1ms
	sed -i '$a [settings]\nguest.stall = none, f:1' exp.ini
	usage "exp.ini:12: guest.stall = f:1: '1' is no time" faultline run exp.ini --dry-run
}

test_stalls_without_a_plugin() {
	small exp.ini
	mkdir bin
	cat >bin/qemu-system-x86_64 <<-EOF
	#!/bin/sh
	case "\$*" in *-plugin*) echo 'qemu-system-x86_64: -plugin: invalid option' >&2; exit 1 ;; esac
	exec $(command -v qemu-system-x86_64) "\$@"
	EOF
	chmod +x bin/qemu-system-x86_64
	PATH=$PWD/bin:$PATH expect 3 stalled --stall unmap_page_range:1ms
	grep -qF 'this QEMU does not load plugins of API version 1 (QEMU 4.2 to 8.2 with plugins' err || fail "$(cat err)"
	[ -z "$(find results -name 'small-*' 2>/dev/null)" ] || fail 'a run was begun'
}

# One task gives memory back, 20 times: it sleeps as long as the stalls say, and they are counted.
test_stalls_are_made_and_counted() {
	small exp.ini 1 'races --pair dontneed,read --rounds 20'
	expect 0 stalled --stall zap_page_range_single:20ms,__x64_sys_swapoff:1ms
	grep -q 'tcg: guest.stall holds up emulated CPUs' err || fail "$(cat err)"
	faultline show latest --format json | jq '.points[0]' >point.json
	jq -r '.settings["guest.stall"]' point.json | grep -qxF 'zap_page_range_single:20ms+__x64_sys_swapoff:1ms' ||
		fail "$(jq -c .settings point.json)"
	jq -r .reason point.json | grep -qxF '__x64_sys_swapoff never stalled, of 0 entries' || fail "$(jq -c .reason point.json)"
	jq -e '.metrics | (.stalls.value >= 20) and .stalls_zap_page_range_single.value == .stalls.value and
		.stall_entries_zap_page_range_single.value == .stalls.value and .stalls___x64_sys_swapoff.value == 0 and
		.workload_time.value >= .stalls.value * 20e6' point.json >/dev/null || fail "$(jq -c .metrics point.json)"
}

# A kernel that lacks the function is skipped; a share of the entries stalls; none is no stall.
test_stalls_of_some() {
	small exp.ini 1 'races --pair dontneed,read --rounds 100'
	sed -i 's/^kernel.*/kernel = stock, patched/; $a [settings]\nthp.enabled = always\nthp.promotion_threshold = 64\nguest.stall = none, thp_reserve_wanted:1ms:1/4' exp.ini
	expect 0 stalled
	faultline show latest --format json >stored.json
	jq -r '.points[] | select(.kernel == "stock" and .settings["guest.stall"] != "none") | .status + " " + .reason' stored.json |
		grep -q '^skipped kernel stock has no function' || fail "$(jq -c '.points[] | [.status, .reason]' stored.json)"
	jq -e '[.points[] | select(.kernel == "patched" and .settings["guest.stall"] == "none") | .status == "ok" and .metrics.stalls == null] | all' \
		stored.json >/dev/null || fail "$(jq -c '.points[] | [.status, .metrics.stalls]' stored.json)"
	jq -e '.points[] | select(.kernel == "patched" and .settings["guest.stall"] != "none") | .status == "ok" and
		.metrics.stalls.value > 0 and .metrics.stalls.value < 0.6 * (.metrics | to_entries[] |
		select(.key | startswith("stall_entries_")) | .value.value)' stored.json >/dev/null ||
		fail "$(jq -c '.points[] | [.kernel, .status, .reason, .metrics.stalls]' stored.json)"
}

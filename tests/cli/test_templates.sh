# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Images and templates in the cache: used again, noticed when broken, swept, bounded by the disk.

# An experiment on the instruction clock with a cache of this test's own.
cached() {
	local kernel
	kernel=$("$root/guest/kernel/build.sh" --print stock) || fail 'no kernel'
	small exp.ini 1 'page_fault1 -t 1 --passes 1'
	sed -i "s|^kernel.*|kernel = $kernel/vmlinux|; s|^cpus.*|&\nclock = instructions|" exp.ini
	export FAULTLINE_CACHE=$PWD/cache TMPDIR=$PWD
}
states() { find cache/templates -name '*.state' | wc -l; }
restored() { faultline show latest --format json | jq -r '[.points[].status] | join(" ")'; }

test_template_is_used_again_and_mended() {
	cached
	expect 0 faultline run exp.ini
	[ "$(states)" = 1 ] || fail "states: $(ls -l cache/templates)"
	[ "$(find cache/templates | wc -l)" = 2 ] || fail "something beside it: $(ls cache/templates)"
	local state inode
	state=$(echo cache/templates/*.state)
	inode=$(stat -c %i "$state")
	touch cache/images/*
	expect 0 faultline run exp.ini
	[ "$(states) $(stat -c %i "$state")" = "1 $inode" ] || fail 'it was made anew'
	truncate -s -65536 "$state"
	expect 0 faultline run exp.ini
	[ "$(restored)" = ok ] || fail "$(restored)"
	[ "$(states)" = 1 ] && [ "$(stat -c %i "$state")" != "$inode" ] || fail 'the cut one is still there'
}

# The disk is full 32 KiB before the state's end: the point boots, and nothing half is left.
test_template_on_a_full_disk() {
	cached
	expect 0 faultline run exp.ini
	unshare -rm true 2>err || { echo "skip: no mount of our own: $(cat err)"; return 0; }
	local page room
	page=$(getconf PAGESIZE)
	room=$(find cache -type f -printf '%s\n' | awk -v p="$page" '{ n += int(($1 + p - 1) / p) * p } END { print n - 32768 }')
	rm -rf cache
	mkdir cache
	expect 0 unshare -rm sh -c "mount -t tmpfs -o mode=755,size=$room none cache && faultline run exp.ini && find cache -type f >files"
	[ "$(restored)" = ok ] || fail "$(restored)"
	[ "$(grep -c cpio files) $(grep -c templates files || true)" = '1 0' ] || fail "left: $(cat files)"
}

test_template_of_a_killed_run_is_swept() {
	cached
	faultline run exp.ini >out 2>err &
	local pid=$!
	until_true 60 sh -c 'ls cache/templates/*.new && ls -d faultline-guest-*' >/dev/null 2>&1 ||
		fail "no template is being made: $(cat err)"
	kill -KILL $pid
	wait $pid 2>/dev/null || true
	expect 0 faultline run exp.ini
	[ -z "$(find . -name '*.new' -o -name '*.lock' -o -name 'faultline-guest-*')" ] || fail "left: $(find cache/templates; ls)"
}

test_cache_that_others_can_write() {
	small exp.ini
	mkdir cache
	chmod o+w cache
	export FAULTLINE_CACHE=$PWD/cache
	expect 3 faultline run exp.ini --target host -w true
	[ "$(wc -l <err)" = 1 ] && grep -q "cache folder $PWD/cache: others can write to it" err || fail "$(cat err)"
	expect 3 faultline run exp.ini
	grep -q 'others can write to it' err || fail "$(cat err)"
	try faultline doctor
	grep -q 'others can write to it' out || fail "doctor does not see it: $(cat out)"
}

# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# What the machine lacks: exit status 3, one line, nothing measured lost.

# lacks PATTERN COMMAND...
lacks() {
	local pattern=$1
	shift
	expect 3 "$@"
	tail -n 1 err | grep -qE -- "$pattern" || fail "$*: \"$(tail -n 1 err)\" has no $pattern"
}

test_missing_qemu() {
	local d
	mkdir bin
	for d in ${PATH//:/ } /usr/sbin /sbin; do
		ln -s "$d"/* bin/ 2>/dev/null || true
	done
	rm -f bin/qemu-*
	small exp.ini
	PATH=$PWD/bin lacks 'qemu' faultline run exp.ini
	PATH=$PWD/bin expect 3 faultline doctor
	grep -q '^MISSING *QEMU.*apt-get install qemu-system-x86' out || fail "$(cat out)"
}

test_results_folder_in_the_way() {
	small exp.ini
	: >results
	lacks 'results' faultline run exp.ini --target host -w 'page_fault1 -t 1 --passes 1'
	expect 3 faultline doctor
	grep -q '^MISSING *results folder' out || fail "$(cat out)"
}

test_too_much_memory_asked_for() {
	small exp.ini
	sed -i 's/^memory = .*/memory = 4t/' exp.ini
	try faultline run exp.ini
	[ "$status" = 3 ] || fail "status $status: $(cat err)"
	grep -qi 'memory' err || fail "$(cat err)"
}

test_full_disk() {
	mkdir results
	mount -t tmpfs -o size=8m none results 2>/dev/null || { echo 'skip: no mount here'; return 0; }
	# shellcheck disable=SC2064
	trap "umount -l '$PWD/results'" EXIT
	small exp.ini
	expect 0 faultline run exp.ini --target host -w 'page_fault1 -t 1 --passes 1'
	faultline show latest --format csv >before
	head -c 16m /dev/zero >results/fill 2>/dev/null || true
	lacks '.' faultline run exp.ini --target host -w 'page_fault1 -t 1 --passes 1'
	rm results/fill
	faultline show "$(faultline list runs | awk 'END { print $1 }')" >/dev/null ||
		faultline show latest >/dev/null
	faultline list runs | awk '{ print $1 }' >names
	while read -r d; do
		faultline show "$d" --format csv >after
		! cmp -s before after || return 0
	done <names
	fail "the first run is not what it was"
}

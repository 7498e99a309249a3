# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Names are words, files are text, and what is printed is harmless.

# named NAME: an experiment of that name, as printf reads it.
named() { printf "[experiment]\nname = $1\n[workload pf]\nrun = page_fault1\n" >named.ini; }

test_names_are_words() {
	local name
	for name in ../../evil /tmp/evil .hidden - 'two words' 'a,b' 'a/b' 'a=b' 'a@b' "$(printf 'x%.0s' {1..65})"; do
		named "$name"
		usage 'named\.ini:2: name = .*a word' faultline run named.ini --target host
	done
	named 'a\tb'
	usage 'named\.ini:2: name' faultline run named.ini --target host
	named 'a\033[2Jb'
	usage 'named\.ini:2: byte 0x1b' faultline run named.ini --target host
	[ ! -e results ] || [ -z "$(ls results)" ] || fail "$(ls results)"
	named 'A.b_c+d-9'
	expect 0 faultline run named.ini --dry-run
}

test_printed_harmless() {
	local escape=$'\033]0;owned\a' csi=$'\302\233' name
	for name in "$escape" "$csi" $'\377' $'a\nb'; do
		try faultline run "$name.ini"
		[ "$status" = 2 ] || fail "status $status"
		[ "$(wc -l <err)" = 1 ] || fail "not one line: $(cat -v err)"
		try faultline "$name"
		try faultline show "$name"
		cat err out >>all
	done
	! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xff' all || fail "$(cat -v all)"
	small exp.ini
	usage 'control character' faultline run exp.ini -w "page_fault1 $escape"
	printf '#!/bin/sh\nprintf "\\033]0;owned\\007\\377" >&2; exit 1\n' >liar
	chmod +x liar
	try faultline run exp.ini --target host -w "$PWD/liar"
	[ "$status" = 1 ] || fail "status $status: $(cat err)"
	! LC_ALL=C grep -qP '\x1b|\x07|\xff' out err || fail "$(cat -v out err)"
}

test_files_are_files() {
	mkfifo fifo
	head -c $((1 << 20)) /dev/zero | tr '\0' '#' >huge.ini
	echo >>huge.ini
	usage 'a device or a pipe' timeout 10 faultline run /dev/zero --dry-run
	usage 'a device or a pipe' timeout 10 faultline run ./fifo --dry-run
	usage 'a device or a pipe' timeout 10 faultline help --man /dev/zero
	usage 'huge.ini has 1048577 bytes' faultline run huge.ini --dry-run
	small exp.ini
	usage 'fifo' timeout 10 faultline run exp.ini -k ./fifo
	# What is not refused is stored whole.
	small full.ini
	head -c $(((1 << 20) - $(stat -c %s full.ini) - 1)) /dev/zero | tr '\0' '#' >>full.ini
	echo >>full.ini
	expect 0 faultline run full.ini --target host -w 'page_fault1 -t 1 --passes 1'
	cmp full.ini results/small-*/experiment.ini
}

test_lines_of_late_errors() {
	wrong '[claim c]\nabout = x' 'claim c\] needs metric'
	wrong '[claim c]\nabout = x\nmetric = fault_count\nholds = > nan' 'holds = > nan'
	wrong '[claim c]\nabout = x\nmetric = none\nholds = > 0' 'claim c.*none'
	wrong '[crossing c]\nabout = x' 'crossing c\] needs axis'
	wrong '[pressure]\nworkload = pf' 'pressure\] needs run'
	wrong '[pressure]\nrun = page_fault1\nworkload = none' 'no workload'
	wrong '[settings g]\nworkload = none' 'no workload'
	wrong '[experiment]\ncolumns = none' 'no such metric'
	wrong '[experiment]\noutcomes = none' 'one of failed'
	wrong '[guest]\ncount = 2\nclock = instructions' 'several guests'
	printf '[experiment]\nabout = x\n' >none.ini
	usage 'none\.ini:2: .*needs name' faultline run none.ini --dry-run
	printf '[experiment]\nname = x\n\n' >none.ini
	usage 'none\.ini:2: no \[workload' faultline run none.ini --dry-run
	usage 'program' faultline shell --program ''
}

test_cpu_model_is_checked() {
	small exp.ini
	printf '[guest]\ncpu = nonsense\n' >>exp.ini
	usage 'exp\.ini:[0-9]+: cpu = nonsense: QEMU says: unable to find CPU' faultline run exp.ini --clock instructions
	sed -i 's/nonsense/max,+nosuch/' exp.ini
	usage 'exp\.ini:[0-9]+: cpu = max,\+nosuch: QEMU says: .*nosuch' faultline run exp.ini --clock instructions
	[ -z "$(compgen -G 'results/small-*')" ] || fail "a run was made"
}

# Groups of a killed harness go when the next run begins; one of a living process stays.
test_cgroups_of_a_killed_run() {
	local root=/sys/fs/cgroup dead
	[ ! -e /sys/fs/cgroup/memory ] || root=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
	[ -e "$root/cgroup.procs" ] || root=/sys/fs/cgroup/memory
	sleep 0 &
	dead=$!
	wait "$dead"
	mkdir "$root/faultline-$dead-7" "$root/faultline-$$-7" 2>/dev/null || { echo 'skip: no control groups here'; return 0; }
	small exp.ini
	expect 0 faultline run exp.ini --clock instructions
	rmdir "$root/faultline-$$-7" || fail "a living one's group went"
	[ ! -e "$root/faultline-$dead-7" ] || { rmdir "$root/faultline-$dead-7"; fail "it stays"; }
}

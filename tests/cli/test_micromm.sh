# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# micromm: system calls that shape memory, a mean of each.

test_micromm_by_hand() {
	local micromm=$root/build/workloads/micromm op
	expect 0 "$micromm" --rounds 3 --size 16k --op cold,dontneed,exit,fork,free,mmap,mprotect,mremap,munmap,pageout,populate
	for op in cold dontneed exit fork free mmap mremap munmap pageout populate; do
		grep -q "^micromm $op: 3 calls of 4 pages" out || fail "$op: $(cat out)"
		[ "$(grep -cE "^op_time_${op}_(call|page) [0-9]+\.[0-9]{3}\$" out)" = 2 ] || fail "$op: $(cat out)"
	done
	grep -q '^micromm mprotect: 6 calls of 4 pages' out || fail "$(cat out)"
	expect 0 "$micromm" --rounds 2 --pages 1 --populate --untouched --op mmap,munmap
	[ "$(grep -c '^op_time_' out)" = 4 ] || fail "$(cat out)"
	expect 0 "$micromm" --rounds 1 --op all
	expect 2 "$micromm" --op munmap,remap
	grep -q "^micromm: --op 'remap': all, cold, collapse, .*populate; see micromm --help$" err || fail "$(cat err)"
	expect 2 "$micromm" --op munmap,
	expect 2 "$micromm" --op ''
	expect 2 "$micromm" --size 5000
	expect 2 "$micromm" --size 8k --pages 2
	expect 2 "$micromm" --base --madvise
	expect 2 "$micromm" 64k
}

# Two boots agree to the instruction, and what is done to more pages takes longer.
test_micromm_is_exact() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = mm
	repeat = 2
	[guest]
	memory = 512m
	clock = instructions
	[settings]
	thp.enabled = never
	[workload small]
	run = micromm --rounds 30 --size 4k --op fork,mmap,mprotect,mremap,munmap
	[workload large]
	run = micromm --rounds 30 --size 64k --op fork,mmap,mprotect,mremap,munmap
	INI
	expect 0 faultline run exp.ini
	faultline show latest --format json >json
	jq -e '[.points[] | {workload, of: (.metrics | with_entries(select(.key | test("^op_time_")) | .value |= .value))}]
		| (map(.of | length) | all(. == 10)) and (unique | length == 2)
		and (map(select(.workload | test("64k")))[0].of.op_time_munmap_call
		     > 2 * map(select(.workload | test(" 4k")))[0].of.op_time_munmap_call)' json >/dev/null ||
		fail "$(jq -c '.points[].metrics | with_entries(select(.key | test("^op_time_")))' json)"
	jq -e '.points[0].metrics.op_time_munmap_call.unit == "insn"' json >/dev/null || fail 'another unit'
}

# A function that is named as an entry has a profile of its own, and one that no kernel has ends the run.
test_profile_of_entries() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = entries
	repeat = 2
	entry = kernel_clone
	[guest]
	memory = 512m
	clock = instructions
	[settings]
	thp.enabled = never
	[workload named]
	run = micromm --rounds 20 --op munmap,fork
	entry = unmap_region
	[workload whole]
	run = micromm --rounds 20 --op munmap,fork
	entry = all
	INI
	sed 's/= kernel_clone/= kernel_clonee/' exp.ini >bad.ini
	expect 2 faultline run bad.ini
	grep -q 'entry = kernel_clonee: no kernel of the run has this function.*did you mean kernel_clone?' err || fail "$(cat err)"
	expect 0 faultline run exp.ini
	expect 0 faultline show latest --point 1 --profile --entry kernel_clone
	grep -q '^kernel_clone: 20 calls, ' out || fail "$(cat out)"
	grep -q ' copy_process$' out || fail "$(cat out)"
	expect 2 faultline show latest --point 1 --profile --entry copy_process
	grep -q 'has no profile of copy_process' err || fail "$(cat err)"
	expect 2 faultline show latest --point 1 --entry munmap
	expect 0 faultline show latest --point 3 --profile --entry copy_process
	grep -qE '^copy_process: [0-9]+ calls, ' out || fail "$(cat out)"
	expect 0 faultline compare latest latest --profile --entry munmap
	grep -q 'no function differs by a tenth of an instruction' out || fail "$(cat out)"
}

# khugepaged's scan, asked for on the command line: exact in two boots, and a flame graph of the setting that differs.
test_entry_of_khugepaged() {
	cat >exp.ini <<-EOF
	[experiment]
	name = scan
	kernel = stock
	repeat = 2
	[guest]
	memory = 512m
	clock = instructions
	[settings]
	thp.enabled = always
	khugepaged.max_ptes_none = 0, 511
	khugepaged.scan_sleep_millisecs = 10
	khugepaged.pages_to_scan = 8192
	[workload holes]
	run = usemem --punch-holes -s 1 32m
	EOF
	expect 0 faultline run exp.ini --entry hpage_collapse_scan_pmd
	for point in 1 2 3 4; do
		expect 0 faultline show latest --point $point --profile --entry hpage_collapse_scan_pmd
		tail -n +2 out >of.$point
	done
	cmp of.1 of.2 && cmp of.3 of.4 || fail 'two boots differ'
	grep -q clear_page of.3 && ! grep -q clear_page of.1 || fail "$(cat of.1 of.3)"
	grep -q 'holes, hpage_collapse_scan_pmd: max_ptes_none=511' results/scan-*/report.html ||
		fail "$(grep -o "font-weight='bold'>[^<]*" results/scan-*/report.html)"
	expect 2 faultline run exp.ini --entry hpage_collapse_scan_pmd --clock real
	grep -q 'add --clock instructions' err || fail "$(cat err)"
}

# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Wrong input of each kind: exit status 2 and one line that says where and what is allowed.

# wrong TEXT PATTERN: a good file and TEXT behind it; the answer names file and line.
wrong() {
	local text=$1 pattern=$2
	printf '[experiment]\nname = wrong\nabout = x\nkernel = stock\n[workload pf]\nrun = page_fault1\n' >exp.ini
	printf '%b\n' "$text" >>exp.ini
	usage "exp\.ini:[0-9]+: .*$pattern" faultline run exp.ini --dry-run
}

test_bad_experiment_file() {
	wrong '[gust]\nmemory = 1g' 'gust'
	wrong '[guest]\nmemroy = 1g' 'memroy'
	wrong '[guest]\nmemory = 1x' '1x'
	wrong '[guest]\nmemory = lots' 'lots'
	wrong '[guest]\ncpus = 0' '0'
	wrong '[experiment]\ntimeout = 5 parsecs' 'parsecs'
	wrong '[experiment]\ntimeout = 5' '5'
	wrong '[experiment]\nrepeat = -1' '-1'
	wrong '[guest]\nclock = sundial' 'sundial'
	wrong '[settings]\nthp.enalbed = always' 'enalbed'
	wrong '[settings]\nthp.enabled = sometimes' 'sometimes'
	wrong '[settings]\nkhugepaged.max_ptes_none = 513x' '513x'
	wrong '[settings]\nthp.enabled = always,,never' '.'
	wrong '[workload two]\nrun =' '.'
	wrong '[settings]\nguest.free_page_reporting = perhaps' 'one of on, off'
	wrong '[settings]\nhost.madvise = willneed' 'one of dontneed, free'
	wrong '[settings]\nhost.memory_limit = some' 'a size'
	wrong '[settings]\npage_reporting.method = guess' 'one of list, bitmap, off'
	wrong '[guest]\nbacked = 3' 'backed'
	wrong '[guest]\ncount = 0' 'count'
	wrong '[steps]\nback = wait-freed 3s' 'sample step above'
	wrong '[steps]\npress = host-limit 3' 'host-limit SIZE'
	wrong 'no section, no key' '.'
	printf '[experiment]\nname = x\n' >none.ini
	usage 'none\.ini.*workload' faultline run none.ini --dry-run
	usage 'no-such' faultline run no-such-experiment --dry-run
	usage '.' faultline run . --dry-run
	head -c 4096 /dev/urandom >noise.ini
	usage 'noise\.ini' faultline run noise.ini --dry-run
}

test_bad_run_options() {
	small exp.ini
	usage 'EXPERIMENT' faultline run
	usage 'one too many' faultline run exp.ini exp.ini
	usage '--repeat' faultline run exp.ini --repeat many
	usage '--repeat' faultline run exp.ini --repeat 0
	usage '--jobs' faultline run exp.ini --jobs -3
	usage '--seed' faultline run exp.ini --seed x
	usage '--clock.*real, instructions' faultline run exp.ini --clock wall
	usage '--accel.*auto, kvm, tcg' faultline run exp.ini --accel fast
	usage '--target.*guest, host' faultline run exp.ini --target moon
	usage 'no instruction clock; use --clock real' faultline run exp.ini --cpus 2 --parallel --clock instructions
	usage 'parallel needs two CPUs; use --cpus 2' faultline run exp.ini --parallel
	usage 'not --target host' faultline run exp.ini --cpus 2 --target host
	usage '--cpus 65: .* up to 64' faultline run exp.ini --cpus 65
	usage '--repeat needs a value' faultline run exp.ini --repeat
	usage 'thp.enabled' faultline run exp.ini -s thp.enabled --dry-run
	usage 'no.such' faultline run exp.ini -s no.such=1 --dry-run
	usage 'maybe' faultline run exp.ini -s thp.enabled=maybe --dry-run
	usage '.' faultline run exp.ini -w '' --dry-run
	usage '.' faultline run exp.ini -w 'page_fault1 "-t 1' --dry-run
	usage 'no-such-kernel' faultline run exp.ini -k "$PWD/no-such-kernel"
	usage 'exp\.ini|kernel' faultline run exp.ini -k "$PWD/exp.ini"
	usage 'no-such-program' faultline run exp.ini -w 'no-such-program 3'
	usage 'no-such-program' faultline run exp.ini --target host -w 'no-such-program 3'
	usage 'instruction clock' faultline run exp.ini --target host --clock instructions
	[ ! -e results/faultline.db ] || [ "$(faultline list runs | wc -l)" -le 1 ] || fail "runs were made"
}

test_unknown_run_name() {
	local c
	for c in show plot report; do
		try faultline "$c" no-such-run
		[ "$status" = 2 ] || [ ! -e results/faultline.db ] || fail "$c: $status $(cat err)"
		[ "$(wc -l <err)" = 1 ] || fail "$c: $(cat err)"
	done
	small exp.ini
	expect 0 faultline run exp.ini --target host -w 'page_fault1 -t 1 --passes 1'
	for c in show plot report; do
		usage 'no-such-run' faultline "$c" no-such-run
	done
	usage 'no-such-run' faultline run --resume no-such-run
	usage '--point' faultline show latest --point x
	usage '--format' faultline show latest --format xml
	expect 0 faultline show latest
	expect 0 faultline show latest:small
	usage 'other' faultline show latest:other
}

test_bad_kernel_command() {
	usage 'build, check, list' faultline kernel
	usage 'build, check, list' faultline kernel biuld
	usage 'one too many' faultline kernel check a b
	usage '.' faultline kernel check /etc/passwd
	usage '--memory' faultline shell --memory 1
	usage '--cpus' faultline shell --cpus 0
	usage 'no operand' faultline shell now
}

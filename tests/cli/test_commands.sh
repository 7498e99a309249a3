# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# What holds for every command, whichever it is.

commands() { faultline help | sed -n 's/^  \([a-z]*\) .*/\1/p'; }

test_help_equals_man() {
	local c
	faultline help --man "$root/docs/man/faultline.1.in" >page
	grep -q '^\.SS run$' page || fail "the page has no commands"
	! grep -q '@[A-Z]*@' page || fail "a table is not filled in: $(grep '@[A-Z]*@' page)"
	for c in metrics settings; do
		faultline help --man "$root/docs/man/faultline-$c.7.in" >table
		[ "$(grep -c '^\.TP' table)" -ge 30 ] || fail "faultline-$c(7) has no table"
	done
	for c in $(commands); do
		faultline "$c" -h | sed '/^$/,$d' | paste -sd ' ' - | tr -s ' ' >from_help
		sed -n "/^\.SS $c\$/,/^\.hy/p" page | sed -n 's/\\-/-/g; s/^faultline /&/p' >from_man
		cmp -s from_help from_man || fail "$c: $(cat from_help) / $(cat from_man)"
		expect 0 faultline "$c" --help
		expect 0 faultline help "$c"
		faultline "$c" -h | sed -n 's/^  .*--\([a-z-]*\).*/\1/p' | grep -vx help | while read -r o; do
			sed 's/\\-/-/g' page | grep -q -- "--$o" || fail "$c: --$o is not in the page"
		done
	done
}

test_man_pages_are_clean() {
	command -v groff >/dev/null || { echo 'skip: no groff here'; return; }
	local page
	for page in "$root"/docs/man/*.in; do
		faultline help --man "$page" >page
		groff -man -Tutf8 -ww -z page 2>warnings || fail "$page: $(cat warnings)"
		[ ! -s warnings ] || fail "$page: $(head -n 3 warnings)"
	done
}

test_completion_is_bash() {
	faultline help --completion >completion
	bash -n completion
	# shellcheck disable=SC1091
	. ./completion
	COMP_WORDS=(faultline ru) COMP_CWORD=1
	_faultline
	[ "${COMPREPLY[*]}" = run ] || fail "ru completes to ${COMPREPLY[*]}"
	COMP_WORDS=(faultline run --see) COMP_CWORD=2
	_faultline
	[ "${COMPREPLY[*]}" = --seed ] || fail "--see completes to ${COMPREPLY[*]}"
}

test_bad_option_is_2() {
	local c
	for c in $(commands); do
		usage "^faultline: $c: unknown option --no-such-thing" faultline "$c" --no-such-thing
		usage "^faultline: $c: unknown option -@" faultline "$c" -@
	done
}

test_full_output_is_not_success() {
	local c
	for c in $(commands); do
		status=0
		faultline "$c" -h >/dev/full 2>err || status=$?
		[ "$status" = 3 ] || fail "$c -h >/dev/full: $status"
		grep -q 'standard output: No space left' err || fail "$c: $(cat err)"
	done
	for c in settings metrics; do
		! faultline list "$c" >/dev/full 2>err || fail "list $c >/dev/full is 0"
	done
}

test_closed_pipe_is_quiet() {
	(faultline list metrics; echo $? >status) 2>err | head -n 0
	until_true 5 test -s status
	[ ! -s err ] || fail "$(cat err)"
}

# Every -h has examples, which are commands of that name, and the exit statuses.
test_help_has_examples() {
	local c
	for c in $(commands); do
		faultline "$c" -h >text
		sed -n '/^Examples$/,/^$/p' text | grep -q "^  faultline $c" || fail "$c: $(cat text)"
		[ "$(sed -n '/^Exit status$/,$p' text | grep -cE '^  (0|2|3|130) ')" = 4 ] || fail "$c: $(cat text)"
		! grep -E '.{81}' text || fail "$c -h is wider than 80"
	done
	expect 0 faultline --version
	grep -qE '^faultline .' out || fail "$(cat out)"
	expect 2 faultline
	[ "$(grep -c '^  [a-z]' err)" = 5 ] || fail "$(cat err)"
}

# A slip of the keys in any kind of name is answered with the one that was meant.
test_nearest_names() {
	small exp.ini
	usage 'did you mean thp-threshold\?' faultline run thp-treshold
	usage 'did you mean thp.enabled\?' faultline run exp.ini -s thp.enabeld=never
	usage 'did you mean patched\?' faultline run exp.ini -k pached
	printf '[claim c]\nabout = a\nmetric = fault_cuont\nholds = > 1\n' >>exp.ini
	usage 'exp.ini:[0-9]+: .*did you mean fault_count\?' faultline run exp.ini
	small exp.ini
	expect 0 faultline run exp.ini -q
	usage 'did you mean latest:small\?' faultline show latest:smal
	usage 'did you mean latest\?' faultline show latset
	usage 'did you mean settings\?' faultline list setings
}

test_list_takes_a_glob() {
	expect 0 faultline list metrics 'fault_latency_*'
	grep -q ' fault_latency_p50 ' out || fail "$(cat out)"
	! grep -q ' guest_rss_peak ' out || fail 'what the GLOB leaves out'
	expect 0 faultline list settings 'thp.*'
	[ "$(sed 1d out | grep -c '^thp\.')" = "$(sed 1d out | wc -l)" ] || fail "$(cat out)"
	expect 0 faultline list metrics host_rss_at_before
	grep -q SERIES_at_STEP out || fail "$(cat out)"
	usage 'did you mean guest_rss_peak\?' faultline list metrics guest_rss_paek
	usage 'one too many' faultline list runs x
}

test_unknown_command() {
	usage 'unknown command "rnu": did you mean "run"\?' faultline rnu
	usage 'unknown command "xyzzy"' faultline xyzzy
	expect 2 faultline
	expect 0 faultline -h
	expect 0 faultline --help
}

test_list_names_everything() {
	expect 0 faultline list
	local kind
	for kind in $(cut -d' ' -f1 out); do
		expect 0 faultline list "$kind"
		[ "$kind" = runs ] || [ -s out ] || fail "list $kind says nothing"
	done
	faultline list workloads >out
	for kind in page_fault1 usemem memhog fork-snapshot fork-density hungry micromm verify; do
		grep -q "^$kind " out || fail "no $kind among the workloads: $(cat out)"
	done
	faultline list metrics >out
	grep -qE '^  fault_latency_p50 +ns ' out || fail "no fault_latency_p50 in ns"
	grep -qE '^  guest_rss_peak +KiB ' out || fail "no guest_rss_peak in KiB"
	faultline list settings >out
	grep -qE '^thp\.enabled ' out || fail "no thp.enabled"
	faultline list experiments >out
	grep -qE '^thp-threshold ' out || fail "no thp-threshold"
	usage 'did you mean metrics' faultline list metrisc
}

test_doctor_examines() {
	try faultline doctor
	[ "$status" = 0 ] || [ "$status" = 3 ] || fail "status $status: $(cat err)"
	grep -q '^ok .*libraries' out || fail "$(cat out)"
	! grep -q '^MISSING' out || [ "$status" = 3 ] || fail "something is missing and the status 0"
	# A KVM that opens is good only where guests run in it.
	if grep -q '^ok *accelerator *kvm:' out; then
		grep -q '^ok *KVM .*runs a guest' out || fail "$(cat out)"
	else
		grep -q '^note *KVM ' out || fail "$(cat out)"
	fi
}

# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# What a guest and its programs say reaches every output as text that its format can take.

# In octal, for a printf of the guest.
octal() {
	printf '%b' "$1" | od -An -v -to1 | tr -d '\n' | sed 's/ /\\/g'
}

hostile() {
	cat <<-EOF
	[experiment]
	name = hostile
	kernel = stock
	repeat = 1
	[guest]
	memory = 512m
	cpus = 1
	clock = instructions
	[workload words]
	run = busybox sh -c 'busybox printf "$(octal 'last \0377\0376 \033[2J <i>]]>&"`touch P`\r\0302\0233 words\n')" >&2; exit 3'
	[workload cases]
	run = busybox sh -c 'busybox printf "$(octal "TAP version 13\n1..2\nok 1 - caf\0351 <b>&\"\033[31m]]>''\nnot ok 2 - x\`touch P\`\\\\\n")"'
	[workload classes]
	run = busybox sh -c 'busybox printf "$(octal "faultline-latency 2\nclock insn hz 1000000000 cost_ns 1 away_ns 0\nclass ''\"\`id\`\0377 count 1 sum_ns 5 min_ns 5 max_ns 5\nbucket 5 6 1\nend\n")" >\$0' @latency@
	[workload kernel]
	run = busybox sh -c 'busybox printf "$(octal "<1>BUG: \0377\033[31m<b>]]>''planted\n")" >/dev/kmsg'
	[workload fine]
	run = page_fault1 -t 1 --passes 1 --latency @latency@
	EOF
}

test_hostile_words() {
	local run svg
	hostile >exp.ini
	try faultline nightly exp.ini --junit junit.xml
	[ "$status" = 1 ] || fail "nightly: exit status $status: $(cat err)"
	! grep -q $'\033\\|\r' out || fail "a control character in the table"
	xmllint --noout junit.xml || fail 'JUnit is no XML'
	expect 0 faultline show latest --format json
	jq -r '.points[] | select(.status == "failed") | .workload_name' out | sort | tr '\n' ' ' >failed
	[ "$(cat failed)" = 'classes kernel words ' ] || fail "failed: $(cat failed): $(jq -c '[.points[].reason]' out)"
	jq -e '.points[] | select(.workload_name == "words").reason | test("last \\?\\? \\?\\[2J <i>]]>&\"`touch P`\\?\\?\\? words")' out >/dev/null ||
		fail "$(jq -c '.points[].reason' out)"
	for format in csv table; do
		expect 0 faultline show latest --format $format
		iconv -f utf-8 -t utf-8 out >/dev/null || fail "$format is no UTF-8"
		! grep -q $'\033\\|\r' out || fail "a control character in $format"
	done
	for format in json markdown robot; do
		expect 0 faultline compare latest latest --format $format
		iconv -f utf-8 -t utf-8 out >/dev/null || fail "$format is no UTF-8"
	done
	expect 0 faultline report latest
	run=$(echo results/hostile-*)
	iconv -f utf-8 -t utf-8 "$run/report.html" >/dev/null || fail 'the page is no UTF-8'
	grep -q '<i>\]\]>\|<b>\]\]>' "$run/report.html" && fail "a guest's words are part of the page"
	for svg in "$run"/plots/*.svg; do
		xmllint --noout "$svg" || fail "$svg is no XML"
	done
	[ ! -e P ] && [ ! -e "$run/P" ] || fail 'a guest ran a command here'
}

# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# An interrupt at a known moment: a program that ours starts sends it to its parent.

# interrupting FILE PROGRAM: FILE, the first time, interrupts who starts it; it goes on as PROGRAM.
# shellcheck disable=SC2016
interrupting() {
	printf '#!/bin/sh\n[ -e %s ] || { : >%s; kill -INT $PPID; }\nexec %s "$@"\n' \
		"$PWD/$1.done" "$PWD/$1.done" "$2" >"$1"
	chmod +x "$1"
}

# interrupted PATTERN COMMAND...: exit status 130, one line on stderr that fits.
interrupted() {
	local pattern=$1
	shift
	expect 130 "$@"
	[ "$(grep -c '^faultline: ' err)" = 1 ] || fail "not one line: $(cat err)"
	grep -qE -- "^faultline: $pattern" err || fail "\"$(cat err)\" has no $pattern"
}

test_interrupted_amid_the_search_for_kernels() {
	mkdir -p home/guest/kernel
	ln -s "$root"/bench home/
	interrupting home/guest/kernel/build.sh "$root/guest/kernel/build.sh"
	small exp.ini
	FAULTLINE_HOME=$PWD/home FAULTLINE_PROGRAMS=$root/build/workloads \
		interrupted 'interrupted before a point began: faultline run /.*exp.ini$' faultline run exp.ini
	[ ! -e results/faultline.db ] || fail 'a run is there'
}

test_interrupted_amid_its_figures() {
	mkdir bin
	interrupting bin/gnuplot "$(command -v gnuplot)"
	small exp.ini 2
	PATH=$PWD/bin:$PATH interrupted 'interrupted; (small-[0-9-]*) is measured: faultline report \1$' \
		faultline run exp.ini --clock instructions
	[ "$(points)" = 2 ] || fail "$(points) points"
	rm bin/gnuplot.done
	PATH=$PWD/bin:$PATH interrupted 'interrupted$' faultline report latest
	nothing_half
	expect 0 faultline report latest
	grep -q '</html>' results/small-*/report.html || fail 'no report'
}

# What was not begun is said for its parts, too.
test_interrupted_amid_the_figures_of_the_first() {
	mkdir bin
	interrupting bin/gnuplot "$(command -v gnuplot)"
	small part.ini
	small exp.ini
	sed -i '/^name/a parts = ./part.ini' exp.ini
	PATH=$PWD/bin:$PATH expect 130 faultline run exp.ini --clock instructions
	grep -qxF "faultline: not started: faultline run $PWD/part.ini --clock instructions" err || fail "$(cat err)"
}

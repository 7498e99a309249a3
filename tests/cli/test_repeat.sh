# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The line that repeats a run does, whatever its words hold: a shell and --resume read it back.

# shellcheck disable=SC2016
awkward='busybox sh -c '\''sleep 0.1; echo "a  b" $HOME'\'''

# The repeat line of the file out, without its "repeat   ".
repeat_line() { sed -n 's/^repeat  *faultline/faultline/p' out; }
plan() { grep '^ *[0-9]' out; }

test_repeat_line_gives_the_same_plan() {
	small exp.ini 3
	mkdir 'a tree'
	expect 0 faultline run exp.ini -s "thp.enabled=always,never" -w "$awkward" -w true \
		-k "one=a tree/vmlinux,two=./b/vmlinux" --clock real --accel tcg --jobs 2 --dry-run -v
	plan >want
	[ "$(wc -l <want)" = 24 ] || fail "$(cat want)"
	repeat_line >line
	grep -q "one=$PWD/a tree/vmlinux,two=$PWD/b/vmlinux" line || fail "$(cat line)"
	(cd / && sh -c "$(cat "$OLDPWD/line") --dry-run -v") >out || fail "$(cat line)"
	plan >got
	cmp want got || fail "$(cat line): $(diff want got)"
	repeat_line | cmp - line || fail "the line's own line: $(repeat_line)"
}

test_repeat_and_resume_with_quotes() {
	small exp.ini 2
	expect 0 faultline run exp.ini --target host -w "$awkward"
	faultline show latest --format json >first
	expect 0 faultline show latest
	repeat_line >line
	expect 0 sh -c "$(cat line)"
	faultline show latest --format json >second
	[ "$(jq -c '[.points[] | {workload, kernel, status}]' first)" = \
		"$(jq -c '[.points[] | {workload, kernel, status}]' second)" ] || fail "$(cat second)"
	[ "$(jq -r '.points[0].workload' second)" = "$awkward" ] || fail "$(cat second)"
	name=$(jq -r .run first)
	sqlite3 results/faultline.db "PRAGMA foreign_keys = ON;
		DELETE FROM point WHERE number = 2 AND run = (SELECT id FROM run WHERE name = '$name')"
	expect 0 faultline run --resume "$name"
	[ "$(faultline show "$name" --format json | jq '.points | length')" = 2 ] || fail "$(cat err)"
}

# A bisection hands its words to git and gets them back from it; kernels are not built here.
test_repeat_of_a_bisection() {
	local i word
	mkdir -p home/guest/kernel
	cp -r "$root/bench" home
	printf '#!/bin/sh\necho "%s/a kernel"\n' "$PWD" >home/guest/kernel/build.sh
	chmod +x home/guest/kernel/build.sh
	export FAULTLINE_HOME=$PWD/home FAULTLINE_PROGRAMS=${FAULTLINE_BUILD:-$root/build}/workloads
	git init -q -b master tree
	for i in 1 2 3 4; do
		word=good
		[ $i -lt 3 ] || word=bad
		echo "it  is $word $i" >tree/file
		git -C tree add file
		git -C tree -c user.name=x -c user.email=x@example.org commit -qm "$i"
	done
	small exp.ini
	expect 0 faultline bisect HEAD~3 HEAD --src tree -- exp.ini --target host -k stock \
		-w "busybox sh -c 'grep -q \"it  is good\" $PWD/tree/file'"
	grep -q '^first bad commit: .* 3$' out || fail "$(cat out err)"
	expect 0 faultline show latest
	repeat_line >line
	grep -q -- "-k '$PWD/a kernel/vmlinux' --target host" line || fail "$(cat line)"
	git -C tree checkout -q master~2
	sh -c "$(cat line)" >out 2>err || fail "$(cat line): $(cat err)"
}

# A run whose end cannot be written down has not ended well.
test_unfinished_run_is_an_error() {
	small exp.ini
	expect 0 faultline run exp.ini --target host -w true
	sqlite3 results/faultline.db "CREATE TRIGGER full BEFORE UPDATE OF state ON run
		BEGIN SELECT RAISE(FAIL, 'no room'); END"
	expect 3 faultline run exp.ini --target host -w true
	grep -q 'no room' err || fail "$(cat err)"
}

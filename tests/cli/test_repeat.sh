# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The line that repeats a run does, whatever its words hold: a shell and --resume read it back.

# shellcheck disable=SC2016
awkward='busybox sh -c '\''sleep 0.1; echo "a  b" $HOME'\'''

# The repeat line of the file out, without its "repeat   ".
# Folded where it is long.
repeat_line() {
	awk '/^repeat  *faultline/ { on = 1; sub(/^repeat  */, "") } on { cut = sub(/ *\\$/, " "); sub(/^ +/, ""); line = line $0 } on && !cut { print line; exit }' out
}
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

# A kernel tree of COMMITS commits over two files, and a build.sh that gives each commit a "kernel": its
# content goes to the file commit.  Commits whose first file says broken do not build.
bisected_tree() {
	local i
	mkdir -p home/guest/kernel
	cp -r "$root/bench" home
	cat >home/guest/kernel/build.sh <<-END
	#!/bin/sh
	[ "\$1 \$3" = '--src --commit' ] || exit 2
	git -C "\$2" show "\$4:memory" "\$4:swap" >'$PWD/commit' || exit 2
	! grep -q broken '$PWD/commit' || exit 3
	echo "\$5" >>'$PWD/kernels'
	echo '$PWD/a kernel'
	END
	chmod +x home/guest/kernel/build.sh
	export FAULTLINE_HOME=$PWD/home FAULTLINE_PROGRAMS=${FAULTLINE_BUILD:-$root/build}/workloads
	git init -q -b master tree
	echo one >tree/swap
	for i in $(seq 1 "$1"); do
		if [ $((i % 3)) = 0 ]; then
			echo "swap $i" >>tree/swap
		else
			echo "memory $i" >>tree/memory
		fi
		[ "$i" != "${2:-}" ] || echo 'it  is planted' >>tree/memory
		[ "$i" != "${3:-}" ] || sed -i 's/it  is planted/it  is mended/' tree/memory
		case " ${4:-} " in *" $i "*) echo broken >>tree/swap ;; *) sed -i /broken/d tree/swap ;; esac
		git -C tree add .
		git -C tree -c user.name=x -c user.email=x@example.org commit -qm "$i"
	done
	small exp.ini
}

# A bisection hands its words to run for each commit; kernels are not built here.
test_repeat_of_a_bisection() {
	bisected_tree 4 3
	expect 0 faultline bisect HEAD~3 HEAD --src tree -- exp.ini --target host -k patched \
		-w "busybox sh -c '! grep -q \"it  is planted\" $PWD/commit'"
	grep -q '^first bad commit: .* 3$' out || fail "$(cat out err)"
	[ "$(sort -u kernels)" = patched ] || fail "$(cat kernels)"
	expect 0 faultline show latest
	repeat_line >line
	grep -qE -- "-k '[0-9a-f]{12}=$PWD/a kernel/vmlinux' --target host" line || fail "$(cat line)"
	git -C tree show HEAD~3:memory >commit
	sh -c "$(cat line)" >out 2>err || fail "$(cat line): $(cat err)"
}

# The tree is not touched: nothing is checked out, and .git is what it was.
test_bisection_of_thirty_commits() {
	local test="busybox sh -c '! grep -q planted $PWD/commit'"
	bisected_tree 30 17 '' '15 16 22'
	(cd tree && find . -printf '%p %T@ %s\n' | sort) >before
	expect 0 faultline bisect HEAD~29 HEAD --src tree -- exp.ini --target host -w "$test"
	grep -q '^first bad commit is one of:$' out || fail "$(cat out)"
	[ "$(sed -n '/one of:/,/judged/s/^  .* //p' out | tr '\n' ' ')" = '15 16 17 ' ] || fail "$(cat out)"
	grep -q ' 2[0-9]*: skipped\| 1[56]: skipped: does not build' out || fail "$(cat out)"
	grep -qE '^[0-9]+ commits judged, [23] skipped \([23] did not build, 0 did not boot or run\)$' out || fail "$(cat out)"
	(cd tree && find . -printf '%p %T@ %s\n' | sort) >after
	cmp before after || fail "the tree was touched: $(diff before after)"
}

# A fix is looked for where OLD fails and NEW does not.
test_bisection_of_a_fix() {
	local test="busybox sh -c '! grep -q planted $PWD/commit'"
	bisected_tree 20 1 12
	expect 0 faultline bisect HEAD~19 HEAD --src tree --look-for better -- exp.ini --target host -w "$test"
	grep -q '^first better commit: .* 12$' out || fail "$(cat out)"
	expect 1 faultline bisect HEAD~19 HEAD~15 --src tree --look-for better -- exp.ini --target host -w "$test"
	grep -q 'nothing to look for' err || fail "$(cat err)"
	expect 2 faultline bisect HEAD~5 HEAD --src tree --metric no_such -- exp.ini --target host -w "$test"
	grep -q 'does not measure it' err || fail "$(cat err)"
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

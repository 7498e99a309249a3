# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# How far a run is, on terminals of several widths (tests/terminal/terminal.c) and off them.

# One point that fails, one that is skipped, a few that take their time.
halting() {
	small exp.ini 2 'busybox sleep 0.7'
	sed -i 's/^name = small/name = halting/' exp.ini
	cat >>exp.ini <<-'EOF'
	[settings]
	thp.promotion_threshold = 1, 64
	[workload breaks]
	run = page_fault1 --no-such-option
	EOF
}

on_terminal() {
	local columns=$1 options=$2
	shift 2
	status=0
	# shellcheck disable=SC2086 # options are words
	terminal "$columns" $options -f frames "$@" >screen 2>wide </dev/null || status=$?
	# Paths and what may be typed again are not broken.
	sed -i -E '/columns in [0-9]+: ( +console: |repeat  |report  |plots  |more  )/d' wide
	# The table at the end is none of this.
	grep -E 'columns in [0-9]+: *([0-9]+/8|FAIL|SKIP|failed|halting: )' wide >lines || true
	mv lines wide
	[ -s wide ] || [ "$status" != 99 ] || status=1
}

# What was drawn while it ran, each text once: those with a share of the points.
frames() { grep -E '^[0-9]+ +[0-9]+/8 ' frames | uniq; }

# No line is wider than the terminal, what happened stays and stands in a line of its own.
stays() {
	[ "$status" = 1 ] || fail "exit status $status: $(head -n 3 wide)"
	[ ! -s wide ] || fail "$(cat wide)"
	[ "$(grep -c '^SKIP  stock (' screen)" = 1 ] || fail "$(cat screen)"
	tr -s '\n ' ' ' <screen | grep -q 'SKIP stock ([^)]*) has no thp.promotion_threshold' || fail "$(cat screen)"
	[ "$(grep -c '^FAIL  point [0-9]*  breaks' screen)" = 2 ] || fail "$(cat screen)"
	[ "$(grep -c 'no-such-option' <(sed '/^halting.*ok,/,$d' screen))" = 1 ] || fail "a reason twice: $(cat screen)"
	! grep -E '^ *[0-9]+/8 ' screen || fail 'the live line is still there'
	frames | awk '{ w = $1; sub(/^[0-9]+ /, ""); if (length($0) >= w) { print; bad = 1 } } END { exit bad }' ||
		fail 'a live line takes the whole width'
}

test_progress_on_a_terminal() {
	halting
	on_terminal 80 '' faultline run exp.ini
	stays
	frames | grep -qE '\[=*>? *\] +[0-9]+%  [0-9ms]+ left' || fail "$(frames | tail -n 3)"
	frames | grep -qE '1 FAILED  [0-9] skipped  \| pf' || frames | grep -qE '[12] FAILED' || fail "$(frames | tail -n 3)"
	[ "$(frames | wc -l)" -gt 8 ] || fail "$(frames | wc -l) drawings: it has no timer"
}

test_progress_on_narrow_and_wide_terminals() {
	halting
	on_terminal 40 '' faultline run exp.ini
	stays
	! frames | grep -q '\[' || fail 'no room for a bar'
	on_terminal 200 '' faultline run exp.ini
	stays
	frames | grep -qE '\[[=> ]{40}\]' || fail "$(frames | tail -n 1)"
}

# 120 columns that become 40, and 200: what was drawn before is drawn over, whatever the terminal wraps.
test_progress_on_a_resized_terminal() {
	halting
	on_terminal 120 '-r 2500:40 -r 5000:200' faultline run exp.ini
	stays
	for width in 120 40 200; do
		frames | grep -q "^$width " || fail "nothing at $width columns: $(frames | tail -n 3)"
	done
}

# A line per tenth, at most; -v a line a point; -q nothing.  No escape sequence anywhere.
test_progress_off_a_terminal() {
	small exp.ini 25 'busybox true'
	expect 0 faultline run exp.ini --clock instructions
	[ "$(grep -cE '^ *[0-9]+/25 +[0-9]+%  0 failed, 0 skipped, ' err)" -le 10 ] || fail "$(cat err)"
	tail -n 1 err | grep -qE '^25/25 100%  0 failed, 0 skipped, took [0-9]' || fail "$(cat err)"
	[ "$(wc -l <err)" -le 12 ] || fail "$(wc -l <err) lines"
	! grep -q "$(printf '\033')" out err || fail 'an escape sequence'
	expect 0 faultline run exp.ini --clock instructions --repeat 3 -v
	[ "$(grep -cE '^[123]/3  ok +[0-9.]+s  pf' err)" = 3 ] || fail "$(cat err)"
	! grep -E '.{101}' err || fail 'wider than 100'
	expect 0 faultline run exp.ini --clock instructions --repeat 1 -q
	[ ! -s err ] || fail "$(cat err)"
	grep -q '^small.*1 ok' out || fail "$(cat out)"
}

# What the store knows of the same points is the estimate of the next run.
test_estimate_from_earlier_runs() {
	small exp.ini 2 'busybox sleep 2'
	expect 0 faultline run exp.ini --dry-run
	grep -q 'about .*2 points never measured' out || fail "$(cat out)"
	expect 0 faultline run exp.ini
	sqlite3 results/faultline.db 'update point set wall_s = 600'
	expect 0 faultline run exp.ini --dry-run --jobs 1
	grep -q '^small: 2 points, 1 guest at a time, about 20m00s$' out || fail "$(cat out)"
	expect 0 faultline run exp.ini --dry-run --jobs 1 -s thp.enabled=never
	grep -q 'about 20m00s (2 points never measured' out || fail "of the same workload: $(cat out)"
	expect 0 faultline run exp.ini --dry-run --jobs 1 --clock instructions
	grep -q 'about 4s ' out || fail "another clock's times: $(cat out)"
}

colours() { grep -c "$(printf '\033')\[[0-9;]*m" "$1"; }

test_colours() {
	small exp.ini 1 'page_fault1 --no-such-option'
	expect 1 faultline run exp.ini
	[ "$(colours err)" = 0 ] || fail 'colours in a file'
	expect 1 faultline run exp.ini --color=always
	[ "$(colours err)" -ge 1 ] || fail 'no colour with --color=always'
	expect 1 env NO_COLOR=1 faultline --color=always run exp.ini
	[ "$(colours err)" -ge 1 ] || fail '--color=always goes before NO_COLOR'
	script -qec 'faultline run exp.ini' raw >/dev/null </dev/null || true
	[ "$(colours raw)" -ge 1 ] || fail 'no colour on a terminal'
	script -qec 'NO_COLOR=1 faultline run exp.ini' raw >/dev/null </dev/null || true
	[ "$(colours raw)" = 0 ] || fail 'NO_COLOR has colours'
	script -qec 'faultline run exp.ini --color=never' raw >/dev/null </dev/null || true
	[ "$(colours raw)" = 0 ] || fail '--color=never has colours'
	usage 'color.*auto, always, never' faultline list --color=sometimes
}

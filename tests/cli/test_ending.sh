# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# What stands on the terminal when a run has ended.

answers() {
	small exp.ini 1 'page_fault1 -t 1 --passes 1 --latency @latency@'
	sed -i 's/^cpus.*/&\nclock = instructions/; s/^name = small/&\nverdict = v/' exp.ini
	cat >>exp.ini <<-'EOF'
	[settings]
	thp.enabled = always, never
	[summary]
	about = cost of a touched page on the mean
	metric = touch_latency_mean
	against = thp.enabled=always
	[summary never]
	of = thp.enabled=never
	[summary as always]
	of = thp.enabled=always
	[summary RSS never]
	metric = guest_rss_peak
	of = thp.enabled=never
	show = value
	[claim more]
	about = base pages cost more
	metric = touch_latency_mean
	of = thp.enabled=never
	holds = > 1 x
	against = thp.enabled=always
	[claim less]
	about = base pages cost less
	metric = touch_latency_mean
	of = thp.enabled=never
	holds = < 1 x
	against = thp.enabled=always
	EOF
}

# The answer is that of the stored numbers, a claim that does not hold stands in full.
test_ending() {
	local change
	answers
	expect 0 faultline run exp.ini
	[ "$(wc -l <out)" -le 30 ] || fail "$(wc -l <out) lines"
	! grep -qE '.{81}' <(grep -vE '^(repeat|report|plots|more) ' out) || fail "wider than 80: $(cat out)"
	faultline show latest --format json >json
	change=$(jq -r '[.points[] | {(.settings["thp.enabled"]): (.metrics.touch_latency_mean | if type == "object" then .value else . end)}] | add | (.never / .always - 1) * 100 | round' json)
	grep -qE "^pf +\+$change% +0% +[0-9]+ *$" out || fail "+$change% is not there: $(cat out)"
	grep -q '^checks   1 passed, 1 FAILED' out || fail "$(cat out)"
	grep -q '^  FAILED  base pages cost less \[less\]' out || fail "$(cat out)"
	! grep -q 'base pages cost more' out || fail 'what holds is not counted only'
	sed '/^report/,$d' out | sed '/^$/d' >end
	expect 0 faultline show latest --summary
	cmp -s <(sed '/^$/d' out) end || fail "--summary: $(diff out end)"
	usage 'summary is for a whole run' faultline show latest --summary --point 1
	sed -i 's/metric = guest_rss_peak/metric = none/' exp.ini
	usage 'exp.ini:[0-9]*: \[summary RSS never\]: no metric none' faultline run exp.ini
}

# The sentences of claims come first, with the numbers of this run; what fails says so; a control
# that fails takes the answer back.
test_ending_answers_in_words() {
	local change
	answers
	sed -i 's/^about = base pages cost more/&\nanswer = Base pages cost @change@: @value@, not @reference@./
		s/^about = base pages cost less/&\nanswer = They cost less./' exp.ini
	expect 0 faultline run exp.ini -q
	faultline show latest --format json >json
	change=$(jq -r '[.rows[] | {(.settings["thp.enabled"]): .metrics.touch_latency_mean.median}] | add | (.never / .always - 1) * 100 | round' json)
	sed '/^cost of a touched page/,$d' out >said
	grep -qE "^Base pages cost \+$change%: [0-9.]+ k?insn, not [0-9.]+ k?insn\.$" said || fail "$(cat out)"
	grep -qx 'does not hold: They cost less\.' said || fail "$(cat out)"
	jq -e --arg c "+$change%" '.checks[0].answer | contains($c)' json >/dev/null || fail "$(jq .checks json)"
	expect 0 faultline report latest
	grep -q '<p class=said>Base pages cost +' results/small-*/report.html || fail 'not on the page'
	grep -q '<p class=said><b class=bad>does not hold: </b>They cost less' results/small-*/report.html || fail 'not on the page'
	sed -i 's/^holds = < 1 x/&\ncontrol = yes/' exp.ini
	expect 1 faultline run exp.ini -q
	grep -q '^No answer: a control failed (below)' out || fail "$(cat out)"
	! grep -q 'Base pages cost +' out || fail "an answer of a void run: $(cat out)"
	sed -i 's/@change@/@chnage@/' exp.ini
	usage 'exp.ini:[0-9]+: \[claim more\] answer: an @ stands in @value@, @reference@ or @change@' faultline run exp.ini
	sed -i 's/@chnage@/@change@/; /^\[claim more\]/,/^\[claim less/{/^against/d; s/> 1 x/> 1/}' exp.ini
	usage 'answer: an @ stands in @value@ alone' faultline run exp.ini
}

# Too many lines: reasons are cut, and what the sentences say is not explained.
test_ending_is_cut() {
	local n
	answers
	{
		for n in $(seq 8); do
			printf '[workload w%s]\nrun = usemem --latency @latency@ %sm\n' "$n" $((n * 4)) # unlike RSS
		done
		printf '[workload none]\nrun = busybox sh -c "echo a long last line of a program that ends badly, which is the reason of its point >&2; exit 3"\n'
	} >>exp.ini
	sed -i '/^\[summary never\]/i workloads = pf, w1, w2, w3, w4, w5, w6, w7, w8' exp.ini
	sed -i 's/^about = base pages cost more/&\nanswer = They cost more./; s/^about = cost of a touched page.*/about = cost of a touched page on the mean, which this line explains at some length, over two lines and more of text/' exp.ini
	expect 1 faultline run exp.ini
	[ "$(wc -l <out)" -le 30 ] || fail "$(wc -l <out) lines: $(cat out)"
	! grep -q 'which this line explains' out || fail "not cut: $(cat out)"
	grep -qE '^failed .*\.\.\.$' out || fail "the reason is not cut: $(cat out)"
}

# A claim that fails is a result; with --strict it is the exit status, too.
test_strict() {
	answers
	expect 1 faultline run exp.ini --strict -q
	expect 0 faultline run exp.ini -q
	sed -i '/^\[claim less\]/,$d' exp.ini
	expect 0 faultline run exp.ini --strict -q
}

# Lines as they are declared, values over several rows, words for yes and no, and the run before.
test_ending_of_declared_lines() {
	local sum
	small exp.ini 1 'page_fault1 -t 1 --passes 1 --latency @latency@'
	sed -i 's/^cpus.*/&\nclock = instructions/' exp.ini
	cat >>exp.ini <<-'EOF'
	[settings]
	thp.enabled = always, never
	[workload hole]
	run = usemem -s 1 8m
	[summary]
	metric = touch_count
	since = last
	[summary all pages]
	of = workload=pf
	over = sum
	[summary lived]
	metric = survived
	of = thp.enabled=never
	over = least
	show = yes-no
	[summary-line both settings]
	of = workload=pf
	[summary-line the other]
	of = workload=hole
	[summary-line not in this run]
	of = workload=pf kernel=none
	EOF
	expect 0 faultline run exp.ini -q
	sum=$(faultline show latest --format json | jq '[.points[] | select(.workload_name == "pf") | .metrics.touch_count.value] | add')
	grep -qE "^both settings +$sum +yes$" out || fail "$sum: $(cat out)"
	grep -qE '^the other +- +yes$' out || fail "$(cat out)"
	! grep -q 'not in this run' out || fail 'a line without a row'
	grep -q '^since    nothing: this is the first run' out || fail "$(cat out)"
	expect 0 faultline run exp.ini -q
	grep -qE '^since    small-.*: 0 worse, 0 better, ' out || fail "$(cat out)"
	sed -i 's/^over = sum/over = all/' exp.ini
	usage 'exp.ini:[0-9]+: over = all: one of first, sum, least, most' faultline run exp.ini
}

# Each reason of points without numbers stands once, without a path.
test_ending_counts_reasons() {
	small exp.ini 2 'busybox true'
	expect 0 faultline run exp.ini -s thp.promotion_threshold=64,128
	[ "$(grep -c 'has no thp.promotion_threshold' out)" = 1 ] || fail "$(cat out)"
	grep -qE '^skipped  4 points: stock \(6[0-9.]*\) has no thp.promotion_threshold$' out || fail "$(cat out)"
}

# Without [summary] the table of a small run is its answer.
test_ending_of_a_small_run() {
	small exp.ini
	expect 0 faultline run exp.ini
	grep -q '^pf: page_fault1' out || fail "$(cat out)"
}

# However many workloads, checks that fail, reasons and cases there are: 30 lines of 80 columns.  What
# does not fit is named.
test_ending_fits_a_terminal() {
	local i
	small exp.ini 1 "busybox sh -c 'echo TAP version 13; echo 1..1; echo ok 1 one'"
	sed -i '/^\[workload/,$d' exp.ini
	for i in {1..14}; do
		echo "[workload w$i]"
		echo "run = busybox sh -c 'echo TAP version 13; echo 1..1; echo ok 1 a; echo cases_passed $((i > 11 ? i : 2)); echo cases_failed 0'"
	done >>exp.ini
	cat >>exp.ini <<-'EOF'
	[summary]
	about = cases
	metric = cases_passed
	[summary passed]
	of = kernel=stock
	fold = sum
	[summary failed]
	of = kernel=stock
	metric = cases_failed
	EOF
	for i in {1..9}; do
		printf '[claim c%s]\nabout = each workload passes a hundred cases, which none of them has, so this does not hold\nmetric = cases_passed\nof = kernel=stock\nholds = >= 100\n' "$i"
	done >>exp.ini
	expect 0 faultline run exp.ini
	[ "$(wc -l <out)" -le 30 ] || fail "$(wc -l <out) lines: $(cat out)"
	! grep -vE '^(report|plots) ' out | grep -qE '.{81}' || fail "wider than 80: $(cat out)"
	grep -qE '^w1 \(1\) +61 +0$' out || fail "no sum of the lines that say the same: $(cat out)"
	grep -q '^(1) with 13 more: w2, w3,' out || fail "$(cat out)"
	grep -q '^checks   0 passed, 9 FAILED' out || fail "$(cat out)"
	grep -q "^  FAILED  each workload" out || fail "none in full: $(cat out)"
	grep -qE '^  [0-9] more: .*c9$' out || fail "the last is not named: $(cat out)"
}

# The line that repeats a run is a command, whatever its length: no line of it is over 80 columns.
test_ending_repeats() {
	local path=$PWD/a_folder
	mkdir -p "$path"
	cp "$("$root"/guest/kernel/build.sh --list | sed -n 's/^stock //p')/bzImage" "$path/k 1"
	small exp.ini
	expect 0 faultline run exp.ini -k "stock=$path/k 1" -q
	sed -n '/^repeat /,/[^\\]$/p' out | sed 's/^repeat  *//' >again
	[ "$(wc -l <again)" -gt 1 ] || fail "one line: $(cat again)"
	! grep -qE '.{81}' again || fail "$(cat again)"
	sh ./again >out2 2>err2 || fail "$(cat again err2)"
}

# Where no point measured what the plots show there is no empty chart, but a sentence.
test_nothing_to_draw_is_said() {
	small exp.ini 1 'busybox false'
	cat >>exp.ini <<-'EOF'
	[summary]
	about = faults
	metric = fault_latency_p50
	[summary p50]
	of = kernel=stock
	EOF
	expect 1 faultline run exp.ini
	grep -q '^plots   none: no point measured what they show$' out || fail "$(cat out)"
	! ls results/small-*/plots/*.svg 2>/dev/null || fail 'an empty chart'
	grep -q 'Nothing to draw: no point measured what the plots show' results/small-*/report.html || fail 'not on the page'
	expect 0 faultline plot latest
	grep -q 'Nothing to draw' out || fail "$(cat out)"
}

# A page of two runs is one to mail, too: what is the same in a row is one line, equal rows are named,
# and a link leads to the plot of the run that it stands in.
test_page_of_two_runs() {
	local page link
	small exp.ini
	sed -i 's/^cpus.*/&\nclock = instructions/' exp.ini
	expect 0 faultline run exp.ini -q
	sleep 1
	expect 0 faultline run exp.ini -q
	mapfile -t runs < <(cd results && ls -d small-*)
	expect 0 faultline report "${runs[@]}"
	page=results/${runs[0]}/report.html
	grep -q 'the same: .*touch_latency_mean [0-9]' "$page" || fail 'what is the same is not told in one line'
	grep -qF 'The experiment&#39;s file is that of the run above' "$page" ||
		grep -qF "The experiment's file is that of the run above" "$page" || fail 'the file stands twice'
	grep -oE 'href="[^"#]*svg"' "$page" | cut -d'"' -f2 | sort -u >links
	grep -q "^\.\./${runs[1]}/plots/" links || fail "no plots of the second run: $(cat links)"
	while read -r link; do
		[ -e "results/${runs[0]}/$link" ] || fail "$link leads nowhere"
	done <links
}

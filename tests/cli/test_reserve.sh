# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The patched kernel, judged by the harness itself, and the claims that judge it.

verdict() { faultline show latest --format json | jq -r .verdict; }

# A claim that fails is a result; a control that fails voids the run.
test_claims_and_controls() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = claims
	repeat = 1
	[guest]
	memory = 512m
	clock = instructions
	[workload w]
	run = page_fault1 -t 1 --passes 1 --latency @latency@
	[claim dear]
	about = a fault is free
	metric = fault_latency_p50
	holds = <= 1
	[claim counted]
	about = faults are counted
	metric = fault_count
	holds = > 1000
	control = yes
	[published theirs]
	about = somebody's
	metric = fault_latency_p50
	value = 2820
	INI
	expect 0 faultline run exp.ini -s thp.enabled=never
	grep -q '^  FAILED  a fault is free' out || fail "$(tail -n 20 out)"
	expect 0 faultline show latest
	grep -q '^  does not hold *a fault is free' out || fail "$(tail -n 20 out)"
	grep -Eq '^ +2820 .* somebody' out || fail "$(tail -n 20 out)"
	[ "$(verdict)" = '0 of 1 claims passed, 1 failed; 1 of 1 controls passed' ] || fail "$(verdict)"
	sed -i 's/> 1000/= 0/' exp.ini
	expect 1 faultline run exp.ini -s thp.enabled=never
	case $(verdict) in void:*) ;; *) fail "$(verdict)" ;; esac
	grep -q 'does not hold' results/*/report.html || fail 'the page says nothing of it'
}

test_bad_claims() {
	small exp.ini
	printf '[claim c]\nabout = a\nmetric = nonsense\nholds = > 1\n' >>exp.ini
	usage 'claim c.*no metric nonsense' faultline run exp.ini --dry-run
	sed -i 's/nonsense/splits_pmd/; s/> 1/many/' exp.ini
	usage 'exp.ini:[0-9]+: holds = many' faultline run exp.ini --dry-run
}

# One fault more or less and this fails: the static branch is all that the series may cost.
test_threshold_1_is_stock() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = neutral
	kernel = stock, patched
	repeat = 1
	[guest]
	memory = 1g
	clock = instructions
	[settings]
	thp.enabled = always, never
	[workload page_fault1]
	run = page_fault1 -t 1 --passes 1 --latency @latency@
	[workload memhog]
	run = memhog -r1 --stats --latency @latency@ 64m
	[claim neutral]
	about = a fault executes what stock's does
	metric = fault_latency_p50
	of = kernel=patched
	holds = within 0.1 %
	against = kernel=stock
	control = yes
	INI
	expect 0 faultline run exp.ini
	sed -i 's/^metric = .*/metric = region_latency_p50/; s/^against = .*/against = kernel=stock thp.enabled=never/; s/^of = .*/of = kernel=patched thp.enabled=always/' exp.ini
	expect 1 faultline run exp.ini
}

# Having been raised once costs the fault path nothing when it is back at 1.
test_threshold_back_at_1_is_stock() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = neutral-again
	kernel = stock, patched
	repeat = 1
	[guest]
	memory = 1g
	clock = instructions
	[settings]
	thp.enabled = always, never
	[workload raised]
	run = busybox sh -c 'f=/sys/kernel/mm/transparent_hugepage/promotion_threshold;
	      if test -e $f; then echo 512 >$f; usemem 8m; echo 1 >$f; fi; exec "$@"'
	      sh page_fault1 -t 1 --passes 1 --latency @latency@
	[claim neutral]
	about = a touched page executes what stock's does
	metric = touch_latency_mean
	of = kernel=patched
	holds = within 0.2 %
	against = kernel=stock
	control = yes
	INI
	expect 0 faultline run exp.ini
	sed -i 's/; echo 1 >$f; fi/; fi/' exp.ini
	expect 1 faultline run exp.ini
}

# Each promise of the documentation, a case each.
test_promises_of_reservations() {
	expect 0 faultline run reservations -k patched
	faultline show latest --format json >json
	[ "$(jq '[.points[].metrics.cases_passed.value] | add' json)" = 22 ] || fail "$(tail -n 20 out)"
	expect 0 faultline run reservations -k stock
	[ "$(faultline show latest --format json | jq '[.points[].metrics.cases_skipped.value] | add')" = 1 ] || fail "$(tail -n 20 out)"
}

# On CPUs that run at once, where threads meet; QEMU 7.2 may lose a guest that patches its own code.
test_promises_to_threads() {
	sed 's/^cpus .*/&\nparallel = yes/; s/^run = .*/run = reservations threads minor/; /^\[claim/,$d' \
		"$root/bench/reservations.ini" >exp.ini
	expect 0 faultline run ./exp.ini -k patched
	[ "$(faultline show latest --format json | jq '.points[0].status')" = '"panic"' ] &&
		expect 0 faultline run ./exp.ini -k patched
	[ "$(faultline show latest --format json | jq '.points[0].metrics.cases_passed.value')" = 2 ] || fail "$(tail -n 20 out)"
}

# With one page a region a few children more live on what is left below the size of a huge page.
test_density() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = density
	kernel = patched
	repeat = 1
	[guest]
	memory = 1g
	clock = instructions
	[settings]
	thp.enabled = always
	thp.promotion_threshold = 1, 512
	[workload one]
	run = fork-density --chunk ram/16 --touch one --max 360
	INI
	expect 0 faultline run exp.ini
	faultline show latest --format json >json
	[ "$(jq '[.points[].metrics.children_until_failure.value // 0] | max' json)" -le 24 ] || fail "$(tail -n 12 out)"
	[ "$(jq '[.points[].metrics.children_ok.value // 0] | max' json)" = 360 ] || fail "$(tail -n 12 out)"
	[ "$(jq '[.points[] | select(.settings["thp.promotion_threshold"] == "512") | .metrics.oom_kills.value // 0] | add' json)" = 0 ] ||
		fail 'a reservation cost an OOM kill'
}

test_interplay() {
	expect 0 faultline run interplay --quick -k patched -s thp.promotion_threshold=64
	faultline show latest --format json >json
	[ "$(jq '[.points[] | select(.status != "ok")] | length' json)" = 0 ] || fail "$(jq -c '.points[] | [.kernel, .status, .reason]' json)"
	[ "$(jq '[.points[].metrics.promotions_in_place_total.value // 0] | max' json)" -gt 100 ] || fail 'nothing was promoted'
	expect 0 faultline run interplay --quick -k patched-debug -s thp.promotion_threshold=64 -w interplay
	[ "$(faultline show latest --format json | jq '[.points[] | select(.status != "ok")] | length')" = 0 ] || fail "$(tail -n 20 out)"
}

# Somebody is hungry: with reservations the page cache stays, with huge pages it does not.
test_pressure() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = pressure
	kernel = patched
	repeat = 1
	sample = 0
	[guest]
	memory = 1g
	clock = instructions
	[settings]
	thp.enabled = always
	thp.promotion_threshold = 1, 512
	[workload w]
	run = hungry --limit 300m --file 64m --sparse 120m --hungry 160m
	INI
	expect 0 faultline run exp.ini
	faultline show latest --format json >json
	[ "$(jq '[.points[].metrics.hungry_failed.value] | add' json)" = 0 ] || fail "$(tail -n 12 out)"
	[ "$(jq '[.points[].metrics.cache_kept.value] | max' json)" = 100 ] || fail "$(tail -n 12 out)"
	[ "$(jq '[.points[].metrics.cache_kept.value] | min' json | cut -d. -f1)" -lt 90 ] || fail "$(tail -n 12 out)"
	# As much as is missing, and not all of the 30480.
	[ "$(jq '[.points[].metrics.released_by_hunger.value] | max | . > 5000 and . < 20000' json)" = true ] || fail "$(tail -n 12 out)"
}

test_hungry_by_hand() {
	expect 0 "$root/build/workloads/hungry" --dir . --file 4m --sparse 8m --hungry 8m
	grep -q '^hungry_failed 0$' out || fail "$(cat out)"
	usage "sparse '1k'" "$root/build/workloads/hungry" --sparse 1k
	expect 1 "$root/build/workloads/hungry" --dir ./nowhere
	grep -q -e '--dir names a place' err || fail "$(cat err)"
}

# What a seed draws is the same every time, whatever becomes of it.
test_interplay_at_random() {
	expect 0 "$root/build/workloads/interplay" --steps 200 --seed 5
	grep -q '^random_steps 200$' out || fail "$(cat out)"
	usage 'take no cases' "$root/build/workloads/interplay" --steps 5 touch
}

test_damage_is_found() {
	expect 4 "$root/build/workloads/interplay" --damage mremap --pages 3 mremap touch
	grep -q 'corrupt mremap: page 5 ' out || fail "$(cat out)"
	grep -q '^cases_failed 1$' out || fail "$(cat out)"
	usage "no case 'nonsense'" "$root/build/workloads/interplay" nonsense
}

test_patches_are_in_kernel_style() {
	local src
	src=$("$root/guest/kernel/fetch.sh")
	perl "$src/scripts/checkpatch.pl" --strict --no-tree --quiet --terse --show-types \
		--ignore FILE_PATH_CHANGES,UNCOMMENTED_DEFINITION,OPEN_ENDED_LINE,UNKNOWN_COMMIT_ID \
		"$root"/guest/kernel/{reserve,balloon,hinting}/*.patch >out 2>&1 || true
	# TRACE_EVENT() has a style of its own.
	grep -v 'tracepoints.*PARENTHESIS_ALIGNMENT' out | grep -E '(ERROR|WARNING|CHECK):' >bad || true
	[ ! -s bad ] || fail "$(cat bad)"
}

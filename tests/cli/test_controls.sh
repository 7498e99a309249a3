# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Each control of each experiment is seen to fail: under a kernel that was planted a defect, or in a
# copy of the experiment that lost what the control stands on.  The copy keeps the claims as they are
# and of the rest what the control needs.  Where it costs little the control is seen to hold, too.

# narrow EXPERIMENT SECTION...: EXPERIMENT.ini, of the named workloads, settings and steps only these.
narrow() {
	local experiment=$1 keep='|' section
	shift
	for section; do keep+="$section|"; done
	awk -v keep="$keep" '
		/^\[/ {
			section = substr($0, 2, index($0, "]") - 2)
			named = section ~ /^(workload|settings|steps) / && !index(keep, "|" section "|")
			skip = named || section ~ /^(crossing|summary|summary-line|published|pressure|quick)( |$)/
		}
		section ~ /^metric / && /^workload *=/ { next }
		!skip && !/^parts *=/' "$root/bench/$experiment.ini" >"$experiment.ini"
}

# change SCRIPT: of the only copy here; a script that no longer fits the experiment is an error.
change() {
	cp ./*.ini before
	sed -i "$1" ./*.ini
	! cmp -s before ./*.ini || fail "$1 changes nothing"
}

# outcomes OUTCOME STATUS EXPERIMENT CONTROL... -- OPTION...
outcomes() {
	local want=$1 exit=$2 experiment=$3 controls=() control is
	shift 3
	while [ "$1" != -- ]; do
		controls+=("$1")
		shift
	done
	shift
	expect "$exit" faultline run "$experiment.ini" --repeat 1 "$@"
	for control in "${controls[@]}"; do
		is=$(faultline show latest --format json |
			jq -r --arg name "$control" '.checks[] | select(.control and .check == $name).outcome')
		[ "$is" = "$want" ] || fail "$experiment, control $control: $is, not $want: $(tail -n 30 out)"
	done
}

# holds EXPERIMENT CONTROL... -- OPTION...: each of these controls holds.
holds() { outcomes holds 0 "$@"; }

# fails EXPERIMENT CONTROL... -- OPTION...: none of them does, and the verdict says so.
fails() {
	outcomes does_not_hold 1 "$@"
	case $(verdict) in
	'void: a control failed'*) ;;
	*) fail "$1: $(verdict)" ;;
	esac
}

# What needs the real clock for long is for the night.
at_night() {
	[ -n "${FAULTLINE_LONG:-}" ] && return
	echo 'skip: long, FAULTLINE_LONG=1 runs it'
	return 1
}

# "EXPERIMENT CONTROL" lines: those that there are, and those that a test here sees fail.
controls_of_bench() {
	awk '
		FNR == 1 { file = FILENAME; sub(/.*\//, "", file); sub(/\.ini$/, "", file) }
		/^\[/ { claim = ""; if (sub(/^\[claim /, "") && sub(/\].*/, "")) claim = $0 }
		claim != "" && /^control *= *yes/ { print file, claim }' "$root"/bench/*.ini
}

controls_seen_to_fail() {
	local name
	for name in $(declare -F | sed -n 's/^declare -f \(test_control_.*\)/\1/p'); do
		declare -f "$name"
	done | sed -n 's/^ *fails \(.*\) -- .*/\1/p' | awk '{ for (i = 2; i <= NF; i++) print $1, $i }'
}

test_every_control_is_seen_to_fail() {
	controls_of_bench | sort >there
	controls_seen_to_fail | sort -u >seen
	[ "$(wc -l <there)" -ge 20 ] || fail "$(cat there)"
	diff there seen >difference || fail "bench (<) and tests/cli/test_controls.sh (>): $(cat difference)"
}

test_control_pressure() {
	narrow pressure 'workload no-hunger'
	holds pressure calm calm-reserved -- -k patched -s thp.promotion_threshold=512
	change '/no-hunger/,/^$/s/--hungry 0/--hungry 400m/'
	fails pressure calm calm-reserved -- -k patched -s thp.promotion_threshold=1,512
}

test_control_thp_threshold_neutral() {
	narrow thp-threshold 'workload page_fault1' 'settings fault' 'settings reservation'
	change 's/always, never/never/; s/^thp.promotion_threshold = .*/thp.promotion_threshold = 1/; s/passes 4/passes 1/'
	fails thp-threshold neutral-fault neutral-touch neutral-base -- -k stock,patched=planted-wrong
	holds thp-threshold neutral-fault neutral-touch neutral-base -- -k stock,patched
}

test_control_thp_threshold_never() {
	narrow thp-threshold 'workload page_fault1' 'settings fault'
	change 's/always, never/never/; s/passes 4/passes 1/'
	fails thp-threshold never -- -k stock=planted-deaf
	holds thp-threshold never -- -k stock
}

test_control_thp_threshold_trace() {
	narrow thp-threshold 'workload usemem' 'workload usemem-traced' 'settings fault'
	change 's/always, never/never/; s/384m/32m/'
	fails thp-threshold trace-free -- -k stock=planted-watched
	holds thp-threshold trace-free -- -k stock
}

test_control_fork_density() {
	narrow fork-density 'workload touch-mix' 'settings fault' 'settings reservation'
	change 's/always, never/never/; s/^thp.promotion_threshold = .*/thp.promotion_threshold = 1/'
	fails fork-density neutral model -- -k stock,patched=planted-wrong
	holds fork-density neutral model -- -k stock,patched
}

test_control_fork_snapshot() {
	narrow fork-snapshot 'workload dense' 'workload read-only' 'settings fault' 'settings reservation'
	change 's/always, never/never/; s/^thp.promotion_threshold = .*/thp.promotion_threshold = 1/
		s/--writes 20000 --snapshots 3/--writes 2000 --snapshots 1/; s/--dataset 256m/--dataset 128m/'
	fails fork-snapshot neutral read-only -- -k stock,patched=planted-wrong
	fails fork-snapshot no-splits -- -k stock=planted-deaf
	holds fork-snapshot neutral read-only no-splits -- -k stock,patched
}

test_control_interplay() {
	narrow interplay 'workload damage'
	holds interplay damage -- -k stock
	change 's/interplay --damage touch --pages 9 touch; test $? = 4/interplay --pages 9 touch/'
	fails interplay damage -- -k stock
}

# The planted race is found, and not where nothing is planted; a stall at a function that the workload
# does not enter holds nobody up.
test_control_races_planted() {
	narrow races 'workload planted-promote' 'settings promotion'
	holds races planted stalled -- --jobs 1
	change 's/--expect --seconds 60/--expect --seconds 5/; s/^kernel   = planted-promote-race/kernel   = patched/'
	fails races planted -- --jobs 1
	change 's/^\(guest.stall *= \)pgtable_trans_huge_deposit/\1__x64_sys_sync/'
	fails races stalled -- --jobs 1
}

test_control_races() {
	narrow races 'workload zap' 'settings free'
	change 's/^settings = free, stalled/settings = free/'
	change 's/--with dontneed --seconds 60/--pair write,dontneed --rounds 200/'
	holds races met -- -k stock -s thp.promotion_threshold=1
	change 's/--machine --pair write,dontneed/--pair write,thp-enabled/'
	fails races met -- -k stock -s thp.promotion_threshold=1
}

test_control_conformance() {
	narrow conformance 'workload khugepaged'
	change 's/all:anon/khugepaged:anon/'
	fails conformance same -- -k stock,patched=planted-nocollapse -s thp.promotion_threshold=1
}

test_control_page_hinting_cost() {
	narrow page-hinting-cost 'workload page_fault1' 'settings off' 'settings unused'
	change 's/passes 8/passes 1/'
	fails page-hinting-cost off -- -k hinting=planted-watched
}

test_control_memmap_hotplug() {
	narrow memmap-hotplug 'workload add' 'steps add' 'settings sizes'
	change 's/= off, on/= off/; s/512m, 8g, 60g/512m/'
	fails memmap-hotplug none-inside -- -k stock=planted-deaf
	holds memmap-hotplug none-inside -- -k stock
}

# Who sets huge pages on the host to never has none: the copy sets them to always instead.
test_control_balloon_host() {
	at_night || return 0
	[ -w /sys/kernel/mm/transparent_hugepage/enabled ] || { echo 'skip: the host setting is not ours'; return 0; }
	narrow balloon-host 'workload holes' 'settings single-host'
	change 's/always, madvise, never/never/; s/800m/200m/'
	holds balloon-host never -- -k patched
	change 's/host.thp.enabled\( *\)=\( *\)never/host.thp.enabled\1=\2always/'
	fails balloon-host never -- -k patched
}

# All balloons end alike where nothing is fragmented: the copy has every other page freed.
test_control_balloon_thp() {
	at_night || return 0
	narrow balloon-thp 'workload filled' 'steps filled' 'settings plain' 'settings free'
	holds balloon-thp alike -- -k patched
	change '/workload filled/,/^$/s/exec usemem -s -1 400m/exec usemem --punch-holes -s -1 800m/
		/steps filled/,/^$/s/wait-output usecs =/wait-output punch holes done/'
	fails balloon-thp alike -- -k patched
}

# Single pages split most huge pages where every other page is free: the copy has no holes.
test_control_balloon_fragments() {
	at_night || return 0
	narrow balloon-fragments 'workload every-other' 'settings plain'
	change 's/^workload  .*= every-other, .*/workload = every-other/'
	holds balloon-fragments fragmented -- -k patched
	change "s/^run = usemem --punch-holes -s -1 800m/run = busybox sh -c 'usemem 800m; exec usemem -s -1 400m'/
		s/^punched .*/first = wait-output usecs to free memory\nsecond = wait-output usecs =/"
	fails balloon-fragments fragmented -- -k patched
}

# What the guest freed does not stay where a balloon takes it, nor where "off" still reports.
test_control_page_hinting_held() {
	at_night || return 0
	narrow page-hinting 'workload ascending' 'settings off' 'settings reporting'
	change 's/^settings = off, reporting, large/settings = off, reporting/; s/list, bitmap, off/off/; s/wait-freed 45s/wait-freed 15s/'
	holds page-hinting held method-off -- -k patched
	fails page-hinting method-off -- -k patched=planted-watched
	change 's/^back *=.*/take = balloon 600m\n&/'
	fails page-hinting held -- -k patched
}

test_control_page_hinting_behind() {
	at_night || return 0
	narrow page-hinting 'workload behind' 'steps behind' 'settings scan'
	change 's/patched-debug, planted-behind/planted-behind/'
	holds page-hinting left-behind -- -k planted-behind
	fails page-hinting left-behind -- -k planted-behind=patched-debug
}

# All guests fit where the limit is no limit.
test_control_page_hinting_stack() {
	at_night || return 0
	narrow page-hinting-stack 'workload memhog' 'settings off'
	change 's/^rounds = 3/rounds = 1/; s/sleep 4/sleep 1/'
	holds page-hinting-stack not-all -- -k stock
	change 's/2816m/12g/'
	fails page-hinting-stack not-all -- -k stock
}

# What makes a page wrong is taken out: nothing is caught.
test_control_nightly_hinting_inject() {
	at_night || return 0
	narrow nightly-hinting 'workload inject' 'settings reporting'
	change 's/= 80g/= 1g/; s/^backed .*//; s/list, bitmap/bitmap/'
	holds nightly-hinting inject -- -k patched
	change 's/ --inject lost//'
	fails nightly-hinting inject -- -k patched
}

test_control_nightly_hinting_fault() {
	at_night || return 0
	narrow nightly-hinting 'workload fault' 'settings bitmap'
	change 's/= 80g/= 2g/; s/^backed .*//; s/--seconds 60/--seconds 30/'
	holds nightly-hinting fault -- -k patched-debug
	change 's,echo 1 >/sys/kernel/debug/page_hinting/report_allocated,true,'
	fails nightly-hinting fault -- -k patched-debug
}

# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# What hostile users and guests do.  A line of the table is an idea: its weight, its kind and its text.
# Kinds are the functions try_KIND below; @word@ is a hostile word, @ms@ a moment of a run.

ideas='
2|options |show latest
2|options |compare latest latest
1|options |report latest
1|options |plot latest
2|options |run exp.ini --dry-run
1|options |nightly exp.ini
1|options |list
1|options |kernel
1|options |help
1|words   |run @word@ --dry-run
1|words   |run exp.ini --dry-run -s @word@
1|words   |run exp.ini --dry-run -w @word@
1|words   |run exp.ini --dry-run -k @word@
1|words   |run exp.ini --resume @word@
1|words   |show @word@
1|words   |compare @word@ latest
1|words   |nightly exp.ini --accept @word@
1|words   |report @word@
1|words   |@word@
4|file    |a line less
4|file    |a line twice
4|file    |cut short
4|file    |bytes
4|file    |a value
3|database|flip
3|database|cut
2|database|zeros
3|kill    |run exp.ini
1|kill    |run exp.ini --clock real
2|signal  |INT
1|signal  |TERM
1|signal  |HUP
1|signal  |PIPE
2|full    |results
1|several |report latest;report latest;plot latest;show latest
1|several |run exp.ini;run exp.ini;show latest
1|several |run exp.ini;report latest;plot latest;compare latest latest
1|folder  |a blank
1|folder  |x'"'"'$(touch P)
1|folder  |a,b
1|folder  |back\slash "quoted" `touch P`
1|folder  |-k
1|liar    |busybox yes
1|liar    |busybox cat /dev/zero
1|liar    |busybox cat /dev/urandom
1|liar    |busybox false
1|liar    |busybox sleep 1000
1|liar    |busybox sh -c "ln -s /dev/zero \$0" @latency@
1|liar    |busybox sh -c "cat /dev/urandom >\$0" @latency@
1|liar    |busybox sh -c "echo faultline-latency 2 >\$0" @latency@
1|liar    |busybox sh -c "mkdir \$0" @latency@
1|liar    |busybox sh -c "cat /dev/urandom >/dev/vport0p1"
1|liar    |busybox sh -c "yes >/dev/kmsg"
1|liar    |busybox sh -c "echo c >/proc/sysrq-trigger"
1|liar    |busybox sh -c "echo o >/proc/sysrq-trigger"
1|liar    |busybox sh -c "echo b >/proc/sysrq-trigger"
1|liar    |busybox sh -c "kill -9 -1; sleep 100"
1|liar    |busybox sh -c "kill -STOP 1 \$PPID; sleep 100"
1|liar    |busybox sh -c "rm -rf /bin /proc /dev; exit 0"
1|liar    |busybox sh -c "umount /proc; mount -t tmpfs none /proc"
1|liar    |busybox sh -c "f() { f | f & }; f; sleep 5"
1|liar    |busybox sh -c "dd if=/dev/zero of=/fill bs=1M"
1|liar    |busybox sh -c "printf \"held_rss nan\\nslept_ns 1e400\\nok 1 - \\377\\033[2J\\n\""
'

words=('' ' ' '-1' 0 18446744073709551616 nan 1e400 $'\t' $'\e[2J' $'a\nb' ../../evil '%s%n' '$(touch P)'
	'`touch P`' "x'" $'\xff\xfe' "$(printf '%0500d' 0)" -- - , '=,=' '*' '~' /dev/zero /dev/null / . $'a\x7f'
	'latest latest' 1..2 'thp.enabled=' '=always' 'thp.enabled=@word@' '[x]' ';' '#' '"' '\')

# --- drawing ---

# Sets REPLY: what a command substitution draws cannot be drawn again.
pick() {
	local -n of=$1
	REPLY=${of[RANDOM % ${#of[@]}]}
}
byte() { printf -v REPLY '\\x%02x' $((RANDOM % 255 + 1)); }
far() { REPLY=$(((RANDOM * 32768 + RANDOM) % $1)); }

# draw [KIND]: a line of the table by its weight, as KIND|TEXT in REPLY.
draw() {
	local lines=() weight kind text
	while IFS='|' read -r weight kind text; do
		kind=${kind%% *}
		[ -n "$kind" ] && { [ -z "$1" ] || [ "$kind" = "$1" ]; } || continue
		for ((; weight > 0; weight--)); do lines+=("$kind|$text"); done
	done <<<"$ideas"
	[ ${#lines[@]} -gt 0 ] || fail "no idea is of the kind $1"
	pick lines
}

# --- what always holds ---

fail() {
	echo "$*"
	exit 1
}

experiment() {
	cat <<-EOF
	[experiment]
	name = hostile
	kernel = stock
	repeat = 2
	timeout = 8s
	[guest]
	memory = 512m
	cpus = 1
	clock = ${1:-instructions}
	[settings]
	thp.enabled = always, never
	[workload w]
	run = ${2:-page_fault1 -t 1 --passes 1 --latency @latency@}
	EOF
}

# The run that exact values are held against.
prepare() {
	mkdir -p "$1"
	experiment >"$1/exp.ini"
	(cd "$1" && FAULTLINE_RESULTS=$1/results faultline run exp.ini) >"$1/log" 2>&1
}

# It ended by itself, as documented, in time; of an error one line is said, nothing raw is printed,
# and nothing that was a word was run.
ended_well() {
	local status=$1
	shift
	case $status in
	0 | 1) ;;
	2 | 3) [ "$(wc -l <err)" -le 1 ] || [ -n "${chatty:-}" ] || fail "$*: status $status, more than a line: $(head -n 3 err)" ;;
	124) fail "$*: does not end" ;;
	*) fail "$*: exit status $status: $(tail -n 2 err)" ;;
	esac
	if grep -qP '[\x01-\x08\x0b-\x1f\x7f]' out err; then fail "$*: control characters are printed"; fi
	[ "$status" != 2 ] && [ "$status" != 3 ] || [ -s err ] || fail "$*: status $status without a word"
	nothing_ran
}

nothing_ran() {
	[ ! -e P ] && [ ! -e "$tmp/P" ] && [ ! -e "$tmp/../evil" ] || fail 'a word was run or left its folder'
}

# call SECONDS ARGUMENT...
call() {
	local limit=$1 status=0
	shift
	timeout -k 5 "$limit" faultline "$@" >out 2>err </dev/null || status=$?
	ended_well "$status" "$@"
	return 0
}

no_guest_left() {
	for ((i = 0; i < 100; i++)); do
		grep -lzF "$PWD/" /proc/[0-9]*/cmdline 2>/dev/null | while read -r f; do
			{ tr "\0" " " <"$f" | grep -q "^[^ ]*qemu" && echo "$f"; } 2>/dev/null
		done >guests
		[ -s guests ] || return 0
		sleep 0.1
	done
	fail "a guest is left: $(cat guests)"
}

database_is_whole() {
	local db
	for db in results/*.db; do
		[ -e "$db" ] || continue
		[ "$(sqlite3 "$db" "select count(*) from sqlite_master where name = 'point'" 2>/dev/null)" = 1 ] || continue
		[ "$(sqlite3 "$db" 'pragma integrity_check' 2>&1)" = ok ] || fail "$db is broken"
		[ "$(sqlite3 "$db" "select count(*) from point p where status = 'ok' and not exists (select 1 from metric m where m.point = p.id)")" = 0 ] ||
			fail "half a point is stored"
	done
}

# All that the last run here measured is what the reference measured.
same_as_reference() {
	mkdir -p both
	cp "$tmp"/reference/results/*.db both/
	exact results >ours && exact "$tmp/reference/results" >theirs || fail 'no values'
	cmp -s ours theirs || fail "values differ: $(diff ours theirs | head -n 4)"
}

exact() {
	FAULTLINE_RESULTS=$1 faultline show latest --format json |
		jq -S '[.points[] | [.status, ([.settings[]?] | tostring), .metrics.fault_count, .metrics.touch_count] | tostring] | sort'
}

# --- kinds ---

try_options() {
	local command=$1 options option line=()
	cp -r "$tmp/reference/results" .
	experiment >exp.ini
	mapfile -t options < <(faultline "${command%% *}" -h | grep -oE -- '--[a-z-]+' | sort -u | grep -v help)
	read -ra line <<<"$command"
	for ((i = RANDOM % 3; i >= 0 && ${#options[@]}; i--)); do
		pick options
		option=$REPLY
		pick words
		line+=("$option" "$REPLY")
	done
	chatty=1 call 60 "${line[@]}"
	no_guest_left
}

try_words() {
	local line=() word
	cp -r "$tmp/reference/results" .
	experiment >exp.ini
	pick words
	word=$REPLY
	for part in $1; do line+=("${part/@word@/"$word"}"); done
	chatty=1 call 60 "${line[@]}"
	no_guest_left
}

try_file() {
	local files=("$root"/bench/*.ini) file n at size bytes
	pick files
	file=$REPLY
	n=$(wc -l <"$file")
	at=$((RANDOM % n + 1))
	far "$(wc -c <"$file")"
	size=$REPLY
	byte && bytes=$REPLY
	byte && bytes+=$REPLY
	pick words
	case $1 in
	'a line less') sed "${at}d" "$file" ;;
	'a line twice') sed "${at}p" "$file" ;;
	'cut short') head -c "$size" "$file" ;;
	bytes)
		head -n "$at" "$file"
		printf '%b' "$bytes"
		tail -n +"$at" "$file"
		;;
	'a value')
		awk -v at="$at" -v word="${REPLY//\\/\\\\}" 'NR >= at && !done && /=/ { sub(/=.*/, "= "); $0 = $0 word; done = 1 } 1' "$file"
		;;
	esac >exp.ini
	call 20 run exp.ini --dry-run
}

try_database() {
	local db size at
	cp -r "$tmp/reference/results" .
	db=$(echo results/*.db)
	size=$(stat -c %s "$db")
	case $1 in
	flip)
		for _ in 1 2 3 4 5 6 7 8; do
			far "$size"
			at=$REPLY
			byte
			printf '%b' "$REPLY" | dd of="$db" bs=1 seek="$at" conv=notrunc status=none
		done
		;;
	cut) far "$size" && truncate -s "$REPLY" "$db" ;;
	zeros) far $((size / 4096)) && dd if=/dev/zero of="$db" bs=4096 seek="$REPLY" count=1 conv=notrunc status=none ;;
	esac
	chatty=1
	call 30 show latest
	call 30 show latest --format json
	call 30 compare latest latest
	call 60 report latest
}

begin() {
	local words
	read -ra words <<<"$1"
	faultline "${words[@]}" >out 2>err </dev/null &
	pid=$!
}

moment() {
	local ms
	printf -v ms '%d.%03d' $((RANDOM % 6)) $((RANDOM % 1000))
	sleep "$ms"
}

goes_on() {
	no_guest_left
	database_is_whole
	[ -e results ] && faultline show latest >/dev/null 2>&1 || return 0
	status=0
	timeout 120 faultline run --resume latest >out 2>err </dev/null || status=$?
	[ "$status" = 0 ] || fail "--resume: exit status $status: $(tail -n 2 err)"
	database_is_whole
	[ "${1:-}" != exact ] || same_as_reference
}

try_kill() {
	experiment >exp.ini
	begin "$1"
	moment
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	case $1 in *real*) goes_on ;; *) goes_on exact ;; esac
}

try_signal() {
	local status=0
	experiment >exp.ini
	begin 'run exp.ini'
	moment
	kill -"$1" "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null || status=$?
	case $1:$status in
	INT:0 | INT:130 | TERM:0 | TERM:130 | TERM:143 | HUP:* | PIPE:*) ;;
	*) fail "$1: exit status $status: $(tail -n 2 err)" ;;
	esac
	goes_on exact
}

try_full() {
	local status=0
	[ "$(id -u)" = 0 ] || return 0
	experiment >exp.ini
	mkdir results
	mount -t tmpfs -o size=$((RANDOM % 3000 + 40))k none results 2>/dev/null || return 0
	timeout -k 5 120 faultline run exp.ini >out 2>err </dev/null || status=$?
	if [ "$status" = 124 ] || [ "$status" -gt 130 ]; then
		umount results
		fail "exit status $status: $(tail -n 2 err)"
	fi
	database_is_whole
	no_guest_left
	umount results
}

try_several() {
	local commands command pids=() n=0 status
	cp -r "$tmp/reference/results" .
	experiment >exp.ini
	IFS=';' read -ra commands <<<"$1"
	for command in "${commands[@]}"; do
		read -ra words <<<"$command"
		timeout -k 5 200 faultline "${words[@]}" >"out.$n" 2>"err.$n" </dev/null &
		pids+=($!)
		n=$((n + 1))
	done
	for ((i = 0; i < n; i++)); do
		status=0
		wait "${pids[i]}" || status=$?
		[ "$status" = 0 ] || fail "${commands[i]}: exit status $status: $(tail -n 2 "err.$i")"
	done
	database_is_whole
	no_guest_left
}

try_folder() {
	mkdir -- "./$1"
	cd -- "./$1" || exit 1
	experiment >exp.ini
	FAULTLINE_RESULTS=$PWD/results
	export FAULTLINE_RESULTS
	call 120 run exp.ini
	[ "$(jq '[.points[] | select(.status == "ok")] | length' < <(faultline show latest --format json))" = 4 ] ||
		fail "in $1: $(tail -n 3 err)"
	same_as_reference
	[ -e "$(echo results/*/report.html)" ] || fail "no report in $1"
	nothing_ran
	no_guest_left
}

# A point is bounded in time and in bytes, and the run ends as it ends for anybody.
try_liar() {
	local clocks=(instructions real) mib
	pick clocks
	experiment "$REPLY" "$1" | sed 's/^thp.enabled = .*/thp.enabled = always/; s/^repeat = .*/repeat = 1/' >exp.ini
	chatty=1 call 180 run exp.ini
	[ "$(faultline show latest --format json | jq '.points | length')" = 1 ] || fail 'no point is stored'
	call 60 report latest
	mib=$(du -sm results | cut -f1)
	[ "$mib" -lt 300 ] || fail "$mib MiB are written"
	database_is_whole
	no_guest_left
}

#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Names a file that the table of its kind does not list, and where the line belongs.
set -u
cd "$(dirname "$0")/../.."
bad=0

unlisted() {
	echo "$1: not listed in $2"
	bad=1
}

for f in harness/cli/cmd_*.c; do
	name=${f##*/cmd_}
	name=${name%.c}
	grep -q "&fl_cmd_$name\b" harness/cli/commands.c || unlisted "$f" harness/cli/commands.c
	grep -q "\bfl_cmd_$name\b" harness/cli/commands.h || unlisted "$f" harness/cli/commands.h
done

# A collector is what defines a struct fl_collector for others.
for f in $(grep -lE '^const struct fl_collector [a-z]' harness/collect/*.c 2>/dev/null); do
	for name in $(sed -nE 's/^const struct fl_collector ([a-z0-9_]+).*/\1/p' "$f"); do
		grep -q "&$name\b" harness/collect/table.c || unlisted "$f ($name)" harness/collect/table.c
	done
done

for f in workloads/*.c; do
	name=$(basename "$f" .c)
	grep -E '^WORKLOADS ' workloads/workloads.mk | grep -qE "[ =](${name}|${name//_/-})( |$)" ||
		unlisted "$f" workloads/workloads.mk
done

# A figure is what fills a chart of a run.
for f in $(grep -lE '^const struct fl_figure fl_figure_' harness/report/figure_*.c); do
	name=$(basename "$f" .c)
	grep -q "&fl_$name\b" harness/report/figures.c || unlisted "$f" harness/report/figures.c
	name=${name#figure_}
	grep -qF "\`${name//_/-}\`" docs/reference/formats.md || unlisted "$f" docs/reference/formats.md
done

for f in bench/*.ini; do
	[ -e "$f" ] || continue
	name=$(basename "$f" .ini)
	grep -qE "^name *= *$name *$" "$f" || { echo "$f: its name is not $name"; bad=1; }
done

for f in tests/fuzz/fuzz_*.c; do
	[ -e "$f" ] || continue
	name=$(basename "$f" .c)
	[ -n "$(ls "tests/fuzz/corpus/${name#fuzz_}" 2>/dev/null)" ] || unlisted "$f" "tests/fuzz/corpus/${name#fuzz_}/"
done
exit "$bad"

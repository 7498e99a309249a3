#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Documents say what the sources say: links, patches of series, the schema, experiments, actions of
# steps, error lines, commands and options in examples, and the pages that are made from tables.
set -u
cd "$(dirname "$0")/../.." || exit 1
program=${BUILD:-build}/faultline
bad=0

wrong() {
	echo "$1"
	bad=1
}

mapfile -t pages < <(git ls-files --cached --others --exclude-standard '*.md' | grep -v '^tests/')

# The anchor that GitHub makes of each heading.
anchors() {
	sed -n '/^```/,/^```/!s/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

check_links() {
	local page link file anchor
	for page in "${pages[@]}"; do
		while IFS= read -r link; do
			case $link in *://*) continue ;; esac
			file=${link%%#*}
			anchor=
			[ "$file" = "$link" ] || anchor=${link#*#}
			file=${file:+$(dirname "$page")/$file}
			file=${file:-$page}
			[ -e "$file" ] || wrong "$page: dead link $link"
			[ -z "$anchor" ] || [ ! -f "$file" ] || anchors "$file" | grep -qx -- "$anchor" ||
				wrong "$page: no heading for $link"
		done < <(grep -oE '\]\([^) ]+\)' "$page" | sed 's/^](//; s/)$//')
	done
	# Paths of documents in sources, scripts, experiments and man pages.
	while IFS=: read -r page link; do
		[ -e "$link" ] || wrong "$page: no document $link"
	done < <(git grep -oE '\bdocs/[a-z]+/[A-Za-z0-9_-]+\.(md|7\.in|5\.in|1\.in)' -- ':!CHANGELOG.md' ':!tests/data' |
		sed 's/\\-/-/g' | sort -u)
}

# A series' table of patches: as many rows as there are patches.
check_series() {
	local series folder said
	for series in reservations:reserve balloon:balloon hinting:hinting; do
		folder=guest/kernel/${series#*:}
		said=$(grep -cE '^\| [0-9]+ \|' "docs/series/${series%:*}.md")
		[ "$said" = "$(find "$folder" -name '*.patch' | wc -l)" ] ||
			wrong "docs/series/${series%:*}.md: a table of $said patches, $folder has another number"
		! grep -qE '^(Subject|From):' "docs/series/${series%:*}.md" || wrong "$series: a patch in a document"
	done
}

check_schema() {
	local version table
	version=$(sed -n 's/^#define FL_SCHEMA_VERSION //p' harness/store/db.h)
	grep -q "schema's version ($version)" docs/reference/schema.md ||
		wrong "docs/reference/schema.md: the schema is $version (harness/store/db.h)"
	for table in $(sed -nE 's/^CREATE TABLE ([a-z_]+).*/\1/p' harness/store/schema.sql); do
		sed -n '/^| table |/,/^$/p' docs/reference/schema.md | grep -q "\`$table\`" ||
			wrong "docs/reference/schema.md: no table $table (harness/store/schema.sql)"
	done
	for table in $(sed -n '/^| table |/,/^$/p' docs/reference/schema.md | grep -oE '^\| `[^|]*' | grep -oE '[a-z_]+'); do
		grep -q "^CREATE TABLE $table\b" harness/store/schema.sql ||
			wrong "docs/reference/schema.md: $table is no table of harness/store/schema.sql"
	done
}

# docs/reference/experiments.md tells of each experiment of bench/ and of no other.
check_experiments() {
	local said there
	said=$(sed -nE 's/^\| `([a-z0-9-]+)` \|.*/\1/p' docs/reference/experiments.md | sort)
	there=$(basename -s .ini bench/*.ini | sort)
	[ "$said" = "$there" ] ||
		wrong "docs/reference/experiments.md: $(diff <(echo "$there") <(echo "$said") | sed -n 's/^</lacks/p;s/^>/has no file for/p' | tr '\n' ';')"
}

check_kernels() {
	local name
	for name in $(guest/kernel/build.sh --names); do
		grep -q "\`$name\`" docs/reference/kernels.md || wrong "docs/reference/kernels.md: says nothing of the kernel $name"
	done
}

check_made_pages() {
	local page
	for page in commands keys metrics settings; do
		"$program" help --reference "$page" | cmp -s - "docs/reference/$page.md" ||
			wrong "docs/reference/$page.md: not what the program's tables say: make reference"
	done
}

# Keys that the parsers take by name: the table, and so the pages, have each.
check_keys() {
	local file key
	for file in harness/experiment/{answer,claim,crossing,experiment,keys,own_metric,row_name,workload}.c; do
		for key in $(grep -oE 'strcmp\(key, "[a-z_]+"' "$file" | grep -oE '"[a-z_]+"' | tr -d '"') \
			$(sed -nE 's/^\t\{ "(experiment|guest)", "([a-z_]+)".*/\2/p' "$file"); do
			grep -q "^| \`$key\` |" docs/reference/keys.md ||
				wrong "$file: the key $key is not in harness/experiment/key_table.c"
		done
	done
	for key in $(sed -nE 's/^- `([a-z-]+).*/\1/p' docs/reference/keys.md); do
		grep -qE "^\| \`$key( |\`)" docs/reference/experiment-files.md ||
			wrong "docs/reference/experiment-files.md: says nothing of the action $key"
	done
}

# Statuses of points.
check_statuses() {
	local word
	for word in $(sed -n '/^const char \*const fl_status_names/,/};/p' harness/run/status.c | grep -oE '= "[a-z]+"' | grep -oE '[a-z]+'); do
		for page in docs/glossary.md docs/troubleshooting.md; do
			grep -q "^| \`$word\` |" "$page" || wrong "$page: says nothing of the status $word"
		done
	done
}

# Every string of the sources, adjacent ones joined.
strings_of_sources() {
	git ls-files 'harness/*.c' 'workloads/*.c' 'guest/agent/*.c' | xargs awk '
		{ line = $0
		  while (match(line, /"([^"\\]|\\.)*"/)) {
			printf "%s", substr(line, RSTART + 1, RLENGTH - 2)
			line = substr(line, RSTART + RLENGTH)
			if (line ~ /[^ \t]/ && line !~ /^[ \t]*"/) print ""
		  }
		  if ($0 ~ /[;,}{]$/) print ""
		}' | sed 's/\\"/"/g; s/%%/%/g'
	cat run.sh guest/kernel/*.sh
}

# An error line in troubleshooting is one of the program: its words between the placeholders (words in
# capitals, numbers and ...) stand in the sources.
check_errors() {
	local message piece all
	all=$(strings_of_sources)
	while IFS= read -r message; do
		while IFS= read -r piece; do
			piece=${piece#"${piece%%[! ]*}"}
			[ "${#piece}" -lt 10 ] || grep -qF -- "$piece" <<<"$all" ||
				wrong "docs/troubleshooting.md: the program has no message \"$piece\""
		done < <(sed -E 's/(^|[^A-Za-z])([A-Z][A-Z_]{2,}|[A-Z])([^A-Za-z]|$)/\1\n\3/g; s/\.\.\.|[0-9]+/\n/g' <<<"$message" | sed 's/ *$//')
	done < <(grep -E '^\| `' docs/troubleshooting.md | sed -E 's/^\| `([^`]*)`.*/\1/')
}

# Commands of examples in README and documents exist, with the options that are shown.
check_commands() {
	local page line command word help words
	for page in "${pages[@]}"; do
		case $page in CHANGELOG.md) continue ;; esac
		while IFS= read -r line; do
			read -r -a words <<<"$line"
			command=${words[0]:-}
			case $command in '' | test | -* | [A-Z]* | '`'*) continue ;; esac
			if ! help=$("$program" "$command" -h 2>/dev/null); then
				wrong "$page: no command $command in: $line"
				continue
			fi
			for word in "${words[@]:1}"; do
				[ "$word" != '#' ] && [ "$word" != -- ] || break
				[[ $word =~ ^--[a-z]+(-[a-z]+)*(=.*)?$ ]] || continue
				word=${word%%=*}
				[[ $line == *-w\ \'*$word* ]] || grep -q -- "$word\b" <<<"$help" ||
					wrong "$page: $command has no option $word in: $line"
			done
		done < <(sed -n '/^```/,/^```/{s/^\(\$ \)\{0,1\}\(FAULTLINE_[A-Z_]*=[^ ]* \)\{0,1\}\(\.\/run\.sh\|faultline\) //p}' "$page" | sed 's/   .*//')
	done
}

# A page outside docs/results has no figure of a run without its date, run or command.
check_tree() {
	local page
	for page in docs/results/*.md; do
		grep -qE '20[0-9]{2}-[0-9]{2}-[0-9]{2}' "$page" || wrong "$page: no date"
		grep -qE '`(\./run\.sh|faultline) ' "$page" || wrong "$page: no command"
	done
	for page in docs/*.md docs/*/*.md; do
		[ "$page" = docs/README.md ] || grep -q "(${page#docs/})" docs/README.md ||
			wrong "$page: docs/README.md does not lead to it"
	done
	[ "$(wc -l <README.md)" -le 48 ] || wrong "README.md: longer than two screens of 24 lines"
}

check_links
check_series
check_schema
check_experiments
check_kernels
check_made_pages
check_keys
check_statuses
check_errors
check_commands
check_tree
exit "$bad"

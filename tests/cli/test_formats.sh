# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# docs/reference/formats.md and what the program prints, both ways.

# Words in backticks of the section HEAD of the document.
documented() {
	awk -v head="## $1" '/^## / { on = $0 == head } on' "$root/docs/reference/formats.md" |
		grep -o '`[^`]*`' | tr -d '`' | sed 's/\[\]//g; s/^.*\.//' | sort -u
}

# Names of fields in a JSON file, but for those that are names of metrics, settings and files.
fields() {
	jq -r 'del(.points[]?.metrics[]?, .points[]?.settings, .rows[]?.settings, .machine, .roles,
			.images[]?.programs) |
		(.rows[]?.metrics | select(type == "object")) |= [.[]] |
		[paths[] | select(type == "string")] | unique | .[]' "$1"
}

# Every field of FILE is in section HEAD.
all_documented() {
	local field
	documented "$2" >words
	[ -s words ] || fail "docs/reference/formats.md has no section $2"
	for field in $(fields "$1"); do
		grep -qxF "$field" words || fail "$2: the document does not tell of $field"
	done
}

# Every word of section HEAD's first column is a field of FILE, or is one of the words behind.
all_there() {
	local file=$1 head=$2 word
	shift 2
	fields "$file" >names
	for word in $(awk -v head="## $head" '/^## / { on = $0 == head } on && /^\| `/' "$root/docs/reference/formats.md" |
		cut -d'|' -f2 | grep -o '`[^`]*`' | tr -d '`' | sed 's/\[\]//g; s/^.*\.//' | sort -u); do
		grep -qxF "$word" names && continue
		case " $* " in *" $word "*) ;; *) fail "$head: there is no $word in $(tr '\n' ' ' <names)" ;; esac
	done
}

test_formats_are_documented() {
	cat >exp.ini <<-'INI'
	[experiment]
	name = formats
	kernel = stock
	repeat = 2
	[guest]
	memory = 512m
	clock = instructions
	[settings]
	thp.enabled = always, never
	[workload w]
	run = page_fault1 -t 1 --passes 1 --size 32m --latency @latency@
	[claim c]
	about = base pages fault more often
	metric = fault_count
	of = thp.enabled=never
	against = thp.enabled=always
	holds = > 10 x
	[published p]
	about = somebody's
	metric = fault_count
	value = 1
	INI
	expect 0 faultline run exp.ini
	expect 0 faultline show latest --format json
	cp out show.json
	[ "$(jq .schema show.json)" = 1 ] || fail 'no schema'
	all_documented show.json 'show --format json'
	all_there show.json 'show --format json' points metrics settings machine roles cases_changed crossings
	[ "$(jq -c '.rows[0].metrics.fault_count | [.n, .min == .median, .max == .median]' show.json)" = '[2,true,true]' ] ||
		fail "$(jq -c '.rows[0].metrics.fault_count' show.json)"
	[ "$(jq -c '.checks[0] | [.op, .bound, .bound_unit, .holds, .outcome]' show.json)" = '[">",10,"times_reference",true,"holds"]' ] ||
		fail "$(jq -c '.checks[0]' show.json)"
	expect 0 faultline show latest --format csv
	head -n 1 out | tr ',' '\n' | grep -vxF 'thp.enabled' >columns
	documented 'show --format csv' >words
	while IFS= read -r column; do
		grep -qxF "$column" words || fail "csv: the document does not tell of $column"
	done <columns
	expect 0 faultline compare latest latest --format json
	cp out compare.json
	all_documented compare.json 'compare --format json'
	[ "$(jq '[.rows[].metrics[].verdict] | unique | join(" ")' compare.json)" = '"same"' ] ||
		fail "a run is not the same as itself: $(jq -c '.counts' compare.json)"
}

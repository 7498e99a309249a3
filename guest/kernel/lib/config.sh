# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The configuration.  A fragment's line is an option with its value, or several of which the first that
# this source takes is meant:
#   CONFIG_A=y | CONFIG_B=y          A, or B where A is refused
#   CONFIG_A=y @ < 7.0 | CONFIG_B=y  A is not even tried from 7.0 on; @ >= 6.13 < 7.0 is a range
#   CONFIG_A=y ?                     without it where it is refused
# Everything else that is refused ends the build.

# A fragment for one version: alternatives that are not for it are gone, and their ranges.  A line that
# has none is as it was, to the byte: a kernel's key hangs on it.  "named": only lines that had a mark,
# each with its first choice and a tab before it.
for_version() {
	awk -v version="$1" -v named="${2:-}" '
		function number(v, p) { split(v, p, "."); return p[1] * 1000 + p[2] }
		function meant(range, words, n, i, v) {
			n = split(range, words, " ")
			for (i = 1; i < n && version != ""; i += 2) {
				v = number(words[i + 1])
				if (words[i] == ">=" ? here < v : words[i] == "<" ? here >= v : 1)
					return 0
			}
			return 1
		}
		BEGIN { here = number(version) }
		!/^CONFIG_[A-Za-z0-9_]+=([^" ]*|"[^"]*") *[|@?]/ { if (!named) print; next }
		{
			gsub(/ +[|] +CONFIG_/, "\001CONFIG_")
			n = split($0, alternatives, /\001/)
			line = ""
			for (i = 1; i <= n; i++) {
				range = ""
				if (match(alternatives[i], / +@ +[<>]=? +[0-9]/)) {
					range = substr(alternatives[i], RSTART)
					sub(/^ +@ +/, "", range)
					alternatives[i] = substr(alternatives[i], 1, RSTART - 1)
				}
				if (range == "" || meant(range))
					line = line (line == "" ? "" : " | ") alternatives[i]
			}
			sub(/=.*/, "", alternatives[1])
			if (line != "")
				print (named ? alternatives[1] "\t" : "") line
		}'
}

# Is --config a whole configuration, as make writes it, or a few lines?
is_whole() { [ -n "$config_file" ] && grep -q '^# Automatically generated file' "$config_file"; }

# The lines of --config.  Of a whole one a source may refuse any; what it has as modules stays out, since
# a guest loads none.
own_options() {
	sed -E 's/^# (CONFIG_[A-Za-z0-9_]+) is not set$/\1=n/' "$config_file" | grep '^CONFIG_' |
		if is_whole; then sed '/=m$/d; s/$/ ?/'; else cat; fi
}

# The fragments of a kernel, as they are written.
named_fragments() {
	local list
	list=$(field "$1" 2)
	! is_whole || list=${list/config.fragment/guest.fragment}
	(cd "$here" && echo "$list" | xargs cat)
}

# All lines, the last of an option counts: a few of the user's are laid over ours, a whole configuration
# lies below.
raw_fragments() {
	! is_whole || own_options
	named_fragments "$1"
	[ -z "$config_file" ] || is_whole || own_options
}

# The fragments' text; the folder of objects and the kernel's key hang on it.
fragments() {
	if [ -z "${fragment_text+set}" ]; then
		fragment_text=$(raw_fragments "$1" | for_version "$version"; echo .)
		fragment_text=${fragment_text%.}
	fi
	printf '%s' "$fragment_text"
}

# Lines of stdin with one alternative each: the first that is not among those in the file REFUSED,
# whose lines are options with their value.  The last line of an option counts.
choose() {
	awk -v refused="$1" '
		BEGIN { while ((getline line <refused) > 0) no[line] = 1 }
		!/^CONFIG_/ { next }
		{
			gsub(/ +[|] +CONFIG_/, "\001CONFIG_")
			n = split($0, alternatives, /\001/)
			if (n == 1)
				alternatives[1] = $0
			for (i = 1; i <= n; i++) {
				optional = sub(/ *[?]$/, "", alternatives[i])
				if (!(alternatives[i] in no) || (i == n && !optional))
					break
			}
			if (i > n)
				next
			name = alternatives[i]
			sub(/=.*/, "", name)
			if (!(name in value))
				order[++count] = name
			value[name] = alternatives[i]
		}
		END { for (i = 1; i <= count; i++) print value[order[i]] }'
}

# Lines of stdin that the configuration does not have.
not_taken() {
	awk -v config="$1" '
		BEGIN { while ((getline line <config) > 0) { taken[line] = 1; sub(/=.*/, "", line); set[line] = 1 } }
		/=n$/ { name = $0; sub(/=n$/, "", name); if (name in set) print; next }
		!($0 in taken)'
}

# Why a source does not take an option, from its Kconfig files.
why_not() {
	local src=$1 symbol=$2 config=$3 text
	text=$(grep -rhE --include='Kconfig*' -A 12 "^[[:space:]]*(menu)?config[[:space:]]+$symbol\$" "$src" 2>/dev/null |
		awk -v config="$config" '
			BEGIN { while ((getline line <config) > 0) if (line ~ /=/) { sub(/=.*/, "", line); set[line] = 1 } }
			function unset(text, out, word) {
				while (match(text, /[A-Z0-9_]+/)) {
					word = substr(text, RSTART, RLENGTH)
					out = out substr(text, 1, RSTART - 1) word (("CONFIG_" word) in set ? "" : " (not set)")
					text = substr(text, RSTART + RLENGTH)
				}
				return out text
			}
			NR > 1 && /^[ \t]*(menu)?(config|choice|endmenu|endif|help)/ { exit }
			/depends on/ { sub(/.*depends on /, ""); if (/[|][|]/) $0 = "(" $0 ")"; all = all (all == "" ? "" : " && ") $0 }
			END { if (NR) print (all == "" ? "not taken" : "not taken: depends on " unset(all)) }')
	echo "${text:-no such symbol}"
}

# All that is refused, a line each; an option that was tried in place of another names it.
refusals() {
	local src=$1 chosen=$2 line first symbol
	not_taken "$out/.config" <"$chosen" | while IFS= read -r line; do
		symbol=${line#CONFIG_}
		first=$(fragments "$name" | grep -F "| $line" | sed 's/=.*//; q' || true)
		printf 'REFUSED %s  %s%s\n' "$line" "$(why_not "$src" "${symbol%%=*}" "$out/.config")" \
			"${first:+; tried in place of $first, which is refused too}"
	done
}

configure() {
	local name=$1 src=$2 out=$3 refused=$3/.refused chosen=$3/.fragment
	: >"$refused"
	while :; do
		fragments "$name" | choose "$refused" >"$chosen"
		make -s -C "$src" O="$out" "${make_options[@]}" tinyconfig
		"$src/scripts/kconfig/merge_config.sh" -m -O "$out" "$out/.config" "$chosen"
		make -s -C "$src" O="$out" "${make_options[@]}" olddefconfig
		not_taken "$out/.config" <"$chosen" | grep -vxFf "$refused" >"$refused.new" || break
		cat "$refused.new" >>"$refused"
		fragments "$name" | choose "$refused" | cmp -s - "$chosen" && break
	done
	rm -f "$refused.new"
	refusals "$src" "$chosen" >"$refused"
	[ ! -s "$refused" ] || { cat "$refused"; return 1; }
}

# What stands in place of a fragment's first choice: "PREEMPT_LAZY for PREEMPT_VOLUNTARY, no X".
taken() {
	local name=$1 config=$2
	named_fragments "$name" | for_version "$version" named | awk -F'\t' -v config="$config" '
		function plain(s) { sub(/^CONFIG_/, "", s); sub(/=.*/, "", s); return s }
		BEGIN { while ((getline line <config) > 0) there[line] = 1 }
		{
			gsub(/ +[|] +CONFIG_/, "\001CONFIG_", $2)
			n = split($2, alternatives, /\001/)
			for (i = 1; i <= n; i++) {
				sub(/ *[?]$/, "", alternatives[i])
				if (alternatives[i] in there || alternatives[i] ~ /=n$/)
					break
			}
			if (i <= n && plain(alternatives[i]) == plain($1))
				next
			text = i > n ? "no " plain($1) : plain(alternatives[i]) " for " plain($1)
			all = all (all == "" ? "" : ", ") text
		}
		END { if (all != "") print all }'
}

# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
# try: a patch, a mailbox, a tree; what it does to a kernel.

# A git tree that looks like a kernel's, with two commits.
tree_to_try() {
	mkdir "$1"
	(
		cd "$1" && git init -q . && git config user.name Tester && git config user.email t@example.org &&
			mkdir mm && : >Kbuild && echo 'int one;' >mm/x.c && git add -A && git commit -qm first &&
			echo 'int two;' >mm/x.c && git commit -qam second
	) || fail "no tree"
}

test_try_bad_input() {
	echo words >words
	: >empty
	mkdir folder plain
	tree_to_try tree
	usage 'missing arguments' faultline try
	usage '^faultline: missing.patch: No such file' faultline try missing.patch
	usage '^faultline: words: ' faultline try words
	usage '^faultline: empty: ' faultline try empty
	usage 'folder: neither a patch nor a mailbox' faultline try folder
	usage '--worktree: of which tree' faultline try --worktree
	usage '--format xml: one of table' faultline try --format xml words
	usage 'there is no such folder' faultline try --src nowhere
	usage 'not a git tree' faultline try --src plain
	usage 'nothing to try' faultline try --src tree HEAD..HEAD
	usage 'nowhere: not a commit' faultline try --src tree nowhere..HEAD
	usage 'nothing differs' faultline try --src tree --worktree
	usage 'leave one out' faultline try --base stock --src tree
	usage 'one too many' faultline try --src tree HEAD^..HEAD HEAD
	usage 'no kernel nowhere' faultline try --base nowhere "$root/tests/try/longer.patch"
}

# Whatever is asked, the user's tree and its .git are byte for byte what they were.
test_try_leaves_a_tree_alone() {
	local before
	tree_to_try tree
	echo 'int three;' >tree/mm/x.c
	echo new >tree/mm/y.c
	before=$(find tree -type f -exec sha256sum {} + | sort)
	try faultline try --src tree --worktree -q
	[ "$status" != 0 ] || fail "this is no kernel"
	[ "$before" = "$(find tree -type f -exec sha256sum {} + | sort)" ] || fail "the tree was written to"
}

# says STATUS NAME WORDS...: the patch ends so, and its answer, of at most 30 lines, holds the words.
try_says() {
	local want=$1 name=$2 word
	shift 2
	expect "$want" faultline try -q "$root/tests/try/$name.patch"
	[ "$(wc -l <out)" -le 31 ] || fail "$name: more than 30 lines: $(cat out)"
	for word in "$@"; do
		grep -qF -- "$word" out || fail "$name: no \"$word\" in: $(cat out)"
	done
}

# What costs no boot: nothing changed, nothing compiled, nothing fits.
test_try_without_a_boot() {
	try_says 0 docs 'nothing changed: the kernel is the same, byte for byte'
	try_says 1 broken 'does not compile' undeclared 'it does not build'
	sed 's/vmf_anon_prepare/of_another_version/' "$root/tests/try/longer.patch" >other.patch
	usage 'does not apply to .*mm/memory.c' faultline try -q other.patch
	mkdir bin
	ln -s /usr/bin/* bin/
	rm bin/bison
	sed 's/^+.*barrier().*/+\t\tcpu_relax();/' "$root/tests/try/longer.patch" >unbuilt.patch
	expect 3 env PATH="${PATH%%:*}:$PWD/bin" faultline try -q unbuilt.patch
	grep -q '^faultline: no bison: ' err || fail "$(cat err)"
}

test_try_a_longer_fault() {
	try_says 1 longer 'page fault longer' 'do_anonymous_page' 'longer: page fault' \
		'what passes on the base passes' 'write, read'
	faultline try -q --format json --junit junit.xml "$root/tests/try/longer.patch" >json
	jq -e '.verdict == "worse" and (.paths[0].functions | map(.function) | index("do_anonymous_page") != null)
		and .paths[0].patch > .paths[0].base' json >/dev/null || fail "$(cat json)"
	xmllint --noout junit.xml || fail "$(cat junit.xml)"
	grep -q '<failure message=' junit.xml || fail "$(cat junit.xml)"
}

# The others, half an hour.
test_try_ten_patches() {
	at_night || return 0
	try_says 1 clear 'page fault longer' clear_page
	try_says 1 lock 'page fault longer' do_anonymous_page
	try_says 1 leak worse
	try_says 1 default worse
	try_says 1 hang 'does not boot'
	try_says 1 mthp 'page fault longer' size-64
	try_says 1 warn 'WARNING'
}

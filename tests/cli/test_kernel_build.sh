# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# guest/kernel/build.sh on a toy kernel of two files: make builds "objects" by copying, so a vmlinux
# shows which text each object came from, and the file made which objects were built.

builder=${FAULTLINE_BUILDER:-$root/guest/kernel/build.sh}

# The lines that a patch expects to find: toy_file PATCH
toy_file() { awk '/^@@/ { in_hunk = 1; next } /^-- $/ { exit } in_hunk && /^[- ]/ { print substr($0, 2) }' "$1"; }

# A source tree whose two files our planted patches apply to: toy FOLDER
toy() {
	local planted=$root/guest/kernel/planted
	mkdir -p "$1/mm" "$1/scripts/kconfig"
	: >"$1/Kbuild"
	toy_file "$planted"/slow/*.patch >"$1/mm/memory.c"
	toy_file "$planted"/nocollapse/*.patch >"$1/mm/khugepaged.c"
	cat >"$1/Makefile" <<-'END'
	.RECIPEPREFIX = >
	.DELETE_ON_ERROR:
	vmlinux: $(O)/memory.o $(O)/khugepaged.o
	> cat $^ >$(O)/vmlinux
	> cp $(O)/vmlinux $(O)/System.map
	> mkdir -p $(O)/include/config && echo 6.12.0 >$(O)/include/config/kernel.release
	$(O)/%.o: mm/%.c
	> cp $< $@
	> echo $* >>$(O)/made
	> $(TOY_HOOK)
	bzImage: vmlinux
	> mkdir -p $(O)/arch/x86/boot && cp $(O)/vmlinux $(O)/arch/x86/boot/bzImage
	tinyconfig:
	> : >$(O)/.config
	olddefconfig:
	END
	# shellcheck disable=SC2016
	printf '#!/bin/sh\ngrep -v =n$ "$5" >>"$4"\n' >"$1/scripts/kconfig/merge_config.sh"
	chmod +x "$1/scripts/kconfig/merge_config.sh"
	find "$1" -type f -exec touch -d 2020-01-01 {} +
}

# A cache of this test's own with the toy in it; its source is in $pristine.
toy_cache() {
	export FAULTLINE_CACHE=$PWD/cache
	unset FAULTLINE_KERNEL_SRC
	pristine=$FAULTLINE_CACHE/src/linux-6.12-toy
	toy "$pristine"
}

# Builds a kernel; its folder in $dir, the objects it took in $made.
toy_build() {
	find cache/work -name made -delete 2>/dev/null || true
	expect 0 "$builder" "$1"
	dir=$(cat out)
	made=$(find cache/work -name made -exec sort {} + | tr '\n' ' ')
}

has() { grep -q "$1" "$dir/vmlinux" || fail "$dir has no $1"; }
lacks_word() { ! grep -q "$1" "$dir/vmlinux" || fail "$dir has $1"; }

test_kernel_series_are_switched() {
	toy_cache
	(cd "$pristine" && find . -type f -exec sha256sum {} + | sort) >before
	toy_build stock
	lacks_word planted
	cp "$dir/vmlinux" stock
	toy_build planted-slow
	[ "$made" = 'memory ' ] || fail "slow after stock built: $made"
	has planted_delay
	toy_build planted-leak
	[ "$made" = 'memory ' ] || fail "leak after slow built: $made"
	has planted_leak
	lacks_word planted_delay
	toy_build planted-nocollapse
	[ "$made" = 'khugepaged memory ' ] || fail "nocollapse after leak built: $made"
	lacks_word planted_
	has 'planted defect'
	rm -rf cache/kernels
	toy_build stock
	cmp stock "$dir/vmlinux" || fail 'stock after the planted kernels is not what it was'
	(cd "$pristine" && find . -type f -exec sha256sum {} + | sort) >after
	cmp before after || fail 'the source was written to'
	rm -rf cache/work cache/kernels
	toy_build planted-leak
	has planted_leak
	rm -rf cache/work/*/tree cache/kernels
	toy_build stock
	cmp stock "$dir/vmlinux" || fail 'objects outlived their tree'
}

test_kernel_series_that_does_not_apply() {
	toy_cache
	toy_build planted-slow
	sed -i 's/unlocked/locked/; s/SIGBUS/0/' "$pristine/mm/memory.c"
	rm -rf cache/work cache/kernels
	expect 2 "$builder" planted-slow
	grep -q 'does not apply' err || fail "$(cat err)"
	toy_build stock
	lacks_word planted
}

test_kernel_of_your_own_tree() {
	toy_cache
	toy mine
	export FAULTLINE_KERNEL_SRC=$PWD/mine
	git -C mine init -q
	git -C mine add .
	git -C mine -c user.name=x -c user.email=x@example.org commit -qm one
	toy_build stock
	toy_build planted-slow
	has planted_delay
	sleep 0.1
	echo '/* second */' >>mine/mm/khugepaged.c
	git -C mine -c user.name=x -c user.email=x@example.org commit -qam two
	toy_build stock
	[ "$made" = 'khugepaged ' ] || fail "the second commit built: $made"
	has second
	toy_build planted-slow
	has planted_delay
	has second
	git -C mine checkout -q HEAD~1
	rm -rf cache/kernels
	toy_build planted-slow
	lacks_word second
	[ -z "$(git -C mine status --porcelain)" ] || fail 'your own tree was written to'
	rm -rf mine/.git cache/kernels
	toy_build stock
	echo '/* third */' >>mine/mm/khugepaged.c
	toy_build stock
	has third
}

# An object that a killed build left behind is never taken for a finished one.
test_kernel_build_killed() {
	toy_cache
	# shellcheck disable=SC2016
	TOY_HOOK='echo HALF >$@; kill -9 $$PPID' try "$builder" stock
	[ "$status" = 3 ] || fail "status $status: $(cat err)"
	grep -rq HALF cache/work || fail 'nothing half made'
	toy_build stock
	lacks_word HALF
}

test_kernel_built_needs_no_lock() {
	toy_cache
	toy_build stock
	exec 7>"cache/work/$(basename "$pristine").lock"
	flock 7
	expect 0 timeout 10 "$builder" stock
}

meta() { sed -n "s/^$1 //p" "$dir/meta"; }

toy_commit() { git -C "$1" -c user.name=x -c user.email=x@example.org commit -qam "$2"; }

# Debian's source tree ignores every file of its own: what git does not track is source all the same.
test_kernel_sees_every_change() {
	local before change
	toy_cache
	toy mine
	export FAULTLINE_KERNEL_SRC=$PWD/mine
	echo '*' >mine/.gitignore
	git -C mine init -q
	git -C mine add -f Makefile
	toy_commit mine one
	toy_build stock
	for change in 'echo "/* ignored */" >>mine/mm/memory.c' 'echo "# tracked" >>mine/Makefile' \
		'echo "int new;" >mine/mm/new.c' 'chmod +x mine/mm/new.c' 'rm mine/mm/new.c' \
		'ln -s memory.c mine/mm/link.c'; do
		before=$dir
		sleep 0.01
		eval "$change"
		toy_build stock
		[ "$dir" != "$before" ] || fail "not seen: $change"
		expect 0 "$builder" --print stock
	done
	grep -q ignored "$dir/vmlinux" || fail 'built without the change'
}

# A build in the tree, an editor and an index change nothing that is built.
test_kernel_key_without_products() {
	local before how f
	toy_cache
	toy mine
	export FAULTLINE_KERNEL_SRC=$PWD/mine
	for how in with-git without; do
		if [ "$how" = with-git ]; then
			git -C mine init -q
			git -C mine add .
			toy_commit mine one
		else
			rm -rf mine/.git
		fi
		toy_build stock
		before=$dir
		mkdir -p mine/include/generated mine/arch/x86/include/generated/asm mine/scripts/basic mine/lib
		for f in mm/memory.o mm/.memory.o.cmd mm/.memory.c.swp vmlinux vmlinux.o .config .config.old \
			System.map include/generated/autoconf.h arch/x86/include/generated/asm/x.h tags \
			scripts/basic/fixdep lib/crc32table.h .tmp_vmlinux1 modules.order; do
			echo product >"mine/$f"
		done
		toy_build stock
		[ "$dir" = "$before" ] || fail "$how: another kernel"
	done
}

test_kernel_says_where_it_comes_from() {
	local head
	toy_cache
	toy mine
	printf 'VERSION = 7\nPATCHLEVEL = 2\nSUBLEVEL = 0\nEXTRAVERSION = -rc3\nNAME = Toy\n' |
		cat - mine/Makefile >Makefile && mv Makefile mine/Makefile
	toy_build planted-slow
	[ "$(meta source)" = linux-6.12-toy ] || fail "$(cat "$dir/meta")"
	[ "$(meta series)" = planted/slow ] || fail "$(cat "$dir/meta")"
	[ "$(meta series_hash)" = "$(cat "$root"/guest/kernel/planted/slow/*.patch | sha256sum | cut -d' ' -f1)" ] ||
		fail "$(cat "$dir/meta")"
	[ "$(meta compiler)" = "$(gcc --version | head -n 1)" ] || fail "$(cat "$dir/meta")"
	! grep -q '^commit\|^dirty\|^base' "$dir/meta" || fail "invented: $(cat "$dir/meta")"
	export FAULTLINE_KERNEL_SRC=$PWD/mine
	git -C mine init -q
	git -C mine add .
	toy_commit mine one
	head=$(git -C mine rev-parse HEAD)
	toy_build stock
	[ "$(meta source) $(meta commit) $(meta dirty)" = "$PWD/mine $head no" ] || fail "$(cat "$dir/meta")"
	[ "$(meta base)" = 7.2.0-rc3 ] || fail "$(cat "$dir/meta")"
	[ "$(meta fragments)" = config.fragment ] || fail "$(cat "$dir/meta")"
	echo '/* third */' >>mine/mm/khugepaged.c
	toy_build stock
	[ "$(meta commit) $(meta dirty)" = "$head yes" ] || fail "$(cat "$dir/meta")"
	printf 'name stock\nrelease 6.12.0\n' >"$dir/meta"
	expect 0 "$builder" stock
	[ "$(meta dirty)" = yes ] || fail "an older meta stays short: $(cat "$dir/meta")"
}

# What a tree held when the build began is not what it was built from.
test_kernel_tree_changed_meanwhile() {
	toy_cache
	toy mine
	export FAULTLINE_KERNEL_SRC=$PWD/mine
	# shellcheck disable=SC2016
	TOY_HOOK='echo "/* later */" >>mm/$*.c' try "$builder" stock
	[ "$status" = 3 ] || fail "status $status: $(cat err)"
	grep -q 'changed while it was built' err || fail "$(cat err)"
	toy_build stock
	grep -q later "$dir/vmlinux" || fail 'not what the tree holds'
}

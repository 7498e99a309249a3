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

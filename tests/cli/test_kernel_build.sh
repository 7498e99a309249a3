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
	own=()
	pristine=$FAULTLINE_CACHE/src/linux-6.12-toy
	toy "$pristine"
}

# Builds a kernel; its folder in $dir, the objects it took in $made.  own: options for build.sh.
toy_build() {
	find cache/workshops -name made -delete 2>/dev/null || true
	expect 0 "$builder" "${own[@]}" "$@"
	dir=$(cat out)
	made=$(find cache/workshops -name made -exec sort {} + | tr '\n' ' ')
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
	[ "$made" = 'khugepaged ' ] || fail "nocollapse after leak built: $made"
	lacks_word planted_
	has 'planted defect'
	rm -rf cache/kernels
	toy_build stock
	cmp stock "$dir/vmlinux" || fail 'stock after the planted kernels is not what it was'
	[ -z "$made" ] || fail "going back to stock built: $made"
	toy_build planted-leak
	has planted_leak
	[ -z "$made" ] || fail "going back to leak built: $made"
	(cd "$pristine" && find . -type f -exec sha256sum {} + | sort) >after
	cmp before after || fail 'the source was written to'
	rm -rf cache/workshops cache/kernels
	toy_build planted-leak
	has planted_leak
	rm -rf cache/workshops/*/at/tree cache/workshops/*/kept/*/tree cache/kernels
	toy_build stock
	cmp stock "$dir/vmlinux" || fail 'objects outlived their tree'
}

test_kernel_series_that_does_not_apply() {
	toy_cache
	toy_build planted-slow
	sed -i 's/unlocked/locked/; s/SIGBUS/0/' "$pristine/mm/memory.c"
	rm -rf cache/workshops cache/kernels
	expect 2 "$builder" planted-slow
	grep -q 'does not apply' err || fail "$(cat err)"
	toy_build stock
	lacks_word planted
}

test_kernel_of_your_own_tree() {
	toy_cache
	toy mine
	own=(--src mine)
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
	TOY_HOOK='echo HALF >$@; kill -9 $$PPID' try "$builder" "${own[@]}" stock
	[ "$status" = 3 ] || fail "status $status: $(cat err)"
	grep -rq HALF cache/workshops || fail 'nothing half made'
	toy_build stock
	lacks_word HALF
}

test_kernel_built_needs_no_lock() {
	toy_cache
	toy_build stock
	exec 7>"cache/workshops/$(basename "$pristine").lock"
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
	own=(--src mine)
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
		expect 0 "$builder" "${own[@]}" --print stock
	done
	grep -q ignored "$dir/vmlinux" || fail 'built without the change'
}

# A build in the tree, an editor and an index change nothing that is built.
test_kernel_key_without_products() {
	local before how f
	toy_cache
	toy mine
	own=(--src mine)
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
	own=(--src mine)
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
	expect 0 "$builder" "${own[@]}" stock
	[ "$(meta dirty)" = yes ] || fail "an older meta stays short: $(cat "$dir/meta")"
}

# What a tree held when the build began is not what it was built from.
test_kernel_tree_changed_meanwhile() {
	toy_cache
	toy mine
	own=(--src mine)
	# shellcheck disable=SC2016
	TOY_HOOK='echo "/* later */" >>mm/$*.c' try "$builder" "${own[@]}" stock
	[ "$status" = 3 ] || fail "status $status: $(cat err)"
	grep -q 'changed while it was built' err || fail "$(cat err)"
	toy_build stock
	grep -q later "$dir/vmlinux" || fail 'not what the tree holds'
}

# A commit is built without a checkout: its tree holds what the commit holds, and from one to the next
# only what differs is built.
test_kernel_of_a_commit() {
	local before head i
	toy_cache
	toy mine
	own=(--src mine)
	git -C mine init -q -b master
	git -C mine add .
	toy_commit mine 0
	for i in 1 2 3; do
		echo "/* memory $i */" >>mine/mm/memory.c
		[ $i != 2 ] || echo '/* of two */' >>mine/mm/khugepaged.c
		[ $i != 3 ] || git -C mine rm -qf mm/unused.c
		[ $i != 1 ] || { echo '/* unused */' >mine/mm/unused.c; git -C mine add mm/unused.c; }
		toy_commit mine $i
	done
	echo '/* not committed */' >>mine/mm/memory.c
	git -C mine update-index -q --refresh || true
	(cd mine && find . -printf '%P %s %T@ %m\n' | sort) >before
	head=$(git -C mine rev-parse HEAD)
	toy_build --commit HEAD~3 stock
	lacks_word 'memory 1'
	toy_build --commit HEAD~2 stock
	[ "$made" = 'memory ' ] || fail "1 after 0 built: $made"
	has 'memory 1'
	[ -f cache/workshops/commits-*/at/tree/mm/unused.c ] || fail 'a new file is not there'
	toy_build --commit HEAD stock
	has 'memory 3'
	has 'of two'
	lacks_word 'not committed'
	[ ! -e cache/workshops/commits-*/at/tree/mm/unused.c ] || fail 'a file that is gone is there'
	[ "$(meta source) $(meta commit) $(meta dirty)" = "$PWD/mine $head no" ] || fail "$(cat "$dir/meta")"
	toy_build --commit HEAD~1 planted-slow
	has planted_delay
	has 'memory 2'
	lacks_word 'memory 3'
	before=$dir
	expect 0 "$builder" --src mine --commit "$(git -C mine rev-parse HEAD~1)" --print planted-slow
	[ "$(cat out)" = "$before" ] || fail "--print: $(cat out)"
	(cd mine && find . -printf '%P %s %T@ %m\n' | sort) >after
	cmp before after || fail "the tree was written to: $(diff before after)"
	expect 2 "$builder" --src mine --commit nothing stock
	grep -qx 'build.sh: --commit nothing: not a commit of .*/mine' err || fail "$(cat err)"
	expect 2 "$builder" --commit HEAD stock
	grep -q 'of which tree' err || fail "$(cat err)"
}

# Patches of the user's own come after those of a kernel that has a name.
test_kernel_with_a_series() {
	toy_cache
	mkdir 'my series'
	sed '1i /* of mine */' "$pristine/mm/khugepaged.c" >new.c
	diff -u --label a/mm/khugepaged.c --label b/mm/khugepaged.c "$pristine/mm/khugepaged.c" new.c \
		>'my series/0001-mine.patch' || true
	toy_build stock
	toy_build --series 'my series' planted-slow
	has planted_delay
	has 'of mine'
	[ "$made" = 'khugepaged memory ' ] || fail "built: $made"
	[ "$(meta series)" = 'planted/slow my series' ] || fail "$(cat "$dir/meta")"
	toy_build --series 'my series' stock
	lacks_word planted_delay
	has 'of mine'
	[ "$made" = 'khugepaged ' ] || [ "$made" = 'memory ' ] || fail "built: $made"
	sed -i 's/^ /  x/' 'my series/0001-mine.patch'
	expect 2 "$builder" --series 'my series' stock
	[ "$(wc -l <err)" = 1 ] || fail "not one line: $(cat err)"
	grep -q '0001-mine.patch does not apply to linux-6.12-toy: mm/khugepaged.c' err || fail "$(cat err)"
	toy_build stock
	lacks_word 'of mine'
	printf '%s\n' '--- a/mm/nothing.c' '+++ b/mm/nothing.c' '@@ -1 +1 @@' -x +y >'my series/0001-mine.patch'
	expect 2 "$builder" --series 'my series' stock
	grep -q 'does not apply to linux-6.12-toy: mm/nothing.c, which is not there$' err || fail "$(cat err)"
	expect 2 "$builder" --series nothing stock
	mkdir empty
	expect 2 "$builder" --series empty stock
	grep -q 'holds no file' err || fail "$(cat err)"
}

# Every base has a folder, and kernels, of its own.
test_kernel_of_another_base() {
	local stock
	toy_cache
	toy_build stock
	stock=$dir
	toy cache/src/linux-7.3-toy
	echo '/* of 7.3 */' >>cache/src/linux-7.3-toy/mm/memory.c
	toy_build stock@7.3
	has 'of 7.3'
	[ "$(meta name) $(meta source)" = 'stock@7.3 linux-7.3-toy' ] || fail "$(cat "$dir/meta")"
	expect 0 "$builder" --print stock@6.12
	[ "$(cat out)" = "$stock" ] || fail "stock@6.12: $(cat out)"
	expect 0 "$builder" --list
	grep -q "^stock@7.3 $dir\$" out || fail "$(cat out)"
	grep -q "^stock $stock\$" out || fail "$(cat out)"
	expect 2 "$builder" stock@seven
	expect 2 "$builder" --src "$pristine" stock@7.3
	expect 1 "$builder" --print stock@6.1
}

# What is kept is bounded, and stock goes last.
test_kernel_workshops_are_bounded() {
	local name
	toy_cache
	toy_build stock
	for name in slow leak step half watched nocollapse; do
		"$builder" "planted-$name" >/dev/null 2>&1 || true
	done
	[ "$(find cache/workshops/*/kept -mindepth 1 -maxdepth 1 | wc -l)" -le 4 ] || fail "$(find cache/workshops -maxdepth 3)"
	rm -rf cache/kernels
	toy_build stock
	[ -z "$made" ] || fail "stock went: $made"
	cp -r "$pristine" mine
	own=(--src mine)
	toy_build stock
	compgen -G 'cache/workshops/own-*' >/dev/null || fail 'no workshop of its own'
	rm -rf mine cache/kernels
	own=()
	toy_build planted-leak
	! compgen -G 'cache/workshops/own-*' >/dev/null || fail 'the workshop of a tree that is gone is there'
}

# The first errors of the compiler, with their places, and where the rest is.
test_kernel_that_does_not_compile() {
	toy_cache
	# shellcheck disable=SC2016
	TOY_HOOK='echo "$$PWD/mm/$*.c:7:3: error: too late"; false' try "$builder" stock
	[ "$status" = 3 ] || fail "status $status"
	grep -qx '  mm/[a-z]*.c:7:3: error: too late' err || fail "$(cat err)"
	grep -q 'kernel stock did not build (log: .*)' err || fail "$(cat err)"
}

# The toy with Kconfig: it takes options that its file `knows` names, as "CONFIG_X=y".
toy_kconfig() {
	cat >"$1/scripts/kconfig/merge_config.sh" <<-'END'
	#!/bin/sh
	grep -xFf "${0%/scripts/*}/knows" "$5" >>"$4"
	END
	printf 'VERSION = %s\nPATCHLEVEL = %s\nSUBLEVEL = 1\nNAME = Toy\n' "${2%.*}" "${2#*.}" |
		cat - "$1/Makefile" >Makefile && mv Makefile "$1/Makefile"
	cat >"$1/Kconfig" <<-'END'
	config GONE
		bool "there, and not for all"
		depends on NEVER && (HERE || B)
	END
	printf 'CONFIG_HERE=y\nCONFIG_B=y\nCONFIG_SEVEN=y\n' >"$1/knows"
}

# Our build.sh with a fragment of this test's own, which is in $fragment.
toy_fragment() {
	cp -r "$root/guest/kernel" mine-kernel
	builder=$PWD/mine-kernel/build.sh
	fragment=mine-kernel/config.fragment
}

test_kernel_options_have_alternatives() {
	toy_cache
	toy_kconfig "$pristine" 6.12
	toy cache/src/linux-7.3-toy
	toy_kconfig cache/src/linux-7.3-toy 7.3
	toy_fragment
	cat >"$fragment" <<-'END'
	# comment | with @ marks ?
	CONFIG_HERE=y
	CONFIG_A=y | CONFIG_B=y
	CONFIG_HERE=y @ < 7.0 | CONFIG_SEVEN=y @ >= 7.0
	CONFIG_ODD=y ?
	CONFIG_LATER=y @ >= 7.4
	CONFIG_MIDDLE=y @ >= 6.13 < 7.0
	END
	toy_build stock
	[ "$(sort "$dir/config" | tr '\n' ' ')" = 'CONFIG_B=y CONFIG_HERE=y ' ] || fail "$(cat "$dir/config")"
	[ "$(meta taken)" = 'B for A, no ODD' ] || fail "$(cat "$dir/meta")"
	toy_build stock@7.3
	[ "$(sort "$dir/config" | tr '\n' ' ')" = 'CONFIG_B=y CONFIG_HERE=y CONFIG_SEVEN=y ' ] || fail "$(cat "$dir/config")"
	[ "$(meta taken)" = 'B for A, SEVEN for HERE, no ODD' ] || fail "$(cat "$dir/meta")"
}

test_kernel_names_all_refused_options() {
	toy_cache
	toy_kconfig "$pristine" 6.12
	toy_fragment
	printf 'CONFIG_%s\n' HERE=y GONE=y NOTHING=y 'A=y | CONFIG_C=y' >"$fragment"
	expect 2 "$builder" stock
	grep -qx '  CONFIG_GONE=y  not taken: depends on (NEVER (not set) && (HERE || B (not set)))' err || fail "$(cat err)"
	grep -qx '  CONFIG_NOTHING=y  no such symbol' err || fail "$(cat err)"
	grep -qx '  CONFIG_C=y  no such symbol; tried in place of CONFIG_A, which is refused too' err || fail "$(cat err)"
	[ "$(grep -c '^  CONFIG_' err)" = 3 ] || fail "$(cat err)"
}

# A whole configuration takes the place of ours; what the source refuses of it, and its modules, stay out.
test_kernel_of_a_whole_configuration() {
	toy_cache
	toy_kconfig "$pristine" 6.12
	toy_fragment
	printf 'CONFIG_OURS=y\n' >"$fragment"
	printf 'CONFIG_HERE=y\nCONFIG_B=y\n' >mine-kernel/guest.fragment
	cat >whole <<-'END'
	#
	# Automatically generated file; DO NOT EDIT.
	CONFIG_SEVEN=y
	CONFIG_NOTHING=y
	CONFIG_CC_VERSION_TEXT="gcc (Debian | 12 @ ?) 12"
	CONFIG_M=m
	# CONFIG_B is not set
	END
	toy_build --config whole stock
	[ "$(sort "$dir/config" | tr '\n' ' ')" = 'CONFIG_B=y CONFIG_HERE=y CONFIG_SEVEN=y ' ] || fail "$(cat "$dir/config")"
	[ "$(meta fragments)" = 'guest.fragment whole' ] || fail "$(cat "$dir/meta")"
	printf '# CONFIG_X is not set\nCONFIG_SEVEN=y\n' >few
	printf 'CONFIG_HERE=y\n' >"$fragment"
	toy_build --config few stock
	[ "$(sort "$dir/config" | tr '\n' ' ')" = 'CONFIG_HERE=y CONFIG_SEVEN=y ' ] || fail "$(cat "$dir/config")"
}

# A few other options build what hangs on them, not all.
test_kernel_of_nearly_the_same_options() {
	toy_cache
	toy_build planted-slow
	echo CONFIG_MORE=y >more
	toy_build --config more planted-slow
	[ -z "$made" ] || fail "another option built: $made"
	grep -qx CONFIG_MORE=y "$dir/config" || fail 'the option is not there'
	has planted_delay
	expect 2 "$builder" --config nothing stock
}

# A line without marks enters the key as it is: kernels that are built stay built.
test_kernel_key_is_of_the_text_for_its_version() {
	local before
	toy_cache
	toy_kconfig "$pristine" 6.12
	toy_fragment
	printf '# words\nCONFIG_HERE=y\nCONFIG_B=y\n' >"$fragment"
	toy_build stock
	before=$dir
	printf '# words\nCONFIG_HERE=y @ < 7.0 | CONFIG_X=y @ >= 7.0\nCONFIG_B=y\nCONFIG_Y=y @ >= 6.13\n' >"$fragment"
	expect 0 "$builder" --print stock
	[ "$(cat out)" = "$before" ] || fail "another kernel: $(cat out), $before"
}

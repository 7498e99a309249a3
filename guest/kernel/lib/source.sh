# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# What a kernel is built from: Debian's source of a base, a tree of the user's as it is (--src), or a
# commit of that tree (--commit), which is read out of git's store and never checked out there.

# What a build, an editor or an index leaves in a tree, by suffix and by name: no source.
products='(^|/)([^/]*~|[^/]*\.(a|asn1\.[ch]|builtin|dtbo?|elf|gcda|gcno|i|ko|lex\.c|ll|lst|mod|mod\.c|o|o\.[^/]*|order'
products+='|orig|rej|s|so|so\.dbg|so\.raw|su|symtypes|tab\.[ch])'
products+='|\.[^/]*\.(cmd|d|sw[a-p])|\.(tmp_|config|vmlinux|version|checked-atomic|missing-syscalls|building|clangd|cache)[^/]*'
products+='|vmlinux(\.(a|bin|bin\.[^/]*|export\.c|map|o|relocs|symvers|unstripped))?|bzImage|System\.map|Module\.symvers|modules\.(builtin[^/]*|order|nsdeps)'
products+='|(vmlinux|module|realmode|vdso[0-9a-z]*)\.lds|tags|TAGS|cscope\.[^/]*|GPATH|GRTAGS|GSYMS|GTAGS|compile_commands\.json)$'
products+='|^(arch/[^/]*/)?include/(config|generated)/|(^|/)(\.git|__pycache__)/'
# What is made by rules of its own: [ch] files, and programs of the build.
made='^(arch/x86/(lib/inat-tables\.c|kernel/cpu/capflags\.c|boot/([a-z]*\.bin|cpustr\.h|mkcpustr|voffset\.h|zoffset\.h'
made+='|tools/build|compressed/(mkpiggy|piggy\.S))|entry/vdso/(vdso-image-[^/]*\.c|vdso2c)|realmode/rm/(pasyms\.h|realmode\.(bin|relocs))'
made+='|tools/(insn_sanity|insn_decoder_test|relocs))|init/utsversion-tmp\.h|lib/(crc(32|64)table\.h|gen_crc[^/.]*'
made+='|oid_registry_data\.c|raid6/((int|altivec|neon|vpermxor)[0-9]+\.c|mktables|tables\.c))|kernel/(config_data(\.gz)?'
made+='|kheaders_data\.tar\.xz|time/timeconst\.h)|drivers/tty/vt/(consolemap_deftbl\.c|defkeymap\.c|conmakehash)'
made+='|scripts/(asn1_compiler|basic/fixdep|extract-cert|gdb/linux/constants\.py|insert-sys-cert|kallsyms|kconfig/[mngq]?conf'
made+='|kconfig/[mngq]conf-(bin|cflags|libs)|mod/(modpost|mk_elfconfig|devicetable-offsets\.h|elfconfig\.h)'
made+='|selinux/[^/]*/(genheaders|mdp)|sign-file|sorttable|target\.json)|security/selinux/(flask|av_permissions)\.h'
made+='|security/apparmor/[a-z]*_names\.h|source|vmlinux-gdb\.py|usr/(gen_init_cpio|initramfs_data\.cpio[^/]*|initramfs_inc_data|include/[^/]*/.*)'
made+='|certs/(extract-cert|signing_key\.[^/]*|x509_[^/]*|blacklist_hash_list|\.x509[^/]*)'
made+='|tools/(objtool/(objtool|fixdep|libsubcmd/.*|arch/x86/lib/.*)|bpf/resolve_btfids/(resolve_btfids|libbpf/.*|libsubcmd/.*)))$'

# Names with a NUL behind each, without those.
only_source() { grep -zvE "$products" | grep -zvE "$made" || true; }

# "NAME SIZE TIME MODE" of files, names as only_source takes them.
stat_files() { sort -z | xargs -0 -r stat -c '%n %s %.9Y %f %N' --; }

# Git on the user's tree that writes nothing there: no refreshed index, no cache, no hook, no fetch.
user_git() {
	GIT_OPTIONAL_LOCKS=0 GIT_NO_LAZY_FETCH=1 git -c core.fsmonitor=false -c core.untrackedCache=false \
		-c core.splitIndex=false -c core.sparseCheckout=false -C "$own_tree" "$@"
}

# Is it the top of a git tree that has a commit?
in_git() {
	local up
	up=$(user_git rev-parse --show-cdup 2>/dev/null) && [ -z "$up" ] &&
		user_git rev-parse -q --verify HEAD >/dev/null 2>&1
}

# What differs from the commit: tracked files by git's own look, untracked ones by their content, and
# ignored ones, which may be the whole source (Debian's ignores everything), by size and time.
changes() {
	user_git diff --no-ext-diff --no-textconv --no-color --full-index HEAD
	(
		cd "$own_tree" || exit
		git ls-files -z --others --exclude-standard | only_source | sort -z | xargs -0 -r sha256sum --
		git ls-files -z --others --ignored --exclude-standard | only_source | stat_files
	)
}

# Reads --src and --commit: own_tree and commit are absolute from here on, and pristine is the folder
# whose files are built, or nothing while a base is not fetched.
find_source() {
	local given=$commit
	if [ -z "$own_tree" ]; then
		pristine=$("$here/fetch.sh" --cached "$base")
		return
	fi
	[ -d "$own_tree" ] || die 2 "--src $own_tree: no such folder"
	own_tree=$(cd "$own_tree" && pwd)
	pristine=$own_tree
	if [ -z "$commit" ]; then
		[ -f "$own_tree/Kbuild" ] || die 2 "--src $own_tree: not a kernel source tree (it has no Kbuild)"
		return 0
	fi
	in_git || die 2 "--src $own_tree: not the top of a git tree, so there is no commit $given"
	commit=$(user_git rev-parse -q --verify --end-of-options "$given^{commit}") ||
		die 2 "--commit $given: not a commit of $own_tree"
	user_git cat-file -e "$commit:Kbuild" 2>/dev/null ||
		die 2 "--commit $given: not a kernel source tree (it has no Kbuild)"
	git_folder=$(cd "$own_tree" && cd "$(git rev-parse --git-common-dir)" && pwd)
}

# What the source is, as it enters the key.  A tree of the user's is its commit and what differs from
# it; without git, the sizes and times of its files.
source_id() {
	if [ -n "$commit" ]; then
		printf 'commit %s\n%s\n' "$commit" "$git_folder"
	elif [ -z "$own_tree" ]; then
		echo "${pristine##*/}"
	elif in_git; then
		user_git rev-parse HEAD
		changes | sha256sum
		echo "$own_tree"
	else
		(cd "$own_tree" && find . \( -type f -o -type l \) -printf '%P\0' | only_source | stat_files | sha256sum)
		echo "$own_tree"
	fi
}

source_makefile() {
	if [ -n "$commit" ]; then
		user_git show "$commit:Makefile"
	else
		cat "$pristine/Makefile" 2>/dev/null || true
	fi
}

# VERSION.PATCHLEVEL.SUBLEVEL and what follows, as the source's Makefile has them; "" where it does not.
source_version() {
	source_makefile | awk -F' *= *' '
		/^NAME *=/ || done { done = 1; next }
		/^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *=/ { v[$1] = $2 }
		END { if (v["VERSION"] != "") print v["VERSION"] "." v["PATCHLEVEL"] "." v["SUBLEVEL"] v["EXTRAVERSION"] }
	'
}

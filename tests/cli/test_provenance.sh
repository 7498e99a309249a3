# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Where kernels and programs come from, in the store, the table, the comparison; kernels by roles.

# A kernel of one's own that is stock's: own_kernel FOLDER
own_kernel() {
	local stock
	stock=$("$root/guest/kernel/build.sh" --print stock) || fail 'stock is not built'
	mkdir -p "$1"
	cp "$stock/vmlinux" "$stock/System.map" "$stock/config" "$1"
}

# Points that a loaded machine has time for: patient FILE REPEAT
patient() {
	small "$1" "$2" 'page_fault1 -t 1 --passes 1 --latency @latency@'
	sed -i '/^repeat/a timeout = 10m' "$1"
}

two_kernels() {
	patient "$1" 1
	sed -i 's/^kernel.*/kernel = stock, patched/' "$1"
	cat >>"$1" <<-'EOF'
	[claim same]
	about = the changed kernel is no slower
	metric = fault_latency_p50
	of = kernel=patched
	holds = <= 1.001 x
	against = kernel=stock
	EOF
}

test_provenance_of_kernels() {
	own_kernel 'a tree/changed'
	sed -i 's/^CONFIG_SWAP=y/# CONFIG_SWAP is not set/; $a CONFIG_NEW=y' 'a tree/changed/config'
	two_kernels exp.ini
	expect 0 faultline run exp.ini -k "stock,$PWD/a tree/changed/vmlinux" --clock instructions
	grep -q "^kernel *changed fills the role patched: $PWD/a tree/changed/vmlinux" out || fail "$(cat out)"
	expect 0 faultline show latest --all
	grep -q '^as booted  changed ' out || fail "$(cat out)"
	grep -q '^  holds  *the changed kernel' out || fail "$(cat out)"
	expect 0 faultline show latest --format json
	jq -e --arg hash "$(sha256sum <'a tree/changed/vmlinux' | cut -d' ' -f1)" \
		--arg usemem "$(sha256sum <"$(dirname "$(command -v faultline)")/workloads/usemem" | cut -d' ' -f1)" '
		.roles == {stock: "stock", patched: "changed"} and
		(.points[] | select(.kernel == "changed")) as $p | .builds[$p.build] as $b |
		$b.file_hash == $hash and $b.commit == null and $b.series == null and
		($b.config_hash | length) == 64 and
		.images[$p.image].programs["/bin/usemem"] == $usemem and ($p.qemu | startswith("QEMU"))' \
		out >/dev/null || fail "$(jq -c '.roles, .builds' out)"
	jq -e '(.points[] | select(.kernel == "stock")) as $p | .builds[$p.build] |
		.name == "stock" and .series == "" and .fragments == "config.fragment" and
		(.base | startswith("6."))' out >/dev/null || fail "$(jq -c .builds out)"
	for format in table markdown json; do
		try faultline compare latest --format $format
		grep -q 'differ in what both kernels know (1): SWAP: y, n' out || fail "$format: $(cat out)"
		grep -q 'options that only B has: NEW=y' out || fail "$format: $(cat out)"
	done
	expect 0 faultline show latest --point 2
	grep -q '^built  *config_hash ' out || fail "$(cat out)"
}

test_provenance_resume_wants_the_same_kernel() {
	own_kernel mine
	patient exp.ini 2
	expect 0 faultline run exp.ini -k mine/vmlinux --clock instructions
	sqlite3 results/faultline.db 'PRAGMA foreign_keys = ON; DELETE FROM point WHERE number = 2'
	echo 'another build' >>mine/vmlinux
	usage 'kernel mine .*is not the kernel of the points' faultline run --resume latest
	cp "$("$root/guest/kernel/build.sh" --print stock)/vmlinux" mine/vmlinux
	expect 0 faultline run --resume latest
}

test_provenance_same_kernel_twice() {
	own_kernel mine
	ln -s mine other
	small exp.ini
	usage 'kernels mine and b are the same file' faultline run exp.ini -k "mine/vmlinux,b=other/vmlinux"
	usage 'is given twice' faultline run exp.ini -k stock,stock
	usage 'two kernels are called a' faultline run exp.ini -k a=mine/vmlinux,a=stock
}

# A file of an older Faultline is read, and says that it does not know.
test_provenance_of_an_old_run() {
	mkdir results
	sqlite3 results/faultline.db <"$root/tests/unit/store/schema-3.sql"
	expect 0 faultline show latest --point 1
	grep -q '^built  *unknown' out || fail "$(cat out)"
	expect 0 faultline show latest --format json
	jq -e '.points[0].build == null and .builds == [] and .roles == {}' out >/dev/null || fail "$(head -c 900 out)"
}

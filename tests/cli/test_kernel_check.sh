# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# Kernels that are not ours: what is said of them, and what becomes of a run.

# stock in the folder mine, with this test's own words of its configuration: other_kernel SED-SCRIPT
other_kernel() {
	local stock
	stock=$("$root/guest/kernel/build.sh" --print stock) || fail 'stock is not built'
	mkdir -p mine
	cp "$stock/vmlinux" mine/
	sed "$1" "$stock/config" >mine/config
}

test_kernel_check_says_what_a_kernel_is() {
	other_kernel ''
	echo 'ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package' >mine/System.map
	expect 0 faultline kernel check mine
	grep -qx 'kind       vmlinux' out || fail "$(cat out)"
	grep -qx 'release    6.12[.0-9]*' out || fail "$(cat out)"
	grep -q '^System.map a stub' out || fail "$(cat out)"
	grep -qx 'boots      as microvm and as q35' out || fail "$(cat out)"
	grep -qE '^thp.enabled +has ' out || fail "$(cat out)"
}

test_kernel_that_lacks_options() {
	other_kernel 's/^CONFIG_VIRTIO_CONSOLE=y/CONFIG_VIRTIO_CONSOLE=m/; /^CONFIG_VIRTIO_PCI=/d'
	expect 1 faultline kernel check mine
	grep -qx 'boots      not as microvm: it lacks VIRTIO_CONSOLE (a module that is not there)' out || fail "$(cat out)"
	grep -qx '           not as q35: it lacks VIRTIO_CONSOLE (a module that is not there), VIRTIO_PCI' out || fail "$(cat out)"
	small exp.ini
	expect 2 faultline run exp.ini -k mine
	[ "$(wc -l <err)" = 1 ] || fail "not one line: $(cat err)"
	grep -q 'kernel mine cannot boot as a guest of machine .*: it lacks VIRTIO_CONSOLE (a module that is not there)' err || fail "$(cat err)"
}

# A distribution's kernel has no virtio-mmio on the command line: its guests, and those beside it, are q35.
test_kernel_for_q35_only() {
	other_kernel '/^CONFIG_VIRTIO_MMIO_CMDLINE_DEVICES=/d'
	echo 'ffffffffffffffff B The real System.map is in the linux-image-<version>-dbg package' >mine/System.map
	small exp.ini
	expect 0 faultline run exp.ini -k mine,stock --clock instructions
	grep -q 'machine q35: kernel mine lacks VIRTIO_MMIO_CMDLINE_DEVICES for a microvm' err || fail "$(cat err)"
	[ "$(grep -c machine err)" = 1 ] || fail "$(cat err)"
	[ "$(points)" = 2 ] || fail "$(points) points"
	! grep -q 'without the guest' err || fail "$(cat err)"
}

# Debian's cloud kernel has its drivers as modules: they go along, from the package or from where it was unpacked.
test_kernel_of_a_distribution() {
	local package
	package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: \(linux-image-\)/\1/p' | head -n 1)
	[ -n "$package" ] && apt-get download "$package" >apt.log 2>&1 || {
		echo "skip: apt cannot download linux-image-cloud-amd64: $(tail -n 1 apt.log 2>/dev/null)"
		return 0
	}
	mv linux-image-*.deb cloud.deb
	dpkg-deb -x cloud.deb unpacked
	expect 0 faultline kernel check "$(echo unpacked/boot/vmlinuz-*)"
	grep -q '^modules .*virtio_ring' out || fail "$(cat out)"
	grep -qE '^thp.enabled +has ' out || fail "$(cat out)"
	mv unpacked/lib away
	expect 1 faultline kernel check "$(echo unpacked/boot/vmlinuz-*)"
	grep -q 'VIRTIO_CONSOLE (a module that is not there)' out || fail "$(cat out)"
	small exp.ini
	expect 0 faultline run exp.ini -k cloud=cloud.deb,stock --clock instructions
	faultline show latest --format json | jq -e '[.points[].status] == ["ok", "ok"]' >/dev/null ||
		fail "$(faultline show latest)"
	faultline show latest --format json | jq -e '[.points[] | select(.kernel == "cloud") | .kernel_release] | .[0] | test("cloud")' \
		>/dev/null || fail "$(faultline show latest --format json | jq '.points[].kernel_release')"
}

test_kernel_package_without_a_kernel() {
	mkdir -p p/DEBIAN
	printf '%s\n' 'Package: empty' 'Version: 1' 'Architecture: all' 'Maintainer: x <x@x>' 'Description: x' >p/DEBIAN/control
	dpkg-deb -b p empty.deb >/dev/null
	expect 2 faultline kernel check empty.deb
	grep -q 'empty.deb: no boot/vmlinuz in it' err || fail "$(cat err)"
	echo no >broken.deb
	expect 2 faultline kernel check broken.deb
	[ "$(wc -l <err)" = 1 ] || fail "$(cat err)"
}

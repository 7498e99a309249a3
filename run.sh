#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# ./run.sh                 set up what is missing, then the quick form of bench/thp-threshold.ini
# ./run.sh test            set up what is missing, then every test
# ./run.sh COMMAND [ARG..] set up what COMMAND needs, then build/faultline COMMAND [ARG..]
set -eu

# No $(...) around a path of ours: it would take newlines off its end.
here=${BASH_SOURCE[0]%/*}
[ "${here#/}" != "$here" ] || here=$PWD/$here

# Debian package | what it is for
# shellcheck disable=SC2016 # the words of ours that stand in backquotes are no commands
build_packages='
gcc               |compiles the harness, the workloads and the guest kernel
make              |builds everything
libc6-dev         |headers and the static libc of the workloads
pkg-config        |finds the libraries below
libjansson-dev    |JSON: QMP and `show --format json`
libsqlite3-dev    |the results file
libmd-dev         |SHA-256 of kernels and programs
zlib1g-dev        |the configuration inside a kernel
libhwloc-dev      |topology and binding
libnuma-dev       |memory policies of memhog'
run_packages='
qemu-system-x86   |runs the guests
busybox-static    |the shell inside a guest
gnuplot-nox       |plots
stress-ng         |memory pressure inside a guest'
kernel_packages='
flex              |kernel configuration
bison             |kernel configuration
bc                |kernel time constants
libelf-dev        |objtool, part of a kernel build
xz-utils          |unpacks the kernel source
patch             |applies our kernel series
perl              |kernel build scripts'
bisect_packages='
git               |walks the kernel tree'
test_packages='
libcriterion-dev  |unit tests
clang             |second compiler, fuzz targets
libclang-rt-dev   |sanitizer and fuzzer runtime of clang
clang-format      |layout check
libfreetype-dev   |tests measure the texts of plots
fonts-dejavu-core |... with the font that they are drawn in
chromium          |the browser that looks at the report page
numactl           |memhog peer of the benchmarks
zstd              |unit tests compress a kernel module
jq                |CLI tests read the JSON output
libxml2-utils     |CLI tests check XML with xmllint
shellcheck        |quoting in scripts
sqlite3           |CLI tests look into the results file'

say() { printf '%s\n' "run.sh: $*" >&2; }

names() { sed -n 's/^\([^ |]\{1,\}\) *|.*/\1/p'; }

# shellcheck disable=SC2016 # dpkg-query reads ${...} itself
missing() {
	local p
	for p in $(printf '%s\n' "$@" | names); do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || printf '%s\n' "$p"
	done
}

# Runs apt-get; while another program holds one of its locks, waits and says so, once.
apt_get() {
	local log=$1 tries=0
	shift
	until "${sudo[@]}" env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get "$@" >"$log" 2>&1; do
		grep -qE '^E: (Could not get|Unable to (lock|acquire))' "$log" || return 1
		[ "$((tries += 1))" != 1 ] ||
			say "apt is in use by another program: waiting for it ($(sed -n 's/^E: //p' "$log" | head -n 1))"
		[ "$tries" -lt 300 ] || return 1
		sleep 2
	done
}

need_packages() {
	local list log sudo=()
	mapfile -t list < <(missing "$@")
	[ "${#list[@]}" -gt 0 ] || return 0
	if [ "$(id -u)" != 0 ]; then
		if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
			sudo=(sudo)
		else
			say "missing packages; as root: apt-get install --no-install-recommends ${list[*]}"
			exit 3
		fi
	fi
	say "installing ${list[*]}"
	log=$(mktemp)
	if ! { apt_get "$log" update && apt_get "$log" install -y --no-install-recommends "${list[@]}"; }; then
		tail -n 5 "$log" >&2
		say "apt-get could not install ${list[*]} (log: $log)"
		exit 3
	fi
	rm -f "$log"
}

# Names of the program's commands and what each is for, from their sources: no program is needed.
commands() {
	sed -n '/^const struct fl_command fl_cmd_/,/^}/{s/^\t\.name = "\(.*\)",$/\1/p;s/^\t\.summary = "\(.*\)",$/\t\1/p;}' \
		"$here"/harness/cli/cmd_*.c | paste - - | sed 's/\t\t*/|/'
}

usage() {
	local name about
	printf '%s\n' 'run.sh                   set up what is missing, then run thp-threshold --quick' \
		'run.sh test              set up what is missing, then run every test' \
		'run.sh COMMAND [ARG...]  set up what COMMAND needs, then run it' ''
	commands | while IFS='|' read -r name about; do
		printf '  %-8s  %s\n' "$name" "$about"
	done
	printf '%s\n' '' 'run.sh COMMAND -h explains one.'
}

# What is answered without a package, a kernel or a build.
answer() {
	case ${1:-} in
	-h|--help) usage ;;
	--version) printf 'faultline %s\n' "$(git -C "$here" describe --always --dirty 2>/dev/null || echo unknown)" ;;
	''|test|--color*) return ;;
	*)
		[ -e "$here/harness/cli/cmd_run.c" ] || return 0 # an installation without sources
		! commands | cut -d'|' -f1 | grep -qxF -- "$1" || return 0
		if [ -x "$here/build/faultline" ]; then
			exec "$here/build/faultline" "$@"
		fi
		say "unknown command \"$1\": one of test $(commands | cut -d'|' -f1 | xargs)"
		exit 2 ;;
	esac
	exit 0
}

wants_help() {
	local word
	for word; do
		case $word in
		-h|--help) return 0 ;;
		--) return 1 ;;
		esac
	done
	return 1
}

need_program() {
	make -s -C "$here" -j"$(nproc)" all || { say "the build failed: make -C $here"; exit 3; }
}

need_selftests() {
	[ -d "${FAULTLINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/faultline}/selftests/current" ] ||
		"$here/guest/kernel/selftests.sh" >/dev/null
}

need_kernel() {
	"$here/guest/kernel/build.sh" --print "$1" >/dev/null 2>&1 && return 0
	"$here/guest/kernel/build.sh" "$1" >/dev/null
}

# Builds those of our kernels that a run of these arguments boots; what is wrong with them, the run says.
need_planned() {
	local kernel
	for kernel in $("$here/build/faultline" "$@" --dry-run -v 2>/dev/null |
		awk '$1 ~ /^[0-9]+$/ && $3 == "repeat" && !seen[$2]++ { print $2 }' |
		grep -Ex "($("$here/guest/kernel/build.sh" --names | paste -sd '|'))(@[0-9.]+)?"); do
		need_kernel "$kernel"
	done
}

# Of nightly's arguments those that are experiments; its own is called nightly, too.
need_nightly() {
	local word
	need_planned run nightly
	for word; do
		case $word in -*) ;; *) need_planned run "$word" ;; esac
	done
}

need_guest() {
	case " $* " in
	*" -h "*|*" --help "*|*" --target host "*|*" --target=host "*) return ;;
	esac
	case $1 in
	run) need_planned "$@" ;;
	nightly) need_nightly "${@:2}" ;;
	shell) need_kernel stock ;;
	esac
	case " $* " in *" conformance"*|*"selftests/"*|*"/conformance.ini"*) need_selftests ;; esac
}

main() {
	local command=${1:-} kernel
	answer "$@"
	! wants_help "$@" || command=help
	case $command in
	test)
		need_packages "$build_packages" "$run_packages" "$kernel_packages" "$test_packages"
		for kernel in stock planted-slow planted-leak planted-nocollapse planted-step planted-wrong planted-deaf \
			planted-watched planted-half patched patched-debug planted-promote-race planted-collapse-race \
			${FAULTLINE_LONG:+planted-behind}; do
			need_kernel "$kernel"
		done
		need_selftests
		exec make -s -C "$here" test ;;
	'')
		need_packages "$build_packages" "$run_packages" "$kernel_packages"
		need_kernel stock
		need_kernel patched
		need_program
		set -- run thp-threshold --quick ;;
	run|shell|nightly)
		need_packages "$build_packages" "$run_packages" "$kernel_packages"
		need_program
		need_guest "$@" ;;
	bisect)
		need_packages "$build_packages" "$run_packages" "$kernel_packages" "$bisect_packages"
		need_program ;;
	kernel)
		need_packages "$build_packages" "$kernel_packages"
		need_program ;;
	plot|report)
		need_packages "$build_packages" "$run_packages"
		need_program ;;
	*)
		need_packages "$build_packages"
		need_program ;;
	esac
	exec "$here/build/faultline" "$@"
}

main "$@"

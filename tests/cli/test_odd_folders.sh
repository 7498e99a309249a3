# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# A clone lies in a folder of any name: it finds its kernels, programs, profile and plots there, and
# no part of the name is run.

# One a line: marks of the shell, of make, of xargs, of QEMU's options, of gnuplot, of LD_PRELOAD.
# shellcheck disable=SC2016
odd_folders=(
	"it's"' "two" words\'
	$'a,b=c\nd\n'
	"x'\$(touch P)'"
	'x"$(touch P)"`touch P`;touch P;&|<>(b)'
	'-rf -- a:b $HOME *?[a-z]{b,c} %s %n #1 grün'
)

# clone FOLDER: what a clone has once it is built.
clone() {
	mkdir -p "$1/build/workloads" "$1/guest"
	cp -r "$root/bench" "$root/Makefile" "$root/run.sh" "$1/"
	cp -r "$root/guest/kernel" "$1/guest/"
	cp "$root/build/faultline" "$root/build/agent" "$root"/build/*.so "$1/build/"
	find "$root/build/workloads" -maxdepth 1 -type f -perm -u+x -exec cp -t "$1/build/workloads" {} +
}

# in_folder: all that depends on where it lies; the folder is the one that we are in.
in_folder() {
	local here=$PWD kernel run
	kernel=$(guest/kernel/build.sh --print stock) || fail "$here: build.sh finds no kernel"
	[ "$kernel" = "$stock" ] || fail "$here: $kernel is not $stock"
	small exp.ini
	printf '[settings]\nhost.madvise = free\n' >>exp.ini
	expect 0 build/faultline kernel list
	grep -qF "$stock" out || fail "$here: kernel list: $(cat out)"
	expect 0 build/faultline run exp.ini --clock instructions
	run=$(sed -n 's/.*"run": "\([^"]*\)".*/\1/p' <(build/faultline show latest --format json))
	build/faultline show latest --format json >json
	jq -e '.points[0] | .status == "ok" and (.metrics | has("fault_path"))' json >/dev/null ||
		fail "$here: $(jq -c '.points[0] | [.status, .reason, (.metrics | length)]' json)"
	[ -n "$run" ] && ls "results/$run"/plots/*.svg >/dev/null || fail "$here: no plots: $(cat err)"
	expect 0 build/faultline run --resume latest
	[ -z "$(find . -name P)" ] || fail "$here: a part of the name was run"
}

# stub NAME COMMANDS: a program on PATH, in front of the real one.
stub() {
	mkdir -p bin
	printf '#!/bin/bash\n%s\n' "$2" >"bin/$1"
	chmod +x "bin/$1"
}

# From another folder, by run.sh's path: make is told the right folder, and the program runs.
test_odd_folders_run_sh() {
	local folder
	stub dpkg-query 'echo installed'
	stub make 'printf "%s\0" "$@" >"$MADE"'
	for folder in "${odd_folders[@]}"; do
		clone "./$folder"
		MADE=$PWD/made PATH=$PWD/bin:$PATH expect 0 "$PWD/$folder/run.sh" kernel list
		grep -qE '^ *stock ' out || fail "$folder: $(cat out)"
		tr '\0' '\n' <made | grep -zqF -- "$PWD/$folder" || fail "$folder: make $(tr '\0' ' ' <made)"
		[ -z "$(find . -name P)" ] || fail "$folder: a part of the name was run"
	done
}

# A lock of apt is waited for, and a line says so; another failure ends it at once.
test_run_sh_waits_for_apt() {
	stub dpkg-query '[ -e installed ] && echo installed'
	stub id 'echo 0'
	stub sleep :
	stub make :
	stub apt-get 'echo "$*" >>asked
[ "$(wc -l <asked)" -gt 2 ] || { echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process 7 (apt-get)" >&2; exit 100; }
[ "$1" = update ] || touch installed'
	PATH=$PWD/bin:$PATH expect 0 "$root/run.sh" kernel list
	[ "$(grep -c 'waiting for it.*held by process 7' err)" = 1 ] || fail "$(cat err)"
	[ "$(grep -c '^update' asked)" = 3 ] || fail "$(cat asked)"
	rm installed asked
	stub apt-get 'echo "$*" >>asked; echo "E: Unable to locate package jq"; exit 100'
	PATH=$PWD/bin:$PATH expect 3 "$root/run.sh" kernel list
	[ "$(wc -l <asked)" = 1 ] || fail "$(cat asked)"
	grep -q 'Unable to locate' err || fail "$(cat err)"
}

# Help, the version and a typo need no package, and no build.
test_run_sh_answers_first() {
	local script
	stub dpkg-query :
	stub id 'echo 0'
	stub apt-get 'echo "$*" >>asked; exit 100'
	stub make 'echo "$*" >>asked; exit 2'
	mkdir unbuilt
	cp "$root/run.sh" unbuilt/
	ln -s "$root/harness" unbuilt/harness
	for script in "$root/run.sh" unbuilt/run.sh; do
		PATH=$PWD/bin:$PATH expect 0 "$script" --help
		for command in $(faultline help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p'); do
			grep -q "^  $command  *[a-z]" out || fail "$script --help: no $command"
		done
		PATH=$PWD/bin:$PATH expect 0 "$script" --version
		grep -q '^faultline ' out || fail "$(cat out)"
		PATH=$PWD/bin:$PATH usage 'unknown command "rnu"' "$script" rnu
		[ ! -e asked ] || fail "$script asked: $(cat asked)"
	done
	PATH=$PWD/bin:$PATH expect 3 unbuilt/run.sh run --help
	[ -e asked ] || fail 'the stubs see nothing'
}

test_odd_folders() {
	local folder root_folder=$PWD stock
	unset FAULTLINE_RESULTS
	stock=$("$root/guest/kernel/build.sh" --print stock)
	for folder in "${odd_folders[@]}"; do
		clone "$root_folder/$folder"
		cd "$root_folder/$folder"
		in_folder
		cd "$root_folder"
		[ -z "$(find . -name P)" ] || fail "$folder: a part of the name was run"
		rm -rf "./$folder"
	done
}

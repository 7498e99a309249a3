# shellcheck shell=bash disable=SC2154
# SPDX-License-Identifier: GPL-2.0
# The kernels that have a name, and what each is made of.

# NAME | config fragments | folders of patches, in order
kernels='
stock              | config.fragment |
patched            | config.fragment | reserve balloon hinting
stock-distro       | config.fragment distro.fragment |
patched-distro     | config.fragment distro.fragment | reserve balloon hinting
stock-debug        | config.fragment debug.fragment |
patched-debug      | config.fragment debug.fragment hinting.fragment | reserve balloon hinting
patched-kasan      | config.fragment kasan.fragment hinting.fragment | reserve balloon hinting
stock-kasan        | config.fragment kasan.fragment |
stock-kcsan        | config.fragment kcsan.fragment |
patched-kcsan      | config.fragment kcsan.fragment | reserve balloon hinting
reserve            | config.fragment | reserve
balloon            | config.fragment | balloon
hinting            | config.fragment | hinting
planted-slow       | config.fragment | planted/slow
planted-leak       | config.fragment | planted/leak
planted-nocollapse | config.fragment | planted/nocollapse
planted-step       | config.fragment | planted/step
planted-wrong      | config.fragment | planted/wrong
planted-deaf       | config.fragment | planted/deaf
planted-half       | config.fragment | planted/half
planted-watched    | config.fragment | planted/watched
planted-promote-race | config.fragment | reserve planted/promote-race
planted-collapse-race | config.fragment | planted/collapse-race
planted-behind     | config.fragment hinting.fragment behind.fragment | hinting
'

# field KERNEL N: KERNEL is NAME or NAME@BASE.
field() {
	printf '%s' "$kernels" | awk -F'|' -v n="${1%@*}" -v f="$2" '{ gsub(/[ \t]+$/, "", $1) } $1 == n { print $f }'
}

names() { printf '%s' "$kernels" | awk -F'|' 'NF > 1 { gsub(/[ \t]/, "", $1); print $1 }'; }

known() { [ -n "$(field "$1" 2)" ] || die 2 "no kernel $1: one of $(names | tr '\n' ' ')"; }

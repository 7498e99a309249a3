#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Every check in this folder that needs no guest: each prints what is wrong and exits non-zero.
set -u
cd "$(dirname "$0")/../.."
passed=0
failed=0
for check in tests/check/*.sh; do
	case $check in */check.sh | */tidy.sh) continue ;; esac
	if bash "$check"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not ok $check"
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

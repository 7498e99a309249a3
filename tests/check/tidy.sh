#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# clang-tidy (function size, cognitive complexity, bugprone) and cppcheck over all C files.
set -u
cd "$(dirname "$0")/../.."
status=0
files=$(git ls-files '*.c' | grep -v '^tests/')
clang-tidy --quiet $files -- -std=gnu17 -D_GNU_SOURCE -I. -Iworkloads || status=1
# cppcheck does not know __attribute__((cleanup)).
cppcheck --quiet --suppress=resourceLeak --enable=warning,portability --inline-suppr --error-exitcode=1 -I. -Iworkloads \
	-D_GNU_SOURCE harness workloads guest/agent || status=1
exit "$status"

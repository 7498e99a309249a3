#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Scripts quote what they hand on: shellcheck finds nothing, where it is installed.
set -u
cd "$(dirname "$0")/../.." || exit 1
command -v shellcheck >/dev/null || { echo "shellcheck is not installed: scripts are not looked at"; exit 0; }
shellcheck run.sh guest/kernel/*.sh guest/kernel/lib/*.sh bench/*.sh

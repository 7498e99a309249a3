#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0
# Includes point down only: a room of harness/ names no room above its own floor.
set -u
cd "$(dirname "$0")/../.."
floors='base wire stats experiment guest collect store judge run report try cli'

grep -HnE '^#include "harness/' harness/*/*.c harness/*/*.h |
	awk -F'[/:"]' -v floors="$floors" '
	BEGIN {
		n = split(floors, name, " ")
		for (i = 1; i <= n; i++)
			floor[name[i]] = i
	}
	{
		from = $2; to = $7; line = $4
		if (!(from in floor)) {
			print "harness/" from ": a room that tests/check/floors.sh does not know"; bad = 1
		} else if (!(to in floor)) {
			print "harness/" from "/" $3 ":" line ": includes the unknown room " to; bad = 1
		} else if (floor[to] > floor[from]) {
			print "harness/" from "/" $3 ":" line ": " from " is below " to ", which it includes"; bad = 1
		}
	}
	END { exit bad }' || exit 1

# report reads the store and knows of no guest; a workload and the agent know of no harness.
bad=0
grep -HnE '^#include "harness/(run|guest)/' harness/report/*.[ch] harness/store/*.[ch] 2>/dev/null && bad=1
grep -HnE '^#include "harness/' workloads/*.c workloads/lib/*.[ch] && bad=1
grep -HnE '^#include "harness/' guest/agent/*.[ch] | grep -v '"harness/wire/' && bad=1
exit "$bad"

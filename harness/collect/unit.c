/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/collect/collect.h"

/*
 * Under the instruction clock one guest nanosecond is one instruction, so a
 * rate per second is one per 1e9 instructions.
 */
const char *fl_unit_name(enum fl_unit unit, enum fl_timebase base)
{
	static const char *const timed[][4] = {
		[FL_UNIT_NS] = { "ns", "ns-tcg", "insn", "ns-tcg-multi" },
		[FL_UNIT_US] = { "us", "us-tcg", "kinsn", "us-tcg-multi" },
		[FL_UNIT_PER_S] = { "1/s", "1/s-tcg", "1/Ginsn", "1/s-tcg-multi" },
		[FL_UNIT_MS_PER_GB] = { "ms/GB", "ms-tcg/GB", "Minsn/GB", "ms-tcg-multi/GB" },
	};

	switch (unit) {
	case FL_UNIT_KIB:
		return "KiB";
	case FL_UNIT_COUNT:
		return "count";
	case FL_UNIT_PERCENT:
		return "%";
	case FL_UNIT_RATIO:
		return "ratio";
	case FL_UNIT_HOST_NS:
		return "ns-host";
	case FL_UNIT_OWN:
		return "";
	default:
		return timed[unit][base];
	}
}

bool fl_unit_is_timed(enum fl_unit unit)
{
	return unit == FL_UNIT_NS || unit == FL_UNIT_PER_S || unit == FL_UNIT_US ||
	       unit == FL_UNIT_MS_PER_GB;
}

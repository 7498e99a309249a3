/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_CONFIG_DIFF_H
#define FL_JUDGE_CONFIG_DIFF_H

#include "harness/base/strv.h"

/*
 * Two configurations, lines CONFIG_X=... and "# CONFIG_X is not set".  An option that only one of
 * them has may be new in that kernel; one that both have with different values was set differently.
 * What names the toolchain or the build (CONFIG_CC_*, CONFIG_LOCALVERSION) is left out.
 */
struct fl_config_diff {
	struct fl_strv chosen;         /* "NUMA: y, n" */
	struct fl_strv only_a, only_b; /* "NUMA=y" */
};

void fl_config_diff(struct fl_config_diff *d, const char *a, const char *b);
void fl_config_diff_release(struct fl_config_diff *d);

#endif

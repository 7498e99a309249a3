/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_JUDGE_SELECTION_H
#define FL_JUDGE_SELECTION_H

#include "harness/store/store.h"

/*
 * A side of a comparison: "RUN" or "RUN@KEY=VALUE,KEY=VALUE...", where KEY is
 * "kernel", "workload" or a setting, and only points that agree are taken.  So
 * two kernels, or two values of a setting, of one interleaved run are compared:
 *   latest@kernel=stock  latest@kernel=patched
 */
struct fl_selection {
	int64_t run;
	struct fl_strv keys, values;
};

/* 0, or -1 (FL_USAGE) with the mend. */
int fl_selection_parse(struct fl_selection *s, struct fl_store *store, const char *text,
		       struct fl_error *err);
struct fl_summary;
/* 0, or -1 (FL_USAGE): a key is neither of those nor a setting of any of the run's points. */
int fl_selection_check(const struct fl_selection *s, const struct fl_summary *run,
		       struct fl_error *err);
void fl_selection_release(struct fl_selection *s);

bool fl_selection_takes(const struct fl_selection *s, const struct fl_stored_point *p);
bool fl_selection_names(const struct fl_selection *s, const char *key);

#endif

/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TRY_STAGES_H
#define FL_TRY_STAGES_H

#include "harness/store/store.h"
#include "harness/try/try.h"

/* A stage of a try: 0 the next may come, 1 it ends here, -1 with err. */
int fl_try_boot(struct fl_try *t, struct fl_error *err);
int fl_try_test(struct fl_try *t, struct fl_error *err);
int fl_try_race(struct fl_try *t, struct fl_error *err);
int fl_try_cost(struct fl_try *t, struct fl_error *err);
int fl_try_kasan(struct fl_try *t, struct fl_error *err);
int fl_try_time(struct fl_try *t, struct fl_error *err);
int fl_try_extra(struct fl_try *t, struct fl_error *err);

/* The costs of the base. */
int fl_try_measure_base(struct fl_try *t, struct fl_error *err);

/* Runs an experiment of `kernels` ("patch=PATH"), and notes the run and its seconds. */
struct fl_try_order {
	enum fl_try_name stage;
	const char *experiment;
	struct fl_strv kernels, settings, workloads;
	unsigned int repeat; /* 0: the file's */
	bool quick;
	bool real; /* by the real clock, whatever the file says */
};
#define FL_TRY_ORDER(name, ...)              \
	{                                    \
		.stage = (name), __VA_ARGS__ \
	}
int fl_try_measure(struct fl_try *t, struct fl_try_order *order, char **run, struct fl_error *err);
/* The same of the base, but for its kernel: an earlier run where all is as it was. */
int fl_try_base(struct fl_try *t, struct fl_try_order *order, char **run, struct fl_error *err);
void fl_try_order_release(struct fl_try_order *order);
struct fl_run_options fl_try_run_options(const struct fl_try_order *order);

/* Ends the stage where points of its run, on the patched kernel, did not end well. */
int fl_try_look(struct fl_try *t, enum fl_try_name stage, size_t *bad, size_t *good,
		struct fl_error *err);

#define FL_TRY_BASE "base"
#define FL_TRY_PATCH "patch"
void fl_try_add_kernel(const struct fl_try *t, struct fl_strv *kernels, bool patched);

#endif

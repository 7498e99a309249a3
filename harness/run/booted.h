/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_BOOTED_H
#define FL_RUN_BOOTED_H

#include "harness/base/build.h"
#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/experiment/plan.h"
#include "harness/store/store.h"

/* What the guests of a run boot: kernels, and the image of programs.  Zero-initialise. */
struct fl_booted {
	struct fl_strv kernels, paths; /* names of the plan and files, side by side */
	char *image;
	/* where they come from, after fl_booted_trace() */
	struct fl_build *builds; /* of each kernel; NULL: not looked for */
	struct fl_image_facts facts;
	char *qemu;
};

/* The kernels of the plan; FL_USAGE where one is not there, or is there twice. */
int fl_booted_find(struct fl_booted *b, const struct fl_experiment *e, const struct fl_plan *plan,
		   struct fl_error *err);
/* The image with all that the experiment's commands name. */
int fl_booted_image(struct fl_booted *b, const struct fl_experiment *e, struct fl_error *err);
/* Reads where all of them come from. */
int fl_booted_trace(struct fl_booted *b, struct fl_error *err);
/* FL_USAGE where a kernel is another file than the one that points of this run booted. */
int fl_booted_check(const struct fl_booted *b, struct fl_store *s, int64_t run,
		    struct fl_error *err);
void fl_booted_release(struct fl_booted *b);

/* The file of a kernel of the plan, and its origin; NULL: it was not looked for. */
const char *fl_booted_path(const struct fl_booted *b, const char *kernel);
const struct fl_build *fl_booted_build(const struct fl_booted *b, const char *kernel);

#endif

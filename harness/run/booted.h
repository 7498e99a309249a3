/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_RUN_BOOTED_H
#define FL_RUN_BOOTED_H

#include "harness/base/build.h"
#include "harness/base/error.h"
#include "harness/base/strv.h"
#include "harness/experiment/plan.h"
#include "harness/guest/modules.h"
#include "harness/store/store.h"

/* What the guests of a run boot: kernels, and the image of programs.  Zero-initialise. */
struct fl_booted {
	struct fl_strv kernels, paths; /* names of the plan and files, side by side */
	struct fl_build *builds;       /* where each comes from; NULL: not looked for */
	struct fl_modules *modules;    /* what goes into the image of each */
	char *image;
	struct fl_image_facts facts;
	char *qemu;
};

/* Finds the kernels of the plan, and their origin; FL_USAGE if one is missing, or is the same as
 * another. */
int fl_booted_find(struct fl_booted *b, const struct fl_experiment *e, const struct fl_plan *plan,
		   struct fl_error *err);
/* Makes the image, with everything that the experiment's commands name and the drivers that the
 * kernels have as modules. */
int fl_booted_image(struct fl_booted *b, const struct fl_experiment *e, struct fl_error *err);
/* Can they boot?  If one lacks what a microvm needs and the experiment leaves the choice, all
 * points of the plan use q35.  FL_USAGE if one lacks what both need. */
int fl_booted_machine(struct fl_booted *b, struct fl_experiment *e, struct fl_plan *plan,
		      struct fl_error *err);
/* For a resumed run: FL_USAGE if a kernel's file has changed since earlier points booted it. */
int fl_booted_check(const struct fl_booted *b, struct fl_store *s, int64_t run,
		    struct fl_error *err);
void fl_booted_release(struct fl_booted *b);

/* The file of a kernel of the plan, and its origin; NULL: it was not looked for. */
const char *fl_booted_path(const struct fl_booted *b, const char *kernel);
const struct fl_build *fl_booted_build(const struct fl_booted *b, const char *kernel);

#endif

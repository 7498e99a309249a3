/* SPDX-License-Identifier: GPL-2.0 */
#ifndef FL_TRY_TRY_H
#define FL_TRY_TRY_H

#include <stdbool.h>

#include "harness/judge/comparison.h"
#include "harness/run/run.h"
#include "harness/try/changes.h"
#include "harness/try/patches.h"

/*
 * A change on a base kernel, from its patches to a verdict.  Each stage leaves its answer; the
 * first that fails is the last one, except that all costs are measured.
 */
enum fl_try_name {
	FL_TRY_BUILDS, /* the patches apply, and the kernel builds */
	FL_TRY_BOOTS,
	FL_TRY_TESTS, /* the mm selftests, case by case as on the base */
	FL_TRY_RACES, /* of the operations whose functions the patch touches */
	FL_TRY_KASAN,
	FL_TRY_COST, /* by the instruction clock, and what memory it takes */
	FL_TRY_TIME, /* real time */
	FL_TRY_STAGES,
};

enum fl_try_state {                  /* the worst last */
		    FL_TRY_LEFT_OUT, /* its text says why */
		    FL_TRY_GOOD,
		    FL_TRY_UNKNOWN, /* it could not be measured: the base fails, too */
		    FL_TRY_WORSE,   /* something costs more */
		    FL_TRY_BROKEN,
};

struct fl_try_stage {
	enum fl_try_state state;
	char *text;           /* a sentence; NULL: the stage was not reached */
	struct fl_strv lines; /* evidence: a compiler's errors, a console */
	char *run;            /* of the store, or NULL */
	double seconds;
};

struct fl_try_options {
	const char *base;           /* a kernel's name: "stock", "stock@7.3" */
	struct fl_strv experiments; /* -x */
	struct fl_rules rules;      /* from where on a change counts */
	unsigned int jobs;          /* 0: as many as memory and cores hold */
	enum fl_loudness loudness;
	bool deep;
};

struct fl_try {
	const struct fl_try_options *options;
	const struct fl_patches *series;
	char *kernels[2];   /* vmlinux of the base, and of the base with the patch */
	char *base_release; /* "6.12.117", or NULL */
	bool identical;     /* they are the same file, byte for byte */
	char *base_run;     /* of the costs */
	struct fl_try_stage stages[FL_TRY_STAGES];
	bool compared;
	struct fl_comparison comparison; /* of the costs: base, patch */
	struct fl_try_changes changes;
	struct fl_strv extra; /* runs of -x */
};

extern const char *const fl_try_names[FL_TRY_STAGES];

/*
 * Builds, boots and measures.  0 whatever the patch does; -1 with err where the base does not build
 * or the machine lacks something, FL_EXIT_INTERRUPTED by a signal.  Release in any case.
 */
int fl_try(struct fl_try *t, const struct fl_patches *series, const struct fl_try_options *options,
	   struct fl_error *err);
void fl_try_release(struct fl_try *t);

/* The worst of its stages. */
enum fl_try_state fl_try_verdict(const struct fl_try *t);

/* --- its parts --- */

/* A stage's end: its sentence, malloc'd, becomes the stage's. */
void fl_try_end(struct fl_try *t, enum fl_try_name stage, enum fl_try_state state, char *text);

#endif

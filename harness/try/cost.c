/* SPDX-License-Identifier: GPL-2.0 */
/* What the patch costs: the base's numbers, once for all patches on it, and the patch's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/try/evidence.h"
#include "harness/try/stages.h"

#define EXPERIMENT "try"

int fl_try_measure_base(struct fl_try *t, struct fl_error *err)
{
	struct fl_try_order order = FL_TRY_ORDER(FL_TRY_COST, .experiment = EXPERIMENT);

	return fl_try_base(t, &order, &t->base_run, err);
}

static int compare(struct fl_try *t, struct fl_error *err)
{
	struct fl_store *store;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_compare(&t->comparison, store, t->base_run, t->stages[FL_TRY_COST].run,
			 &t->options->rules, NULL, NULL, err);
	fl_store_close(store);
	t->compared = !bad;
	return bad;
}

/* Points of the patch that fail where the base's do not. */
static int judge_points(struct fl_try *t, struct fl_error *err)
{
	struct fl_try_stage *stage = &t->stages[FL_TRY_COST];
	struct fl_evidence of_base = { 0 }, of_patch = { 0 };
	int bad = fl_evidence_read(&of_base, t->base_run, FL_TRY_BASE, err) ||
		  fl_evidence_read(&of_patch, stage->run, FL_TRY_PATCH, err);

	if (!bad && of_base.bad) {
		fl_try_end(t, FL_TRY_COST, FL_TRY_UNKNOWN,
			   fl_asprintf("%zu points fail on the base, too: %s", of_base.bad,
				       of_base.text));
	} else if (!bad && of_patch.bad) {
		fl_try_end(t, FL_TRY_COST, FL_TRY_BROKEN,
			   fl_asprintf("%zu of %zu points failed; %s", of_patch.bad,
				       of_patch.bad + of_patch.good, of_patch.text));
		fl_strv_release(&stage->lines);
		stage->lines = of_patch.lines;
		of_patch.lines = (struct fl_strv){ 0 };
	}
	fl_evidence_release(&of_base);
	fl_evidence_release(&of_patch);
	return bad;
}

int fl_try_cost(struct fl_try *t, struct fl_error *err)
{
	struct fl_try_order order = FL_TRY_ORDER(FL_TRY_COST, .experiment = EXPERIMENT);
	struct fl_try_stage *stage = &t->stages[FL_TRY_COST];

	fl_try_add_kernel(t, &order.kernels, true);
	if (fl_try_measure(t, &order, &stage->run, err) || judge_points(t, err))
		return -1;
	if (stage->text)
		return 1;
	if (compare(t, err))
		return -1;
	fl_try_changes(&t->changes, &t->comparison, &t->options->rules);
	fl_try_end(t, FL_TRY_COST, t->changes.worse ? FL_TRY_WORSE : FL_TRY_GOOD,
		   fl_strdup("measured"));
	return 0;
}

/* --- real time, and what else is asked for --- */

int fl_try_time(struct fl_try *t, struct fl_error *err)
{
	struct fl_try_order order =
		FL_TRY_ORDER(FL_TRY_TIME, .experiment = EXPERIMENT, .repeat = 5, .real = true);
	struct fl_try_stage *stage = &t->stages[FL_TRY_TIME];
	cleanup_free char *a = NULL, *b = NULL;
	struct fl_comparison c = { 0 };
	struct fl_store *store;
	int bad;

	if (!t->options->deep) {
		fl_try_end(t, FL_TRY_TIME, FL_TRY_LEFT_OUT,
			   fl_strdup("not measured: --deep does, in real time"));
		return 0;
	}
	fl_try_add_kernel(t, &order.kernels, false);
	fl_try_add_kernel(t, &order.kernels, true);
	if (fl_try_measure(t, &order, &stage->run, err) || fl_store_open(&store, true, err))
		return -1;
	a = fl_asprintf("%s@kernel=%s", stage->run, FL_TRY_BASE);
	b = fl_asprintf("%s@kernel=%s", stage->run, FL_TRY_PATCH);
	bad = fl_compare(&c, store, a, b, &t->options->rules, NULL, NULL, err);
	fl_store_close(store);
	if (!bad) {
		bool emulated = !strncmp(c.b.run.timebase, "tcg", 3);

		fl_try_end(t, FL_TRY_TIME, c.counts[FL_WORSE] ? FL_TRY_WORSE : FL_TRY_GOOD,
			   fl_asprintf("%zu metrics worse, %zu better, %zu the same, %zu not to be "
				       "told, 5 boots a side%s",
				       c.counts[FL_WORSE], c.counts[FL_BETTER], c.counts[FL_SAME],
				       c.counts[FL_INCONCLUSIVE],
				       emulated ? "; emulated time, which is no hardware's" : ""));
	}
	fl_comparison_release(&c);
	return bad ? -1 : 0;
}

int fl_try_extra(struct fl_try *t, struct fl_error *err)
{
	for (size_t i = 0; i < t->options->experiments.n; i++) {
		struct fl_try_order order =
			FL_TRY_ORDER(FL_TRY_TIME, .experiment = t->options->experiments.v[i]);
		cleanup_free char *run = NULL;

		fl_try_add_kernel(t, &order.kernels, false);
		fl_try_add_kernel(t, &order.kernels, true);
		if (fl_try_measure(t, &order, &run, err))
			return fl_prefix(err, "-x %s", t->options->experiments.v[i]);
		fl_strv_push(&t->extra, run);
	}
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* How a stage measures; and the first ones: does it boot, does memory keep its contents? */
#include "harness/try/stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/clock.h"
#include "harness/base/interrupt.h"
#include "harness/judge/summary.h"
#include "harness/try/evidence.h"
#include "harness/try/operations.h"

#define RACE_SECONDS 24
#define RACE_SECONDS_MIN 4

void fl_try_add_kernel(const struct fl_try *t, struct fl_strv *kernels, bool patched)
{
	fl_strv_pushf(kernels, "%s=%s", patched ? FL_TRY_PATCH : FL_TRY_BASE, t->kernels[patched]);
}

struct fl_run_options fl_try_run_options(const struct fl_try_order *order)
{
	return (struct fl_run_options){
		.experiment = order->experiment,
		.kernels = order->kernels,
		.settings = order->settings,
		.workloads = order->workloads,
		.repeat = order->repeat,
		.quick = order->quick,
		.clock = order->real ? FL_CLOCK_REAL : -1,
	};
}

void fl_try_order_release(struct fl_try_order *order)
{
	fl_strv_release(&order->kernels);
	fl_strv_release(&order->settings);
	fl_strv_release(&order->workloads);
}

/* Did points hang, and nothing else fail?  That may be the machine's fault: measure once more. */
static int only_hung(const char *run, bool *hung, struct fl_error *err)
{
	struct fl_evidence e;
	int bad = fl_evidence_read(&e, run, NULL, err);

	*hung = !bad && e.bad && e.lost == e.bad;
	fl_evidence_release(&e);
	return bad;
}

static int measure_once(struct fl_try *t, const struct fl_try_order *order, char **run,
			struct fl_error *err)
{
	struct fl_run_options o = fl_try_run_options(order);
	struct fl_run_result result = { 0 };
	const uint64_t began = fl_now_ns();
	int bad;

	o.jobs = t->options->jobs;
	o.loudness = t->options->loudness;
	bad = fl_run(&o, &result, err);
	t->stages[order->stage].seconds += (double)(fl_now_ns() - began) / 1e9;
	if (bad)
		return -1;
	if (result.interrupted || fl_interrupted())
		return fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted; %s has what was measured",
			       result.name);
	free(*run);
	*run = fl_strdup(result.name);
	return 0;
}

int fl_try_measure(struct fl_try *t, struct fl_try_order *order, char **run, struct fl_error *err)
{
	bool hung = false;
	int bad = measure_once(t, order, run, err);

	/* A guest that hangs at boot was booted three times already. */
	if (!bad && order->stage != FL_TRY_BOOTS)
		bad = only_hung(*run, &hung, err);
	if (!bad && hung)
		bad = measure_once(t, order, run, err);
	fl_try_order_release(order);
	return bad ? -1 : 0;
}

void fl_try_end(struct fl_try *t, enum fl_try_name stage, enum fl_try_state state, char *text)
{
	free(t->stages[stage].text);
	t->stages[stage].state = state;
	t->stages[stage].text = text;
}

/* What went wrong in the stage's run, on the patched kernel; *bad: how many points. */
int fl_try_look(struct fl_try *t, enum fl_try_name stage, size_t *bad, size_t *good,
		struct fl_error *err)
{
	struct fl_try_stage *s = &t->stages[stage];
	struct fl_evidence e;
	int failed = fl_evidence_read(&e, s->run, FL_TRY_PATCH, err);

	*bad = e.bad;
	*good = e.good;
	if (!failed && e.bad) {
		fl_try_end(t, stage, FL_TRY_BROKEN, e.text);
		fl_strv_release(&s->lines);
		s->lines = e.lines;
		e = (struct fl_evidence){ 0 };
	}
	fl_evidence_release(&e);
	return failed;
}

int fl_try_boot(struct fl_try *t, struct fl_error *err)
{
	struct fl_try_order order = FL_TRY_ORDER(FL_TRY_BOOTS, .experiment = "try", .repeat = 1);
	size_t bad, good;

	fl_try_add_kernel(t, &order.kernels, true);
	fl_strv_push(&order.workloads, "verify --passes 2 --size 16m");
	fl_strv_push(&order.settings, "thp.enabled=always");
	if (fl_try_measure(t, &order, &t->stages[FL_TRY_BOOTS].run, err) ||
	    fl_try_look(t, FL_TRY_BOOTS, &bad, &good, err))
		return -1;
	if (bad)
		return 1;
	fl_try_end(t, FL_TRY_BOOTS, FL_TRY_GOOD, fl_strdup("yes"));
	return 0;
}

/* --- races --- */

static double sum_of(const struct fl_summary *s, const char *metric)
{
	double sum = 0;

	for (size_t i = 0; i < s->n_points; i++)
		for (size_t m = 0; m < s->points[i].n_metrics; m++)
			if (!strcmp(s->points[i].kernel, FL_TRY_PATCH) &&
			    !strcmp(s->points[i].metrics[m].name, metric))
				sum += s->points[i].metrics[m].value;
	return sum;
}

static int met_of(const struct fl_try *t, double *met, struct fl_error *err)
{
	struct fl_summary s = { 0 };
	struct fl_store *store;
	int64_t id;
	int failed;

	*met = 0;
	if (fl_store_open(&store, true, err))
		return -1;
	failed = fl_store_find_run(store, t->stages[FL_TRY_RACES].run, &id, err) ||
		 fl_summary_read(&s, store, id, err);
	if (!failed)
		*met = sum_of(&s, "rounds_met");
	fl_summary_release(&s);
	fl_store_close(store);
	return failed;
}

int fl_try_race(struct fl_try *t, struct fl_error *err)
{
	struct fl_try_order order = FL_TRY_ORDER(FL_TRY_RACES, .experiment = "races", .repeat = 1);
	struct fl_strv operations = { 0 };
	cleanup_free char *names = NULL;
	unsigned int seconds;
	size_t bad, good;
	double met;

	fl_try_operations(&operations, &t->series->diff);
	if (!operations.n) {
		fl_try_end(t, FL_TRY_RACES, FL_TRY_LEFT_OUT,
			   fl_strdup("not run: the patch touches no function of a memory operation "
				     "that races knows"));
		return 0;
	}
	names = fl_strv_join(&operations, ", ");
	seconds = RACE_SECONDS / (unsigned int)operations.n;
	seconds = t->options->deep             ? 10 * RACE_SECONDS
		  : seconds < RACE_SECONDS_MIN ? RACE_SECONDS_MIN
					       : seconds;
	fl_try_add_kernel(t, &order.kernels, true);
	fl_strv_push(&order.settings, "thp.enabled=always");
	fl_strv_push(&order.settings, "thp.promotion_threshold=1");
	fl_strv_push(&order.settings, "guest.stall=none");
	for (size_t i = 0; i < operations.n; i++)
		fl_strv_pushf(&order.workloads, "races --machine --with %s --seconds %u",
			      operations.v[i], seconds);
	fl_strv_release(&operations);
	if (fl_try_measure(t, &order, &t->stages[FL_TRY_RACES].run, err) ||
	    fl_try_look(t, FL_TRY_RACES, &bad, &good, err) || met_of(t, &met, err))
		return -1;
	if (bad)
		return 1;
	fl_try_end(
		t, FL_TRY_RACES, FL_TRY_GOOD,
		fl_asprintf("%s, each beside all operations: they met in %.0f rounds, no promise "
			    "was broken",
			    names, met));
	return 0;
}

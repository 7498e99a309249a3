/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/run/planned.h"

#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "harness/collect/foreign.h"
#include "harness/judge/claims.h"
#include "harness/judge/crossing.h"
#include "harness/run/own_metrics.h"
#include "harness/run/overrides.h"
#include "harness/run/point.h"

static int check_columns(const struct fl_experiment *e, struct fl_error *err)
{
	char near[160];

	for (size_t i = 0; i < e->columns.n; i++)
		if (!fl_metric_find(e->columns.v[i]) &&
		    !fl_own_metrics_find(&e->metrics, e->columns.v[i]))
			return fl_fail(err, FL_USAGE, "%s:%u: columns = %s: no such metric%s",
				       e->file, fl_experiment_line(e, "experiment", "columns"),
				       e->columns.v[i],
				       fl_own_metrics_unknown(&e->metrics, e->columns.v[i], near,
							      sizeof(near)));
	return 0;
}

static int check_outcomes(const struct fl_experiment *e, struct fl_error *err)
{
	for (size_t i = 0; i < e->outcomes.n; i++) {
		unsigned int s = FL_STATUS_FAILED;

		while (s < FL_SKIPPED && strcmp(e->outcomes.v[i], fl_status_names[s]) != 0)
			s++;
		if (s == FL_SKIPPED)
			return fl_fail(err, FL_USAGE,
				       "%s:%u: outcomes = %s: one of failed, corrupt, oom, panic, "
				       "hang, lost",
				       e->file, fl_experiment_line(e, "experiment", "outcomes"),
				       e->outcomes.v[i]);
	}
	return 0;
}

static int check_metrics(const struct fl_experiment *e, struct fl_error *err)
{
	return fl_own_metrics_names(e, err) ||
			       fl_claims_metrics(&e->claims, &e->metrics, e->file, err) ||
			       fl_crossings_metrics(&e->crossings, &e->metrics, e->file, err) ||
			       fl_answer_metrics(&e->answer, &e->metrics, e->file, err) ||
			       check_outcomes(e, err) || check_columns(e, err)
		       ? -1
		       : 0;
}

int fl_run_plan(struct fl_plan *plan, struct fl_experiment *e, uint64_t *seed,
		const struct fl_run_options *o, struct fl_error *err)
{
	if (!o->experiment)
		return fl_fail(err, FL_USAGE,
			       "run: missing EXPERIMENT (see faultline list experiments)");
	if (fl_experiment_load(e, o->experiment, o->quick, err) || fl_run_override(e, o, err) ||
	    check_metrics(e, err))
		return -1;
	*seed = o->seed;
	if (!o->seed_given && getrandom(seed, sizeof(*seed), 0) != sizeof(*seed))
		*seed = (uint64_t)time(NULL);
	*seed &= INT64_MAX;
	return fl_plan_make(plan, e, *seed, err);
}

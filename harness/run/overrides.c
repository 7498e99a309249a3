/* SPDX-License-Identifier: GPL-2.0 */
/* Options of the command line that override the experiment's file. */
#include "harness/run/overrides.h"

#include <stdlib.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

static int check_parallel(const struct fl_experiment *e, struct fl_error *err)
{
	if (!e->guest.parallel)
		return 0;
	if (e->guest.clock == FL_CLOCK_INSTRUCTIONS)
		return fl_fail(err, FL_USAGE,
			       "%s: CPUs that run at once have no instruction clock; use --clock "
			       "real, or drop parallel",
			       e->file);
	if (e->guest.cpus < 2)
		return fl_fail(
			err, FL_USAGE,
			"%s: parallel needs two CPUs; use --cpus 2 or more, or drop parallel",
			e->file);
	return 0;
}

/* All of --stall at once, in each point. */
static int set_stalls(struct fl_experiment *e, const struct fl_strv *lists, struct fl_error *err)
{
	struct fl_strv all = { 0 };
	int bad = 0;

	for (size_t i = 0; i < lists->n && !bad; i++)
		if (fl_strv_split_list(&all, lists->v[i]))
			bad = fl_fail(err, FL_USAGE, "--stall %s: stalls separated by commas",
				      lists->v[i]);
	if (!bad && all.n) {
		cleanup_free char *value = fl_strv_join(&all, "+");
		cleanup_free char *axis = fl_asprintf("guest.stall=%s", value);

		bad = fl_experiment_set_axis(e, axis, err);
	}
	fl_strv_release(&all);
	return bad;
}

/* --entry: beside those of the file. */
static int add_entries(struct fl_experiment *e, const struct fl_strv *lists, struct fl_error *err)
{
	for (size_t i = 0; i < lists->n; i++)
		if (fl_strv_split_list(&e->entries, lists->v[i]))
			return fl_fail(err, FL_USAGE, "--entry %s: functions separated by commas",
				       lists->v[i]);
	if (lists->n && e->guest.clock != FL_CLOCK_INSTRUCTIONS)
		return fl_fail(err, FL_USAGE,
			       "--entry %s: add --clock instructions: the other clock has no "
			       "profiles",
			       lists->v[0]);
	return 0;
}

int fl_run_override(struct fl_experiment *e, const struct fl_run_options *o, struct fl_error *err)
{
	for (size_t i = 0; i < o->settings.n; i++)
		if (fl_experiment_set_axis(e, o->settings.v[i], err))
			return -1;
	if (set_stalls(e, &o->stalls, err))
		return -1;
	if (o->workloads.n && fl_experiment_set_workloads(e, &o->workloads, err))
		return -1;
	if (o->kernels.n && fl_experiment_set_kernels(e, &o->kernels, err))
		return -1;
	if (o->repeat)
		fl_experiment_set_repeat(e, o->repeat);
	if (o->clock >= 0)
		e->guest.clock = (enum fl_clock)o->clock;
	if (add_entries(e, &o->entries, err))
		return -1;
	if (o->cpus)
		e->guest.cpus = o->cpus;
	e->guest.parallel |= o->parallel;
	if (o->host && (o->cpus || o->parallel || o->stalls.n))
		return fl_fail(err, FL_USAGE,
			       "--cpus, --parallel and --stall need a guest, not --target host");
	if (o->host && e->guest.clock == FL_CLOCK_INSTRUCTIONS)
		return fl_fail(
			err, FL_USAGE,
			"--target host has --clock real only; the instruction clock needs a guest");
	if (o->host && e->n_steps)
		return fl_fail(err, FL_USAGE, "%s: [steps] need a guest, not --target host",
			       e->file);
	return check_parallel(e, err) || fl_experiment_check_steps(e, err) ? -1 : 0;
}

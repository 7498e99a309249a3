/* SPDX-License-Identifier: GPL-2.0 */
/* What the command line says in place of the experiment's file. */
#include "harness/run/overrides.h"

static int check_parallel(const struct fl_experiment *e, struct fl_error *err)
{
	if (!e->guest.parallel)
		return 0;
	if (e->guest.clock == FL_CLOCK_INSTRUCTIONS)
		return fl_fail(err, FL_USAGE,
			       "%s: CPUs that run at once have no instruction clock: --clock real, "
			       "or no parallel",
			       e->file);
	if (e->guest.cpus < 2)
		return fl_fail(err, FL_USAGE,
			       "%s: one CPU has nothing to run at once with: --cpus 2 or more, or "
			       "no parallel",
			       e->file);
	return 0;
}

int fl_run_override(struct fl_experiment *e, const struct fl_run_options *o, struct fl_error *err)
{
	for (size_t i = 0; i < o->settings.n; i++)
		if (fl_experiment_set_axis(e, o->settings.v[i], err))
			return -1;
	if (o->workloads.n && fl_experiment_set_workloads(e, &o->workloads, err))
		return -1;
	if (o->kernels.n && fl_experiment_set_kernels(e, &o->kernels, err))
		return -1;
	if (o->repeat)
		fl_experiment_set_repeat(e, o->repeat);
	if (o->clock >= 0)
		e->guest.clock = (enum fl_clock)o->clock;
	if (o->cpus)
		e->guest.cpus = o->cpus;
	e->guest.parallel |= o->parallel;
	if (o->host && (o->cpus || o->parallel))
		return fl_fail(err, FL_USAGE,
			       "--cpus and --parallel are of a guest: no --target host");
	if (o->host && e->guest.clock == FL_CLOCK_INSTRUCTIONS)
		return fl_fail(err, FL_USAGE,
			       "--target host has only --clock real: instructions need a guest");
	if (o->host && e->n_steps)
		return fl_fail(err, FL_USAGE, "%s: [steps] need a guest: no --target host",
			       e->file);
	return check_parallel(e, err) || fl_experiment_check_steps(e, err) ? -1 : 0;
}

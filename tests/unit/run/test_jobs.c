/* SPDX-License-Identifier: GPL-2.0 */
#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

#include "harness/run/jobs.h"

#define POINTS 6

static struct fl_experiment experiment = { .guest = { .cpus = 1 } };
static struct fl_point points[POINTS];
static atomic_int interrupted, failed;

static struct {
	unsigned int numbers[POINTS];
	size_t n;
	unsigned int refused; /* number of the point that the store does not take */
} handed;

/* The first fails once the second runs, which then goes well. */
static int run(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err)
{
	memset(o, 0, sizeof(*o));
	if (c->point->number == 1) {
		usleep(50000);
		atomic_store(&failed, 1);
		return fl_fail(err, FL_MACHINE, "no room");
	}
	while (c->point->number == 2 && !atomic_load(&failed))
		usleep(1000);
	usleep(50000);
	return 0;
}

static int run_well(struct fl_outcome *o, const struct fl_point_config *c, struct fl_error *err)
{
	(void)c;
	(void)err;
	memset(o, 0, sizeof(*o));
	usleep(20000);
	return 0;
}

static int done(void *arg, const struct fl_point_config *c, struct fl_outcome *o,
		struct fl_error *err)
{
	(void)arg;
	(void)o;
	if (c->point->number == handed.refused)
		return fl_fail(err, FL_FAILED, "disk full");
	handed.numbers[handed.n++] = c->point->number;
	return 0;
}

static int run_all(int (*how)(struct fl_outcome *, const struct fl_point_config *,
			      struct fl_error *),
		   struct fl_error *err)
{
	struct fl_point_config configs[POINTS];
	unsigned int order[POINTS];
	struct fl_jobs_config jobs = {
		.jobs = 2,
		.configs = configs,
		.order = order,
		.n = POINTS,
		.run = how,
		.done = done,
		.interrupted = &interrupted,
	};

	for (unsigned int i = 0; i < POINTS; i++) {
		points[i].number = i + 1;
		configs[i] = (struct fl_point_config){ .experiment = &experiment,
						       .point = &points[i],
						       .cpu_first = -1 };
		order[i] = i;
	}
	return fl_jobs_run(&jobs, err);
}

Test(jobs, an_error_drops_no_point_that_others_finished)
{
	struct fl_error err = { 0 };

	cr_expect_eq(run_all(run, &err), -1);
	cr_expect_str_eq(err.text, "no room");
	cr_assert_eq(handed.n, 1, "%zu points", handed.n);
	cr_expect_eq(handed.numbers[0], 2);
}

Test(jobs, the_first_error_is_the_one_to_tell)
{
	struct fl_error err = { 0 };

	handed.refused = 2;
	cr_expect_eq(run_all(run_well, &err), -1);
	cr_expect_str_eq(err.text, "disk full");
	cr_expect_lt(handed.n, POINTS - 1, "none is begun after it");
}

Test(jobs, all_are_run_once)
{
	struct fl_error err = { 0 };

	cr_expect_eq(run_all(run_well, &err), 0);
	cr_expect_eq(handed.n, POINTS);
}

/* SPDX-License-Identifier: GPL-2.0 */
#include "tests/guest/guest_fixture.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/guest/image.h"
#include "harness/guest/kernel.h"

static atomic_int never;

static void load(struct fixture *f, const char *ini)
{
	cleanup_free char *path = fl_asprintf("%s/experiment.ini", f->dir);
	FILE *file = fopen(path, "we");
	struct fl_error err = { 0 };

	cr_assert(file && fputs(ini, file) >= 0 && !fclose(file));
	cr_assert_eq(fl_experiment_load(&f->experiment, path, false, &err), 0, "%s", err.text);
	cr_assert_eq(fl_plan_make(&f->plan, &f->experiment, 1, &err), 0, "%s", err.text);
}

static char *image_for(const struct fl_experiment *e)
{
	struct fl_strv programs = { 0 };
	struct fl_error err = { 0 };
	char *image;

	for (size_t i = 0; i < e->n_workloads; i++) {
		struct fl_strv words = { 0 };

		cr_assert_eq(fl_strv_split_words(&words, e->workloads[i].run), 0);
		fl_strv_push(&programs, words.v[0]);
		fl_strv_release(&words);
	}
	for (size_t i = 0; i < e->programs.n; i++)
		fl_strv_push(&programs, e->programs.v[i]);
	if (e->pressure)
		fl_strv_push(&programs, "stress-ng");
	cr_assert_eq(fl_image_make(&image, &programs, &err), 0, "%s", err.text);
	fl_strv_release(&programs);
	return image;
}

void fixture_run(struct fixture *f, const char *ini)
{
	cleanup_free char *kernel = NULL, *image = NULL;
	struct fl_accel_choice accel;
	struct fl_error err = { 0 };

	memset(f, 0, sizeof(*f));
	strcpy(f->dir, "/tmp/faultline-test-XXXXXX");
	cr_assert(mkdtemp(f->dir));
	load(f, ini);
	cr_assert_eq(fl_kernel_find(&kernel, f->experiment.kernels.v[0], &err), 0, "%s", err.text);
	image = image_for(&f->experiment);
	cr_assert_eq(
		fl_accel_choose(&accel, FL_ACCEL_AUTO, kernel, image, FL_MACHINE_AUTO, 0, &err), 0,
		"%s", err.text);
	f->outcomes = fl_calloc(f->plan.n, sizeof(*f->outcomes));
	for (size_t i = 0; i < f->plan.n; i++) {
		cleanup_free char *dir = fl_asprintf("%s/%zu", f->dir, i);
		struct fl_point_config c = {
			.experiment = &f->experiment,
			.point = &f->plan.points[i],
			.accel = accel.accel,
			.timebase = accel.accel == FL_ACCEL_KVM ? FL_TIME_HARDWARE : FL_TIME_TCG,
			.kernel_path = kernel,
			.image = image,
			.dir = dir,
			.cpu_first = -1,
			.interrupted = &never,
		};

		if (f->experiment.guest.clock == FL_CLOCK_INSTRUCTIONS) {
			c.accel = FL_ACCEL_TCG;
			c.timebase = FL_TIME_INSN;
		}
		cr_assert_eq(fl_point_run(&f->outcomes[i], &c, &err), 0, "%s", err.text);
	}
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void fixture_release(struct fixture *f)
{
	for (size_t i = 0; i < f->plan.n; i++)
		fl_outcome_release(&f->outcomes[i]);
	free(f->outcomes);
	fl_plan_release(&f->plan);
	fl_experiment_release(&f->experiment);
	nftw(f->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static const struct fl_value *find(const struct fixture *f, size_t point, const char *name)
{
	const struct fl_result *r = &f->outcomes[point].result;

	for (size_t i = 0; i < r->n_values; i++)
		if (!strcmp(r->values[i].name, name))
			return &r->values[i];
	return NULL;
}

bool fixture_has(const struct fixture *f, size_t point, const char *name)
{
	return find(f, point, name) != NULL;
}

void fixture_expect_ok(const struct fixture *f)
{
	for (size_t i = 0; i < f->plan.n; i++)
		cr_assert_eq(f->outcomes[i].status, FL_OK, "point %zu: %s: %s", i,
			     fl_status_names[f->outcomes[i].status], f->outcomes[i].reason);
}

double fixture_metric(const struct fixture *f, size_t point, const char *name)
{
	const struct fl_value *v = find(f, point, name);

	cr_assert_not_null(v, "point %zu (%s: %s) has no %s", point,
			   fl_status_names[f->outcomes[point].status], f->outcomes[point].reason,
			   name);
	return v->value;
}

char *fixture_file(const struct fixture *f, size_t point, const char *name)
{
	cleanup_free char *path = fl_asprintf("%s/%zu/%s", f->dir, point, name);
	cleanup_file FILE *file = fopen(path, "re");
	char *text = fl_calloc(1, 1 << 20);

	if (file)
		text[fread(text, 1, (1 << 20) - 1, file)] = '\0';
	return text;
}

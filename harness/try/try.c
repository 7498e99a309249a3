/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/try/try.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/digest.h"
#include "harness/base/interrupt.h"
#include "harness/guest/build.h"
#include "harness/guest/kernel.h"
#include "harness/try/evidence.h"
#include "harness/try/kernel_build.h"
#include "harness/try/stages.h"

const char *const fl_try_names[FL_TRY_STAGES] = {
	[FL_TRY_BUILDS] = "builds", [FL_TRY_BOOTS] = "boots", [FL_TRY_TESTS] = "tests",
	[FL_TRY_RACES] = "races",   [FL_TRY_KASAN] = "kasan", [FL_TRY_COST] = "cost",
	[FL_TRY_TIME] = "time",
};

static int interrupted(struct fl_error *err)
{
	return fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted");
}

/* The base, which must build. */
static int build_base(struct fl_try *t, struct fl_error *err)
{
	struct fl_kernel_build b;
	struct fl_strv lines = { 0 };
	cleanup_free char *said = NULL;
	double seconds;
	int status;

	if (fl_kernel_build_start(&b, t->options->base, t->series, false, err))
		return -1;
	status = fl_kernel_build_wait(&b, &t->kernels[0], &lines, &seconds);
	said = fl_strv_join(&lines, "; ");
	fl_strv_release(&lines);
	if (status == FL_EXIT_INTERRUPTED)
		return interrupted(err);
	if (!t->kernels[0])
		return fl_fail(err, status == FL_USAGE ? FL_USAGE : FL_MACHINE,
			       "the base %s does not build without the patch: %.800s",
			       t->options->base, said);
	return 0;
}

/* Messages about the patches; or NULL. */
static const char *refusal(const struct fl_strv *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		if (strstr(lines->v[i], "does not apply"))
			return lines->v[i];
	return NULL;
}

/* A patch that does not apply is bad input; one that does not compile has its answer. */
static int say_not_built(struct fl_try *t, int status, struct fl_strv *lines, struct fl_error *err)
{
	struct fl_try_stage *s = &t->stages[FL_TRY_BUILDS];
	const char *refused = refusal(lines);

	if (refused)
		return fl_fail(err, FL_USAGE, "%.800s", refused);
	if (status == FL_KERNEL_NO_MACHINE)
		return fl_fail(err, FL_MACHINE, "%.800s",
			       lines->n ? lines->v[lines->n - 1] : "no kernel can be built");
	fl_try_end(t, FL_TRY_BUILDS, FL_TRY_BROKEN,
		   fl_asprintf("no: %s", status == FL_USAGE ? "the configuration is refused"
							    : "the kernel does not compile"));
	s->lines = *lines;
	*lines = (struct fl_strv){ 0 };
	return 1;
}

static bool same_file(const char *a, const char *b)
{
	char first[FL_DIGEST_LEN], second[FL_DIGEST_LEN];

	return !fl_digest_file(a, first) && !fl_digest_file(b, second) && !strcmp(first, second);
}

/* Its costs are measured while the patched kernel is built. */
static int build_patched(struct fl_try *t, struct fl_error *err)
{
	struct fl_try_stage *s = &t->stages[FL_TRY_BUILDS];
	struct fl_strv lines = { 0 };
	struct fl_kernel_build b;
	int status;

	if (fl_kernel_build_start(&b, t->options->base, t->series, true, err))
		return -1;
	if (fl_try_measure_base(t, err)) {
		fl_kernel_build_stop(&b);
		return -1;
	}
	status = fl_kernel_build_wait(&b, &t->kernels[1], &lines, &s->seconds);
	if (status == FL_EXIT_INTERRUPTED) {
		fl_strv_release(&lines);
		return interrupted(err);
	}
	if (!t->kernels[1]) {
		status = say_not_built(t, status, &lines, err);
		fl_strv_release(&lines);
		return status;
	}
	fl_strv_release(&lines);
	t->identical = same_file(t->kernels[0], t->kernels[1]);
	fl_try_end(t, FL_TRY_BUILDS, FL_TRY_GOOD, fl_strdup("yes"));
	return t->identical;
}

static void find_release(struct fl_try *t)
{
	struct fl_build build = { 0 };
	struct fl_error ignored;

	if (!fl_build_read(&build, t->kernels[0], &ignored) && build.base)
		t->base_release = fl_strdup(build.base);
	fl_build_release(&build);
}

int fl_try(struct fl_try *t, const struct fl_patches *series, const struct fl_try_options *options,
	   struct fl_error *err)
{
	static int (*const stages[])(struct fl_try * t, struct fl_error * err) = {
		build_patched, fl_try_boot, fl_try_test, fl_try_race,
		fl_try_kasan,  fl_try_cost, fl_try_time, fl_try_extra,
	};
	int status;

	*t = (struct fl_try){ .options = options, .series = series };
	status = build_base(t, err);
	if (!status)
		find_release(t);
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]) && !status; i++)
		status = fl_interrupted() ? interrupted(err) : stages[i](t, err);
	return status < 0 ? -1 : 0;
}

enum fl_try_state fl_try_verdict(const struct fl_try *t)
{
	enum fl_try_state worst = FL_TRY_LEFT_OUT;

	for (int i = 0; i < FL_TRY_STAGES; i++)
		if (t->stages[i].text && t->stages[i].state > worst)
			worst = t->stages[i].state;
	return worst;
}

void fl_try_release(struct fl_try *t)
{
	for (int i = 0; i < FL_TRY_STAGES; i++) {
		free(t->stages[i].text);
		free(t->stages[i].run);
		fl_strv_release(&t->stages[i].lines);
	}
	for (int i = 0; i < 2; i++)
		free(t->kernels[i]);
	free(t->base_release);
	free(t->base_run);
	fl_try_changes_release(&t->changes);
	fl_comparison_release(&t->comparison);
	fl_strv_release(&t->extra);
}

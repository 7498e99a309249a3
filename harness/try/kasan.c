/* SPDX-License-Identifier: GPL-2.0 */
/* The same patch on a kernel that finds use after free and access out of bounds. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/try/kernel_build.h"
#include "harness/try/stages.h"

/* "stock-kasan@7.3" of "stock@7.3". */
static char *kasan_name(const char *base)
{
	const char *at = strchr(base, '@');
	int len = at ? (int)(at - base) : (int)strlen(base);

	return fl_asprintf("%.*s-kasan%s", len, base, at ? at : "");
}

static int build(struct fl_try *t, const char *name, bool patched, char **vmlinux,
		 struct fl_error *err)
{
	struct fl_try_stage *s = &t->stages[FL_TRY_KASAN];
	struct fl_kernel_build b;
	double seconds;
	int status;

	fl_strv_release(&s->lines);
	if (fl_kernel_build_start(&b, name, t->series, patched, err))
		return -1;
	status = fl_kernel_build_wait(&b, vmlinux, &s->lines, &seconds);
	s->seconds += seconds;
	if (status == FL_EXIT_INTERRUPTED)
		return fl_fail(err, FL_EXIT_INTERRUPTED, "interrupted");
	return 0;
}

static int run(struct fl_try *t, const char *vmlinux, struct fl_error *err)
{
	struct fl_try_order order = FL_TRY_ORDER(FL_TRY_KASAN, .experiment = "soak", .quick = true);
	struct fl_try_stage *s = &t->stages[FL_TRY_KASAN];
	size_t bad, good;

	fl_strv_pushf(&order.kernels, "%s=%s", FL_TRY_PATCH, vmlinux);
	fl_strv_push(&order.settings, "thp.enabled=always");
	fl_strv_push(&order.settings, "thp.promotion_threshold=1");
	if (fl_try_measure(t, &order, &s->run, err) ||
	    fl_try_look(t, FL_TRY_KASAN, &bad, &good, err))
		return -1;
	if (bad)
		return 1;
	fl_try_end(t, FL_TRY_KASAN, FL_TRY_GOOD,
		   fl_asprintf("%zu points with KASAN, no report", good));
	return 0;
}

int fl_try_kasan(struct fl_try *t, struct fl_error *err)
{
	cleanup_free char *name = kasan_name(t->options->base), *base = NULL, *patched = NULL;

	if (!t->options->deep && !fl_kernel_is_built(name, t->series)) {
		fl_try_end(t, FL_TRY_KASAN, FL_TRY_LEFT_OUT,
			   fl_asprintf("not run: %s is not built; --deep builds it, and from then "
				       "on it is used",
				       name));
		return 0;
	}
	if (build(t, name, false, &base, err))
		return -1;
	if (base && build(t, name, true, &patched, err))
		return -1;
	if (!base || !patched) {
		fl_try_end(t, FL_TRY_KASAN, base ? FL_TRY_BROKEN : FL_TRY_UNKNOWN,
			   fl_asprintf("%s does not build%s", name, base ? " with the patch" : ""));
		return base ? 1 : 0;
	}
	return run(t, patched, err);
}

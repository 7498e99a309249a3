/* SPDX-License-Identifier: GPL-2.0 */
/* Functions that the profile follows besides page faults: what QEMU's plugin is told. */
#include "harness/run/followed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/guest/kernel.h"
#include "harness/guest/symbols.h"

static bool has(const struct fl_symbols *s, const char *function)
{
	return !strcmp(function, FL_FOLLOW_ALL) || fl_symbols_find(s, function, NULL, 0);
}

static int check_name(const char *name, const struct fl_booted *b, struct fl_symbols *const *maps,
		      struct fl_error *err)
{
	const struct fl_symbols *one = NULL;
	size_t missing = 0, known = 0;
	char near[512] = "";

	for (size_t i = 0; i < b->kernels.n; i++) {
		if (!maps[i])
			continue;
		known++;
		one = maps[i];
		missing += !has(maps[i], name);
	}
	if (!missing)
		return 0;
	if (missing == known)
		return fl_fail(err, FL_USAGE,
			       "entry = %s: no kernel of the run has this function in its "
			       "System.map; one that the compiler inlined has no entry%s",
			       name, fl_symbols_near(one, name, near, sizeof(near)));
	for (size_t i = 0; i < b->kernels.n; i++)
		if (maps[i] && !has(maps[i], name))
			fprintf(stderr,
				"faultline: entry %s is not followed on %s, which has no "
				"such function\n",
				name, b->kernels.v[i]);
	return 0;
}

static int check_names(const struct fl_strv *names, const struct fl_booted *b,
		       const struct fl_experiment *e, struct fl_error *err)
{
	struct fl_symbols **maps = fl_calloc(b->kernels.n, sizeof(struct fl_symbols *));
	int bad = 0;

	for (size_t i = 0; i < b->kernels.n; i++) {
		cleanup_free char *path = fl_kernel_symbols(b->paths.v[i], NULL);

		if (path)
			fl_symbols_read(&maps[i], path);
	}
	for (size_t i = 0; !bad && i < names->n; i++)
		bad = check_name(names->v[i], b, maps, err);
	for (size_t i = 0; i < b->kernels.n; i++)
		fl_symbols_free(maps[i]);
	free(maps);
	return bad ? fl_prefix(err, "%s", e->file) : 0;
}

int fl_followed_check(const struct fl_booted *b, const struct fl_experiment *e,
		      struct fl_error *err)
{
	struct fl_strv names = { 0 };
	int bad = 0;

	for (size_t i = 0; i < e->entries.n; i++)
		fl_strv_add(&names, e->entries.v[i]);
	for (size_t w = 0; w < e->n_workloads; w++)
		for (size_t i = 0; i < e->workloads[w].entries.n; i++)
			fl_strv_add(&names, e->workloads[w].entries.v[i]);
	if (names.n && e->guest.clock == FL_CLOCK_INSTRUCTIONS)
		bad = check_names(&names, b, e, err);
	fl_strv_release(&names);
	return bad;
}

static void add_known(struct fl_strv *names, const struct fl_strv *asked,
		      const struct fl_symbols *s)
{
	for (size_t i = 0; i < asked->n; i++)
		if (has(s, asked->v[i]))
			fl_strv_add(names, asked->v[i]);
}

void fl_followed_names(struct fl_strv *names, const struct fl_point_config *c, const char *symbols)
{
	const struct fl_strv *all = &c->experiment->entries, *own = &c->point->workload->entries;
	struct fl_symbols *s;

	if (!(all->n + own->n) || fl_symbols_read(&s, symbols))
		return;
	add_known(names, all, s);
	add_known(names, own, s);
	fl_symbols_free(s);
}

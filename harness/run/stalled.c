/* SPDX-License-Identifier: GPL-2.0 */
/* Arguments of QEMU's plugin that holds up CPUs where they enter a function of the kernel. */
#include "harness/run/stalled.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/collect/stalls.h"
#include "harness/experiment/stall.h"
#include "harness/guest/kernel.h"
#include "harness/guest/plugin.h"
#include "harness/guest/symbols.h"

#define TOGGLE "__x64_sys_personality" /* guest/agent/main.c: mark_window() */
#define PLACES_MAX 16                  /* guest/plugin/stalls.h */
#define COUNTS_MAX 4096                /* bytes of the plugin's file */

bool fl_stalled_any(const struct fl_plan *plan)
{
	for (size_t i = 0; i < plan->n; i++)
		if (plan->points[i].guest.stall)
			return true;
	return false;
}

static int read_symbols(struct fl_symbols **s, const char *kernel, const char *path,
			struct fl_error *err)
{
	cleanup_free char *map = fl_kernel_symbols(path, NULL);
	uint64_t toggle;
	int bad;

	*s = NULL;
	if (!map)
		return fl_fail(err, FL_USAGE,
			       "kernel %s (%s): guest.stall needs its System.map, beside it or in "
			       "its build tree",
			       kernel, path);
	bad = fl_symbols_read(s, map);
	if (bad)
		return fl_fail(err, FL_USAGE, "kernel %s: %s: %s", kernel, map,
			       bad == -EPROTO ? "no System.map" : strerror(-bad));
	if (!fl_symbols_find(*s, TOGGLE, &toggle, 1))
		return fl_fail(err, FL_USAGE,
			       "kernel %s: %s has no " TOGGLE ", at which stalls begin", kernel,
			       map);
	return 0;
}

static int lacks(const struct fl_symbols *s, const char *kernel, const char *function,
		 struct fl_error *err)
{
	char near[512] = "";

	return fl_fail(err, FL_USAGE,
		       "kernel %s has no function %s in its System.map; one that the compiler "
		       "inlined is stalled by what calls it, or what it calls%s",
		       kernel, function, fl_symbols_near(s, function, near, sizeof(near)));
}

static int check_functions(const struct fl_stalls *stalls, const struct fl_symbols *s,
			   const char *kernel, struct fl_error *err)
{
	uint64_t places[PLACES_MAX];

	for (size_t i = 0; i < stalls->n; i++) {
		size_t n = fl_symbols_find(s, stalls->v[i].function, places, PLACES_MAX);

		if (!n)
			return lacks(s, kernel, stalls->v[i].function, err);
		if (n > PLACES_MAX)
			return fl_fail(err, FL_USAGE,
				       "kernel %s has %zu functions %s; %d can be stalled", kernel,
				       n, stalls->v[i].function, PLACES_MAX);
	}
	return 0;
}

/* A point whose kernel lacks a function is skipped; a function that no kernel has is an error. */
static int check_stall(const char *text, const struct fl_booted *b, const struct fl_plan *plan,
		       struct fl_symbols *const *symbols, struct fl_error *err)
{
	struct fl_stalls stalls;
	bool bad = true;

	if (fl_stalls_parse(&stalls, text, err))
		return fl_prefix(err, "guest.stall = %s", text);
	for (size_t i = 0; bad && i < plan->n; i++) {
		const struct fl_point *p = &plan->points[i];
		size_t k = fl_strv_find(&b->kernels, p->kernel);

		if (p->guest.stall && !strcmp(p->guest.stall, text))
			bad = check_functions(&stalls, symbols[k], p->kernel, err);
	}
	return bad ? fl_prefix(err, "guest.stall = %s", text) : 0;
}

static int check_points(const struct fl_plan *plan, const struct fl_booted *b,
			struct fl_symbols **symbols, struct fl_error *err)
{
	struct fl_strv checked = { 0 };
	int bad = 0;

	for (size_t i = 0; !bad && i < plan->n; i++) {
		const struct fl_point *p = &plan->points[i];
		size_t k = fl_strv_find(&b->kernels, p->kernel);

		if (p->guest.stall && !symbols[k])
			bad = read_symbols(&symbols[k], p->kernel, b->paths.v[k], err);
	}
	for (size_t i = 0; !bad && i < plan->n; i++)
		if (plan->points[i].guest.stall &&
		    fl_strv_add(&checked, plan->points[i].guest.stall))
			bad = check_stall(plan->points[i].guest.stall, b, plan, symbols, err);
	fl_strv_release(&checked);
	return bad;
}

int fl_stalled_check(const struct fl_plan *plan, const struct fl_booted *b,
		     const struct fl_experiment *e, struct fl_error *err)
{
	struct fl_symbols **symbols;
	const char *why;
	int bad;

	if (!fl_stalled_any(plan))
		return 0;
	symbols = fl_calloc(b->kernels.n, sizeof(struct fl_symbols *));
	bad = check_points(plan, b, symbols, err);
	for (size_t i = 0; i < b->kernels.n; i++)
		fl_symbols_free(symbols[i]);
	free(symbols);
	if (bad)
		return fl_prefix(err, "%s", e->file);
	if (fl_plugin_path(FL_PLUGIN_STALL, &why))
		return 0;
	return fl_fail(err, FL_MACHINE,
		       "guest.stall needs a plugin of QEMU: %s (QEMU 4.2 to 8.2 with plugins, such "
		       "as Debian 12's qemu-system-x86)",
		       why);
}

static char *arguments(const struct fl_stalls *stalls, const struct fl_symbols *s, uint64_t seed)
{
	uint64_t places[PLACES_MAX] = { 0 };
	char *text;

	fl_symbols_find(s, TOGGLE, places, PLACES_MAX);
	text = fl_asprintf("toggle=%" PRIx64 ",seed=%" PRIu64, places[0], seed);
	for (size_t i = 0; i < stalls->n; i++) {
		const struct fl_stall *stall = &stalls->v[i];
		size_t n = fl_symbols_find(s, stall->function, places, PLACES_MAX);
		char *old = text;

		text = fl_asprintf("%s,stall=%" PRIu64 ":%u", old, stall->ns, stall->one_in);
		free(old);
		for (size_t j = 0; j < n; j++) {
			old = text;
			text = fl_asprintf("%s:%" PRIx64, old, places[j]);
			free(old);
		}
	}
	return text;
}

char *fl_stalled_arguments(const struct fl_point_config *c, struct fl_error *err)
{
	struct fl_symbols *s = NULL;
	struct fl_stalls stalls;
	char *text = NULL;

	if (!fl_stalls_parse(&stalls, c->point->guest.stall, err) &&
	    !read_symbols(&s, c->point->kernel, c->kernel_path, err) &&
	    !check_functions(&stalls, s, c->point->kernel, err))
		text = arguments(&stalls, s, c->seed + c->point->number);
	fl_symbols_free(s);
	return text;
}

void fl_stalled_collect(struct fl_outcome *o, const struct fl_point_config *c)
{
	struct fl_stall_count counts[FL_STALLS_MAX];
	cleanup_free char *path = NULL;
	cleanup_file FILE *f = NULL;
	char text[COUNTS_MAX];
	struct fl_stalls stalls;
	struct fl_error ignored;

	if (!o->began || !c->point->guest.stall ||
	    fl_stalls_parse(&stalls, c->point->guest.stall, &ignored))
		return;
	path = fl_asprintf("%s/stalls", c->dir);
	f = fopen(path, "re");
	if (!f || fl_stall_counts_parse(counts, stalls.n, text, fread(text, 1, sizeof(text), f))) {
		fl_outcome_note(o, "how often it stalled is not known: QEMU did not say");
		return;
	}
	for (size_t i = 0; i < stalls.n; i++)
		if (!counts[i].stalls)
			fl_outcome_note(o, "%s never stalled, of %" PRIu64 " entries",
					stalls.v[i].function, counts[i].entries);
	fl_stall_counts_put(&o->result, &stalls, counts);
}

/* SPDX-License-Identifier: GPL-2.0 */
/* The [workload NAME] sections of an experiment. */
#include "harness/experiment/workload.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/units.h"
#include "harness/experiment/command.h"
#include "harness/experiment/keys.h"
#include "harness/experiment/trace_events.h"

int fl_workload_add(struct fl_experiment *e, const char *name, const char *run,
		    struct fl_error *err)
{
	if (fl_command_check(run, err))
		return -1;
	if (fl_experiment_has_workload(e, name))
		return fl_fail(err, FL_USAGE, "workload %s is given twice", name);
	e->workloads = fl_realloc(e->workloads, (e->n_workloads + 1) * sizeof(*e->workloads));
	e->workloads[e->n_workloads++] =
		(struct fl_workload){ .name = fl_strdup(name), .run = fl_strdup(run) };
	return 0;
}

/* What takes a key returns 0, -EEXIST when there was one before, or another error. */
static int take_names(struct fl_strv *list, const char *value)
{
	return list->n ? -EEXIST : fl_strv_split_list(list, value);
}

static int take_kernel(struct fl_workload *w, const char *value, struct fl_error *err)
{
	(void)err;
	return take_names(&w->kernels, value);
}

static int take_settings(struct fl_workload *w, const char *value, struct fl_error *err)
{
	(void)err;
	return take_names(&w->groups, value);
}

static int take_repeat(struct fl_workload *w, const char *value, struct fl_error *err)
{
	uint64_t n;

	(void)err;
	if (w->repeat)
		return -EEXIST;
	if (fl_parse_u64(value, 1, FL_REPEAT_MAX, &n))
		return -EINVAL;
	w->repeat = (unsigned int)n;
	return 0;
}

static int take_trace(struct fl_workload *w, const char *value, struct fl_error *err)
{
	return w->trace.n ? -EEXIST : fl_trace_events(&w->trace, value, err);
}

static int take_entry(struct fl_workload *w, const char *value, struct fl_error *err)
{
	(void)err;
	return take_names(&w->entries, value);
}

static const struct {
	const char *key;
	int (*take)(struct fl_workload *w, const char *value, struct fl_error *err);
	const char *wanted; /* NULL: take() says it */
} keys[] = {
	{ "entry", take_entry, "functions separated by commas, or all" },
	{ "kernel", take_kernel, "names separated by commas" },
	{ "repeat", take_repeat, "a whole number from 1 to 10000" },
	{ "settings", take_settings, "names separated by commas" },
	{ "trace", take_trace, NULL },
};

int fl_workload_take(struct fl_experiment *e, const char *name, const char *key, const char *value,
		     struct fl_error *err)
{
	struct fl_workload *w = e->n_workloads ? &e->workloads[e->n_workloads - 1] : NULL;
	size_t i = 0;
	int bad;

	if (!*name)
		return fl_fail(err, FL_USAGE, "[workload] needs a name: [workload page_fault1]");
	if (!strcmp(key, "run"))
		return fl_workload_add(e, name, value, err);
	while (i < sizeof(keys) / sizeof(keys[0]) && strcmp(keys[i].key, key) != 0)
		i++;
	if (i == sizeof(keys) / sizeof(keys[0]))
		return fl_key_unknown("workload NAME", name, key, err);
	if (!w || strcmp(w->name, name) != 0)
		return fl_fail(err, FL_USAGE, "[workload %s]: run comes before %s", name, key);
	bad = keys[i].take(w, value, err);
	if (bad == -EEXIST)
		return fl_fail(err, FL_USAGE, "%s is given twice in [workload %s]", key, name);
	if (bad && keys[i].wanted)
		return fl_fail(err, FL_USAGE, "%s = %s: %s", key, value, keys[i].wanted);
	return bad ? -1 : 0;
}

void fl_workload_release(struct fl_workload *w)
{
	free(w->name);
	free(w->run);
	fl_strv_release(&w->trace);
	fl_strv_release(&w->entries);
	fl_strv_release(&w->groups);
	fl_strv_release(&w->kernels);
}

void fl_workloads_release(struct fl_experiment *e)
{
	for (size_t i = 0; i < e->n_workloads; i++)
		fl_workload_release(&e->workloads[i]);
	free(e->workloads);
	e->workloads = NULL;
	e->n_workloads = 0;
}

const struct fl_strv *fl_workload_kernels(const struct fl_workload *w,
					  const struct fl_experiment *e)
{
	return w->kernels.n ? &w->kernels : &e->kernels;
}

unsigned int fl_workload_repeat(const struct fl_workload *w, const struct fl_experiment *e)
{
	return w->repeat ? w->repeat : e->repeat;
}

/* --- the command line --- */

void fl_experiment_set_repeat(struct fl_experiment *e, unsigned int repeat)
{
	e->repeat = repeat;
	for (size_t i = 0; i < e->n_workloads; i++)
		e->workloads[i].repeat = 0;
}

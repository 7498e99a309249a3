/* SPDX-License-Identifier: GPL-2.0 */
/* Do the sections of an experiment fit together, and what do they require of its guest? */
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/experiment.h"
#include "harness/experiment/setting.h"

bool fl_experiment_sets(const struct fl_experiment *e, enum fl_setting_how how)
{
	for (size_t i = 0; i < e->n_axes; i++)
		if (fl_setting_find(e->axes[i].name)->how == how)
			return true;
	for (size_t g = 0; g < e->n_groups; g++)
		for (size_t i = 0; i < e->groups[g].n_axes; i++)
			if (fl_setting_find(e->groups[g].axes[i].name)->how == how)
				return true;
	return false;
}

bool fl_experiment_varies(const struct fl_experiment *e, const char *name)
{
	for (size_t i = 0; i < e->n_axes; i++)
		if (!strcmp(e->axes[i].name, name))
			return true;
	for (size_t g = 0; g < e->n_groups; g++)
		for (size_t i = 0; i < e->groups[g].n_axes; i++)
			if (!strcmp(e->groups[g].axes[i].name, name))
				return true;
	return false;
}

bool fl_experiment_has_workload(const struct fl_experiment *e, const char *name)
{
	for (size_t i = 0; i < e->n_workloads; i++)
		if (!strcmp(e->workloads[i].name, name))
			return true;
	return false;
}

static bool has_group(const struct fl_experiment *e, const char *name)
{
	for (size_t i = 0; i < e->n_groups; i++)
		if (!strcmp(e->groups[i].name, name))
			return true;
	return false;
}

static unsigned int line_of(const struct fl_experiment *e, const char *word, const char *name,
			    const char *key)
{
	cleanup_free char *section = fl_asprintf("%s %s", word, name);

	return fl_experiment_line(e, section, key);
}

int fl_experiment_check_groups(const struct fl_experiment *e, struct fl_error *err)
{
	for (size_t i = 0; i < e->n_groups && !e->quick; i++)
		for (size_t j = 0; j < e->groups[i].workloads.n; j++)
			if (!fl_experiment_has_workload(e, e->groups[i].workloads.v[j]))
				return fl_fail(
					err, FL_USAGE,
					"%s:%u: [settings %s]: workload = %s: no workload of "
					"that name",
					e->file,
					line_of(e, "settings", e->groups[i].name, "workload"),
					e->groups[i].name, e->groups[i].workloads.v[j]);
	for (size_t i = 0; i < e->pressed.n && !e->quick; i++)
		if (!fl_experiment_has_workload(e, e->pressed.v[i]))
			return fl_fail(err, FL_USAGE,
				       "%s:%u: [pressure]: workload = %s: no workload of that name",
				       e->file, fl_experiment_line(e, "pressure", "workload"),
				       e->pressed.v[i]);
	for (size_t i = 0; i < e->n_workloads; i++)
		for (size_t j = 0; j < e->workloads[i].groups.n; j++)
			if (!has_group(e, e->workloads[i].groups.v[j]))
				return fl_fail(
					err, FL_USAGE,
					"%s:%u: [workload %s]: settings = %s: no section "
					"[settings %s]",
					e->file,
					line_of(e, "workload", e->workloads[i].name, "settings"),
					e->workloads[i].name, e->workloads[i].groups.v[j],
					e->workloads[i].groups.v[j]);
	return 0;
}

static bool has_run_step(const struct fl_experiment *e, const char *name)
{
	for (size_t i = 0; i < e->n_steps; i++)
		for (size_t j = 0; j < e->steps[i].n; j++)
			if (e->steps[i].v[j].action == FL_DO_RUN &&
			    !strcmp(e->steps[i].v[j].name, name))
				return true;
	return false;
}

static int check_metric(const struct fl_experiment *e, const struct fl_own_metric *m,
			struct fl_error *err)
{
	bool stream = !strcmp(m->from, "stdout") || !strcmp(m->from, "stderr");

	for (size_t i = 0; i < m->workloads.n; i++)
		if (!fl_experiment_has_workload(e, m->workloads.v[i]))
			return fl_fail(err, FL_USAGE,
				       "%s:%u: [metric %s]: workload = %s: no workload of that "
				       "name",
				       e->file, m->line, m->name, m->workloads.v[i]);
	if (!stream && !has_run_step(e, m->from))
		return fl_fail(err, FL_USAGE,
			       "%s:%u: [metric %s]: from = %s: stdout, stderr, or the name of a "
			       "run step",
			       e->file, m->line, m->name, m->from);
	return 0;
}

int fl_experiment_check_metrics(const struct fl_experiment *e, struct fl_error *err)
{
	if (fl_own_metrics_check(&e->metrics, e->file, err))
		return -1;
	for (size_t i = 0; i < e->metrics.n && !e->quick; i++)
		if (check_metric(e, &e->metrics.v[i], err))
			return -1;
	if (e->metrics.n && e->guest.count > 1)
		return fl_fail(
			err, FL_USAGE,
			"%s:%u: [metric %s]: the output of several guests (count = %u) is not read",
			e->file, e->metrics.v[0].line, e->metrics.v[0].name, e->guest.count);
	return 0;
}

int fl_experiment_check_steps(struct fl_experiment *e, struct fl_error *err)
{
	e->guest.balloon |= e->guest.deflate_on_oom;
	for (size_t i = 0; i < e->n_steps; i++)
		if (fl_steps_check(&e->steps[i], &e->guest, e->file, err))
			return -1;
	if (e->guest.count > 1 && (e->n_steps || e->guest.clock == FL_CLOCK_INSTRUCTIONS))
		return fl_fail(err, FL_USAGE,
			       "%s:%u: several guests (count = %u) need clock = real and no steps",
			       e->file, fl_experiment_line(e, "guest", "count"), e->guest.count);
	if (e->guest.balloon && e->guest.clock == FL_CLOCK_INSTRUCTIONS)
		return fl_fail(err, FL_USAGE, "%s:%u: a balloon needs clock = real", e->file,
			       fl_experiment_line(e, "guest", "clock"));
	return 0;
}

const char *fl_experiment_pressure(const struct fl_experiment *e, const char *workload)
{
	return !e->pressed.n || fl_strv_has(&e->pressed, workload) ? e->pressure : NULL;
}

const struct fl_steps *fl_experiment_steps(const struct fl_experiment *e, const char *workload)
{
	const struct fl_steps *common = NULL;

	for (size_t i = 0; i < e->n_steps; i++) {
		const struct fl_steps *s = &e->steps[i];

		if (s->workload && !strcmp(s->workload, workload))
			return s->n ? s : NULL;
		if (!s->workload && s->n)
			common = s;
	}
	return common;
}

/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/experiment/experiment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/nearest.h"
#include "harness/base/file.h"
#include "harness/base/paths.h"
#include "harness/base/units.h"
#include "harness/experiment/command.h"
#include "harness/experiment/ini.h"
#include "harness/experiment/kernels.h"
#include "harness/experiment/keys.h"
#include "harness/experiment/places.h"
#include "harness/experiment/setting.h"
#include "harness/experiment/workload.h"

static void release_axes(struct fl_axis *axes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(axes[i].name);
		fl_strv_release(&axes[i].values);
	}
	free(axes);
}

static void release_steps(struct fl_experiment *e)
{
	for (size_t i = 0; i < e->n_steps; i++)
		fl_steps_release(&e->steps[i]);
	free(e->steps);
	e->steps = NULL;
	e->n_steps = 0;
}

unsigned int fl_experiment_line(const struct fl_experiment *e, const char *section, const char *key)
{
	return e->places ? fl_places_line(e->places, section, key) : 0;
}

void fl_experiment_release(struct fl_experiment *e)
{
	fl_places_free(e->places);
	free(e->name);
	free(e->about);
	free(e->verdict);
	free(e->picture);
	free(e->file);
	free(e->pressure);
	fl_strv_release(&e->pressed);
	free(e->guest.cpu_model);
	free(e->guest.cmdline);
	fl_strv_release(&e->kernels);
	fl_strv_release(&e->kernel_places);
	fl_strv_release(&e->roles);
	fl_strv_release(&e->role_kernels);
	fl_strv_release(&e->outcomes);
	fl_strv_release(&e->parts);
	fl_strv_release(&e->columns);
	fl_strv_release(&e->entries);
	fl_strv_release(&e->programs);
	fl_claims_release(&e->claims);
	fl_crossings_release(&e->crossings);
	fl_answer_release(&e->answer);
	fl_row_names_release(&e->row_names);
	fl_own_metrics_release(&e->metrics);
	release_axes(e->axes, e->n_axes);
	for (size_t i = 0; i < e->n_groups; i++) {
		release_axes(e->groups[i].axes, e->groups[i].n_axes);
		free(e->groups[i].name);
		fl_strv_release(&e->groups[i].workloads);
	}
	free(e->groups);
	fl_workloads_release(e);
	release_steps(e);
	memset(e, 0, sizeof(*e));
}

static struct fl_axis *find_axis(struct fl_axis *axes, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(axes[i].name, name))
			return &axes[i];
	return NULL;
}

static int parse_values(struct fl_axis *axis, const char *name, const char *value,
			struct fl_error *err)
{
	struct fl_strv values = { 0 };
	int bad = 0;

	if (fl_strv_split_list(&values, value))
		bad = fl_fail(err, FL_USAGE, "%s = %s: values separated by commas", name, value);
	for (size_t i = 0; !bad && i < values.n; i++)
		bad = fl_setting_check(name, values.v[i], err);
	if (bad) {
		fl_strv_release(&values);
		return -1;
	}
	fl_strv_release(&axis->values);
	axis->values = values;
	return 0;
}

/* Adds an axis; with replace, gives an existing one new values. */
static int put_axis(struct fl_axis **axes, size_t *n, const char *name, const char *value,
		    bool replace, struct fl_error *err)
{
	struct fl_axis *axis = find_axis(*axes, *n, name), new = { 0 };

	if (axis && !replace)
		return fl_fail(err, FL_USAGE, "%s is given twice", name);
	if (axis)
		return parse_values(axis, name, value, err);
	if (parse_values(&new, name, value, err))
		return -1;
	new.name = fl_strdup(name);
	*axes = fl_realloc(*axes, (*n + 1) * sizeof(**axes));
	(*axes)[(*n)++] = new;
	return 0;
}

static struct fl_group *group_of(struct fl_experiment *e, const char *name)
{
	for (size_t i = 0; i < e->n_groups; i++)
		if (!strcmp(e->groups[i].name, name))
			return &e->groups[i];
	e->groups = fl_realloc(e->groups, (e->n_groups + 1) * sizeof(*e->groups));
	e->groups[e->n_groups] = (struct fl_group){ .name = fl_strdup(name) };
	return &e->groups[e->n_groups++];
}

/* --- one file --- */

struct loading {
	struct fl_experiment *e;
	struct fl_experiment
		scratch; /* receives what a full run leaves out, so that it is checked too */
	bool quick, quick_workloads,
		quick_steps; /* --quick; have we seen [quick workload NAME], ... */
	unsigned int line;
	uint64_t seen, quick_seen; /* bits of fl_keys */
};

/* The key `workload` of a section; in: " in [SECTION]", or "". */
static int take_workloads(struct fl_strv *list, const char *value, bool replace, const char *in,
			  struct fl_error *err)
{
	if (list->n && !replace)
		return fl_fail(err, FL_USAGE, "workload is given twice%s", in);
	fl_strv_release(list);
	if (fl_strv_split_list(list, value))
		return fl_fail(err, FL_USAGE, "workload = %s: names separated by commas", value);
	return 0;
}

static int take_settings(struct fl_experiment *e, const char *group, const char *key,
			 const char *value, bool replace, struct fl_error *err)
{
	struct fl_group *g;

	if (!*group)
		return put_axis(&e->axes, &e->n_axes, key, value, replace, err);
	g = group_of(e, group);
	if (!strcmp(key, "workload"))
		return take_workloads(&g->workloads, value, replace, "", err);
	return put_axis(&g->axes, &g->n_axes, key, value, replace, err);
}

static int take_pressure(struct fl_experiment *e, const char *key, const char *value,
			 struct fl_error *err)
{
	if (!strcmp(key, "workload"))
		return take_workloads(&e->pressed, value, false, " in [pressure]", err);
	if (strcmp(key, "run"))
		return fl_key_unknown("pressure", NULL, key, err);
	if (e->pressure)
		return fl_fail(err, FL_USAGE, "run is given twice in [pressure]");
	if (fl_command_check(value, err))
		return -1;
	e->pressure = fl_strdup(value);
	return 0;
}

static struct fl_steps *steps_of(struct fl_experiment *e, const char *workload)
{
	for (size_t i = 0; i < e->n_steps; i++)
		if (!strcmp(e->steps[i].workload ? e->steps[i].workload : "", workload))
			return &e->steps[i];
	e->steps = fl_realloc(e->steps, (e->n_steps + 1) * sizeof(*e->steps));
	fl_steps_init(&e->steps[e->n_steps], *workload ? workload : NULL);
	return &e->steps[e->n_steps++];
}

static int take_key(struct fl_experiment *e, uint64_t *seen, const char *section, const char *key,
		    const char *value, struct fl_error *err)
{
	int i = fl_key_find(section, key, err);

	if (i < 0)
		return -1;
	if (*seen & UINT64_C(1) << i)
		return fl_fail(err, FL_USAGE, "%s is given twice in [%s]", key, section);
	*seen |= UINT64_C(1) << i;
	return fl_key_set(i, e, value, err);
}

static int take_quick(struct loading *l, const char *section, const char *key, const char *value,
		      struct fl_error *err)
{
	struct fl_experiment *e = l->quick ? l->e : &l->scratch;
	const char *name;

	if (!*section)
		return take_key(e, &l->quick_seen, "quick", key, value, err);
	name = fl_ini_after(section, "settings");
	if (name)
		return take_settings(e, name, key, value, true, err);
	name = fl_ini_after(section, "steps");
	if (name) {
		if (l->quick && !l->quick_steps)
			release_steps(e);
		l->quick_steps = true;
		return fl_steps_take(steps_of(e, name), key, value, l->line, err);
	}
	name = fl_ini_after(section, "workload");
	if (!name)
		return fl_fail(err, FL_USAGE,
			       "unknown section [quick %s]; allowed: [quick], [quick settings], "
			       "[quick settings GROUP], [quick workload NAME], [quick steps], "
			       "[quick steps WORKLOAD]",
			       section);
	if (l->quick && !l->quick_workloads)
		fl_workloads_release(e);
	l->quick_workloads = true;
	return fl_workload_take(e, name, key, value, err);
}

static int take(void *arg, const char *section, const char *key, const char *value,
		unsigned int line, struct fl_error *err)
{
	struct loading *l = arg;
	const char *name;

	l->line = line;
	fl_places_add(l->e->places, section, key, line);
	name = fl_ini_after(section, "settings");
	if (name)
		return take_settings(l->e, name, key, value, false, err);
	name = fl_ini_after(section, "workload");
	if (name && l->quick_workloads)
		return fl_fail(err, FL_USAGE, "[quick workload] sections come after the others");
	if (name)
		return fl_workload_take(l->e, name, key, value, err);
	name = fl_ini_after(section, "steps");
	if (name && l->quick_steps)
		return fl_fail(err, FL_USAGE, "[quick steps] sections come after the others");
	if (name)
		return fl_steps_take(steps_of(l->e, name), key, value, line, err);
	name = fl_ini_after(section, "quick");
	if (name)
		return take_quick(l, name, key, value, err);
	if (fl_crossings_section(section))
		return fl_crossings_take(&l->e->crossings, section, key, value, line, err);
	if (fl_answer_section(section))
		return fl_answer_take(&l->e->answer, section, key, value, line, err);
	if (fl_row_names_section(section))
		return fl_row_names_take(&l->e->row_names, section, key, value, line, err);
	if (fl_own_metrics_section(section))
		return fl_own_metrics_take(&l->e->metrics, section, key, value, line, err);
	if (fl_claims_section(section))
		return fl_claims_take(&l->e->claims, section, key, value, line, err);
	if (!strcmp(section, "pressure"))
		return take_pressure(l->e, key, value, err);
	return take_key(l->e, &l->seen, section, key, value, err);
}

static void defaults(struct fl_experiment *e)
{
	memset(e, 0, sizeof(*e));
	e->repeat = 3;
	e->timeout_ns = UINT64_C(120000000000);
	e->sample_interval_ns = UINT64_C(250000000);
	e->guest = (struct fl_guest_spec){
		.memory = UINT64_C(1) << 30,
		.cpus = 1,
		.numa = 1,
		.numa_distance = 20,
		.count = 1,
		.rounds = 3,
	};
}

/* Programs that steps run go into the guest's image like those of [guest] programs. */
static void add_programs(struct fl_experiment *e)
{
	for (size_t i = 0; i < e->n_steps; i++) {
		for (size_t j = 0; j < e->steps[i].n; j++) {
			struct fl_strv words = { 0 };

			if (e->steps[i].v[j].action == FL_DO_RUN && e->steps[i].v[j].what &&
			    !fl_strv_split_words(&words, e->steps[i].v[j].what))
				fl_strv_push(&e->programs, words.v[0]);
			fl_strv_release(&words);
		}
	}
}

static int check_whole(struct fl_experiment *e, struct fl_error *err)
{
	if (!e->name)
		return fl_fail(err, FL_USAGE, "%s:%u: [experiment] needs name =", e->file,
			       fl_experiment_line(e, "experiment", "name"));
	if (!e->n_workloads)
		return fl_fail(err, FL_USAGE, "%s:%u: no [workload NAME] section", e->file,
			       fl_experiment_line(e, "workload", "run"));
	for (size_t i = 0; i < e->n_steps; i++) {
		const struct fl_steps *s = &e->steps[i];

		if (!e->quick && s->workload && s->n && !fl_experiment_has_workload(e, s->workload))
			return fl_fail(err, FL_USAGE, "%s:%u: [steps %s]: no workload of that name",
				       e->file, s->v[0].line, s->workload);
	}
	if (e->pressed.n && !e->pressure)
		return fl_fail(err, FL_USAGE, "%s:%u: [pressure] needs run =", e->file,
			       fl_experiment_line(e, "pressure", "run"));
	if (fl_claims_check(&e->claims, e->file, err) ||
	    fl_crossings_check(&e->crossings, e->file, err) ||
	    fl_answer_check(&e->answer, &e->crossings, e->file, err) ||
	    fl_row_names_check(&e->row_names, e->file, err) ||
	    fl_experiment_check_metrics(e, err) || fl_experiment_check_steps(e, err))
		return -1;
	add_programs(e);
	if (!e->kernels.n)
		fl_strv_push(&e->kernels, "stock");
	if (fl_kernels_of_file(e, err))
		return -1;
	if (!e->n_groups)
		group_of(e, "");
	return fl_experiment_check_groups(e, err);
}

static int unknown_experiment(const char *name, struct fl_error *err)
{
	struct fl_strv names = { 0 };
	char list[512] = "", near[160];

	fl_experiment_names(&names);
	if (*fl_did_you_mean(name, &names, near, sizeof(near))) {
		fl_strv_release(&names);
		return fl_fail(err, FL_USAGE, "no experiment %s%s", name, near);
	}
	for (size_t i = 0; i < names.n; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 names.v[i]);
	fl_strv_release(&names);
	return fl_fail(err, FL_USAGE, "no experiment %s: neither a file nor one of %s", name, list);
}

int fl_experiment_load(struct fl_experiment *e, const char *name, bool quick, struct fl_error *err)
{
	bool path =
		strchr(name, '/') || (strlen(name) > 4 && !strcmp(name + strlen(name) - 4, ".ini"));
	struct loading l = { .e = e, .quick = quick };
	cleanup_file FILE *in = NULL;
	bool missing;
	int bad;

	defaults(e);
	e->file = path ? fl_strdup(name) : fl_asprintf("%s/bench/%s.ini", fl_home(), name);
	e->quick = quick;
	in = fl_open_file(e->file, &missing, err);
	if (!in)
		return missing && !path ? unknown_experiment(name, err) : -1;
	defaults(&l.scratch);
	e->places = fl_places_new();
	bad = fl_ini_read(in, e->file, take, &l, err);
	fl_experiment_release(&l.scratch);
	return bad ? -1 : check_whole(e, err);
}

/* --- the command line --- */

int fl_experiment_set_axis(struct fl_experiment *e, const char *text, struct fl_error *err)
{
	const char *eq = strchr(text, '=');
	cleanup_free char *name = eq ? strndup(text, (size_t)(eq - text)) : NULL;
	bool found = false;

	if (!eq || eq == text || !eq[1])
		return fl_fail(err, FL_USAGE, "-s %s: KEY=VALUE[,VALUE...]", text);
	for (size_t i = 0; i < e->n_groups; i++) {
		struct fl_axis *axis = find_axis(e->groups[i].axes, e->groups[i].n_axes, name);

		if (axis && parse_values(axis, name, eq + 1, err))
			return fl_prefix(err, "-s %s", text);
		found |= axis != NULL;
	}
	if (!found && put_axis(&e->axes, &e->n_axes, name, eq + 1, true, err))
		return fl_prefix(err, "-s %s", text);
	return 0;
}

/* "usemem --punch-holes 4m" is called usemem; a second one usemem-2. */
int fl_experiment_set_workloads(struct fl_experiment *e, const struct fl_strv *commands,
				struct fl_error *err)
{
	fl_workloads_release(e);
	for (size_t i = 0; i < commands->n; i++) {
		const char *run = commands->v[i] + strspn(commands->v[i], " ");
		cleanup_free char *word = strndup(run, strcspn(run, " "));
		cleanup_free char *name = fl_strdup(word);
		unsigned int same = 1;

		for (size_t j = 0; j < e->n_workloads; j++) {
			if (strcmp(e->workloads[j].name, name))
				continue;
			free(name);
			name = fl_asprintf("%s-%u", word, ++same);
		}
		if (fl_workload_add(e, name, run, err))
			return fl_prefix(err, "-w '%.*s%s'", FL_COMMAND_SHOWN, run,
					 fl_command_dots(run));
	}
	return 0;
}

uint64_t fl_guest_takes(const struct fl_guest_spec *spec)
{
	return (spec->backed ? spec->backed : spec->memory) + spec->hotplug_backed;
}

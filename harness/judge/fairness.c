/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/fairness.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/provenance.h"

/* Facts of the machine: those that make real times incomparable, and those to report. */
static const struct {
	const char *key, *what;
	bool refuses_real, only_real;
} facts[] = {
	{ "accelerator", "accelerator", true, false },
	{ "cpu", "CPU", true, true },
	{ "kernel", "host kernel", false, true },
	{ "memory_kib", "host memory", false, true },
	{ "qemu", "QEMU", false, false },
	{ "thp", "THP of the host", false, true },
	{ "threads", "CPU threads", false, true },
};

static char *fact(json_t *machine, const char *key)
{
	const json_t *value = json_object_get(machine, key);

	return json_is_string(value) ? fl_strdup(json_string_value(value))
	       : value               ? json_dumps(value, JSON_ENCODE_ANY)
				     : fl_strdup("unknown");
}

static int check_fact(struct fl_comparison *c, size_t i, json_t *ma, json_t *mb,
		      struct fl_error *err)
{
	cleanup_free char *a = fact(ma, facts[i].key), *b = fact(mb, facts[i].key);
	bool insn = !strcmp(c->a.run.timebase, "insn");
	cleanup_free char *line = NULL;

	if (!strcmp(a, b) || (insn && facts[i].only_real))
		return 0;
	if (facts[i].refuses_real && !insn)
		return fl_fail(err, FL_USAGE,
			       "%s and %s were measured with another %s (%s, %s): their times do "
			       "not compare",
			       c->side_a, c->side_b, facts[i].what, a, b);
	line = fl_asprintf("%s: %s, %s", facts[i].what, a, b);
	fl_strv_push(&c->unfair, line);
	return 0;
}

static int check_machines(struct fl_comparison *c, struct fl_error *err)
{
	json_t *a = json_loads(c->a.run.machine_json, 0, NULL);
	json_t *b = json_loads(c->b.run.machine_json, 0, NULL);
	int bad = 0;

	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]) && !bad; i++)
		bad = check_fact(c, i, a, b, err);
	json_decref(a);
	json_decref(b);
	return bad;
}

/* The words of a side's kernels, each once. */
static char *kernels(const struct fl_summary *s, const struct fl_selection *sel)
{
	struct fl_strv said = { 0 };
	char *text = fl_strdup("");

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];
		cleanup_free char *name = NULL, *old = NULL;

		if (!fl_selection_takes(sel, p))
			continue;
		name = fl_asprintf("%s (%s)", p->kernel,
				   p->kernel_release ? p->kernel_release : "not booted");
		if ((!p->kernel_release && said.n) || !fl_strv_add(&said, name))
			continue;
		old = text;
		text = fl_asprintf("%s%s%s", old, *old ? " + " : "", name);
	}
	fl_strv_release(&said);
	return text;
}

static void note_differences(struct fl_comparison *c)
{
	cleanup_free char *ka = kernels(&c->a, &c->sa), *kb = kernels(&c->b, &c->sb);
	bool same_run = c->a.run.id == c->b.run.id;
	cleanup_free char *line = NULL;

	if (strcmp(ka, kb)) {
		line = fl_asprintf("kernel: %s, %s", ka, kb);
		fl_strv_push(&c->differs, line);
	}
	for (size_t i = 0; i < c->sa.keys.n; i++)
		for (size_t j = 0; j < c->sb.keys.n; j++) {
			cleanup_free char *text = NULL;

			if (strcmp(c->sa.keys.v[i], c->sb.keys.v[j]) ||
			    !strcmp(c->sa.values.v[i], c->sb.values.v[j]) ||
			    !strcmp(c->sa.keys.v[i], "kernel"))
				continue;
			text = fl_asprintf("%s: %s, %s", c->sa.keys.v[i], c->sa.values.v[i],
					   c->sb.values.v[j]);
			fl_strv_push(&c->differs, text);
		}
	if (strcmp(c->a.run.experiment, c->b.run.experiment))
		fl_strv_push(&c->unfair, "these are runs of different experiments");
	else if (strcmp(c->a.run.experiment_text, c->b.run.experiment_text))
		fl_strv_push(&c->unfair, "the experiment's file was changed between the runs");
	if (!same_run && strcmp(c->a.run.timebase, "insn"))
		fl_strv_push(&c->unfair, "the runs were not interleaved, so machine drift looks "
					 "like a change; measure both sides in one run (run -k "
					 "A,B) and compare RUN@kernel=A RUN@kernel=B");
	if (strcmp(c->a.run.state, "done") || strcmp(c->b.run.state, "done"))
		fl_strv_push(&c->unfair, "not both runs are complete");
}

/* Versions that stored no image of the guest had other meanings of some metrics. */
static bool measured_before(const struct fl_summary *s)
{
	for (size_t i = 0; i < s->n_points; i++)
		if (s->points[i].image || s->points[i].build)
			return false;
	return !strstr(s->run.machine_json, "\"accelerator\":\"none\"") &&
	       !strstr(s->run.machine_json, "\"accelerator\": \"none\"");
}

int fl_check_fair(struct fl_comparison *c, struct fl_error *err)
{
	if (strcmp(c->a.run.clock, c->b.run.clock) || strcmp(c->a.run.timebase, c->b.run.timebase))
		return fl_fail(
			err, FL_USAGE,
			"%s was measured with the clock %s (%s) and %s with %s (%s): they do "
			"not compare",
			c->side_a, c->a.run.clock, c->a.run.timebase, c->side_b, c->b.run.clock,
			c->b.run.timebase);
	if (check_machines(c, err))
		return -1;
	if (measured_before(&c->a) != measured_before(&c->b))
		return fl_fail(err, FL_USAGE,
			       "%s was measured by a version in which metrics had other meanings "
			       "(CHANGELOG.md); measure it again to compare it with %s",
			       measured_before(&c->a) ? c->side_a : c->side_b,
			       measured_before(&c->a) ? c->side_b : c->side_a);
	note_differences(c);
	fl_note_provenance(c);
	return 0;
}

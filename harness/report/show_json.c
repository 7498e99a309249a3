/* SPDX-License-Identifier: GPL-2.0 */
#include <jansson.h>
#include <stdlib.h>

#include "harness/report/cases.h"
#include "harness/report/crossing.h"
#include "harness/report/report.h"
#include "harness/report/verdict.h"
#include "harness/judge/summary.h"

/*
 * Reasons and releases come from a guest, commands from files: bytes that are no UTF-8 become
 * question marks, where jansson would drop the whole string.
 */
static json_t *text_json(const char *text)
{
	json_t *t = text ? json_string(text) : json_null();
	char *copy;

	if (t)
		return t;
	copy = fl_strdup(text);
	for (char *p = copy; *p; p++)
		if ((unsigned char)*p >= 0x80)
			*p = '?';
	t = json_string(copy);
	free(copy);
	return t;
}

static json_t *settings_json(const struct fl_stored_point *p)
{
	json_t *settings = json_object();

	for (size_t i = 0; i < p->n_settings; i++)
		json_object_set_new(settings, p->settings[i].name, text_json(p->settings[i].value));
	return settings;
}

static json_t *metrics_json(const struct fl_stored_point *p)
{
	json_t *metrics = json_object();

	for (size_t i = 0; i < p->n_metrics; i++)
		json_object_set_new(metrics, p->metrics[i].name,
				    json_pack("{s:f, s:o}", "value", p->metrics[i].value, "unit",
					      text_json(p->metrics[i].unit)));
	return metrics;
}

static json_t *point_json(const struct fl_summary *s, const struct fl_stored_point *p)
{
	return json_pack("{s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f, s:f, s:o}",
			 "point", (int)p->number, "repeat", (int)p->repeat, "status",
			 text_json(p->status), "reason", text_json(p->reason), "kernel",
			 text_json(p->kernel), "kernel_release", text_json(p->kernel_release),
			 "workload", text_json(p->workload), "workload_name",
			 text_json(p->workload_name), "settings", settings_json(p), "clock",
			 text_json(s->run.clock), "wall_s", p->wall_s, "clock_error_ns",
			 p->clock_error_ns, "metrics", metrics_json(p));
}

static json_t *run_json(const struct fl_summary *s, json_t *points)
{
	json_t *machine = json_loads(s->run.machine_json, 0, NULL);
	const char *accel = json_string_value(json_object_get(machine, "accelerator"));

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "run",
			 text_json(s->run.name), "experiment", text_json(s->run.experiment),
			 "about", text_json(s->run.about), "created", text_json(s->run.created),
			 "state", text_json(s->run.state), "accel", text_json(accel), "clock",
			 text_json(s->run.clock), "timebase", text_json(s->run.timebase), "seed",
			 (json_int_t)s->run.seed, "arguments", text_json(s->run.arguments),
			 "machine", machine ? machine : json_null(), "points", points);
}

int fl_show_json(FILE *out, struct fl_store *store, int64_t run, unsigned int point,
		 struct fl_error *err)
{
	struct fl_judged_crossings crossings = { 0 };
	struct fl_judged_claims claims = { 0 };
	struct fl_summary s;
	json_t *points = json_array(), *whole, *verdict;

	if (fl_summary_read(&s, store, run, err) || (point && !fl_summary_point(&s, point, err)) ||
	    fl_judge_claims(&claims, &s, err) || fl_judge_crossings(&crossings, &s, err)) {
		fl_judged_crossings_release(&crossings);
		fl_judged_claims_release(&claims);
		fl_summary_release(&s);
		json_decref(points);
		return -1;
	}
	for (size_t i = 0; i < s.n_points; i++)
		if (!point || s.points[i].number == point)
			json_array_append_new(points, point_json(&s, &s.points[i]));
	whole = run_json(&s, points);
	verdict = fl_verdict_json(&claims);
	if (!point)
		json_object_update(whole, verdict);
	json_decref(verdict);
	if (!point && s.cases.any)
		json_object_set_new(whole, "cases_changed", fl_cases_json(&s));
	if (!point && crossings.n)
		json_object_set_new(whole, "crossings", fl_crossing_json(&crossings));
	json_dumpf(whole, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15));
	fputc('\n', out);
	json_decref(whole);
	fl_judged_crossings_release(&crossings);
	fl_judged_claims_release(&claims);
	fl_summary_release(&s);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
#include <jansson.h>
#include <stdlib.h>

#include "harness/report/report.h"
#include "harness/report/summary.h"

static json_t *text_or_null(const char *text)
{
	json_t *t = text ? json_string(text) : NULL;

	return t ? t : json_null();
}

static json_t *point_json(const struct fl_summary *s, const struct fl_stored_point *p)
{
	json_t *settings = json_object(), *metrics = json_object();

	for (size_t i = 0; i < p->n_settings; i++)
		json_object_set_new(settings, p->settings[i].name,
				    json_string(p->settings[i].value));
	for (size_t i = 0; i < p->n_metrics; i++)
		json_object_set_new(metrics, p->metrics[i].name,
				    json_pack("{s:f, s:s}", "value", p->metrics[i].value, "unit",
					      p->metrics[i].unit));
	return json_pack("{s:i, s:i, s:s, s:o, s:s, s:o, s:s, s:s, s:o, s:s, s:f, s:f, s:o}",
			 "point", (int)p->number, "repeat", (int)p->repeat, "status", p->status,
			 "reason", text_or_null(p->reason), "kernel", p->kernel, "kernel_release",
			 text_or_null(p->kernel_release), "workload", p->workload, "workload_name",
			 p->workload_name, "settings", settings, "clock", s->run.clock, "wall_s",
			 p->wall_s, "clock_error_ns", p->clock_error_ns, "metrics", metrics);
}

int fl_show_json(FILE *out, struct fl_store *store, int64_t run, unsigned int point,
		 struct fl_error *err)
{
	struct fl_summary s;
	json_t *points = json_array(), *whole;

	if (fl_summary_read(&s, store, run, err)) {
		fl_summary_release(&s);
		json_decref(points);
		return -1;
	}
	for (size_t i = 0; i < s.n_points; i++)
		if (!point || s.points[i].number == point)
			json_array_append_new(points, point_json(&s, &s.points[i]));
	whole = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:o, s:o}", "run", s.run.name,
			  "experiment", s.run.experiment, "created", s.run.created, "state",
			  s.run.state, "clock", s.run.clock, "timebase", s.run.timebase, "seed",
			  (json_int_t)s.run.seed, "arguments", s.run.arguments, "machine",
			  json_loads(s.run.machine_json, 0, NULL), "points", points);
	json_dumpf(whole, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15));
	fputc('\n', out);
	json_decref(whole);
	fl_summary_release(&s);
	return 0;
}

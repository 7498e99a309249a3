/* SPDX-License-Identifier: GPL-2.0 */
#include <jansson.h>
#include <stdlib.h>

#include "harness/report/cases.h"
#include "harness/report/crossing.h"
#include "harness/report/json.h"
#include "harness/report/report.h"
#include "harness/report/show.h"
#include "harness/report/verdict.h"
#include "harness/judge/summary.h"

static json_t *settings_json(const struct fl_stored_point *p)
{
	json_t *settings = json_object();

	for (size_t i = 0; i < p->n_settings; i++)
		json_object_set_new(settings, p->settings[i].name,
				    fl_json_text(p->settings[i].value));
	return settings;
}

static json_t *metrics_json(const struct fl_show *show, const struct fl_stored_point *p)
{
	json_t *metrics = json_object();

	for (size_t i = 0; i < p->n_metrics; i++)
		if (fl_show_wants(show, p->metrics[i].name))
			json_object_set_new(metrics, p->metrics[i].name,
					    json_pack("{s:f, s:o}", "value", p->metrics[i].value,
						      "unit", fl_json_text(p->metrics[i].unit)));
	return metrics;
}

/* Kernels and images, that points name by their place in these lists. */
static json_t *builds_json(const struct fl_summary *s)
{
	json_t *builds = json_array();

	for (size_t i = 0; i < s->provenance.n_builds; i++) {
		struct fl_build b = s->provenance.builds[i].build;
		struct fl_build_fact facts[FL_BUILD_FACTS];
		json_t *o = json_object();

		fl_build_facts(&b, facts);
		for (size_t j = 0; j < FL_BUILD_FACTS; j++)
			json_object_set_new(o, facts[j].name, fl_json_text(*facts[j].value));
		json_array_append_new(builds, o);
	}
	return builds;
}

static json_t *images_json(const struct fl_summary *s)
{
	json_t *images = json_array();

	for (size_t i = 0; i < s->provenance.n_images; i++) {
		const struct fl_image_facts *f = &s->provenance.images[i].image;
		json_t *programs = json_object();

		for (size_t j = 0; j < f->programs.n; j++)
			json_object_set_new(programs, f->programs.v[j],
					    fl_json_text(f->hashes.v[j]));
		json_array_append_new(images, json_pack("{s:o, s:o}", "hash", fl_json_text(f->hash),
							"programs", programs));
	}
	return images;
}

/* The file's names of the kernels, and who filled them. */
static json_t *roles_json(const struct fl_summary *s)
{
	json_t *roles = json_object();

	for (size_t i = 0; i < s->run.roles.n; i++)
		json_object_set_new(roles, s->run.roles.v[i],
				    fl_json_text(s->run.role_kernels.v[i]));
	return roles;
}

static void put_provenance(json_t *whole, const struct fl_summary *s)
{
	json_object_set_new(whole, "roles", roles_json(s));
	json_object_set_new(whole, "builds", builds_json(s));
	json_object_set_new(whole, "images", images_json(s));
}

static json_t *build_place(const struct fl_summary *s, int64_t id)
{
	for (size_t i = 0; i < s->provenance.n_builds; i++)
		if (s->provenance.builds[i].id == id)
			return json_integer((json_int_t)i);
	return json_null();
}

static json_t *image_place(const struct fl_summary *s, int64_t id)
{
	for (size_t i = 0; i < s->provenance.n_images; i++)
		if (s->provenance.images[i].id == id)
			return json_integer((json_int_t)i);
	return json_null();
}

static json_t *point_json(const struct fl_show *show, const struct fl_summary *s,
			  const struct fl_stored_point *p)
{
	json_t *o = json_pack(
		"{s:i, s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:f, s:f, s:o}", "point",
		(int)p->number, "repeat", (int)p->repeat, "status", fl_json_text(p->status),
		"reason", fl_json_text(p->reason), "kernel", fl_json_text(p->kernel),
		"kernel_release", fl_json_text(p->kernel_release), "workload",
		fl_json_text(p->workload), "workload_name", fl_json_text(p->workload_name),
		"settings", settings_json(p), "clock", fl_json_text(s->run.clock), "wall_s",
		p->wall_s, "clock_error_ns", p->clock_error_ns, "metrics", metrics_json(show, p));

	json_object_set_new(o, "build", build_place(s, p->build));
	json_object_set_new(o, "image", image_place(s, p->image));
	json_object_set_new(o, "qemu", fl_json_text(p->qemu));
	return o;
}

static json_t *row_metrics_json(const struct fl_show *show, const struct fl_summary *s,
				const struct fl_row *row)
{
	json_t *metrics = json_object();

	for (size_t i = 0; i < row->n; i++) {
		const struct fl_stored_point *p = &s->points[row->points[i]];

		for (size_t j = 0; j < p->n_metrics; j++) {
			const char *name = p->metrics[j].name, *unit = "";
			const struct fl_metric *m = fl_summary_meaning(s, name);
			struct fl_spread v;

			if (json_object_get(metrics, name) || !fl_show_wants(show, name))
				continue;
			v = fl_summary_metric(s, row, name, &unit);
			if (v.n)
				json_object_set_new(metrics, name,
						    json_pack("{s:f, s:f, s:f, s:i, s:o, s:s?}",
							      "median", v.median, "min", v.least,
							      "max", v.most, "n", (int)v.n, "unit",
							      fl_json_text(unit), "class",
							      m ? fl_class_names[m->class] : NULL));
		}
	}
	return metrics;
}

static json_t *row_json(const struct fl_show *show, const struct fl_summary *s,
			const struct fl_row *row)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:o}", "row",
			 fl_json_text(row->label), "name", fl_json_text(row->name), "workload_name",
			 fl_json_text(row->workload_name), "workload", fl_json_text(row->workload),
			 "kernel", fl_json_text(row->kernel), "settings",
			 settings_json(&s->points[row->points[0]]), "boots", (int)row->n,
			 "boots_ok", (int)row->n_ok, "metrics", row_metrics_json(show, s, row));
}

static json_t *rows_json(const struct fl_show *show, const struct fl_summary *s)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < s->n_rows; i++)
		if (fl_show_takes(show, s, &s->rows[i]))
			json_array_append_new(rows, row_json(show, s, &s->rows[i]));
	return rows;
}

static json_t *run_json(const struct fl_summary *s, json_t *points)
{
	json_t *machine = json_loads(s->run.machine_json, 0, NULL);
	const char *accel = json_string_value(json_object_get(machine, "accelerator"));

	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}",
			 "schema", FL_JSON_SCHEMA, "run", fl_json_text(s->run.name), "experiment",
			 fl_json_text(s->run.experiment), "about", fl_json_text(s->run.about),
			 "created", fl_json_text(s->run.created), "state",
			 fl_json_text(s->run.state), "accel", fl_json_text(accel), "clock",
			 fl_json_text(s->run.clock), "timebase", fl_json_text(s->run.timebase),
			 "seed", (json_int_t)s->run.seed, "arguments",
			 fl_json_text(s->run.arguments), "machine", machine ? machine : json_null(),
			 "points", points);
}

int fl_show_json(FILE *out, struct fl_store *store, int64_t run, struct fl_show *show,
		 struct fl_error *err)
{
	struct fl_judged_crossings crossings = { 0 };
	struct fl_judged_claims claims = { 0 };
	struct fl_summary s;
	json_t *points = json_array(), *whole, *verdict;

	if (fl_summary_read(&s, store, run, err) || fl_show_check(show, &s, err) ||
	    (show->point && !fl_summary_point(&s, show->point, err)) ||
	    fl_judge_claims(&claims, &s, err) || fl_judge_crossings(&crossings, &s, err)) {
		fl_judged_crossings_release(&crossings);
		fl_judged_claims_release(&claims);
		fl_summary_release(&s);
		json_decref(points);
		return -1;
	}
	for (size_t i = 0; i < s.n_points; i++)
		if (fl_show_takes_point(show, &s, &s.points[i]))
			json_array_append_new(points, point_json(show, &s, &s.points[i]));
	whole = run_json(&s, points);
	put_provenance(whole, &s);
	verdict = fl_verdict_json(&claims);
	if (!show->point) {
		json_object_set_new(whole, "rows", rows_json(show, &s));
		json_object_update(whole, verdict);
	}
	json_decref(verdict);
	if (!show->point && s.cases.any)
		json_object_set_new(whole, "cases_changed", fl_cases_json(&s));
	if (!show->point && crossings.n)
		json_object_set_new(whole, "crossings", fl_crossing_json(&crossings));
	json_dumpf(whole, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15));
	fputc('\n', out);
	json_decref(whole);
	fl_judged_crossings_release(&crossings);
	fl_judged_claims_release(&claims);
	fl_summary_release(&s);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* For programs: JSON, and JUnit XML for CI servers. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/html.h"
#include "harness/report/junit.h"
#include "harness/try/say.h"

#define SCHEMA 1

static const char *const states[] = {
	[FL_TRY_LEFT_OUT] = "not run", [FL_TRY_GOOD] = "good",       [FL_TRY_WORSE] = "worse",
	[FL_TRY_BROKEN] = "broken",    [FL_TRY_UNKNOWN] = "unknown",
};

static json_t *list_of(const struct fl_strv *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n; i++)
		json_array_append_new(list, json_string(s->v[i]));
	return list;
}

static json_t *stages_of(const struct fl_try *t)
{
	json_t *stages = json_array();

	for (int i = 0; i < FL_TRY_STAGES; i++) {
		const struct fl_try_stage *s = &t->stages[i];
		json_t *one;

		if (!s->text)
			continue;
		one = json_pack("{s:s, s:s, s:s, s:o, s:f}", "stage", fl_try_names[i], "state",
				states[s->state], "text", s->text, "lines", list_of(&s->lines),
				"seconds", s->seconds);
		if (s->run)
			json_object_set_new(one, "run", json_string(s->run));
		json_array_append_new(stages, one);
	}
	return stages;
}

static json_t *functions_of(const struct fl_try_path *p)
{
	json_t *functions = json_array();

	for (size_t i = 0; i < p->n; i++) {
		const struct fl_try_function *f = &p->functions[i];
		json_t *one = json_pack("{s:s, s:f, s:f}", "function", f->name, "change", f->most,
					"calls_ratio", f->often);

		if (isnan(f->each))
			json_object_set_new(one, "is", json_string(f->gone ? "gone" : "new"));
		else
			json_object_set_new(one, "in_each_call", json_real(f->each));
		json_array_append_new(functions, one);
	}
	return functions;
}

static json_t *paths_of(const struct fl_try *t)
{
	json_t *paths = json_array();

	for (size_t i = 0; i < t->changes.n_paths; i++) {
		const struct fl_try_path *p = &t->changes.paths[i];

		json_array_append_new(paths,
				      json_pack("{s:s, s:s, s:f, s:f, s:s, s:s, s:i, s:o}", "path",
						p->entry, "verdict", fl_verdict_names[p->verdict],
						"base", p->a, "patch", p->b, "unit", "insn", "row",
						p->pair ? p->pair->name : "", "rows", (int)p->rows,
						"functions", functions_of(p)));
	}
	return paths;
}

static json_t *memory_of(const struct fl_try *t)
{
	json_t *memory = json_array();

	for (size_t i = 0; i < t->changes.n_memory; i++) {
		const struct fl_try_memory *m = &t->changes.memory[i];
		const struct fl_judged *j = m->judged;

		json_array_append_new(memory,
				      json_pack("{s:s, s:s, s:f, s:f, s:s, s:s, s:i}", "metric",
						j->metric, "verdict", fl_verdict_names[j->verdict],
						"base", j->a, "patch", j->b, "unit", j->unit, "row",
						m->pair->name, "rows", (int)m->rows));
	}
	return memory;
}

void fl_try_json(FILE *out, const struct fl_try *t, const char *line)
{
	cleanup_free char *verdict = fl_try_sentence(t), *base = fl_try_base_text(t);
	json_t *root = json_pack("{s:i, s:s, s:o, s:s, s:s, s:s, s:s, s:b, s:o}", "schema", SCHEMA,
				 "title", t->series->title, "patches",
				 list_of(&t->series->subjects), "base", base, "hash",
				 t->series->hash, "verdict", states[fl_try_verdict(t)], "sentence",
				 verdict, "identical", t->identical, "stages", stages_of(t));

	json_object_set_new(root, "repeat", json_string(line));
	if (t->compared && fl_try_verdict(t) < FL_TRY_BROKEN) {
		json_object_set_new(root, "runs",
				    json_pack("{s:s, s:s}", "base", t->base_run, "patch",
					      t->stages[FL_TRY_COST].run));
		json_object_set_new(root, "paths", paths_of(t));
		json_object_set_new(root, "memory", memory_of(t));
	}
	json_dumpf(root, out, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
	fputc('\n', out);
	json_decref(root);
}

void fl_try_junit(FILE *out, const struct fl_try *t)
{
	int tests = 0, failures = 0, skipped = 0;

	for (int i = 0; i < FL_TRY_STAGES; i++) {
		const struct fl_try_stage *s = &t->stages[i];

		tests += s->text != NULL;
		failures += s->text && s->state > FL_TRY_GOOD;
		skipped += s->text && s->state == FL_TRY_LEFT_OUT;
	}
	fl_junit_begin(out);
	fputs("<testsuite name=\"", out);
	fl_html(out, t->series->title);
	fprintf(out, "\" tests=\"%d\" failures=\"%d\" skipped=\"%d\">\n", tests, failures, skipped);
	for (int i = 0; i < FL_TRY_STAGES; i++) {
		const struct fl_try_stage *s = &t->stages[i];
		cleanup_free char *costs =
			i == FL_TRY_COST && t->compared ? fl_try_sentence(t) : NULL;

		if (!s->text)
			continue;
		fprintf(out, "<testcase classname=\"try\" name=\"%s\" time=\"%.1f\">",
			fl_try_names[i], s->seconds);
		if (s->state != FL_TRY_GOOD) {
			fputs(s->state == FL_TRY_LEFT_OUT ? "<skipped message=\""
							  : "<failure message=\"",
			      out);
			fl_html(out, costs ? costs : s->text);
			fputs("\">", out);
			for (size_t k = 0; k < s->lines.n; k++) {
				fl_html(out, s->lines.v[k]);
				fputc('\n', out);
			}
			fputs(s->state == FL_TRY_LEFT_OUT ? "</skipped>" : "</failure>", out);
		}
		fputs("</testcase>\n", out);
	}
	fputs("</testsuite>\n", out);
	fl_junit_end(out);
}

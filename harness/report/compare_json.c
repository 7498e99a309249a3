/* SPDX-License-Identifier: GPL-2.0 */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/pair_path.h"
#include "harness/report/compare.h"
#include "harness/report/json.h"

static json_t *word(const char *name)
{
	cleanup_free char *text = fl_json_word(name);

	return json_string(text);
}

static json_t *metric_json(const struct fl_judged *j)
{
	json_t *o = json_object();

	json_object_set_new(o, "metric", json_string(j->metric));
	json_object_set_new(o, "unit", json_string(j->unit));
	json_object_set_new(o, "a", fl_json_number(j->a));
	json_object_set_new(o, "b", fl_json_number(j->b));
	json_object_set_new(o, "boots_a", json_integer((json_int_t)j->na));
	json_object_set_new(o, "boots_b", json_integer((json_int_t)j->nb));
	json_object_set_new(
		o, "interval_a",
		json_pack("[oo]", fl_json_number(j->of_a.low), fl_json_number(j->of_a.high)));
	json_object_set_new(
		o, "interval_b",
		json_pack("[oo]", fl_json_number(j->of_b.low), fl_json_number(j->of_b.high)));
	json_object_set_new(o, "change", fl_json_number(j->change));
	json_object_set_new(o, "shift", fl_json_number(j->shift));
	json_object_set_new(o, "class", word(fl_class_names[j->meaning->class]));
	json_object_set_new(o, "exact", json_boolean(j->exact));
	json_object_set_new(o, "interval",
			    json_pack("[oo]", fl_json_number(j->interval.low),
				      fl_json_number(j->interval.high)));
	json_object_set_new(o, "band", fl_json_number(j->band));
	json_object_set_new(o, "superiority", fl_json_number(j->superiority));
	if (!j->exact) {
		json_object_set_new(o, "p", fl_json_number(j->p));
		json_object_set_new(o, "p_adjusted", fl_json_number(j->adjusted));
		json_object_set_new(o, "p_holm", fl_json_number(j->holm));
		json_object_set_new(o, "detectable", fl_json_number(j->detectable));
		json_object_set_new(o, "boots_needed",
				    j->needed ? json_integer(j->needed) : json_null());
	}
	json_object_set_new(o, "verdict", word(fl_verdict_names[j->verdict]));
	json_object_set_new(o, "note", fl_json_text(j->note));
	return o;
}

static json_t *function_json(const struct fl_path_entry *e, const struct fl_path_function *f)
{
	return json_pack("{sssIsIsIsIsfsb}", "function", f->name, "insns_a",
			 (json_int_t)f->insns[0], "insns_b", (json_int_t)f->insns[1], "calls_a",
			 (json_int_t)f->calls[0], "calls_b", (json_int_t)f->calls[1], "change",
			 fl_path_change(e, f), "each", f->each);
}

static json_t *entry_json(const struct fl_pair *p, const struct fl_path_entry *e,
			  const struct fl_rules *rules)
{
	json_t *o = json_object(), *functions = json_array();

	for (size_t i = 0; i < e->n; i++)
		json_array_append_new(functions, function_json(e, &e->functions[i]));
	json_object_set_new(o, "entry", fl_json_text(e->name));
	json_object_set_new(o, "metric", fl_json_text(e->metric));
	json_object_set_new(o, "entries_a", json_integer((json_int_t)e->entries[0]));
	json_object_set_new(o, "entries_b", json_integer((json_int_t)e->entries[1]));
	json_object_set_new(o, "insns_a", json_integer((json_int_t)e->insns[0]));
	json_object_set_new(o, "insns_b", json_integer((json_int_t)e->insns[1]));
	json_object_set_new(o, "a", fl_json_number(fl_path_mean(e, 0)));
	json_object_set_new(o, "b", fl_json_number(fl_path_mean(e, 1)));
	json_object_set_new(o, "mix", fl_json_text(e->mix));
	json_object_set_new(o, "equal", json_boolean(fl_path_equal(e)));
	json_object_set_new(o, "verdict", word(fl_verdict_names[fl_pair_path_judge(p, e, rules)]));
	json_object_set_new(o, "functions", functions);
	return o;
}

static json_t *pair_json(const struct fl_pair *p, const struct fl_rules *rules)
{
	json_t *o = json_object(), *metrics = json_array(), *path = json_array();

	for (size_t i = 0; i < p->n; i++)
		json_array_append_new(metrics, metric_json(&p->judged[i]));
	json_object_set_new(o, "row", fl_json_text(p->label));
	json_object_set_new(o, "workload", fl_json_text(p->b->workload));
	json_object_set_new(o, "lost", json_boolean(p->lost));
	json_object_set_new(o, "comparable", json_boolean(!p->not_comparable));
	json_object_set_new(o, "first_touches",
			    json_pack("{s[oo]s[oo]sosisosb}", "p50", fl_json_number(p->p50_a),
				      fl_json_number(p->p50_b), "p99", fl_json_number(p->p99_a),
				      fl_json_number(p->p99_b), "shift",
				      fl_json_number(p->shift.ratio), "shift_percentile",
				      (int)p->shift.percentile, "shift_bin",
				      fl_json_number(p->shift.width), "shifted",
				      fabs(p->shift.ratio) > p->shift.width));
	json_object_set_new(o, "state", fl_json_text(p->state));
	for (size_t i = 0; i < p->path.n; i++)
		json_array_append_new(path, entry_json(p, &p->path.entries[i], rules));
	json_object_set_new(o, "path", path);
	json_object_set_new(o, "metrics", metrics);
	return o;
}

static json_t *list(const struct fl_strv *lines)
{
	json_t *a = json_array();

	for (size_t i = 0; i < lines->n; i++)
		json_array_append_new(a, fl_json_text(lines->v[i]));
	return a;
}

void fl_compare_json(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		     bool all)
{
	json_t *o = json_object(), *rows = json_array(), *counts = json_object();

	(void)all;
	for (size_t i = 0; i < c->n; i++)
		json_array_append_new(rows, pair_json(&c->pairs[i], rules));
	for (int v = 0; v < FL_VERDICTS; v++) {
		cleanup_free char *name = fl_json_word(fl_verdict_names[v]);

		json_object_set_new(counts, name, json_integer((json_int_t)c->counts[v]));
	}
	json_object_set_new(o, "schema", json_integer(FL_JSON_SCHEMA));
	json_object_set_new(o, "a", fl_json_text(c->side_a));
	json_object_set_new(o, "b", fl_json_text(c->side_b));
	json_object_set_new(o, "clock", json_string(c->b.run.clock));
	json_object_set_new(o, "timebase", json_string(c->b.run.timebase));
	json_object_set_new(o, "rules",
			    json_pack("{sfsfsfsf}", "relevant", rules->relevant, "floor",
				      rules->floor, "alpha", rules->alpha, "level", rules->level));
	json_object_set_new(o, "differs", list(&c->differs));
	json_object_set_new(o, "unfair", list(&c->unfair));
	json_object_set_new(o, "missing", list(&c->missing));
	json_object_set_new(o, "counts", counts);
	json_object_set_new(o, "rows", rows);
	json_dumpf(o, out, JSON_INDENT(1) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(12));
	fputc('\n', out);
	json_decref(o);
}

/* SPDX-License-Identifier: GPL-2.0 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "harness/report/compare.h"

/* JSON knows no infinity: what has no number is null. */
static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *metric_json(const struct fl_judged *j)
{
	json_t *o = json_object();

	json_object_set_new(o, "metric", json_string(j->metric));
	json_object_set_new(o, "unit", json_string(j->unit));
	json_object_set_new(o, "a", number(j->a));
	json_object_set_new(o, "b", number(j->b));
	json_object_set_new(o, "boots_a", json_integer((json_int_t)j->na));
	json_object_set_new(o, "boots_b", json_integer((json_int_t)j->nb));
	json_object_set_new(o, "interval_a",
			    json_pack("[oo]", number(j->of_a.low), number(j->of_a.high)));
	json_object_set_new(o, "interval_b",
			    json_pack("[oo]", number(j->of_b.low), number(j->of_b.high)));
	json_object_set_new(o, "change", number(j->change));
	json_object_set_new(o, "shift", number(j->shift));
	json_object_set_new(o, "class", json_string(fl_class_names[j->meaning->class]));
	json_object_set_new(o, "exact", json_boolean(j->exact));
	json_object_set_new(o, "interval",
			    json_pack("[oo]", number(j->interval.low), number(j->interval.high)));
	json_object_set_new(o, "band", number(j->band));
	json_object_set_new(o, "superiority", number(j->superiority));
	if (!j->exact) {
		json_object_set_new(o, "p", number(j->p));
		json_object_set_new(o, "p_adjusted", number(j->adjusted));
		json_object_set_new(o, "p_holm", number(j->holm));
		json_object_set_new(o, "detectable", number(j->detectable));
		json_object_set_new(o, "boots_needed",
				    j->needed ? json_integer(j->needed) : json_null());
	}
	json_object_set_new(o, "verdict", json_string(fl_verdict_names[j->verdict]));
	json_object_set_new(o, "note", j->note ? json_string(j->note) : json_null());
	return o;
}

static json_t *pair_json(const struct fl_pair *p)
{
	json_t *o = json_object(), *metrics = json_array();

	for (size_t i = 0; i < p->n; i++)
		json_array_append_new(metrics, metric_json(&p->judged[i]));
	json_object_set_new(o, "row", json_string(p->label));
	json_object_set_new(o, "workload", json_string(p->b->workload));
	json_object_set_new(o, "lost", json_boolean(p->lost));
	json_object_set_new(o, "comparable", json_boolean(!p->not_comparable));
	json_object_set_new(o, "first_touches",
			    json_pack("{s[oo]s[oo]sosisosb}", "p50", number(p->p50_a),
				      number(p->p50_b), "p99", number(p->p99_a), number(p->p99_b),
				      "shift", number(p->shift.ratio), "shift_percentile",
				      (int)p->shift.percentile, "shift_bin", number(p->shift.width),
				      "shifted", fabs(p->shift.ratio) > p->shift.width));
	json_object_set_new(o, "state", p->state ? json_string(p->state) : json_null());
	json_object_set_new(o, "metrics", metrics);
	return o;
}

static json_t *list(const struct fl_strv *lines)
{
	json_t *a = json_array();

	for (size_t i = 0; i < lines->n; i++)
		json_array_append_new(a, json_string(lines->v[i]));
	return a;
}

void fl_compare_json(FILE *out, const struct fl_comparison *c, const struct fl_rules *rules,
		     bool all)
{
	json_t *o = json_object(), *rows = json_array(), *counts = json_object();

	(void)all;
	for (size_t i = 0; i < c->n; i++)
		json_array_append_new(rows, pair_json(&c->pairs[i]));
	for (int v = 0; v < FL_VERDICTS; v++)
		json_object_set_new(counts, fl_verdict_names[v],
				    json_integer((json_int_t)c->counts[v]));
	json_object_set_new(o, "a", json_string(c->side_a));
	json_object_set_new(o, "b", json_string(c->side_b));
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

/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/try/changes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/judge/pair_path.h"

static double share(double a, double b)
{
	return a > 0 ? b / a - 1 : 0;
}

static int weight(enum fl_verdict v)
{
	return v == FL_WORSE ? 2 : v == FL_BETTER ? 1 : 0;
}

static struct fl_try_path *path_of(struct fl_try_changes *c, const char *entry)
{
	for (size_t i = 0; i < c->n_paths; i++)
		if (!strcmp(c->paths[i].entry, entry))
			return &c->paths[i];
	c->paths = fl_realloc(c->paths, (c->n_paths + 1) * sizeof(*c->paths));
	c->paths[c->n_paths] = (struct fl_try_path){ .entry = entry, .verdict = FL_SAME };
	return &c->paths[c->n_paths++];
}

/* Precision of the output: smaller changes count as none. */
#define EACH_MIN 0.005
#define OFTEN_MIN 0.01

static void take_function(struct fl_try_path *path, const struct fl_path_entry *e,
			  const struct fl_path_function *f)
{
	double change = fl_path_change(e, f), each = fl_path_change_of_call(f);
	bool both = f->insns[0] && f->insns[1];
	double often = both && f->calls[0] ? (double)f->calls[1] / (double)f->calls[0] : 1;
	struct fl_try_function *one = NULL;

	if (both && fabs(each) < EACH_MIN && fabs(often - 1) < OFTEN_MIN)
		return;
	for (size_t i = 0; i < path->n && !one; i++)
		if (!strcmp(path->functions[i].name, f->name))
			one = &path->functions[i];
	if (!one) {
		path->functions =
			fl_realloc(path->functions, (path->n + 1) * sizeof(*path->functions));
		one = &path->functions[path->n++];
		*one = (struct fl_try_function){ .name = f->name, .often = 1 };
	}
	if (fabs(change) < fabs(one->most))
		return;
	one->most = change;
	one->often = often;
	one->each = both ? each : NAN;
	one->gone = !f->insns[1];
}

/* "munmap in fork-density thp=always: +2.7 %, 18 calls" */
static void take_few(struct fl_try_changes *c, const struct fl_pair *p,
		     const struct fl_path_entry *e)
{
	fl_strv_pushf(&c->few, "%s in %s: %+.2g %% in %llu calls", fl_profile_title(e->name),
		      p->name, 100 * share(fl_path_mean(e, 0), fl_path_mean(e, 1)),
		      (unsigned long long)e->entries[0]);
}

/*
 * Of a path that is as long as it was: code that changed executes a whole number of instructions
 * more in each call, or is run each time.  Where ticks and the lists of the allocator fell makes a
 * fraction, or other numbers of calls.
 */
static bool is_of_code(const struct fl_path_entry *e, const struct fl_path_function *f)
{
	double each = fl_path_change_of_call(f);

	if (!f->insns[0] || !f->insns[1])
		return f->calls[0] + f->calls[1] >= e->entries[0];
	return f->calls[0] == f->calls[1] && fabs(each) > 0.5 && fabs(each - round(each)) < 0.02;
}

static bool any_of_code(const struct fl_path_entry *e)
{
	for (size_t i = 0; i < e->n_each; i++)
		if (is_of_code(e, &e->functions[i]))
			return true;
	return false;
}

static void take_entry(struct fl_try_changes *c, const struct fl_pair *p,
		       const struct fl_path_entry *e, const struct fl_rules *rules)
{
	enum fl_verdict v = fl_pair_path_judge(p, e, rules);
	double a = fl_path_mean(e, 0), b = fl_path_mean(e, 1);
	struct fl_try_path *path;

	if (fl_path_equal(e) || e->mix || v == FL_DIFFERS)
		return;
	if (!fl_profile_is_fault(e->name) && e->entries[0] < FL_PROFILE_CALLS_MIN) {
		if (v == FL_WORSE || v == FL_BETTER)
			take_few(c, p, e);
		return;
	}
	if (v == FL_SAME && !any_of_code(e))
		return;
	path = path_of(c, e->name);
	if (weight(v) > weight(path->verdict)) {
		path->verdict = v;
		path->rows = path->n = 0;
		path->pair = NULL;
	}
	if (v != path->verdict)
		return;
	path->rows++;
	if (!path->pair || fabs(share(a, b)) > fabs(share(path->a, path->b))) {
		path->pair = p;
		path->a = a;
		path->b = b;
	}
	for (size_t i = 0; i < e->n_each; i++)
		if (v != FL_SAME || is_of_code(e, &e->functions[i]))
			take_function(path, e, &e->functions[i]);
}

/* Memory that a program uses, and what it got; times follow from the paths. */
static bool is_of_memory(const struct fl_metric *m)
{
	switch (m->topic) {
	case FL_TOPIC_DENSITY:
	case FL_TOPIC_PRESSURE:
	case FL_TOPIC_MEMORY:
	case FL_TOPIC_HUGE:
	case FL_TOPIC_FOLIOS:
	case FL_TOPIC_SWAP:
		return true;
	default:
		break;
	}
	/* Cheaper faults, and more of them: the paths do not show it. */
	return !strcmp(m->name, "page_faults") ||
	       (m->owner == FL_OWNER_WORKLOAD && !fl_unit_is_timed(m->unit));
}

static void take_memory(struct fl_try_changes *c, const struct fl_pair *p,
			const struct fl_judged *j)
{
	for (size_t i = 0; i < c->n_memory; i++) {
		struct fl_try_memory *m = &c->memory[i];

		if (strcmp(m->judged->metric, j->metric) || m->judged->verdict != j->verdict)
			continue;
		m->rows++;
		if (fabs(j->change) > fabs(m->judged->change)) {
			m->judged = j;
			m->pair = p;
		}
		return;
	}
	c->memory = fl_realloc(c->memory, (c->n_memory + 1) * sizeof(*c->memory));
	c->memory[c->n_memory++] = (struct fl_try_memory){ j, p, 1 };
}

static void take_judged(struct fl_try_changes *c, const struct fl_pair *p,
			const struct fl_judged *j)
{
	if (!j->meaning)
		return;
	if (j->verdict == FL_INCONCLUSIVE && j->meaning->class != FL_UNJUDGED &&
	    j->meaning->topic != FL_TOPIC_HOST)
		fl_strv_add(&c->unknown, j->metric);
	if ((j->verdict == FL_WORSE || j->verdict == FL_BETTER) && is_of_memory(j->meaning))
		take_memory(c, p, j);
}

static void take_pair(struct fl_try_changes *c, const struct fl_pair *p,
		      const struct fl_rules *rules)
{
	if (p->not_comparable)
		return;
	c->rows++;
	if (p->state)
		fl_strv_pushf(&c->unlike, "%s: %s", p->name, p->state);
	for (size_t i = 0; i < p->path.n && !p->state; i++)
		take_entry(c, p, &p->path.entries[i], rules);
	for (size_t i = 0; i < p->n; i++)
		take_judged(c, p, &p->judged[i]);
}

static int by_size_of_function(const void *a, const void *b)
{
	const struct fl_try_function *f = a, *g = b;

	return (fabs(f->most) < fabs(g->most)) - (fabs(f->most) > fabs(g->most));
}

static int by_weight_of_path(const void *a, const void *b)
{
	const struct fl_try_path *p = a, *q = b;
	double x = fabs(share(p->a, p->b)), y = fabs(share(q->a, q->b));

	if (p->verdict != q->verdict)
		return weight(q->verdict) - weight(p->verdict);
	return (x < y) - (x > y);
}

static int by_weight_of_memory(const void *a, const void *b)
{
	const struct fl_try_memory *m = a, *n = b;
	double x = fabs(m->judged->change), y = fabs(n->judged->change);

	if (m->judged->verdict != n->judged->verdict)
		return weight(n->judged->verdict) - weight(m->judged->verdict);
	return (x < y) - (x > y);
}

void fl_try_changes(struct fl_try_changes *c, const struct fl_comparison *of,
		    const struct fl_rules *rules)
{
	*c = (struct fl_try_changes){ 0 };
	for (size_t i = 0; i < of->n; i++)
		take_pair(c, &of->pairs[i], rules);
	for (size_t i = 0; i < c->n_paths; i++) {
		struct fl_try_path *p = &c->paths[i];

		if (p->n)
			qsort(p->functions, p->n, sizeof(*p->functions), by_size_of_function);
		c->worse |= p->verdict == FL_WORSE;
		c->better |= p->verdict == FL_BETTER;
	}
	for (size_t i = 0; i < c->n_memory; i++) {
		c->worse |= c->memory[i].judged->verdict == FL_WORSE;
		c->better |= c->memory[i].judged->verdict == FL_BETTER;
	}
	if (c->n_paths)
		qsort(c->paths, c->n_paths, sizeof(*c->paths), by_weight_of_path);
	if (c->n_memory)
		qsort(c->memory, c->n_memory, sizeof(*c->memory), by_weight_of_memory);
}

void fl_try_changes_release(struct fl_try_changes *c)
{
	for (size_t i = 0; i < c->n_paths; i++)
		free(c->paths[i].functions);
	free(c->paths);
	free(c->memory);
	fl_strv_release(&c->few);
	fl_strv_release(&c->unlike);
	fl_strv_release(&c->unknown);
	*c = (struct fl_try_changes){ 0 };
}

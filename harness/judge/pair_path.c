/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/pair_path.h"

#include <string.h>

#include "harness/base/strv.h"

/* Of a row's first boot that has a profile, and whether one more boot gave another. */
static int read_row(struct fl_profile *p, bool *shaky, const struct fl_summary *s,
		    const struct fl_row *row, struct fl_store *store, struct fl_error *err)
{
	size_t read = 0;

	*p = (struct fl_profile){ 0 };
	for (size_t i = 0; i < row->n && read < FL_PROFILED; i++) {
		const struct fl_stored_point *point = &s->points[row->points[i]];
		struct fl_profile next = { 0 };
		struct fl_path path;

		if (strcmp(point->status, "ok") != 0)
			continue;
		if (fl_store_profile(store, point->id, &next, err))
			return -1;
		read += next.n > 0;
		if (!p->n) {
			*p = next;
			continue;
		}
		fl_path_compare(&path, p, &next);
		for (size_t j = 0; j < path.n; j++)
			*shaky = *shaky || !fl_path_equal(&path.entries[j]);
		fl_path_release(&path);
		fl_profile_release(&next);
	}
	return 0;
}

int fl_pair_path_read(struct fl_pair *p, const struct fl_comparison *c, struct fl_store *store,
		      struct fl_error *err)
{
	struct fl_profile a = { 0 }, b = { 0 };
	int bad;

	if (strcmp(c->a.run.timebase, "insn") != 0)
		return 0;
	bad = read_row(&a, &p->path_shaky, &c->a, p->a, store, err) ||
	      read_row(&b, &p->path_shaky, &c->b, p->b, store, err);
	if (!bad)
		fl_path_compare(&p->path, &a, &b);
	fl_profile_release(&a);
	fl_profile_release(&b);
	return bad ? -1 : 0;
}

static struct fl_judged *find(struct fl_pair *p, const char *metric)
{
	for (size_t i = 0; i < p->n; i++)
		if (!strcmp(p->judged[i].metric, metric))
			return &p->judged[i];
	return NULL;
}

static bool is_of_path(const struct fl_pair *p, const struct fl_judged *j)
{
	for (size_t i = 0; i < p->path.n; i++)
		if (!strcmp(p->path.entries[i].metric, j->metric))
			return true;
	return false;
}

enum fl_verdict fl_pair_path_judge(const struct fl_pair *p, const struct fl_path_entry *e,
				   const struct fl_rules *rules)
{
	if (fl_path_equal(e))
		return FL_SAME;
	return p->state || p->path.entries[0].mix ? FL_DIFFERS : fl_path_judge(e, rules->relevant);
}

void fl_pair_path_decide(struct fl_pair *p, const struct fl_rules *rules)
{
	bool seen[FL_VERDICTS] = { 0 };

	for (size_t i = 0; i < p->path.n; i++) {
		struct fl_judged *j = find(p, p->path.entries[i].metric);

		if (!j || !j->exact)
			continue;
		j->verdict = fl_pair_path_judge(p, &p->path.entries[i], rules);
		seen[j->verdict] = true;
	}
	for (size_t i = 0; i < p->n && p->path.n; i++) {
		struct fl_judged *j = &p->judged[i];

		if (!fl_unit_is_timed(j->meaning->unit) || is_of_path(p, j) || seen[j->verdict] ||
		    (j->verdict != FL_WORSE && j->verdict != FL_BETTER))
			continue;
		j->verdict = FL_DIFFERS;
		if (!j->note)
			j->note = fl_strdup(
				"no path of the row got worse or better: ticks, or the program");
	}
}

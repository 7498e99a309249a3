/* SPDX-License-Identifier: GPL-2.0 */
/* The fault path of a comparison: what a fault executes, and the functions that changed. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"
#include "harness/judge/pair_path.h"
#include "harness/report/compare.h"

#define FUNCTIONS_MAX 8
#define RARE_MAX 4 /* of a call that came seldom */

static const char *noun(const struct fl_path_entry *e)
{
	return fl_profile_is_fault(e->name) ? "fault" : "call";
}

static const char *title(const struct fl_path_entry *e)
{
	return fl_profile_is_fault(e->name) ? "fault path" : fl_profile_title(e->name);
}

static char *verdict_text(const struct fl_pair *p, const struct fl_path_entry *e,
			  const struct fl_rules *rules)
{
	switch (fl_pair_path_judge(p, e, rules)) {
	case FL_WORSE:
		return fl_strdup("worse");
	case FL_BETTER:
		return fl_strdup("better");
	case FL_SAME:
		return fl_asprintf("changed, below the threshold of %.3g %%",
				   100 * fl_path_threshold(e, rules->relevant));
	default:
		return fl_asprintf("not the same state: %s", e->mix     ? e->mix
							     : p->state ? p->state
									: "not the same faults");
	}
}

static char *count_text(const struct fl_path_entry *e)
{
	unsigned long long n = e->entries[0];

	if (e->entries[0] == e->entries[1])
		return fl_asprintf("%llu %s%s", n, noun(e), n == 1 ? "" : "s");
	return fl_asprintf("%llu and %llu %ss", (unsigned long long)e->entries[0],
			   (unsigned long long)e->entries[1], noun(e));
}

static void add_head(struct fl_strv *lines, const struct fl_pair *p, const struct fl_path_entry *e,
		     const struct fl_rules *rules)
{
	cleanup_free char *verdict = verdict_text(p, e, rules), *count = count_text(e);
	double a = fl_path_mean(e, 0), b = fl_path_mean(e, 1), percent = 100 * (b - a) / a;
	char change[32];

	snprintf(change, sizeof(change), fabs(percent) < 100 ? "%+.2g" : "%+.0f", percent);
	fl_strv_pushf(lines, "%s: %.2f -> %.2f insn a %s (%+.2f, %s %%), %s: %s", title(e), a, b,
		      noun(e), b - a, change, count, verdict);
}

/* One line. */
static size_t add_function(struct fl_strv *lines, const struct fl_path_entry *e,
			   const struct fl_path_function *f)
{
	double change = fl_path_change(e, f);
	unsigned long long a = f->calls[0], b = f->calls[1];

	if (!f->insns[0] || !f->insns[1])
		fl_strv_pushf(lines, "    %+.2f a %s: %s, %s, calls: %llu", change, noun(e),
			      f->name, f->insns[0] ? "gone" : "new", f->insns[0] ? a : b);
	else if (a == b)
		fl_strv_pushf(lines, "    %+.2f a %s: %s, %+.2f in each call, calls: %llu", change,
			      noun(e), f->name, fl_path_change_of_call(f), a);
	else
		fl_strv_pushf(lines, "    %+.2f a %s: %s, %+.2f a call, %llu and %llu calls",
			      change, noun(e), f->name, fl_path_change_of_call(f), a, b);
	return 1;
}

/* Calls that say nothing of the code: where a list ran empty, which path a single call took. */
static bool is_rare(const struct fl_path_entry *e)
{
	return !fl_profile_is_fault(e->name) && e->entries[0] < FL_PROFILE_CALLS_MIN;
}

static bool is_luck(const struct fl_path_function *f)
{
	return f->calls[0] < FL_PROFILE_CALLS_MIN && f->calls[1] < FL_PROFILE_CALLS_MIN;
}

static void add_functions(struct fl_strv *lines, const struct fl_path_entry *e)
{
	double rest = 0;

	bool rare = is_rare(e);
	size_t most = rare ? RARE_MAX : FUNCTIONS_MAX, shown = 0;

	for (size_t i = 0; i < e->n; i++)
		if (i < e->n_each && shown < most && !(rare && is_luck(&e->functions[i])))
			shown += add_function(lines, e, &e->functions[i]);
		else
			rest += fl_path_change(e, &e->functions[i]);
	if (e->n_each > shown)
		fl_strv_pushf(lines, "    %+.2f a %s: %zu functions more", rest, noun(e),
			      e->n - shown);
	else if (e->n > e->n_each)
		fl_strv_pushf(lines, "    %+.2f a %s: %zu functions, in some calls only", rest,
			      noun(e), e->n - e->n_each);
}

/* Chance, or an instruction or two in something that happens only a few times. */
static bool is_small(const struct fl_pair *p, const struct fl_path_entry *e,
		     const struct fl_rules *rules)
{
	return fl_pair_path_judge(p, e, rules) == FL_SAME && (!e->n_each || is_rare(e));
}

void fl_compare_path(const struct fl_pair *p, const struct fl_rules *rules, struct fl_strv *lines)
{
	for (size_t i = 0; i < p->path.n; i++) {
		const struct fl_path_entry *e = &p->path.entries[i];

		if (fl_path_equal(e) || is_small(p, e, rules))
			continue;
		add_head(lines, p, e, rules);
		if (!e->mix)
			add_functions(lines, e);
	}
	if (p->path_shaky)
		fl_strv_push(lines, "two boots of one kernel differ here: not exact");
}

char *fl_compare_path_sum(const struct fl_comparison *c)
{
	size_t rows = 0, equal = 0;

	for (size_t i = 0; i < c->n; i++) {
		const struct fl_path *path = &c->pairs[i].path;
		bool same = true;

		for (size_t j = 0; j < path->n; j++)
			same = same && fl_path_equal(&path->entries[j]);
		rows += path->n > 0;
		equal += path->n > 0 && same;
	}
	return rows ? fl_asprintf("%zu of %zu rows the same to the instruction", equal, rows)
		    : NULL;
}

/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/judge/path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/strv.h"
#include "harness/judge/path_renamed.h"

#define NEARLY 0.99              /* of an instruction per call: a signal ends some calls early */
#define SHARE_MIN 0.1            /* of the entries, in which a function that is `each` is called */
#define MIX_SHARE FL_PATH_CHANCE /* other faults, or other numbers of them */

/* The functions that tell one kind of fault from another. */
static const char *const kinds[] = {
	"do_anonymous_page",   "do_fault",      "do_huge_pmd_anonymous_page",
	"do_huge_pmd_wp_page", "do_numa_page",  "do_swap_page",
	"do_wp_page",          "hugetlb_fault",
};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* One stack's last function, in the profile's text. */
struct part {
	const char *metric, *entry, *function, *caller;
	size_t entry_len, function_len, caller_len;
	int side;
	uint64_t insns, calls;
};

static size_t take_parts(struct part *out, const struct fl_profile *p, int side)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct fl_profile_stack *s = &p->stacks[i];
		const char *last = strrchr(s->stack, ';');
		struct part part = {
			.entry = s->stack,
			.entry_len = strcspn(s->stack, ";"),
			.function = last ? last + 1 : s->stack,
			.side = side,
			.insns = s->insns,
			.calls = s->calls,
		};

		part.metric = fl_profile_metric(part.entry, part.entry_len);
		part.function_len = strcspn(part.function, ".");
		part.caller = last ? last : s->stack;
		while (part.caller > s->stack && part.caller[-1] != ';')
			part.caller--;
		part.caller_len = last ? strcspn(part.caller, ".;") : 0;
		if (part.metric)
			out[n++] = part;
	}
	return n;
}

static int compare_text(const char *a, size_t na, const char *b, size_t nb)
{
	int c = memcmp(a, b, na < nb ? na : nb);

	return c ? c : (na > nb) - (na < nb);
}

static int compare_entries(const struct part *x, const struct part *y)
{
	return strcmp(x->metric, y->metric);
}

static int by_entry_and_function(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int c = compare_entries(x, y);

	return c ? c : compare_text(x->function, x->function_len, y->function, y->function_len);
}

double fl_path_mean(const struct fl_path_entry *e, int side)
{
	return e->entries[side] ? (double)e->insns[side] / (double)e->entries[side] : 0;
}

double fl_path_change(const struct fl_path_entry *e, const struct fl_path_function *f)
{
	return (double)f->insns[1] / (double)e->entries[1] -
	       (double)f->insns[0] / (double)e->entries[0];
}

double fl_path_change_of_call(const struct fl_path_function *f)
{
	if (!f->calls[0] || !f->calls[1])
		return 0;
	return (double)f->insns[1] / (double)f->calls[1] -
	       (double)f->insns[0] / (double)f->calls[0];
}

/* In how many of the entries it is called, on the side where that is rarer, or where it is at all.
 */
static double share_of(const struct fl_path_entry *e, const struct fl_path_function *f)
{
	double a = (double)f->calls[0] / (double)e->entries[0];
	double b = (double)f->calls[1] / (double)e->entries[1];

	if (!f->insns[0] || !f->insns[1])
		return fmax(a, b);
	return fmin(a, b);
}

static bool changed_in_each(const struct fl_path_entry *e, const struct fl_path_function *f)
{
	double share = share_of(e, f);

	if (fabs(fl_path_change(e, f)) >= NEARLY)
		return true;
	if (!f->insns[0] || !f->insns[1])
		return share >= SHARE_MIN;
	return share >= SHARE_MIN && fabs(fl_path_change_of_call(f)) >= NEARLY;
}

/* One event more on one side says nothing about an entry with a thousand calls. */
static bool differs(const struct fl_path_entry *e, const struct fl_path_function *f)
{
	if (e->entries[0] == e->entries[1])
		return f->insns[0] != f->insns[1];
	return fl_path_change(e, f) != 0;
}

static uint64_t calls_of(const struct part *parts, size_t n, const char *function, int side)
{
	uint64_t calls = 0;

	for (size_t i = 0; i < n; i++)
		if (parts[i].side == side && parts[i].function_len == strlen(function) &&
		    !memcmp(parts[i].function, function, parts[i].function_len))
			calls += parts[i].calls;
	return calls;
}

/*
 * Different numbers of entries, or of kinds.  A kind that is gone while no other became more
 * frequent was inlined or renamed.
 */
static char *mix_of(const struct fl_path_entry *e, const struct part *parts, size_t n)
{
	double a = (double)e->entries[0], b = (double)e->entries[1];
	double most = MIX_SHARE * fmax(a, b), more = 0, less = 0, largest = 0;
	char *text = NULL;

	if (fabs(b - a) > most)
		return fl_asprintf("%.0f times in A and %.0f in B", a, b);
	if (!fl_profile_is_fault(e->name))
		return NULL;
	for (size_t i = 0; i < N_KINDS; i++) {
		double ka = (double)calls_of(parts, n, kinds[i], 0);
		double kb = (double)calls_of(parts, n, kinds[i], 1);

		more += fmax(kb - ka, 0);
		less += fmax(ka - kb, 0);
		if (fabs(kb - ka) <= largest)
			continue;
		largest = fabs(kb - ka);
		free(text);
		text = fl_asprintf("%s %.0f times in A and %.0f in B", kinds[i], ka, kb);
	}
	if (fmin(more, less) > most)
		return text;
	free(text);
	return NULL;
}

/* With the entry's largest change first; what changed in each call before the rest. */
struct ranked {
	struct fl_path_function f;
	double change;
};

static int by_change(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;

	if (x->f.each != y->f.each)
		return x->f.each ? -1 : 1;
	if (fabs(x->change) != fabs(y->change))
		return fabs(x->change) < fabs(y->change) ? 1 : -1;
	return strcmp(x->f.name, y->f.name);
}

static void rank(struct fl_path_entry *e)
{
	struct ranked *all = fl_calloc(e->n + 1, sizeof(*all));

	for (size_t i = 0; i < e->n; i++) {
		struct fl_path_function *f = &e->functions[i];

		f->each = changed_in_each(e, f);
		e->n_each += f->each;
		all[i] = (struct ranked){ *f, fl_path_change(e, f) };
	}
	qsort(all, e->n, sizeof(*all), by_change);
	for (size_t i = 0; i < e->n; i++)
		e->functions[i] = all[i].f;
	free(all);
}

static void keep_what_differs(struct fl_path_entry *e)
{
	size_t n = 0;

	for (size_t i = 0; i < e->n; i++)
		if (differs(e, &e->functions[i]))
			e->functions[n++] = e->functions[i];
		else
			free(e->functions[i].name);
	e->n = n;
}

/* Who calls the function most on that side; malloc'd. */
static char *caller_of(const struct part *parts, size_t n, const char *function, int side)
{
	const struct part *most = NULL;

	for (size_t i = 0; i < n; i++)
		if (parts[i].side == side && parts[i].function_len == strlen(function) &&
		    !memcmp(parts[i].function, function, parts[i].function_len) &&
		    (!most || parts[i].calls > most->calls))
			most = &parts[i];
	return most ? strndup(most->caller, most->caller_len) : fl_strdup("");
}

/* B's goes into A's. */
static void merge(struct fl_path_function *a, struct fl_path_function *b)
{
	char *name = fl_asprintf("%s -> %s", a->name, b->name);

	for (int side = 0; side < 2; side++) {
		a->insns[side] += b->insns[side];
		a->calls[side] += b->calls[side];
		b->insns[side] = b->calls[side] = 0;
	}
	free(a->name);
	a->name = name;
}

/* Which side alone calls it; -1: both do. */
static int alone(const struct fl_path_function *f)
{
	for (int side = 0; side < 2; side++)
		if (f->calls[side] && f->calls[side] >= FL_RENAMED_ALONE * f->calls[!side])
			return side;
	return -1;
}

static void pair_renamed(struct fl_path_entry *e, const struct part *parts, size_t n_parts)
{
	struct fl_path_alone *v = fl_calloc(e->n + 1, sizeof(*v));
	size_t *of = fl_calloc(e->n + 1, sizeof(*of)), *other = fl_calloc(e->n + 1, sizeof(*other));
	size_t n = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct fl_path_function *f = &e->functions[i];
		int side = alone(f);

		if (side < 0)
			continue;
		of[n] = i;
		v[n++] = (struct fl_path_alone){
			.side = side,
			.name = f->name,
			.caller = caller_of(parts, n_parts, f->name, side),
			.calls = (double)f->calls[side] / (double)e->entries[side],
			.insns = (double)f->insns[side] / (double)f->calls[side],
			.share = (double)f->insns[side] / (double)e->insns[side],
		};
	}
	fl_path_pair_renamed(v, n, other);
	for (size_t i = 0; i < n; i++) {
		free((char *)v[i].caller);
		if (!v[i].side && other[i] != FL_PATH_NOBODY)
			merge(&e->functions[of[i]], &e->functions[of[other[i]]]);
	}
	free(v);
	free(of);
	free(other);
}

/* The n parts of one entry, sorted by function. */
static void take_entry(struct fl_path *p, const struct part *parts, size_t n)
{
	struct fl_path_entry e = {
		.name = strndup(parts->entry, parts->entry_len),
		.metric = parts->metric,
		.functions = fl_calloc(n, sizeof(*e.functions)),
	};

	for (size_t i = 0; i < n; i++) {
		struct fl_path_function *f;

		if (!i || by_entry_and_function(&parts[i], &parts[i - 1]) != 0)
			e.functions[e.n++].name = strndup(parts[i].function, parts[i].function_len);
		f = &e.functions[e.n - 1];
		f->insns[parts[i].side] += parts[i].insns;
		f->calls[parts[i].side] += parts[i].calls;
		e.insns[parts[i].side] += parts[i].insns;
		if (!strcmp(f->name, e.name))
			e.entries[parts[i].side] += parts[i].calls;
	}
	p->entries[p->n++] = e;
	if (!e.entries[0] || !e.entries[1])
		return;
	p->entries[p->n - 1].mix = mix_of(&e, parts, n);
	pair_renamed(&p->entries[p->n - 1], parts, n);
	keep_what_differs(&p->entries[p->n - 1]);
	rank(&p->entries[p->n - 1]);
}

static void release_entry(struct fl_path_entry *e)
{
	for (size_t i = 0; i < e->n; i++)
		free(e->functions[i].name);
	free(e->functions);
	free(e->mix);
	free(e->name);
}

void fl_path_compare(struct fl_path *p, const struct fl_profile *a, const struct fl_profile *b)
{
	struct part *parts = fl_calloc(a->n + b->n + 1, sizeof(*parts));
	size_t n = take_parts(parts, a, 0), end;

	n += take_parts(parts + n, b, 1);
	*p = (struct fl_path){ .entries = fl_calloc(FL_PROFILE_METRICS + 1, sizeof(*p->entries)) };
	qsort(parts, n, sizeof(*parts), by_entry_and_function);
	for (size_t i = 0; i < n; i = end) {
		struct fl_path_entry *e = &p->entries[p->n];

		for (end = i; end < n && !compare_entries(&parts[i], &parts[end]); end++)
			;
		take_entry(p, parts + i, end - i);
		if (!e->entries[0] || !e->entries[1])
			release_entry(&p->entries[--p->n]);
	}
	free(parts);
}

void fl_path_release(struct fl_path *p)
{
	for (size_t i = 0; i < p->n; i++)
		release_entry(&p->entries[i]);
	free(p->entries);
	*p = (struct fl_path){ 0 };
}

bool fl_path_equal(const struct fl_path_entry *e)
{
	return !e->n && e->entries[0] == e->entries[1];
}

double fl_path_threshold(const struct fl_path_entry *e, double threshold)
{
	return fl_profile_is_fault(e->name) ? threshold : FL_PATH_CALLS * threshold;
}

#define LUCK_MAX 100 /* calls of a function that say nothing of it */

/*
 * How much longer B's call is by its code, not because it happened to need a slab or a batch of
 * pages, which a few calls do and others do not.
 */
static double change_of_code(const struct fl_path_entry *e)
{
	double change = 0;

	for (size_t i = 0; i < e->n; i++) {
		const struct fl_path_function *f = &e->functions[i];
		uint64_t most = f->calls[0] > f->calls[1] ? f->calls[0] : f->calls[1];

		if (most >= LUCK_MAX)
			change += fl_path_change(e, f);
	}
	return change;
}

static enum fl_verdict judge_call(const struct fl_path_entry *e, double threshold)
{
	double change = change_of_code(e);

	if (fabs(change) <= fl_path_threshold(e, threshold) * fl_path_mean(e, 0) || change == 0)
		return FL_SAME;
	return change > 0 ? FL_WORSE : FL_BETTER;
}

enum fl_verdict fl_path_judge(const struct fl_path_entry *e, double threshold)
{
	double a = fl_path_mean(e, 0), change = fl_path_mean(e, 1) - a, each = 0, least;

	if (e->mix)
		return FL_DIFFERS;
	if (!fl_profile_is_fault(e->name))
		return judge_call(e, threshold);
	for (size_t i = 0; i < e->n_each; i++)
		each += fl_path_change(e, &e->functions[i]);
	least = fabs(each) >= NEARLY * SHARE_MIN ? threshold : fmax(threshold, FL_PATH_CHANCE);
	if (fabs(change) <= least * a || change == 0)
		return FL_SAME;
	return change > 0 ? FL_WORSE : FL_BETTER;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's own mm selftests: does each case end as on the base? */
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/experiment/claim.h"
#include "harness/judge/summary.h"
#include "harness/try/evidence.h"
#include "harness/try/stages.h"

#define SHOWN 5
#define TRIES 3 /* a case that passes in one of them is flaky, and no failure */

/* The cases of a run, by the command that has them. */
struct tests {
	struct test {
		char *command;
		struct fl_case_list cases;
	} * v;
	size_t n;
};

static void release(struct tests *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->v[i].command);
		fl_cases_free(t->v[i].cases.v, t->v[i].cases.n);
	}
	free(t->v);
	*t = (struct tests){ 0 };
}

static int take(struct tests *t, struct fl_store *store, const struct fl_stored_point *p,
		struct fl_error *err)
{
	struct fl_case_list cases = { 0 };

	if (fl_store_cases(store, p->id, &cases.v, &cases.n, err))
		return -1;
	t->v = fl_realloc(t->v, (t->n + 1) * sizeof(*t->v));
	t->v[t->n++] = (struct test){ fl_strdup(p->workload), cases };
	return 0;
}

static int read_tests(struct tests *t, const char *run, struct fl_error *err)
{
	struct fl_stored_point *points = NULL;
	struct fl_store *store;
	size_t n = 0;
	int64_t id;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, run, &id, err) ||
	      fl_store_points(store, id, &points, &n, err);
	for (size_t i = 0; i < n && !bad; i++)
		bad = take(t, store, &points[i], err);
	fl_stored_points_free(points, n);
	fl_store_close(store);
	return bad;
}

/* A case that passed on the base, and in no try with the patch so far. */
struct suspect {
	const struct test *test; /* of the base */
	const struct fl_case *was;
	const struct fl_case *is; /* of the last try; NULL: gone */
};

struct suspects {
	struct suspect *v;
	size_t n;
};

/* Does it pass with the patch?  Sets what it is. */
static bool passes(struct suspect *s, const struct tests *patch)
{
	s->is = NULL;
	for (size_t i = 0; i < patch->n && !s->is; i++)
		if (!strcmp(patch->v[i].command, s->test->command))
			s->is = fl_case_partner(&s->test->cases, &patch->v[i].cases, s->was);
	return s->is && s->is->outcome == FL_CASE_PASS;
}

static void find_suspects(struct suspects *s, const struct tests *base, const struct tests *patch)
{
	for (size_t i = 0; i < base->n; i++)
		for (size_t k = 0; k < base->v[i].cases.n; k++) {
			struct suspect one = { .test = &base->v[i], .was = &base->v[i].cases.v[k] };

			if (one.was->outcome != FL_CASE_PASS || passes(&one, patch))
				continue;
			s->v = fl_realloc(s->v, (s->n + 1) * sizeof(*s->v));
			s->v[s->n++] = one;
		}
}

/* Removes those that pass now. */
static void acquit(struct suspects *s, const struct tests *patch)
{
	size_t left = 0;

	for (size_t i = 0; i < s->n; i++)
		if (!passes(&s->v[i], patch))
			s->v[left++] = s->v[i];
	s->n = left;
}

/* --- what the experiment knows to be flaky, on any kernel --- */

static int read_claims(struct fl_claims *c, const char *run, struct fl_error *err)
{
	struct fl_stored_run stored = { 0 };
	struct fl_store *store;
	int64_t id;
	int bad;

	if (fl_store_open(&store, true, err))
		return -1;
	bad = fl_store_find_run(store, run, &id, err) || fl_store_run(store, id, &stored, err) ||
	      fl_claims_parse(c, stored.experiment_text, err);
	fl_stored_run_release(&stored);
	fl_store_close(store);
	return bad;
}

static bool is_explained(const struct fl_claims *c, const struct suspect *s)
{
	const enum fl_case_outcome is = s->is ? s->is->outcome : FL_CASE_GONE;

	for (size_t i = 0; i < c->n_explained; i++) {
		const struct fl_explained *e = &c->explained[i];

		if (!e->of.keys.n && !fnmatch(e->cases, s->was->name, 0) &&
		    (!e->is || !strcmp(e->is, fl_case_outcomes[is])) &&
		    (!e->says || !fnmatch(e->says, s->is ? s->is->detail : "", 0)))
			return true;
	}
	return false;
}

/* A test that stops at a flaky case says nothing about the cases after it. */
static bool is_behind_one(const struct fl_claims *c, const struct suspects *all,
			  const struct suspect *s)
{
	for (size_t i = 0; i < all->n && !s->is; i++)
		if (all->v[i].test == s->test && is_explained(c, &all->v[i]))
			return true;
	return false;
}

static void excuse(struct suspects *s, const struct fl_claims *c)
{
	struct suspects left = { 0 };

	left.v = fl_calloc(s->n + 1, sizeof(*left.v));
	for (size_t i = 0; i < s->n; i++)
		if (!is_explained(c, &s->v[i]) && !is_behind_one(c, s, &s->v[i]))
			left.v[left.n++] = s->v[i];
	free(s->v);
	*s = left;
}

static int run_patched(struct fl_try *t, const struct fl_strv *commands, struct tests *patch,
		       struct fl_error *err)
{
	struct fl_try_order order =
		FL_TRY_ORDER(FL_TRY_TESTS, .experiment = "conformance", .quick = true);

	release(patch);
	fl_try_add_kernel(t, &order.kernels, true);
	fl_strv_push(&order.settings, "thp.promotion_threshold=1");
	for (size_t i = 0; i < commands->n; i++)
		fl_strv_push(&order.workloads, commands->v[i]);
	return fl_try_measure(t, &order, &t->stages[FL_TRY_TESTS].run, err) ||
	       read_tests(patch, t->stages[FL_TRY_TESTS].run, err);
}

static int try_again(struct fl_try *t, struct suspects *suspects, struct tests *patch,
		     struct fl_error *err)
{
	for (int i = 1; i < TRIES && suspects->n; i++) {
		struct fl_strv commands = { 0 };
		int bad;

		for (size_t k = 0; k < suspects->n; k++)
			fl_strv_add(&commands, suspects->v[k].test->command);
		bad = run_patched(t, &commands, patch, err);
		fl_strv_release(&commands);
		if (bad)
			return -1;
		acquit(suspects, patch);
	}
	return 0;
}

static void say(struct fl_try *t, const struct suspects *suspects, size_t all, bool flaky,
		size_t excused)
{
	struct fl_try_stage *stage = &t->stages[FL_TRY_TESTS];

	for (size_t i = 0; i < suspects->n && i < SHOWN; i++) {
		const struct suspect *s = &suspects->v[i];

		fl_strv_pushf(&stage->lines, "%s: pass -> %s%s%s", s->was->name,
			      fl_case_outcomes[s->is ? s->is->outcome : FL_CASE_GONE],
			      s->is && *s->is->detail ? ": " : "", s->is ? s->is->detail : "");
	}
	if (suspects->n)
		fl_try_end(t, FL_TRY_TESTS, FL_TRY_BROKEN,
			   fl_asprintf("%zu of %zu cases of the mm selftests pass on the base and "
				       "not with the patch, in %d tries",
				       suspects->n, all, TRIES));
	else if (excused)
		fl_try_end(t, FL_TRY_TESTS, FL_TRY_GOOD,
			   fl_asprintf("%zu cases of the mm selftests: what passes on the base "
				       "passes, but for %zu at and behind a case that is flaky on "
				       "any kernel",
				       all, excused));
	else
		fl_try_end(t, FL_TRY_TESTS, FL_TRY_GOOD,
			   fl_asprintf("%zu cases of the mm selftests: what passes on the base "
				       "passes%s",
				       all, flaky ? " (some at a second try)" : ""));
}

static int judge(struct fl_try *t, const struct tests *base, struct tests *patch,
		 struct fl_error *err)
{
	struct suspects suspects = { 0 };
	struct fl_claims claims = { 0 };
	size_t all = 0, before;
	bool flaky;
	int bad;

	for (size_t i = 0; i < base->n; i++)
		all += base->v[i].cases.n;
	find_suspects(&suspects, base, patch);
	flaky = suspects.n > 0;
	bad = try_again(t, &suspects, patch, err) ||
	      read_claims(&claims, t->stages[FL_TRY_TESTS].run, err);
	before = suspects.n;
	if (!bad) {
		excuse(&suspects, &claims);
		say(t, &suspects, all, flaky, before - suspects.n);
	}
	free(suspects.v);
	fl_claims_release(&claims);
	return bad;
}

int fl_try_test(struct fl_try *t, struct fl_error *err)
{
	struct fl_try_order order =
		FL_TRY_ORDER(FL_TRY_TESTS, .experiment = "conformance", .quick = true);
	cleanup_free char *base_run = NULL;
	struct tests base = { 0 }, patch = { 0 };
	const struct fl_strv all = { 0 };
	size_t bad_points, good;
	int bad;

	fl_strv_push(&order.settings, "thp.promotion_threshold=1");
	bad = fl_try_base(t, &order, &base_run, err) || read_tests(&base, base_run, err) ||
	      run_patched(t, &all, &patch, err) ||
	      fl_try_look(t, FL_TRY_TESTS, &bad_points, &good, err);
	if (!bad && !bad_points)
		bad = judge(t, &base, &patch, err);
	release(&base);
	release(&patch);
	return bad ? -1 : t->stages[FL_TRY_TESTS].state == FL_TRY_BROKEN;
}

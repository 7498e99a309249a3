/* SPDX-License-Identifier: GPL-2.0 */
/* The answer of a try, as lines that every form of it has. */
#include "harness/try/say.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/strv.h"

#define FUNCTIONS_MAX 3

static void add(struct fl_try_lines *l, const char *head, char *text)
{
	l->v = fl_realloc(l->v, (l->n + 1) * sizeof(*l->v));
	l->v[l->n++] = (struct fl_try_said){ .head = head, .text = text };
}

static void add_coloured(struct fl_try_lines *l, const char *head, enum fl_try_state state,
			 char *text)
{
	add(l, head, text);
	l->v[l->n - 1].coloured = state != FL_TRY_LEFT_OUT;
	l->v[l->n - 1].colour = state == FL_TRY_GOOD      ? FL_GREEN
				: state == FL_TRY_UNKNOWN ? FL_YELLOW
							  : FL_RED;
}

static void add_evidence(struct fl_try_lines *l, const struct fl_strv *lines)
{
	for (size_t i = 0; i < lines->n; i++) {
		add(l, "", fl_strdup(lines->v[i]));
		l->v[l->n - 1].raw = true;
	}
}

void fl_try_lines_release(struct fl_try_lines *lines)
{
	for (size_t i = 0; i < lines->n; i++)
		free(lines->v[i].text);
	free(lines->v);
	*lines = (struct fl_try_lines){ 0 };
}

/* --- the costs --- */

/* "planted_delay new, do_anonymous_page +1.00 in each call" */
static char *functions_text(const struct fl_try_path *p)
{
	struct fl_strv texts = { 0 };
	char *text;

	for (size_t i = 0; i < p->n && i < FUNCTIONS_MAX; i++) {
		const struct fl_try_function *f = &p->functions[i];

		if (isnan(f->each))
			fl_strv_pushf(&texts, "%s %s (%+.2f)", f->name, f->gone ? "gone" : "new",
				      f->most);
		else if (fabs(f->often - 1) >= 0.01)
			fl_strv_pushf(&texts, "%s called %.2f times as often (%+.2f)", f->name,
				      f->often, f->most);
		else
			fl_strv_pushf(&texts, "%s %+.2f in each call", f->name, f->each);
	}
	if (p->n > FUNCTIONS_MAX)
		fl_strv_pushf(&texts, "%zu functions more", p->n - FUNCTIONS_MAX);
	text = fl_strv_join(&texts, ", ");
	fl_strv_release(&texts);
	return text;
}

static const char *word_of(enum fl_verdict v)
{
	return v == FL_WORSE ? "longer" : v == FL_BETTER ? "shorter" : "changed a little";
}

static char *path_text(const struct fl_try_path *p, size_t rows)
{
	double change = p->b - p->a;

	return fl_asprintf(
		"%s %s: %.2f -> %.2f insn (%+.2f, %+.2g %%) in %s; so in %zu of %zu rows",
		fl_profile_title(p->entry), word_of(p->verdict), p->a, p->b, change,
		p->a > 0 ? 100 * change / p->a : 0, p->pair ? p->pair->name : "?", p->rows, rows);
}

static void say_cost(struct fl_try_lines *l, const struct fl_try *t, size_t most)
{
	const struct fl_try_changes *c = &t->changes;

	if (!c->n_paths)
		add_coloured(
			l, "cost", FL_TRY_GOOD,
			fl_asprintf("none: no function executes more or less in each page fault "
				    "or system call, in %zu rows",
				    c->rows));
	for (size_t i = 0; i < c->n_paths && i < most; i++) {
		const struct fl_try_path *p = &c->paths[i];
		enum fl_try_state state = p->verdict == FL_WORSE    ? FL_TRY_WORSE
					  : p->verdict == FL_BETTER ? FL_TRY_GOOD
								    : FL_TRY_UNKNOWN;
		cleanup_free char *functions = functions_text(p);

		add_coloured(l, i ? "" : "cost", state, path_text(p, c->rows));
		if (*functions)
			add(l, "", fl_asprintf("  %s", functions));
	}
	if (c->n_paths > most)
		add(l, "",
		    fl_asprintf("%zu more path%s", c->n_paths - most,
				c->n_paths - most == 1 ? "" : "s"));
}

static char *memory_text(const struct fl_try_memory *m)
{
	const struct fl_judged *j = m->judged;
	char unit[24], change[32];
	double per = fl_readable(j->unit, fmax(fabs(j->a), fabs(j->b)), unit, sizeof(unit));

	fl_judged_change(j, change, sizeof(change));
	return fl_asprintf("%s %s: %.4g -> %.4g%s%s (%s) in %s; so in %zu row%s", j->metric,
			   j->verdict == FL_WORSE ? "worse" : "better", j->a / per, j->b / per,
			   *unit ? " " : "", unit, change, m->pair->name, m->rows,
			   m->rows == 1 ? "" : "s");
}

static void say_memory(struct fl_try_lines *l, const struct fl_try *t, size_t most)
{
	const struct fl_try_changes *c = &t->changes;

	if (!c->n_memory)
		add_coloured(l, "memory", FL_TRY_GOOD,
			     fl_asprintf("the same: RSS, huge pages, page tables, charge and what "
					 "stays behind"));
	for (size_t i = 0; i < c->n_memory && i < most; i++)
		add_coloured(l, i ? "" : "memory",
			     c->memory[i].judged->verdict == FL_WORSE ? FL_TRY_WORSE : FL_TRY_GOOD,
			     memory_text(&c->memory[i]));
	if (c->n_memory > most)
		add(l, "",
		    fl_asprintf("%zu more measure%s", c->n_memory - most,
				c->n_memory - most == 1 ? "" : "s"));
}

/* What could not be decided, and what would have decided it. */
static void say_unsure(struct fl_try_lines *l, const struct fl_try *t)
{
	const struct fl_try_changes *c = &t->changes;
	cleanup_free char *unknown = fl_strv_join(&c->unknown, ", ");

	for (size_t i = 0; i < c->unlike.n && i < 2; i++)
		add(l, i ? "" : "unlike", fl_strdup(c->unlike.v[i]));
	if (c->unlike.n > 2)
		add(l, "", fl_asprintf("%zu rows more got different things", c->unlike.n - 2));
	add(l, "unsure",
	    fl_asprintf("A change of one instruction in a path would show, and of %.2g %% it "
			"counts.  Caches, TLBs and waiting for locks are not in instructions.",
			100 * t->options->rules.relevant));
	if (c->few.n)
		add(l, "",
		    fl_asprintf("Too few calls to tell from ticks: %s%s", c->few.v[0],
				c->few.n > 1 ? ", ..." : ""));
	if (*unknown)
		add(l, "", fl_asprintf("Too few boots: %s", unknown));
}

/* --- the rest --- */

static void say_stage(struct fl_try_lines *l, const struct fl_try *t, enum fl_try_name name)
{
	const struct fl_try_stage *s = &t->stages[name];

	if (!s->text)
		return;
	add_coloured(l, fl_try_names[name], s->state, fl_strdup(s->text));
	add_evidence(l, &s->lines);
}

void fl_try_say(struct fl_try_lines *l, const struct fl_try *t, size_t most)
{
	enum fl_try_state verdict = fl_try_verdict(t);

	for (int i = 0; i < FL_TRY_COST; i++)
		say_stage(l, t, (enum fl_try_name)i);
	/* No costs for a broken kernel. */
	if (t->compared && verdict < FL_TRY_BROKEN) {
		say_cost(l, t, most);
		say_memory(l, t, most);
	} else {
		say_stage(l, t, FL_TRY_COST);
	}
	say_stage(l, t, FL_TRY_TIME);
	if (t->compared && verdict < FL_TRY_BROKEN)
		say_unsure(l, t);
	add_coloured(l, "verdict", verdict, fl_try_sentence(t));
}

char *fl_try_touches(const struct fl_try *t)
{
	const struct fl_diff *d = &t->series->diff;
	unsigned int added = 0, removed = 0;
	struct fl_strv names = { 0 };
	cleanup_free char *list = NULL;
	size_t functions = fl_diff_functions(d);
	char *text;

	for (size_t i = 0; i < d->n; i++) {
		added += d->files[i].added;
		removed += d->files[i].removed;
		for (size_t k = 0; k < d->files[i].functions.n; k++)
			if (names.n < FUNCTIONS_MAX + 1)
				fl_strv_add(&names, d->files[i].functions.v[k]);
	}
	list = fl_strv_join(&names, ", ");
	text = fl_asprintf("%zu patch%s, %zu file%s, +%u -%u%s%s%s", t->series->subjects.n,
			   t->series->subjects.n == 1 ? "" : "es", d->n, d->n == 1 ? "" : "s",
			   added, removed, functions ? ": " : "", list,
			   functions > names.n ? ", ..." : "");
	fl_strv_release(&names);
	return text;
}

char *fl_try_base_text(const struct fl_try *t)
{
	if (t->series->tree)
		return fl_asprintf("%s of %s, %.12s%s%s%s", t->series->range, t->series->tree,
				   t->series->commit, t->base_release ? " (" : "",
				   t->base_release ? t->base_release : "",
				   t->base_release ? ")" : "");
	return fl_asprintf("%s%s%s", t->options->base, t->base_release ? " " : "",
			   t->base_release ? t->base_release : "");
}

/* "longer: page fault +0.9 %, munmap +3 %" */
static void join_paths(struct fl_strv *clauses, const struct fl_try *t, enum fl_verdict v,
		       const char *verb)
{
	struct fl_strv names = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < t->changes.n_paths; i++)
		if (t->changes.paths[i].verdict == v)
			fl_strv_pushf(&names, "%s %+.2g %%",
				      fl_profile_title(t->changes.paths[i].entry),
				      100 * (t->changes.paths[i].b / t->changes.paths[i].a - 1));
	list = fl_strv_join(&names, ", ");
	if (names.n)
		fl_strv_pushf(clauses, "%s %s", verb, list);
	fl_strv_release(&names);
}

static void join_memory(struct fl_strv *clauses, const struct fl_try *t, enum fl_verdict v,
			const char *verb)
{
	struct fl_strv names = { 0 };
	cleanup_free char *list = NULL;

	for (size_t i = 0; i < t->changes.n_memory; i++)
		if (t->changes.memory[i].judged->verdict == v && names.n < 3)
			fl_strv_add(&names, t->changes.memory[i].judged->metric);
	list = fl_strv_join(&names, ", ");
	if (names.n)
		fl_strv_pushf(clauses, "%s %s", verb, list);
	fl_strv_release(&names);
}

static char *sentence_of_costs(const struct fl_try *t)
{
	struct fl_strv clauses = { 0 };
	char *text;

	join_paths(&clauses, t, FL_WORSE, "longer:");
	join_memory(&clauses, t, FL_WORSE, "worse:");
	join_paths(&clauses, t, FL_BETTER, "shorter:");
	join_memory(&clauses, t, FL_BETTER, "better:");
	if (t->stages[FL_TRY_TIME].state == FL_TRY_WORSE)
		fl_strv_push(&clauses, "something takes more time");
	if (!clauses.n && t->changes.n_paths)
		fl_strv_pushf(&clauses, "no change of %.2g %% and more; some paths changed by less",
			      100 * t->options->rules.relevant);
	if (!clauses.n)
		fl_strv_push(&clauses, "nothing changed that this measures");
	text = fl_strv_join(&clauses, "; ");
	fl_strv_release(&clauses);
	return text;
}

char *fl_try_sentence(const struct fl_try *t)
{
	static const char *const broken[FL_TRY_STAGES] = {
		[FL_TRY_BUILDS] = "it does not build; nothing was measured",
		[FL_TRY_BOOTS] = "it does not boot, or not cleanly; nothing was measured",
		[FL_TRY_TESTS] = "a test fails with it; its costs were not measured",
		[FL_TRY_RACES] = "memory is wrong when two calls meet; its costs were not measured",
		[FL_TRY_KASAN] = "KASAN or a kernel check complains; its costs were not measured",
		[FL_TRY_COST] = "workloads fail with it; no verdict on its costs",
	};

	if (t->identical)
		return fl_strdup("nothing changed: the kernel is the same, byte for byte");
	for (int i = 0; i < FL_TRY_STAGES; i++)
		if (t->stages[i].state == FL_TRY_BROKEN && broken[i])
			return fl_strdup(broken[i]);
	if (!t->compared)
		return fl_strdup("its costs cannot be told");
	return sentence_of_costs(t);
}

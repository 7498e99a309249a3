/* SPDX-License-Identifier: GPL-2.0 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/profile.h"

#define SHOWN_MAX 40

/* All entries of the row's first point that has a profile. */
static int read_all(struct fl_profile *p, const struct fl_summary *s, const struct fl_row *row,
		    struct fl_store *store, struct fl_error *err)
{
	memset(p, 0, sizeof(*p));
	for (size_t i = 0; i < row->n && !p->n; i++) {
		const struct fl_stored_point *point = &s->points[row->points[i]];

		if (!strcmp(point->status, "ok") && fl_store_profile(store, point->id, p, err))
			return -1;
	}
	return 0;
}

struct weighed {
	char *entry;
	uint64_t insns;
	bool deep; /* who calls whom in it is told */
};

static int by_weight(const void *a, const void *b)
{
	const struct weighed *x = a, *y = b;

	return (x->insns < y->insns) - (x->insns > y->insns);
}

static void weigh(struct weighed *all, size_t *n, const struct fl_profile_stack *s)
{
	size_t len = strcspn(s->stack, ";"), i = 0;
	const char *callee = strchr(s->stack, ';');

	while (i < *n && (strlen(all[i].entry) != len || memcmp(all[i].entry, s->stack, len) != 0))
		i++;
	if (i == *n)
		all[(*n)++].entry = strndup(s->stack, len);
	all[i].insns += s->insns;
	all[i].deep = all[i].deep || (callee && strchr(callee + 1, ';'));
}

int fl_row_entries(struct fl_strv *entries, const struct fl_summary *s, const struct fl_row *row,
		   struct fl_store *store, struct fl_error *err)
{
	struct fl_profile p;
	struct weighed *all;
	size_t n = 0;
	int bad = read_all(&p, s, row, store, err);

	all = fl_calloc(p.n + 1, sizeof(*all));
	for (size_t i = 0; i < p.n; i++)
		weigh(all, &n, &p.stacks[i]);
	qsort(all, n, sizeof(*all), by_weight);
	for (size_t i = 0; i < n; i++) {
		if (all[i].deep && !fl_profile_is_fault(all[i].entry))
			fl_strv_push(entries, all[i].entry);
		free(all[i].entry);
	}
	free(all);
	fl_profile_release(&p);
	return bad;
}

int fl_row_entry(struct fl_profile *p, const struct fl_summary *s, const struct fl_row *row,
		 const char *entry, struct fl_store *store, struct fl_error *err)
{
	cleanup_free char *call = fl_asprintf("__x64_sys_%s", entry);

	if (read_all(p, s, row, store, err))
		return -1;
	for (size_t i = 0; i < p->n; i++)
		if (fl_profile_is_of(&p->stacks[i], call)) {
			entry = call;
			break;
		}
	fl_profile_keep(p, entry);
	return 0;
}

int fl_row_profile(struct fl_profile *p, const struct fl_summary *s, const struct fl_row *row,
		   struct fl_store *store, struct fl_error *err)
{
	return fl_row_entry(p, s, row, FL_PROFILE_FAULT, store, err);
}

/* A system call that nobody asked for is told without who calls whom in it. */
static bool is_flat(const struct fl_profile *p)
{
	for (size_t i = 0; i < p->n; i++) {
		const char *callee = strchr(p->stacks[i].stack, ';');

		if (callee && strchr(callee + 1, ';'))
			return false;
	}
	return true;
}

static void print_profile(FILE *out, const struct fl_profile *p, const char *entry)
{
	double faults = p->faults ? (double)p->faults : 1, all = (double)p->instructions;
	struct fl_profile_function *f;
	size_t n;
	bool flat = is_flat(p);

	f = fl_profile_functions(p, &n);
	if (fl_profile_is_fault(entry))
		fprintf(out,
			"fault path: %llu faults, %.1f instructions a fault (every one of them "
			"counted)\n",
			(unsigned long long)p->faults, all / faults);
	else
		fprintf(out,
			"%s: %llu calls, %.1f instructions a call (every one of them counted)\n",
			entry, (unsigned long long)p->faults, all / faults);
	fprintf(out, "  %10s %7s %10s  %s\n", "self", "share", "with calls", "function");
	for (size_t i = 0; i < n && i < SHOWN_MAX; i++) {
		fprintf(out, "  %10.1f %6.1f%% ", (double)f[i].self / faults,
			100 * (double)f[i].self / all);
		if (flat && strcmp(f[i].name, p->stacks[0].stack) != 0)
			fprintf(out, "%10s", "-");
		else
			fprintf(out, "%10.1f", (double)f[i].total / faults);
		fprintf(out, "  %s\n", f[i].name);
	}
	if (n > SHOWN_MAX)
		fprintf(out, "  and %zu functions more\n", n - SHOWN_MAX);
	free(f);
}

/* Any point of its row will do: only the first boot of a row is profiled, the others equal it. */
int fl_show_profile(FILE *out, struct fl_store *store, int64_t run, unsigned int number,
		    const char *entry, struct fl_error *err)
{
	const struct fl_stored_point *point;
	struct fl_profile p = { 0 };
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, run, err);

	point = bad ? NULL : fl_summary_point(&s, number, err);
	bad = point ? 0 : -1;
	for (size_t i = 0; i < s.n_rows && point && !bad && !p.n; i++)
		for (size_t j = 0; j < s.rows[i].n; j++)
			if (&s.points[s.rows[i].points[j]] == point)
				bad = fl_row_entry(&p, &s, &s.rows[i], entry, store, err);
	if (!bad && !p.instructions && !fl_profile_is_fault(entry))
		bad = fl_fail(err, FL_USAGE,
			      "%s: point %u has no profile of %s: it takes a call of it, and entry "
			      "= %s in the experiment",
			      s.run.name, number, entry, entry);
	else if (!bad && !p.n)
		bad = fl_fail(
			err, FL_USAGE,
			"%s: point %u has no profile: it takes --clock instructions, a kernel "
			"with its System.map and a QEMU with plugins",
			s.run.name, number);
	if (!bad) {
		fprintf(out, "%s point %u: %s\n", s.run.name, number, point->workload);
		print_profile(out, &p, entry);
	}
	fl_profile_release(&p);
	fl_summary_release(&s);
	return bad;
}

struct difference {
	const char *name;
	double a, b; /* a fault */
};

static int by_size(const void *x, const void *y)
{
	const struct difference *a = x, *b = y;
	double da = fabs(a->b - a->a), db = fabs(b->b - b->a);

	if (da != db)
		return da < db ? 1 : -1;
	return strcmp(a->name, b->name);
}

static size_t differences(struct difference *d, const struct fl_profile_function *a, size_t na,
			  double fa, const struct fl_profile_function *b, size_t nb, double fb)
{
	size_t n = 0;

	for (size_t i = 0; i < na; i++)
		d[n++] = (struct difference){ a[i].name, (double)a[i].self / fa, 0 };
	for (size_t i = 0; i < nb; i++) {
		size_t k = 0;

		while (k < na && strcmp(d[k].name, b[i].name) != 0)
			k++;
		if (k == na) {
			k = n++;
			d[k] = (struct difference){ b[i].name, 0, 0 };
		}
		d[k].b = (double)b[i].self / fb;
	}
	qsort(d, n, sizeof(*d), by_size);
	return n;
}

static void print_differences(FILE *out, const char *label, const char *noun,
			      const struct fl_profile *pa, const struct fl_profile *pb)
{
	double fa = pa->faults ? (double)pa->faults : 1, fb = pb->faults ? (double)pb->faults : 1;
	struct fl_profile_function *a, *b;
	struct difference *d;
	size_t na, nb, n, shown = 0;

	a = fl_profile_functions(pa, &na);
	b = fl_profile_functions(pb, &nb);
	d = fl_calloc(na + nb + 1, sizeof(*d));
	n = differences(d, a, na, fa, b, nb, fb);
	fprintf(out,
		"\n%s: a %s takes %.1f instructions in A, %.1f in B (%+.1f), of %llu and %llu "
		"%ss\n",
		label, noun, (double)pa->instructions / fa, (double)pb->instructions / fb,
		(double)pb->instructions / fb - (double)pa->instructions / fa,
		(unsigned long long)pa->faults, (unsigned long long)pb->faults, noun);
	for (size_t i = 0; i < n && shown < SHOWN_MAX; i++) {
		double change = d[i].b - d[i].a;

		if (fabs(change) < 0.05)
			break;
		if (!shown++)
			fprintf(out, "  %10s %10s %10s  %s\n", "A", "B", "B - A", "function");
		fprintf(out, "  %10.1f %10.1f %+10.1f  %s\n", d[i].a, d[i].b, change, d[i].name);
	}
	if (!shown)
		fputs("  no function differs by a tenth of an instruction\n", out);
	free(d);
	free(a);
	free(b);
}

/* Another compiler, or another caller, gives a function another ".isra.0". */
static void fold_copies(struct fl_profile *p)
{
	for (size_t i = 0; i < p->n; i++) {
		char *to = p->stacks[i].stack;

		for (const char *from = to; *from;) {
			if (*from == '.')
				from += strcspn(from, ";");
			else
				*to++ = *from++;
		}
		*to = '\0';
	}
}

int fl_compare_profile(FILE *out, const struct fl_comparison *c, struct fl_store *store,
		       const char *entry, struct fl_error *err)
{
	bool any = false;

	fprintf(out, "A        %s\nB        %s\n", c->side_a, c->side_b);
	for (size_t i = 0; i < c->differs.n; i++)
		fprintf(out, "%-8s %s\n", i ? "" : "differs", c->differs.v[i]);
	for (size_t i = 0; i < c->n; i++) {
		struct fl_profile a = { 0 }, b = { 0 };
		int bad = fl_row_entry(&a, &c->a, c->pairs[i].a, entry, store, err) ||
			  fl_row_entry(&b, &c->b, c->pairs[i].b, entry, store, err);

		if (!bad && a.instructions && b.instructions) {
			fold_copies(&a);
			fold_copies(&b);
			print_differences(out, c->pairs[i].label,
					  fl_profile_is_fault(entry) ? "fault" : "call", &a, &b);
			any = true;
		}
		fl_profile_release(&a);
		fl_profile_release(&b);
		if (bad)
			return -1;
	}
	return any ? 0
		   : fl_fail(err, FL_USAGE,
			     "no row has a profile on both sides: it takes --clock instructions, "
			     "kernels with their System.map and a QEMU with plugins");
}

/* SPDX-License-Identifier: GPL-2.0 */
/* Which profiles of a run are shown: what differs most from the reference. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/report/figures.h"
#include "harness/report/html.h"
#include "harness/report/profile.h"

#define FLAMES_MAX 9

static double a_call(const struct fl_profile *p)
{
	return p->faults ? (double)p->instructions / (double)p->faults : 0;
}

/* The reference, or the first row that has a profile of the entry. */
static int read_base(struct fl_profile *base, char **name, const struct fl_summary *s,
		     const struct fl_figure_row *rows, size_t n, const char *entry,
		     struct fl_store *store, struct fl_error *err)
{
	for (size_t i = 0; i < n && !base->n; i++) {
		fl_profile_release(base);
		if (fl_row_entry(base, s, rows[i].row, entry, store, err))
			return -1;
		free(*name);
		*name = fl_strdup(rows[i].name);
	}
	return 0;
}

static int find_other(struct fl_profile *other, char **name, const struct fl_profile *base,
		      const struct fl_summary *s, const struct fl_figure_row *rows, size_t n,
		      const char *entry, struct fl_store *store, struct fl_error *err)
{
	double most = 0.001 * a_call(base);

	for (size_t i = 0; i < n; i++) {
		struct fl_profile p;

		if (fl_row_entry(&p, s, rows[i].row, entry, store, err)) {
			fl_profile_release(&p);
			return -1;
		}
		if (p.n && fabs(a_call(&p) - a_call(base)) > most) {
			most = fabs(a_call(&p) - a_call(base));
			fl_profile_release(other);
			*other = p;
			free(*name);
			*name = fl_strdup(rows[i].name);
		} else {
			fl_profile_release(&p);
		}
	}
	return 0;
}

/* An entry's graph, where a row has it. */
static int print_one(FILE *out, const struct fl_summary *s, const struct fl_figure_row *rows,
		     size_t n, const char *workload, const char *entry, struct fl_store *store,
		     unsigned int *drawn, struct fl_error *err)
{
	struct fl_profile base = { 0 }, other = { 0 };
	char *against = NULL, *name = NULL;
	int bad = read_base(&base, &against, s, rows, n, entry, store, err) ||
		  (base.n && find_other(&other, &name, &base, s, rows, n, entry, store, err));

	if (!bad && base.n) {
		cleanup_free char *title = fl_asprintf(
			"%s, %s: %s", workload, fl_profile_title(entry), other.n ? name : against);

		(*drawn)++;
		fputs("<figure class=plot>\n", out);
		if (other.n)
			fl_flame_against(out, &other, title, &base, against);
		else
			fl_flame(out, &base, title);
		fputs("</figure>\n", out);
	}
	fl_profile_release(&base);
	fl_profile_release(&other);
	free(against);
	free(name);
	return bad ? -1 : 0;
}

/* The page fault, then the entries that the first row was asked for. */
static int print_workload(FILE *out, const struct fl_summary *s, const struct fl_answer *a,
			  struct fl_store *store, const char *workload, unsigned int *drawn,
			  struct fl_error *err)
{
	struct fl_figure_row rows[FL_FIGURE_ROWS];
	size_t n = fl_figure_rows(s, a, workload, rows);
	struct fl_strv entries = { 0 };
	int bad;

	fl_strv_push(&entries, FL_PROFILE_FAULT);
	bad = n ? fl_row_entries(&entries, s, rows[0].row, store, err) : 0;
	for (size_t i = 0; !bad && i < entries.n && i <= FL_FLAME_ENTRIES && *drawn < FLAMES_MAX;
	     i++)
		bad = print_one(out, s, rows, n, workload, entries.v[i], store, drawn, err);
	fl_strv_release(&entries);
	fl_figure_rows_release(rows, n);
	return bad;
}

int fl_flames(FILE *out, unsigned int *drawn, const struct fl_summary *s, struct fl_store *store,
	      struct fl_error *err)
{
	struct fl_answer answer = { 0 };
	int bad = fl_answer_parse(&answer, s->run.experiment_text, err);

	*drawn = 0;
	for (size_t w = 0; w < s->workloads.n && !bad && *drawn < FLAMES_MAX; w++)
		if (fl_figure_shows(&answer, s->workloads.v[w]))
			bad = print_workload(out, s, &answer, store, s->workloads.v[w], drawn, err);
	fl_answer_release(&answer);
	return bad;
}

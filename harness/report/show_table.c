/* SPDX-License-Identifier: GPL-2.0 */
#include "harness/report/show_table.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/plain.h"
#include "harness/base/strv.h"
#include "harness/base/wrap.h"
#include "harness/judge/provenance.h"
#include "harness/report/cases.h"
#include "harness/report/crossing.h"
#include "harness/report/report.h"
#include "harness/report/verdict.h"

#define UNWRAPPED 100000

static unsigned int width_of(const struct fl_show *show)
{
	return show->width ? show->width : UNWRAPPED;
}

void fl_show_kernels(FILE *out, const struct fl_summary *s, unsigned int columns)
{
	struct fl_strv notes = { 0 };

	fl_summary_kernel_notes(s, &notes);
	for (size_t i = 0; i < notes.n; i++)
		fl_wrap(out, "kernel   ", notes.v[i], columns ? columns : UNWRAPPED);
	fl_strv_release(&notes);
}

static void print_head(FILE *out, const struct fl_summary *s, const struct fl_show *show)
{
	cleanup_free char *title = NULL, *lacking = NULL;
	size_t ok = 0, skipped = 0;

	for (size_t i = 0; i < s->n_points; i++) {
		ok += !strcmp(s->points[i].status, "ok");
		skipped += !strcmp(s->points[i].status, "skipped");
	}
	if (s->run.stored < s->run.planned)
		lacking = fl_asprintf(", %u not measured (%s)", s->run.planned - s->run.stored,
				      s->run.state);
	title = fl_asprintf("%s   %zu ok, %zu skipped, %zu failed%s", s->run.name, ok, skipped,
			    s->n_points - ok - skipped, lacking ? lacking : "");
	fl_wrap(out, "", title, width_of(show));
	if (s->run.about && *s->run.about)
		fl_wrap(out, "", s->run.about, width_of(show));
}

/* Where it was measured, and how it is repeated. */
static void print_origin(FILE *out, const struct fl_summary *s, const struct fl_show *show)
{
	cleanup_free char *machine = fl_summary_machine(s);
	cleanup_free char *command = fl_stored_run_command(&s->run);
	unsigned int width = width_of(show);

	fputc('\n', out);
	fl_wrap(out, "machine  ", machine, width);
	fl_wrap(out, "clock    ", fl_summary_clock(s), width);
	if (*s->common)
		fl_wrap(out, "settings ", s->common, width);
	fl_show_kernels(out, s, width);
	fl_wrap_command(out, "repeat   ", command, width);
	fprintf(out, "answer   faultline show %s --summary\n", s->run.name);
}

/* --- what was not measured --- */

static bool has_reason(const struct fl_stored_point *p, const char *status, const char *reason)
{
	return !strcmp(p->status, status) && !strcmp(p->reason ? p->reason : "", reason);
}

/* "stock: T=64, T=128": the rows, each once whatever its workload. */
static void print_rows_of(FILE *out, const struct fl_summary *s, const struct fl_show *show,
			  const char *status, const char *reason)
{
	struct fl_strv kernels = { 0 };

	for (size_t i = 0; i < s->n_rows; i++)
		fl_strv_add(&kernels, s->rows[i].kernel);
	for (size_t k = 0; k < kernels.n; k++) {
		cleanup_free char *text = NULL, *head = NULL;
		struct fl_strv names = { 0 };

		for (size_t i = 0; i < s->n_points; i++) {
			const struct fl_row *row = fl_summary_row_of(s, &s->points[i]);

			if (has_reason(&s->points[i], status, reason) &&
			    !strcmp(row->kernel, kernels.v[k]) && fl_show_takes(show, s, row))
				fl_strv_add(&names, row->name);
		}
		text = fl_strv_join(&names, ", ");
		head = fl_asprintf("         %s: ", kernels.v[k]);
		if (names.n)
			fl_wrap(out, head, text, width_of(show));
		fl_strv_release(&names);
	}
	fl_strv_release(&kernels);
}

static void print_reason(FILE *out, const struct fl_summary *s, const struct fl_show *show,
			 const struct fl_stored_point *p)
{
	const char *reason = p->reason ? p->reason : "";
	cleanup_free char *head = fl_asprintf("%-8s ", p->status), *text = NULL;
	size_t n = 0;

	for (size_t i = 0; i < s->n_points; i++)
		n += has_reason(&s->points[i], p->status, reason) &&
		     fl_show_takes(show, s, fl_summary_row_of(s, &s->points[i]));
	if (n > 1)
		text = fl_asprintf("%zu points%s%s", n, *reason ? ": " : "", reason);
	else
		text = fl_asprintf("point %u%s%s", p->number, *reason ? ": " : "", reason);
	fl_wrap(out, head, fl_plain(text), width_of(show));
	print_rows_of(out, s, show, p->status, reason);
}

void fl_show_reasons(FILE *out, const struct fl_summary *s, const struct fl_show *show)
{
	struct fl_strv said = { 0 };

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];
		cleanup_free char *line = NULL;

		if ((!strcmp(p->status, "ok") && !p->reason) ||
		    !fl_show_takes(show, s, fl_summary_row_of(s, p)))
			continue;
		line = fl_asprintf("%s: %s", p->status, p->reason ? p->reason : "");
		if (!fl_strv_add(&said, line))
			continue;
		fputs(said.n == 1 ? "\n" : "", out);
		print_reason(out, s, show, p);
	}
	fl_strv_release(&said);
}

/* --- the counters that a kernel does not have --- */

static bool kernel_has(const struct fl_summary *s, const struct fl_show *show, const char *kernel,
		       const char *metric)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (!strcmp(s->rows[i].kernel, kernel) && fl_show_takes(show, s, &s->rows[i]) &&
		    fl_summary_metric(s, &s->rows[i], metric, NULL).n)
			return true;
	return false;
}

static const struct fl_stored_point *measured_on(const struct fl_summary *s,
						 const struct fl_show *show, const char *kernel)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (!strcmp(s->rows[i].kernel, kernel) && s->rows[i].n_ok &&
		    fl_show_takes(show, s, &s->rows[i]))
			return fl_summary_good_boot(s, &s->rows[i]);
	return NULL;
}

static bool another_has(const struct fl_summary *s, const struct fl_show *show, const char *kernel,
			const char *metric)
{
	for (size_t i = 0; i < s->n_rows; i++)
		if (strcmp(s->rows[i].kernel, kernel) != 0 &&
		    kernel_has(s, show, s->rows[i].kernel, metric))
			return true;
	return false;
}

/* Of the metrics that are shown, those that this kernel has in no row and another has. */
static void print_lacks(FILE *out, const struct fl_summary *s, const struct fl_show *show,
			const char *kernel, const struct fl_strv *metrics)
{
	const struct fl_stored_point *p = measured_on(s, show, kernel);
	cleanup_free char *text = NULL, *head = NULL;
	struct fl_strv lacks = { 0 };

	for (size_t i = 0; p && i < metrics->n; i++) {
		const struct fl_metric *m = fl_summary_meaning(s, metrics->v[i]);

		if (m && m->owner == FL_OWNER_KERNEL &&
		    !kernel_has(s, show, kernel, metrics->v[i]) &&
		    another_has(s, show, kernel, metrics->v[i]))
			fl_strv_add(&lacks, m->column ? m->column : metrics->v[i]);
	}
	text = fl_strv_join(&lacks, "; ");
	head = fl_asprintf("not on %s (%s): ", kernel,
			   p && p->kernel_release ? p->kernel_release : "?");
	if (lacks.n)
		fl_wrap(out, head, text, width_of(show));
	fl_strv_release(&lacks);
}

static void print_lacking(FILE *out, const struct fl_summary *s, const struct fl_show *show)
{
	struct fl_strv kernels = { 0 }, metrics = { 0 };

	if (s->kernels_vary)
		fl_show_metrics(s, show, &metrics);
	for (size_t i = 0; i < s->n_rows; i++)
		fl_strv_add(&kernels, s->rows[i].kernel);
	for (size_t i = 0; i < kernels.n; i++)
		print_lacks(out, s, show, kernels.v[i], &metrics);
	fl_strv_release(&kernels);
	fl_strv_release(&metrics);
}

static int print_judged(FILE *out, const struct fl_summary *s, const struct fl_show *show,
			struct fl_error *err)
{
	struct fl_judged_claims claims = { 0 };
	struct fl_judged_crossings crossings = { 0 };
	int bad = fl_judge_claims(&claims, s, err) || fl_judge_crossings(&crossings, s, err);

	if (!bad) {
		fl_cases_table(out, s, width_of(show));
		fl_crossing_table(out, &crossings, width_of(show));
		fl_verdict_table(out, &claims, width_of(show));
	}
	fl_judged_crossings_release(&crossings);
	fl_judged_claims_release(&claims);
	return bad ? -1 : 0;
}

int fl_show_table(FILE *out, struct fl_store *store, int64_t run, struct fl_show *show,
		  struct fl_error *err)
{
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, run, err) || fl_show_check(show, &s, err);

	if (!bad && show->point) {
		print_head(out, &s, show);
		bad = fl_show_point(out, &s, show, store, err);
	} else if (!bad) {
		print_head(out, &s, show);
		fl_show_rows(out, &s, show);
		print_lacking(out, &s, show);
		fl_show_reasons(out, &s, show);
		bad = fl_show_narrows(show) ? 0 : print_judged(out, &s, show, err);
		if (!bad && !fl_show_narrows(show))
			print_origin(out, &s, show);
	}
	fl_summary_release(&s);
	return bad ? -1 : 0;
}

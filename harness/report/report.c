/* SPDX-License-Identifier: GPL-2.0 */
/* One page that can be sent: style and figures are inside it. */
#include "harness/report/report.h"
#include "harness/report/verdict.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/paths.h"
#include "harness/judge/provenance.h"
#include "harness/report/cases.h"
#include "harness/report/columns.h"
#include "harness/report/crossing.h"
#include "harness/report/figures_compare.h"
#include "harness/report/html.h"
#include "harness/report/profile.h"

static void print_table(FILE *out, const struct fl_summary *s, const char *workload)
{
	struct fl_column c[FL_COLUMNS_MAX];
	size_t n = fl_columns_of(s, workload, c);
	char text[48];

	fputs("<div class=o><table><tr><th>setting</th>", out);
	if (s->kernels_vary)
		fputs("<th class=l>kernel</th>", out);
	fputs("<th>boots</th>", out);
	for (size_t i = 0; i < n; i++)
		fprintf(out, "<th>%s<br><small>%s</small></th>", c[i].head, c[i].unit);
	fputs("</tr>\n", out);
	for (size_t i = 0; i < s->n_rows; i++) {
		const struct fl_row *row = &s->rows[i];

		if (strcmp(row->workload_name, workload))
			continue;
		fputs("<tr>", out);
		fl_html_element(out, "td", row->label);
		if (s->kernels_vary)
			fl_html_element(out, "td class=l", row->kernel);
		fprintf(out, "<td>%zu/%zu</td>", row->n_ok, row->n);
		for (size_t j = 0; j < n; j++) {
			struct fl_spread v = fl_summary_metric(s, row, c[j].metric, NULL);

			fl_column_text(&c[j], &v, "±", text, sizeof(text));
			fl_html_element(out, "td", text);
		}
		fputs("</tr>\n", out);
	}
	fputs("</table></div>\n", out);
}

static void print_tables(FILE *out, const struct fl_summary *s)
{
	fl_html_element(out, "h2", "Results");
	fputs("<p>Medians over boots; ± is half the range from the least to the most, where it is "
	      "over 1 %.</p>",
	      out);
	for (size_t w = 0; w < s->workloads.n; w++) {
		const char *command = "";

		for (size_t i = 0; i < s->n_rows; i++)
			if (!strcmp(s->rows[i].workload_name, s->workloads.v[w]))
				command = s->rows[i].workload;
		fputs("<p><b>", out);
		fl_html(out, s->workloads.v[w]);
		fputs("</b> <code>", out);
		fl_html(out, command);
		fputs("</code></p>\n", out);
		print_table(out, s, s->workloads.v[w]);
	}
}

static bool same_fate(const struct fl_stored_point *a, const struct fl_stored_point *b)
{
	return !strcmp(a->status, b->status) &&
	       !strcmp(a->reason ? a->reason : "", b->reason ? b->reason : "");
}

/* Each status and reason once, with the numbers of its points. */
static void print_fate(FILE *out, const struct fl_summary *s, size_t first)
{
	const struct fl_stored_point *p = &s->points[first];

	fputs("<tr>", out);
	fl_html_element(out, "td", p->status);
	fputs("<td class=l>", out);
	for (size_t i = first; i < s->n_points; i++)
		if (same_fate(&s->points[i], p))
			fprintf(out, "%s%u", i == first ? "" : ", ", s->points[i].number);
	fputs("</td>", out);
	fl_html_element(out, "td class=l", p->reason);
	fputs("</tr>\n", out);
}

/* Those that went well and have something to say, or those that did not go well. */
static void print_fates(FILE *out, const struct fl_summary *s, bool well, const char *title)
{
	bool any = false;

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];
		size_t before = 0;

		while (before < i && !same_fate(&s->points[before], p))
			before++;
		if (before < i || !strcmp(p->status, "ok") != well || (well && !p->reason))
			continue;
		if (!any) {
			fl_html_element(out, "h2", title);
			fputs("<div class=o><table><tr><th>status</th><th class=l>points</th>"
			      "<th class=l>reason</th></tr>\n",
			      out);
		}
		any = true;
		print_fate(out, s, i);
	}
	if (any)
		fputs("</table></div>\n", out);
}

static void print_failures(FILE *out, const struct fl_summary *s)
{
	print_fates(out, s, false, "Points that gave no figures");
	print_fates(out, s, true, "Points that lack a figure");
}

/* Every release once: several kernels have several. */
static void print_releases(FILE *out, const struct fl_summary *s)
{
	struct fl_strv said = { 0 };

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];
		cleanup_free char *line = fl_asprintf(
			"%s: %s", p->kernel, p->kernel_release ? p->kernel_release : "not booted");

		if (!fl_strv_add(&said, line))
			continue;
		fputs("<tr><td>guest kernel</td>", out);
		fl_html_element(out, "td class=l", line);
		fputs("</tr>\n", out);
	}
	fl_strv_release(&said);
}

static void print_line(FILE *out, const char *head, const char *text)
{
	fputs("<tr>", out);
	fl_html_element(out, "td", head);
	fl_html_element(out, "td class=l", text);
	fputs("</tr>\n", out);
}

/* Roles and files of the kernels, how each was built, the image. */
static void print_origins(FILE *out, const struct fl_summary *s)
{
	struct fl_strv notes = { 0 };

	fl_summary_kernel_notes(s, &notes);
	for (size_t i = 0; i < notes.n; i++)
		print_line(out, "kernel", notes.v[i]);
	fl_strv_release(&notes);
	for (size_t i = 0; i < s->provenance.n_builds; i++) {
		const struct fl_build *b = &s->provenance.builds[i].build;
		cleanup_free char *line = fl_asprintf(
			"%s: %s, configuration %.12s, file %.12s", b->name ? b->name : b->path,
			b->compiler ? b->compiler : "compiler unknown",
			b->config_hash ? b->config_hash : "unknown", b->file_hash);

		print_line(out, "built", line);
	}
	for (size_t i = 0; i < s->provenance.n_images; i++)
		print_line(out, "image", s->provenance.images[i].image.hash);
}

static void print_provenance(FILE *out, const struct fl_summary *s)
{
	json_t *machine = json_loads(s->run.machine_json, 0, NULL), *value;
	const char *key;

	fl_html_element(out, "h2", "Where this comes from");
	fputs("<table>", out);
	json_object_foreach (machine, key, value) {
		cleanup_free char *number = json_dumps(value, JSON_ENCODE_ANY);

		fputs("<tr>", out);
		fl_html_element(out, "td", key);
		fl_html_element(out, "td class=l",
				json_is_string(value) ? json_string_value(value) : number);
		fputs("</tr>\n", out);
	}
	json_decref(machine);
	print_releases(out, s);
	print_origins(out, s);
	fprintf(out, "<tr><td>seed</td><td class=l>%llu</td></tr>\n",
		(unsigned long long)s->run.seed);
	fputs("<tr><td>created</td>", out);
	fl_html_element(out, "td class=l", s->run.created);
	fputs("</tr>\n", out);
	fprintf(out, "<tr><td>points</td><td class=l>%u of %u, %s</td></tr></table>\n",
		s->run.stored, s->run.planned, s->run.state);
	fputs("<p>To repeat it:</p><pre>faultline ", out);
	fl_html(out, s->run.arguments);
	fprintf(out, " --seed %llu</pre>\n", (unsigned long long)s->run.seed);
	if (s->n_points && s->points[0].command) {
		fputs("<details><summary>QEMU's command line of the first point</summary><pre>",
		      out);
		fl_html(out, s->points[0].command);
		fputs("</pre></details>\n", out);
	}
	fputs("<details><summary>The experiment's file</summary><pre>", out);
	fl_html(out, s->run.experiment_text);
	fputs("</pre></details>\n", out);
}

/* What the run comes to, before its tables. */
static int print_judged(FILE *out, const struct fl_summary *s, struct fl_error *err)
{
	struct fl_judged_crossings crossings = { 0 };
	struct fl_judged_claims claims = { 0 };
	int bad = fl_judge_claims(&claims, s, err) || fl_judge_crossings(&crossings, s, err);

	if (!bad) {
		fl_verdict_html(out, &claims);
		fl_crossing_html(out, &crossings);
	}
	fl_judged_crossings_release(&crossings);
	fl_judged_claims_release(&claims);
	return bad ? -1 : 0;
}

static int print_run(FILE *out, const struct fl_summary *s, const struct fl_drawings *d,
		     struct fl_store *store, struct fl_error *err)
{
	cleanup_free char *machine = fl_summary_machine(s);
	bool hardware = !strcmp(s->run.timebase, "hardware");

	fl_html_element(out, "h1", s->run.experiment);
	fl_html_element(out, "p", s->run.about);
	fputs("<p><small>", out);
	fl_html(out, s->run.name);
	fputs(" · ", out);
	fl_html(out, machine);
	fputs("</small></p>\n", out);
	fl_html_element(out, hardware ? "p" : "p class=w", fl_summary_clock(s));
	if (s->run.verdict) {
		fputs("<p><b>What the table must show:</b> ", out);
		fl_html(out, s->run.verdict);
		fputs("</p>\n", out);
	}
	if (*s->common) {
		fputs("<p>Everywhere: <code>", out);
		fl_html(out, s->common);
		fputs("</code></p>\n", out);
	}
	if (print_judged(out, s, err))
		return -1;
	print_tables(out, s);
	print_failures(out, s);
	fl_cases_html(out, s);
	if (d->n)
		fl_html_element(out, "h2", "Figures");
	fl_html_drawings(out, d, s->run.id);
	if (fl_flames(out, s, store, "What a page fault executes", err))
		return -1;
	print_provenance(out, s);
	return 0;
}

static int add_run(FILE *out, struct fl_store *store, int64_t run, struct fl_error *err)
{
	struct fl_drawings d = { 0 };
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, run, err) || fl_figures_draw(&d, &s, store, err);

	if (!bad)
		bad = print_run(out, &s, &d, store, err);
	fl_drawings_release(&d);
	fl_summary_release(&s);
	return bad ? -1 : 0;
}

static int add_comparison(FILE *out, struct fl_store *store, const struct fl_page *page,
			  struct fl_error *err)
{
	struct fl_drawings d = { 0 };
	int bad = fl_figures_compare(&d, page->comparison, store, err);

	if (!bad && page->history)
		bad = fl_figures_history(&d, page->history, &page->comparison->b, err);
	if (!bad)
		fl_html_comparison(out, page->comparison, page->rules, &d);
	fl_drawings_release(&d);
	return bad;
}

static int write_page(FILE *out, const char *title, struct fl_store *store,
		      const struct fl_page *page, struct fl_error *err)
{
	fputs("<!doctype html><html lang=en><meta charset=utf-8>"
	      "<meta name=viewport content='width=device-width'>\n",
	      out);
	fl_html_element(out, "title", title);
	fprintf(out, "<style>%s</style>\n", fl_html_style);
	if (page->comparison && add_comparison(out, store, page, err))
		return -1;
	for (size_t i = 0; i < page->n; i++)
		if (add_run(out, store, page->runs[i], err))
			return -1;
	fputs("</html>\n", out);
	return 0;
}

/* An old one is there until the new one is whole. */
static int write_report(const char *path, const char *title, struct fl_store *store,
			const struct fl_page *page, struct fl_error *err)
{
	struct fl_growing g;
	struct fl_error ignored;
	int bad;

	if (fl_grow_file(&g, path, err))
		return -1;
	bad = write_page(g.f, title, store, page, err);
	return fl_end_growing(&g, path, !bad, bad ? &ignored : err) || bad ? -1 : 0;
}

int fl_report_page(FILE *out, struct fl_store *store, const struct fl_page *page,
		   struct fl_error *err)
{
	cleanup_free char *dir = NULL, *path = NULL, *title = NULL;
	struct fl_stored_run first;

	if (fl_store_run(store, page->runs[0], &first, err))
		return -1;
	dir = fl_asprintf("%s/%s", fl_results(), first.name);
	path = fl_asprintf("%s/report.html", dir);
	title = fl_asprintf("Faultline: %s", first.name);
	fl_stored_run_release(&first);
	if (fl_make_folder(dir, err) || write_report(path, title, store, page, err))
		return -1;
	fprintf(out, "\nreport  %s\n", fl_path_from_here(path));
	for (size_t i = 0; i < page->n; i++) {
		struct fl_stored_run run;

		if (fl_store_run(store, page->runs[i], &run, err))
			return -1;
		fprintf(out, "plots   %s/%s/plots/\n", fl_path_from_here(fl_results()), run.name);
		fl_stored_run_release(&run);
	}
	return 0;
}

/* Two runs that compare are compared, the first being A. */
int fl_report(FILE *out, struct fl_store *store, const int64_t *runs, size_t n,
	      struct fl_error *err)
{
	struct fl_page page = { .runs = runs, .n = n, .rules = &fl_rules_default };
	struct fl_comparison c = { 0 };
	struct fl_error ignored;
	int bad;

	if (n == 2 && !fl_compare_runs(&c, store, runs[0], runs[1], &fl_rules_default, &ignored))
		page.comparison = &c;
	bad = fl_report_page(out, store, &page, err);
	fl_comparison_release(&c);
	return bad;
}

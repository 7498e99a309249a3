/* SPDX-License-Identifier: GPL-2.0 */
/* A page over all runs: result of each, and a link to its page. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/paths.h"
#include "harness/report/html_run.h"
#include "harness/report/outcomes.h"
#include "harness/report/report.h"

static bool has_page(const struct fl_stored_run *run)
{
	cleanup_free char *path = fl_asprintf("%s/%s/report.html", fl_results(), run->name);

	return !access(path, R_OK);
}

static void print_link(FILE *out, const struct fl_stored_run *run, const char *place,
		       const char *text)
{
	if (!has_page(run)) {
		fl_html(out, text);
		return;
	}
	fputs("<a href=\"", out);
	fl_html(out, run->name);
	fprintf(out, "/report.html%s\">", place);
	fl_html(out, text);
	fputs("</a>", out);
}

static void print_kernels(FILE *out, const struct fl_summary *s)
{
	struct fl_strv said = { 0 };
	cleanup_free char *text = NULL;

	for (size_t i = 0; i < s->n_points; i++) {
		const struct fl_stored_point *p = &s->points[i];
		cleanup_free char *kernel =
			fl_asprintf("%s %s", p->kernel, p->kernel_release ? p->kernel_release : "");

		if (p->kernel_release)
			fl_strv_add(&said, kernel);
	}
	text = fl_strv_join(&said, ", ");
	fl_html_element(out, "td class=l", text);
	fl_strv_release(&said);
}

static void print_points(FILE *out, const struct fl_summary *s)
{
	struct fl_outcomes o;

	fl_outcomes_count(&o, s);
	fprintf(out, "<td>%zu</td><td>%zu</td><td%s>%zu%s</td>", o.ok + o.result, o.skipped,
		o.failed ? " class=bad" : "", o.failed, o.failed ? " FAILED" : "");
	fl_outcomes_release(&o);
}

/* Its checks, and whether it is whole; a night: what the gate said. */
static void print_verdict(FILE *out, const struct fl_summary *s,
			  const struct fl_judged_claims *claims)
{
	const char *class;
	cleanup_free char *line = fl_html_checks_line(claims, &class);

	fprintf(out, "<td class=\"l %s\">", class);
	fl_html(out, line ? line : "no checks");
	if (fl_judged_claims_void(claims))
		fputs("; <b>void</b>: a control does not hold", out);
	fputs("</td><td class=l>", out);
	if (s->run.gate && !strcmp(s->run.gate, "regressed"))
		fputs("<b class=bad>REGRESSED</b>", out);
	else if (s->run.gate)
		fl_html(out, !strcmp(s->run.gate, "first") ? "first baseline" : s->run.gate);
	if (strcmp(s->run.state, "done") != 0)
		fprintf(out, "%s<span class=mixed>%s</span>", s->run.gate ? ", " : "",
			s->run.state);
	fputs("</td>", out);
}

static void print_row(FILE *out, const struct fl_summary *s, const struct fl_judged_claims *claims)
{
	const struct fl_stored_run *run = &s->run;

	fputs("<tr><th scope=row title=\"", out);
	fl_html(out, run->about);
	fputs("\">", out);
	print_link(out, run, "", run->experiment);
	fputs("</th>", out);
	print_verdict(out, s, claims);
	fputs("<td class=l>", out);
	fl_html_created(out, run->created);
	fputs("</td>", out);
	print_points(out, s);
	print_kernels(out, s);
	fl_html_element(out, "td class=l", fl_html_clock(run->timebase));
	fl_html_element(out, "td class=l", run->name);
	fputs("</tr>\n", out);
}

/* A run that cannot be read is named; the others are shown. */
static void add_run(FILE *out, struct fl_store *store, const struct fl_stored_run *run)
{
	struct fl_judged_claims claims = { 0 };
	struct fl_summary s;
	struct fl_error why = { 0 };

	if (fl_summary_read(&s, store, run->id, &why) || fl_judge_claims(&claims, &s, &why)) {
		fputs("<tr><th scope=row>", out);
		fl_html(out, run->experiment);
		fputs("</th><td class=\"l wrap bad\" colspan=9>", out);
		fl_html(out, run->name);
		fputs(" cannot be judged: ", out);
		fl_html(out, why.text);
		fputs("</td></tr>\n", out);
	} else {
		print_row(out, &s, &claims);
	}
	fl_judged_claims_release(&claims);
	fl_summary_release(&s);
}

/* The newest night of each experiment: its page has the history. */
static void print_nights(FILE *out, const struct fl_stored_run *runs, size_t n)
{
	struct fl_strv said = { 0 };

	for (size_t i = n; i-- > 0;) {
		const struct fl_stored_run *run = &runs[i];
		bool bad = run->gate && !strcmp(run->gate, "regressed");
		cleanup_free char *key = fl_asprintf("%s\n%s", run->experiment, run->timebase);

		if (!run->gate || !fl_strv_add(&said, key))
			continue;
		fputs(said.n == 1 ? "<h2>The last nights</h2>\n<ul>\n<li>" : "<li>", out);
		print_link(out, run, "#history", run->experiment);
		fprintf(out, ": <b class=%s>%s</b>, ", bad ? "bad" : "good",
			bad                           ? "REGRESSED"
			: !strcmp(run->gate, "first") ? "first baseline"
						      : "good");
		fl_html_created(out, run->created);
		fputs("</li>\n", out);
	}
	fputs(said.n ? "</ul>\n" : "", out);
	fl_strv_release(&said);
}

static int oldest_first(const void *a, const void *b)
{
	const struct fl_stored_run *x = a, *y = b;
	int order = strcmp(x->created, y->created);

	return order ? order : (x->id > y->id) - (x->id < y->id);
}

static void write_index(FILE *out, struct fl_store *store, struct fl_stored_run *runs, size_t n)
{
	qsort(runs, n, sizeof(*runs), oldest_first);
	fl_html_begin(out, "Faultline: all runs");
	fprintf(out,
		"<header><h1>All runs</h1>\n<p class=soft>%zu runs, newest first.</p></header>"
		"\n<main>\n",
		n);
	print_nights(out, runs, n);
	fputs("<section id=runs>\n<h2>Runs</h2>\n<div class=tools></div>\n<div class=t>"
	      "<table class=data><thead><tr><th class=l>experiment</th><th class=l>checks</th>"
	      "<th class=l>state</th><th class=l>when</th><th>ok</th><th>skipped</th>"
	      "<th>failed</th><th class=l>kernels</th><th class=l>clock</th>"
	      "<th class=l>run</th></tr>"
	      "</thead><tbody>\n",
	      out);
	for (size_t i = n; i-- > 0;)
		add_run(out, store, &runs[i]);
	fputs("</tbody></table></div>\n<p class=soft>A run without a link has no page yet: "
	      "<code>faultline report RUN</code> makes one.</p>\n</section></main>\n",
	      out);
	fl_html_end(out);
}

int fl_report_index(FILE *out, struct fl_store *store, struct fl_error *err)
{
	cleanup_free char *path = fl_asprintf("%s/index.html", fl_results());
	struct fl_stored_run *runs = NULL;
	struct fl_growing g;
	size_t n = 0;
	int bad;

	if (fl_store_runs(store, &runs, &n, err))
		return -1;
	bad = fl_grow_file(&g, path, err);
	if (!bad) {
		write_index(g.f, store, runs, n);
		bad = fl_end_growing(&g, path, true, err);
	}
	fl_stored_runs_free(runs, n);
	if (!bad)
		fprintf(out, "index   %s\n", fl_path_from_here(path));
	return bad ? -1 : 0;
}

/* SPDX-License-Identifier: GPL-2.0 */
/* One page that can be sent: style, script and figures are inside it. */
#include "harness/report/report.h"

#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/cleanup.h"
#include "harness/base/file.h"
#include "harness/base/paths.h"
#include "harness/report/figures_compare.h"
#include "harness/report/html_run.h"
#include "harness/report/profile.h"

#define PAGE_MAX 295000 /* bytes up to the flame graphs, so that a page can be mailed */

/* What follows the plots: the experiment's file, the machine, headings. */
static size_t behind(const struct fl_html_run *r)
{
	return 8192 + strlen(r->s->run.experiment_text) * 5 / 4 + strlen(fl_page_js);
}

/* open: there is no picture above. */
static void print_plots(const struct fl_html_run *r, const struct fl_drawings *d, bool open,
			struct fl_html_room *room)
{
	cleanup_free char *summary = fl_asprintf("Plots (%zu)", d->n);
	size_t used = (size_t)ftell(r->out) + behind(r);

	/* Of several runs the tables take what there is. */
	room->bytes = used < PAGE_MAX && !r->several ? PAGE_MAX - used : 0;

	if (!d->n)
		return;
	fprintf(r->out, "<section id=\"%splots\">\n", r->prefix);
	fl_html_details(r->out, summary, open);
	fl_html_drawings(r->out, d, open ? NULL : fl_figures_main(d), room);
	fputs("</details></section>\n", r->out);
}

/* Flames are drawn before they are written: the contents name them only where there are some. */
static int print_run(const struct fl_html_run *r, const struct fl_drawings *d,
		     struct fl_store *store, struct fl_html_room *room, struct fl_error *err)
{
	cleanup_free char *flames = NULL, *picture = NULL;
	size_t flames_len = 0, picture_len = 0;
	struct fl_html_run drawn = *r;
	FILE *out = open_memstream(&flames, &flames_len);
	unsigned int n;
	bool any;

	if (!out)
		return fl_fail(err, FL_MACHINE, "out of memory");
	if (fl_flames(out, &n, r->s, store, err)) {
		fclose(out);
		return -1;
	}
	fclose(out);
	drawn.out = open_memstream(&picture, &picture_len);
	if (!drawn.out)
		return fl_fail(err, FL_MACHINE, "out of memory");
	any = fl_html_picture(&drawn, d, room);
	fclose(drawn.out);
	fl_html_head(r, any, d->n > 0, n > 0);
	fputs("<main>\n", r->out);
	fl_html_answer(r);
	fwrite(picture, 1, picture_len, r->out);
	fl_html_table(r);
	fl_html_checks(r);
	print_plots(r, d, !any, room);
	if (n) {
		fprintf(r->out, "<section id=\"%sprofile\">\n", r->prefix);
		fl_html_details(r->out, "Where the instructions go: flame graphs", false);
		fwrite(flames, 1, flames_len, r->out);
		fputs("</details></section>\n", r->out);
	}
	fl_html_provenance(r);
	fputs("</main>\n", r->out);
	return 0;
}

static int add_judged(FILE *out, const struct fl_summary *s, const char *prefix,
		      const char *text_above, struct fl_store *store, const struct fl_page *page,
		      struct fl_html_room *room, struct fl_error *err)
{
	struct fl_judged_crossings crossings = { 0 };
	struct fl_judged_claims claims = { 0 };
	struct fl_answered answered = { 0 };
	struct fl_drawings d = { 0 };
	struct fl_since since = { 0 };
	struct fl_html_run r = { out,  s,      &answered,  &claims,    &crossings,
				 NULL, prefix, text_above, page->n > 1 };
	int bad = fl_judge_claims(&claims, s, err) || fl_judge_crossings(&crossings, s, err) ||
		  fl_answered(&answered, s, &crossings, err) || fl_figures_draw(&d, s, store, err);

	if (!bad && answered.since_last && !page->comparison) {
		bad = fl_since_last(&since, store, &s->run, err);
		r.since = &since;
	}
	bad = bad || print_run(&r, &d, store, room, err);
	fl_since_release(&since);
	fl_drawings_release(&d);
	fl_answered_release(&answered);
	fl_judged_crossings_release(&crossings);
	fl_judged_claims_release(&claims);
	return bad ? -1 : 0;
}

static int add_run(FILE *out, struct fl_store *store, const struct fl_page *page, size_t number,
		   struct fl_html_room *room, struct fl_error *err)
{
	cleanup_free char *prefix = number ? fl_asprintf("r%zu.", number + 1) : fl_strdup("");
	struct fl_stored_run first = { 0 };
	struct fl_summary s;
	int bad = fl_summary_read(&s, store, page->runs[number], err) ||
		  (number && fl_store_run(store, page->runs[0], &first, err)) ||
		  add_judged(out, &s, prefix, first.experiment_text, store, page, room, err);

	fl_stored_run_release(&first);
	fl_summary_release(&s);
	return bad ? -1 : 0;
}

static int add_comparison(FILE *out, struct fl_store *store, const struct fl_page *page,
			  struct fl_html_room *room, struct fl_error *err)
{
	struct fl_drawings d = { 0 };
	int bad = fl_figures_compare(&d, page->comparison, store, err);

	if (!bad && page->history)
		bad = fl_figures_history(&d, page->history, &page->comparison->b, err);
	if (!bad)
		fl_html_comparison(out, page->comparison, page->rules, &d, room);
	fl_drawings_release(&d);
	return bad;
}

/* Of a comparison's plots: a run's rows come behind them. */
#define ROOM (120 << 10)

static int write_page(FILE *out, const char *folder, const char *title, struct fl_store *store,
		      const struct fl_page *page, struct fl_error *err)
{
	struct fl_html_room room = { .bytes = ROOM, .narrow = ROOM / 2, .folder = folder };

	fl_html_begin(out, title);
	if (page->comparison && add_comparison(out, store, page, &room, err))
		return -1;
	if (page->history && page->history->n_runs)
		fl_html_history(out, page->history, !page->comparison);
	for (size_t i = 0; i < page->n; i++)
		if (add_run(out, store, page, i, &room, err))
			return -1;
	fl_html_end(out);
	return 0;
}

/* An old one is there until the new one is whole. */
static int write_report(const char *path, const char *folder, const char *title,
			struct fl_store *store, const struct fl_page *page, struct fl_error *err)
{
	struct fl_growing g;
	struct fl_error ignored;
	int bad;

	if (fl_grow_file(&g, path, err))
		return -1;
	bad = write_page(g.f, folder, title, store, page, err);
	return fl_end_growing(&g, path, !bad, bad ? &ignored : err) || bad ? -1 : 0;
}

static bool has_plots(const char *folder)
{
	cleanup_free char *pattern = fl_asprintf("%s/*.svg", folder);
	glob_t found;
	bool any = !glob(pattern, GLOB_NOSORT, NULL, &found);

	globfree(&found);
	return any;
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
	if (fl_make_folder(dir, err) || write_report(path, dir, title, store, page, err))
		return -1;
	fprintf(out, "\nreport  %s\n", fl_path_from_here(path));
	for (size_t i = 0; i < page->n; i++) {
		struct fl_stored_run run;
		cleanup_free char *plots = NULL;

		if (fl_store_run(store, page->runs[i], &run, err))
			return -1;
		plots = fl_asprintf("%s/%s/plots", fl_results(), run.name);
		if (has_plots(plots))
			fprintf(out, "plots   %s/\n", fl_path_from_here(plots));
		else
			fputs("plots   none: no point measured what they show\n", out);
		fl_stored_run_release(&run);
	}
	return 0;
}

/* A night's page has its history whoever makes it. */
static int read_history(struct fl_history *h, struct fl_store *store, int64_t run,
			struct fl_error *err)
{
	struct fl_stored_run first;
	int bad = fl_store_run(store, run, &first, err);

	if (bad)
		return -1;
	if (first.gate)
		bad = fl_history_read(h, store, first.experiment, first.timebase, FL_HISTORY_NIGHTS,
				      err);
	fl_stored_run_release(&first);
	return bad;
}

/* Two runs that compare are compared, the first being A. */
int fl_report(FILE *out, struct fl_store *store, const int64_t *runs, size_t n,
	      struct fl_error *err)
{
	struct fl_page page = { .runs = runs, .n = n, .rules = &fl_rules_default };
	struct fl_comparison c = { 0 };
	struct fl_history history = { 0 };
	struct fl_error ignored;
	int bad;

	if (n == 1) {
		if (read_history(&history, store, runs[0], err))
			return -1;
		page.history = &history;
	}
	if (n == 2 && !fl_compare_runs(&c, store, runs[0], runs[1], &fl_rules_default, &ignored))
		page.comparison = &c;
	bad = fl_report_page(out, store, &page, err);
	fl_history_release(&history);
	fl_comparison_release(&c);
	return bad;
}
